"""Here is a file; what does it say, and under which heading?

`read` turns the bytes of any supported format into lines (`formats`), and lines into reports (`understand`).
"""

import io
import os
import stat as modes
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from searcher.errors import DamagedFile, ReadError
from searcher.model import Origin, Report
from searcher.reading._characters import tidy
from searcher.reading._exported import EXPORT, exported, read_export
from searcher.reading._identity import Ids, mark, origin, relative, stamp
from searcher.reading._sidecar import FOLDER_SIDECARS, is_sidecar, sidecar_names, sidecars, written
from searcher.reading._structure import understand
from searcher.reading.formats import MAX_BYTES, File, sources

__all__ = [
    "FOLDER_SIDECARS",
    "Loaded",
    "exported",
    "is_sidecar",
    "load",
    "mark",
    "read",
    "relative",
    "reports",
    "sidecar_names",
    "stat",
]

_PIECE = 1 << 20  # bytes
_PAUSE = 0.3  # seconds before a file that was changing is read again


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file in memory, and what it was at that moment. An export larger than memory should hold stays on the disk."""

    path: str
    root: str | None
    data: bytes | None = field(repr=False)  # None: it is an export, and read from the disk line by line
    beside: Sequence[Path]  # its sidecars
    origin: Origin

    @property
    def exported(self) -> bool:
        """Whether it is an export of an index."""
        return self.data is None or self.data.startswith(EXPORT)


def read(
    path: str | Path, *, root: str | Path | None = None, columns: Mapping[str, str] | None = None
) -> Iterator[Report]:
    """Yield the reports in the file `path`, with the metadata its sidecars declare.

    Ids come from the path relative to `root`, else from the file's name, or are the records' own. `columns` names the
    columns of a table, or the keys of records, by field: `{"text": "正文", "title": "题名"}`. Raises `ReadError` and
    what stands under it; where a zip file holds a member at fault, after the others have been read.
    """
    yield from reports(load(path, root=root), columns=columns)


def load(path: str | Path, *, root: str | Path | None = None, beside: Sequence[str | Path] | None = None) -> Loaded:
    """Return the bytes of a file; raise `ReadError`, also where it does not stop changing.

    `beside` are its sidecars, the nearest first, where somebody has looked for them already.
    """
    where, above = os.fspath(path), None if root is None else os.fspath(root)
    near = None if beside is None else [Path(sidecar) for sidecar in beside]
    try:
        for pause in (_PAUSE, 0):
            if near is None or not all(sidecar.is_file() for sidecar in near):
                near = list(sidecars(Path(where), None if above is None else Path(above)))
            before = stamp(where, near)
            data = _bytes(where, before[0])
            found = origin(where, _pieces(where) if data is None else (data,), near)
            if before == (found.size, found.mtime_ns):
                return Loaded(where, above, data, near, found)
            time.sleep(pause)
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}; check the name and the rights") from error
    raise _changing(where)


def reports(loaded: Loaded, *, name: str | None = None, columns: Mapping[str, str] | None = None) -> Iterator[Report]:
    """Yield the reports of a loaded file; `name` is what their ids are made of, instead of its path."""
    if loaded.data is None:
        yield from _streamed(loaded)
        return
    if loaded.exported:
        yield from read_export(io.BytesIO(loaded.data), loaded.origin)
        return
    if name is None:
        name = relative(Path(loaded.path), None if loaded.root is None else Path(loaded.root))
    ids = Ids()
    for file, source in sources(File(loaded.path, loaded.data, columns or {})):
        yield understand(
            tidy(source),
            report_id=ids.give(f"{name}/{file.member}" if file.member else name, source.record),
            declared=written(loaded.path, loaded.beside, file.member).over(source.declared),
            origin=loaded.origin,
        )


def stat(path: str | Path, *, root: str | Path | None = None) -> tuple[int, int]:
    """Return size and time as the `origin` of a report from `path` has them, without reading the file or a sidecar."""
    path = Path(path)
    return stamp(path, sidecars(path, Path(root) if root is not None else None))


def _bytes(path: str, size: int) -> bytes | None:
    """Return what a file holds; None of an export that is too large to be held."""
    if modes.S_ISDIR(os.stat(path).st_mode):  # noqa: PTH116 - of every file
        raise ReadError(f"{path}: a folder; name the files in it, or index the folder as a whole")
    if size > MAX_BYTES:
        with open(path, "rb") as file:  # noqa: PTH123 - likewise
            if file.read(len(EXPORT)) == EXPORT:
                return None
        raise DamagedFile(f"{path}: {size:,} bytes, more than {MAX_BYTES:,}; split it into smaller files")
    return _whole(path)


def _whole(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - likewise
        return file.readall()


def _pieces(path: str) -> Iterator[bytes]:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - as a whole file is
        while piece := file.read(_PIECE):
            yield piece


def _streamed(loaded: Loaded) -> Iterator[Report]:
    """Yield the reports of an export that stays on the disk; raise `ReadError` where it is not what it was."""
    try:
        with Path(loaded.path).open("rb") as lines:
            yield from read_export(iter(lambda: lines.readline(MAX_BYTES), b""), loaded.origin)
        now = stamp(loaded.path, loaded.beside)
    except OSError as error:
        raise ReadError(f"{loaded.path}: {error.strerror or error}; index it again") from error
    if now != (loaded.origin.size, loaded.origin.mtime_ns):
        raise _changing(loaded.path)


def _changing(path: str) -> ReadError:
    return ReadError(f"{path}: changes while it is read; index it again when it is finished")
