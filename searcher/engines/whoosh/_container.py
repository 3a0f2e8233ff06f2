"""One file of named arrays: written once, checked, mapped into memory.

The arrays stand one after the other, each at a multiple of 64 bytes; then a directory in JSON (per array: type, offset,
length, CRC-32 of its bytes); then a trailer of fixed size that says where the directory is and what its checksum is.

What is read is what was written. Small arrays are compared with their checksums when they are first asked for. Large
ones would have to be read as a whole for that: they are trusted while the file has the time of modification that its
writer gave it, which the directory remembers, and are compared too once anybody has touched the file.
"""

import json
import os
import struct
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from searcher.durable import sync
from searcher.errors import IndexDamaged, IndexOutdated, IndexProblem

__all__ = ["Array", "ArrayFile", "Mapped", "Pieces", "mark", "write_arrays"]

Array: TypeAlias = npt.NDArray[Any]


class Pieces(Protocol):
    """An array that nobody holds as a whole."""

    @property
    def kind(self) -> "np.dtype[Any]":
        """The type of its numbers."""

    def pieces(self) -> Iterator[Array]:
        """Yield its numbers in order, once."""


_MAGIC = b"searcher"
_VERSION = 4
_TRAILER = struct.Struct("<QIII8s")  # where the directory starts, its length, its CRC-32, the version, the magic
_ALIGNMENT = 64
_SMALL = 1 << 20  # bytes: such arrays are always compared
_TICK = 2_000_000_000  # ns: every file system keeps times of modification that are multiples of it


def write_arrays(path: Path, arrays: Mapping[str, Array | Pieces], facts: Mapping[str, Any]) -> None:
    """Write arrays and a few facts to a new file, and see it to the disk."""
    written = time.time_ns()
    directory: dict[str, Any] = {"facts": dict(facts), "written": written, "arrays": {}}
    with path.open("xb") as file:
        for name, array in arrays.items():
            file.write(b"\0" * (-file.tell() % _ALIGNMENT))
            kind = (array.dtype if isinstance(array, np.ndarray) else array.kind).newbyteorder("<")
            start, length, checksum = file.tell(), 0, 0
            for piece in (array,) if isinstance(array, np.ndarray) else array.pieces():
                little = np.ascontiguousarray(piece, kind)
                view = little.data.cast("B") if little.size else b""
                length, checksum = length + len(little), zlib.crc32(view, checksum)
                file.write(view)
            directory["arrays"][name] = [kind.str, start, length, checksum]
        text = json.dumps(directory, separators=(",", ":")).encode()
        start = file.tell()
        file.write(text)
        file.write(_TRAILER.pack(start, len(text), zlib.crc32(text), _VERSION, _MAGIC))
        file.flush()
        mark(file.fileno() if os.utime in os.supports_fd else path, written)
        sync(file)


def mark(file: Path | int, written: int) -> None:
    """Give a file the time of modification that says that nobody has touched it."""
    os.utime(file, ns=(written, _tick(written)))


def _tick(nanoseconds: int) -> int:
    return nanoseconds // _TICK * _TICK


class Holder(Protocol):
    """What has arrays of a file for attributes."""

    def array(self, name: str) -> Array:
        """Return an array, by the name it has here."""


class Mapped:
    """An attribute that is an array of a file: opened where it is first asked for, and kept as the attribute."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember what it is called."""
        self._attribute = name

    def __get__(self, holder: Holder, owner: type) -> Array:
        """Open the array; from then on it stands in front of this."""
        array = holder.array(self._name)
        setattr(holder, self._attribute, array)
        return array


class ArrayFile:
    """The arrays of a file, mapped. Opening reads the directory only; `verify` reads everything."""

    def __init__(self, path: Path, *, compare: bool = True) -> None:
        self.path = path
        self._compare = compare  # False: give what is there, sound or not
        self._opened: dict[str, Array] = {}
        try:
            with path.open("rb") as file:
                touched = os.fstat(file.fileno()).st_mtime_ns
                self._bytes: Array = np.memmap(file, np.uint8, "r")
        except FileNotFoundError:
            raise  # a commit may have taken it away: the next table of contents tells
        except ValueError as error:
            raise IndexDamaged(path, "it is empty") from error
        except OSError as error:
            raise IndexProblem(
                f"{path} cannot be read ({error.strerror or error}). See that it may be read."
            ) from error
        directory = self._read_directory()
        self.facts: dict[str, Any] = directory["facts"]
        self.written: int = directory.get("written", 0)
        """When it was written, in nanoseconds since 1970."""
        self.untouched = touched == _tick(self.written)
        self._directory: dict[str, Any] = directory["arrays"]

    def __getitem__(self, name: str) -> Array:
        array = self._opened.get(name)
        if array is None:
            array = self._mapped(name)
            if self._compare and (array.nbytes <= _SMALL or not self.untouched) and not self._sound(name, array):
                raise IndexDamaged(self.path, f"array {name} does not have its checksum")
            self._opened[name] = array
        return array

    def length(self, name: str) -> int:
        """Return how many numbers an array has, without opening it."""
        try:
            return int(self._directory[name][2])
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamaged(self.path, f"array {name} cannot be found") from error

    def names(self) -> list[str]:
        """Return the names of the arrays, in the order of the file."""
        return list(self._directory)

    def unsound(self, *beginnings: str) -> list[str]:
        """Return the names of the arrays, or of those that begin so, that do not have their checksums."""
        names = [name for name in self._directory if name.startswith(beginnings or "")]
        return [name for name in names if not self._sound(name, self._mapped(name))]

    def verify(self, *beginnings: str) -> None:
        """Compare every array, or those whose names begin so, with its checksum; raise `IndexDamaged`."""
        for name in self.unsound(*beginnings):
            raise IndexDamaged(self.path, f"array {name} does not have its checksum")

    def _mapped(self, name: str) -> Array:
        try:
            kind, offset, length, _ = self._directory[name]
            return np.frombuffer(self._bytes.data, np.dtype(kind), length, offset)
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamaged(self.path, f"array {name} cannot be found") from error

    def _sound(self, name: str, array: Array) -> bool:
        checksum: int = self._directory[name][3]
        return zlib.crc32(array.data.cast("B") if array.size else b"") == checksum

    def _read_directory(self) -> dict[str, Any]:
        size = len(self._bytes)
        if size < _TRAILER.size:
            raise IndexDamaged(self.path, "it is cut off")
        start, length, checksum, version, magic = _TRAILER.unpack(self._bytes[-_TRAILER.size :].tobytes())
        if magic != _MAGIC:
            raise IndexDamaged(self.path, "its end is not that of a segment")
        if version != _VERSION:
            raise IndexOutdated(f"{self.path} has format {version}, this version reads {_VERSION}. Build it again.")
        if start + length + _TRAILER.size != size:
            raise IndexDamaged(self.path, "its directory is not where it should be")
        text = self._bytes[start : start + length].tobytes()
        if zlib.crc32(text) != checksum:
            raise IndexDamaged(self.path, "its directory does not have its checksum")
        directory: dict[str, Any] = json.loads(text)
        return directory
