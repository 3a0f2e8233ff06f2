"""The best of many matches, found without scoring them all: block-max pruning.

No score in a block exceeds the sum of what its entries allow. The blocks are scored from the highest bound down, until
no bound that is left reaches the k-th best score. Equal scores are kept: the order of ties is decided elsewhere.
"""

import numpy as np

from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._scoring import Scorer
from searcher.engines.whoosh._sets import Docs

__all__ = ["top"]

_FIRST = 64  # blocks scored at first; then so many times as many
_GROWTH = 4
_SLACK = 2e-6  # scores are rounded, bounds are not


def top(scorer: Scorer, matches: Docs, count: int) -> tuple[Array, Array]:
    """Return the `count` best matches and all that equal the last of them, in order, with their scores."""
    blocks = matches.blocks()
    if len(blocks) <= 2 * _FIRST:
        return _scored(scorer, matches, blocks, -np.inf, count)
    bounds = scorer.bounds()[blocks]
    order = np.argsort(-bounds)
    docs, scores = np.zeros(0, np.int64), np.zeros(0)
    start, size, least = 0, _FIRST, -np.inf
    while start < len(order) and bounds[order[start]] + _SLACK >= least:
        some = order[start : start + size]
        some = np.sort(some[bounds[some] + _SLACK >= least])
        more = _scored(scorer, matches, blocks[some], least, count)
        docs, scores = np.concatenate([docs, more[0]]), np.concatenate([scores, more[1]])
        docs, scores, least = _best(docs, scores, count)
        start += size
        size *= _GROWTH
    return docs, scores


def _scored(scorer: Scorer, matches: Docs, blocks: Array, least: float, count: int) -> tuple[Array, Array]:
    docs, scores = scorer.score_blocks(blocks, matches.within(blocks))
    kept = np.flatnonzero(scores >= least)
    docs, scores, _ = _best(docs[kept], scores[kept], count)
    return docs, scores


def _best(docs: Array, scores: Array, count: int) -> tuple[Array, Array, float]:
    """Keep the best and what equals the last of them; return that score too, once there are so many."""
    if len(scores) < count:
        return docs, scores, -np.inf
    least = float(np.partition(scores, len(scores) - count)[len(scores) - count])
    kept = scores >= least
    return docs[kept], scores[kept], least
