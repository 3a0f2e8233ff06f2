"""Title, byline, salutation; signature and date."""

import pytest

from searcher.reading._lines import clean
from searcher.reading._matter import frame
from searcher.reading._source import Block

BODY = "一年来，全县上下认真贯彻落实各项决策部署，经济社会发展取得新的成绩。"


def framed(*texts, name="", declared=None, roles=()):
    blocks = [Block(text, role=roles[i] if i < len(roles) else "text") for i, text in enumerate(texts)]
    return frame(clean(blocks), name, declared)


def body(matter):
    return [item.text for item in matter.body]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["青山县教育局2008年工作总结"], "青山县教育局2008年工作总结"),
        (["青山县人民政府", "关于加强林业工作的意见"], "青山县人民政府关于加强林业工作的意见"),
        (["关于进一步推进", "农村改革的决定"], "关于进一步推进农村改革的决定"),
        (["青山县2008年", "国民经济和社会发展统计公报"], "青山县2008年国民经济和社会发展统计公报"),
        (["政府工作报告", "——2008年1月5日在青山县第九届人民代表大会第三次会议上"], "政府工作报告"),
        (["政府工作报告——2008年1月5日在青山县第九届人民代表大会第三次会议上"], "政府工作报告"),
        (["某年政府工作报告团结起来争取新的胜利"], "某年政府工作报告"),
        (["青山日报", "2008年1月6日", "政府工作报告", "县长 李青"], "政府工作报告"),
        (["二零零八年施政報告", "求真務實"], "二零零八年施政報告"),
        (["青山县林业发展规划", "（2006—2010年）"], "青山县林业发展规划（2006—2010年）"),
        (["第一部分 概况"], None),
        (["青山县的风景"], None),
    ],
)
def test_titles(lines, title):
    assert framed(*lines, BODY).title == title


def test_a_title_may_be_known_by_the_files_name_alone():
    assert framed("青山县的风景", BODY, name="青山县的风景").title == "青山县的风景"


def test_a_declared_title_is_not_repeated_as_a_paragraph():
    matter = framed("青山县的风景", BODY, declared="青山縣的風景")
    assert (matter.title, body(matter)) == (None, [BODY])


def test_what_a_format_calls_a_title_is_one():
    matter = framed("工作报告", "青山县的总结", BODY, roles=("text", "title"))
    assert matter.title == "青山县的总结"


@pytest.mark.parametrize(
    "line",
    [
        "——2008年1月5日在青山县第九届人民代表大会第三次会议上",
        "（二〇〇八年一月五日）",
        "青山县县长　李青",
        "李青摄",
        "青山县人民政府办公室",
        "中華民國113年3月5日",
        "立法院第3屆第2會期",
    ],
)
def test_bylines(line):
    matter = framed("青山县教育工作总结", line, BODY)
    assert (matter.front, body(matter)) == ((line.replace("\u3000", "　"),), [BODY])


def test_a_salutation_ends_the_front():
    matter = framed("政府工作报告", "求真务实", "各位代表：", BODY, "一、工业")
    assert matter.front == ("求真务实", "各位代表：")
    assert body(matter) == [BODY, "一、工业"]


def test_the_first_heading_is_no_subtitle():
    assert body(framed("青山县教育工作总结", "基本情况", BODY)) == ["基本情况", BODY]
    assert body(framed("青山县教育工作总结", "一、基本情况", BODY)) == ["一、基本情况", BODY]


def test_a_salutation_within_the_body_opens_its_paragraph():
    matter = framed("政府工作报告", "各位代表：", BODY, "各位代表！", BODY, "各位代表！", "一、工业")
    assert body(matter) == [BODY, "各位代表！" + BODY, "一、工业"]
    assert matter.back == ("各位代表！",)


def test_a_signature_is_a_date_and_the_offices_above_it():
    matter = framed("关于加强林业工作的意见", BODY, "青山县林业局", "青山县财政局", "2008年1月5日", "（此件公开发布）")
    assert matter.back == ("青山县林业局", "青山县财政局", "2008年1月5日", "（此件公开发布）")
    assert body(matter) == [BODY]


def test_a_signature_may_stand_before_an_attachment_and_a_draft_leaves_its_date_open():
    matter = framed("关于加强林业工作的意见", BODY, "青山县林业局", "2008年 月 日", "附件", BODY)
    assert matter.back == ("青山县林业局", "2008年 月 日")
    assert body(matter) == [BODY, "附件", BODY]


def test_codes_behind_the_text_are_no_paragraphs():
    matter = framed("青山县教育工作总结", BODY, "A-12/3", "x9")
    assert (matter.back, body(matter)) == (("A-12/3", "x9"), [BODY])
