"""BM25 over the fields of a segment: of the paragraphs' text, and, boosted, of the contexts that stand over them.

A score is the sum over the terms in their order, so that it is the same number however it was come by.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from searcher.engines.whoosh._bits import BLOCK
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import ranges
from searcher.engines.whoosh._segment import PLACES, Shard, Space
from searcher.engines.whoosh._view import K1, B, View
from searcher.query.terms import Weighted
from searcher.schema import BY_NAME, TOKEN_FIELDS

__all__ = ["Scorer"]

_CHUNK = 1 << 16  # paragraphs scored at once: bounds the memory
_BOUND = (1 << 10) - 1  # the bits of an entry that bound a score
_REPORT_PLACES = np.array([0.0 if place == "section" else BY_NAME[place].boost for place in PLACES])


class Scorer:
    """The scores of a segment's paragraphs by terms and their weights (boost × idf).

    `titled` tells whether what stands over a whole report counts, or only headings do.
    """

    def __init__(
        self, view: View, shard: Shard, terms: Sequence[tuple[Weighted, float]], *, titled: bool = True
    ) -> None:
        self._view = view
        self._shard = shard
        self._titled = titled
        numbers = [
            (shard.term(term.field, term.term), TOKEN_FIELDS.index(term.field), weight) for term, weight in terms
        ]
        known = [(number, field, weight) for number, field, weight in numbers if number is not None]
        self._text = _Terms(shard.text, known)
        self._over = _Terms(shard.contexts, known)

    def score(self, docs: Array) -> Array:
        """Return the scores of paragraphs, given in order, rounded to 1e-6."""
        some = [docs[first : first + _CHUNK] for first in range(0, len(docs), _CHUNK)]
        return np.concatenate([np.zeros(0), *map(self._scored, some)]).round(6)

    def bounds(self) -> Array:
        """Return for each block what no score in it exceeds."""
        bounds = self._text.bounds(self._view.bounds)
        if self._gains_of_reports is not None:
            bounds += np.maximum.reduceat(np.append(self._gains_of_reports, 0.0), self._shard.reports_of_blocks)[::2]
        if self._bounds_of_sections is not None:
            bounds += self._bounds_of_sections
        return bounds

    def _scored(self, docs: Array) -> Array:
        scores = self._text.scores(docs, K1 * B / self._view.average_lengths)
        if self._gains_of_sections is not None:
            scores = scores + self._gains_of_sections[docs]
        if self._gains_of_reports is not None:
            scores = scores + self._gains_of_reports[self._shard.report_of[docs]]
        return scores

    # Contexts

    @cached_property
    def _gains(self) -> tuple[Array, Array] | None:
        """The contexts that hold any of the terms, those that give most last, and what each gives before its boost."""
        if not self._over:
            return None
        docs, gains = self._over.everywhere(K1 * B / self._view.average_context_lengths, self._shard.context_place)
        totals = np.bincount(docs, gains)
        giving = totals.nonzero()[0]
        giving = giving[totals[giving].argsort(kind="stable")]
        return giving, totals[giving]

    @cached_property
    def _gains_of_reports(self) -> Array | None:
        """What its title, institution and region give each report."""
        if self._gains is None or not self._titled:
            return None
        (giving, gains), shard = self._gains, self._shard
        best = np.zeros((len(PLACES), shard.reports))
        best[shard.context_place[giving], shard.context_report[giving]] = gains  # what is written last stays
        return _REPORT_PLACES @ best

    @cached_property
    def _headings(self) -> tuple[Array, Array, Array] | None:
        """The headings that give something, what gives most last: the range of paragraphs under each, and its gain."""
        if self._gains is None:
            return None
        giving, gains = self._gains
        here = (self._shard.context_place[giving] == PLACES.index("section")).nonzero()[0]
        if not len(here):
            return None
        contexts = giving[here]
        return self._shard.context_start[contexts], self._shard.context_end[contexts], gains[here]

    @cached_property
    def _gains_of_sections(self) -> Array | None:
        """What the best heading on its path gives each paragraph."""
        return None if self._headings is None else _painted(*self._headings, self._shard.size)

    @cached_property
    def _bounds_of_sections(self) -> Array | None:
        """What the best heading over any of its paragraphs gives each block."""
        if self._headings is None:
            return None
        starts, ends, gains = self._headings
        return _painted(starts // BLOCK, (ends - 1) // BLOCK + 1, gains, self._shard.blocks)


def _painted(starts: Array, ends: Array, gains: Array, size: int) -> Array:
    found = np.zeros(size)
    sizes = ends - starts
    found[ranges(starts, sizes)] = (BY_NAME["section"].boost * gains).repeat(sizes)  # what is written last stays
    return found


class _Terms:
    """Terms that stand in a space: where, of which field, and with which weight."""

    def __init__(self, space: Space, terms: Sequence[tuple[int, int, float]]) -> None:
        """Keep those of some terms, by number, field and weight, that stand in the space."""
        found = [(space.postings.extent(number), field, weight) for number, field, weight in terms]
        found = [item for item in found if item[0].df]
        self._space = space
        self._extents = [extent for extent, _, _ in found]
        self._fields = np.array([field for _, field, _ in found], np.int64)
        self._weights = np.array([weight for _, _, weight in found])

    def __bool__(self) -> bool:
        return bool(self._extents)

    def scores(self, docs: Array, slopes: Array) -> Array:
        """Return what the terms give documents, given in order; `slopes` are K1 B / average length, per field."""
        if not self or not len(docs):
            return np.zeros(len(docs))
        space = self._space
        terms, which, at = space.postings.postings_in(self._extents, docs)
        fields = self._fields[terms]
        lengths = space.all_lengths[fields * space.size + docs[which]]
        frequencies = space.postings.frequencies_at(at)
        return np.bincount(which, self._gain(terms, frequencies, slopes[fields] * lengths), len(docs))

    def everywhere(self, slopes: Array, kinds: Array) -> tuple[Array, Array]:
        """Return where the terms stand, and what each occurrence gives; `slopes` are per field and kind of document."""
        postings, space = self._space.postings, self._space
        entries = np.concatenate([postings.entries[e.entries : e.entries_end] for e in self._extents])
        at = np.concatenate([np.arange(e.postings, e.postings_end) for e in self._extents])
        codes = postings.codes[at]
        docs = (entries >> 16 << 6).astype(np.int64).repeat((entries >> 10 & 63) + 1)
        docs += codes >> 2
        terms = np.arange(len(self._extents)).repeat([e.df for e in self._extents])
        fields = self._fields[terms]
        lengths = space.all_lengths[fields * space.size + docs]
        frequencies = postings.frequencies_at(at, codes)
        return docs, self._gain(terms, frequencies, slopes[fields, kinds[docs]] * lengths)

    def _gain(self, terms: Array, frequencies: Array, lengths: Array) -> Array:
        """Return what occurrences give; lengths are times K1 B / average length."""
        gains: Array = self._weights[terms] * (frequencies * (K1 + 1) / (frequencies + (K1 * (1 - B) + lengths)))
        return gains

    def bounds(self, of_fields: Array) -> Array:
        """Return what the terms give a document of each block at most."""
        postings = self._space.postings
        if not self:
            return np.zeros(postings.blocks)
        entries = np.concatenate([postings.entries[e.entries : e.entries_end] for e in self._extents])
        sizes = [e.entries_end - e.entries for e in self._extents]
        tables = (of_fields[self._fields] * self._weights[:, None]).reshape(-1)
        codes = (entries & _BOUND) + (np.arange(len(sizes), dtype=np.uint32) << np.uint32(10)).repeat(sizes)
        return np.bincount(entries >> 16, tables[codes], postings.blocks)
