"""The best of many matches, found without scoring them all: block-max pruning.

No score in a block exceeds the sum of what its entries allow. The blocks are looked at from the highest bound down,
until no bound that is left reaches the k-th best score; in them, only paragraphs are scored whose own limit reaches it.
Equal scores are kept: the order of ties is decided elsewhere.
"""

import numpy as np

from searcher.engines.whoosh._bits import blocks_of, docs_of
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._scoring import Scorer

__all__ = ["top"]

_FIRST = 32  # blocks looked at first; then so many times as many
_GROWTH = 4
_FEW = 64  # blocks that are all looked at, or paragraphs that are all scored
_SLACK = 2e-6  # scores are rounded, bounds are not


def top(scorer: Scorer, bits: Array, count: int) -> tuple[Array, Array]:
    """Return the `count` best of a set and all that equal the last of them, in order, with their scores."""
    blocks = blocks_of(bits)
    best = _Best(scorer, count)
    if len(blocks) <= _FEW:
        best.add(docs_of(bits[blocks], blocks))
        return best.docs, best.scores
    bounds = scorer.bounds()[blocks]
    size = _FIRST
    while len(blocks):
        order = np.argpartition(-bounds, size) if len(blocks) > size else np.arange(len(blocks))
        some = blocks[order[:size]]
        some.sort()
        best.add(docs_of(bits[some], some))
        rest = order[size:]
        rest = rest[bounds[rest] + _SLACK >= best.least]
        blocks, bounds = blocks[rest], bounds[rest]
        size *= _GROWTH
    return best.docs, best.scores


class _Best:
    """The best so far, and the score of the last of them once there are enough."""

    def __init__(self, scorer: Scorer, count: int) -> None:
        self.docs = np.zeros(0, np.int64)
        self.scores = np.zeros(0)
        self.least = -np.inf
        self._scorer = scorer
        self._count = count

    def add(self, docs: Array) -> None:
        """Look at paragraphs, given in order."""
        limits = self._scorer.limits(docs) if len(docs) > _FEW else None
        if limits is not None:
            if self.least == -np.inf and len(docs) > 2 * self._count:
                likely = np.argpartition(-limits, 2 * self._count)[: 2 * self._count]
                scores = self._scorer.score(np.sort(docs[likely]))
                self.least = float(np.partition(scores, len(scores) - self._count)[len(scores) - self._count])
            docs = docs[limits + _SLACK >= self.least]
        self.docs = np.concatenate([self.docs, docs])
        self.scores = np.concatenate([self.scores, self._scorer.score(docs)])
        if len(self.docs) >= self._count:
            at = len(self.docs) - self._count
            self.least = float(np.partition(self.scores, at)[at])
            kept = self.scores >= self.least
            self.docs, self.scores = self.docs[kept], self.scores[kept]
