"""Merging: which segments become one. `_weave` makes them one.

The policy: a segment is kept as it is while it is at least twice as large as all smaller ones together; else it is
written anew, with all smaller ones. Where all are kept, one of which more than a third is deleted is written anew
alone. So there are at most about log₃ of the number of paragraphs; more while a long run commits on its way
(`_writer`). A merge takes little memory (`_weave`), so its only bound is what a segment can number.
"""

from collections.abc import Sequence

from searcher.engines.whoosh._postings import MAX_DOCS
from searcher.engines.whoosh._segment import Shard

__all__ = ["worn"]

_FEW = 16_384  # paragraphs: segments that small are always merged, in a tenth of a second
_GROWTH = 2
_DEAD = 3  # a segment of which one in so many is deleted is written anew


def worn(shards: Sequence[Shard]) -> list[Shard]:
    """Return the segments that should be written anew as one."""
    ordered = sorted(shards, key=_live)
    chosen: list[Shard] = []
    below = contexts = 0
    for number, shard in enumerate(ordered):
        contexts += shard.contexts.size
        if max(below + _live(shard), contexts) > MAX_DOCS:
            break
        if number and (_live(shard) < _FEW or _live(shard) < _GROWTH * below):
            chosen = ordered[: number + 1]
        below += _live(shard)
    return chosen or [shard for shard in shards if shard.segment.deleted_paragraphs * _DEAD > shard.size][:1]


def _live(shard: Shard) -> int:
    return shard.segment.live_paragraphs
