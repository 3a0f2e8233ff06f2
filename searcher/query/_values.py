"""What may stand behind the name of a filter: `kind:`, `zone:`, `year:`, `date:` and their like."""

import datetime as dt
import re
from collections.abc import Callable
from typing import TypeAlias

from searcher.analysis import fold
from searcher.schema import Field, Kind
from searcher.wording import Said, say

__all__ = ["Bound", "Bounds", "ValueFault", "keyword", "span"]

Bound: TypeAlias = int | str | None
Bounds: TypeAlias = tuple[Bound, Bound]

_YEAR = re.compile(r"(\d{4})年?")
_DATE = re.compile(r"(\d{4})(?:[-－/年](\d{1,2})(?:[-－/月](\d{1,2})日?|月?)|年?)")
_BRACKETS = re.compile(r"[\[［]\s*(\S+)\s+(?:TO|to)\s+(\S+)\s*[\]］]")
_DOTS = re.compile(r"[.．]{2}")
_AT_LEAST, _AT_MOST = re.compile(r"(?:>=|≥)\s*"), re.compile(r"(?:<=|≤)\s*")
_FORMS = {Kind.NUMBER: "year_form", Kind.DATE: "date_form"}


class ValueFault(Exception):
    """A value that a field cannot have; `_parse`, which knows the place, makes a `QueryError` of it."""

    def __init__(self, kind: str, said: Said) -> None:
        super().__init__(said)
        self.kind = kind
        self.said = said


def keyword(field: Field, text: str) -> str:
    """Return the value a keyword field is asked for."""
    if not field.values:
        return text
    wanted = fold(text)
    for value, names in field.values:
        if wanted == value or wanted in names:
            return value
    known = tuple(f"{value} ({', '.join(names)})" for value, names in field.values)
    raise ValueFault("unknown_value", say("never", field=field.name, text=text, known=known))


def span(field: Field, text: str) -> Bounds:
    """Return the bounds a number or date field is asked for."""
    read = _year if field.kind is Kind.NUMBER else _date
    try:
        low, high = _bounds(text, read)
    except ValueError:
        form = say(_FORMS[field.kind], field=field.name)
        raise ValueFault("bad_value", say("field_cannot_be", field=field.name, text=text, form=form)) from None
    if _reversed(low, high):
        raise ValueFault("reversed_range", say("reversed", field=field.name, low=high, high=low))
    return low, high


def _bounds(text: str, read: Callable[[str], int | str]) -> Bounds:
    if brackets := _BRACKETS.fullmatch(text):
        first, last = brackets.groups()
    elif sign := _AT_LEAST.match(text):
        first, last = text[sign.end() :], "*"
    elif sign := _AT_MOST.match(text):
        first, last = "*", text[sign.end() :]
    elif dots := _DOTS.search(text):
        first, last = text[: dots.start()] or "*", text[dots.end() :] or "*"
    else:
        first = last = text
    if first == last == "*":
        raise ValueError
    return (None if first == "*" else read(first)), (None if last == "*" else read(last))


def _year(text: str) -> int:
    if found := _YEAR.fullmatch(text):
        return int(found[1])
    raise ValueError


def _date(text: str) -> str:
    """Return a date as exact as it is written, in ISO 8601."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError
    parts = [int(part) for part in found.groups() if part]
    year, month, day = (*parts, 1, 1)[:3]
    dt.date(year, month, day)  # raises ValueError where there is no such day
    return "-".join(f"{part:0{width}}" for part, width in zip(parts, (4, 2, 2), strict=False))


def _reversed(low: Bound, high: Bound) -> bool:
    match low, high:
        case int(), int():
            return low > high
        case str(), str():  # 2006-03..2006 ends in December
            shared = min(len(low), len(high))
            return low[:shared] > high[:shared]
        case _:
            return False
