"""What can go wrong, as one tree.

SearcherError
├── QueryError                a query that cannot be understood; knows the position of the fault
├── ReadError                 a file that cannot be read as reports
│   ├── UndecodableText       bytes in no encoding we trust; knows the byte offset
│   ├── UnsupportedFormat     a format that is named, explained and skipped
│   └── DamagedFile           a known format, broken inside or beyond the limits
├── IndexProblem              something is wrong with an index folder
│   ├── IndexMissing          there is no index here
│   ├── IndexOutdated         it was built by another format or another analysis
│   ├── IndexDamaged          a file of it is not as it was written; knows which
│   └── IndexLocked           somebody else is writing to it
├── NotFound                  no report or paragraph has that id
└── UsageError                arguments that contradict each other or lie out of range

Every message says what is wrong, where, and what to do next.
"""

from pathlib import Path

from searcher.wording import say

__all__ = [
    "DamagedFile",
    "IndexDamaged",
    "IndexLocked",
    "IndexMissing",
    "IndexOutdated",
    "IndexProblem",
    "NotFound",
    "QueryError",
    "ReadError",
    "SearcherError",
    "UndecodableText",
    "UnsupportedFormat",
    "UsageError",
]


class SearcherError(Exception):
    """Anything this package raises on purpose."""

    @property
    def said(self) -> str:
        """What it says: where it is `Said`, in Chinese too."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


class QueryError(SearcherError):
    """A query string that cannot be understood.

    `position` is the code-point offset of the fault in the query; `kind` is a stable machine-readable name.
    """

    def __init__(self, message: str, *, query: str, position: int, kind: str = "syntax") -> None:
        super().__init__(say("at_position", fault=message, position=position + 1))
        self.query = query
        self.position = position
        self.kind = kind


class ReadError(SearcherError):
    """A file that cannot be read as reports."""


class UndecodableText(ReadError):
    """Bytes in no encoding that gives Chinese text; `offset` is the first byte at fault."""

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(f"{message} (byte {offset})")
        self.offset = offset


class UnsupportedFormat(ReadError):
    """A format we know by name and do not read."""


class DamagedFile(ReadError):
    """A known format that is broken inside, or too large to be taken in safely."""


class IndexProblem(SearcherError):
    """Something is wrong with an index folder."""


class IndexMissing(IndexProblem):
    """There is no index in that folder."""


class IndexOutdated(IndexProblem):
    """The index was built by another format version or another analysis."""


class IndexDamaged(IndexProblem):
    """A file of the index is not as it was written: which, and what is wrong with it."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path} is damaged: {what}. Run `searcher doctor --repair --index {path.parent}`: it saves what is sound"
        )
        self.path = path
        self.what = what


class IndexLocked(IndexProblem):
    """Another process is writing to the index: its id, its machine, and since when (ISO 8601), as far as it said so."""

    def __init__(
        self, message: str, *, pid: int | None = None, host: str | None = None, since: str | None = None
    ) -> None:
        super().__init__(message)
        self.pid = pid
        self.host = host
        self.since = since


class NotFound(SearcherError):
    """No report or paragraph has that id."""


class UsageError(SearcherError):
    """Arguments that contradict each other or lie out of range."""
