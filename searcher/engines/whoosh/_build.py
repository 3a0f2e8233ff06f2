"""The builder of segments: analysed batches are gathered as columns, and inverted at once with one sort a field."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from searcher.engines._protocol import Batch
from searcher.engines.whoosh._columns import Columns, invert_columns, smallest
from searcher.engines.whoosh._container import Array, Pieces, write_arrays
from searcher.engines.whoosh._segment import KEYWORDS, PLACES, UNKNOWN_YEAR
from searcher.engines.whoosh._strings import encode, string_arrays
from searcher.engines.whoosh._texts import TextBlocks
from searcher.model import Metadata, Origin, Report, Section

__all__ = ["Builder"]

_METADATA, _SECTION, _ORIGIN = ([field.name for field in fields(noun)] for noun in (Metadata, Section, Origin))


class Builder:
    """Gathers batches and writes them as one segment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.reports: list[str] = []  # ids, by row
        self.paragraphs = 0
        self.tokens = 0
        self._paragraphs_of: list[int] = []
        self._years: list[int] = []
        self._records: list[bytes] = []
        self._texts = TextBlocks(folder)
        self._codes: dict[str, dict[Any, int]] = {name: {None: 0} for name in (*KEYWORDS, "zone", "path", "runin")}
        self._coded: dict[str, list[int]] = {name: [] for name in self._codes}
        self._unit_names: dict[str, int] = {}
        self._word_names: dict[str, int] = {}
        self._spaces = {"paragraph": Columns(), "context": Columns()}
        self._contexts: list[tuple[int, int, int, int]] = []  # place, report, start and end in the segment

    @property
    def contexts(self) -> int:
        """How many contexts are gathered."""
        return len(self._contexts)

    def add(self, batch: Batch) -> None:
        """Gather a batch."""
        first = len(self.reports)
        starts = []
        for report in batch.reports:
            starts.append(self.paragraphs)
            self._add_report(report)
        self._contexts += [
            (PLACES.index(c.place), first + c.report, starts[c.report] + c.start, starts[c.report] + c.end)
            for c in batch.contexts
        ]
        for space, analysis in (("paragraph", batch.paragraphs), ("context", batch.context_tokens)):
            self.tokens += len(analysis.units.ids)
            self._spaces[space].add(analysis, self._unit_names, self._word_names)

    def write(self, path: Path) -> None:
        """Write everything gathered as a segment's file."""
        arrays: dict[str, Array | Pieces] = {}
        arrays["report.bounds"] = np.cumsum([0, *self._paragraphs_of]).astype(np.uint32)
        arrays["report.order"] = np.array(sorted(range(len(self.reports)), key=self.reports.__getitem__), np.uint32)
        arrays["report.year"] = np.array(self._years, np.int32)
        arrays |= string_arrays("report.ids", self.reports)
        arrays |= string_arrays("report.records", self._records)
        arrays |= self._texts.arrays()
        for name, codes in self._codes.items():
            space = "report" if name in KEYWORDS else "paragraph"
            values = list(codes)[1:]
            arrays[f"{space}.{name}"] = np.array(self._coded[name], smallest(len(values)))
            arrays |= string_arrays(f"{name}.values", map(json.dumps, values) if name == "path" else values)
        contexts = np.array(self._contexts, np.uint32).reshape(-1, 4)
        arrays["context.place"] = contexts[:, 0].astype(np.uint8)
        for column, name in enumerate(("report", "start", "end"), 1):
            arrays[f"context.{name}"] = contexts[:, column]
        inverted, facts = invert_columns(self._spaces, list(self._unit_names), list(self._word_names), self._folder)
        facts |= {"paragraphs": self.paragraphs, "reports": len(self.reports)}
        write_arrays(path, arrays | inverted, facts)

    def _add_report(self, report: Report) -> None:
        about = report.metadata
        self.reports.append(report.id)
        self._years.append(UNKNOWN_YEAR if about.year is None else about.year)
        self._paragraphs_of.append(len(report.paragraphs))
        for name in KEYWORDS:
            self._code(name, [report.script if name == "script" else getattr(about, name)])
        self._code("zone", [paragraph.zone for paragraph in report.paragraphs])
        self._code("path", [paragraph.section or None for paragraph in report.paragraphs])
        self._code("runin", [paragraph.runin for paragraph in report.paragraphs])
        for paragraph in report.paragraphs:
            self._texts.add(paragraph.text)
        self.paragraphs += len(report.paragraphs)
        record = {
            "metadata": {name: getattr(about, name) for name in _METADATA},
            "sections": [[getattr(section, name) for name in _SECTION] for section in report.sections],
            "script": report.script,
            "furniture": report.furniture,
            "notes": report.notes,
            "origin": [getattr(report.origin, name) for name in _ORIGIN] if report.origin else None,
        }
        self._records.append(zlib.compress(encode(json.dumps(record, ensure_ascii=False, separators=(",", ":")))))

    def _code(self, field: str, values: Iterable[object]) -> None:
        codes = self._codes[field]
        self._coded[field] += [codes.setdefault(value, len(codes)) for value in values]
