"""What a report says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import fold
from searcher.model import Metadata
from searcher.reading._dates import date_in, plan_year, year_in
from searcher.reading._places import province, region
from searcher.reading._script import script_of
from searcher.reading._words import kind_of
from tests.reading.outlines import report

BODY = "一年来，各项工作取得新的进展，群众满意度进一步提高，社会大局保持和谐稳定。"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2008年总结", 2008),
        ("二〇〇八年总结", 2008),
        ("二零零五至零六年施政报告", 2005),
        ("1 9 9 6年总结", 1996),
        ("民国113年度报告", 2024),
        ("行政院113年度报告", 2024),
        ("113年度报告", None),
        ("第2008号", 2008),
        ("12008号", None),
        ("总结", None),
    ],
)
def test_years(text, year):
    assert year_in(text) == year


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2008年1月5日", "2008-01-05"),
        ("2008-1-5 10:30", "2008-01-05"),
        ("2008/01/05", "2008-01-05"),
        ("2 0 0 8年1月", "2008-01"),
        ("二〇〇八年十二月二十五日", "2008-12-25"),
        ("民国 113 年 3 月 5 日", "2024-03-05"),
        ("2008年", None),
        ("2008年13月", None),
        ("2007年工作，2008年1月总结", "2008-01"),
    ],
)
def test_dates(text, date):
    assert date_in(text) == date


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("第一个五年计划", 1953),
        ("第三个五年计划", 1966),
        ("第十一个五年规划", 2006),
        ("“十四五”规划", 2021),
        ("规划", None),
    ],
)
def test_the_first_year_of_a_plan(title, year):
    assert plan_year(title) == year


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("浙江政府工作报告", "浙江省"),
        ("2008年广西壮族自治区政府工作报告", "广西壮族自治区"),
        ("内蒙古报告", "内蒙古自治区"),
        ("重庆市青山县报告", "重庆市青山县"),
        ("香港施政报告", "香港特别行政区"),
        ("青山县统计公报", "青山县"),
        ("全市工作总结", None),
        ("市场管理办法", None),
    ],
)
def test_regions(title, name):
    assert region(title) == name


def test_a_province_may_have_to_be_named_in_full():
    found = province("来自湖北和湖南省的报告", whole=True)
    assert found is not None
    assert found.full == "湖南省"
    assert province("来自湖北的报告", whole=True) is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("政府工作报告", ("政府工作报告", True)),
        ("政府工作报告（草案）", ("政府工作报告", True)),
        ("关于政府工作报告的决议", ("决议", True)),
        ("“十一五”规划纲要", ("规划", True)),
        ("印发行动计划的情况", ("计划", False)),
        ("风景", None),
    ],
)
def test_kinds(title, kind):
    assert kind_of(fold(title)) == kind


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["国务院关于林业工作的意见"], "institution", "国务院"),
        (["中华人民共和国国务院2008年政府工作报告"], "institution", "国务院"),
        (["青山县人民政府办公室关于防汛的通知"], "institution", "青山县人民政府办公室"),
        (["青山县林业局2008年工作总结"], "institution", "青山县林业局"),
        (["2008年黑龙江政府工作报告"], "institution", "黑龙江省人民政府"),
        (["政府工作报告", "——2008年3月5日在第十一届全国人民代表大会第一次会议上"], "institution", "国务院"),
        (["二零零八年施政报告", "香港特别行政区行政长官"], "region", "香港特别行政区"),
        (["行政院施政報告", "立法院第3屆第2會期"], "institution", "行政院"),
        (["关于防汛工作的通知", BODY, "青山县水务局", "2008年5月1日"], "institution", "青山县水务局"),
        (["关于防汛工作的通知", BODY, "青山县水务局", "2008年5月1日"], "date", "2008-05-01"),
        (["工作总结", "发布机构：青山县财政局"], "institution", "青山县财政局"),
        (["工作总结", "标签：教育、财政 总结"], "tags", ("教育", "财政", "总结")),
        (["工作总结", "https://example.org/a.html"], "source", "https://example.org/a.html"),
        (["现在，我代表青山县人民政府向大会报告政府工作，请予审议。"], "kind", "政府工作报告"),
        (["2007年工作总结和2008年工作要点"], "year", 2007),
        (["2007年工作总结和2008年工作要点"], "kind", "工作要点"),
        (["通知", "（2008年3月）"], "date", "2008-03"),
    ],
)
def test_what_the_lines_tell(lines, field, value):
    assert getattr(report("\n".join([*lines, BODY])).metadata, field) == value


def test_the_date_of_a_meeting_goes_before_that_of_publishing():
    meeting = "——2008年1月5日在青山县第九届人民代表大会第三次会议上"
    text = ["来源：青山日报 2008年1月9日", "政府工作报告", meeting, "各位代表：", BODY]
    assert report("\n".join(text)).metadata.date == "2008-01-05"


def test_every_value_is_in_the_reports_own_script():
    found = report(
        "二零零八年施政報告\n香港特別行政區行政長官\n各位議員：\n過去一年，經濟發展良好，市民的生活有所改善。"
    ).metadata
    assert (found.region, found.institution, found.kind) == ("香港特別行政區", "香港特別行政區政府", "施政报告")


def test_what_is_declared_is_not_asked_again():
    declared = Metadata(title="2006年甲县工作总结", institution="乙局")
    found = report(f"2008年丙县教育局工作总结\n{BODY}", declared=declared).metadata
    assert (found.title, found.institution, found.year) == ("2006年甲县工作总结", "乙局", 2006)


def test_a_files_name_is_a_last_witness():
    found = report(BODY, name="2008年青山县林业局工作总结").metadata
    assert found.title == "2008年青山县林业局工作总结"
    assert (found.year, found.institution, found.kind) == (2008, "青山县林业局", "工作总结")
    assert report(BODY, name="scan_0031").metadata.title is None


def test_the_name_of_a_site_is_no_part_of_a_title():
    assert report(BODY, name="青山县2008年统计公报_青山县人民政府").metadata.title == "青山县2008年统计公报"


def test_nothing_is_guessed_where_nothing_is_told():
    assert report("今天天气很好，大家都很高兴，一起去河边散步。").metadata == Metadata()


@given(text=st.text("一二三十〇零年度至第个五计划规民国行政院 0123456789１Ⅳ²", max_size=12))
def test_no_text_names_a_year_of_more_than_four_digits(text):
    assert max(year_in(text) or 0, plan_year(text) or 0, int((date_in(text) or "0").split("-")[0])) < 10_000


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("经济发展", "simplified"),
        ("經濟發展", "traditional"),
        ("经济發展", "mixed"),
        ("工作", None),
        ("皇后在公里之外", None),
    ],
)
def test_scripts(text, script):
    assert script_of([text]) == script
