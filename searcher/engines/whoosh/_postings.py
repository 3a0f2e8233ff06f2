"""Postings in blocks of 64 documents, as arrays: how they are packed, and how they are read.

A *space* is what is searched: the paragraphs of a segment, or its contexts. The terms of all fields are numbered
through. For each term, in the order of numbers, and each block it stands in, an *entry* of 32 bits:

    block (16) · postings in it, less one (6) · what an occurrence in it gives at most (10)

The last is a bound as `_bm25` keeps it. For each posting one byte: the document's place in its block (6) and its
frequency, less one (2), which is 3 from there on; the true frequencies of those stand in a list of exceptions.
Positions are apart, so that ranking never reads them: for each posting of a bigram the low byte of the first, and after
all of these the low bytes of the others; what does not fit a byte is again in a list of exceptions.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from searcher.engines.whoosh._bits import BLOCK, heads, nothing, ranges
from searcher.engines.whoosh._container import Array, ArrayFile, Mapped
from searcher.engines.whoosh._remembered import remembered

__all__ = [
    "MANY",
    "MAX_DOCS",
    "SAMPLE",
    "Extent",
    "Postings",
    "Selected",
    "blocks_in",
    "counts_in",
    "place_of",
]

MAX_DOCS = BLOCK << 16

MANY = 4
"""Frequencies from here on are exceptions."""

SAMPLE = 32
"""One entry in so many tells where its postings start, and one posting in so many where its other positions do."""

_BITS_KEPT = 1 << 21  # bytes
_TERM = 1 << 8  # bytes that a set takes beside its bits
_LOOKUP = 16  # entries passed over in the time one is looked up
_ONE = np.uint64(1)
_BIT = _ONE << (np.arange(256, dtype=np.uint64) >> np.uint64(2))  # of the document a posting's byte names


def place_of(numbers: Array, bound: int, side: Literal["left", "right"] = "left") -> int:
    """Return where a bound stands among sorted unsigned numbers, asked in their own type: else all would be cast."""
    if bound >> 8 * numbers.itemsize:
        return len(numbers)
    return int(numbers.searchsorted(numbers.dtype.type(bound), side))


class Extent(NamedTuple):
    """Where a term's entries and postings stand, half-open."""

    entries: int
    entries_end: int
    postings: int
    postings_end: int

    @property
    def df(self) -> int:
        """The number of documents the term stands in, deleted ones included."""
        return self.postings_end - self.postings


class Selected(NamedTuple):
    """The entries of some terms in some blocks, term after term, in order of blocks."""

    terms: Array  # by their number in the list
    slots: Array  # the blocks, likewise
    starts: Array  # the first posting of each
    counts: Array  # its postings


class Postings:
    """The postings of a space, read in place."""

    terms = Mapped("terms")
    entries = Mapped("entries")
    codes = Mapped("postings")
    entry_bounds = Mapped("entry_bounds")
    posting_bounds = Mapped("posting_bounds")
    _samples = Mapped("samples")
    _many_at = Mapped("many_at")
    _many = Mapped("many")
    _positions = Mapped("positions")
    _other_samples = Mapped("other_samples")
    _far_at = Mapped("far_at")
    _far = Mapped("far")

    def __init__(self, file: ArrayFile, space: str, blocks: int) -> None:
        self.blocks = blocks
        self.extent = remembered(self._extent, 1 << 14)
        self.all_bits = remembered(self._all_bits, _BITS_KEPT // (8 * blocks + _TERM))  # a search asks more than once
        self._file = file
        self._space = space
        self._first = int(file.facts[f"{space}.first"])  # the first posting that has positions
        self._placed = int(file.facts[f"{space}.placed"])  # and how many have

    def array(self, name: str) -> Array:
        """Open an array of the space."""
        return self._file[f"{self._space}.{name}"]

    # One term

    def _extent(self, term: int) -> Extent:
        at = place_of(self.terms, term)
        if at == len(self.terms) or self.terms[at] != term:
            return Extent(0, 0, 0, 0)
        return Extent(*self.entry_bounds[at : at + 2].tolist(), *self.posting_bounds[at : at + 2].tolist())

    def df(self, term: int) -> int:
        """Return in how many documents a term stands, deleted ones included."""
        return self.extent(term).df

    def docs(self, term: int) -> Array:
        """Return the documents a term stands in."""
        return self._docs(self.extent(term))

    def frequencies(self, term: int) -> Array:
        """Return how often a term stands in each of its documents."""
        return self._frequencies(self.extent(term))

    def occurrences(self, term: int) -> Array:
        """Return where a term of a field with positions stands, in order: document << 32 | position."""
        return self.occurrences_over(self.extent(term))

    def bits(self, term: int, blocks: Array | None = None) -> Array:
        """Return the documents a term stands in as a set; of some blocks alone, where they are all that matters."""
        extent = self.extent(term)
        if blocks is None or len(blocks) * _LOOKUP >= extent.entries_end - extent.entries:
            return self.all_bits(term)
        found = nothing(self.blocks)
        chosen = self.select([extent], blocks)
        found[blocks[chosen.slots]] = self.words(chosen)
        return found

    def _all_bits(self, term: int) -> Array:
        found = nothing(self.blocks)
        extent = self.extent(term)
        if extent.df:
            entries = self.entries[extent.entries : extent.entries_end]
            counts = counts_in(entries)
            found[blocks_in(entries)] = words_of(
                self.codes[extent.postings : extent.postings_end], counts.cumsum(dtype=np.intp) - counts
            )
        found.flags.writeable = False
        return found

    # Several terms

    def select(self, extents: Sequence[Extent], blocks: Array) -> Selected:
        """Return the entries that some terms, each of which stands somewhere, have in some blocks, given in order."""
        sizes = np.array([extent.entries_end - extent.entries for extent in extents])
        number = len(blocks)
        if number * len(extents) * _LOOKUP >= sizes.sum():
            return self._select_from_all(extents, sizes, blocks)
        wanted = (blocks << 16).astype(np.uint32)
        at = np.concatenate([self.entries[e.entries : e.entries_end].searchsorted(wanted) for e in extents])
        firsts = np.array([extent.entries for extent in extents])
        at += firsts.repeat(number)
        np.minimum(at, (firsts + sizes - 1).repeat(number), out=at)
        entries = self.entries[at]
        kept = (entries.reshape(len(extents), number) >> 16 == blocks).reshape(-1).nonzero()[0]
        terms = kept // number if number else kept
        return Selected(terms, kept - terms * number, self._starts(at[kept]), counts_in(entries[kept]))

    def _select_from_all(self, extents: Sequence[Extent], sizes: Array, blocks: Array) -> Selected:
        """Go through all entries of the terms: for blocks that are not few."""
        entries = np.concatenate([self.entries[e.entries : e.entries_end] for e in extents])
        counts = counts_in(entries)
        dfs = np.array([e.df for e in extents])
        bases = np.array([e.postings for e in extents]) - (dfs.cumsum() - dfs)
        starts = counts.cumsum() - counts
        starts += bases.repeat(sizes)
        terms = np.arange(len(extents), dtype=np.int32).repeat(sizes)
        if len(blocks) == self.blocks:
            return Selected(terms, (entries >> 16).astype(np.int32), starts, counts)
        slot_of = np.full(self.blocks, -1, np.int32)
        slot_of[blocks] = np.arange(len(blocks), dtype=np.int32)
        slots = slot_of.take(entries >> 16)
        kept = (slots >= 0).nonzero()[0]
        return Selected(terms[kept], slots[kept], starts[kept], counts[kept])

    def words_in(self, terms: Sequence[int | None], blocks: Array) -> Array:
        """Return for each of some terms the documents it stands in, as bits of some blocks; None stands nowhere."""
        found = np.zeros((len(terms), len(blocks)), np.uint64)
        extents = {
            row: extent for row, term in enumerate(terms) if term is not None and (extent := self.extent(term)).df
        }
        if extents:
            chosen = self.select(list(extents.values()), blocks)
            found[np.array(list(extents)).take(chosen.terms), chosen.slots] = self.words(chosen)
        return found

    def _starts(self, at: Array) -> Array:
        """Return where the postings of some entries start."""
        steps = at % SAMPLE
        sampled: Array = self._samples[at // SAMPLE]
        return sampled + _sums(counts_in(self.entries[ranges(at - steps, steps)]), steps)

    def words(self, chosen: Selected) -> Array:
        """Return the documents of each of some entries, as bits."""
        return words_of(self.codes[ranges(chosen.starts, chosen.counts)], chosen.counts.cumsum() - chosen.counts)

    def postings_in(self, extents: Sequence[Extent], docs: Array) -> tuple[Array, Array, Array]:
        """Return the postings of some terms in some documents, given in order, term after term.

        They come as the number of the term, the number of the document, and the number of the posting.
        """
        if not extents or not len(docs):
            return docs[:0], docs[:0], docs[:0]
        numbers = docs >> 6
        first = heads(numbers)
        blocks = numbers[first]
        number_of = np.full(len(blocks) << 6, -1, np.int32)
        number_of[(first.cumsum() - 1 << 6) + (docs & 63)] = np.arange(len(docs), dtype=np.int32)
        chosen = self.select(extents, blocks)
        at = ranges(chosen.starts, chosen.counts)
        which = number_of.take((chosen.slots << 6).repeat(chosen.counts) + (self.codes[at] >> 2))
        kept = (which >= 0).nonzero()[0]
        return chosen.terms.repeat(chosen.counts)[kept], which[kept], at[kept]

    def frequencies_at(self, at: Array, codes: Array | None = None) -> Array:
        """Return the frequencies of some postings."""
        codes = self.codes[at] if codes is None else codes
        found = (codes & 3).astype(np.int64)
        found += 1
        large = (found == MANY).nonzero()[0]
        if len(large):
            found[large] = self._many[self._many_at.searchsorted(at[large].astype(self._many_at.dtype))]
        return found

    def occurrences_in(self, extents: Sequence[Extent], docs: Array) -> tuple[Array, Array]:
        """Return where terms stand in some documents: the terms' numbers, and document << 32 | position."""
        terms, which, at = self.postings_in(extents, docs)
        frequencies, positions = self._positions_at(at, self.codes[at])
        starts = docs.take(which) << 32
        if len(positions) == len(at):
            return terms, positions | starts
        return terms.repeat(frequencies), positions | starts.repeat(frequencies)

    def _positions_at(self, at: Array, codes: Array) -> tuple[Array, Array]:
        """Return how many positions some postings have, and their positions, one posting's after the other's."""
        at = at - self._first
        several = (codes & 3 != 0).nonzero()[0]
        if not len(several):
            return np.ones(len(at), np.int64), self._placed_at(at)
        frequencies = self.frequencies_at(at + self._first, codes)
        steps = at[several] % SAMPLE
        others = self.frequencies_at(ranges(at[several] - steps, steps) + self._first) - 1
        starts = self._placed + self._other_samples[at[several] // SAMPLE] + _sums(others, steps)
        opening = frequencies.cumsum() - frequencies
        places = np.empty(int(frequencies.sum()), np.int64)
        places[opening] = at
        more = frequencies[several] - 1
        places[ranges(opening[several] + 1, more)] = ranges(starts.astype(np.int64), more)
        return frequencies, self._placed_at(places)

    def _placed_at(self, places: Array) -> Array:
        positions: Array = self._positions[places].astype(np.int64)
        if len(self._far_at):
            near = self._far_at.searchsorted(places.astype(self._far_at.dtype))
            near[near == len(self._far_at)] = 0
            far = (self._far_at[near] == places).nonzero()[0]
            positions[far] |= self._far[near[far]].astype(np.int64) << 8
        return positions

    # All terms of a range, to write them anew

    def over(self, low: int, high: int) -> tuple[Extent, Array]:
        """Return where the terms of a range of numbers stand together, and how many postings each of the range has."""
        first, last = place_of(self.terms, low), place_of(self.terms, high)
        bounds = self.posting_bounds[first : last + 1].astype(np.int64)
        sizes = np.zeros(high - low, np.int64)
        sizes[self.terms[first:last].astype(np.int64) - low] = np.diff(bounds)
        entries, entries_end = self.entry_bounds[[first, last]].tolist()
        return Extent(entries, entries_end, int(bounds[0]), int(bounds[-1])), sizes

    def spread(self, extent: Extent) -> tuple[Array, Array]:
        """Return the documents of an extent's postings, and the frequencies that go with them."""
        return self._docs(extent), self._frequencies(extent)

    def occurrences_over(self, extent: Extent) -> Array:
        """Return where the terms of an extent stand, posting after posting: document << 32 | position."""
        if not extent.df:
            return np.zeros(0, np.int64)
        first, last = extent.postings - self._first, extent.postings_end - self._first
        frequencies = self._frequencies(extent)
        found = np.repeat(self._docs(extent) << 32, frequencies)
        opens = np.zeros(len(found), np.bool_)
        opens[np.cumsum(frequencies) - frequencies] = True
        step = first % SAMPLE
        before = self.frequencies_at(np.arange(first - step, first) + self._first) - 1
        others = self._placed + int(self._other_samples[first // SAMPLE]) + int(before.sum())
        found[opens] |= self._placed_between(first, last)
        found[~opens] |= self._placed_between(others, others + len(found) - len(frequencies))
        return found

    def _placed_between(self, low: int, high: int) -> Array:
        found: Array = self._positions[low:high].astype(np.int64)
        first, last = place_of(self._far_at, low), place_of(self._far_at, high)
        found[self._far_at[first:last].astype(np.int64) - low] |= self._far[first:last].astype(np.int64) << 8
        return found

    def _docs(self, extent: Extent) -> Array:
        entries = self.entries[extent.entries : extent.entries_end]
        docs: Array = np.repeat(blocks_in(entries) << 6, counts_in(entries))
        docs += self.codes[extent.postings : extent.postings_end] >> 2
        return docs

    def _frequencies(self, extent: Extent) -> Array:
        found = (self.codes[extent.postings : extent.postings_end] & 3).astype(np.int64)
        found += 1
        first, last = place_of(self._many_at, extent.postings), place_of(self._many_at, extent.postings_end)
        found[self._many_at[first:last].astype(np.int64) - extent.postings] = self._many[first:last]
        return found


def words_of(codes: Array, starts: Array) -> Array:
    """Return the documents of each of some runs of postings, which start at `starts`, as bits."""
    words: Array = np.bitwise_or.reduceat(_BIT.take(codes), starts) if len(starts) else nothing(0)
    return words


def blocks_in(entries: Array) -> Array:
    """Return the block of each entry, in the type that NumPy picks by without a cast."""
    blocks: Array = (entries >> 16).astype(np.intp)
    return blocks


def counts_in(entries: Array) -> Array:
    """Return how many postings each entry has."""
    counts: Array = (entries >> 10 & 63).astype(np.int64)
    counts += 1
    return counts


def _sums(values: Array, counts: Array) -> Array:
    """Return the sum of each run of so many values."""
    sums = np.concatenate(([0], values.cumsum()))
    ends = counts.cumsum()
    found: Array = sums[ends] - sums[ends - counts]
    return found
