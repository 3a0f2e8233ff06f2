"""Inversion: the occurrences of tokens in texts, sorted once, to the arrays of `_postings`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from searcher.engines.whoosh import _bm25
from searcher.engines.whoosh._bits import BLOCK
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import MANY, SAMPLE

__all__ = ["Found", "Packed", "average", "invert", "joined", "narrow"]

_BYTE = 0xFF
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
class Packed:
    """The postings of a field in a space, as they are kept; its terms by their place among the field's."""

    terms: Array  # that occur, in order
    entries: Array
    entry_counts: Array  # of each term
    postings: Array
    posting_counts: Array  # of each term
    many_at: Array  # postings whose frequency stands apart
    many: Array
    positions: Array | None  # of each posting the first, then all others
    extra: Array | None  # how many others each posting has


def invert(found: Mapping[str, Found]) -> tuple[Array, dict[str, Packed]]:
    """Return a field's keys, common to all spaces and sorted, and its postings by space; what was found is used up."""
    ordered = {space: _ordered(those) for space, those in found.items()}
    keys = np.unique(np.concatenate([those.keys for those in ordered.values()]))
    return keys, {
        space: _pack(those, np.searchsorted(keys, those.keys).astype(np.uint32), found[space])
        for space, those in ordered.items()
    }


def joined(space: str, fields: Sequence[Packed], term_counts: Sequence[int]) -> tuple[dict[str, Array], dict[str, int]]:
    """Return the arrays of a space whose fields stand one after the other, and the facts that go with them."""
    sizes = [len(packed.postings) for packed in fields]
    bases = np.cumsum([0, *sizes])
    numbers = np.cumsum([0, *term_counts])
    placed = next(at for at, packed in enumerate(fields) if packed.positions is not None)
    positions, extra = fields[placed].positions, fields[placed].extra
    assert positions is not None and extra is not None  # noqa: S101, PT018 - for the type checker
    far = np.flatnonzero(positions > _BYTE)
    entries = np.concatenate([packed.entries for packed in fields])
    arrays = {
        "terms": np.concatenate([p.terms + np.uint32(n) for p, n in zip(fields, numbers[:-1].tolist(), strict=True)]),
        "entries": entries,
        "entry_bounds": _bounds(np.concatenate([packed.entry_counts for packed in fields])),
        "samples": _samples((entries >> 10 & 63).astype(np.uint8) + np.uint8(1)),
        "postings": np.concatenate([packed.postings for packed in fields]),
        "posting_bounds": _bounds(np.concatenate([packed.posting_counts for packed in fields])),
        "many_at": narrow(np.concatenate([p.many_at + b for p, b in zip(fields, bases[:-1].tolist(), strict=True)])),
        "many": narrow(np.concatenate([packed.many for packed in fields])),
        "positions": positions.astype(np.uint8),
        "other_samples": _samples(extra),
        "far_at": narrow(far),
        "far": narrow(positions[far] >> 8),
    }
    facts = {"first": int(bases[placed]), "placed": sizes[placed]}
    return {f"{space}.{name}": a for name, a in arrays.items()}, {f"{space}.{name}": n for name, n in facts.items()}


def average(lengths: Array) -> float:
    """Return the average length of documents, 1 where there is nothing in them."""
    return (float(lengths.mean()) if len(lengths) else 0.0) or 1.0


def narrow(values: Array) -> Array:
    """Return numbers in 32 bits where they fit."""
    return values.astype(np.uint32 if not len(values) or int(values.max()) < 1 << 32 else np.uint64)


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
    positions = extra = None
    if source.positions is not None:
        every = source.positions[found.order]
        positions = np.concatenate([every[at], every[~opens]])
        extra = frequencies - 1
        del every
    del opens
    term_heads = np.searchsorted(at, found.heads.astype(np.uint32))  # where each term's postings start
    many = np.flatnonzero(frequencies >= MANY)
    block = doc // BLOCK
    opens = _changes(block)
    opens[term_heads] = True
    heads = np.flatnonzero(opens)
    entries = block[heads] << 16 | np.diff(np.append(heads, len(at))).astype(np.uint32) - 1 << 10
    del block, opens
    entries |= _most(frequencies, doc, (source.lengths * _bm25.slopes(average(source.lengths))), heads)
    return Packed(
        terms=terms,
        entries=entries,
        entry_counts=np.diff(np.append(np.searchsorted(heads, term_heads), len(heads))),
        postings=doc.astype(np.uint8) << 2 | (np.minimum(frequencies, MANY) - 1).astype(np.uint8),
        posting_counts=np.diff(np.append(term_heads, len(at))),
        many_at=many,
        many=frequencies[many],
        positions=positions,
        extra=extra,
    )


def _most(frequencies: Array, docs: Array, lengths: Array, heads: Array) -> Array:
    """Return the kept bounds of some runs of postings; the lengths, one a document, are times their slope."""
    lengths = lengths.astype(np.float32)
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


def _bounds(counts: Array) -> Array:
    """Return where each of some runs starts, and where the last one ends."""
    bounds = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=bounds[1:])
    return narrow(bounds)


def _samples(counts: Array) -> Array:
    """Return the sum of all counts before every so many."""
    if not len(counts):
        return np.zeros(1, np.uint32)
    return _bounds(np.add.reduceat(counts, np.arange(0, len(counts), SAMPLE), dtype=np.int64))
