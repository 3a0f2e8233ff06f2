"""Who a report is: an id that is the same on every machine, and the file it came from."""

import hashlib
import os
import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from searcher.model import Origin

__all__ = ["Ids", "digest", "mark", "origin", "relative", "stamp"]

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: none of i, l, o, u, which are misread or misspell
_LENGTH = 10  # 50 bits: two of a million files meet with a chance of 1 in 2,000
_OWN_LENGTH = 64  # the longest id of a record's own that is taken as it is
_NUMBER = re.compile(r"#\d+(?:\.\d+)?")  # of a record without an id
_UNSAFE = re.compile(r"[^\w.-]+")  # `\w`: 报告3 can be typed in any shell


def relative(path: Path, root: Path | None) -> str:
    """Return the name that stands for `path` on every machine: relative to `root`, else the file's own."""
    if root is not None:
        try:
            return path.absolute().relative_to(root.absolute()).as_posix()
        except ValueError:
            pass
    return path.name


def digest(name: str) -> str:
    """Return the id of the file with this relative name."""
    number = int.from_bytes(
        hashlib.sha256(unicodedata.normalize("NFC", name).encode("utf-8", "surrogateescape")).digest()
    )
    number &= (1 << 5 * _LENGTH) - 1
    return "".join([_ALPHABET[number >> 5 * i & 31] for i in range(_LENGTH)])


class Ids:
    """The ids of the reports of one file, each given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, name: str, record: str | None) -> str:
        """Return the id of a report: of the file `name`, its record's own id, or the number it has (`#12`).

        An own id is made typeable: runs of other characters become `-`. The second to claim an id gets `-2` behind it.
        """
        wanted = self._wanted(name, record)
        given, times = wanted, 1
        while given in self._given:
            times += 1
            given = f"{wanted}-{times}"
        self._given.add(given)
        return given

    @staticmethod
    def _wanted(name: str, record: str | None) -> str:
        if record is None:
            return digest(name)
        if _NUMBER.fullmatch(record):
            return f"{digest(name)}-{record[1:]}"
        own = _UNSAFE.sub("-", unicodedata.normalize("NFC", record)).strip("-.")
        if own and len(own) <= _OWN_LENGTH:
            return own
        return f"{digest(name)}-{digest(record)}"


def origin(path: str, pieces: Iterable[bytes], beside: Sequence[Path] = ()) -> Origin:
    """Return what a report was read from: the file, whose bytes come in pieces, and the sidecars beside it.

    The hash covers all of them, so a corrected sidecar is a changed report.
    """
    sha = hashlib.sha256()
    for piece in pieces:
        sha.update(piece)
    for sidecar in beside:
        sha.update(sidecar.read_bytes())
    size, mtime_ns = stamp(path, beside)
    return Origin(path, size, mtime_ns, sha.hexdigest())


def stamp(path: str | Path, beside: Sequence[Path] = ()) -> tuple[int, int]:
    """Return size and time of a file and its sidecars, as `origin` has them, without reading any."""
    own = os.stat(path)  # noqa: PTH116 - twice for every file
    return own.st_size, own.st_mtime_ns + sum(mark(sidecar.name, sidecar.stat()) for sidecar in beside)


def mark(name: str, status: os.stat_result) -> int:
    """Return what a sidecar adds to the time of its file.

    The newest time of both would not tell that a sidecar went, or gave way to an older one.
    """
    return zlib.crc32(f"{name}:{status.st_size}:{status.st_mtime_ns}".encode("utf-8", "surrogateescape"))
