"""Other ways to write what was typed: figures, government shorthand, and the wording of Taiwan and the mainland.

`data/shorthand.txt` is written by hand, `data/wording.txt` by `_generate_wording`. A line of either is a group of
forms that stand for each other. Nothing here is in an index: an equivalent is searched beside what was typed.
"""

import re
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from searcher.analysis import fold
from searcher.query._figures import find_figures
from searcher.query._numerals import DIGITS, UNITS

__all__ = ["Equivalent", "Kind", "find_equivalents"]

Kind: TypeAlias = Literal["figure", "shorthand", "wording"]

_SHORT = 2
_MOST = 4  # other forms of a word
_NUMERALS = frozenset(DIGITS + UNITS + "两")
_MARKS = ",;·/-—…"
_BETWEEN = " = "  # forms of a line
_QUOTES = re.compile("[“”]")
_DATA = Path(__file__).parent / "data"
_FILES: tuple[Kind, ...] = ("shorthand", "wording")


class Equivalent(NamedTuple):
    """A part of a text and other ways to write it, the likeliest first.

    `start` and `end` are code points of the text given. The alternatives are Simplified; each is other than the part
    once both are folded, and stands in its place, so that the rest of the text goes on around it.
    """

    start: int
    end: int
    alternatives: tuple[str, ...]
    kind: Kind


class _Line(NamedTuple):
    """A group of forms that stand for each other, and how each is looked up; as it is in its file."""

    kind: Kind
    forms: str
    keys: str


class _Words(NamedTuple):
    """The groups of each form, by how it is looked up; by its first character, the lengths it may have, falling."""

    groups: dict[str, list[_Line]]
    lengths: dict[str, list[int]]


def find_equivalents(text: str, boundaries: Container[int] | None = None) -> tuple[Equivalent, ...]:
    """Find what has equivalents, in a text of any script: apart from each other, leftmost and longest first, in order.

    `boundaries` are the offsets where a word of the text, or a part of one, begins or ends. With them, wording and all
    that has but two characters is found only from one to another: no 人大 in 本人大学, no 信息论 in 信息论坛.
    """
    folded = fold(text)
    found = [Equivalent(start, end, others, "figure") for start, end, others in find_figures(folded)]
    found += _find_words(folded, boundaries)
    kept: list[Equivalent] = []
    for equivalent in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or equivalent.start >= kept[-1].end:
            kept.append(equivalent)
    return tuple(kept)


def _find_words(folded: str, boundaries: Container[int] | None) -> Iterator[Equivalent]:
    groups, lengths = _words()
    looked_up = _looked_up(folded)
    for start, char in enumerate(looked_up):
        for length in lengths.get(char, ()):
            end = start + length
            key = looked_up[start:end]
            if len(key) < length or key not in groups or _cut_off(folded, start, end):
                continue
            kind = groups[key][0].kind
            strict = kind == "wording" or length == _SHORT
            if boundaries is not None and strict and not (start in boundaries and end in boundaries):
                continue
            others = dict.fromkeys(form for line in groups[key] for form, looked in _group(line) if looked != key)
            standing = [form for form in others if _stands(form, folded, start, end)]
            if standing:
                yield Equivalent(start, end, tuple(standing[:_MOST]), kind)
                break


def _cut_off(text: str, start: int, end: int) -> bool:
    """Tell whether a number or a Latin word is cut in two, or a number in 第 and the rest."""
    before, after = text[start - 1 : start], text[end : end + 1]
    first = _sort(text[start])
    return bool(
        (first and (_sort(before) == first or (first == "numeral" and before == "第")))
        or (_sort(text[end - 1]) and _sort(text[end - 1]) == _sort(after))
    )


def _sort(char: str) -> str:
    if char in _NUMERALS:
        return "numeral"
    return "latin" if char.isascii() and char.isalnum() else ""


def _stands(form: str, text: str, start: int, end: int) -> bool:
    """Tell whether a form differs where it stands: quotation marks around it do only if something is beside them."""
    if _QUOTES.search(form[1:-1]):
        return True
    opened, closed = form[0] == "“", form[-1] == "”"
    return not (opened or closed) or text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()


@cache
def _words() -> _Words:
    groups: dict[str, list[_Line]] = {}
    for kind in _FILES:
        text = (_DATA / f"{kind}.txt").read_text("utf-8")
        for forms, keys in zip(text.splitlines(), _looked_up(fold(text)).splitlines(), strict=True):
            if forms and not forms.startswith("#"):
                line = _Line(kind, forms, keys)
                for key in dict.fromkeys(_QUOTES.sub("", keys).split(_BETWEEN)):
                    groups.setdefault(key, []).append(line)
    lengths: dict[str, set[int]] = {}
    for key in groups:
        lengths.setdefault(key[0], set()).add(len(key))
    return _Words(groups, {char: sorted(some, reverse=True) for char, some in lengths.items()})


def _looked_up(folded: str) -> str:
    """Return a text as it is looked up: between two words any mark is the same break."""
    for mark in _MARKS:
        folded = folded.replace(mark, "、")
    return folded


def _group(line: _Line) -> Iterator[tuple[str, str]]:
    """Yield each form of a group and how it is looked up; one with quotation marks also without them."""
    for form, key in zip(line.forms.split(_BETWEEN), line.keys.split(_BETWEEN), strict=True):
        if "“" in form:
            yield _QUOTES.sub("", form), _QUOTES.sub("", key)
        yield form, key
