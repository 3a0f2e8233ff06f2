"""Tables of strings as two arrays: UTF-8 bytes and where each string starts."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from searcher.engines.whoosh._container import Array, ArrayFile, Mapped

__all__ = ["Strings", "encode", "string_arrays"]


def encode(text: str) -> bytes:
    """Return `text` as it is kept; lone surrogates are kept too."""
    return text.encode("utf-8", "surrogatepass")


def string_arrays(name: str, strings: Iterable[str | bytes]) -> dict[str, Array]:
    """Return the two arrays of a table."""
    encoded = [item if isinstance(item, bytes) else encode(item) for item in strings]
    bounds = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=bounds[1:])
    return {
        f"{name}.bounds": bounds.astype(np.uint32 if bounds[-1] < 1 << 32 else np.uint64),
        f"{name}.bytes": np.frombuffer(b"".join(encoded), np.uint8),
    }


class Strings(Sequence[bytes]):
    """A table of byte strings, read in place."""

    _bounds = Mapped("bounds")

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._name = name
        self._size = file.length(f"{name}.bounds") - 1

    def array(self, name: str) -> Array:
        """Open an array of the table."""
        return self._file[f"{self._name}.{name}"]

    @cached_property
    def _bytes(self) -> memoryview:
        return self.array("bytes").data

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int) -> bytes:  # type: ignore[override] # no slices
        if not 0 <= index < len(self):
            raise IndexError(index)
        return bytes(self._bytes[int(self._bounds[index]) : int(self._bounds[index + 1])])

    def text(self, index: int) -> str:
        """Return a string of the table."""
        return self[index].decode("utf-8", "surrogatepass")

    def texts(self) -> list[str]:
        """Return all strings."""
        return [item.decode("utf-8", "surrogatepass") for item in self.between(0, len(self))]

    def between(self, low: int, high: int) -> list[bytes]:
        """Return the strings of a range, half-open."""
        bounds = self._bounds[low : high + 1].astype(np.int64)
        whole = bytes(self._bytes[int(bounds[0]) : int(bounds[-1])])
        return [whole[start:end] for start, end in pairwise((bounds - bounds[0]).tolist())]

    def find(self, text: str) -> int | None:
        """Return where `text` stands in a sorted table."""
        wanted = encode(text)
        at = bisect_left(self, wanted)
        return at if at < len(self) and self[at] == wanted else None

    def fitting(self, prefix: str, suffix: str) -> list[int]:
        """Return where the strings that begin and end so, without overlap, stand in a sorted table."""
        wanted, closing = encode(prefix), encode(suffix)
        size = len(wanted)
        start = bisect_left(self, wanted)
        end = bisect_right(self, wanted, start, key=lambda item: item[:size])
        bounds, data = self._bounds[start : end + 1].astype(np.int64), np.frombuffer(self._bytes, np.uint8)
        found = np.flatnonzero(np.diff(bounds) >= size + len(closing))
        for back, byte in enumerate(reversed(closing), 1):
            found = found[data[bounds[found + 1] - back] == byte]
        numbers: list[int] = (found + start).tolist()
        return numbers
