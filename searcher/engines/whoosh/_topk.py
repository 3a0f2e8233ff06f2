"""The best of many matches, found without scoring them all: block-max pruning.

No score in a block exceeds the sum of what its entries allow. The blocks are scored from the highest bound down, until
no bound that is left reaches the k-th best score; and in them, once there is such a score, only the documents whose own
terms allow to reach it. Equal scores are kept: the order of ties is decided elsewhere.
"""

import numpy as np

from searcher.engines.whoosh._bits import blocks_of, docs_of
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._scoring import Scorer

__all__ = ["top"]

_FIRST = 64  # blocks scored at first; then so many times as many
_GROWTH = 8
_FEW = 128  # blocks that are scored without looking at bounds
_SLACK = 2e-6  # scores are rounded, bounds are not


def top(scorer: Scorer, bits: Array, count: int) -> tuple[Array, Array]:
    """Return the `count` best of a set and all that equal the last of them, with their scores."""
    blocks = blocks_of(bits)
    if len(blocks) <= _FEW:
        found = docs_of(bits[blocks], blocks)
        return _best(found, scorer.score(found), count)[:2]
    bounds = scorer.bounds()[blocks]
    docs, scores, least = np.zeros(0, np.int64), np.zeros(0), -np.inf
    size = _FIRST
    while len(blocks):
        order = np.argpartition(-bounds, size) if len(blocks) > size else np.arange(len(blocks))
        some = blocks[order[:size]]
        some.sort()
        found = docs_of(scorer.reaching(least - _SLACK, bits[some], some), some)
        docs, scores = np.concatenate([docs, found]), np.concatenate([scores, scorer.score(found)])
        docs, scores, least = _best(docs, scores, count)
        rest = order[size:]
        rest = rest[bounds[rest] + _SLACK >= least]
        blocks, bounds = blocks[rest], bounds[rest]
        size *= _GROWTH
    return docs, scores


def _best(docs: Array, scores: Array, count: int) -> tuple[Array, Array, float]:
    """Keep the best and what equals the last of them; return that score too, once there are so many."""
    if len(scores) < count:
        return docs, scores, -np.inf
    least = float(np.partition(scores, len(scores) - count)[len(scores) - count])
    kept = scores >= least
    return docs[kept], scores[kept], least
