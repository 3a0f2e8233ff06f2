"""What `searcher export` writes: reports as they were understood, one a line, read back as they are."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, fields
from typing import Any

from searcher.errors import DamagedFile
from searcher.model import MAX_YEAR, Metadata, Origin, Paragraph, Report, Section

__all__ = ["EXPORT", "exported", "read_export"]

_MARK = "searcher_export"  # the first key of each line; its value is the version of this format
_VERSION = 1

EXPORT = f'{{"{_MARK}":'.encode()
"""What an export begins with, and no other file."""

_KEPT = ("script", "furniture", "notes")


def exported(report: Report) -> dict[str, Any]:
    """Return a report as a line of an export; the file it came from is left out."""
    return {
        _MARK: _VERSION,
        "id": report.id,
        **{field.name: getattr(report.metadata, field.name) for field in fields(Metadata)},
        "sections": [astuple(section) for section in report.sections],
        "paragraphs": [
            {"text": paragraph.text}
            | {name: value for name in ("section", "runin", "zone") if (value := getattr(paragraph, name))}
            for paragraph in report.paragraphs
        ],
        **{name: getattr(report, name) for name in _KEPT},
    }


def read_export(lines: Iterable[bytes], origin: Origin) -> Iterator[Report]:
    """Yield the reports of an export, line by line; raise `DamagedFile`, which names the line."""
    for number, line in enumerate(lines, start=1):
        if not line.isspace():
            try:
                yield _report(json.loads(line), origin)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise DamagedFile(
                    f"{origin.path}: line {number} is no report of an export of version {_VERSION} ({error!r}); "
                    f"export it again"
                ) from error


def _report(record: Mapping[str, Any], origin: Origin) -> Report:
    if record[_MARK] != _VERSION:
        raise ValueError(record[_MARK])
    report_id = record["id"]
    about = {field.name: record[field.name] for field in fields(Metadata)}
    if about["year"] is not None and not (type(about["year"]) is int and abs(about["year"]) <= MAX_YEAR):
        raise ValueError(about["year"])
    return Report(
        id=report_id,
        metadata=Metadata(**about | {"tags": tuple(about["tags"])}),
        sections=tuple(Section(*section) for section in record["sections"]),
        paragraphs=tuple(
            Paragraph(report_id, ordinal, **(item | {"section": tuple(item.get("section", ()))}))
            for ordinal, item in enumerate(record["paragraphs"])
        ),
        script=record["script"],
        furniture=tuple(record["furniture"]),
        notes=tuple(record["notes"]),
        origin=origin,
    )
