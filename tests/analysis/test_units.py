"""Units, held against a reading of their definition that goes character by character."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import BREAK, analyzer, fold, is_han
from tests.strategies import texts

_FIGURE = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)


def defined_units(text: str) -> list[tuple[str, int, int]]:
    folded = fold(text)
    found: list[tuple[str, int, int]] = []
    rest: list[tuple[int, int]] = []  # runs of anything else
    at = 0
    while at < len(folded):
        char = folded[at]
        figure = _FIGURE.match(folded, at)
        if is_han(char):
            found.append((char, at, at + 1))
        elif figure:
            found.append((re.sub("[,，]", "", figure[0]), *figure.span()))
        elif char in "%‰" and found and found[-1][2] == at and found[-1][0][0] in "0123456789":
            found.append((char, at, at + 1))
        elif char.isalnum():
            end = at
            while (
                end < len(folded)
                and folded[end].isalnum()
                and not is_han(folded[end])
                and folded[end] not in "0123456789"
            ):
                end += 1
            found.append((folded[at:end], at, end))
        else:
            if rest and rest[-1][1] == at:
                rest[-1] = (rest[-1][0], at + 1)
            else:
                rest.append((at, at + 1))
            at += 1
            continue
        at = found[-1][2]
    for start, end in rest:
        between_han = start > 0 and end < len(folded) and is_han(folded[start - 1]) and is_han(folded[end])
        if not (between_han and folded[start:end].isspace()):
            found.append((BREAK, start, end))
    return sorted(found, key=lambda unit: unit[1])


@given(st.lists(texts, max_size=4))
def test_units_are_as_defined(batch):
    analysis = analyzer().analyze(batch)
    assert [analysis.units_of(i) for i in range(len(batch))] == [defined_units(text) for text in batch]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", []),
        ("民生", ["民", "生"]),
        ("李　强", ["李", "强"]),
        ("巩固、发展", ["巩", "固", " ", "发", "展"]),
        ("33，212元", ["33212", "元"]),
        ("第3,2010年", ["第", "3", " ", "2010", "年"]),
        ("15.5％", ["15.5", "%"]),
        ("％", [" "]),
        ("AIR AI", ["air", " ", "ai"]),
        ("GDP2020", ["gdp", "2020"]),
        ("二○二四", ["二", "〇", "二", "四"]),
        ("2006 年", ["2006", " ", "年"]),
        ("。。（", [" "]),
    ],
)
def test_units_table(text, units):
    assert [unit.text for unit in analyzer().analyze([text]).units_of()] == units
