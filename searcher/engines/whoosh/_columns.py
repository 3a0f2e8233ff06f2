"""The tokens of many texts, as columns, and their inversion to postings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from searcher.analysis import BREAK_ID, NAMED, Analysis
from searcher.engines.whoosh import _bm25
from searcher.engines.whoosh._container import Array, Pieces
from searcher.engines.whoosh._invert import Found, invert
from searcher.engines.whoosh._postings_out import PostingsOut
from searcher.engines.whoosh._strings import encode, string_arrays

__all__ = ["Columns", "invert_columns", "smallest"]


class Columns:
    """The tokens of one space, batch after batch, their names numbered through."""

    def __init__(self) -> None:
        self._units: list[Array] = []
        self._unit_counts: list[Array] = []
        self._words: list[Array] = []
        self._word_counts: list[Array] = []

    def add(self, analysis: Analysis, unit_names: dict[str, int], word_names: dict[str, int]) -> None:
        units, words = analysis.units, analysis.words
        self._add_units(units.ids.astype(np.uint32), np.diff(units.bounds), _numbers(units.names, unit_names))
        self._add_words(words.ids, np.diff(words.bounds), _numbers(words.names, word_names))

    def _add_units(self, ids: Array, counts: Array, numbers: Array) -> None:
        named = np.flatnonzero(ids >= NAMED)
        ids[named] = NAMED + numbers[ids[named] - NAMED]
        self._units.append(ids)
        self._unit_counts.append(counts)

    def _add_words(self, ids: Array, counts: Array, numbers: Array) -> None:
        self._words.append(numbers[ids])
        self._word_counts.append(counts)

    def units(self) -> tuple[Array, Array]:
        """Return the units of all texts, and how many each has."""
        return _joined(self._units, np.uint32), _joined(self._unit_counts, np.int64)

    def stand(self, names: int) -> Array:
        """Tell of so many names of units whether they stand in a text."""
        found = np.zeros(names, np.bool_)
        for ids in self._units:
            found[ids[ids >= NAMED] - NAMED] = True
        return found

    def words(self) -> tuple[Array, Array]:
        """Return the words of all texts, and how many each has."""
        return _joined(self._words, np.uint32), _joined(self._word_counts, np.int64)


def invert_columns(
    spaces: dict[str, Columns], unit_names: Sequence[str], word_names: Sequence[str], folder: Path
) -> tuple[dict[str, Array | Pieces], dict[str, Any]]:
    """Return the arrays of the three token fields of both spaces, and their facts; the columns are used up.

    What is large waits on the disk of `folder`.
    """
    standing = np.logical_or.reduce([columns.stand(len(unit_names)) for columns in spaces.values()])
    unit_rank, unit_table = _ranked(unit_names, np.flatnonzero(standing))  # others were of reports that were left out
    word_rank, word_table = _ranked(word_names, np.arange(len(word_names)))
    arrays: dict[str, Array | Pieces] = {**string_arrays("units", unit_table)}
    out = {space: PostingsOut(folder) for space in spaces}
    lengths: dict[str, list[Array]] = {space: [] for space in spaces}
    terms = 0

    def keep(found: dict[str, Found]) -> Array:
        nonlocal terms
        keys, inverted = invert(found)
        for space in spaces:
            out[space].add(inverted[space], terms)
            lengths[space].append(found[space].lengths)
        terms += len(keys)
        return keys

    words = {}
    for space, columns in spaces.items():
        ids, counts = columns.words()
        words[space] = Found(word_rank[ids] if len(ids) else ids, _owners(counts), None, counts)
    arrays |= string_arrays("words", [word_table[key] for key in keep(words).tolist()])
    del words
    units = {space: _Units(*columns.units(), unit_rank) for space, columns in spaces.items()}
    alphabet = np.flatnonzero(np.logical_or.reduce([those.present() for those in units.values()]))
    for those in units.values():
        those.renumber(alphabet)
    for field, read in (("bigrams", _Units.bigrams), ("unigrams", _Units.unigrams)):
        keys = keep({space: read(those, len(alphabet)) for space, those in units.items()})
        pairs = alphabet[keys // len(alphabet)] << 32 if field == "bigrams" and len(keys) else 0
        arrays[f"{field}.keys"] = (pairs | alphabet[keys % max(len(alphabet), 1)]).astype(np.uint64)
    del units
    facts: dict[str, Any] = {}
    for space in spaces:
        found, told = out[space].arrays(space)
        arrays |= found
        facts |= told
        facts[f"{space}.bounds"] = _bm25.parameters(lengths[space])
        joint = np.concatenate(lengths[space])
        arrays[f"{space}.lengths"] = joint.astype(smallest(int(joint.max(initial=0))))
    return arrays, facts


class _Units:
    """The units of a space's texts, under their numbers in the segment."""

    def __init__(self, ids: Array, counts: Array, rank: Array) -> None:
        named = np.flatnonzero(ids >= NAMED)
        ids[named] = NAMED + rank[ids[named] - NAMED]
        self._ids = ids
        self._breaks = ids == BREAK_ID
        self._counts = counts
        self._docs = _owners(counts)
        self._limit = NAMED + len(rank)  # no less than there are

    def present(self) -> Array:
        """Tell which numbers occur."""
        found = np.zeros(self._limit, np.bool_)
        found[self._ids] = True
        return found

    def renumber(self, alphabet: Array) -> None:
        """Count through the numbers that occur: then a pair of them is a small number too."""
        rank = np.zeros(self._limit, np.uint32)
        rank[alphabet] = np.arange(len(alphabet))
        self._ids = rank[self._ids]

    def bigrams(self, size: int) -> Found:
        inner = self._docs[1:] == self._docs[:-1]
        keys = self._ids[:-1][inner].astype(np.uint64)
        keys *= np.uint64(size)
        keys += self._ids[1:][inner]
        positions = np.arange(len(self._docs), dtype=np.uint32)
        positions -= np.repeat((np.cumsum(self._counts) - self._counts).astype(np.uint32), self._counts)
        return Found(keys, self._docs[:-1][inner], positions[:-1][inner], np.maximum(self._counts - 1, 0))

    def unigrams(self, _: int) -> Found:
        real = ~self._breaks
        docs = self._docs[real]
        return Found(self._ids[real], docs, None, np.bincount(docs, minlength=len(self._counts)))


def _owners(counts: Array) -> Array:
    return np.repeat(np.arange(len(counts), dtype=np.uint32), counts)


def _ranked(names: Sequence[str], chosen: Array) -> tuple[Array, list[bytes]]:
    """Return the place of each of the chosen names in their sorted table, and the table."""
    encoded = {index: encode(names[index]) for index in chosen.tolist()}
    order = sorted(encoded, key=encoded.__getitem__)
    rank = np.zeros(max(len(names), 1), np.uint32)
    rank[order] = np.arange(len(order))
    return rank, [encoded[index] for index in order]


def _numbers(names: Sequence[str], known: dict[str, int]) -> Array:
    """Return the numbers of names in a table that grows."""
    return np.array([known.setdefault(name, len(known)) for name in names] or [0], np.uint32)


def _joined(parts: list[Array], kind: type[np.generic]) -> Array:
    """Join what was gathered, and let go of the pieces."""
    joined = np.concatenate(parts) if parts else np.zeros(0, kind)
    parts.clear()
    return joined


def smallest(largest: int) -> type[np.generic]:
    return np.uint8 if largest < 1 << 8 else np.uint16 if largest < 1 << 16 else np.uint32
