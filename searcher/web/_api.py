"""The API: what the command line prints as JSON, over HTTP."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from searcher import reading
from searcher.errors import QueryError, SearcherError, UsageError
from searcher.model import Results, to_json
from searcher.rendering import as_csv, as_json, as_json_lines
from searcher.web._answering import Answer, Asking
from searcher.web._parameters import CONTEXT, LONGEST_QUERY, SEARCH, TREND, BadParameter, options, read_parameters

__all__ = ["as_error", "check_query", "links", "paragraph", "read_file", "report", "search", "stats", "trend"]

JSON = "application/json"
_DEFAULT_LIMIT = 10


def search(asking: Asking) -> Answer:
    """`/api/v1/search`."""
    values = read_parameters(SEARCH, asking.given)
    shape, bom = values.pop("format", "json"), values.pop("bom", False)
    query = check_query(values["q"])
    results = asking.index.search(query, timeout=asking.settings.timeout, **options(SEARCH, values))
    around = links(asking, results, values.get("offset", 0), values.get("limit", _DEFAULT_LIMIT))
    headers = {"Link": ", ".join(f'<{url}>; rel="{_REL[rel]}"' for rel, url in around.items() if url)}
    headers = headers if headers["Link"] else {}
    match shape:
        case "csv":
            named = {"Content-Disposition": 'attachment; filename="search.csv"'}
            return Answer(("\ufeff" if bom else "") + as_csv(results), "text/csv; charset=utf-8", headers | named)
        case "jsonl":
            lines = "".join(f"{line}\n" for line in as_json_lines(results))
            return Answer(lines, "application/x-ndjson", headers)
        case _:
            return Answer(as_json({**to_json(results), **around}), JSON, headers)


_REL = {"next": "next", "previous": "prev"}


def links(asking: Asking, results: Results, offset: int, limit: int) -> dict[str, str | None]:
    """Return the addresses of the next and the previous page, None where there is none."""
    shown = len(results.hits)
    # Only a page that is not full, or holds the last of the matches, is surely the last.
    more = shown == limit and shown > 0 and offset + shown != results.total
    return {
        "next": _at(asking, offset + limit) if more else None,
        "previous": _at(asking, max(0, offset - limit)) if offset else None,
    }


def _at(asking: Asking, offset: int) -> str:
    kept = [(name, value) for name, value in asking.given if name != "offset"]
    return f"{asking.path}?{urlencode([*kept, *([('offset', str(offset))] if offset else [])], quote_via=quote)}"


def check_query(query: str) -> str:
    """Return a query that is not too long; raise `QueryError`."""
    if len(query) > LONGEST_QUERY:
        told = f"The query is longer than {LONGEST_QUERY} characters: shorten it"
        raise QueryError(told, query=query, position=LONGEST_QUERY, kind="too_long")
    return query


def trend(asking: Asking) -> Answer:
    """`/api/v1/trend`."""
    values = read_parameters(TREND, asking.given)
    query = check_query(values["q"])
    return Answer(as_json(asking.index.trend(query, timeout=asking.settings.timeout, **options(TREND, values))), JSON)


def report(asking: Asking) -> Answer:
    """`/api/v1/reports/{id}`."""
    read_parameters((), asking.given)
    return Answer(as_json(asking.index.report(asking.path_values["id"])), JSON)


def paragraph(asking: Asking) -> Answer:
    """`/api/v1/paragraphs/{id}`: the paragraph with its report's metadata, and those around it."""
    around = read_parameters((CONTEXT,), asking.given).get("context", 0)
    paragraphs = asking.index.context(asking.path_values["id"], around)
    middle = asking.index.paragraph(asking.path_values["id"])
    about = to_json(replace(asking.index.report(middle.report_id), paragraphs=()))
    described = {name: about[name] for name in ("title", "year", "institution", "region", "kind", "date", "source")}
    return Answer(as_json({**to_json(middle), **described, "context": to_json(paragraphs) if around else []}), JSON)


def stats(asking: Asking) -> Answer:
    """`/api/v1/stats`."""
    read_parameters((), asking.given)
    return Answer(as_json(asking.index.statistics()), JSON)


def read_file(name: str, data: bytes) -> str:
    """Return how a file is read, as `searcher outline --json` prints it; nothing of it is kept."""
    with tempfile.TemporaryDirectory(prefix="searcher-") as folder:
        path = Path(folder) / (Path(name).name or "report.txt")
        try:
            path.write_bytes(data)
        except (OSError, ValueError) as error:
            raise BadParameter("name", f"name cannot be {name[:100]!r}: write a file name, as report.docx") from error
        try:
            reports = [replace(found, origin=None) for found in reading.read(path)]
        except SearcherError as error:
            raise UsageError(str(error).replace(f"{folder}/", "")) from error
    return as_json(reports)


def as_error(error: Exception) -> dict[str, dict[str, Any]]:
    """Return an error as the API tells it: its kind, what is wrong, and where."""
    told: dict[str, Any] = {"kind": _kind(error), "message": str(error)}
    if isinstance(error, QueryError):
        told |= {"position": error.position}
    if isinstance(error, BadParameter):
        told |= {"parameter": error.parameter}
    return {"error": told}


def _kind(error: Exception) -> str:
    if isinstance(error, QueryError):
        return error.kind
    return _KINDS.get(type(error).__name__, "usage" if isinstance(error, UsageError) else "index")


_KINDS: Mapping[str, str] = {
    "BadParameter": "parameter",
    "Busy": "busy",
    "NotFound": "not_found",
    "TimeoutError": "timeout",
}
