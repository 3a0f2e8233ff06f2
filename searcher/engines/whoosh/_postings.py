"""Postings in blocks of 64 documents, as arrays: how they are packed, and how they are read.

For each term, in the order of terms, and each block it stands in, an *entry* of 32 bits:

    block (16) · postings in it, less one (6) · largest frequency (4) · smallest length (6)

The last two bound what the block can score for any k1, b and average length: the frequency is 15 from there on, and the
length is rounded down to one of 64 (`LENGTHS`). For each posting one byte: the document's place in its block (6) and
its frequency, less one (2), which is 3 from there on; the true frequencies of those stand in a list of exceptions.
Positions are apart, so that ranking never reads them: their low byte each, the rest again in a list of exceptions.
"""

from dataclasses import dataclass

import numpy as np

from searcher.engines.whoosh._container import Array, ArrayFile

__all__ = ["BLOCK", "LENGTHS", "MAX_DOCS", "Postings", "Slots", "pack", "ramp"]

BLOCK = 64
MAX_DOCS = BLOCK << 16

LENGTHS = np.unique(np.concatenate([np.arange(8), np.geomspace(8, 1 << 20, 56).astype(np.int64)]))[:64].astype(np.int64)
"""The lengths that bounds are rounded down to."""

_MANY = 4  # frequencies from here on are exceptions
_TOP = 15
_BYTE = 0xFF


def ramp(counts: Array) -> Array:
    """Return 0, 1, … for each count, one after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Array = np.arange(total) - np.repeat(ends - counts, counts)
    return numbers


def pack(
    name: str, terms: Array, docs: Array, positions: Array | None, *, term_count: int, lengths: Array
) -> dict[str, Array]:
    """Return the arrays of a field from its occurrences, sorted by term, document and position.

    `terms` are ordinals below `term_count`; `lengths` are the documents' lengths in this field.
    """
    size = len(terms)
    first = np.ones(size, np.bool_)
    if size:
        first[1:] = (terms[1:] != terms[:-1]) | (docs[1:] != docs[:-1])
    at = np.flatnonzero(first)
    frequencies = np.diff(np.append(at, size))
    term, doc = terms[at], docs[at]
    code = np.minimum(frequencies, _MANY) - 1
    arrays = {
        "postings": ((doc % BLOCK) << 2 | code).astype(np.uint8),
        "posting_bounds": _bounds(term, term_count),
    }
    many = np.flatnonzero(frequencies >= _MANY)
    arrays["many_at"] = _narrow(many)
    arrays["many"] = _narrow(frequencies[many])

    opens = np.ones(len(at), np.bool_)
    if len(at):
        opens[1:] = (term[1:] != term[:-1]) | (doc[1:] // BLOCK != doc[:-1] // BLOCK)
    heads = np.flatnonzero(opens)
    counts = np.diff(np.append(heads, len(at)))
    if len(heads):
        top = np.minimum(np.maximum.reduceat(frequencies, heads), _TOP)
        least = np.minimum.reduceat(lengths[doc], heads)
    else:
        top = least = np.zeros(0, np.int64)
    shortest = np.searchsorted(LENGTHS, least, "right") - 1
    entries = (doc[heads].astype(np.int64) // BLOCK) << 16 | (counts - 1) << 10 | top << 6 | shortest
    arrays["entries"] = entries.astype(np.uint32)
    arrays["entry_bounds"] = _bounds(term[heads], term_count)
    if positions is not None:
        arrays["positions"] = (positions & _BYTE).astype(np.uint8)
        arrays["position_bounds"] = _bounds(terms, term_count)
        far = np.flatnonzero(positions > _BYTE)
        arrays["far_at"] = _narrow(far)
        arrays["far"] = _narrow(positions[far] >> 8)
    return {f"{name}.{key}": array for key, array in arrays.items()}


def _bounds(sorted_terms: Array, term_count: int) -> Array:
    counts = np.bincount(sorted_terms, minlength=term_count) if len(sorted_terms) else np.zeros(term_count, np.int64)
    return _narrow(np.concatenate(([0], np.cumsum(counts))))


def _narrow(values: Array) -> Array:
    """Return numbers in 32 bits where they fit."""
    return values.astype(np.uint32 if not len(values) or int(values.max()) < 1 << 32 else np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Postings of a term, found: documents in order, where each stands in the field's postings."""

    docs: Array
    at: int  # of the first; the others follow
    codes: Array


class Postings:
    """The postings of a field of a segment, read in place."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self.entries = file[f"{name}.entries"]
        self.postings = file[f"{name}.postings"]
        self.entry_bounds = file[f"{name}.entry_bounds"]
        self.posting_bounds = file[f"{name}.posting_bounds"]
        self._many_at = file[f"{name}.many_at"]
        self._many = file[f"{name}.many"]
        self._positional = f"{name}.positions" in file.names()
        if self._positional:
            self._positions = file[f"{name}.positions"]
            self._position_bounds = file[f"{name}.position_bounds"]
            self._far_at = file[f"{name}.far_at"]
            self._far = file[f"{name}.far"]

    def df(self, term: int) -> int:
        """Return in how many documents a term stands, deleted ones included."""
        return int(self.posting_bounds[term + 1]) - int(self.posting_bounds[term])

    def docs(self, term: int) -> Array:
        """Return the documents a term stands in."""
        low, high = self.entry_bounds[term : term + 2].tolist()
        entries = self.entries[low:high]
        base = (entries >> 16).astype(np.int64) * BLOCK
        low, high = self.posting_bounds[term : term + 2].tolist()
        docs: Array = np.repeat(base, (entries >> 10 & 63) + 1)
        docs += self.postings[low:high] >> 2
        return docs

    def frequencies(self, term: int) -> Array:
        """Return how often a term stands in each of its documents."""
        low, high = self.posting_bounds[term : term + 2].tolist()
        found = (self.postings[low:high] & 3).astype(np.int64) + 1
        first, last = np.searchsorted(self._many_at, (low, high)).tolist()
        if first < last:
            found[self._many_at[first:last].astype(np.int64) - low] = self._many[first:last]
        return found

    def occurrences(self, term: int) -> Array:
        """Return where a term stands, in order: document << 32 | position."""
        low, high = self._position_bounds[term : term + 2].tolist()
        found = self._positions[low:high].astype(np.int64)
        first, last = np.searchsorted(self._far_at, (low, high)).tolist()
        if first < last:
            found[self._far_at[first:last].astype(np.int64) - low] |= self._far[first:last].astype(np.int64) << 8
        found |= np.repeat(self.docs(term) << 32, self.frequencies(term))
        return found
