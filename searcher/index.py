"""Where the rooms meet: an index folder, searched and written to."""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from searcher import answering, snippets
from searcher.advice import explain_nothing
from searcher.analysis import Analyzer, analyzer
from searcher.answering import filtered
from searcher.catalogue import Catalogue
from searcher.durable import sync_folder
from searcher.engines import Engine, Reader, Request, Writer, create_engine, open_engine, rebuild_engine, until
from searcher.errors import IndexLocked, IndexMissing, IndexOutdated, IndexProblem, NotFound, UsageError
from searcher.filters import Filters, conditions
from searcher.meta import read_meta, write_meta
from searcher.model import (
    Match,
    Metadata,
    Paragraph,
    Report,
    Results,
    Sort,
    Span,
    Trend,
)
from searcher.query import describe, parse, rewrite, terms
from searcher.schema import FACETS
from searcher.trends import trend
from searcher.wording import say

__all__ = ["DEFAULT", "Index", "Statistics", "search"]

DEFAULT = Path("index")
"""The folder an index lives in unless another is named."""

_READ_AT_ONCE = 500  # paragraphs
_DEEPEST = 100_000  # hits a page may reach back to
_CREATION = 5.0  # seconds: making an empty index takes no longer
_PAUSE = 0.05  # seconds between two attempts


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an index holds."""

    reports: int
    paragraphs: int
    years: tuple[int, int] | None  # the first and the last
    institutions: tuple[tuple[str, int], ...]  # and the number of reports of each, most first
    bytes: int
    analysis: str  # the fingerprint
    generation: int


class Index:
    """An index folder, as one commit left it. Safe to use from several threads.

    `refresh` moves on to the newest commit. Use it as a context manager, or call `close`.
    """

    def __init__(self, path: Path, engine: Engine, analysis: Analyzer) -> None:
        self.path = path
        self.analyzer = analysis
        self._engine = engine
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: str | os.PathLike[str] = DEFAULT) -> Self:
        """Open the index in a folder; raise `IndexMissing`, `IndexOutdated` or `IndexProblem`."""
        folder = Path(path)
        meta = read_meta(folder)  # before the engine looks: its files are of that format
        index = cls(folder, open_engine(folder), analyzer())
        if meta.get("analysis") != index.analyzer.fingerprint:
            index.close()
            raise IndexOutdated(
                f"The index in {folder} was built by another analysis ({meta.get('analysis')}, now "
                f"{index.analyzer.fingerprint}): run `searcher index --rebuild` on the reports"
            )
        return index

    @classmethod
    def create(cls, path: str | os.PathLike[str] = DEFAULT) -> Self:
        """Open the index in a folder, or make an empty one where there is none."""
        folder = Path(path)
        until = time.monotonic() + _CREATION
        while True:
            try:
                return cls.open(folder)
            except IndexMissing:  # or making one was interrupted: it is there with its first commit
                pass
            try:
                _make(folder)
            except IndexLocked:  # somebody else makes it, or has made it and writes already
                if time.monotonic() > until:
                    raise
                time.sleep(_PAUSE)
            except OSError as error:
                raise IndexProblem(f"Cannot make an index in {folder}: {error}") from error

    @classmethod
    @contextmanager
    def rebuilding(cls, path: str | os.PathLike[str] = DEFAULT, wait: float = 0.0) -> Iterator[Writer]:
        """Yield a writer that builds the index of a folder anew.

        Its commit takes the place of what is there, at once; until then the old index answers. What is there may be of
        another format or analysis, or damaged. Raises `IndexLocked` as `writer` does.
        """
        folder = Path(path)
        with suppress(IndexProblem):
            cls.create(folder).close()  # where there is nothing, meta.json is there before the first commit
        with rebuild_engine(folder, wait) as writer:
            yield writer
            writer.commit()
            write_meta(folder, analyzer())  # before this an index of another format or analysis still is one

    def catalogue(self) -> Catalogue:
        """Return what is known of the files that the reports were read from."""
        return Catalogue.load(self._engine.catalogue())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back what the index holds open."""
        self._engine.close()

    @property
    def generation(self) -> int:
        """The number of the commit."""
        return self._engine.generation

    def refresh(self) -> None:
        """Move on to the newest commit."""
        with self._lock:
            self._engine = self._engine.refresh()

    def writer(self, wait: float = 0.0) -> Writer:
        """Return the one writer; raise `IndexLocked` if there still is another after `wait` seconds."""
        return self._engine.writer(wait)

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        match: Match = "auto",
        loose: bool = False,
        exact: bool = False,
        per_report: int | None = None,
        sort: Sort = "score",
        facets: Sequence[str] = (),
        snippet_width: int = 160,
        context: int = 0,
        explain: bool = False,
        timeout: float | None = None,
        **filters: Unpack[Filters],
    ) -> Results:
        """Return a page of the paragraphs that answer `query`.

        `loose` finds two-character words across word boundaries, `exact` turns equivalences off. `snippet_width` is in
        characters; `context` is the number of paragraphs to give before and after each hit; `explain` tells what each
        term contributed. Raises `QueryError` where the query cannot be understood, `UsageError` where another argument
        is out of range, and `TimeoutError` where it is not done after `timeout` seconds.
        """
        started = time.perf_counter()
        _check(limit=limit, offset=offset, match=match, per_report=per_report, sort=sort, facets=facets)
        if snippet_width < 1 or context < 0:
            raise UsageError("snippet_width must be 1 or more, context 0 or more")
        engine = self._until(timeout)
        rewritten = rewrite(parse(query), query, self.analyzer, engine, match=match, loose=loose, exact=exact)
        wanted = conditions(filters, self.analyzer)
        request = Request(
            tree=filtered(rewritten.tree, wanted),
            scoring=rewritten.scoring,
            sort=sort,
            per_report=per_report,
            offset=offset,
            limit=limit,
            facets=tuple(facets),
        )
        full = engine.search(request)
        notes = list(rewritten.notes)
        if rewritten.wider is not None:
            wider = engine.search(Request(filtered(rewritten.wider, wanted), limit=0))
            crossing = wider.total - full.total
            if crossing > 0:
                notes.append(say("crossing", count=crossing))
        page, partial = answering.fill_page(engine, request, rewritten, wanted, full)
        if partial:
            notes.append(say("in_part", count=partial))
        hits = answering.hits(engine, self.analyzer, page, rewritten.tree, offset=offset, width=snippet_width)
        if context:
            hits = [replace(hit, context=tuple(_around(engine, hit.paragraph, context))) for hit in hits]
        if explain:
            hits = answering.explain(engine, hits, request)
        if not full.total:
            try:
                notes.extend(explain_nothing(engine, rewritten.tree, wanted))
            except TimeoutError:  # the answer is known; what was found out about it stays
                notes.append(say("no_time"))
        return Results(
            query=query,
            total=full.total,
            hits=tuple(hits),
            total_reports=None if per_report is None else full.total_reports,
            facets={name: answering.spelt_alike(facet) for name, facet in full.facets.items()},
            notes=tuple(notes),
            understood=describe(request.tree),
            relaxed=bool(partial) and full.total == 0,
            took_ms=round((time.perf_counter() - started) * 1000, 3),
        )

    def trend(
        self,
        query: str,
        *,
        match: Match = "auto",
        loose: bool = False,
        exact: bool = False,
        timeout: float | None = None,
        **filters: Unpack[Filters],
    ) -> Trend:
        """Return how often `query` matches, year by year; the arguments and errors are those of `search`."""
        _check(match=match)
        engine = self._until(timeout)
        rewritten = rewrite(parse(query), query, self.analyzer, engine, match=match, loose=loose, exact=exact)
        return trend(engine, query, rewritten, conditions(filters, self.analyzer))

    def marks(
        self,
        query: str,
        texts: Sequence[str],
        *,
        loose: bool = False,
        exact: bool = False,
        timeout: float | None = None,
    ) -> list[tuple[Span, ...]]:
        """Return, text by text, the spans that words and phrases of `query` cover, whether or not the text matches."""
        engine = self._until(timeout)
        rewritten = rewrite(parse(query), query, self.analyzer, engine, match="any", loose=loose, exact=exact)
        searched = terms.leaves(rewritten.tree)
        return snippets.spans(self.analyzer.analyze(texts, terms.words(searched)), searched)

    def _until(self, timeout: float | None) -> Reader:
        return until(self._engine, None if timeout is None else time.monotonic() + timeout)

    def paragraph(self, paragraph_id: str) -> Paragraph:
        """Return a paragraph by its id, `report#ordinal`; raise `NotFound`."""
        return _paragraph(self._engine, paragraph_id)

    def context(self, paragraph_id: str, around: int) -> list[Paragraph]:
        """Return a paragraph with up to `around` paragraphs of its report before and after it."""
        engine = self._engine
        return _around(engine, _paragraph(engine, paragraph_id), around)

    def report(self, report_id: str, *, start: int = 0, end: int | None = None, timeout: float | None = None) -> Report:
        """Return a report with its paragraphs, or those from the ordinal `start` up to `end`; raise `NotFound`."""
        engine = self._until(timeout)
        record = engine.report(report_id)
        count = engine.paragraph_count(report_id)
        ids = [(report_id, ordinal) for ordinal in range(start, count if end is None else min(end, count))]
        read = (engine.paragraphs(ids[at : at + _READ_AT_ONCE]) for at in range(0, len(ids), _READ_AT_ONCE))
        return replace(record, paragraphs=tuple(chain.from_iterable(read)))

    def metadata(self, report_id: str) -> Metadata:
        """Return what is known of a report; raise `NotFound`."""
        return self._engine.metadata(report_id)

    def paragraph_count(self, report_id: str) -> int:
        """Return how many paragraphs a report has; raise `NotFound`."""
        return self._engine.paragraph_count(report_id)

    def matching(
        self, query: str, report_id: str, *, loose: bool = False, exact: bool = False, timeout: float | None = None
    ) -> list[int]:
        """Return the ordinals of the paragraphs of a report that match some word or phrase of `query`."""
        engine = self._until(timeout)
        rewritten = rewrite(parse(query), query, self.analyzer, engine, match="any", loose=loose, exact=exact)
        tree = filtered(rewritten.tree, (terms.Among("report", (report_id,)),))
        found = engine.search(Request(tree, sort="position", limit=engine.paragraph_count(report_id)))
        return [ordinal for _, ordinal in found.ids]

    def reports_matching(self, query: str) -> set[str]:
        """Return the ids of all reports with a paragraph that holds all of `query`."""
        engine = self._engine
        rewritten = rewrite(parse(query), query, self.analyzer, engine, match="all")
        request = Request(rewritten.tree, sort="position", per_report=1, limit=engine.paragraph_count())
        return {report_id for report_id, _ in engine.search(request).ids}

    def reports(self) -> Iterator[Report]:
        """Yield every report's record, without its paragraphs, by id."""
        return self._engine.reports()

    def statistics(self) -> Statistics:
        """Return what the index holds."""
        years: list[int] = []
        institutions: dict[str, int] = {}
        reports = 0
        for record in self.reports():
            reports += 1
            if record.metadata.year is not None:
                years.append(record.metadata.year)
            if record.metadata.institution:
                institutions[record.metadata.institution] = institutions.get(record.metadata.institution, 0) + 1
        return Statistics(
            reports=reports,
            paragraphs=self._engine.paragraph_count(),
            years=(min(years), max(years)) if years else None,
            institutions=tuple(sorted(institutions.items(), key=lambda item: (-item[1], item[0]))),
            bytes=sum(map(_size, self.path.rglob("*"))),
            analysis=self.analyzer.fingerprint,
            generation=self._engine.generation,
        )


def search(query: str, *, index: str | os.PathLike[str] = DEFAULT, **options: object) -> Results:
    """Search the index in a folder once; the options are those of `Index.search`."""
    with Index.open(index) as opened:
        return opened.search(query, **options)  # type: ignore[arg-type] # checked where they are named


def _make(folder: Path) -> None:
    """Make an empty index, unless somebody else does; raise `IndexLocked` then."""

    def describe() -> None:
        try:
            Index.open(folder).close()
        except IndexMissing:
            write_meta(folder, analyzer())

    folder.mkdir(parents=True, exist_ok=True)
    sync_folder(folder.parent)
    create_engine(folder, describe).close()


def _paragraph(engine: Reader, paragraph_id: str) -> Paragraph:
    report_id, _, ordinal = paragraph_id.rpartition("#")
    if not report_id or not ordinal.isascii() or not ordinal.isdigit():
        raise NotFound(f"{paragraph_id!r} is no paragraph id: they look like report#7")
    return engine.paragraphs([(report_id, int(ordinal))])[0]


def _around(engine: Reader, middle: Paragraph, around: int) -> list[Paragraph]:
    last = engine.paragraph_count(middle.report_id)
    ordinals = range(max(0, middle.ordinal - around), min(last, middle.ordinal + around + 1))
    return engine.paragraphs([(middle.report_id, ordinal) for ordinal in ordinals])


def _check(
    *,
    match: Match,
    limit: int = 0,
    offset: int = 0,
    per_report: int | None = None,
    sort: Sort = "score",
    facets: Sequence[str] = (),
) -> None:
    if limit < 0 or offset < 0 or limit + offset > _DEEPEST:
        raise UsageError(say("too_far", most=_DEEPEST))
    if per_report is not None and per_report < 1:
        raise UsageError("per_report must be 1 or more")
    for name, value, known in (("match", match, ("auto", "all", "any")), ("sort", sort, ("score", "year", "position"))):
        if value not in known:
            raise UsageError(f"{name} is one of {', '.join(known)}, not {value!r}")
    for facet in facets:
        if facet not in FACETS:
            raise UsageError(f"There is no facet {facet!r}: choose from {', '.join(FACETS)}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0  # a commit has taken it away
