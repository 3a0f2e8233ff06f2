"""Postings in blocks of 64 documents, as arrays: how they are packed, and how they are read.

For each term, in the order of terms, and each block it stands in, an *entry* of 32 bits:

    block (16) · postings in it, less one (6) · largest frequency (4) · smallest length (6)

The last two bound what the block can score for any k1, b and average length: the frequency is 15 from there on, and the
length is rounded down to one of 64 (`LENGTHS`). For each posting one byte: the document's place in its block (6) and
its frequency, less one (2), which is 3 from there on; the true frequencies of those stand in a list of exceptions.
Positions are apart, so that ranking never reads them: their low byte each, the rest again in a list of exceptions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from searcher.engines.whoosh._container import Array, ArrayFile

__all__ = ["BLOCK", "LENGTHS", "MAX_DOCS", "TOP", "Found", "Postings", "among", "invert", "ramp"]

BLOCK = 64
MAX_DOCS = BLOCK << 16

LENGTHS = np.unique(np.concatenate([np.arange(8), np.geomspace(8, 1 << 20, 56).astype(np.int64)]))[:64].astype(np.int64)
"""The lengths that bounds are rounded down to."""

_MANY = 4  # frequencies from here on are exceptions
TOP = 15
_BYTE = 0xFF
_BITS = 64
_PIECE = 1 << 20  # worked on at once, to save memory
_SAMPLE = 64  # one posting in so many tells where its positions start


def ramp(counts: Array) -> Array:
    """Return 0, 1, … for each count, one after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Array = np.arange(total) - np.repeat(ends - counts, counts)
    return numbers


@dataclass(slots=True, eq=False)
class Found:
    """The occurrences of a field in the texts of a space, text after text."""

    keys: Array  # of the terms, as numbers in the terms' order
    docs: Array
    positions: Array | None
    lengths: Array  # tokens of each document


def invert(field: str, spaces: Mapping[str, Found]) -> tuple[Array, dict[str, Array]]:
    """Return the field's keys, common to all spaces and sorted, and the arrays of its postings."""
    ordered = {space: _ordered(found) for space, found in spaces.items()}
    keys = np.unique(np.concatenate([found.keys for found in ordered.values()]))
    arrays: dict[str, Array] = {}
    for space, found in ordered.items():
        packed = _pack(found, np.searchsorted(keys, found.keys), len(keys), spaces[space])
        arrays |= {f"{space}.{field}.{name}": array for name, array in packed.items()}
    return keys, arrays


@dataclass(frozen=True, slots=True, eq=False)
class _Ordered:
    keys: Array  # distinct, sorted
    heads: Array  # where each key's occurrences start
    order: Array  # the occurrences, by key


def _ordered(found: Found) -> _Ordered:
    """Sort occurrences by key, those of a key as they come: one sort of key and number side by side.

    The keys are used up.
    """
    size = len(found.keys)
    width = size.bit_length()
    keys: Array = found.keys.astype(np.uint64, copy=False)
    names: Array | None = None
    if int(keys.max(initial=0)).bit_length() + width > _BITS:
        names, keys = np.unique(keys, return_inverse=True)
        keys = keys.astype(np.uint64)
    keys <<= np.uint64(width)
    for low in range(0, size, _PIECE):
        keys[low : low + _PIECE] |= np.arange(low, min(low + _PIECE, size), dtype=np.uint64)
    keys.sort()
    order = np.empty(size, np.uint32)
    for low in range(0, size, _PIECE):
        order[low : low + _PIECE] = keys[low : low + _PIECE] & np.uint64((1 << width) - 1)
    keys >>= np.uint64(width)
    found.keys = keys[:0]
    heads = np.flatnonzero(_changes(keys))
    distinct = keys[heads]
    return _Ordered(distinct if names is None else names[distinct], heads, order)


def _pack(found: _Ordered, terms: Array, term_count: int, source: Found) -> dict[str, Array]:
    """Return the arrays of a field in a space; `terms` are the places of its keys among the field's."""
    size = len(found.order)
    docs = source.docs[found.order]
    opens = _changes(docs)
    opens[found.heads] = True
    at = np.flatnonzero(opens).astype(np.uint32)
    doc = docs[at]
    del docs, opens
    frequencies = np.empty(len(at), np.uint32)
    np.subtract(at[1:], at[:-1], out=frequencies[:-1])
    frequencies[-1:] = size - at[-1:]
    term_heads = np.searchsorted(at, found.heads.astype(np.uint32))  # where each term's postings start
    many = np.flatnonzero(frequencies >= _MANY)
    arrays = {
        "postings": doc.astype(np.uint8) << 2 | (np.minimum(frequencies, _MANY) - 1).astype(np.uint8),
        "posting_bounds": _bounds(terms, term_heads, len(at), term_count),
        "many_at": _narrow(many),
        "many": _narrow(frequencies[many]),
    }
    if source.positions is not None:
        positions = source.positions[found.order]
        far = np.flatnonzero(positions > _BYTE)
        arrays["positions"] = positions.astype(np.uint8)
        arrays["position_bounds"] = _bounds(terms, found.heads, size, term_count)
        arrays["position_samples"] = _narrow(at[::_SAMPLE])
        arrays["far_at"] = _narrow(far)
        arrays["far"] = _narrow(positions[far] >> 8)
        del positions
    block = doc // BLOCK
    opens = _changes(block)
    opens[term_heads] = True
    heads = np.flatnonzero(opens)
    counts = np.diff(np.append(heads, len(at))).astype(np.uint32)
    entries = block[heads] << 16 | counts - 1 << 10
    del block, opens
    if len(heads):
        entries |= np.minimum(np.maximum.reduceat(frequencies, heads), TOP) << 6
        least = np.minimum.reduceat(source.lengths.astype(np.uint32)[doc], heads)
        entries |= (np.searchsorted(LENGTHS, least, "right") - 1).astype(np.uint32)
    arrays["entries"] = entries
    arrays["entry_bounds"] = _bounds(terms, np.searchsorted(heads, term_heads), len(heads), term_count)
    return arrays


def _changes(values: Array) -> Array:
    """Tell where another value starts."""
    changes = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _bounds(terms: Array, heads: Array, size: int, term_count: int) -> Array:
    """Return where each of all terms starts, given where those that occur do."""
    counts = np.zeros(term_count + 1, np.int64)
    counts[terms + 1] = np.diff(np.append(heads, size))
    return _narrow(np.cumsum(counts))


def _narrow(values: Array) -> Array:
    """Return numbers in 32 bits where they fit."""
    return values.astype(np.uint32 if not len(values) or int(values.max()) < 1 << 32 else np.uint64)


class Postings:
    """The postings of a field of a segment, read in place."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.ranges = lru_cache(8192)(self._range_of)  # of a term's entries and of its postings
        self.entries = file[f"{name}.entries"]
        self.postings = file[f"{name}.postings"]
        self.entry_bounds = file[f"{name}.entry_bounds"]
        self.posting_bounds = file[f"{name}.posting_bounds"]
        self._many_at = file[f"{name}.many_at"]
        self._many = file[f"{name}.many"]
        if f"{name}.positions" in file.names():
            self._positions = file[f"{name}.positions"]
            self._position_samples = file[f"{name}.position_samples"]
            self.position_bounds = file[f"{name}.position_bounds"]
            self._far_at = file[f"{name}.far_at"]
            self._far = file[f"{name}.far"]

    def _range_of(self, term: int) -> tuple[int, int, int, int]:
        entries, postings = self.entry_bounds[term : term + 2].tolist(), self.posting_bounds[term : term + 2].tolist()
        return entries[0], entries[1], postings[0], postings[1]

    def df(self, term: int) -> int:
        """Return in how many documents a term stands, deleted ones included."""
        _, _, low, high = self.ranges(term)
        return high - low

    def docs(self, term: int) -> Array:
        """Return the documents a term stands in."""
        return self._docs(*self.ranges(term))

    def blocks(self, term: int) -> Array:
        """Return the blocks a term stands in."""
        low, high, _, _ = self.ranges(term)
        return (self.entries[low:high] >> 16).astype(np.int64)

    def docs_within(self, term: int, blocks: Array) -> Array:
        """Return the documents of some blocks, in order, that a term stands in."""
        return self._within(term, blocks)[0]

    def occurrences_in(self, term: int, docs: Array) -> Array:
        """Return where a term stands in some documents, given in order: document << 32 | position."""
        numbers = docs // BLOCK
        found, at = self._within(term, numbers[np.flatnonzero(np.diff(numbers, prepend=-1))])
        if not len(found):
            return found
        kept = np.searchsorted(found, docs)
        kept[kept == len(found)] = 0
        kept = kept[found[kept] == docs]
        found, at = found[kept], at[kept]
        at += self.ranges(term)[2]
        counts = self._frequencies_at(at)
        samples, steps = at // _SAMPLE, at % _SAMPLE
        before = np.concatenate(([0], np.cumsum(self._frequencies_at(np.repeat(at - steps, steps) + ramp(steps)))))
        ends = np.cumsum(steps)
        starts = self._position_samples[samples].astype(np.int64) + before[ends] - before[ends - steps]
        places = np.repeat(starts, counts) + ramp(counts)
        positions: Array = self._positions[places].astype(np.int64)
        if len(self._far_at):
            near = np.searchsorted(self._far_at, places.astype(self._far_at.dtype))
            near[near == len(self._far_at)] = 0
            far = np.flatnonzero(self._far_at[near] == places)
            positions[far] |= self._far[near[far]].astype(np.int64) << 8
        positions |= np.repeat(found << 32, counts)
        return positions

    def _within(self, term: int, blocks: Array) -> tuple[Array, Array]:
        """Return the documents of some blocks that a term stands in, and where they stand among the term's postings."""
        low, high, first, _ = self.ranges(term)
        entries = self.entries[low:high]
        if not len(entries):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        sizes = (entries >> 10 & 63).astype(np.int64) + 1
        starts = np.cumsum(sizes) - sizes
        at = np.searchsorted(entries, (blocks << 16).astype(np.uint32))
        at[at == len(entries)] = 0
        at = at[entries[at] >> 16 == blocks]
        counts = sizes[at]
        found = np.repeat(starts[at], counts) + ramp(counts)
        docs: Array = np.repeat((entries[at] >> 16).astype(np.int64) * BLOCK, counts)
        docs += self.postings[first + found] >> 2
        return docs, found

    def frequencies(self, term: int) -> Array:
        """Return how often a term stands in each of its documents."""
        return self._frequencies(*self.ranges(term)[2:])

    def occurrences(self, term: int) -> Array:
        """Return where a term stands, in order: document << 32 | position."""
        return self._occurrences(
            self.docs(term), self.frequencies(term), *self.position_bounds[term : term + 2].tolist()
        )

    def all_docs(self) -> Array:
        """Return the documents of all terms, term after term."""
        return self._docs(0, len(self.entries), 0, len(self.postings))

    def all_frequencies(self) -> Array:
        """Return the frequencies that go with them."""
        return self._frequencies(0, len(self.postings))

    def all_occurrences(self) -> Array:
        """Return where all terms stand, term after term."""
        return self._occurrences(self.all_docs(), self.all_frequencies(), 0, len(self._positions))

    def exceptions(self, low: int, high: int) -> tuple[Array, Array]:
        """Return which postings of a range have a frequency that is kept apart, and what it is."""
        first, last = _between(self._many_at, low, high)
        return self._many_at[first:last].astype(np.int64), self._many[first:last]

    def _docs(self, low: int, high: int, first: int, last: int) -> Array:
        entries = self.entries[low:high]
        docs: Array = np.repeat((entries >> 16).astype(np.int64) * BLOCK, (entries >> 10 & 63) + 1)
        docs += self.postings[first:last] >> 2
        return docs

    def _frequencies(self, low: int, high: int) -> Array:
        found = (self.postings[low:high] & 3).astype(np.int64)
        found += 1
        at, many = self.exceptions(low, high)
        found[at - low] = many
        return found

    def _frequencies_at(self, at: Array) -> Array:
        found = (self.postings[at] & 3).astype(np.int64)
        found += 1
        large = np.flatnonzero(found == _MANY)
        if len(large):
            found[large] = self._many[np.searchsorted(self._many_at, at[large].astype(self._many_at.dtype))]
        return found

    def _occurrences(self, docs: Array, frequencies: Array, low: int, high: int) -> Array:
        found = self._positions[low:high].astype(np.int64)
        first, last = _between(self._far_at, low, high)
        if first < last:
            found[self._far_at[first:last].astype(np.int64) - low] |= self._far[first:last].astype(np.int64) << 8
        found |= np.repeat(docs << 32, frequencies)
        return found


def _between(places: Array, low: int, high: int) -> tuple[int, int]:
    """Return the range of the places that lie in a range; asked in their own type, lest they are all converted."""
    first, last = np.searchsorted(places, np.array((low, high), places.dtype)).tolist()
    return first, last


def among(docs: Array, others: Array) -> Array:
    """Tell which of `docs` are among others, both in order."""
    at = np.searchsorted(others, docs)
    at[at == len(others)] = 0
    held: Array = others[at] == docs if len(others) else np.zeros(len(docs), np.bool_)
    return held
