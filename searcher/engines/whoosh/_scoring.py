"""BM25 over the fields of a segment: of the paragraphs' text, and, boosted, of the contexts that stand over them.

A query's terms are scored together: their entries, one after the other, are one array, and so are their postings. A
score is the sum over the terms in their order, so that it is the same number however it was come by.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import BLOCK, ramp
from searcher.engines.whoosh._segment import PLACES, Shard, Space
from searcher.engines.whoosh._view import K1, B, View
from searcher.query.terms import Weighted
from searcher.schema import BY_NAME, TOKEN_FIELDS

__all__ = ["Scorer"]

_CHUNK = 1024  # blocks scored at once: bounds the memory


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
        found = [(term.field, shard.term(term.field, term.term), weight) for term, weight in terms]
        self._terms = [(field, at, weight) for field, at, weight in found if at is not None]
        self._text = _Joined(shard.text, self._terms)

    def score(self, docs: Array) -> Array:
        """Return the scores of paragraphs, given in order, rounded to 1e-6."""
        numbers = docs // BLOCK
        heads = np.flatnonzero(np.diff(numbers, prepend=-1))
        parts = [np.zeros(0)]
        for first in range(0, len(heads), _CHUNK):
            some = heads[first : first + _CHUNK]
            end = heads[first + _CHUNK] if first + _CHUNK < len(heads) else len(docs)
            blocks = numbers[some]
            wanted = np.zeros(len(blocks) * BLOCK, np.bool_)
            sizes = np.diff(np.append(some, end))
            slots = np.repeat(np.arange(len(blocks)), sizes)
            wanted[slots * BLOCK + docs[some[0] : end] % BLOCK] = True
            parts.append(self.score_blocks(blocks, wanted)[1])
        return np.concatenate(parts)

    def score_blocks(self, blocks: Array, wanted: Array) -> tuple[Array, Array]:
        """Return the wanted paragraphs of some blocks, and their scores; `wanted` goes block after block."""
        at = np.flatnonzero(wanted)
        docs = blocks[at // BLOCK] * BLOCK + at % BLOCK
        scores = self._text_scores(blocks, wanted)[at]
        if self._gains_of_sections is not None:
            scores = scores + self._gains_of_sections[docs]
        if self._gains_of_reports is not None:
            scores = scores + self._gains_of_reports[self._shard.report_of[docs]]
        return docs, np.round(scores, 6)

    def bounds(self) -> Array:
        """Return for each block what no score in it exceeds."""
        shard = self._shard
        size = -(-shard.size // BLOCK)
        text = self._text
        tables = (self._view.bounds[text.field_numbers] * text.weights[:, None]).reshape(-1)
        gains = tables[text.entry_terms * 1024 + (text.entries & 1023)]
        bounds: Array = np.bincount(text.entries >> 16, gains, size) + 0.0  # of nothing, it counts in integers
        if self._gains_of_reports is not None:
            firsts = np.arange(0, shard.size, BLOCK)
            lasts = np.minimum(firsts + BLOCK, shard.size) - 1
            edges = np.stack([shard.report_of[firsts], shard.report_of[lasts] + 1], 1).reshape(-1)
            bounds += np.maximum.reduceat(np.append(self._gains_of_reports, 0.0), edges)[::2]
        if self._gains_of_sections is not None:
            bounds += self._gains_of_sections.reshape(-1, BLOCK).max(1)
        return bounds

    def _text_scores(self, blocks: Array, wanted: Array) -> Array:
        text, size = self._text, len(blocks) * BLOCK
        if not len(text.entries):
            return np.zeros(size)
        slots = np.full(-(-self._shard.size // BLOCK), -1, np.int32)
        slots[blocks] = np.arange(len(blocks))
        slot = slots[text.entries >> 16]
        kept = np.flatnonzero(slot >= 0)
        counts = text.counts[kept]
        at = np.repeat(text.starts[kept], counts) + ramp(counts)
        codes = text.postings[at]
        docs = np.repeat(slot[kept] * BLOCK, counts) + (codes >> 2)
        term = np.repeat(text.entry_terms[kept], counts)
        use = np.flatnonzero(wanted[docs])
        if len(use) < len(docs):
            at, codes, docs, term = at[use], codes[use], docs[use], term[use]
        field = text.field_numbers[term]
        lengths = self._shard.text.all_lengths[field * self._shard.size + blocks[docs // BLOCK] * BLOCK + docs % BLOCK]
        frequencies, norms = text.frequencies(codes, at), self._view.norms[field, lengths]
        return np.bincount(docs, text.weights[term] * (frequencies * (K1 + 1) / (frequencies + norms)), size)

    # Contexts

    @cached_property
    def _gains(self) -> Array | None:
        """What each context gives, before its boost."""
        shard, joined = self._shard, _Joined(self._shard.contexts, self._terms)
        if not len(joined.entries):
            return None
        counts = joined.counts
        docs = np.repeat((joined.entries >> 16).astype(np.int64) * BLOCK, counts) + (joined.postings >> 2)
        field = joined.field_numbers[np.repeat(joined.entry_terms, counts)]
        lengths = shard.contexts.all_lengths[field * len(shard.context_place) + docs]
        norms = K1 * (1 - B + B * lengths / self._view.average_context_lengths[field, shard.context_place[docs]])
        frequencies = joined.frequencies(joined.postings, np.arange(len(docs)))
        weights = np.repeat(joined.weights[joined.entry_terms], counts)
        gains = weights * (frequencies * (K1 + 1) / (frequencies + norms))
        return np.bincount(docs, gains, len(shard.context_place))

    @cached_property
    def _gains_of_reports(self) -> Array | None:
        """What its title, institution and region give each report."""
        if self._gains is None or not self._titled:
            return None
        found = None
        giving = np.flatnonzero(self._gains)
        places = self._shard.context_place[giving]
        for place in ("title", "institution", "region"):
            contexts = giving[places == PLACES.index(place)]
            if len(contexts):
                best = np.zeros(self._shard.reports)
                np.maximum.at(best, self._shard.context_report[contexts], self._gains[contexts])
                found = BY_NAME[place].boost * best + (0.0 if found is None else found)
        return found

    @cached_property
    def _gains_of_sections(self) -> Array | None:
        """What the best heading on its path gives each paragraph, whole blocks of them."""
        if self._gains is None:
            return None
        contexts = np.flatnonzero(self._gains)
        contexts = contexts[self._shard.context_place[contexts] == PLACES.index("section")]
        if not len(contexts):
            return None
        contexts = contexts[np.argsort(self._gains[contexts], kind="stable")]  # what is written last stays
        starts = self._shard.context_start[contexts]
        sizes = self._shard.context_end[contexts] - starts
        found = np.zeros(-(-self._shard.size // BLOCK) * BLOCK)
        found[np.repeat(starts, sizes) + ramp(sizes)] = np.repeat(
            BY_NAME["section"].boost * self._gains[contexts], sizes
        )
        return found


class _Joined:
    """The entries and postings of several terms in a space, one after the other."""

    def __init__(self, space: Space, terms: Sequence[tuple[str, int, float]]) -> None:
        found = [(space.fields[field], space.fields[field].ranges(at), field, weight) for field, at, weight in terms]
        found = [item for item in found if item[1][0] < item[1][1]]
        self._parts = [(postings, low, high) for postings, (_, _, low, high), _, _ in found]
        nothing = np.zeros(0, np.uint32)
        self.entries = np.concatenate([nothing, *(field.entries[a:b] for field, (a, b, _, _), _, _ in found)])
        self.postings = np.concatenate([nothing[:0].astype(np.uint8), *(p.postings[a:b] for p, a, b in self._parts)])
        self.sizes = np.array([high - low for _, (low, high, _, _), _, _ in found], np.int64)
        self.weights = np.array([weight for _, _, _, weight in found])
        self.field_numbers = np.array([TOKEN_FIELDS.index(field) for _, _, field, _ in found], np.int64)

    @cached_property
    def entry_terms(self) -> Array:
        """The term of each entry, by its number among the terms."""
        return np.repeat(np.arange(len(self.sizes), dtype=np.int32), self.sizes)

    @cached_property
    def counts(self) -> Array:
        """How many postings each entry has."""
        return (self.entries >> 10 & 63).astype(np.int64) + 1

    @cached_property
    def starts(self) -> Array:
        """Where the postings of each entry start."""
        return np.cumsum(self.counts) - self.counts

    def frequencies(self, codes: Array, at: Array) -> Array:
        """Return the frequencies of some postings, given with their places."""
        found = (codes & 3) + 1.0
        large = np.flatnonzero((codes & 3) == 3)  # noqa: PLR2004 - what is too large for a posting's byte
        if len(large):
            many_at, many = self._many
            found[large] = many[np.searchsorted(many_at, at[large])]
        return found

    @cached_property
    def _many(self) -> tuple[Array, Array]:
        """Where the frequencies stand apart, and what they are."""
        places, values, base = [np.zeros(0, np.int64)], [np.zeros(0)], 0
        for field, low, high in self._parts:
            at, many = field.exceptions(low, high)
            places.append(at + (base - low))
            values.append(many)
            base += high - low
        return np.concatenate(places), np.concatenate(values)
