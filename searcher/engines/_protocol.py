"""The seam: what an engine must do. Analysis and queries are ours; an engine keeps tokens and ranks trees.

Laws, held by the conformance suite over every engine:

- adding a report replaces what that report had; removing one leaves no trace of it in any answer or statistic;
- an engine never analyses text: it keeps and compares the tokens it is given;
- every node of a rewritten tree is supported, or refused by name with `UsageError`;
- the set of matches is the oracle's (the meaning is written in `searcher.query.terms`);
- ids come in the order asked for; by score: falling, ties by year (newest first, unknown last), report id, ordinal;
- scores do not depend on how the index came about: statistics are those of the reports that are there.

Of the default engine also: nothing is visible before `commit`, and an engine sees one commit, whole, until `refresh`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, NamedTuple, Protocol, Self

from searcher.analysis import Analysis
from searcher.model import Facet, Metadata, Paragraph, Place, Report, Sort
from searcher.query.terms import Node, Weighted

__all__ = ["Batch", "Context", "Engine", "ParagraphId", "Reader", "Request", "Response", "Writer"]

ParagraphId = tuple[str, int]
"""A report's id and a paragraph's ordinal."""


class Context(NamedTuple):
    """A title, heading, institution or region of a report: its tokens count for a range of its paragraphs."""

    report: int  # index into the batch's reports
    place: Place
    start: int  # ordinals, half-open; never empty
    end: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Some reports, analysed. Texts of `paragraphs` stand report after report; `contexts` go with `context_tokens`."""

    reports: tuple[Report, ...]
    paragraphs: Analysis
    contexts: tuple[Context, ...]
    context_tokens: Analysis


@dataclass(frozen=True, slots=True)
class Request:
    """A search. `scoring` terms give BM25 scores, of the text and (boosted by `schema`) of its contexts."""

    tree: Node
    scoring: tuple[Weighted, ...] = ()
    sort: Sort = "score"
    per_report: int | None = None  # at most so many hits of one report
    offset: int = 0
    limit: int = 10
    facets: tuple[str, ...] = ()
    facets_in: Literal["paragraphs", "units"] = "paragraphs"  # what facets count: matches, or the units of their texts
    totals: bool = True  # exact `total`; else it may be a lower bound
    deadline: float | None = None  # a `time.monotonic()` after which `TimeoutError` may be raised


@dataclass(frozen=True, slots=True)
class Response:
    """The answer: a page of ids and their scores, and what is true of all matches."""

    ids: tuple[ParagraphId, ...]
    scores: tuple[float, ...]
    total: int  # matching paragraphs
    total_reports: int  # reports that hold them, counted only with `per_report`
    shown: int  # hits on all pages together: fewer than `total` where they are collapsed per report
    facets: Mapping[str, Facet] = field(default_factory=dict)
    generation: int = 0


class Reader(Protocol):
    """What is read of one commit to make an answer."""

    def search(self, request: Request) -> Response: ...
    def frequency(self, field: str, term: str | tuple[str, str]) -> int:
        """Return in how many paragraphs and contexts a term stands; a bigram is a pair of units."""
        ...

    def words(self, prefix: str, suffix: str, limit: int) -> list[str]:
        """Return the terms of the field `words` that begin and end so, most frequent first, then by code point."""
        ...

    def paragraphs(self, ids: Sequence[ParagraphId]) -> list[Paragraph]:
        """Return paragraphs in the order asked for; raise `NotFound`."""
        ...

    def report(self, report_id: str) -> Report:
        """Return a report's record, without its paragraphs; raise `NotFound`."""
        ...

    def metadata(self, report_id: str) -> Metadata:
        """Return what is known of a report; raise `NotFound`."""
        ...

    def paragraph_count(self, report_id: str | None = None) -> int: ...


class Engine(Reader, Protocol):
    """A view of one commit. Safe to use from several threads."""

    @property
    def generation(self) -> int: ...
    def reports(self) -> Iterator[Report]:
        """Yield every record, by report id."""
        ...

    def catalogue(self) -> bytes:
        """Return what a writer has kept with this commit, or with one before; empty at first."""
        ...

    def refresh(self) -> "Engine":
        """Return a view of the newest commit: this one, if it still is."""
        ...

    def writer(self, wait: float = 0.0) -> "Writer":
        """Return the one writer; raise `IndexLocked` if there still is another after `wait` seconds."""
        ...

    def close(self) -> None:
        """Let the files go: who reads of it later is told so by `UsageError`."""
        ...


class Writer(Protocol):
    """Changes to an index, seen by nobody before `commit`. Leaving the block by an exception cancels."""

    def add(self, batch: Batch) -> None: ...
    def remove(self, report_ids: Sequence[str]) -> None: ...
    def keep(self, catalogue: bytes) -> None:
        """Keep a catalogue with the next commit and those after it. An engine never looks into it."""
        ...

    def commit(self, *, merge: bool = True) -> None:
        """Make the changes visible.

        Without `merge`, putting together what is scattered is left to a later commit: if all that a long run commits on
        its way did so, most would be written several times.
        """
        ...

    def cancel(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
