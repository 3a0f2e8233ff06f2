"""What is known of each file? How it was when it was last read, how it fared, and which reports it gave.

The catalogue is kept with each commit of the index, so that the two never disagree. It is written as columns: a hundred
thousand files are read back in half a second.
"""

import gc
import json
import zlib
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal, NamedTuple

from searcher.errors import IndexOutdated

__all__ = ["REMOVED", "Catalogue", "Copy", "KnownFile", "KnownReport", "Standing"]

Standing = Literal["indexed", "skipped", "failed"]
"""How a file fared when it was last read."""

REMOVED = "it was removed; name it to have it back"
"""Why a file is skipped all of whose reports were removed."""

_VERSION = 3
_QUICKLY = 1  # zlib's level


class KnownReport(NamedTuple):
    """A report of a file. A copy has no text in the index: the report it is a copy of stands for it."""

    id: str
    text: str  # the hash of its text
    sketch: str  # some hashes: those of texts that are nearly alike have most of them in common
    copy_of: str = ""


class KnownFile(NamedTuple):
    """A file as it was when it was last read. A size of -1 says that it has to be read again."""

    path: str  # absolute
    root: str  # the folder it was found under
    name: str  # what the ids of its reports are made of; empty where nobody knows any more
    size: int
    mtime_ns: int  # of the file, and what its sidecars add
    sha256: str  # empty where nobody could read it
    standing: Standing
    reason: str = ""  # why it was skipped or failed
    withdrawn: tuple[str, ...] = ()  # the ids of reports that were removed, and stay away while it says the same
    refused: tuple[str, ...] = ()  # the ids of reports that it could not give, since other files have them
    reports: tuple[KnownReport, ...] = ()

    @property
    def searched(self) -> list[str]:
        """The ids of its reports that are no copies."""
        return [report.id for report in self.reports if not report.copy_of]

    @property
    def has_copies(self) -> bool:
        """Whether any of its reports is left out as a copy."""
        return any(report.copy_of for report in self.reports)

    @property
    def removed(self) -> bool:
        """Whether all of its reports were removed."""
        return self.standing == "skipped" and self.reason == REMOVED

    @property
    def hash_tells(self) -> bool:
        """Whether there is nothing to do while it says what it said, even if its size and time are not known."""
        return self.size >= 0 or self.standing == "skipped"

    def unread(self, without: Container[str] = ()) -> "KnownFile":
        """Return this file as one that has to be read again, whatever it says, without some of its reports."""
        reports = tuple(report for report in self.reports if report.id not in without)
        return self._replace(size=-1, mtime_ns=-1, reports=reports)


class Copy(NamedTuple):
    """A report that is left out of the index, since another has the same text."""

    id: str
    path: str
    copy_of: str


@dataclass(slots=True)
class Catalogue:
    """The files an index knows, by absolute path."""

    files: dict[str, KnownFile] = field(default_factory=dict)

    @classmethod
    def load(cls, data: bytes) -> "Catalogue":
        """Return the catalogue that was dumped as `data`."""
        if not data:
            return cls()
        with _uncollected():
            columns: Any = json.loads(zlib.decompress(data))
            if columns["version"] != _VERSION:
                raise IndexOutdated("The catalogue of the index is of another version: run `searcher index --rebuild`")
            reports = map(KnownReport._make, zip(*columns["reports"], strict=True))
            *values, withdrawn, refused, counts = columns["files"]
            given = (tuple(islice(reports, count)) for count in counts)
            ids = (map(tuple, withdrawn), map(tuple, refused))
            files = map(KnownFile._make, zip(*values, *ids, given, strict=True))
            return cls({file.path: file for file in files})

    def dump(self) -> bytes:
        """Return the catalogue as an engine keeps it."""
        files = list(self.files.values())
        *values, given = zip(*files, strict=True) if files else [()] * len(KnownFile._fields)
        reports = [report for reports in given for report in reports]
        columns = {
            "files": [*values, [len(reports) for reports in given]],
            "reports": list(zip(*reports, strict=True)) if reports else [()] * len(KnownReport._fields),
        }
        squeezer = zlib.compressobj(_QUICKLY)
        return b"".join(squeezer.compress(piece.encode()) for piece in _written(columns)) + squeezer.flush()

    def disagreements(self, there: Container[str]) -> Iterator[str]:
        """Say what of it is not so, where these reports are in the index."""
        lost = sum(report_id not in there for report_id in self.owners())
        if lost:
            yield f"{lost} reports that it knows are not in the index"
        orphans = sum(copy.copy_of not in there for copy in self.copies())
        if orphans:
            yield f"{orphans} reports were left out as copies of reports that are not in the index"

    def reconcile(self, there: Mapping[str, str]) -> None:
        """Agree with the reports that are there and their files; the next run reads again what did not."""
        owners = self.owners()
        for path, file in self.files.items():
            lost = {report.id for report in file.reports if (report.copy_of or report.id) not in there}
            if lost:
                self.files[path] = file.unread(lost)
        for report_id, path in there.items():
            if report_id not in owners:
                file = self.files.get(path) or KnownFile(path, "", "", -1, -1, "", "indexed")
                reports = (*file.reports, KnownReport(report_id, "", ""))
                self.files[path] = file.unread()._replace(reports=reports)

    def copies(self) -> Iterator[Copy]:
        """Yield every report that is left out as a copy."""
        for file in self.files.values():
            for report in file.reports:
                if report.copy_of:
                    yield Copy(report.id, file.path, report.copy_of)

    def owners(self) -> dict[str, str]:
        """Return the path of the file of each report that is searched, by id."""
        return {report_id: file.path for file in self.files.values() for report_id in file.searched}


def _written(columns: Mapping[str, Sequence[Sequence[object]]]) -> Iterator[str]:
    """Yield the catalogue as JSON, a column at a time: the whole is as large as a commit's reports may be."""
    yield f'{{"version":{_VERSION}'
    for name, held in columns.items():
        yield f',"{name}":['
        for number, column in enumerate(held):
            yield "," if number else ""
            yield json.dumps(column, separators=(",", ":"))
        yield "]"
    yield "}"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make many objects at once: to look for garbage among them takes longer than to make them, and finds none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
