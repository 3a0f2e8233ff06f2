"""BM25 over the fields of a segment: of the paragraphs' text, and, boosted, of the contexts that stand over them.

A query's terms are scored together: their entries, one after the other, are one array, and so are their postings. A
score is the sum over the terms in their order, so that it is the same number however it was come by.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import BLOCK, LENGTHS, ramp
from searcher.engines.whoosh._segment import PLACES, Shard, Space
from searcher.engines.whoosh._view import K1, B, View
from searcher.query.terms import Weighted
from searcher.schema import BY_NAME, TOKEN_FIELDS

__all__ = ["Scorer"]

_CHUNK = 1024  # blocks scored at once: bounds the memory


class Scorer:
    """The scores of a segment's paragraphs by terms and their weights (boost × idf)."""

    def __init__(self, view: View, shard: Shard, terms: Sequence[tuple[Weighted, float]]) -> None:
        self._view = view
        self._shard = shard
        found = [(term.field, shard.term(term.field, term.term), weight) for term, weight in terms]
        self._terms = [(field, at, weight) for field, at, weight in found if at is not None]
        self._text = _Joined(shard.text, self._terms)

    def score(self, docs: Array) -> Array:
        """Return the scores of paragraphs, given in order, rounded to 1e-6."""
        scores = np.empty(len(docs))
        numbers = docs // BLOCK
        heads = np.flatnonzero(np.diff(numbers, prepend=-1))
        blocks = numbers[heads]
        for first in range(0, len(blocks), _CHUNK):
            low = heads[first]
            high = heads[first + _CHUNK] if first + _CHUNK < len(heads) else len(docs)
            some, part = docs[low:high], blocks[first : first + _CHUNK]
            at = np.searchsorted(part, some // BLOCK) * BLOCK + some % BLOCK
            wanted = np.zeros(len(part) * BLOCK, np.bool_)
            wanted[at] = True
            scores[low:high] = self.score_blocks(part, wanted)[at]
        return scores

    def score_blocks(self, blocks: Array, wanted: Array) -> Array:
        """Return the scores of the wanted paragraphs of some blocks, block after block; of others, anything."""
        rounded: Array = np.round(self._text_scores(blocks, wanted) + self._context_scores(blocks), 6)
        return rounded

    def bounds(self) -> Array:
        """Return for each block what no score in it exceeds."""
        shard = self._shard
        size = -(-shard.size // BLOCK)
        text = self._text
        codes = (text.entries & 1023) + np.repeat(text.field_numbers * 1024, text.sizes)
        gains = self._bound_table[codes]
        gains *= np.repeat(text.weights, text.sizes)
        bounds: Array = np.bincount(text.entries >> 16, gains, size) + 0.0  # of nothing, it counts in integers
        if self._gains_of_reports is not None:
            firsts = np.arange(0, shard.size, BLOCK)
            lasts = np.minimum(firsts + BLOCK, shard.size) - 1
            edges = np.stack([shard.report_of[firsts], shard.report_of[lasts] + 1], 1).reshape(-1)
            bounds += np.maximum.reduceat(np.append(self._gains_of_reports, 0.0), edges)[::2]
        if self._gains_of_sections is not None:
            bounds += self._gains_of_sections.reshape(-1, BLOCK).max(1)
        return bounds

    @cached_property
    def _bound_table(self) -> Array:
        codes = np.arange(1024)
        top, least = codes >> 6, LENGTHS[codes & 63]
        tables = []
        for field in TOKEN_FIELDS:
            norms = K1 * (1 - B + B * least / self._view.average_lengths[field])
            tables.append(np.where(top == 15, K1 + 1, top * (K1 + 1) / (top + norms)))  # noqa: PLR2004 - the topmost
        return np.concatenate(tables) * (1 + 1e-12)

    def _text_scores(self, blocks: Array, wanted: Array) -> Array:
        text, size = self._text, len(blocks) * BLOCK
        if not len(text.entries):
            return np.zeros(size)
        slots = np.full(-(-self._shard.size // BLOCK), -1, np.int64)
        slots[blocks] = np.arange(len(blocks))
        slot = slots[text.entries >> 16]
        kept = np.flatnonzero(slot >= 0)
        counts = (text.entries[kept] >> 10 & 63).astype(np.int64) + 1
        at = np.repeat(text.starts[kept], counts) + ramp(counts)
        codes = text.postings[at]
        docs = np.repeat(slot[kept] * BLOCK, counts) + (codes >> 2)
        use = np.flatnonzero(wanted[docs])
        at, codes, docs = at[use], codes[use], docs[use]
        term = np.repeat(text.entry_terms[kept], counts)[use]
        field = text.field_numbers[term]
        lengths = self._shard.text.all_lengths[field * self._shard.size + blocks[docs // BLOCK] * BLOCK + docs % BLOCK]
        frequencies, norms = text.frequencies(codes, at), self._view.norms[field, lengths]
        return np.bincount(docs, text.weights[term] * (frequencies * (K1 + 1) / (frequencies + norms)), size)

    # Contexts

    def _context_scores(self, blocks: Array) -> Array | float:
        scores: Array | float = 0.0
        if self._gains_of_sections is not None:
            scores = scores + self._gains_of_sections.reshape(-1, BLOCK)[blocks].reshape(-1)
        if self._gains_of_reports is not None:
            docs = (blocks[:, None] * BLOCK + np.arange(BLOCK)).reshape(-1)
            rows = self._shard.report_of[np.minimum(docs, self._shard.size - 1)]
            scores = scores + self._gains_of_reports[rows]
        return scores

    @cached_property
    def _gains(self) -> Array | None:
        """What each context gives, before its boost."""
        shard, joined = self._shard, _Joined(self._shard.contexts, self._terms)
        if not len(joined.entries):
            return None
        counts = (joined.entries >> 10 & 63).astype(np.int64) + 1
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
        found = None
        for contexts, gains, place in self._best_last("title", "institution", "region"):
            best = np.zeros(self._shard.reports)
            best[self._shard.context_report[contexts]] = gains
            found = BY_NAME[place].boost * best + (0.0 if found is None else found)
        return found

    @cached_property
    def _gains_of_sections(self) -> Array | None:
        """What the best heading on its path gives each paragraph, whole blocks of them."""
        for contexts, gains, place in self._best_last("section"):
            starts = self._shard.context_start[contexts]
            sizes = self._shard.context_end[contexts] - starts
            found = np.zeros(-(-self._shard.size // BLOCK) * BLOCK)
            found[np.repeat(starts, sizes) + ramp(sizes)] = np.repeat(BY_NAME[place].boost * gains, sizes)
            return found
        return None

    def _best_last(self, *places: str) -> list[tuple[Array, Array, str]]:
        """Return the contexts of each place that give anything, by rising gain: what is written last stays."""
        if self._gains is None:
            return []
        found = []
        giving = np.flatnonzero(self._gains)
        for place in places:
            contexts = giving[self._shard.context_place[giving] == PLACES.index(place)]
            contexts = contexts[np.argsort(self._gains[contexts], kind="stable")]
            if len(contexts):
                found.append((contexts, self._gains[contexts], place))
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
    def starts(self) -> Array:
        """Where the postings of each entry start."""
        counts = (self.entries >> 10 & 63).astype(np.int64) + 1
        return np.cumsum(counts) - counts

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
