"""Chinese numerals and the integers they write: 一千二百万 is 12,000,000."""

import re

__all__ = ["DIGITS", "UNITS", "read_digits", "read_integer", "spell_digits", "spell_integer"]

DIGITS = "〇零一二三四五六七八九"
UNITS = "十百千万亿"

_POWERS = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
_LONGEST = 40  # characters of a well-formed numeral, and more
_TO_FIGURES = str.maketrans(DIGITS, "00123456789")
_TO_NUMERALS = str.maketrans("0123456789", DIGITS[1:])
_TWO = re.compile(r"两(?=[百千万亿])|^两$")


def spell_digits(figures: str) -> str:
    """Write figures one by one: 2024 is 二零二四."""
    return figures.translate(_TO_NUMERALS)


def read_digits(numerals: str) -> str:
    """Return digits one by one as figures; those that are figures stay."""
    return numerals.translate(_TO_FIGURES)


def spell_integer(value: int) -> str:
    """Write an integer, 0 or more, as it is read: 105 is 一百零五."""
    spelled = _spell(value)
    return spelled[1:] if spelled.startswith("一十") else spelled


def read_integer(numeral: str) -> int | None:
    """Return what a folded numeral stands for; None unless it is well-formed.

    Well-formed is what `spell_integer` writes, also with 两 for 二, 〇 for 零 and 一百十 for 一百一十:
    万一, 一二三, 两三百 and 二百五 are not.
    """
    if len(numeral) > _LONGEST:
        return None
    regular = _regular(numeral)
    value = _value(regular)
    return value if value is not None and _regular(spell_integer(value)) == regular else None


def _regular(numeral: str) -> str:
    numeral = _TWO.sub("二", numeral).replace("〇", "零").replace("百十", "百一十")
    return f"一{numeral}" if numeral.startswith("十") else numeral


def _spell(value: int) -> str:
    for power, name in _POWERS:
        if value >= power:
            high, low = divmod(value, power)
            gap = "零" if 0 < low < power // 10 else ""
            return _spell(high) + name + gap + (_spell(low) if low else "")
    return spell_digits(str(value))


def _value(numeral: str) -> int | None:
    for power, name in _POWERS:
        head, found, tail = numeral.rpartition(name)
        if found:
            high, low = _value(head), _value(tail.removeprefix("零")) if tail else 0
            return None if high is None or low is None else high * power + low
    return DIGITS.index(numeral) - 1 if len(numeral) == 1 and numeral in DIGITS[1:] else None
