"""Lines to paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.reading._joining import is_salutation, join, measure, part
from searcher.reading._lines import clean
from searcher.reading._source import Block

SENTENCES = (
    "全县粮食总产量达到四十二万吨，比上年增长百分之三，连续五年获得丰收。",
    "完成造林面积三万六千亩，治理水土流失面积一百二十平方公里，城区空气质量优良天数达到三百一十天。",
    "新建和改造农村公路二百六十公里，所有行政村通上了客车，群众出行更加方便。",
    "坚持每月一次的接待日制度，共接待来访群众四百余人次，解决各类问题三百二十件。",
    "新增城镇就业四千八百人，城镇登记失业率控制在百分之四以内。",
)
PARAGRAPHS = tuple("".join(SENTENCES[i % 5 :] + SENTENCES[: i % 5]) + f"以上是第{i}件。" for i in range(12))


def cleaned(*texts):
    return clean(map(Block, texts))


def joined(*texts):
    lines = cleaned(*texts)
    return [item.text for item in join(lines, measure(lines))]


def parted(*texts):
    return [item.text for item in part(cleaned(*texts))]


def wrapped(text, width=30):
    return [text[i : i + width] for i in range(0, len(text), width)]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("全年完成投资", "，同比增长两成。"),
        ("全面落实县委的", "各项决定。"),
        ("工业、农业、", "商业都有发展。"),
        ("坚持“以人为本", "”的理念。"),
        ("今年的投资和", "消费都有增长。"),
        ("一、", "工业"),
        ("第三章", "工业"),
        ("一是", "加强学习，全年集中学习二十次。"),
    ],
)
def test_what_goes_on(above, below):
    (text,) = joined(above, below)
    assert text.replace(" ", "") == above + below


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("一、工业", "全年完成投资三亿元。"),
        ("全年完成投资三亿元。", "农业稳步发展。"),
        ("今年的主要目的", "一是增收。"),
        ("全县总和", "农业"),
        ("第一章", "第一节"),
        ("各位代表：", "现在，我报告工作。"),
        ("各位领导、", "同志们："),
    ],
)
def test_what_does_not(above, below):
    if above.endswith("、"):
        assert joined(above, below) == [above + below]
    else:
        assert joined(above, below) == [above, below]


def test_lines_broken_at_a_margin():
    lines = [line for text in PARAGRAPHS for line in wrapped("　　" + text)]
    assert joined(*lines) == list(PARAGRAPHS)


def test_lines_broken_at_a_margin_between_blank_ones():
    lines = [line for text in PARAGRAPHS for line in ("", *wrapped(text))]
    assert joined(*lines) == list(PARAGRAPHS)


def test_a_heading_stays_alone_between_broken_lines():
    lines = [line for i, text in enumerate(PARAGRAPHS, 1) for line in (f"　　{i}.事项", *wrapped("　　" + text))]
    assert joined(*lines) == [text for i, para in enumerate(PARAGRAPHS, 1) for text in (f"{i}.事项", para)]


@given(st.integers(24, 60))
def test_the_width_does_not_matter(width):
    lines = [line for text in PARAGRAPHS for line in wrapped("　　" + text, width)]
    assert joined(*lines) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    ("beginning", "width"),
    [
        ("本县在第十二个五年计划期间与Blue River乡签订了协议。", 21),  # behind "Blue"
        ("本县在第十二个五年计划期间，自2008年起执行新的协议。", 20),  # inside the year
    ],
)
def test_a_margin_cuts_figures_but_no_words(beginning, width):
    texts = [beginning + text for text in PARAGRAPHS]
    assert joined(*(line for text in texts for line in wrapped("　　" + text, width))) == texts


@pytest.mark.parametrize(
    "text",
    [
        "各位代表：",
        "各位代表！",
        "同志们：",
        "各位代表、各位政协委员和列席会议的同志们：",
        "尊敬的各位代表、各位来宾：",
        "主席女士、各位議員、各位市民：",
        "院長、各位委員女士、先生，大家好：",
        "省长李青各位代表：",
        "青山县人民代表大会：",
    ],
)
def test_salutations(text):
    (item,) = cleaned(text)
    assert is_salutation(item)


@pytest.mark.parametrize(
    "text",
    [
        "各位代表！过去一年的成绩来之不易。",
        "各位代表，今年要做好以下工作：",
        "朋友们，表示诚挚的感谢！",
        "主要做了以下工作：",
        "各位代表",
    ],
)
def test_what_addresses_nobody_alone(text):
    (item,) = cleaned(text)
    assert not is_salutation(item)


def test_chapters_on_one_line():
    assert parted("第一章 总则第一节 目的", "正文。") == ["第一章 总则", "第一节 目的", "正文。"]
    assert parted("第三章 依照第一章办理") == ["第三章 依照第一章办理"]
    assert parted("第一章 本章共两节。第一节 说明，") == ["第一章 本章共两节。第一节 说明，"]


@pytest.mark.parametrize("one", ["（一）", "(1)", "一、", "1."])
def test_a_number_that_its_series_lacks(one):
    numbers = {"（一）": "（{}）", "(1)": "({})", "一、": "{}、", "1.": "{}."}[one]
    digits = "123456" if one in ("(1)", "1.") else "一二三四五六"
    items = [numbers.format(n) + "办好一件实事。" for n in digits]
    expected = [items[0], items[1] + items[2], *items[3:]] if one == "(1)" else items
    assert parted(items[0], items[1] + items[2], *items[3:]) == expected


def test_a_number_that_no_series_lacks_stays_where_it_is():
    lines = ["一、工业。二、农业。", "正文。", "一、商业。"]
    assert parted(*lines) == lines
