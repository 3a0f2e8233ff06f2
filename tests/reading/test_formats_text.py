"""Plain text and Markdown."""

import pytest

from searcher.errors import DamagedFile
from searcher.model import Metadata
from searcher.reading._source import Block
from searcher.reading.formats._file import MAX_LINE
from tests.reading.sample_files import SIMPLIFIED, TRADITIONAL, read, texts


def test_a_line_is_a_block_and_a_blank_line_stays_one():
    (source,) = read("题目\r\n\r\n \r\n　　正文。\r第二行\x0c第三行\n\n", "总结.txt")
    assert [block.text for block in source.blocks] == ["题目", "", "　　正文。", "第二行", "第三行", ""]
    assert source.name == "总结"
    assert source.declared == Metadata()


@pytest.mark.parametrize(("text", "encoding"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5"), (SIMPLIFIED, "utf-16")])
def test_the_encoding_is_found_and_noted(text, encoding):
    (source,) = read(text.encode(encoding))
    assert texts(source) == [line for line in text.split("\n") if line]
    assert len(source.notes) == 1
    assert source.notes[0].startswith("decoded as ")


def test_escapes_and_comments_of_a_page_dump_are_read_as_what_they_are():
    (source,) = read("<!--\n 菜单\n-->\n<U+00A0><U+3000>总结<U+110000>\n正文")
    assert texts(source) == ["\u00a0\u3000总结<U+110000>", "正文"]
    assert source.notes == ("3 escapes of the form <U+00A0> read as the characters they name",)


def test_a_line_longer_than_any_text_is_refused():
    with pytest.raises(DamagedFile, match="5,000,001 characters"):
        read("字" * (MAX_LINE + 1))


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("# 总结", [Block("总结", "heading", 1)]),
        ("###　教育工作 ###", [Block("教育工作", "heading", 3)]),
        ("总结\n===\n\n正文\n---\n", [Block("总结", "heading", 1), Block("正文", "heading", 2)]),
        ("一行\n二行\n\n\n三行", [Block("一行"), Block("二行"), Block(""), Block("三行")]),
        ("**一、主要工作**", [Block("一、主要工作", bold=True)]),
        ("**一是**加强*管理*，`代码`与~~旧~~", [Block("一是加强管理，代码与旧")]),
        ("- 项目\n* 又一\n> 引文", [Block("项目"), Block("又一"), Block("引文")]),
        ("1. 第一\n2. 第二", [Block("1. 第一"), Block("2. 第二")]),
        ('见[规划](https://a.cn/b(c) "题")和![图](a.png)。', [Block("见规划和。")]),
        (
            "| 指标 | 数值 |\n|:--|--:|\n| 人口 | 3.2\\|万 |",
            [Block("指标 | 数值", "row"), Block("人口 | 3.2|万", "row")],
        ),
        ("前\n\n---\n\n后", [Block("前"), Block(""), Block("后")]),
        ("<!-- 菜单\n -->正文<br/><b>粗</b>", [Block("正文粗")]),
        ("```\n# 不是标题\n```\n3 \\* 4", [Block("# 不是标题"), Block("3 * 4")]),
        ("snake_case_name 与 5*3", [Block("snake_case_name 与 5*3")]),
    ],
)
def test_markdown(markdown, blocks):
    (source,) = read(markdown, "x.md")
    found = list(source.blocks)
    assert (found[:-1] if found and not found[-1].text else found) == blocks


def test_a_front_matter_declares_metadata():
    (source,) = read(
        '---\ntitle: "工作总结"\nyear: 2006\ntags: [教育, 人事]\nkeywords:\n  - 改革\n---\n\n正文。\n', "x.md"
    )
    assert source.declared == Metadata(title="工作总结", year=2006, tags=("教育", "人事"))
    assert texts(source) == ["正文。"]
    (source,) = read("---\n标签:\n  - 教育\n  - 人事\n---\n正文。", "x.md")
    assert source.declared.tags == ("教育", "人事")
