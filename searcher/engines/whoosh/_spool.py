"""Arrays that are written piece by piece, so that nobody has to hold one whole.

What is small waits in memory; what is large in a file, which goes once it is read. Nobody holds it open in between:
where what it was for fails, there is nothing to close, and the file goes with all that a writer has left.
"""

import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searcher.durable import DRAFT
from searcher.engines.whoosh._container import Array
from searcher.engines.whoosh._segment import INDEX_NAME

__all__ = ["Joined", "Spool", "StringSpool", "Sums"]

_SMALL = 1 << 20  # bytes that wait in memory
_PIECE = 1 << 20  # bytes that are read back at once
_NARROW = 1 << 32
_NAME = 8  # random bytes


class Spool:
    """An array of numbers, in the type given, or in 32 bits where all fit and in 64 elsewhere."""

    def __init__(self, folder: Path, kind: type[np.generic] | None = None) -> None:
        self.size = 0
        self.largest = 0
        self._path = folder / f"{INDEX_NAME}_{secrets.token_hex(_NAME)}{DRAFT}"
        self._narrowing = kind is None
        self._stored: npt.DTypeLike = np.dtype(kind or np.uint64).newbyteorder("<")
        self._waiting: list[Array] = []
        self._bytes = 0
        self._filed = 0  # bytes in the file

    @property
    def kind(self) -> "np.dtype[Any]":
        """The type of the numbers."""
        if self._narrowing and self.largest < _NARROW:
            return np.dtype(np.uint32)
        return np.dtype(self._stored)

    def add(self, values: Array) -> None:
        """Write numbers behind those there are."""
        if not len(values):
            return
        if self._narrowing:
            self.largest = max(self.largest, int(values.max()))
        self.size += len(values)
        self._waiting.append(values.astype(self._stored))  # a copy: `values` may be a view of much more
        self._bytes += self._waiting[-1].nbytes
        if self._bytes > _SMALL:
            with self._path.open("ab") as file:
                for piece in self._waiting:
                    file.write(piece.data)
            self._filed += self._bytes
            self._waiting, self._bytes = [], 0

    def pieces(self, kind: "np.dtype[Any] | None" = None, shift: int = 0) -> Iterator[Array]:
        """Yield the numbers in order, each higher by `shift`; nothing can be added any more."""
        kind = kind or self.kind
        for piece in self._stored_pieces():
            shifted = piece + piece.dtype.type(shift) if shift else piece
            yield shifted.astype(kind, copy=False)

    def _stored_pieces(self) -> Iterator[Array]:
        stored = np.dtype(self._stored)
        for start in range(0, self._filed, _PIECE):
            yield np.fromfile(self._path, stored, _PIECE // stored.itemsize, offset=start)
        if self._filed:
            self._path.unlink(missing_ok=True)
        yield from self._waiting


class Joined:
    """Some spools of which each goes on where the one before ends, its numbers higher by a shift."""

    def __init__(self, *parts: tuple[Spool, int]) -> None:
        self._parts = parts
        self._largest = max(spool.largest + shift for spool, shift in parts)

    @property
    def kind(self) -> "np.dtype[Any]":
        """The type of the numbers."""
        kinds = [spool.kind for spool, _ in self._parts]
        return np.dtype(np.uint64) if self._largest >= _NARROW else max(kinds, key=lambda kind: kind.itemsize)

    def pieces(self) -> Iterator[Array]:
        """Yield the numbers in order."""
        kind = self.kind
        for spool, shift in self._parts:
            yield from spool.pieces(kind, shift)


class Sums:
    """The sums of all counts before every so many of them, and of all."""

    def __init__(self, folder: Path, every: int = 1) -> None:
        self._spool = Spool(folder)
        self._spool.add(np.zeros(1, np.uint64))
        self._every = every
        self._rest: Array = np.zeros(0, np.int64)
        self._sum = 0

    def add(self, counts: Array) -> None:
        """Count on."""
        counts = np.concatenate([self._rest, counts])
        whole = len(counts) // self._every * self._every
        self._emit(counts[:whole].reshape(-1, self._every))
        self._rest = counts[whole:].copy()

    def spool(self) -> Spool:
        """Return the sums; nothing can be added any more."""
        if len(self._rest):
            self._emit(self._rest[None])
            self._rest = self._rest[:0]
        return self._spool

    def _emit(self, counts: Array) -> None:
        sums = np.cumsum(counts.sum(axis=1, dtype=np.int64)) + self._sum
        if len(sums):
            self._sum = int(sums[-1])
            self._spool.add(sums)


class StringSpool:
    """A table of strings that is written piece by piece."""

    def __init__(self, folder: Path) -> None:
        self._bounds = Sums(folder)
        self._bytes = Spool(folder, np.uint8)

    def add(self, strings: Sequence[bytes]) -> None:
        """Write strings behind those there are."""
        self._bounds.add(np.fromiter(map(len, strings), np.int64, len(strings)))
        self._bytes.add(np.frombuffer(b"".join(strings), np.uint8))

    def arrays(self, name: str) -> dict[str, Spool]:
        """Return the two arrays of the table."""
        return {f"{name}.bounds": self._bounds.spool(), f"{name}.bytes": self._bytes}
