"""The zones of a government work report."""

from tests.reading.outlines import report

PROSE = "全县各方面的情况总的来说是好的，主要指标都完成了年初确定的任务，第{}条经验值得推广。"
REPORT = """政府工作报告
——2008年1月5日在青山县第九届人民代表大会第三次会议上
各位代表：
现在，我代表县人民政府向大会报告政府工作，请予审议。
一、2007年工作回顾
{}
{}
二、2008年总体要求和重点工作
今年政府工作的总体要求是：以发展为第一要务，以民生为根本，稳中求进，努力实现全面进步。
主要预期目标是：地区生产总值增长百分之八，城镇登记失业率控制在百分之四以内。
（一）加快工业发展
{}
（二）保障改善民生
{}
三、加强政府自身建设
{}
各位代表！让我们团结起来，为建设美丽富裕的青山而努力奋斗！
名词解释
1.四好公路：建好、管好、护好、运营好的农村公路。""".format(*(PROSE.format(i) for i in range(5)))


def zones(text):
    return [paragraph.zone for paragraph in report(text).paragraphs]


def test_the_five_zones_and_what_is_outside():
    expected = ["opening", "review", "review", "goals", "goals", "tasks", "tasks", "tasks", "closing", None]
    assert zones(REPORT) == expected


def test_either_script_reads_the_same():
    traditional = str.maketrans("报议总体要实长为团结贡献奋斗让们", "報議總體要實長為團結貢獻奮鬥讓們")
    assert zones(REPORT.translate(traditional)) == zones(REPORT)


def test_goals_may_stand_in_a_section_of_their_own():
    text = (
        REPORT.replace("二、2008年总体要求和重点工作", "二、2008年总体要求")
        .replace("（一）", "三、")
        .replace("（二）", "四、")
    )
    assert zones(text.replace("三、加强", "五、加强"))[3:8] == ["goals", "goals", "tasks", "tasks", "tasks"]


def test_other_reports_have_no_zones():
    assert set(zones(REPORT.replace("政府工作报告", "县教育工作总结").replace("报告政府工作", "总结工作"))) == {None}
