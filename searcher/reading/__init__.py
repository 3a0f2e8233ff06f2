"""Here is a file; what does it say, and under which heading?"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from searcher.errors import DamagedFile, ReadError
from searcher.model import Report
from searcher.reading._characters import tidy
from searcher.reading._identity import Ids, origin, relative
from searcher.reading._sidecar import is_sidecar
from searcher.reading._structure import understand
from searcher.reading.formats import File, sources
from searcher.reading.formats._file import MAX_BYTES

__all__ = ["is_sidecar", "read"]


def read(path: str | Path, *, root: Path | None = None, columns: Mapping[str, str] | None = None) -> Iterator[Report]:
    """Yield the reports in the file `path`.

    Ids are made from the path relative to `root`, else from the file's name. `columns` names the columns of a table or
    the keys of records, by field: `{"text": "正文", "title": "题名"}`. Raises `ReadError` and what stands under it.
    """
    path = Path(path)
    data = _load(path)
    source_of = origin(path, data)
    ids = Ids()
    name = relative(path, root)
    for file, source in sources(File(str(path), data, columns or {})):
        inside = f"{name}/{file.member}" if file.member else name
        report_id = ids.give(inside, source.record)
        yield understand(tidy(source), report_id=report_id, origin=source_of)


def _load(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise ReadError(f"{path}: a folder; name the files in it, or index the folder as a whole")
        if size > MAX_BYTES:
            raise DamagedFile(f"{path}: {size:,} bytes, more than {MAX_BYTES:,}; split it into smaller files")
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}; check the name and the rights") from error
