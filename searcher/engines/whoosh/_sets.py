"""Sets of paragraphs: in the form they are found in, turned into another only where that is needed."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._postings import BLOCK, Postings, among

__all__ = ["Docs", "Masked", "OfReports", "Sorted", "Standing", "Union", "distinct", "intersect", "unite"]

_SPARSE = 16  # a set with less than one in so many is better kept as a list


class Docs:
    """Some of the `size` documents of a segment."""

    size: int

    @cached_property
    def docs(self) -> Array:
        """The documents, in order."""
        return np.flatnonzero(self.mask)

    @cached_property
    def mask(self) -> Array:
        """Which documents they are."""
        found = np.zeros(self.size, np.bool_)
        found[self.docs] = True
        return found

    @cached_property
    def count(self) -> int:
        """How many they are."""
        return int(np.count_nonzero(self.mask)) if "mask" in self.__dict__ else len(self.docs)

    def holds(self, docs: Array) -> Array:
        """Tell which of `docs`, in order, are in the set."""
        held: Array = self.mask[docs]
        return held

    def blocks(self) -> Array:
        """Return the blocks they stand in, in order."""
        return distinct(self.docs // BLOCK)

    def within(self, blocks: Array) -> Array:
        """Return which documents of some blocks they are, block after block."""
        return self._blocked[blocks].reshape(-1)

    @cached_property
    def _blocked(self) -> Array:
        """The mask, block by block, the last one filled up."""
        return np.pad(self.mask, (0, -self.size % BLOCK)).reshape(-1, BLOCK)


class Masked(Docs):
    """A set given by its mask."""

    def __init__(self, mask: Array) -> None:
        self.size = len(mask)
        self.mask = mask

    @cached_property
    def count(self) -> int:
        """How many they are."""
        return int(np.count_nonzero(self.mask))


class Sorted(Docs):
    """A set given by its documents, in order."""

    def __init__(self, docs: Array, size: int) -> None:
        self.size = size
        self.docs = docs

    def holds(self, docs: Array) -> Array:
        """Tell which of `docs` are in the set."""
        if not len(self.docs):
            return np.zeros(len(docs), np.bool_)
        if len(docs) * _SPARSE > len(self.docs):
            return super().holds(docs)
        return among(docs, self.docs)

    def within(self, blocks: Array) -> Array:
        """Return which documents of some blocks they are."""
        slots = np.searchsorted(blocks, self.docs // BLOCK)
        slots[slots == len(blocks)] = 0
        kept = blocks[slots] == self.docs // BLOCK
        found = np.zeros(len(blocks) * BLOCK, np.bool_)
        found[slots[kept] * BLOCK + self.docs[kept] % BLOCK] = True
        return found


class Standing(Docs):
    """The documents a term stands in, read from its postings as far as they are needed."""

    def __init__(self, postings: Postings, term: int, size: int) -> None:
        self.size = size
        self.count = postings.df(term)
        self._postings = postings
        self._term = term

    @cached_property
    def docs(self) -> Array:
        """The documents, in order."""
        return self._postings.docs(self._term)

    def holds(self, docs: Array) -> Array:
        """Tell which of `docs` are in the set."""
        if len(docs) * _SPARSE > self.count or "docs" in self.__dict__:
            return super().holds(docs)
        return among(docs, self._postings.docs_within(self._term, distinct(docs // BLOCK)))

    def blocks(self) -> Array:
        """Return the blocks they stand in."""
        return self._postings.blocks(self._term)

    def within(self, blocks: Array) -> Array:
        """Return which documents of some blocks they are."""
        return Sorted(self._postings.docs_within(self._term, blocks), self.size).within(blocks)


class OfReports(Docs):
    """The paragraphs of some reports."""

    def __init__(self, rows: Array, report_of: Array) -> None:
        self.size = len(report_of)
        self._rows = rows
        self._report_of = report_of

    @cached_property
    def mask(self) -> Array:
        """Which documents they are."""
        mask: Array = self._rows[self._report_of]
        return mask

    def holds(self, docs: Array) -> Array:
        """Tell which of `docs` are in the set."""
        held: Array = self._rows[self._report_of[docs]]
        return held


class Union(Docs):
    """What any of some sets holds, worked out as far as it is needed."""

    def __init__(self, sets: Sequence[Docs], size: int) -> None:
        self.size = size
        self._sets = sorted(sets, key=_cost, reverse=True)
        self.cost = sum(map(_cost, self._sets))

    @cached_property
    def docs(self) -> Array:
        """The documents, in order."""
        if self.cost * _SPARSE > self.size:
            return np.flatnonzero(self.mask)
        return distinct(np.sort(np.concatenate([docs.docs for docs in self._sets])))

    @cached_property
    def mask(self) -> Array:
        """Which documents they are."""
        mask = np.zeros(self.size, np.bool_)
        for docs in self._sets:
            if isinstance(docs, Masked | OfReports) or "mask" in docs.__dict__:
                mask |= docs.mask
            else:
                mask[docs.docs] = True
        return mask

    @cached_property
    def count(self) -> int:
        """How many they are: the largest set, and what the others add to it."""
        if self.cost * _SPARSE > self.size:
            return int(np.count_nonzero(self.mask))
        first, *others = self._sets
        more = unite(others, self.size).docs
        return first.count + len(more) - int(np.count_nonzero(first.holds(more)))

    def holds(self, docs: Array) -> Array:
        """Tell which of `docs` are in the set."""
        if "mask" in self.__dict__:
            return super().holds(docs)
        held: Array = np.logical_or.reduce([part.holds(docs) for part in self._sets])
        return held

    def blocks(self) -> Array:
        """Return the blocks they stand in."""
        if "mask" in self.__dict__ or self.cost * _SPARSE > self.size:
            return np.flatnonzero(self._blocked.any(1))
        found = np.zeros(-(-self.size // BLOCK), np.bool_)
        for part in self._sets:
            found[part.blocks()] = True
        return np.flatnonzero(found)

    def within(self, blocks: Array) -> Array:
        """Return which documents of some blocks they are."""
        if "mask" in self.__dict__:
            return super().within(blocks)
        held: Array = np.logical_or.reduce([part.within(blocks) for part in self._sets])
        return held


def intersect(sets: Sequence[Docs]) -> Docs:
    """Return what all sets hold; there is at least one."""
    first, *others = sorted(sets, key=_cost)
    if not others:
        return first
    docs = first.docs
    for other in others:
        docs = docs[other.holds(docs)]
    return Sorted(docs, first.size)


def unite(sets: Sequence[Docs], size: int) -> Docs:
    """Return what any set holds."""
    held = [docs for docs in sets if _cost(docs)]
    if len(held) == 1:
        return held[0]
    return Union(held, size) if held else Sorted(np.zeros(0, np.int64), size)


def _cost(docs: Docs) -> int:
    """Return at most how many documents must be looked at."""
    if isinstance(docs, Union):
        return docs.cost
    return docs.size if isinstance(docs, Masked | OfReports) else docs.count


def distinct(numbers: Array) -> Array:
    """Return sorted numbers, each once."""
    if not len(numbers):
        return numbers
    kept = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=kept[1:])
    return numbers[kept]
