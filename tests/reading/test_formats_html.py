"""Web pages: the main text and nothing else."""

import pytest

from searcher.errors import DamagedFile
from searcher.model import Metadata
from searcher.reading._source import Block
from tests.reading.sample_files import read, texts

LEAD = "2023年，全县上下认真贯彻各项部署，经济运行总体平稳，民生持续改善。"
NEXT = "全年粮食播种面积六十六万亩；粮食产量二十五万吨，比上年增长百分之二。"

PAGE = f"""<!DOCTYPE html><!-- saved from url=(0030)http://www.example.gov.cn/1.html -->
<html><head><title>青山县2023年统计公报_青山县人民政府</title><meta name="PubDate" content="2024-04-01 10:00">
<style>p {{}}</style></head><body>
<div class="header"><h1>青山县人民政府</h1>
<ul class="menu"><li><a href="/">首页</a></li><li><a href="/b">政务</a></li></ul></div>
<div class="wrap"><div class="crumb">您的位置：<a href="/">首页</a>&gt;<a href="/t">统计</a></div>
<table><tr><td>索引号：</td><td>2024-1</td><td>发布机构：</td><td>青山县统计局</td></tr></table>
<h2>青山县2023年统计公报</h2>
<div class="content"><p>青山县统计局<br>（2024年3月）</p><p>{LEAD}</p><p><strong>一、综合</strong></p>
<table><caption>表1</caption><tr><th>指标</th><th>2023年</th></tr><tr><td rowspan="2">粮食</td><td>25.9万吨</td></tr>
<tr><td>66.5万亩</td></tr></table><p>{NEXT}</p>
<ol start="2"><li>初步统计数。</li><li>现价计算。</li></ol>
<p><a href="/x">图文解读</a></p></div>
<div id="share">分享到：<a href="#">微信</a></div>
<p style="display:none">看不见的一句话，没有人读得到它，也不该被找到。</p>
</div><div class="footer">主办：青山县人民政府　版权所有。未经许可，不得转载；技术支持：信息中心。</div>
<script>var x = "脚本";</script></body></html>"""


def test_a_page_is_its_main_text():
    (source,) = read(PAGE, "saved.html")
    assert list(source.blocks) == [
        Block("青山县2023年统计公报", role="title"),
        Block("青山县统计局"),
        Block("（2024年3月）"),
        Block(LEAD),
        Block("一、综合", bold=True),
        Block("表1"),
        Block("指标 | 2023年", role="row"),
        Block("粮食 | 25.9万吨", role="row"),
        Block("粮食 | 66.5万亩", role="row"),
        Block(NEXT),
        Block("2. 初步统计数。"),
        Block("3. 现价计算。"),
    ]
    assert source.declared == Metadata(title="青山县2023年统计公报", source="http://www.example.gov.cn/1.html")
    assert source.suggested.institution == "青山县统计局"
    assert source.suggested.date == "2024-04-01"
    assert "首页" in source.furniture
    assert "图文解读" in source.furniture
    assert any("版权所有" in line for line in source.furniture)
    assert not any("看不见" in line or "脚本" in line for line in (*source.furniture, *texts(source)))


def test_the_standard_head_of_government_sites_is_believed():
    head = '<meta name="ArticleTitle" content="公报"><title>首页</title>'
    (source,) = read(f"<html><head>{head}</head><body><p>{LEAD}</p><p>{NEXT}</p></body></html>")
    assert source.declared.title == "公报"


def test_a_window_title_that_the_page_does_not_show_is_not_believed():
    (source,) = read(f"<html><title>青山县门户网站</title><body><div><p>{LEAD}</p><p>{NEXT}</p></div></body></html>")
    assert source.declared.title is None
    assert source.suggested.title == "青山县门户网站"


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("[<div><h4>一</h4>\n<p>二</p></div>]", [Block("["), Block("一", "heading", 4), Block("二"), Block("]")]),
        ("<p>一行<br>二行</p>", [Block("一行"), Block("二行")]),
        ("<p>全\n  县</p><p>GDP\n 增长</p>", [Block("全县"), Block("GDP 增长")]),
        ("<p><b>一、</b><b>综合</b></p><p><b>半</b>句</p>", [Block("一、综合", bold=True), Block("半句")]),
        ('<p style="font-weight: bold">综合</p><p><o:p></o:p>x</p>', [Block("综合", bold=True), Block("x")]),
        ("<pre>甲\n乙</pre><p>丙</p>", [Block("甲"), Block("乙"), Block("丙")]),
        ("<table><tr><td>" + "长" * 301 + "</td><td><p>右</p></td></tr></table>", [Block("长" * 301), Block("右")]),
        ("<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table><br>", [Block("甲"), Block("乙")]),
        ("<ul><li>甲</li><li>乙</li></ul>", [Block("甲"), Block("乙")]),
        ("<p>甲<script>x()</script>乙</p><nav>菜单</nav>", [Block("甲乙")]),
        ("<p>&nbsp;&emsp;A&amp;B&#12288;</p><p>丙</p>", [Block("\u00a0\u2003A&B\u3000"), Block("丙")]),
    ],
)
def test_lines_are_laid_out_as_a_browser_does(html, blocks):
    (source,) = read(html, "x.html")
    assert list(source.blocks) == blocks


def test_text_in_several_containers_is_all_kept():
    page = f"<body><div class='a'><p>{LEAD}</p></div><div class='b'><h3>二、农业</h3><p>{NEXT}</p></div></body>"
    (source,) = read(page, "x.html")
    assert texts(source) == [LEAD, "二、农业", NEXT]


def test_a_page_laid_out_by_tables_is_read_from_its_cell():
    menu = "<td><a href=/a>首页</a><a href=/b>新闻</a></td>"
    main = f"<td><p>{LEAD * 5}</p><h3>二、农业</h3><p>{NEXT}</p></td>"
    (source,) = read(f"<body><table><tr>{menu}{main}</tr></table></body>", "x.html")
    assert texts(source) == [LEAD * 5, "二、农业", NEXT]


def test_a_hidden_page_of_several_is_read():
    page = f"<body><div><p>{LEAD}</p></div><div style='display:none'><p>{NEXT * 8}</p></div></body>"
    assert texts(read(page, "x.html")[0]) == [LEAD, NEXT * 8]


def test_a_wrong_charset_is_found_out():
    page = PAGE.replace("<head>", '<head><meta charset="utf-8">')
    (source,) = read(page.encode("gb18030"), "x.html")
    assert LEAD in texts(source)


def test_nesting_without_end_is_refused():
    with pytest.raises(DamagedFile, match="nested too deeply"):
        read("<div>" * 5000 + LEAD, "x.html")
