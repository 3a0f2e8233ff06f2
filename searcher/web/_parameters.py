"""What may be asked over HTTP: one table, read by the handlers and by the OpenAPI document."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from searcher.errors import UsageError
from searcher.filters import read_years
from searcher.schema import BY_NAME, FACETS
from searcher.wording import say

__all__ = [
    "CONTEXT",
    "FILTERS",
    "LARGEST_PAGE",
    "LONGEST_QUERY",
    "PAGE",
    "QUERY",
    "SEARCH",
    "TREND",
    "WINDOW",
    "BadParameter",
    "Parameter",
    "options",
    "read_parameters",
]

LARGEST_PAGE = 500
LONGEST_QUERY = 1000  # characters
_TRUE, _FALSE = ("1", "true"), ("0", "false")


class BadParameter(UsageError):
    """A parameter that is not there, comes twice, or has a value it cannot have."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a URL; `option` is the keyword the library has for it."""

    name: str
    help: str
    read: Callable[[str], Any] = str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    option: str | None = None
    repeated: bool = False
    required: bool = False


def _whole(least: int, most: int, default: int | None = None) -> dict[str, Any]:
    """Return how a whole number within bounds is read and described."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise UsageError(say("whole_number", least=least, most=most))
        return int(text)

    default_ = {} if default is None else {"default": default}
    return {"read": read, "schema": {"type": "integer", "minimum": least, "maximum": most, **default_}}


def _choice(*names: str, default: str | None = None) -> dict[str, Any]:
    def read(text: str) -> str:
        if text not in names:
            raise UsageError(say("choose", known=names))
        return text

    default_ = {} if default is None else {"default": default}
    return {"read": read, "schema": {"type": "string", "enum": list(names), **default_}}


def _flag() -> dict[str, Any]:
    def read(text: str) -> bool:
        if text not in _TRUE + _FALSE:
            raise UsageError(say("true_or_false"))
        return text in _TRUE

    return {"read": read, "schema": {"type": "boolean", "default": False}}


def _facets(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in FACETS:
            raise UsageError(say("no_facet", name=name, known=tuple(FACETS)))
    return names


def _values(name: str) -> list[str]:
    return [value for value, _ in BY_NAME[name].values]


QUERY = Parameter(
    "q",
    "The query, in the query language.",
    schema={"type": "string", "pattern": r"\S", "maxLength": LONGEST_QUERY},
    required=True,
)

FILTERS = (
    Parameter(
        "year",
        "Only reports of these years: 2006, 2004..2008, ..2008 or 2004...",
        read_years,
        {"type": "string", "pattern": r"^([0-9]{1,4}|[0-9]{1,4}\.\.([0-9]{1,4})?|\.\.[0-9]{1,4})$"},
        option="years",
    ),
    Parameter("institution", "Only of this institution; alternatives.", option="institutions", repeated=True),
    Parameter("region", "Only of this place; alternatives.", option="regions", repeated=True),
    Parameter("section", "Only under a heading with this text; alternatives.", option="sections", repeated=True),
    Parameter("title", "Only of reports with this text in the title."),
    Parameter("kind", "Only of this kind of report; alternatives.", option="kinds", repeated=True),
    Parameter(
        "zone",
        "Only in this part of a report; alternatives.",
        option="zones",
        repeated=True,
        **_choice(*_values("zone")),
    ),
    Parameter("script", "Only reports in this script.", **_choice(*_values("script"))),
    Parameter("report", "Only in the report of this id; alternatives.", option="reports", repeated=True),
)

_READING = (
    Parameter(
        "match",
        "How much of the query a hit must hold; auto fills the page with what holds half of it.",
        **_choice("auto", "all", "any", default="auto"),
    ),
    Parameter("loose", "Find two-character words across word boundaries too.", **_flag()),
    Parameter("exact", "Search nothing but what was typed: no equivalents.", **_flag()),
)

_SHOWN = (
    Parameter("limit", "Hits on a page.", **_whole(0, LARGEST_PAGE, 10)),
    Parameter("offset", "Hits to pass over.", **_whole(0, 99_000, 0)),
    Parameter("per_report", "At most so many hits of one report.", **_whole(1, 1000)),
    Parameter("sort", "Order of hits.", **_choice("score", "year", "position", default="score")),
    Parameter("snippet", "Characters of a snippet.", option="snippet_width", **_whole(10, 2000, 160)),
)

_FACET_LIST = {"type": "string", "pattern": "^({0})(, ?({0}))*$".format("|".join(FACETS))}

SEARCH = (
    QUERY,
    *FILTERS,
    *_READING,
    *_SHOWN,
    Parameter("facets", "Fields to count matches by, separated by commas.", _facets, _FACET_LIST),
    Parameter("context", "Paragraphs to give before and after a hit.", **_whole(0, 10, 0)),
    Parameter("explain", "Tell what each term contributed to a score.", **_flag()),
    Parameter("format", "The shape of the answer.", **_choice("json", "jsonl", "csv", default="json")),
    Parameter("bom", "Begin the CSV with a byte order mark, as spreadsheets want it.", **_flag()),
)
"""Of `/api/v1/search`: as the command line has them."""

TREND = (QUERY, *FILTERS, *_READING)

CONTEXT = Parameter("context", "Paragraphs before and after it.", **_whole(0, 50, 0))

WINDOW = (
    Parameter("page", "The page of a long report.", **_whole(1, 999_999)),
    Parameter("around", "The paragraph whose page of a long report is wanted.", **_whole(0, 99_999_999)),
)
"""Of a report: where both are given, `around` counts."""

PAGE = (
    Parameter("q", "The query."),
    *FILTERS,
    *_READING,
    *_SHOWN,
    *WINDOW,
    Parameter("view", "Snippets, or a line for each match.", **_choice("snippets", "kwic")),
    Parameter("kwic_sort", "Order of those lines.", **_choice("left", "right", "year")),
    Parameter("lang", "Language of the page.", **_choice("zh", "en")),
    Parameter(
        "display", "Script the page is shown in; matching never changes.", **_choice("simplified", "traditional")
    ),
)
"""Of the pages: what belongs to another page is kept, so that one can go back."""


def read_parameters(
    table: Sequence[Parameter], given: Iterable[tuple[str, str]], *, strict: bool = True
) -> dict[str, Any]:
    """Return the values of the parameters that are given, by name; raise `BadParameter`.

    Unless `strict`, parameters that are unknown or empty are passed over.
    """
    known = {parameter.name: parameter for parameter in table}
    values: dict[str, Any] = {}
    for name, text in given:
        parameter = known.get(name)
        if parameter is None:
            if strict:
                raise BadParameter(name, say("no_parameter", name=name, known=tuple(known)))
            continue
        if not strict and not text.strip():  # a field of a form that is left empty
            continue
        try:
            value = parameter.read(text)
        except UsageError as error:
            raise BadParameter(name, say("parameter", name=name, text=text[:100], remedy=error.said)) from None
        if parameter.repeated:
            values[name] = (*values.get(name, ()), value)
        elif name in values:
            raise BadParameter(name, say("given_twice", name=name))
        else:
            values[name] = value
    for parameter in table:
        if parameter.required and parameter.name not in values:
            raise BadParameter(parameter.name, say("missing", name=parameter.name))
    return values


def options(table: Sequence[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those values that `table` has, by the keywords of the library."""
    return {p.option or p.name: values[p.name] for p in table if p.name in values and p is not QUERY}
