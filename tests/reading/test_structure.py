"""The whole of it: what docs/reading.md promises, and what holds for any text."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.model import Metadata, Origin
from searcher.reading._source import Block, Source
from searcher.reading._structure import understand
from tests.conftest import ROOT
from tests.reading.outlines import report, shown

PAGE = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```text\n(.*?)\n```\n\n```outline\n(.*?)\n```", PAGE, re.DOTALL)
FIELDS = re.findall(r"^\| (title|year|institution|region|kind|date) \| .*? \| (.*?) \| `(.*?)` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("text", "outline"), EXAMPLES, ids=[text.split("\n")[0] for text, _ in EXAMPLES])
def test_the_examples_of_the_page(text, outline):
    assert shown(report(text)) == outline


@pytest.mark.parametrize(("field", "lines", "value"), FIELDS)
def test_the_fields_of_the_page(field, lines, value):
    text = "\n".join(
        [*re.findall("`(.*?)`", lines), "全年各项工作取得新的进展，群众满意度进一步提高，社会大局保持稳定。"]
    )
    assert str(getattr(report(text).metadata, field)) == value


def test_the_page_has_its_examples():
    assert PAGE.count("```outline") == len(EXAMPLES) > 5
    assert len(FIELDS) > 5


def test_what_the_report_carries_through():
    origin = Origin("a.txt", 1, 1, "0")
    source = Source((Block("正文。"),), "甲", Metadata(title="题目"), furniture=("菜单",), notes=("一处",))
    read = understand(source, report_id="a", origin=origin)
    assert (read.id, read.origin, read.furniture, read.notes) == ("a", origin, ("菜单",), ("一处",))
    assert read.metadata.title == "题目"
    assert [paragraph.report_id for paragraph in read.paragraphs] == ["a"]


def test_an_empty_source_is_an_empty_report():
    read = understand(Source((), "甲"), report_id="a")
    assert (read.paragraphs, read.sections, read.script) == ((), (), None)


def test_what_was_left_out_is_noted():
    long = "全县各项事业继续保持良好的发展势头，城乡居民的收入稳步提高，生态环境明显改善，社会和谐稳定。"
    read = report(f"目录\n一、工业……1\n二、农业……2\n一、工业\n{long}\n二、农业\n{long}")
    assert read.notes == ("a table of contents left out", "1 lines left out that had stood before")


PIECES = st.sampled_from(
    [
        *(
            "一、",
            "二、",
            "（一）",
            "（二）",
            "1.",
            "2.",
            "第一章",
            "第二节",
            "附件1",
            "注",
            "各位代表：",
            "2008年",
            "3月5日",
        ),
        *(
            "青山县",
            "教育局",
            "总结",
            "目录",
            "……",
            ">",
            "：",
            "。",
            "，",
            "；",
            "的",
            "和",
            "“",
            "”",
            "（",
            "）",
            "《",
            "》",
        ),
        *("1", "99", "a", "B", "%", "\u3000", "\u3000\u3000", "\t", "加强", "建设", "一是", "结束语", "——"),
        *("責任編輯：", "来源："),
    ]
)
LINES = st.lists(PIECES, max_size=12).map("".join)
BLOCKS = st.builds(
    Block,
    LINES,
    role=st.sampled_from(["text", "text", "text", "text", "heading", "row", "title"]),
    level=st.sampled_from([None, 1, 2]),
    bold=st.booleans(),
    page=st.sampled_from([None, 1, 2]),
)
CLOSING = Counter(dict.fromkeys("。：:；，", 10_000))


@given(st.lists(BLOCKS, max_size=25), st.sampled_from(["", "2008年总结", "x"]))
def test_nothing_is_lost_and_everything_is_in_its_place(blocks, name):
    read = understand(Source(tuple(blocks), name), report_id="r")
    told = [paragraph.text for paragraph in read.paragraphs]
    told += [section.heading for section in read.sections if not section.runin]
    told += [*read.furniture, read.metadata.title or ""]
    lines = {"".join(block.text.split()) for block in blocks}
    missing = Counter("".join(lines)) - Counter("".join(told))
    assert not missing - CLOSING  # a heading goes without its closing mark

    assert [paragraph.ordinal for paragraph in read.paragraphs] == list(range(len(read.paragraphs)))
    for paragraph in read.paragraphs:
        above = [s for s in read.sections if s.start <= paragraph.ordinal < s.end]
        assert tuple(section.heading for section in sorted(above, key=lambda s: s.level)) == paragraph.section
        assert [section.level for section in sorted(above, key=lambda s: s.level)] == list(range(1, len(above) + 1))
        if paragraph.runin:
            assert paragraph.text.startswith(paragraph.runin)
            assert paragraph.section[-1] == paragraph.runin
