"""Other ways to write what was typed: figures, government shorthand, and the wording of Taiwan and the mainland.

`data/shorthand.txt` is written by hand, `data/wording.txt` by `_generate_wording`. A line of either is a group of
forms that stand for each other. Nothing here is in an index: an equivalent is searched beside what was typed.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from searcher.analysis import fold
from searcher.query._figures import find_figures
from searcher.query._numerals import DIGITS, UNITS

__all__ = ["Equivalent", "Kind", "find_equivalents"]

Kind: TypeAlias = Literal["figure", "shorthand", "wording"]

_SHORT = 2
_SUGGESTED = 4  # other forms of a word, at most
_NUMERALS = frozenset(DIGITS + UNITS + "两")
_MARKS = str.maketrans(dict.fromkeys(",;·/-—…", "、"))  # between two words any mark is the same break
_QUOTED = re.compile("[“”]")
_DATA = Path(__file__).parent / "data"
_FILES: tuple[Kind, ...] = ("shorthand", "wording")


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A part of a text and other ways to write it, the likeliest first.

    `start` and `end` are code points of the text given. The alternatives are Simplified; each is other than the part
    once both are folded, and stands in its place, so that the rest of the text goes on around it.
    """

    start: int
    end: int
    alternatives: tuple[str, ...]
    kind: Kind


class _Entry(NamedTuple):
    kind: Kind
    forms: tuple[str, ...]


class _Words(NamedTuple):
    """Every known form, folded, and by its first character the lengths it may have, longest first."""

    entries: dict[str, _Entry]
    lengths: dict[str, tuple[int, ...]]


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
    entries, lengths = _words()
    marked = folded.translate(_MARKS)
    for start, char in enumerate(marked):
        for length in lengths.get(char, ()):
            end = start + length
            entry = entries.get(marked[start:end]) if end <= len(marked) else None
            if entry is None or _cut_off(folded, start, end):
                continue
            strict = boundaries is not None and (entry.kind == "wording" or length == _SHORT)
            if strict and not (start in boundaries and end in boundaries):  # type: ignore[operator] # is not None
                continue
            forms = [form for form in entry.forms if _stands(form, folded, start, end)]
            if forms:
                yield Equivalent(start, end, tuple(forms[:_SUGGESTED]), entry.kind)
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
    if _QUOTED.search(form[1:-1]):
        return True
    opened, closed = form[0] == "“", form[-1] == "”"
    return not (opened or closed) or text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()


@cache
def _words() -> _Words:
    entries: dict[str, _Entry] = {}
    for kind in _FILES:
        for forms in _groups((_DATA / f"{kind}.txt").read_text("utf-8")):
            for form, key in forms.items():
                if "“" not in form:
                    known = entries.get(key, _Entry(kind, ()))
                    others = (other for other in forms if other != form and other not in known.forms)
                    entries[key] = _Entry(known.kind, (*known.forms, *others))
    lengths: dict[str, set[int]] = {}
    for key in entries:
        lengths.setdefault(key[0], set()).add(len(key))
    return _Words(entries, {char: tuple(sorted(some, reverse=True)) for char, some in lengths.items()})


def _groups(text: str) -> Iterator[dict[str, str]]:
    """Yield the forms of each line and how they are looked up; one with quotation marks also without them."""
    for line, looked_up in zip(text.splitlines(), fold(text).translate(_MARKS).splitlines(), strict=True):
        if line and not line.startswith("#"):
            group = {}
            for form, key in zip(line.split(" = "), looked_up.split(" = "), strict=True):
                if "“" in form:
                    group[_QUOTED.sub("", form)] = _QUOTED.sub("", key)
                group[form] = key
            yield group
