"""The API: what the command line prints as JSON, over HTTP."""

import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

from searcher import reading
from searcher.errors import QueryError, SearcherError, UsageError
from searcher.model import Results, to_json
from searcher.rendering import as_csv, as_json, as_json_lines
from searcher.web._parameters import (
    CONTEXT,
    LONGEST_QUERY,
    SEARCH,
    TREND,
    WINDOW,
    options,
    read_parameters,
)
from searcher.web._windows import window
from searcher.web._work import Answer, Asking
from searcher.wording import say

__all__ = ["JSON", "check_query", "health", "links", "outline", "paragraph", "report", "search", "stats", "trend"]

JSON = "application/json"
_DEFAULT_LIMIT = 10
_LONGEST_NAME = 60  # characters: file systems take 255 bytes


def search(asking: Asking) -> Answer:
    """`/api/v1/search`."""
    values = read_parameters(SEARCH, asking.question.given)
    shape, bom = values.pop("format", "json"), values.pop("bom", False)
    query = check_query(values["q"])
    results = asking.index.search(query, timeout=asking.timeout, **options(SEARCH, values))
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
    kept = [pair for pair in asking.question.given if pair[0] != "offset"]
    return (
        f"{asking.question.path}?{urlencode([*kept, *([('offset', str(offset))] if offset else [])], quote_via=quote)}"
    )


def check_query(query: str) -> str:
    """Return a query that is not too long; raise `QueryError`."""
    if len(query) > LONGEST_QUERY:
        said = say("page_query_too_long", most=LONGEST_QUERY)
        raise QueryError(said, query=query, position=LONGEST_QUERY, kind="too_long")
    return query


def trend(asking: Asking) -> Answer:
    """`/api/v1/trend`."""
    values = read_parameters(TREND, asking.question.given)
    query = check_query(values["q"])
    return Answer(as_json(asking.index.trend(query, timeout=asking.timeout, **options(TREND, values))), JSON)


def report(asking: Asking) -> Answer:
    """`/api/v1/reports/{id}`: whole, or one of its pages."""
    report_id = asking.question.path_values["id"]
    wanted = read_parameters(WINDOW, asking.question.given)
    if not wanted:
        return Answer(as_json(asking.index.report(report_id, timeout=asking.timeout)), JSON)
    count = asking.index.paragraph_count(report_id)
    shown = window(count, wanted)
    found = asking.index.report(report_id, start=shown.start, end=shown.end, timeout=asking.timeout)
    pages = {
        "count": count,
        "page": shown.page,
        "pages": shown.pages,
        "next": f"{asking.question.path}?page={shown.page + 1}" if shown.page < shown.pages else None,
        "previous": f"{asking.question.path}?page={shown.page - 1}" if shown.page > 1 else None,
    }
    return Answer(as_json({**to_json(found), **pages}), JSON)


def paragraph(asking: Asking) -> Answer:
    """`/api/v1/paragraphs/{id}`: the paragraph with its report's metadata, and those around it."""
    around = read_parameters((CONTEXT,), asking.question.given).get("context", 0)
    paragraphs = asking.index.context(asking.question.path_values["id"], around)
    middle = asking.index.paragraph(asking.question.path_values["id"])
    about = to_json(asking.index.metadata(middle.report_id))
    described = {name: about[name] for name in ("title", "year", "institution", "region", "kind", "date", "source")}
    return Answer(as_json({**to_json(middle), **described, "context": to_json(paragraphs) if around else []}), JSON)


def stats(asking: Asking) -> Answer:
    """`/api/v1/stats`."""
    read_parameters((), asking.question.given)
    return Answer(as_json(asking.index.statistics()), JSON)


def health(asking: Asking) -> Answer:
    """`/healthz`: an index is open."""
    return Answer(as_json({"status": "ok", "generation": asking.index.generation}), JSON)


def _file_name(given: str) -> str:
    """Return a name that every file system takes, with the end of the one that was given: it tells the format."""
    name = Path(given.replace("\0", "")).name[-_LONGEST_NAME:]
    return name if name.strip(".") else "report.txt"


def outline(asking: Asking) -> Answer:
    """`/api/v1/outline`: how a file is read, as `searcher outline --json` prints it; nothing of it is kept."""
    with tempfile.TemporaryDirectory(prefix="searcher-") as folder:
        path = Path(folder) / _file_name(asking.question.path_values["name"])
        path.write_bytes(asking.question.body)
        try:
            reports = [replace(found, origin=None) for found in reading.read(path)]
        except SearcherError as error:
            raise UsageError(str(error).replace(f"{folder}/", "")) from error
    return Answer(as_json(reports), JSON)
