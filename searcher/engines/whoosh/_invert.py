"""Inversion: the occurrences of tokens in texts, sorted once, to packed postings."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from searcher.engines.whoosh import _bm25
from searcher.engines.whoosh._bits import BLOCK
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import MANY

__all__ = ["Found", "Packed", "Run", "invert", "pack"]

_BITS = 64
_PIECE = 1 << 20  # worked on at once, to save memory
_RUNS = 1 << 16  # likewise, runs of postings


@dataclass(slots=True, eq=False)
class Found:
    """The occurrences of a field in the texts of a space, text after text."""

    keys: Array  # of the terms, as numbers in the terms' order
    docs: Array
    positions: Array | None
    lengths: Array  # tokens of each document


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The postings of some terms of a field in a space, term after term, in the order of documents."""

    counts: Array  # of each term
    docs: Array
    frequencies: Array
    positions: tuple[Array, Array] | None  # each posting's first, and all others


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """The postings of some terms of a field in a space, as they are kept; the terms by their place among others."""

    terms: Array  # that occur, in order
    entries: Array
    entry_counts: Array  # of each term
    postings: Array
    posting_counts: Array  # of each term
    many_at: Array  # postings whose frequency stands apart
    many: Array
    placed: tuple[Array, Array, Array] | None  # positions: each posting's first; all others; how many others each has


def invert(found: Mapping[str, Found]) -> tuple[Array, dict[str, Packed]]:
    """Return a field's keys, common to all spaces and sorted, and its postings by space; what was found is used up."""
    ordered = {space: _ordered(those) for space, those in found.items()}
    keys = np.unique(np.concatenate([those.keys for those in ordered.values()]))
    return keys, {
        space: _pack(those, np.searchsorted(keys, those.keys).astype(np.uint32), found[space])
        for space, those in ordered.items()
    }


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


def _pack(found: _Ordered, terms: Array, source: Found) -> Packed:
    """Return a field's postings in a space; `terms` are the places of its keys among the field's."""
    size = len(found.order)
    docs = source.docs[found.order]
    opens = _changes(docs)
    opens[found.heads] = True
    at = np.flatnonzero(opens).astype(np.uint32)
    doc = docs[at]
    del docs
    frequencies = np.empty(len(at), np.uint32)
    np.subtract(at[1:], at[:-1], out=frequencies[:-1])
    frequencies[-1:] = size - at[-1:]
    positions = None
    if source.positions is not None:
        every = source.positions[found.order]
        positions = every[at], every[~opens]
        del every
    del opens
    heads = np.searchsorted(at, found.heads.astype(np.uint32))  # where each term's postings start
    run = Run(np.diff(np.append(heads, len(at))), doc, frequencies, positions)
    return pack(terms, run, _bm25.weighed(source.lengths))


def pack(terms: Array, run: Run, lengths: Array) -> Packed:
    """Return postings as they are kept.

    `terms` are the places of the run's terms, each of which has postings; `lengths` are of all documents of the space,
    weighed. Documents, frequencies and positions are unsigned, in 32 bits.
    """
    doc, frequencies = run.docs, run.frequencies
    term_heads = np.cumsum(run.counts) - run.counts
    many = np.flatnonzero(frequencies >= MANY)
    block = doc // np.uint32(BLOCK)
    opens = _changes(block)
    opens[term_heads] = True
    heads = np.flatnonzero(opens)
    entries = block[heads] << 16 | np.diff(np.append(heads, len(doc))).astype(np.uint32) - 1 << 10
    del block, opens
    entries |= _most(frequencies, doc, lengths, heads)
    return Packed(
        terms=terms,
        entries=entries,
        entry_counts=np.diff(np.append(np.searchsorted(heads, term_heads), len(heads))),
        postings=doc.astype(np.uint8) << 2 | (np.minimum(frequencies, MANY) - 1).astype(np.uint8),
        posting_counts=run.counts,
        many_at=many,
        many=frequencies[many],
        placed=None if run.positions is None else (*run.positions, frequencies - 1),
    )


def _most(frequencies: Array, docs: Array, lengths: Array, heads: Array) -> Array:
    """Return the kept bounds of some runs of postings; the lengths, one a document, are weighed."""
    ends = np.append(heads[1:], len(docs))
    found = np.zeros(len(heads), np.uint32)
    for low in range(0, len(heads), _RUNS):
        first, last = heads[low], ends[low : low + _RUNS][-1]
        gained = _bm25.gains(frequencies[first:last].astype(np.float32), lengths[docs[first:last]])
        found[low : low + _RUNS] = _bm25.bounds(np.maximum.reduceat(gained, heads[low : low + _RUNS] - first))
    return found


def _changes(values: Array) -> Array:
    """Tell where another value starts."""
    changes = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes
