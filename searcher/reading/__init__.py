"""Here is a file; what does it say, and under which heading?

`read` turns the bytes of any supported format into lines (`formats`), and lines into reports (`understand`).
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from searcher.errors import DamagedFile, ReadError
from searcher.model import Origin, Report
from searcher.reading._characters import tidy
from searcher.reading._exported import exported, is_export, read_export
from searcher.reading._identity import Ids, origin, relative, stamp
from searcher.reading._sidecar import FOLDER_SIDECARS, is_sidecar, sidecar_names, sidecars, written
from searcher.reading._structure import understand
from searcher.reading.formats import MAX_BYTES, File, sources

__all__ = [
    "FOLDER_SIDECARS",
    "Loaded",
    "exported",
    "is_sidecar",
    "load",
    "read",
    "relative",
    "reports",
    "sidecar_names",
    "stat",
]

_PAUSE = 0.3  # seconds before a file that was changing is read again


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file in memory, and what it was at that moment."""

    path: Path
    root: Path | None
    data: bytes = field(repr=False)
    beside: tuple[Path, ...]  # its sidecars
    origin: Origin


def read(
    path: str | Path, *, root: str | Path | None = None, columns: Mapping[str, str] | None = None
) -> Iterator[Report]:
    """Yield the reports in the file `path`, with the metadata its sidecars declare.

    Ids come from the path relative to `root`, else from the file's name, or are the records' own. `columns` names the
    columns of a table, or the keys of records, by field: `{"text": "正文", "title": "题名"}`. Raises `ReadError` and
    what stands under it; where a zip file holds a member at fault, after the others have been read.
    """
    yield from reports(load(path, root=root), columns=columns)


def load(path: str | Path, *, root: str | Path | None = None) -> Loaded:
    """Return the bytes of a file; raise `ReadError`, also where it does not stop changing."""
    path, root = Path(path), Path(root) if root is not None else None
    try:
        for pause in (_PAUSE, 0):
            beside = sidecars(path, root)
            before = stamp(path, beside)
            data = _bytes(path, before[0])
            found = origin(path, data, beside)
            if before == (found.size, found.mtime_ns):
                return Loaded(path, root, data, beside, found)
            time.sleep(pause)
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}; check the name and the rights") from error
    raise ReadError(f"{path}: changes while it is read; index it again when it is finished")


def reports(loaded: Loaded, *, name: str | None = None, columns: Mapping[str, str] | None = None) -> Iterator[Report]:
    """Yield the reports of a file in memory; `name` is what their ids are made of, instead of its path."""
    if is_export(loaded.data):
        yield from read_export(loaded.data, loaded.origin)
        return
    path, beside = loaded.path, loaded.beside
    name = relative(path, loaded.root) if name is None else name
    ids = Ids()
    for file, source in sources(File(str(path), loaded.data, columns or {})):
        report = understand(
            replace(tidy(source), declared=written(path, beside, file.member).over(source.declared)),
            report_id=ids.give(f"{name}/{file.member}" if file.member else name, source.record),
            origin=loaded.origin,
        )
        yield replace(report, metadata=report.metadata.over(source.suggested))


def stat(path: str | Path, *, root: str | Path | None = None) -> tuple[int, int]:
    """Return size and time as the `origin` of a report from `path` has them, without reading the file.

    The time is that of the newest among the file and its sidecars.
    """
    path = Path(path)
    return stamp(path, sidecars(path, Path(root) if root is not None else None))


def _bytes(path: Path, size: int) -> bytes:
    if path.is_dir():
        raise ReadError(f"{path}: a folder; name the files in it, or index the folder as a whole")
    if size > MAX_BYTES:
        raise DamagedFile(f"{path}: {size:,} bytes, more than {MAX_BYTES:,}; split it into smaller files")
    return path.read_bytes()
