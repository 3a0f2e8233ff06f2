"""The pages: search, report and trend, drawn on the server; every one has a JSON twin."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from searcher.model import Facet, Hit, Metadata, Paragraph, Report, Results, Section, Span
from searcher.rendering import citation, concordance
from searcher.web._answering import preferred_language
from searcher.web._api import check_query, links
from searcher.web._charts import Chart, chart
from searcher.web._parameters import FILTERS, SEARCH, TREND, options
from searcher.web._problems import Problem
from searcher.web._settings import Settings
from searcher.web._view import View
from searcher.web._windows import Window, window
from searcher.web._work import Answer, Asking
from searcher.wording import Said

__all__ = ["problem", "report", "search", "trend"]

_HTML = "text/html; charset=utf-8"
_FACETS = ("year", "institution", "region", "kind", "zone")
_LIMITS = {"snippets": 20, "kwic": 50}
_LARGEST = 100  # hits on a page of HTML
_OF_ONE_REPORT = 3  # hits that are shown together
_KWIC_WIDTH = 40
_WIDEST = 8  # characters of a match that a concordance has room for
_LISTED, _MORE = 8, 40  # values of a facet that are shown, and that unfold
_EXAMPLES = ("校长竞聘上岗", '"高质量发展" 就业', "年份:2004..2008 教育", "GDP", "改革 -疫情", "章节:民生 保障")

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class _Group:
    """The hits of one report on a page."""

    about: Metadata
    report_id: str
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of a facet: what it is called, how often it occurs, and where choosing it leads."""

    name: str
    count: int
    url: str | None
    chosen: bool


def search(asking: Asking) -> Answer:
    """Answer the search page; without a query, the page where one begins."""
    view = _view(asking)
    query = check_query(view.values.get("q", ""))
    if not query:
        return _page("home.html", view, statistics=asking.index.statistics(), examples=_EXAMPLES)
    kwic = view.values.get("view") == "kwic"
    asked = options(SEARCH, view.values)
    limit = min(asked.get("limit", _LIMITS["kwic" if kwic else "snippets"]), _LARGEST)
    offset = asked.get("offset", 0)
    asked |= {"limit": limit}
    if not kwic and view.values.get("sort", "score") == "score":
        asked.setdefault("per_report", _OF_ONE_REPORT)
    results = asking.index.search(query, timeout=asking.timeout, facets=_FACETS, **asked)
    around = links(asking, results, offset, limit)
    facets = {name: _facet(asking, view, query, results, name) for name in _FACETS}
    lines = concordance(results, _KWIC_WIDTH, view.values.get("kwic_sort")) if kwic else []
    return _page(
        "search.html",
        view,
        query=query,
        results=results,
        understood=view.said(results.understood),
        notes=_notes(view, results.notes),
        groups=_grouped(results),
        lines=lines,
        kwic=kwic,
        widest=min(max((len(match) for _, (_, match, _) in lines), default=1), _WIDEST),
        near=_near(query, results.notes),
        examples=_EXAMPLES,
        chips=_chips(view),
        years=_histogram(view, facets["year"]),
        facets={name: _values(view, name, facets[name]) for name in _FACETS if name != "year"},
        listed=_LISTED,
        next=around["next"],
        previous=around["previous"],
        twin=view.twin("/search", (p.name for p in SEARCH), limit=limit, per_report=asked.get("per_report")),
        csv=view.twin("/search", (p.name for p in SEARCH), format="csv", bom="true", limit=500),
    )


def trend(asking: Asking) -> Answer:
    """Answer the page of matches year by year, as pictures and as a table."""
    view = _view(asking)
    query = check_query(view.values.get("q", ""))
    if not query:
        return _page("home.html", view, statistics=asking.index.statistics(), examples=_EXAMPLES)
    found = asking.index.trend(query, timeout=asking.timeout, **options(TREND, view.values))

    def url(year: int) -> str:
        return view.url("/", year=year)

    charts = {
        name: chart([(year.year, getattr(year, field)) for year in found.years], url, width=720, height=180)
        for name, field in (("absolute", "paragraphs"), ("relative", "per_10000"))
    }
    return _page(
        "trend.html",
        view,
        query=query,
        trend=found,
        charts=charts,
        understood=view.said(found.understood),
        notes=_notes(view, found.notes),
        chips=_chips(view),
        twin=view.twin("/trend", (p.name for p in TREND)),
    )


def report(asking: Asking) -> Answer:
    """Answer the page of a report: its outline, what is known of it, its text with the query's matches marked."""
    view = _view(asking)
    report_id = asking.question.path_values["id"]
    shown = window(asking.index.paragraph_count(report_id), view.values)
    found = asking.index.report(report_id, start=shown.start, end=shown.end, timeout=asking.timeout)
    query = check_query(view.values.get("q", ""))
    spans, matching = _marks(asking, view, query, found, shown)
    numbers = {"page": shown.page} if shown.pages > 1 else {}
    return _page(
        "report.html",
        view,
        query=query,
        report=found,
        count=asking.index.paragraph_count(report_id),
        window=shown,
        passages=_passages(view, found, spans, matching, shown),
        marks=sum(map(len, spans)),
        matching=matching,
        twin=view.twin(f"/reports/{quote(found.id, safe='')}", (), **numbers),
    )


def problem(request: Request, told: Problem) -> Response:
    """Return a page that says what went wrong, in place of the one that was asked for."""
    settings: Settings = request.app.state.settings
    asked = request.query_params
    kept = [(name, asked[name]) for name, known in (("lang", ("zh", "en")), ("q", None)) if name in asked
            and (known is None or asked[name] in known)]  # fmt: skip
    view = View(settings.root_path + request.url.path, kept, preferred_language(request), settings)
    heading = {404: "problem_missing", 429: "problem_busy", 503: "problem_busy"}.get(told.status, "problem")
    if told.position is not None:
        heading = "problem_query"
    page = _templates.get_template("problem.html").render(
        view=view, t=view.t, heading=heading, told=told, query=view.values.get("q", ""), twin=None, examples=_EXAMPLES
    )
    return HTMLResponse(page, told.status, {**told.headers, "Cache-Control": "no-store"})


def _view(asking: Asking) -> View:
    return View(asking.question.path, asking.question.given, asking.question.language, asking.settings)


def _page(template: str, view: View, **values: object) -> Answer:
    defaults: dict[str, object] = {"query": "", "twin": None}
    page = _templates.get_template(template).render(view=view, t=view.t, citation=citation, **{**defaults, **values})
    return Answer(page, _HTML)


def _notes(view: View, notes: tuple[Said, ...]) -> list[tuple[str, str | None]]:
    """Return the notes in the reader's language; one that offers more leads to it."""
    shown: list[tuple[str, str | None]] = []
    for note in notes:
        if note.kind == "crossing":
            shown.append((view.t("more_loose", count=note.params["count"]), view.url(loose="true")))
        else:
            shown.append((view.said(note), None))
    return shown


def _near(query: str, notes: tuple[Said, ...]) -> list[str]:
    """Return the query with words that are near in place of what occurs nowhere."""
    found = []
    for note in notes:
        if note.kind == "near":
            part = note.params["part"].strip("“”")
            found += [query.replace(part, word) if part in query else word for word in note.params["words"]]
    return found


def _grouped(results: Results) -> list[_Group]:
    """Put the hits of a report together, where its first hit stands."""
    groups: dict[str, _Group] = {}
    for hit in results.hits:
        groups.setdefault(hit.report_id, _Group(hit.metadata, hit.report_id, [])).hits.append(hit)
    return list(groups.values())


def _facet(asking: Asking, view: View, query: str, results: Results, name: str) -> Facet:
    """Return the counts of a facet as they are without its own filter, so that another value can be chosen."""
    if name not in view.values:
        return results.facets[name]
    others = {key: value for key, value in view.values.items() if key != name}
    asked = options(TREND, others)
    found = asking.index.search(query, timeout=asking.timeout, limit=0, facets=(name,), **asked)
    return found.facets[name]


def _values(view: View, name: str, facet: Facet) -> list[_Value]:
    chosen = view.values.get(name, ())
    return [
        _Value(
            name=_called(view, name, value),
            count=count,
            url=None if value is None else view.with_value(name, str(value)),
            chosen=value in chosen,
        )
        for value, count in facet[:_MORE]
    ]


def _called(view: View, name: str, value: object) -> str:
    """Return what a value of a filter is called."""
    if value is None:
        return view.t("unknown")
    return view.t(str(value)) if name in ("zone", "script") else view.text(str(value))


def _histogram(view: View, facet: Facet) -> Chart | None:
    counts = {year: count for year, count in facet if isinstance(year, int)}
    if not counts:
        return None
    values = [(year, counts.get(year)) for year in range(min(counts), max(counts) + 1)]
    return chart(values, lambda year: view.url(year=year), width=220, height=64, round_up=False)


def _chips(view: View) -> list[tuple[str, str, str]]:
    """Return the filters that are set: what, its value, and the address without it."""
    chips = []
    for parameter in FILTERS:
        name = parameter.name
        for value in [value for given, value in view.given() if given == name]:
            url = view.with_value(name, value) if parameter.repeated else view.without(name)
            chips.append((view.t(name), _called(view, name, value), url))
    return chips


@dataclass(frozen=True, slots=True)
class _Passage:
    """A paragraph of a report as it is shown: the headings before it, its matches, and where its neighbours are."""

    paragraph: Paragraph
    headings: list[Section]
    spans: tuple[Span, ...]
    first: int  # the number of its first match
    earlier: str | None  # the address of the last paragraph before it that matches
    later: str | None


def _marks(
    asking: Asking, view: View, query: str, found: Report, shown: Window
) -> tuple[list[tuple[Span, ...]], list[int]]:
    """Return the matches in each paragraph of the page, and the ordinals of the paragraphs of the report that match."""
    texts = [paragraph.text for paragraph in found.paragraphs]
    if not query:
        return [() for _ in texts], []
    reading = {name: view.values[name] for name in ("loose", "exact") if name in view.values}
    spans = asking.index.marks(query, texts, timeout=asking.timeout, **reading)
    here = [ordinal for ordinal, those in enumerate(spans, shown.start) if those]
    if shown.pages == 1:
        return spans, here
    whole = asking.index.matching(query, found.id, timeout=asking.timeout, **reading)
    before, after = ([at for at in whole if at < shown.start], [at for at in whole if at >= shown.end])
    return spans, [*before, *here, *after]


def _passages(
    view: View, found: Report, spans: list[tuple[Span, ...]], matching: list[int], shown: Window
) -> list[_Passage]:
    headings: dict[int, list[Section]] = {}
    for section in found.sections:
        if not section.runin:
            headings.setdefault(section.start, []).append(section)
    after = dict(pairwise(matching))
    before = {later: earlier for earlier, later in after.items()}

    def link(ordinal: int | None) -> str | None:
        if ordinal is None or shown.holds(ordinal):
            return None if ordinal is None else f"#p{ordinal}"
        return view.report(found.id, ordinal)

    passages, first = [], 1
    for paragraph, those in zip(found.paragraphs, spans, strict=True):
        at = paragraph.ordinal
        passages.append(
            _Passage(paragraph, headings.get(at, []), those, first, link(before.get(at)), link(after.get(at)))
        )
        first += len(those)
    return passages
