"""BM25 over the fields of a segment: of the paragraphs' text, and, boosted, of the contexts that stand over them.

A score is the sum over the terms in their order, so that it is the same number however it was come by.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from searcher.engines.whoosh import _bm25
from searcher.engines.whoosh._bits import BLOCK, count, heads, nothing, octets, of_mask, ranges
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._over import Over
from searcher.engines.whoosh._postings import Extent, blocks_in, counts_in
from searcher.engines.whoosh._segment import Shard, Space
from searcher.engines.whoosh._view import View
from searcher.query.terms import Weighted

__all__ = ["Scorer"]

_CHUNK = 1 << 16  # paragraphs, times the terms, scored at once: bounds the memory
_FEW = 1 << 12  # paragraphs that are scored without looking at each one's bound
_HANDFUL = 64  # paragraphs of which each one's contexts are looked up, instead of all
_NONE = 1e-9  # less than any score: where no term stands
_EIGHT = np.uint64(0x0101010101010101)
_BYTES = np.array([sum(0xFF << 8 * bit for bit in range(8) if byte >> bit & 1) for byte in range(256)], np.uint64)


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
        known = [(shard.standing(term.field, term.term), weight) for term, weight in terms]
        here = [(standing, weight) for standing, weight in known if standing is not None]
        self._text = _Terms(shard.text, [(one.number, one.text, one.field, weight) for one, weight in here])
        self._contexts = _Terms(shard.contexts, [(one.number, one.over, one.field, weight) for one, weight in here])

    def score(self, docs: Array) -> Array:
        """Return the scores of paragraphs, given in order, rounded to 1e-6."""
        size = _CHUNK // (len(self._text) + 1)
        if len(docs) <= size:
            return self._scored(docs).round(6)
        some = [docs[first : first + size] for first in range(0, len(docs), size)]
        return np.concatenate([*map(self._scored, some)]).round(6)

    def bounds(self) -> Array:
        """Return for each block what no score in it exceeds."""
        bounds = self._text.bounds(self._view.bounds[self._shard])
        if self._over is not None and self._over.bounds is not None:
            bounds += self._over.bounds
        return bounds

    def reaching(self, least: float, bits: Array, blocks: Array) -> Array:
        """Return a set, given for some blocks, without documents whose terms do not allow a score of `least`."""
        if least == -np.inf or count(bits) <= _FEW:
            return bits
        needed = np.full(len(blocks), least)
        if self._over is not None and self._over.bounds is not None:
            needed -= self._over.bounds[blocks]
        return bits & self._text.reaching(needed, blocks, self._view.bounds[self._shard])

    def _scored(self, docs: Array) -> Array:
        scores = self._text.scores(docs, self._view.slopes)
        if not self._contexts:
            return scores
        over = self._over if len(docs) > _HANDFUL else self._over_some(docs)
        return scores if over is None else over.added_to(scores, docs)

    @cached_property
    def _over(self) -> Over | None:
        """All that stands over paragraphs."""
        if not self._contexts:
            return None
        docs, gains = self._contexts.everywhere(self._view.context_slopes, self._shard.context_place)
        totals = np.bincount(docs, gains)
        giving = _rising(totals)
        return Over(self._shard, giving, totals[giving], None, titled=self._titled)

    def _over_some(self, docs: Array) -> Over | None:
        """Return what stands over some paragraphs and the others of their reports."""
        rows = self._shard.report_of[docs]
        rows = rows[heads(rows)]
        starts = self._shard.context_bounds[rows]
        contexts = ranges(starts, self._shard.context_bounds[rows + 1] - starts)
        totals = self._contexts.scores(contexts, self._view.context_slopes, self._shard.context_place)
        giving = _rising(totals)
        if not len(giving):
            return None
        return Over(self._shard, contexts[giving], totals[giving], rows, titled=self._titled)


def _rising(numbers: Array) -> Array:
    """Return where numbers are not zero, the largest last."""
    found: Array = (numbers != 0).nonzero()[0]  # of truth values it takes a third of the time
    return found[numbers[found].argsort()]


class _Terms:
    """Terms that stand in a space: where, of which field, and with which weight."""

    def __init__(self, space: Space, terms: Sequence[tuple[int, Extent, int, float]]) -> None:
        """Keep those of some terms, by number, extent, field and weight, that stand in the space."""
        found = [item for item in terms if item[1].df]
        self._space = space
        self._numbers = [number for number, _, _, _ in found]
        self._extents = [extent for _, extent, _, _ in found]
        self._fields = np.array([field for _, _, field, _ in found], np.int64)
        self._weights = np.array([weight for _, _, _, weight in found])

    def __len__(self) -> int:
        return len(self._extents)

    def scores(self, docs: Array, slopes: Array, kinds: Array | None = None) -> Array:
        """Return what the terms give documents, given in order.

        `slopes` are K1 B / average length, per field; where documents have kinds, per field and kind.
        """
        if not self or not len(docs):
            return np.zeros(len(docs))
        space = self._space
        terms, which, at = space.postings.postings_in(self._extents, docs)
        lengths = space.all_lengths[(self._fields * space.size).take(terms) + docs.take(which)]
        frequencies = space.postings.frequencies_at(at)
        fields = slopes[self._fields]
        slope = fields.take(terms) if kinds is None else fields[terms, kinds[docs].take(which)]
        return np.bincount(which, self._gain(terms, frequencies, slope * lengths), len(docs))

    def everywhere(self, slopes: Array, kinds: Array) -> tuple[Array, Array]:
        """Return where the terms stand, and what each occurrence gives; `slopes` are per field and kind of document."""
        postings, space = self._space.postings, self._space
        entries = np.concatenate([postings.entries[e.entries : e.entries_end] for e in self._extents])
        at = np.concatenate([np.arange(e.postings, e.postings_end) for e in self._extents])
        codes = postings.codes[at]
        docs = (blocks_in(entries) << 6).repeat(counts_in(entries))
        docs += codes >> 2
        terms = np.arange(len(self._extents)).repeat([e.df for e in self._extents])
        fields = self._fields[terms]
        lengths = space.all_lengths[fields * space.size + docs]
        frequencies = postings.frequencies_at(at, codes)
        return docs, self._gain(terms, frequencies, slopes[fields, kinds[docs]] * lengths)

    def _gain(self, terms: Array, frequencies: Array, lengths: Array) -> Array:
        """Return what occurrences give; lengths are times their slope."""
        gains: Array = self._weights.take(terms) * _bm25.gains(frequencies, lengths)
        return gains

    def bounds(self, allowed: Array) -> Array:
        """Return what the terms give a document of each block at most; `allowed` is what a bound of 1 is, per field."""
        postings = self._space.postings
        if not self:
            return np.zeros(postings.blocks)
        entries = np.concatenate([postings.entries[e.entries : e.entries_end] for e in self._extents])
        sizes = [e.entries_end - e.entries for e in self._extents]
        most = (allowed[self._fields] * self._weights).repeat(sizes)
        most *= entries & _bm25.MOST
        return np.bincount(blocks_in(entries), most, postings.blocks)

    def reaching(self, needed: Array, blocks: Array, allowed: Array) -> Array:
        """Return the documents of some blocks whose terms may give them what is needed there, as a set.

        What each term gives at most is rounded up to a part of 255, so that eight documents are added up at once.
        """
        postings = self._space.postings
        kept = np.zeros((len(self._extents), postings.blocks), np.uint16)
        for bounds, extent in zip(kept, self._extents, strict=True):
            entries = postings.entries[extent.entries : extent.entries_end]
            bounds[blocks_in(entries)] = entries & _bm25.MOST
        kept = kept.take(blocks, axis=1)
        most = allowed[self._fields] * self._weights
        parts = (255 - len(most)) / max(float(most @ kept.max(1)), _NONE)
        if parts <= 0:
            return ~nothing(len(blocks))
        sums = np.zeros((len(blocks), 8), np.uint64)
        for number, given in zip(self._numbers, np.ceil(kept * (most * parts)[:, None]).astype(np.uint64), strict=True):
            held = _BYTES.take(octets(postings.bits(number, blocks)[blocks])).reshape(-1, 8)
            held &= (given * _EIGHT)[:, None]
            sums += held
        enough = octets(sums).reshape(-1, BLOCK) >= np.floor(needed * parts).clip(0, 255).astype(np.uint8)[:, None]
        return of_mask(enough.reshape(-1))
