"""One file of named arrays: written once, checked, mapped into memory.

The arrays stand one after the other, each at a multiple of 64 bytes; then a directory in JSON (per array: type, offset,
length, CRC-32 of its bytes); then a trailer of fixed size that says where the directory is and what its checksum is.
"""

import json
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from searcher.errors import IndexOutdated, IndexProblem

__all__ = ["Array", "ArrayFile", "write_arrays"]

Array: TypeAlias = npt.NDArray[Any]

_MAGIC = b"searcher"
_VERSION = 2
_TRAILER = struct.Struct("<QIII8s")  # where the directory starts, its length, its CRC-32, the version, the magic
_ALIGNMENT = 64


def write_arrays(path: Path, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> None:
    """Write arrays and a few facts to a new file, and see it to the disk."""
    directory: dict[str, Any] = {"facts": dict(facts), "arrays": {}}
    with path.open("xb") as file:
        for name, array in arrays.items():
            file.write(b"\0" * (-file.tell() % _ALIGNMENT))
            little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
            view = little.data.cast("B") if little.size else b""
            directory["arrays"][name] = [little.dtype.str, file.tell(), len(little), zlib.crc32(view)]
            file.write(view)
        text = json.dumps(directory, separators=(",", ":")).encode()
        start = file.tell()
        file.write(text)
        file.write(_TRAILER.pack(start, len(text), zlib.crc32(text), _VERSION, _MAGIC))
        file.flush()
        os.fsync(file.fileno())


class ArrayFile:
    """The arrays of a file, mapped. Opening reads the directory only; `verify` reads everything."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._bytes: Array = np.memmap(path, np.uint8, "r")
        except (OSError, ValueError) as error:
            raise IndexProblem(f"{path} cannot be read ({error}). Build the index again.") from error
        self.facts, self._directory = self._read_directory()

    def __getitem__(self, name: str) -> Array:
        try:
            kind, offset, length, _ = self._directory[name]
            dtype = np.dtype(kind)
            if offset + length * dtype.itemsize > len(self._bytes):
                raise self._damaged(f"array {name} is cut off")
            return np.frombuffer(self._bytes.data, dtype, length, offset)
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(f"array {name} cannot be found") from error

    def names(self) -> list[str]:
        """Return the names of the arrays, in the order of the file."""
        return list(self._directory)

    def verify(self) -> None:
        """Compare every array with its checksum; raise `IndexProblem`."""
        for name, (*_, checksum) in self._directory.items():
            array = self[name]
            if zlib.crc32(array.data.cast("B") if array.size else b"") != checksum:
                raise self._damaged(f"array {name} does not have its checksum")

    def _read_directory(self) -> tuple[dict[str, Any], dict[str, Any]]:
        size = len(self._bytes)
        if size < _TRAILER.size:
            raise self._damaged("it is cut off")
        start, length, checksum, version, magic = _TRAILER.unpack(self._bytes[-_TRAILER.size :].tobytes())
        if magic != _MAGIC:
            raise self._damaged("its end is not that of a segment")
        if version != _VERSION:
            raise IndexOutdated(f"{self.path} has format {version}, this version reads {_VERSION}. Build it again.")
        if start + length + _TRAILER.size != size:
            raise self._damaged("its directory is not where it should be")
        text = self._bytes[start : start + length].tobytes()
        if zlib.crc32(text) != checksum:
            raise self._damaged("its directory does not have its checksum")
        directory = json.loads(text)
        return directory["facts"], directory["arrays"]

    def _damaged(self, what: str) -> IndexProblem:
        return IndexProblem(f"{self.path} is damaged: {what}. Build the index again.")
