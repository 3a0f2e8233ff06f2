"""The nouns: what is read, what is found, and how both look as JSON.

Offsets are counted in code points, spans are half-open, unknown values are None.
Everything here is frozen; `to_json` is the only place where a noun becomes plain data.
"""

import copyreg
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from searcher.wording import Said

__all__ = [
    "MAX_YEAR",
    "Checkup",
    "Contribution",
    "Facet",
    "Fault",
    "Hit",
    "Loss",
    "Match",
    "Metadata",
    "Origin",
    "Outcome",
    "Paragraph",
    "Place",
    "Report",
    "Results",
    "Section",
    "Snippet",
    "Sort",
    "Span",
    "Status",
    "Trend",
    "TrendYear",
    "to_json",
]

Place = Literal["text", "section", "title", "institution", "region"]
"""Where a leaf of a query may stand."""

MAX_YEAR = (1 << 31) - 1
"""The last year that an index keeps, before and after our era."""

Match = Literal["auto", "all", "any"]
"""How many of a query's leaves a hit must hold."""

Sort = Literal["score", "year", "position"]
"""The order of hits: falling score, newest year first, or report id and ordinal."""

Status = Literal["indexed", "updated", "moved", "duplicate", "unchanged", "removed", "skipped", "failed"]
"""What became of one file."""


T = TypeVar("T")


def _pickled_as_a_call(noun: type[T]) -> type[T]:
    """Have a dataclass pickled by its values alone: one with slots looks its fields up each time."""
    values = attrgetter(*noun.__match_args__)  # type: ignore[attr-defined] # its fields, in order
    copyreg.pickle(noun, lambda it: (noun, values(it)))
    return noun


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


@_pickled_as_a_call
@dataclass(frozen=True, slots=True)
class Metadata:
    """What a report says of itself, or somebody says of it. None is unknown."""

    title: str | None = None
    year: int | None = None
    institution: str | None = None
    region: str | None = None
    kind: str | None = None
    date: str | None = None  # ISO 8601, as exact as it is known: 2006, 2006-03 or 2006-03-05
    source: str | None = None  # the URL it was published at
    tags: tuple[str, ...] = ()

    def over(self, other: "Metadata") -> "Metadata":
        """Return this metadata, its unknown values taken from `other`."""
        return Metadata(  # named one by one: it is done several times for every file
            self.title or other.title,
            self.year or other.year,
            self.institution or other.institution,
            self.region or other.region,
            self.kind or other.kind,
            self.date or other.date,
            self.source or other.source,
            self.tags or other.tags,
        )


@_pickled_as_a_call
@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the range of paragraphs, by ordinal, that stand under it (half-open)."""

    heading: str
    level: int  # 1 is the outermost
    start: int
    end: int
    runin: bool = False  # the first sentence of the paragraph `start`, not a line of its own


@_pickled_as_a_call
@dataclass(frozen=True, slots=True)
class Paragraph:
    """The unit that is indexed, scored and shown."""

    report_id: str
    ordinal: int  # from 0, in reading order
    text: str
    section: tuple[str, ...] = ()  # headings from the outermost in, a run-in heading included
    runin: str | None = None  # the heading that opens this very paragraph
    zone: str | None = None  # opening, review, goals, tasks or closing of a government work report

    @property
    def id(self) -> str:
        """The id a paragraph is quoted and fetched by: `report#ordinal`."""
        return f"{self.report_id}#{self.ordinal}"


@_pickled_as_a_call
@dataclass(frozen=True, slots=True)
class Origin:
    """The file a report was read from, as it was then."""

    path: str
    size: int  # bytes
    mtime_ns: int  # and what its sidecars add
    sha256: str


@dataclass(frozen=True)
class Report:
    """One source record as read: its metadata, its outline and its paragraphs.

    A report taken from an index without its paragraphs has `paragraphs == ()`; the outline is always there.
    """

    id: str
    metadata: Metadata
    sections: tuple[Section, ...] = ()  # in reading order
    paragraphs: tuple[Paragraph, ...] = ()
    script: Literal["simplified", "traditional", "mixed"] | None = None
    furniture: tuple[str, ...] = ()  # lines left out: menus, page numbers, running heads
    notes: tuple[str, ...] = ()  # what a careful reader would want to be told about the reading
    origin: Origin | None = None

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Every heading in reading order."""
        return tuple(section.heading for section in self.sections)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A fragment of a paragraph in its own script, and the matches in it."""

    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term of a query gives to a hit's score."""

    field: str  # words, bigrams or unigrams
    term: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph that answers a query."""

    rank: int  # from 1, through all pages
    score: float
    paragraph: Paragraph
    metadata: Metadata  # of the report
    spans: tuple[Span, ...]  # the matches in `paragraph.text`
    matched_in: tuple[Place, ...]
    snippet: Snippet
    context: tuple[Paragraph, ...] = ()  # the paragraphs around it, itself included, where they were asked for
    contributions: tuple[Contribution, ...] = ()  # most first, where they were asked for

    @property
    def report_id(self) -> str:
        """The id of the report the paragraph stands in."""
        return self.paragraph.report_id


Facet = tuple[tuple[str | int | None, int], ...]
"""Values and the number of matching paragraphs that carry each, most first."""


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits, and what is true of all matches."""

    query: str
    total: int  # paragraphs that match in full
    hits: tuple[Hit, ...] = ()
    total_reports: int | None = None  # counted only where hits are collapsed per report
    facets: Mapping[str, Facet] = field(default_factory=dict)
    notes: tuple[Said, ...] = ()
    understood: str = ""  # what was searched, in words
    relaxed: bool = False  # nothing matched in full; the hits match in part
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class TrendYear:
    """How often a query matched in the reports of one year; all None where there is no report of that year."""

    year: int
    paragraphs: int | None  # that match
    characters: int | None  # in all paragraphs of that year, under the same filters; a figure counts as one
    per_10000: float | None  # matching paragraphs per 10,000 of these characters


@dataclass(frozen=True, slots=True)
class Trend:
    """How often a query matched, year by year, from the first year there is a report of to the last."""

    query: str
    total: int  # paragraphs that match
    undated: int  # of them, those of reports whose year is unknown
    years: tuple[TrendYear, ...]
    understood: str = ""
    notes: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file that was to be indexed."""

    path: str
    status: Status
    reports: tuple[str, ...] = ()  # ids
    paragraphs: int = 0
    reason: str | None = None  # why it was skipped or failed, what it is a duplicate of, where it was before
    copies: tuple[tuple[str, str], ...] = ()  # reports that are not searched, and those that have their texts


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file of an index."""

    path: Path
    what: str


@dataclass(frozen=True, slots=True)
class Loss:
    """A report that cannot be saved, as far as its id and its file can still be told."""

    report: str | None
    path: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """What a checkup of an index found, and what a repair made of it."""

    index: Path
    reports: int  # in what is sound
    paragraphs: int
    segments: int
    faults: tuple[Fault, ...] = ()  # what is still wrong
    notes: tuple[str, ...] = ()
    repaired: tuple[Fault, ...] = ()  # what was wrong
    saved: int = 0  # reports that were written anew
    lost: tuple[Loss, ...] = ()


def to_json(value: object) -> Any:  # noqa: ANN401, C901 - JSON is what it is; one case per noun
    """Return `value` as plain data for `json.dumps`; the only flattening of the nouns."""
    match value:
        case None | str() | int() | float():
            return value
        case Hit():
            return {
                "rank": value.rank,
                "score": value.score,
                "id": value.paragraph.id,
                **_placed(value.paragraph),
                **_described(value.metadata),
                "text": value.paragraph.text,
                "spans": [list(span) for span in value.spans],  # written out: hits are most of an answer
                "matched_in": list(value.matched_in),
                "snippet": {"text": value.snippet.text, "spans": [list(span) for span in value.snippet.spans]},
                **({"context": to_json(value.context)} if value.context else {}),
                **({"contributions": to_json(value.contributions)} if value.contributions else {}),
            }
        case Results():
            optional = {} if value.total_reports is None else {"total_reports": value.total_reports}
            return {
                "schema": 1,
                "query": value.query,
                "total": value.total,
                **optional,
                "took_ms": value.took_ms,
                "notes": list(value.notes),
                "understood": value.understood,
                "hits": [to_json(hit) for hit in value.hits],
                "relaxed": value.relaxed,
                "facets": {name: to_json(facet) for name, facet in value.facets.items()},
                "told": _told(value.notes),
            }
        case Paragraph():
            return {"id": value.id, **_placed(value), "runin": value.runin, "text": value.text}
        case Report():
            return {
                "id": value.id,
                **_described(value.metadata),
                "tags": list(value.metadata.tags),
                "script": value.script,
                "headings": list(value.headings),
                "paragraphs": [
                    {"ordinal": p.ordinal, "section": list(p.section), "runin": p.runin, "zone": p.zone, "text": p.text}
                    for p in value.paragraphs
                ],
                "furniture": list(value.furniture),
                "notes": list(value.notes),
                "origin": to_json(value.origin),
            }
        case Trend():
            plain = {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
            return {**plain, "told": _told(value.notes)}
        case Path():
            return str(value)
        case Mapping():
            return {str(key): to_json(item) for key, item in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
        case Sequence():
            return [to_json(item) for item in value]
        case _:
            return value


def _told(notes: Sequence[Said]) -> list[dict[str, Any]]:
    """Return notes for programs: which sentence each is, and what it is about."""
    return [{"kind": note.kind, "params": to_json(note.params)} for note in notes]


def _placed(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "report_id": paragraph.report_id,
        "ordinal": paragraph.ordinal,
        "section": list(paragraph.section),
        "zone": paragraph.zone,
    }


def _described(metadata: Metadata) -> dict[str, Any]:
    return {
        "title": metadata.title,
        "year": metadata.year,
        "institution": metadata.institution,
        "region": metadata.region,
        "kind": metadata.kind,
        "date": metadata.date,
        "source": metadata.source,
    }
