"""Clean lines."""

import pytest

from searcher.reading._lines import clean, without_copies, without_repeats
from searcher.reading._source import Block

LONG = "全县经济社会发展取得新的成绩，主要指标好于预期，群众的获得感不断增强，{}项任务全部完成。"
assert len(LONG) >= 40


def cleaned(*texts):
    return clean(map(Block, texts))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("　　正文。　", "正文。"),
        ("\xa0\xa0正文\u2003\u2002第二句", "正文 第二句"),
        ("正文 ，还有 。", "正文，还有。"),
        ("政 府 工 作 报 告", "政府工作报告"),
        ("2 0 0 1 年", "2001 年"),
        ("规划 纲要", "规划 纲要"),
        ("共 1 500 元", "共 1 500 元"),
        ("正文。↵", "正文。"),
    ],
)
def test_white_space_that_means_nothing_goes(raw, text):
    assert [item.text for item in cleaned(raw)] == [text]


def test_an_indentation_inside_prose_begins_a_line():
    prose = (
        "今年以来，全县上下团结一心，各项工作扎实推进，经济运行总体平稳，社会大局保持和谐稳定，群众生活持续改善。" * 2
    )
    (first, second, third) = cleaned(f"　　{prose}　　一、工业　　{prose}")
    assert (first.text, second.text, third.text) == (prose, "一、工业", prose)
    assert all(item.indent for item in (first, second, third))


def test_columns_are_no_indentations():
    assert [item.text for item in cleaned("镇长　　李青　　副镇长　　王林")] == ["镇长　　李青　　副镇长　　王林"]


def test_a_cell_of_a_table_is_left_whole():
    (row,) = clean([Block("指标    数值", role="row")])
    assert row.text == "指标 数值"


def test_blank_lines_are_gaps():
    first, second, third = cleaned("一", "", "　", "二", "三")
    assert (first.gap, second.gap, third.gap) == (False, True, False)


def test_what_stands_there_wholesale_is_kept_once():
    lines = cleaned(*[LONG.format(i) for i in range(8)] * 3, "附注")
    kept, left_out = without_copies(lines)
    assert [item.text for item in kept] == [*(LONG.format(i) for i in range(8)), "附注"]
    assert left_out == 16


def test_a_copy_that_is_cut_elsewhere_is_a_copy():
    whole = [LONG.format(i) for i in range(8)]
    again = "".join(whole)
    kept, left_out = without_copies(cleaned(*whole, *whole, again[:100], again[100:]))
    assert [item.text for item in kept] == whole
    assert left_out == 10


def test_one_repeat_is_no_copy_but_is_left_out():
    lines = cleaned(*(LONG.format(i) for i in range(8)), LONG.format(3), "短句。", "短句。")
    assert without_copies(lines) == (lines, 0)
    kept, left_out = without_repeats(lines)
    assert [item.text for item in kept] == [*(LONG.format(i) for i in range(8)), "短句。", "短句。"]
    assert left_out == 1
