"""Merging: which segments become one, and how what one holds is given back to the builder.

The policy: a segment is kept as it is while it is at least twice as large as all smaller ones together, and while two
thirds of its paragraphs are live; else it is written anew, with all smaller ones. So there are at most about log₃ of
the number of paragraphs. No merge gathers more than `MOST_TOKENS`: memory is bounded, and a larger index keeps several
segments of about that size.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._segment import Shard, Space

__all__ = ["MOST_TOKENS", "Tokens", "tokens_of", "worn"]

MOST_TOKENS = 20_000_000  # units of text that are held in memory at once
_FEW = 8192  # paragraphs: segments that small are always merged, in a third of a second
_GROWTH = 2
_DEAD = 3  # a segment of which one in so many is deleted is written anew


def worn(shards: Sequence[Shard]) -> list[Shard]:
    """Return the segments that should be written anew as one."""
    ordered = sorted(shards, key=_live)
    chosen: list[Shard] = []
    below = tokens = 0
    for number, shard in enumerate(ordered):
        tokens += shard.tokens
        if tokens > MOST_TOKENS:
            break
        if number and (_live(shard) < _FEW or _live(shard) < _GROWTH * below):
            chosen = ordered[: number + 1]
        below += _live(shard)
    return chosen or [shard for shard in shards if shard.segment.deleted_paragraphs * _DEAD > shard.size][:1]


def _live(shard: Shard) -> int:
    return shard.size - shard.segment.deleted_paragraphs


class Tokens(NamedTuple):
    """The tokens of the live texts of a space, text after text: what the analysis once gave."""

    units: Array  # ids; from `NAMED` on, by the segment's own names
    unit_counts: Array
    words: Array  # by the segment's own table, in no order within a text
    word_counts: Array


def tokens_of(space: Space, live: Array | None, shard: Shard) -> Tokens:
    """Give back what was inverted. A text that is nothing but a break comes back empty: no query can tell."""
    kept = np.ones(space.size, np.bool_) if live is None else live
    docs, words = _spread(space, shard, "words")
    order = np.argsort(docs, kind="stable")
    word_counts = space.lengths["words"].astype(np.int64)
    words = words[order][np.repeat(kept, word_counts)]
    units, unit_counts = _units(space, shard)
    return Tokens(units[np.repeat(kept, unit_counts)], unit_counts[kept], words, word_counts[kept])


def _units(space: Space, shard: Shard) -> tuple[Array, Array]:
    counts = space.lengths["bigrams"].astype(np.int64)
    several = counts > 0
    single = ~several & (space.lengths["unigrams"] > 0)
    counts += several | single
    starts = np.cumsum(counts) - counts
    units = np.zeros(int(counts.sum()), np.uint32)
    extent, sizes = space.postings.over(*shard.terms["bigrams"])
    frequencies = space.postings.spread(extent)[1]
    stands = space.postings.occurrences_over(extent)
    keys = np.repeat(np.repeat(shard.keys["bigrams"], sizes), frequencies)
    at = starts[stands >> 32] + (stands & 0xFFFFFFFF)
    units[at] = (keys >> np.uint64(32)).astype(np.uint32)
    units[at + 1] = keys.astype(np.uint32)
    docs, terms = _spread(space, shard, "unigrams")
    alone = single[docs]
    units[starts[docs[alone]]] = shard.keys["unigrams"][terms[alone]]
    return units, counts


def _spread(space: Space, shard: Shard, field: str) -> tuple[Array, Array]:
    """Return the document and the term, counted within its field, of every occurrence."""
    extent, sizes = space.postings.over(*shard.terms[field])
    docs, frequencies = space.postings.spread(extent)
    terms = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
    return np.repeat(docs, frequencies), np.repeat(terms, frequencies)
