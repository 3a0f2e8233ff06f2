"""The builder of segments: analysed batches are gathered as columns, and inverted at once with one sort a field."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path

import numpy as np

from searcher.analysis import BREAK_ID, NAMED, Analysis
from searcher.engines._protocol import Batch
from searcher.engines.whoosh._container import Array, write_arrays
from searcher.engines.whoosh._postings import pack, ramp
from searcher.engines.whoosh._segment import KEYWORDS, PLACES, TEXTS_PER_BLOCK, UNKNOWN_YEAR
from searcher.engines.whoosh._strings import encode, string_arrays
from searcher.model import Report
from searcher.schema import TOKEN_FIELDS

__all__ = ["Builder"]


class Builder:
    """Gathers batches and writes them as one segment."""

    def __init__(self) -> None:
        self.reports: list[str] = []  # ids, by row
        self.paragraphs = 0
        self.tokens = 0
        self._paragraphs_of: list[int] = []
        self._years: list[int] = []
        self._records: list[bytes] = []
        self._texts: list[str] = []  # of the block that is not full yet
        self._blocks: list[bytes] = []
        self._codes: dict[str, dict[str, int]] = {name: {} for name in (*KEYWORDS, "zone", "path", "runin")}
        self._coded: dict[str, list[int]] = {name: [] for name in self._codes}
        self._unit_names: dict[str, int] = {}
        self._word_names: dict[str, int] = {}
        self._spaces = {"paragraph": _Columns(), "context": _Columns()}
        self._contexts: list[tuple[int, int, int, int]] = []  # place, report, start and end in the segment

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
        if self._texts:
            self._blocks.append(_compress(self._texts))
        arrays: dict[str, Array] = {}
        arrays["report.bounds"] = np.cumsum([0, *self._paragraphs_of]).astype(np.uint32)
        arrays["report.order"] = np.array(sorted(range(len(self.reports)), key=self.reports.__getitem__), np.uint32)
        arrays["report.year"] = np.array(self._years, np.int32)
        arrays |= string_arrays("report.ids", self.reports)
        arrays |= string_arrays("report.records", self._records)
        arrays |= string_arrays("paragraph.texts", self._blocks)
        for name, codes in self._codes.items():
            space = "report" if name in KEYWORDS else "paragraph"
            arrays[f"{space}.{name}"] = np.array(self._coded[name], _smallest(len(codes)))
            arrays |= string_arrays(f"{name}.values", codes)
        contexts = np.array(self._contexts, np.uint32).reshape(-1, 4)
        arrays["context.place"] = contexts[:, 0].astype(np.uint8)
        for column, name in enumerate(("report", "start", "end"), 1):
            arrays[f"context.{name}"] = contexts[:, column]
        arrays |= invert(self._spaces, list(self._unit_names), list(self._word_names))
        write_arrays(path, arrays, {"paragraphs": self.paragraphs, "reports": len(self.reports)})

    def _add_report(self, report: Report) -> None:
        about = report.metadata
        self.reports.append(report.id)
        self._years.append(UNKNOWN_YEAR if about.year is None else about.year)
        self._paragraphs_of.append(len(report.paragraphs))
        for name, value in zip(KEYWORDS, (about.institution, about.region, about.kind, report.script), strict=True):
            self._code(name, value)
        for paragraph in report.paragraphs:
            self._code("zone", paragraph.zone)
            self._code("path", json.dumps(paragraph.section) if paragraph.section else None)
            self._code("runin", paragraph.runin)
            self._texts.append(paragraph.text)
            if len(self._texts) == TEXTS_PER_BLOCK:
                self._blocks.append(_compress(self._texts))
                self._texts = []
        self.paragraphs += len(report.paragraphs)
        record = {
            "metadata": asdict(about),
            "sections": [astuple(section) for section in report.sections],
            "script": report.script,
            "furniture": report.furniture,
            "notes": report.notes,
            "origin": astuple(report.origin) if report.origin else None,
        }
        self._records.append(zlib.compress(encode(json.dumps(record, ensure_ascii=False, separators=(",", ":")))))

    def _code(self, field: str, value: str | None) -> None:
        codes = self._codes[field]
        self._coded[field].append(0 if value is None else codes.setdefault(value, len(codes)) + 1)


class _Columns:
    """The tokens of one space, batch after batch, their names numbered through."""

    def __init__(self) -> None:
        self._units: list[Array] = []
        self._unit_counts: list[Array] = []
        self._words: list[Array] = []
        self._word_counts: list[Array] = []

    def add(self, analysis: Analysis, unit_names: dict[str, int], word_names: dict[str, int]) -> None:
        units, words = analysis.units, analysis.words
        numbers = np.array([unit_names.setdefault(name, len(unit_names)) for name in units.names] or [0], np.uint32)
        ids = units.ids.astype(np.uint32)
        named = ids >= NAMED
        ids[named] = NAMED + numbers[ids[named] - NAMED]
        self._units.append(ids)
        self._unit_counts.append(np.diff(units.bounds))
        numbers = np.array([word_names.setdefault(name, len(word_names)) for name in words.names] or [0], np.uint32)
        self._words.append(numbers[words.ids])
        self._word_counts.append(np.diff(words.bounds))

    def units(self) -> tuple[Array, Array]:
        """Return the units of all texts, and how many each has."""
        return _joined(self._units, np.uint32), _joined(self._unit_counts, np.int64)

    def words(self) -> tuple[Array, Array]:
        """Return the words of all texts, and how many each has."""
        return _joined(self._words, np.uint32), _joined(self._word_counts, np.int64)


def invert(spaces: dict[str, _Columns], unit_names: Sequence[str], word_names: Sequence[str]) -> dict[str, Array]:
    """Return the arrays of the three token fields of both spaces, under common terms."""
    unit_rank, unit_table = _ranked(unit_names)
    word_rank, word_table = _ranked(word_names)
    arrays = string_arrays("units", unit_table) | string_arrays("words", word_table)
    found: dict[str, dict[str, tuple[Array, Array, Array | None]]] = {name: {} for name in TOKEN_FIELDS}
    lengths: dict[tuple[str, str], Array] = {}
    for space, columns in spaces.items():
        words, counts = columns.words()
        docs = np.repeat(np.arange(len(counts)), counts)
        lengths[space, "words"] = counts
        found["words"][space] = (word_rank[words] if len(words) else words, docs, None)
        units, counts = columns.units()
        docs = np.repeat(np.arange(len(counts)), counts)
        named = units >= NAMED
        units[named] = NAMED + unit_rank[units[named] - NAMED]
        lengths[space, "bigrams"] = np.maximum(counts - 1, 0)
        inner = docs[1:] == docs[:-1]
        pairs = units[:-1].astype(np.uint64) << np.uint64(32) | units[1:]
        found["bigrams"][space] = (pairs[inner], docs[:-1][inner], ramp(counts)[:-1][inner] if len(counts) else docs)
        real = units != BREAK_ID
        lengths[space, "unigrams"] = np.bincount(docs[real], minlength=len(counts))
        found["unigrams"][space] = (units[real].astype(np.uint64), docs[real], None)
    for field, by_space in found.items():
        keys = None
        if field != "words":
            keys = np.unique(np.concatenate([np.unique(terms) for terms, _, _ in by_space.values()]))
            arrays[f"{field}.keys"] = keys
        for space, (terms, docs, positions) in by_space.items():
            ordinals = terms if keys is None else np.searchsorted(keys, terms)
            count = len(word_table) if keys is None else len(keys)
            length = lengths[space, field]
            arrays |= pack(f"{space}.{field}", *_sorted(ordinals, docs, positions), term_count=count, lengths=length)
            arrays[f"{space}.{field}.lengths"] = length.astype(_smallest(int(length.max(initial=0))))
    return arrays


def _sorted(terms: Array, docs: Array, positions: Array | None) -> tuple[Array, Array, Array | None]:
    """Sort occurrences by term, document and position: as single numbers where they fit into 64 bits."""
    widths = [int(column.max(initial=0)).bit_length() for column in (docs, positions) if column is not None]
    if int(terms.max(initial=0)).bit_length() + sum(widths) > 63:  # noqa: PLR2004 - bits of a signed number
        order = np.lexsort((docs, terms) if positions is None else (positions, docs, terms))
        return terms[order], docs[order], None if positions is None else positions[order]
    keys = terms.astype(np.int64) << widths[0] | docs
    if positions is not None:
        keys = keys << widths[1] | positions
    keys.sort()
    if positions is not None:
        positions = keys & ((1 << widths[1]) - 1)
        keys >>= widths[1]
    docs = keys & ((1 << widths[0]) - 1)
    keys >>= widths[0]
    return keys, docs, positions


def _ranked(names: Sequence[str]) -> tuple[Array, list[bytes]]:
    """Return the place of each name in the sorted table, and the table."""
    encoded = [encode(name) for name in names]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    rank = np.empty(max(len(encoded), 1), np.uint32)
    rank[order] = np.arange(len(order))
    return rank, [encoded[index] for index in order]


def _joined(parts: list[Array], kind: type[np.generic]) -> Array:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _compress(texts: list[str]) -> bytes:
    return zlib.compress(encode(json.dumps(texts, ensure_ascii=False, separators=(",", ":"))))


def _smallest(largest: int) -> type[np.generic]:
    return np.uint8 if largest < 1 << 8 else np.uint16 if largest < 1 << 16 else np.uint32
