"""Sets of documents as bits: a 64-bit word a block, so that Boolean algebra is one operation an operator."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np

from searcher.engines.whoosh._container import Array

__all__ = [
    "BLOCK",
    "Ranges",
    "Subset",
    "at_least",
    "blocks_of",
    "count",
    "docs_of",
    "heads",
    "nothing",
    "octets",
    "of_docs",
    "of_mask",
    "ranges",
]

BLOCK = 64
"""Documents in a block."""

_ONE = np.uint64(1)


class Subset(NamedTuple):
    """Documents that an answer is asked for: elsewhere it may be anything."""

    bits: Array
    blocks: Array  # those that are not empty

    @classmethod
    def of(cls, bits: Array) -> Self:
        """Return the documents of a set."""
        return cls(bits, blocks_of(bits))


def nothing(blocks: int) -> Array:
    """Return the empty set of so many blocks."""
    return np.zeros(blocks, np.uint64)


def of_docs(docs: Array, blocks: int) -> Array:
    """Return the set of some documents, given in order; any may come again."""
    found = nothing(blocks)
    if len(docs):
        numbers = docs >> 6
        at = heads(numbers).nonzero()[0]
        found[numbers[at]] = np.bitwise_or.reduceat(_ONE << (docs & 63).astype(np.uint64), at)
    return found


def heads(numbers: Array) -> Array:
    """Tell of each number whether it is other than the one before it; `np.diff` takes longer for few."""
    found = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=found[1:])
    return found


def of_mask(mask: Array) -> Array:
    """Return the set that a truth value for each document tells."""
    packed = np.packbits(mask, bitorder="little")
    whole = np.zeros(-(-len(packed) // 8), "<u8")
    whole.view(np.uint8)[: len(packed)] = packed
    return whole.astype(np.uint64, copy=False)


class Ranges:
    """Ranges of documents, half-open, as words of the blocks they touch: made once, of which some are put together."""

    def __init__(self, starts: Array, ends: Array) -> None:
        lasts = ends - 1
        self._first = starts >> 6
        self._sizes = np.where(starts < ends, (lasts >> 6) - self._first + 1, 0)  # of blocks
        self._opens = self._sizes.cumsum() - self._sizes
        self._opening = _ONE << (starts & 63).astype(np.uint64)
        self._blocks = ranges(self._first, self._sizes)
        self._words = np.full(len(self._blocks), ~np.uint64(0))
        real = self._sizes.nonzero()[0]
        opens = self._opens[real]
        self._words[opens] <<= (starts[real] & 63).astype(np.uint64)
        self._words[opens + self._sizes[real] - 1] &= ~np.uint64(0) >> (63 - (lasts[real] & 63)).astype(np.uint64)

    def together(self, chosen: Array, blocks: int) -> Array:
        """Return the set of all documents in some of the ranges."""
        at = ranges(self._opens[chosen], self._sizes[chosen])
        found = nothing(blocks)
        np.bitwise_or.at(found, self._blocks[at], self._words[at])
        return found

    def openings(self, chosen: Array, blocks: int) -> Array:
        """Return the set of the first documents of some of the ranges, none of which is empty."""
        found = nothing(blocks)
        np.bitwise_or.at(found, self._first[chosen], self._opening[chosen])
        return found


def ranges(starts: Array, counts: Array) -> Array:
    """Return the numbers from each start on, as many as it counts, one range after the other."""
    numbers: Array = (starts - (counts.cumsum() - counts)).repeat(counts)
    numbers += np.arange(len(numbers))
    return numbers


def docs_of(bits: Array, blocks: Array | None = None) -> Array:
    """Return the documents of a set, in order; with `blocks`, `bits` are the words of these alone."""
    if blocks is None:
        blocks = blocks_of(bits)
        bits = bits[blocks]
    at = np.unpackbits(octets(bits), bitorder="little").view(np.bool_).nonzero()[0]
    docs: Array = (blocks[at >> 6] << 6) + (at & 63)
    return docs


def octets(words: Array) -> Array:
    """Return the bytes of words, the lowest first."""
    return words.astype("<u8", copy=False).view(np.uint8)


def blocks_of(bits: Array) -> Array:
    """Return the blocks that are not empty."""
    found: Array = (bits != 0).nonzero()[0]  # of truth values it takes a third of the time
    return found


def count(bits: Array) -> int:
    """Return how many documents a set has."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def at_least(minimum: int, sets: Sequence[Array], blocks: int) -> Array:
    """Return what so many of some sets hold, by adding their bits up in binary digits, lowest first."""
    digits: list[Array] = []
    for bits in sets:
        carry = bits
        for place, digit in enumerate(digits):
            digits[place], carry = digit ^ carry, digit & carry
        if carry.any():
            digits.append(carry)
    if minimum >> len(digits):
        return nothing(blocks)
    larger, equal = nothing(blocks), ~nothing(blocks)
    for place in reversed(range(len(digits))):
        if minimum >> place & 1:
            equal = equal & digits[place]
        else:
            larger |= equal & digits[place]
            equal = equal & ~digits[place]
    return larger | equal
