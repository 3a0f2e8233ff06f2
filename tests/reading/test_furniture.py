"""What a page, a site or a printer puts around a report."""

import pytest

from searcher.reading._furniture import is_furniture, without_contents, without_page_furniture, without_tail
from searcher.reading._lines import clean
from searcher.reading._source import Block


def cleaned(*texts):
    return clean(map(Block, texts))


def texts(lines):
    return [item.text for item in lines]


@pytest.mark.parametrize(
    "text",
    [
        "当前位置：首页 > 政务公开 > 工作总结",
        "您现在的位置: 首页",
        "首页 >> 概况",
        "【字体：大 中 小】",
        "下载 打印 收藏",
        "[ ]",
        "责任编辑：李青",
        "（責任編輯：李青）",
        "来源：青山日报",
        "索 引 号：A-12",
        "发布日期: 2008-01-02",
        "浏览次数：32",
        "标签：总结 教育",
        "扫一扫在手机打开当前页",
        "相关链接",
        "主办：青山县人民政府 承办：政府办",
        "https://example.org/a.html",
        "某ICP备12345678号",
        "（新华社青山3月5日电）",
        "《人民日报》（2008年03月05日 01版）",
        "二、森林防火 .......... 12",
        "二、森林防火……………………１２",
        "二、森林防火……………………(12)",
        "青山县 › 教育 > 概况",
        "青山新闻网 编辑：李青",
        "2008-01-02　标签：总结",
        "版权所有 青山县",
    ],
)
def test_what_is_furniture_by_what_it_says(text):
    (item,) = cleaned(text)
    assert is_furniture(item)


@pytest.mark.parametrize(
    "text",
    [
        "来源广泛，渠道多样。",
        "打印店的管理",
        "编辑出版工作",
        "相关工作有序推进。",
        "收入大于支出",
        "时间紧、任务重",
        "一、首页工程",
        "标签管理制度",
        "网编辑：李青",
        "产值 >1500 万元",
    ],
)
def test_what_only_looks_like_it(text):
    (item,) = cleaned(text)
    assert not is_furniture(item)


def paged(*pages):
    return clean(Block(text, page=number) for number, page in enumerate(pages, 1) for text in page)


def test_page_numbers_and_running_heads():
    said = ("工业生产", "农业结构", "商业流通", "教育质量", "卫生服务")
    pages = [["青山县年鉴", f"{of}有新的进展，", f"{of}还有差距。", f"— {i} —"] for i, of in enumerate(said, 1)]
    kept, out = without_page_furniture(paged(*pages))
    assert texts(kept) == [text for page in pages for text in page[1:3]]
    assert len(out) == 10


def test_a_page_of_contents():
    contents = ["目录", "一、工业 1", "二、农业 3", "三、商业 5", "四、教育 9"]
    kept, out = without_page_furniture(paged(["青山县规划"], contents, ["一、工业", "正文。"]))
    assert texts(kept) == ["青山县规划", "一、工业", "正文。"]
    assert texts(out) == contents


def test_numbers_that_count_up_between_lines_are_pages():
    lines = cleaned("甲。", "1", "乙。", "2", "丙。", "3", "丁。", "4")
    assert texts(without_page_furniture(lines)[0]) == ["甲。", "乙。", "丙。", "丁。"]
    lines = cleaned("甲。", "12", "乙。", "3")
    assert without_page_furniture(lines) == (lines, [])


def test_a_table_of_contents_goes_to_what_it_has_listed():
    lines = cleaned(
        "规划", "目　录", "第一章 总则", "第二章 任务", "第一节 工业", "第一章 总则", "正文。", "第二章 任务"
    )
    kept, out = without_contents(lines)
    assert texts(kept) == ["规划", "第一章 总则", "正文。", "第二章 任务"]
    assert texts(out) == ["目　录", "第一章 总则", "第二章 任务", "第一节 工业"]


def test_a_table_of_contents_goes_to_the_first_prose():
    lines = cleaned("目录", "工业 1", "农业 4", "商业 9", "今年的工作，分三个方面。")
    assert texts(without_contents(lines)[0]) == ["今年的工作，分三个方面。"]


@pytest.mark.parametrize("title", ["目录制度的改革", "目标", "目次的编制，要统一。"])
def test_no_table_of_contents(title):
    lines = cleaned("规划", title, "正文。")
    assert texts(without_contents(lines)[0])[-1] == "正文。"
    assert texts(without_contents(lines)[0])[0] == "规划"


def test_a_tail_is_what_a_site_puts_behind_the_text():
    lines = cleaned("一。", "二。", "三。", "相关链接：", "某会议召开", "某领导讲话")
    kept, out = without_tail(lines)
    assert texts(kept) == ["一。", "二。", "三。"]
    assert len(out) == 3


def test_no_tail_holds_much_text():
    lines = cleaned("一。", "相关新闻", *["很长的正文。" * 60] * 3)
    assert without_tail(lines) == (lines, [])
