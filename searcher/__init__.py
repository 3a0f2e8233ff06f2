"""Full-text search over Chinese government reports.

    import searcher

    for outcome in searcher.ingest(["corpus/"], index="index"):
        print(outcome.path, outcome.status)
    results = searcher.search("校长竞聘上岗", index="index", years=(2004, 2008))
    for hit in results.hits:
        print(hit.metadata.title, hit.paragraph.section, hit.snippet.text)

Importing this package loads nothing heavy: what a name needs is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from searcher._version import __version__
from searcher.errors import (
    DamagedFile,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    IndexProblem,
    NotFound,
    QueryError,
    ReadError,
    SearcherError,
    UndecodableText,
    UnsupportedFormat,
    UsageError,
)
from searcher.model import Hit, Metadata, Outcome, Paragraph, Report, Results, Section, Snippet, Span, to_json

if TYPE_CHECKING:
    from searcher.exporting import export
    from searcher.index import Index, search
    from searcher.ingesting import ingest, remove
    from searcher.reading import read
    from searcher.watching import watch

__all__ = [
    "DamagedFile",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexLocked",
    "IndexMissing",
    "IndexOutdated",
    "IndexProblem",
    "Metadata",
    "NotFound",
    "Outcome",
    "Paragraph",
    "QueryError",
    "ReadError",
    "Report",
    "Results",
    "SearcherError",
    "Section",
    "Snippet",
    "Span",
    "UndecodableText",
    "UnsupportedFormat",
    "UsageError",
    "__version__",
    "export",
    "ingest",
    "read",
    "remove",
    "search",
    "to_json",
    "watch",
]

_LAZY = {
    "Index": "searcher.index",
    "export": "searcher.exporting",
    "ingest": "searcher.ingesting",
    "read": "searcher.reading",
    "remove": "searcher.ingesting",
    "search": "searcher.index",
    "watch": "searcher.watching",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
