"""What a heading's number is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import fold
from searcher.reading._numbering import cardinal, number


@pytest.mark.parametrize(
    ("text", "style", "value", "title"),
    [
        ("一、工业", "一、", 1, "工业"),
        ("二十一、 工业", "一、", 21, "工业"),
        ("三. 安居", "一、", 3, "安居"),
        ("四", "一、", 4, ""),
        ("（五）工业", "(一)", 5, "工业"),
        ("(十二)工业", "(一)", 12, "工业"),
        ("〔二〕、工业", "(一)", 2, "工业"),
        ("六）工业", "(一)", 6, "工业"),
        ("㈢工业", "(一)", 3, "工业"),
        ("1.工业", "1.", 1, "工业"),
        ("１２、工业", "1.", 12, "工业"),
        ("3．“四好”公路", "1.", 3, "“四好”公路"),
        ("⒉工业", "1.", 2, "工业"),
        ("2.4 数据", "1.1", 4, "数据"),
        ("2.4.1　数据", "1.1.1", 1, "数据"),
        ("（7）工业", "(1)", 7, "工业"),
        ("⑺工业", "(1)", 7, "工业"),
        ("8）工业", "1)", 8, "工业"),
        ("⑨工业", "①", 9, "工业"),
        ("第三章　工业", "第章", 3, "工业"),
        ("第 12 節 工業", "第节", 12, "工業"),
        ("第一編工業", "第编", 1, "工業"),
        ("【第二篇】工业", "第篇", 2, "工业"),
        ("第三部分 工业", "第部分", 3, "工业"),
        ("第四条 本办法", "第条", 4, "本办法"),
        ("第二，工业", "第一", 2, "工业"),
        ("三是工业", "一是", 3, "工业"),
        ("壹、工業", "壹、", 1, "工業"),
        ("參、工業", "壹、", 3, "工業"),
        ("乙、工業", "甲、", 2, "工業"),
        ("附件2：名词解释", "附", 2, "名词解释"),
        ("附件 工作表", "附", 0, "工作表"),
    ],
)
def test_numbers(text, style, value, title):
    found = number(text, fold(text))
    assert found is not None
    assert (found.style, found.value) == (style, value)
    assert text[found.end :] == title


@pytest.mark.parametrize(
    "text",
    ["工业", "2008年", "12.5%", "3.14亿元", "1.24万亩", "一般", "一带一路", "第三产业", "第一次全会", "十分重要",
     "（试行）", "附近", "丁香", "2.5", "99", "（2008）", "第四条约定"],
)  # fmt: skip
def test_words_and_figures_are_no_numbers(text):
    assert number(text, fold(text)) is None


def test_nothing_has_no_number():
    assert number("", "") is None


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("十", 10),
        ("二十", 20),
        ("九十九", 99),
        ("一百零三", 103),
        ("二〇〇六", 2006),
        ("拾贰", 12),
        ("丙", 3),
        ("12", 12),
        ("", 0),
    ],
)
def test_numerals(digits, value):
    assert cardinal(digits) == value


@given(st.integers(1, 99))
def test_every_numeral_is_read_as_it_is_written(value):
    tens, ones = divmod(value, 10)
    han = "〇一二三四五六七八九"
    written = (han[tens] if tens > 1 else "") + ("十" if tens else "") + (han[ones] if ones else "")
    assert cardinal(written) == value
