"""Figures in a folded text and their other writings: 百分之八 is 8%, 1.3万亿 is 13000亿, 二〇二四年 is 2024年.

Left alone is what only looks like a figure (万一, 数十, 百万雄师), what names rather than counts (第五, 十一届, 二十大,
三个代表), and fractions: 2/3 would also be found in 2-3, for every mark between two figures is the same break.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from searcher.query._numerals import DIGITS, UNITS, read_digits, read_integer, spell_digits, spell_integer

__all__ = ["MOST", "find_figures"]

MOST = 4
"""Other writings a figure has, at most; the first are the likeliest."""

_DIGIT = f"[{DIGITS}]"
_ONE_TO_NINE = f"[{DIGITS[2:]}]"
_NUMERAL = f"(?:[{DIGITS}两十百万亿]|千(?![瓦克伏]))"  # 五百万千瓦 is 五百万 of 千瓦
_ARABIC = r"(?>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
_SCALE = "(?:[十百千]?万亿|[十百千]?[万亿]|[百千])"
_MONTH = f"(?:1[0-2]|0?[1-9]|十[一二]?|{_ONE_TO_NINE})月"
_DAY = f"(?:[12][0-9]|3[01]|0?[1-9]|二?十{_ONE_TO_NINE}?|三十一?|{_ONE_TO_NINE})[日号]"
_END = rf"(?!{_NUMERAL}|[0-9a-z%‰几数点]|\.[0-9]|,[0-9]{{3}}|分之)"
_FIGURE = (
    rf"(?<![0-9a-z.{DIGITS}两{UNITS}])(?!(?<=[0-9],)[0-9]{{3}})(?:"
    rf"(?P<parts>[百千])分之(?P<rate>百(?!{_NUMERAL})|{_NUMERAL}++(?:点{_DIGIT}++)?|{_ARABIC})"
    rf"|(?P<percent>{_ARABIC})(?P<sign>[%‰])"
    rf"|(?P<decade>[1-9]0|{_ONE_TO_NINE}[〇零十])年代"
    rf"|(?P<year>[一二]{_DIGIT}{{3}}|[12][0-9]{{3}})(?P<date>年(?:{_MONTH}(?:{_DAY})?)?)"
    # Without 年 Arabic digits are a year where nothing is counted; four Chinese ones are nothing else.
    rf"|(?P<bare>(?:一[八九]|二[〇零]){_DIGIT}{{2}}(?!{_NUMERAL}|点)|(?:1[89]|20)[0-9]{{2}}(?![\w%‰]|[.,][0-9]))"
    rf"|(?<![第初数几])(?<![{DIGITS}{UNITS}]点)(?:"
    rf"(?P<month>{_MONTH}(?:{_DAY})?)"
    rf"|(?P<amount>{_ARABIC}(?:{_SCALE}(?:{_ARABIC}{_SCALE})*+)?){_END}"
    rf"|(?P<numeral>{_NUMERAL}++)(?:点(?P<fraction>{_DIGIT}++)(?P<scale>万亿|[万亿])?)?{_END}))"
)
_LONGEST = 40  # no figure anybody writes has so many characters

_PART = re.compile(rf"([0-9,]+)(?:\.([0-9]+))?({_SCALE})?")
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_SCALES = ((12, "万亿"), (8, "亿"), (4, "万"), (0, ""))
_DIGITS = 4  # from one scale to the next
_MOST_DIGITS = {0: 7, 4: 6, 8: 7}  # that are written all the same; by the power of the scale
_SHORT = 2  # decimals that are not too many
_PLAIN = 10_000  # from here on figures are written with 万
_ROUND = 100  # what is a multiple of this is an amount; 12345 may be the number of anything

# What is measured is a figure from one on; what is counted, from ten on: below begin the names of policies.
_MEASURED = re.compile("个?百分点|倍|[平立]方(?:[公千]里|米)?|公里|千米|公斤|千克|公顷|吨|亩|[千兆]瓦时?|小时|周年")
_COUNTED = re.compile("[个项条家人名位户次所座处件套辆台部元天年岁米省县强多余]|世纪|分钟")
_FIRST_COUNT = 10

_IN_ALL = frozenset(f"0123456789{DIGITS}两十百千万亿")  # every figure has one of these
_NUMBER = re.compile(f"[0-9]+|[{DIGITS}十]+")
_TWO = re.compile("(?<![十零])二(?=[百千万亿])|^二$")


def find_figures(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield start, end and the other writings of each figure of a folded text that has some, in order."""
    if _IN_ALL.isdisjoint(text):
        return
    for found in _pattern().finditer(text):
        typed = found[0].replace(",", "")
        if len(typed) > _LONGEST:
            continue
        name = next(name for name in _READERS if found[name] is not None)
        others = tuple(dict.fromkeys(writing for writing in _READERS[name](found) if writing != typed))[:MOST]
        if others:
            # 三十 is everywhere, 三十个 is what was meant.
            counted = name in {"amount", "numeral"} and (_measured(found) or _counted(found))
            tail = counted[0] if counted else ""
            yield found.start(), found.end() + len(tail), tuple(writing + tail for writing in others)


@cache
def _pattern() -> re.Pattern[str]:
    """Compile the pattern late: it takes longer than all of this package's imports."""
    return re.compile(_FIGURE)


def _rate(found: re.Match[str]) -> Iterator[str]:
    parts, rate = found["parts"], found["rate"]
    figure = "100" if rate == "百" else _arabic(rate)
    return _rates(figure, "%" if parts == "百" else "‰") if figure else iter(())


def _percent(found: re.Match[str]) -> Iterator[str]:
    return _rates(found["percent"].replace(",", ""), found["sign"])


def _rates(figure: str, sign: str) -> Iterator[str]:
    yield figure + sign
    parts = "百" if sign == "%" else "千"
    yield from (f"{parts}分之{spelled}" for spelled in _spellings(figure, two=False))
    if (figure, sign) == ("100", "%"):
        yield "百分之百"


def _year(found: re.Match[str]) -> Iterator[str]:
    figure, date = read_digits(found["year"] or found["bare"]), found["date"] or ""
    spelled, spelled_date = spell_digits(figure), _rewritten(date, spell_integer)
    yield figure + _rewritten(date, str)
    yield spelled.replace("零", "〇") + spelled_date
    yield spelled + spelled_date


def _month(found: re.Match[str]) -> Iterator[str]:
    return (_rewritten(found["month"], write) for write in (str, spell_integer))


def _rewritten(date: str, write: Callable[[int], str]) -> str:
    return _NUMBER.sub(lambda found: write(int(_arabic(found[0]))), date)


def _decade(found: re.Match[str]) -> Iterator[str]:
    ten = read_digits(found["decade"][0])
    spelled = spell_digits(ten)
    return iter((f"{ten}0年代", f"{spelled}十年代", f"{spelled}〇年代"))


def _amount(found: re.Match[str]) -> Iterator[str]:
    """Write anew a figure that begins with Arabic digits."""
    parts = _PART.findall(found["amount"])
    whole, decimals, scale = parts[0]
    figure = whole.replace(",", "")
    if scale:
        value = _sum([(figure.replace(",", ""), decimals, scale) for figure, decimals, scale in parts])
        return _amounts(*value) if value else iter(())
    measured = _measured(found)
    if decimals:
        return _spellings(f"{figure}.{decimals}") if measured else iter(())
    number = int(figure)
    if figure.startswith("0") or (number >= _PLAIN and number % _ROUND):
        return iter(())
    if number >= _PLAIN:
        return _amounts(number, 0)
    counted = _counted(found)
    if not counted or number < _FIRST_COUNT or (counted[0] == "年" and number % 10):  # 98年 is a year
        return _spellings(figure) if measured else iter(())
    return _spellings(figure)


def _numeral(found: re.Match[str]) -> Iterator[str]:
    """Write anew a figure in Chinese numerals."""
    numeral, decimals, scale = found.group("numeral", "fraction", "scale")
    number = read_integer(numeral)
    measured = _measured(found)
    if number is None:
        return iter(())
    if scale:
        value = _sum([(str(number), read_digits(decimals), scale)])
        return _amounts(*value) if value else iter(())
    if decimals:
        figure = f"{number}.{read_digits(decimals)}"
        return iter((figure, *_spellings(figure))) if measured else iter(())
    if number >= _PLAIN:
        return _amounts(number, 0)
    counted = number >= _FIRST_COUNT and _counted(found)
    if measured or counted or number >= _ROUND:
        return iter((str(number), *_spellings(str(number))))
    return iter(())


def _measured(found: re.Match[str]) -> re.Match[str] | None:
    return _MEASURED.match(found.string, found.end())


def _counted(found: re.Match[str]) -> re.Match[str] | None:
    return _COUNTED.match(found.string, found.end())


def _arabic(figure: str) -> str:
    """Return a figure in Arabic digits; nothing where it is ill-formed."""
    if figure[0] in "0123456789":
        return figure.replace(",", "")
    whole, point, decimals = figure.partition("点")
    number = read_integer(whole)
    return "" if number is None else f"{number}{point and '.'}{read_digits(decimals)}"


def _spellings(figure: str, *, two: bool = True) -> Iterator[str]:
    """Yield how an Arabic figure is written in Chinese: with 二 or 两, 零 or 〇."""
    whole, point, decimals = figure.partition(".")
    tail = f"{point and '点'}{spell_digits(decimals)}"
    spelled = spell_integer(int(whole))
    if two and not point:
        yield _TWO.sub("两", spelled)
    yield spelled + tail
    yield (spelled + tail).replace("零", "〇")


def _sum(parts: list[tuple[str, str, str]]) -> tuple[int, int] | None:
    """Return what parts like 5亿4千万 make as `n, e`, n times ten to the power of e; None if they do not fit."""
    exact = max(len(decimals) for _, decimals, _ in parts)
    total, bound = 0, 0
    for whole, decimals, scale in parts:
        power = sum(_POWERS[char] for char in scale)
        value = int(whole + decimals) * 10 ** (power + exact - len(decimals))
        if bound and value >= bound:
            return None
        bound = 10 ** (power + exact)
        total += value
    return total, -exact


def _amounts(n: int, e: int) -> Iterator[str]:
    """Yield the usual writings of n times ten to the power of e: Arabic with 万亿, 亿, 万 or plainly, then Chinese."""
    while n and n % 10 == 0:
        n, e = n // 10, e + 1
    if not n:
        return
    coefficients = [(_coefficient(n, e - power), power, name) for power, name in _SCALES]
    usual = [figure + name for figure, power, name in coefficients if _usual(figure, power)]
    yield from (writing for writing in usual if not writing.startswith("0."))
    if e >= 0 and len(str(n)) <= _DIGITS + 1:  # a longer one nobody spells
        spelled = spell_integer(n * 10**e)
        yield spelled
        yield _TWO.sub("两", spelled)
    for figure, power, name in coefficients:
        whole, point, decimals = figure.partition(".")
        if power and point and whole != "0" and len(whole) <= _DIGITS and len(decimals) <= _SHORT:
            yield f"{spell_integer(int(whole))}点{spell_digits(decimals)}{name}"
    yield from (writing for writing in usual if writing.startswith("0."))


def _coefficient(n: int, e: int) -> str:
    """Write n times ten to the power of e without an exponent."""
    if e >= 0:
        return str(n) + "0" * e
    digits = str(n).rjust(1 - e, "0")
    return f"{digits[:e]}.{digits[e:]}"


def _usual(figure: str, power: int) -> bool:
    """Tell whether reports write a coefficient so: 13000亿, 1.3万亿 and 0.13亿 they do, 0.1349亿 they do not."""
    whole, _, decimals = figure.partition(".")
    if len(whole) > _DIGITS:
        return not decimals and len(whole) <= _MOST_DIGITS.get(power, 0)
    if whole == "0":
        return len(decimals) <= _SHORT and decimals[0] != "0"
    # The largest figures of the state's accounts are given to the 亿.
    return len(decimals) <= (_DIGITS if power >= 8 else _SHORT)  # noqa: PLR2004


_READERS: dict[str, Callable[[re.Match[str]], Iterator[str]]] = {
    "rate": _rate,
    "percent": _percent,
    "decade": _decade,
    "year": _year,
    "bare": _year,
    "month": _month,
    "amount": _amount,
    "numeral": _numeral,
}
