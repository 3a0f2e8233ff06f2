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
_MOST = 4  # other forms of a word
_NUMERALS = frozenset(DIGITS + UNITS + "两")
_MARKS = str.maketrans(dict.fromkeys(",;·/-—…", "、"))  # between two words any mark is the same break
_QUOTES = re.compile("[“”]")
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


_Group: TypeAlias = dict[str, str]  # forms that stand for each other, and how each is looked up


class _Words(NamedTuple):
    """The groups of each form, by how it is looked up; by its first character, the lengths it may have, falling."""

    groups: dict[str, list[tuple[Kind, _Group]]]
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
    looked_up = folded.translate(_MARKS)
    for start, char in enumerate(looked_up):
        for length in lengths.get(char, ()):
            end = start + length
            key = looked_up[start:end]
            if len(key) < length or key not in groups or _cut_off(folded, start, end):
                continue
            kind = groups[key][0][0]
            strict = kind == "wording" or length == _SHORT
            if boundaries is not None and strict and not (start in boundaries and end in boundaries):
                continue
            forms = dict.fromkeys(form for _, group in groups[key] for form in group if group[form] != key)
            standing = [form for form in forms if _stands(form, folded, start, end)]
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
    groups: dict[str, list[tuple[Kind, _Group]]] = {}
    for kind in _FILES:
        for group in _read((_DATA / f"{kind}.txt").read_text("utf-8")):
            for key in group.values():
                if "“" not in key:
                    groups.setdefault(key, []).append((kind, group))
    lengths: dict[str, set[int]] = {}
    for key in groups:
        lengths.setdefault(key[0], set()).add(len(key))
    return _Words(groups, {char: sorted(some, reverse=True) for char, some in lengths.items()})


def _read(text: str) -> Iterator[_Group]:
    """Yield the group of each line; a form with quotation marks is in it also without them."""
    for line, key_line in zip(text.splitlines(), fold(text).translate(_MARKS).splitlines(), strict=True):
        if line and not line.startswith("#"):
            group = {}
            for form, key in zip(line.split(" = "), key_line.split(" = "), strict=True):
                if "“" in form:
                    group[_QUOTES.sub("", form)] = _QUOTES.sub("", key)
                group[form] = key
            yield group
