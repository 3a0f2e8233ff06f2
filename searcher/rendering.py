"""How do results look to other programs, and quoted? JSON, CSV, a concordance, a citation."""

import io
import json
from collections.abc import Iterator
from typing import Literal

from searcher import snippets
from searcher.model import Hit, Metadata, Paragraph, Results, to_json

__all__ = ["CRUMB", "KwicLine", "KwicSort", "as_csv", "as_json", "as_json_lines", "citation", "concordance"]

CRUMB = " › "
"""Between the headings of a section path."""

KwicSort = Literal["left", "right", "year"]

KwicLine = tuple[Hit, tuple[str, str, str]]
"""A hit, and a match in it with what stands before and after."""

_COLUMNS = ("rank", "score", "id", "title", "year", "institution", "region", "kind", "date", "zone", "section", "text",
            "source")  # fmt: skip


def as_json(value: object, *, indent: int | None = None) -> str:
    """Return a noun as JSON text."""
    return json.dumps(to_json(value), ensure_ascii=False, indent=indent)


def as_json_lines(results: Results) -> Iterator[str]:
    """Yield a JSON object for each hit."""
    return map(as_json, results.hits)


def as_csv(results: Results) -> str:
    """Return the hits as CSV with a line of names."""
    import csv  # noqa: PLC0415 - for few uses

    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for hit in results.hits:
        row = to_json(hit)
        writer.writerow(row | {"section": " > ".join(row["section"])})
    return out.getvalue()


def citation(about: Metadata, paragraph: Paragraph) -> str:
    """Return where a paragraph stands, as one quotes it: institution, title, year, section path."""
    title = f"《{about.title}》" if about.title else paragraph.report_id
    year = f"（{about.year}）" if about.year is not None else ""
    path = f"，{CRUMB.join(paragraph.section)}" if paragraph.section else ""
    return f"{about.institution or ''}{title}{year}{path}"


def concordance(results: Results, width: int, sort: KwicSort | None = None) -> list[KwicLine]:
    """Return a line for each match on the page, sorted by what stands left or right of it, or by year, newest first."""
    lines = [(hit, snippets.kwic(hit.paragraph.text, span, width)) for hit in results.hits for span in hit.spans]
    match sort:
        case "left":
            lines.sort(key=lambda line: line[1][0][::-1])
        case "right":
            lines.sort(key=lambda line: line[1][2])
        case "year":
            lines.sort(key=lambda line: -(line[0].metadata.year or 0))
    return lines
