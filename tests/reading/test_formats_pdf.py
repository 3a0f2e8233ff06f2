"""PDF: lines with their pages, and honest refusals."""

import pytest

from searcher.errors import DamagedFile, UnsupportedFormat
from searcher.reading._source import Block
from searcher.reading.formats import _pdf
from tests.reading.sample_files import pdf, read

FULL = "全县上下认真贯彻各项部署经济运行总体平稳民生持续改善教育事业健康"  # fills a line


def page(*lines, left=72.0, top=760.0, pitch=20.0):
    return [(left, top - pitch * n, line) for n, line in enumerate(lines)]


def test_lines_come_with_their_page():
    (source,) = read(pdf(page("2006年教育局工作总结", "一、主要工作"), [], page("二、存在的问题")), "总结.pdf")
    assert source.blocks == (
        Block("2006年教育局工作总结", page=1),
        Block("一、主要工作", page=1),
        Block("二、存在的问题", page=3),
    )
    assert source.name == "总结"


def test_pieces_of_one_line_are_put_together():
    lines = [(72, 700, "甲"), (84, 700, "、引言"), (300, 701, "1"), (72, 680, "乙")]
    (source,) = read(pdf(lines))
    assert [block.text for block in source.blocks] == ["甲、引言 1", "乙"]


def test_a_wide_gap_is_a_blank_line():
    (source,) = read(pdf([*page("一行文字在此", "二行文字在此", "三行文字在此"), (72, 660, "隔开的一行")]))
    assert [block.text for block in source.blocks] == ["一行文字在此", "二行文字在此", "三行文字在此", "", "隔开的一行"]


def test_the_first_line_of_a_paragraph_keeps_its_indentation():
    lines = [(96 if n % 4 == 0 else 72, 760 - 20 * n, FULL[2 * (n % 4 == 0) :]) for n in range(16)]
    (source,) = read(pdf(lines))
    assert [n for n, block in enumerate(source.blocks) if block.text.startswith("　　")] == [0, 4, 8, 12]


def test_a_hanging_indentation_is_none():
    lines = [(72 if n % 4 == 0 else 96, 760 - 20 * n, FULL[2:]) for n in range(16)]
    (source,) = read(pdf(lines))
    assert not any(block.text.startswith("　") for block in source.blocks)


def test_pages_without_text_are_noted_or_refused():
    scanned = pdf([], [], picture=True)
    with pytest.raises(UnsupportedFormat, match="ocrmypdf"):
        read(scanned)
    with pytest.raises(UnsupportedFormat, match="scanned"):
        read(pdf([(72, 20, "扫描创建")], [(72, 20, "扫描创建")], picture=True))
    (source,) = read(pdf(page(*[FULL] * 12), [], page(FULL), picture=True))
    assert source.notes == ("pages that are pictures without text, not read: 2",)


def test_text_without_letters_is_refused():
    with pytest.raises(UnsupportedFormat, match="fonts do not say"):
        read(pdf(page(*["，。、；：，。、；", "（）、，。"] * 6)))


def test_two_columns_are_noted_and_vertical_lines_are_lines():
    columns = page(*[FULL[:16]] * 12) + page(*[FULL[:16]] * 12, left=330)
    (source,) = read(pdf(columns))
    assert any("two columns" in note for note in source.notes)
    vertical = [(500 - 40 * c, 760 - 14 * n, char) for c in range(2) for n, char in enumerate(FULL)]
    (source,) = read(pdf(vertical))
    assert [block.text for block in source.blocks] == [FULL, FULL]


def test_what_is_broken_or_too_long_is_refused(monkeypatch):
    with pytest.raises(DamagedFile, match="broken PDF"):
        read(b"%PDF-1.4\nnothing more")
    monkeypatch.setattr(_pdf, "MAX_PAGES", 1)
    with pytest.raises(DamagedFile, match="2 pages"):
        read(pdf(page(FULL), page(FULL)))
