"""What stands over paragraphs gives to them: title, institution and region to a whole report, a heading to its part.

Of the contexts of one kind that stand over a paragraph, the one that gives most counts.
"""

from functools import cached_property

import numpy as np

from searcher.engines.whoosh._bits import BLOCK, ranges
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._segment import PLACES, Shard
from searcher.schema import BY_NAME

__all__ = ["Over"]

_REPORT_BOOSTS = np.array([0.0 if place == "section" else BY_NAME[place].boost for place in PLACES])
_SECTION = PLACES.index("section")


class Over:
    """Contexts of a segment that give something: those of all reports, or of some.

    `contexts` are given those that give most last, with what each gives before the boost of its kind; `rows` are the
    reports, in order; `titled` tells whether what stands over a whole report counts, or only headings.
    """

    def __init__(self, shard: Shard, contexts: Array, gains: Array, rows: Array | None, *, titled: bool) -> None:
        self._shard = shard
        self._contexts = contexts
        self._gains = gains
        self._places = shard.context_place[contexts]
        self._rows = rows
        self._titled = titled

    def added_to(self, scores: Array, docs: Array) -> Array:
        """Return scores of paragraphs, given in order, with what is given to them."""
        if self._headings is not None:
            starts, ends, gains = self._headings
            scores = scores + _painted(docs.searchsorted(starts), docs.searchsorted(ends), gains, len(docs))
        if self._of_reports is not None:
            scores = scores + self._of_reports.take(self._numbers(self._shard.report_of[docs]))
        return scores

    @cached_property
    def bounds(self) -> Array | None:
        """What is given to any of a block's paragraphs at most; None if nothing is. For all contexts alone."""
        found = None
        if self._of_reports is not None:
            rows = (self._of_reports != 0).nonzero()[0]
            rows = rows[self._of_reports[rows].argsort()]
            bounds = self._shard.report_bounds
            found = self._over_blocks(bounds[rows], bounds[rows + 1], self._of_reports[rows])
        if self._headings is not None:
            headings = self._over_blocks(*self._headings)
            found = headings if found is None else found + headings
        return found

    @cached_property
    def _of_reports(self) -> Array | None:
        """What its title, institution and region give to each report, if they do."""
        if not self._titled:
            return None
        best = np.zeros((len(PLACES), self._shard.reports if self._rows is None else len(self._rows)))
        owners = self._numbers(self._shard.context_report[self._contexts])
        best[self._places, owners] = _REPORT_BOOSTS.take(self._places) * self._gains  # what is written last stays
        found: Array = best.sum(0)
        return found

    def _numbers(self, rows: Array) -> Array:
        return rows if self._rows is None else self._rows.searchsorted(rows)

    @cached_property
    def _headings(self) -> tuple[Array, Array, Array] | None:
        """The ranges of paragraphs under headings that give something, and what these give, if any does."""
        here = (self._places == _SECTION).nonzero()[0]
        if not len(here):
            return None
        contexts = self._contexts[here]
        gains = BY_NAME["section"].boost * self._gains[here]
        return self._shard.context_start[contexts], self._shard.context_end[contexts], gains

    def _over_blocks(self, starts: Array, ends: Array, gains: Array) -> Array:
        return _painted(starts // BLOCK, (ends - 1) // BLOCK + 1, gains, self._shard.blocks)


def _painted(starts: Array, ends: Array, gains: Array, size: int) -> Array:
    """Return the gain over each place: of ranges that overlap, that of the last."""
    found = np.zeros(size)
    sizes = ends - starts
    found[ranges(starts, sizes)] = gains.repeat(sizes)
    return found
