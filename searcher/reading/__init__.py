"""Here is a file; what does it say, and under which heading?

`read` turns the bytes of any supported format into lines (`formats`), and lines into reports (`understand`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from searcher.errors import DamagedFile, ReadError
from searcher.model import Report
from searcher.reading._characters import tidy
from searcher.reading._identity import Ids, origin, relative, stamp
from searcher.reading._sidecar import is_sidecar, sidecars, written
from searcher.reading._structure import understand
from searcher.reading.formats import MAX_BYTES, File, sources

__all__ = ["is_sidecar", "read", "stat"]


def read(
    path: str | Path, *, root: str | Path | None = None, columns: Mapping[str, str] | None = None
) -> Iterator[Report]:
    """Yield the reports in the file `path`, with the metadata its sidecars declare.

    Ids come from the path relative to `root`, else from the file's name, or are the records' own. `columns` names the
    columns of a table, or the keys of records, by field: `{"text": "正文", "title": "题名"}`. Raises `ReadError` and
    what stands under it; where a zip file holds a member at fault, after the others have been read.
    """
    path, root = Path(path), Path(root) if root is not None else None
    data = _load(path)
    beside = sidecars(path, root)
    origin_of = origin(path, data, beside)
    name = relative(path, root)
    ids = Ids()
    for file, source in sources(File(str(path), data, columns or {})):
        report = understand(
            replace(tidy(source), declared=written(path, beside, file.member).over(source.declared)),
            report_id=ids.give(f"{name}/{file.member}" if file.member else name, source.record),
            origin=origin_of,
        )
        yield replace(report, metadata=report.metadata.over(source.suggested))


def stat(path: str | Path, *, root: str | Path | None = None) -> tuple[int, int]:
    """Return size and time as the `origin` of a report from `path` has them, without reading the file.

    The time is that of the newest among the file and its sidecars.
    """
    path = Path(path)
    return stamp(path, sidecars(path, Path(root) if root is not None else None))


def _load(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ReadError(f"{path}: a folder; name the files in it, or index the folder as a whole")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DamagedFile(f"{path}: {size:,} bytes, more than {MAX_BYTES:,}; split it into smaller files")
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}; check the name and the rights") from error
