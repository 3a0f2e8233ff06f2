"""Paragraphs and the headings they stand under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import fold
from searcher.model import Section
from searcher.reading._source import Block, Source
from searcher.reading._structure import understand
from tests.reading.outlines import report, shown

HAN = "一二三四五六七八九"
STYLES = {
    "篇": lambda n: f"第{HAN[n]}篇　",
    "章": lambda n: f"第{HAN[n]}章 ",
    "节": lambda n: f"第{HAN[n]}节　",
    "、": lambda n: f"{HAN[n]}、",
    "()": lambda n: f"（{HAN[n]}）",
    "1.": lambda n: f"{n + 1}.",
    "(1)": lambda n: f"（{n + 1}）",
    "①": lambda n: chr(ord("①") + n),
}
THINGS = ("工业", "农业", "商业", "林业", "教育", "卫生", "文化", "交通", "水利", "财政", "环境", "城乡")
DOINGS = ("发展", "管理", "改革", "建设", "服务", "保护", "振兴", "治理")
PROSE = "这方面的情况总的来说是好的，主要指标都完成了年初确定的任务，下一步还要继续努力，第{}条经验值得推广。"

HEADINGS = st.builds(str.__add__, st.sampled_from(THINGS), st.sampled_from(DOINGS))


@st.composite
def outlines(draw):
    """Draw the lines of a report, and the sections and paths that should be found in it."""
    styles = draw(st.permutations(sorted(STYLES)))[: draw(st.integers(1, 5))]
    runin = draw(st.booleans())
    lines, paragraphs, sections = ["青山县综合工作总结", PROSE.format("开头一")], [()], []

    def grow(depth, path):
        last = depth == len(styles) - 1
        for n in range(draw(st.integers(1 if depth else 2, 4))):
            heading = STYLES[styles[depth]](n) + draw(HEADINGS)
            here = (*path, heading)
            at = len(sections)
            sections.append(None)
            start = len(paragraphs)
            opens = last and runin
            if opens:
                lines.append(heading + "。" + PROSE.format(len(lines)))
                paragraphs.append(here)
            else:
                lines.append(heading)
            for _ in range(draw(st.integers(0 if opens else 1, 2)) if last else draw(st.integers(0, 1))):
                lines.append(PROSE.format(len(lines)))
                paragraphs.append(here)
            if not last:
                grow(depth + 1, here)
            sections[at] = Section(heading, depth + 1, start, len(paragraphs), opens)

    grow(0, ())
    return lines, paragraphs, sections


@given(outlines())
def test_an_outline_comes_back(drawn):
    lines, paths, sections = drawn
    read = report("\n".join(lines))
    assert list(read.sections) == sections
    assert [paragraph.section for paragraph in read.paragraphs] == paths


@given(outlines())
def test_a_section_ends_where_its_paragraphs_do(drawn):
    read = report("\n".join(drawn[0]))
    for section in read.sections:
        inside = [p.ordinal for p in read.paragraphs if section.heading in p.section[section.level - 1 : section.level]]
        assert set(range(section.start, section.end)) <= set(inside)


TABLE = {
    "a lone sentence is no heading": (
        "一、完成了年初确定的全部任务。\n二、解决了群众反映的突出问题。\n三、建立了一批管用的工作制度。",
        "¶ 一、完成了年初确定的全部任务。\n¶ 二、解决了群众反映的突出问题。\n¶ 三、建立了一批管用的工作制度。",
    ),
    "a sentence over something is one": (
        "一、完成了全部任务。\n{0}\n二、解决了突出问题。\n{1}",
        "# 一、完成了全部任务\n    ¶ {0}\n# 二、解决了突出问题\n    ¶ {1}",
    ),
    "an item ends a run-in section of its level": (
        "（一）抓培训。{0}\n{1}\n（二）抓督查，{2}\n（三）抓考核。{3}\n（四）抓落实。{3}一是。",
        (
            "~ （一）抓培训\n    ¶ （一）抓培训。{0}\n    ¶ {1}\n¶ （二）抓督查，{2}\n"
            "~ （三）抓考核\n    ¶ （三）抓考核。{3}\n~ （四）抓落实\n    ¶ （四）抓落实。{3}一是。"
        ),
    ),
    "一是 and 第一 open sentences": (
        "一、工作\n一是抓培训。{0}\n二是抓考核。{1}\n第一，抓督查。{2}",
        "# 一、工作\n    ¶ 一是抓培训。{0}\n    ¶ 二是抓考核。{1}\n    ¶ 第一，抓督查。{2}",
    ),
    "but may be headings, too": (
        "第一，抓培训\n{0}\n第二，抓考核\n{1}",
        "# 第一，抓培训\n    ¶ {0}\n# 第二，抓考核\n    ¶ {1}",
    ),
    "an article is no heading": (
        "第一章 总则\n第一条 {0}\n第二条 {1}",
        "# 第一章 总则\n    ¶ 第一条 {0}\n    ¶ 第二条 {1}",
    ),
    "numbers that start again in every section": (
        "一、工业\n（一）投资\n{0}\n（二）技术\n{1}\n二、农业\n（一）粮食\n{2}\n（三）畜牧\n{3}",
        (
            "# 一、工业\n    # （一）投资\n        ¶ {0}\n    # （二）技术\n        ¶ {1}\n"
            "# 二、农业\n    # （一）粮食\n        ¶ {2}\n    # （三）畜牧\n        ¶ {3}"
        ),
    ),
    "numbers that run on through the sections": (
        "一、工业\n（一）投资\n{0}\n（二）技术\n{1}\n二、农业\n（三）粮食\n{2}\n（四）畜牧\n{3}",
        (
            "# 一、工业\n    # （一）投资\n        ¶ {0}\n    # （二）技术\n        ¶ {1}\n"
            "# 二、农业\n    # （三）粮食\n        ¶ {2}\n    # （四）畜牧\n        ¶ {3}"
        ),
    ),
    "names inside a section": (
        "一、工业\n投资情况\n{0}\n二、农业\n粮食情况\n{1}",
        "# 一、工业\n    # 投资情况\n        ¶ {0}\n# 二、农业\n    # 粮食情况\n        ¶ {1}",
    ),
    "a note and closing words stand beside the sections": (
        "一、工业\n{0}\n（一）投资\n{1}\n结束语\n{2}\n名词解释\n1.甲：{3}",
        "# 一、工业\n    ¶ {0}\n    # （一）投资\n        ¶ {1}\n# 结束语\n    ¶ {2}\n# 名词解释\n    ¶ 1.甲：{3}",
    ),
    "attachments have titles": (
        "一、工业\n{0}\n附件：1.任务表\n2.说明\n附件1\n任务分工表\n一、投资\n{1}",
        (
            "# 一、工业\n    ¶ {0}\n    ¶ 附件：1.任务表\n    ¶ 2.说明\n"
            "# 附件1\n    # 任务分工表\n        # 一、投资\n            ¶ {1}"
        ),
    ),
    "a foreword ends with the next heading": (
        "前言\n{0}\n（一）工业\n{1}\n一、投资\n{2}",
        "# 前言\n    ¶ {0}\n# （一）工业\n    ¶ {1}\n    # 一、投资\n        ¶ {2}",
    ),
    "a footnote keeps its text": (
        "一、工业\n{0}\n注：本表数据为初步统计数。",
        "# 一、工业\n    ¶ {0}\n    ¶ 注：本表数据为初步统计数。",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_is_a_heading(name):
    lines, outline = (text.format(*(PROSE.format(i) for i in range(4))) for text in TABLE[name])
    assert shown(report(PROSE.format("开头一") + "\n" + lines)) == f"¶ {PROSE.format('开头一')}\n" + outline


def test_the_numbered_paragraphs_of_an_address():
    text = [f"{n}. {PROSE.format(n)}" for n in range(1, 31)]
    for at, heading in ((20, "丙、教育"), (10, "乙、經濟"), (0, "甲、引言")):
        text.insert(at, heading)
    read = report("\n".join(["二零零八年施政報告", *text]))
    assert [section.heading for section in read.sections] == ["甲、引言", "乙、經濟", "丙、教育"]
    assert [len(read.paragraphs), read.paragraphs[29].section] == [30, ("丙、教育",)]


def test_a_list_of_items_is_no_list_of_headings():
    items = [f"{n}.{thing}项目" for n, thing in enumerate(THINGS[:6], 1)]
    read = report("\n".join(["一、项目", PROSE.format(1), *items, "二、措施", PROSE.format(2)]))
    assert [section.heading for section in read.sections] == ["一、项目", "二、措施"]


def test_headings_that_a_format_declares():
    blocks = (
        Block("青山县工作总结", "title"),
        Block("工业", "heading", 1),
        Block("投资", "heading", 2),
        Block(PROSE.format(1)),
        Block("农业", "heading", 1),
        Block(PROSE.format(2)),
    )
    read = understand(Source(blocks, ""), report_id="r")
    assert [(section.heading, section.level) for section in read.sections] == [("工业", 1), ("投资", 2), ("农业", 1)]


@given(outlines())
def test_either_script_reads_the_same(drawn):
    text = "\n".join(drawn[0])
    other = text.translate(str.maketrans("业发农务环环会", "業發農務環環會"))
    found = [[(s.level, fold(s.heading), s.start, s.end) for s in report(t).sections] for t in (text, other)]
    assert found[0] == found[1]
