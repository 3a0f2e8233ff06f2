"""A segment: some reports, their paragraphs and contexts, in one file of arrays.

Two spaces of documents stand side by side: the paragraphs, report after report, and the contexts (titles, headings,
institutions, regions), each of which counts for a range of paragraphs. Both keep the same three token fields, under the
same terms.
"""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from searcher.analysis import BREAK, BREAK_ID, NAMED
from searcher.engines.whoosh._bits import BLOCK, Ranges, count, of_mask
from searcher.engines.whoosh._container import Array, ArrayFile, Mapped
from searcher.engines.whoosh._postings import Extent, Postings, place_of
from searcher.engines.whoosh._remembered import remembered
from searcher.engines.whoosh._strings import Strings
from searcher.model import MAX_YEAR, Metadata, Origin, Paragraph, Report, Section
from searcher.schema import TOKEN_FIELDS

__all__ = ["INDEX_NAME", "KEYWORDS", "PLACES", "UNKNOWN_YEAR", "Segment", "Shard", "Space"]

INDEX_NAME = "MAIN"  # Whoosh's own for the one index of a folder

PLACES = ("section", "title", "institution", "region")
KEYWORDS = ("institution", "region", "kind", "script", "date")  # kept once a report
UNKNOWN_YEAR = -MAX_YEAR - 1

_KEYED = TOKEN_FIELDS[1:]  # their terms are kept as numbers, those of `words` as names
_BLOCKS_KEPT = 16  # blocks of texts
_TERMS_KEPT = 1 << 13
_METADATA_KEPT = 1 << 10  # of reports


@dataclass(slots=True)
class Segment:
    """What a commit says of a segment."""

    name: str
    paragraphs: int = 0  # deleted ones included
    deleted_rows: tuple[int, ...] = ()  # reports
    deleted_paragraphs: int = 0

    def path(self, folder: Path) -> Path:
        """Return the segment's file."""
        return folder / f"{INDEX_NAME}_{self.name}.arrays"

    @property
    def live_paragraphs(self) -> int:
        """The number of paragraphs that are there."""
        return self.paragraphs - self.deleted_paragraphs


class Standing(NamedTuple):
    """A term of a segment: its number, the number of its field, and its extents in the text and in the contexts."""

    number: int
    field: int
    text: Extent
    over: Extent


class Space:
    """Documents that are searched: the paragraphs of a segment, or its contexts."""

    all_lengths = Mapped("lengths")  # of the first field, of the second, of the third

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._name = name
        self.size = file.length(f"{name}.lengths") // len(TOKEN_FIELDS)
        self.blocks = -(-self.size // BLOCK)
        self.postings = Postings(file, name, self.blocks)
        self.bounds_made_with: dict[str, Any] = file.facts[f"{name}.bounds"]

    def array(self, name: str) -> Array:
        """Open an array of the space."""
        return self._file[f"{self._name}.{name}"]

    @cached_property
    def lengths(self) -> dict[str, Array]:
        """How many tokens of each field each document has."""
        return dict(zip(TOKEN_FIELDS, self.all_lengths.reshape(len(TOKEN_FIELDS), self.size), strict=True))


class Shard:
    """An open segment at one commit: its arrays, and which of its reports are gone."""

    order = Mapped("report.order")  # rows by rising id
    years = Mapped("report.year")
    context_place = Mapped("context.place")
    context_report = Mapped("context.report")
    _text_starts = Mapped("text.starts")  # the first paragraph of each block

    def __init__(self, file: ArrayFile, segment: Segment) -> None:
        self.file = file
        self.segment = segment
        self.reports = file.length("report.bounds") - 1
        self.ids = Strings(file, "report.ids")
        self._text_blocks = Strings(file, "text.blocks")
        self.records = Strings(file, "report.records")
        self.unit_names = Strings(file, "units")
        self.word_names = Strings(file, "words")
        sizes = (len(self.word_names), *(file.length(f"{name}.keys") for name in _KEYED))
        self.terms = dict(zip(TOKEN_FIELDS, pairwise(accumulate(sizes, initial=0)), strict=True))  # numbers, half-open
        self.text = Space(file, "paragraph")
        self.size = self.text.size
        self.contexts = Space(file, "context")
        self.term = remembered(self._find, _TERMS_KEPT)
        self.standing = remembered(self._standing, _TERMS_KEPT)
        self._live_dfs = remembered(self._count_live, _TERMS_KEPT)
        self.row = remembered(self._row, 1 << 12)
        self.metadata = remembered(self._metadata, _METADATA_KEPT)
        self.texts_of = remembered(self._texts_of, _BLOCKS_KEPT)  # a report's paragraphs are asked for one by one

    def array(self, name: str) -> Array:
        """Open an array of the segment."""
        return self.file[name]

    @cached_property
    def report_bounds(self) -> Array:
        """Where each report's paragraphs start, and where the last one's end."""
        return self.array("report.bounds").astype(np.int64)

    @cached_property
    def context_start(self) -> Array:
        """The paragraph of the segment where each context begins."""
        return self.array("context.start").astype(np.int64)

    @cached_property
    def context_end(self) -> Array:
        """The paragraph behind the last of each context."""
        return self.array("context.end").astype(np.int64)

    @cached_property
    def report_ranges(self) -> Ranges:
        """The paragraphs of each report."""
        return Ranges(self.report_bounds[:-1], self.report_bounds[1:])

    @cached_property
    def context_ranges(self) -> Ranges:
        """The paragraphs that each context counts for."""
        return Ranges(self.context_start, self.context_end)

    @cached_property
    def keys(self) -> dict[str, Array]:
        """The terms of the fields that are kept as numbers."""
        return {name: self.array(f"{name}.keys") for name in _KEYED}

    @cached_property
    def live_reports(self) -> Array:
        """Which reports are there."""
        live = np.ones(self.reports, np.bool_)
        live[list(self.segment.deleted_rows)] = False
        return live

    @cached_property
    def live(self) -> Array | None:
        """Which paragraphs are there; None if all are."""
        if not self.segment.deleted_rows:
            return None
        return np.repeat(self.live_reports, np.diff(self.report_bounds))

    @property
    def blocks(self) -> int:
        """The number of blocks of paragraphs."""
        return self.text.blocks

    @cached_property
    def everything(self) -> Array:
        """All paragraphs, deleted ones included, as a set."""
        return of_mask(np.ones(self.size, np.bool_))

    @cached_property
    def live_bits(self) -> Array | None:
        """The same as a set."""
        return None if self.live is None else of_mask(self.live)

    @cached_property
    def context_bounds(self) -> Array:
        """Where each report's contexts start, and where the last one's end."""
        return np.append(0, np.bincount(self.context_report, minlength=self.reports).cumsum())

    @cached_property
    def live_contexts(self) -> Array | None:
        """Which contexts are there; None if all are."""
        return self.live_reports[self.context_report] if self.segment.deleted_rows else None

    @cached_property
    def live_context_bits(self) -> Array:
        """Which contexts are there, as a set."""
        return of_mask(self.live_reports[self.context_report])

    @cached_property
    def report_of(self) -> Array:
        """The row of each paragraph's report."""
        return np.repeat(np.arange(self.reports, dtype=np.int32), np.diff(self.report_bounds))

    def _row(self, report_id: str) -> int | None:
        """Return the row of a report that is there."""
        low, high = 0, self.reports
        while low < high:
            middle = (low + high) // 2
            if self.ids.text(int(self.order[middle])) < report_id:
                low = middle + 1
            else:
                high = middle
        while low < self.reports:  # an id may stand here more than once, deleted all but one time
            row = int(self.order[low])
            if self.ids.text(row) != report_id:
                return None
            if self.live_reports[row]:
                return row
            low += 1
        return None

    def id_of(self, doc: int) -> tuple[str, int]:
        """Return the report and the ordinal of a paragraph."""
        row = int(self.report_of[doc])
        return self.ids.text(row), doc - int(self.report_bounds[row])

    # Terms

    def unit(self, name: str) -> int | None:
        """Return a unit's number here."""
        if name == BREAK:
            return BREAK_ID
        at = self.unit_names.find(name)
        if at is not None:
            return NAMED + at
        return ord(name) if len(name) == 1 else None

    def _find(self, field: str, term: str | tuple[str, str]) -> int | None:
        """Return the number of a term; those of all fields are numbered through."""
        if field == "words":
            return self.word_names.find(term) if isinstance(term, str) else None
        units = [self.unit(name) for name in ((term,) if isinstance(term, str) else term)]
        if None in units:
            return None
        key = 0
        for unit in units:
            key = key << 32 | (unit or 0)
        keys = self.keys[field]
        at = int(keys.searchsorted(np.uint64(key)))
        return self.terms[field][0] + at if at < len(keys) and int(keys[at]) == key else None

    def _standing(self, field: str, term: str | tuple[str, str]) -> Standing | None:
        number = self.term(field, term)
        if number is None:
            return None
        spaces = (self.text, self.contexts)
        return Standing(number, TOKEN_FIELDS.index(field), *(space.postings.extent(number) for space in spaces))

    def dfs(self, term: int) -> tuple[int, int]:
        """Return in how many paragraphs and in how many contexts that are there a term stands."""
        if not self.segment.deleted_rows:
            return self.text.postings.df(term), self.contexts.postings.df(term)
        return self._live_dfs(term)

    def _count_live(self, term: int) -> tuple[int, int]:
        text, over = self.text.postings.bits(term), self.contexts.postings.bits(term)
        return count(text & self.live_bits), count(over & self.live_context_bits)

    def pairs(self, first: str | None, second: str | None) -> list[int]:
        """Return the numbers of the bigrams of two units, of which `""` is any but a break, and None is any."""
        if first and second:
            at = self.term("bigrams", (first, second))
            return [] if at is None else [at]
        keys = self.keys["bigrams"]
        found = np.ones(len(keys), np.bool_)
        for name, part in ((first, keys >> np.uint64(32)), (second, keys & np.uint64(0xFFFFFFFF))):
            unit = BREAK_ID if name == "" else self.unit(name or BREAK)
            if unit is None:
                return []
            if name is not None:
                found &= part == unit if name else part != unit
        numbers: list[int] = (np.flatnonzero(found) + self.terms["bigrams"][0]).tolist()
        return numbers

    def words(self, prefix: str, suffix: str) -> list[tuple[int, str]]:
        """Return the numbers and the names of the words that begin and end so."""
        return [(at, self.word_names.text(at)) for at in self.word_names.fitting(prefix, suffix)]

    # What is stored

    def keywords(self, field: str) -> tuple[list[str | None], Array]:
        """Return a keyword field's values, and the value of each report (of each paragraph, for `zone`)."""
        kind = "report" if field in KEYWORDS else "paragraph"
        values: list[str | None] = [None, *Strings(self.file, f"{field}.values").texts()]
        return values, self.file[f"{kind}.{field}"]

    def paragraph(self, row: int, ordinal: int) -> Paragraph:
        """Return a paragraph of a report."""
        doc = int(self.report_bounds[row]) + ordinal
        section, runin, zone = (self._coded(name, doc) for name in ("path", "runin", "zone"))
        return Paragraph(
            report_id=self.ids.text(row),
            ordinal=ordinal,
            text=self.text_of(doc),
            section=tuple(json.loads(section)) if section else (),
            runin=runin,
            zone=zone,
        )

    def text_of(self, doc: int) -> str:
        """Return the text of a paragraph."""
        block = place_of(self._text_starts, doc, "right") - 1
        text: str = self.texts_of(block)[doc - int(self._text_starts[block])]
        return text

    def _texts_of(self, block: int) -> list[str]:
        """Return the texts of a block."""
        texts: list[str] = json.loads(zlib.decompress(self._text_blocks[block]))
        return texts

    def text_blocks(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield for each block the paragraphs it holds, half-open, and the block."""
        for block, (start, end) in enumerate(pairwise([*self._text_starts.tolist(), self.size])):
            yield start, end, self._text_blocks[block]

    def _coded(self, field: str, doc: int) -> str | None:
        code = int(self.file[f"paragraph.{field}"][doc])
        return Strings(self.file, f"{field}.values").text(code - 1) if code else None

    def report(self, row: int) -> Report:
        """Return a report's record."""
        record = self._record(row)
        origin = record["origin"]
        return Report(
            id=self.ids.text(row),
            metadata=_metadata_of(record),
            sections=tuple(Section(*section) for section in record["sections"]),
            script=record["script"],
            furniture=tuple(record["furniture"]),
            notes=tuple(record["notes"]),
            origin=Origin(*origin) if origin else None,
        )

    def _metadata(self, row: int) -> Metadata:
        """Return what is known of a report."""
        return _metadata_of(self._record(row))

    def _record(self, row: int) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(zlib.decompress(self.records[row]))
        return record


def _metadata_of(record: dict[str, Any]) -> Metadata:
    about = record["metadata"]
    return Metadata(**{**about, "tags": tuple(about["tags"])})
