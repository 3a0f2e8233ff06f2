"""The numbers Word sets before paragraphs, as `numbering.xml` describes them (ECMA-376 part 1, §17.9 and §17.18.59)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

__all__ = ["Numbering", "numeral"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9

_DIGITS = "〇一二三四五六七八九"
_LEGAL_SIMPLIFIED = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟萬")
_LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "拾佰仟萬")
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def _counting(value: int, digits: str = "零一二三四五六七八九", units: str = "十百千万") -> str:
    """Return `value` in words: 12 is 十二, 105 一百零五, 20 二十."""
    if value <= 0 or value >= 10**5:
        return str(value)
    text, zero = "", False
    for place in range(4, -1, -1):
        digit = value // 10**place % 10
        if digit:
            text += (digits[0] if zero and text else "") + digits[digit] + (units[place - 1] if place else "")
            zero = False
        else:
            zero = True
    one_ten = digits[1] + units[0]
    return text[1:] if text.startswith(one_ten) and 10 <= value < 20 else text  # noqa: PLR2004 - 十二, not 一十二


def _digital(value: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(value))


def _cycle(letters: str) -> Callable[[int], str]:
    return lambda value: letters[value - 1] if 1 <= value <= len(letters) else str(value)


def _letters(value: int) -> str:
    """Return a, b … z, aa, bb …, as Word goes on after z."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value <= 780 else str(value)  # noqa: PLR2004 - aa…


def _roman(value: int) -> str:
    text = ""
    for worth, letter in _ROMAN:
        text += letter * (value // worth)
        value %= worth
    return text


def _wide(value: int) -> str:
    return str(value).translate({ord("0") + n: ord("０") + n for n in range(10)})


def _enclosed(first: str, last: int = 20) -> Callable[[int], str]:
    return lambda value: chr(ord(first) + value - 1) if 1 <= value <= last else str(value)


_STEMS = _cycle("甲乙丙丁戊己庚辛壬癸")
_BRANCHES = _cycle("子丑寅卯辰巳午未申酉戌亥")
_CIRCLED = _enclosed("①")
_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerLetter": _letters,
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _counting,
    "ideographDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "taiwaneseDigital": _digital,
    "chineseLegalSimplified": lambda value: _counting(value, *_LEGAL_SIMPLIFIED),
    "ideographLegalTraditional": lambda value: _counting(value, *_LEGAL_TRADITIONAL),
    "ideographTraditional": _STEMS,
    "ideographZodiac": _BRANCHES,
    "ideographEnclosedCircle": _enclosed("㊀", 10),
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedParen": _enclosed("⑴"),
    "decimalEnclosedFullstop": _enclosed("⒈"),
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
    "bullet": lambda _: "",
    "none": lambda _: "",
}


def numeral(value: int, style: str) -> str:
    """Return `value` in one of Word's number formats; one unknown here is decimal."""
    return _FORMATS.get(style, str)(value)


@dataclass(frozen=True, slots=True)
class _Level:
    style: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False  # levels above are shown as decimals
    suffix: str = "tab"
    restart: int | None = None  # the level whose number starts this one again; None: any above, 0: none


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)  # numbers whose own start has been taken


class Numbering:
    """The lists of a document, counted as its paragraphs come."""

    def __init__(self, tree: etree._Element | None, by_style: Mapping[str, str | None]) -> None:
        self._lists: dict[str, _List] = {}
        self._instances: dict[str, tuple[_List, dict[int, _Level], dict[int, int]]] = {}
        if tree is None:
            return
        linked: dict[str, str] = {}
        for element in tree.iterchildren(f"{_W}abstractNum"):
            name = element.get(f"{_W}abstractNumId") or ""
            self._lists[name] = _List({level: _level(child) for level, child in _numbered(element, "lvl")})
            if style := _val(element, "numStyleLink"):
                linked[name] = style
        owners = {number.get(f"{_W}numId"): _val(number, "abstractNumId") for number in tree.iterchildren(f"{_W}num")}
        for name, style in linked.items():  # a list that is described under a style's name
            described = owners.get(by_style.get(style))
            if described in self._lists:
                self._lists[name] = self._lists[described]
        for element in tree.iterchildren(f"{_W}num"):
            found = self._lists.get(_val(element, "abstractNumId") or "")
            if found is not None:
                self._instances[element.get(f"{_W}numId") or ""] = (found, *_overrides(element))

    def next(self, number_id: str, level: int) -> str:
        """Count a paragraph of list `number_id` at `level`, from 0, and return the label that stands before it."""
        if number_id not in self._instances:
            return ""
        found, levels, starts = self._instances[number_id]
        described = {**found.levels, **levels}
        this = described.get(level)
        if this is None:
            return ""
        if number_id not in found.begun:
            found.begun.add(number_id)
            for at, start in starts.items():
                found.counts[at] = start - 1
        found.counts[level] = found.counts.get(level, this.start - 1) + 1
        for below in [at for at in found.counts if at > level]:
            restart = described[below].restart if below in described else None
            if restart is None or level < restart:
                del found.counts[below]
        return self._label(this, level, described, found.counts)

    @staticmethod
    def _label(this: _Level, level: int, described: Mapping[int, _Level], counts: Mapping[int, int]) -> str:
        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = described.get(at, _Level())
            style = "decimal" if this.legal and at != level else shown.style
            return numeral(counts.get(at, shown.start), style)

        if this.style == "bullet":
            return ""
        label = re.sub(r"%([1-9])", number, this.text)
        # A mark of Chinese width (一、) brings its own room; a tab or space behind it says nothing.
        spaced = label and this.suffix != "nothing" and (label[-1].isascii() or label[-1].isalnum())
        return f"{label} " if spaced else label


def _level(element: etree._Element) -> _Level:
    return _Level(
        style=_val(element, "numFmt") or "decimal",
        text=_val(element, "lvlText") or "",
        start=_number(_val(element, "start")) or 0,
        legal=element.find(f"{_W}isLgl") is not None,
        suffix=_val(element, "suff") or "tab",
        restart=_number(_val(element, "lvlRestart")),
    )


def _overrides(element: etree._Element) -> tuple[dict[int, _Level], dict[int, int]]:
    """Return the levels a `num` describes anew, and where it starts others."""
    levels: dict[int, _Level] = {}
    starts: dict[int, int] = {}
    for at, override in _numbered(element, "lvlOverride"):
        described = override.find(f"{_W}lvl")
        if described is not None:
            levels[at] = _level(described)
        start = _number(_val(override, "startOverride"))
        if start is not None:
            starts[at] = start
            if at in levels:
                levels[at] = replace(levels[at], start=start)
    return levels, starts


def _numbered(parent: etree._Element, name: str) -> list[tuple[int, etree._Element]]:
    found = ((child.get(f"{_W}ilvl") or "", child) for child in parent.iterchildren(_W + name))
    return [(int(level), child) for level, child in found if re.fullmatch(r"[0-8]", level)]


def _val(parent: etree._Element, name: str) -> str | None:
    child = parent.find(_W + name)
    return child.get(f"{_W}val") if child is not None else None


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and re.fullmatch(r"\d{1,9}", value) else None
