"""Which reports and paragraphs are looked at? Conditions as callers give them, and as an engine takes them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from searcher.analysis import Analyzer
from searcher.errors import UsageError
from searcher.model import Place
from searcher.query import one_of, phrase_units, terms
from searcher.wording import say

__all__ = ["Filters", "Years", "conditions", "read_years"]

Years = int | tuple[int | None, int | None] | None
"""A year, or the first and the last of some years, both included; None is open."""

_YEARS = re.compile(r"(?P<low>[0-9]{1,4})?(?P<dots>\.\.)?(?P<high>[0-9]{1,4})?")


class Filters(TypedDict, total=False):
    """Conditions on the reports and paragraphs that are looked at; those of a kind are alternatives."""

    years: Years
    institutions: Sequence[str]
    regions: Sequence[str]
    sections: Sequence[str]
    title: str | None
    kinds: Sequence[str]
    zones: Sequence[str]
    script: str | None
    reports: Sequence[str]  # ids


def read_years(text: str) -> Years:
    """Return the years that `2006`, `2004..2008`, `..2008` or `2004..` stands for; raise `UsageError`."""
    found = _YEARS.fullmatch(text)
    if not found or not (found["low"] or found["high"]):
        raise UsageError(say("no_year", text=text))
    low, high = (int(found[end]) if found[end] else None for end in ("low", "high"))
    return (low, high) if found["dots"] else low


def conditions(filters: Filters, analyzer: Analyzer) -> tuple[terms.Node, ...]:
    """Return the nodes that all have to hold; raise `UsageError` where one makes no sense, `TypeError` for others."""
    if unknown := filters.keys() - Filters.__annotations__.keys():
        raise TypeError(
            f"There is no filter {', '.join(sorted(unknown))}: choose from {', '.join(Filters.__annotations__)}"
        )
    title, script = filters.get("title"), filters.get("script")
    places: Mapping[Place, Sequence[str]] = {
        "institution": filters.get("institutions", ()),
        "region": filters.get("regions", ()),
        "section": filters.get("sections", ()),
        "title": [title] if title else [],
    }
    keywords = {
        "kind": filters.get("kinds", ()),
        "zone": filters.get("zones", ()),
        "script": [script] if script else [],
        "report": filters.get("reports", ()),
    }
    return (
        *_between(filters.get("years")),
        *(terms.Or(tuple(_named(text, place, analyzer) for text in texts)) for place, texts in places.items() if texts),
        *(one_of(field, values) for field, values in keywords.items() if values),
    )


def _named(value: str, place: Place, analyzer: Analyzer) -> terms.Node:
    units = phrase_units(value, analyzer)
    return terms.Phrase(units, (place,)) if units else terms.Nothing()


def _between(years: Years) -> Iterator[terms.Node]:
    if years is not None:
        low, high = (years, years) if isinstance(years, int) else years
        if low is not None and high is not None and low > high:
            raise UsageError(say("years_backwards", low=low, high=high))
        yield terms.Between("year", low, high)
