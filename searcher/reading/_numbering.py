"""What a heading's number is: its style, and its place in the series of that style.

Everything here reads folded text, so one pattern serves both scripts and both widths. A style is a name of one way to
number; which style stands above which is for the report itself to show.
"""

import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["ANNEX", "ORDINAL", "Number", "cardinal", "number"]

ANNEX = "附"
"""The style of attachments: they stand beside the report, not in any of its sections."""

ORDINAL = frozenset({"第一", "一是"})
"""Styles of ordinals that open sentences as well as headings: 第一，… and 一是…"""


class Number(NamedTuple):
    """The number a line begins with."""

    style: str
    value: int
    end: int  # the offset at which the heading itself begins


_HAN = "一二三四五六七八九十百零〇"
_BANKER = "壹贰叁参肆伍陆柒捌玖拾"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_UNITS = "[亿万千百倍个元公平米吨人次年月日件项家户条例％]"
"""What follows a decimal that is a figure and no number of a heading."""
_DIGITS = {
    **{char: value for value, char in enumerate("〇一二三四五六七八九")},
    **{char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "参": 3,
    "两": 2,
}

_PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (first, style, re.compile(pattern + r"\s*"))
    for first, style, pattern in (
        ("第", "", rf"第\s*(?P<n>[{_HAN}\d]{{1,4}})\s*(?P<unit>篇|编|章|节|条|部分)(?![约件款例])"),
        ("【", "", rf"【\s*第\s*(?P<n>[{_HAN}\d]{{1,4}})\s*(?P<unit>篇|编|章|节|部分)\s*】"),
        ("第", "第一", rf"第(?P<n>[{_HAN}]{{1,3}})\s*[,、:]"),
        (_HAN, "一、", rf"(?P<n>[{_HAN}]{{1,4}})\s*[、.]"),
        (_HAN, "一、", rf"(?P<n>[{_HAN}]{{1,3}})$"),
        (_HAN, "一是", rf"(?P<n>[{_HAN}]{{1,3}})是"),
        (_HAN, "(一)", rf"(?P<n>[{_HAN}]{{1,3}})\)"),  # its first bracket lost
        (_BANKER, "壹、", rf"(?P<n>[{_BANKER}]{{1,3}})\s*[、.]"),
        (_STEMS, "甲、", rf"(?P<n>[{_STEMS}])\s*[、.]"),
        ("(〔〈<", "(一)", rf"[(〔〈<]\s*(?P<n>[{_HAN}]{{1,4}})\s*[)〕〉>]\s*[、.]?"),
        ("(〔〈<", "(1)", r"[(〔〈<]\s*(?P<n>\d{1,3})\s*[)〕〉>]\s*[、.]?"),
        ("0123456789", "1.1", rf"(?P<over>(?:\d{{1,2}}\.){{1,3}})(?P<n>\d{{1,2}})\s+(?![\d%,、]|{_UNITS})"),
        ("0123456789", "1.", r"(?P<n>\d{1,3})\s*[、.]\s*(?![\d%])"),
        ("0123456789", "1)", r"(?P<n>\d{1,2})\)"),
        ("附", ANNEX, rf"附[件录表]?\s*(?P<n>[{_HAN}\d]{{0,3}})\s*(?:[:.、]|(?=\s|$))"),
    )
)
_BY_FIRST: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    char: tuple((style, pattern) for first, style, pattern in _PATTERNS if char in first)
    for char in "".join(first for first, _, _ in _PATTERNS)
}

# One character that is a number with all its marks; folding turns ① into 1, so the text itself is asked.
_SINGLE = (("①", 20, "①"), ("⑴", 20, "(1)"), ("⒈", 20, "1."), ("㈠", 10, "(一)"))
_BY_SINGLE = {chr(ord(first) + i): Number(style, i + 1, 1) for first, count, style in _SINGLE for i in range(count)}
_LONGEST = 32
"""The most characters a number with its marks and spaces may take."""


def number(text: str, folded: str) -> Number | None:
    """Return the number that `text` begins with; `folded` is `text` folded, or the beginning of that."""
    if not text:
        return None
    single = _BY_SINGLE.get(text[0])
    if single:
        return single
    for style, pattern in _BY_FIRST.get(folded[0], ()):
        match = pattern.match(folded, 0, _LONGEST)
        if match:
            return Number(_style(style, match), cardinal(match["n"]), match.end())
    return None


@lru_cache(1024)
def cardinal(digits: str) -> int:
    """Return the value of a folded numeral: 12, 十二, 二〇〇六, 拾贰, 丙; 0 where there is none."""
    if not digits:
        return 0
    if digits[0] in _STEMS:
        return _STEMS.index(digits[0]) + 1
    if digits.isdecimal():
        return int(digits)
    if not any(unit in digits for unit in "十拾百"):
        return int("".join(str(_DIGITS.get(char, 0)) for char in digits))
    total = current = 0
    for char in digits:
        if char in "十拾":
            total += (current or 1) * 10
            current = 0
        elif char == "百":
            total += (current or 1) * 100
            current = 0
        else:
            current = _DIGITS.get(char, 0)
    return total + current


def _style(style: str, match: re.Match[str]) -> str:
    if style == "1.1":
        return "1" + ".1" * match["over"].count(".")
    return style or "第" + match["unit"]
