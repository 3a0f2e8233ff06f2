"""Word documents: what Word shows, as text."""

import pytest

from searcher.errors import DamagedFile, UnsupportedFormat
from searcher.reading._source import Block
from searcher.reading.formats import _docx, _zip
from searcher.reading.formats._docx_numbering import numeral
from tests.reading.sample_files import docx, paragraph, read, zipped

STYLES = """
<w:style w:styleId="Body"><w:name w:val="Normal"/></w:style>
<w:style w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn w:val="Body"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:styleId="H2"><w:name w:val="标题 2"/><w:basedOn w:val="H1"/></w:style>
<w:style w:styleId="Mine"><w:name w:val="我的标题"/><w:basedOn w:val="H2"/></w:style>
<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:styleId="Item"><w:name w:val="条目"/>
<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
"""


def level(at, style, text, extra=""):
    described = f'<w:start w:val="1"/><w:numFmt w:val="{style}"/>{extra}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{at}">{described}</w:lvl>'


NUMBERING = (
    '<w:abstractNum w:abstractNumId="7">'
    + level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%1.%3.", "<w:isLgl/>")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="8">'
    + level(0, "bullet", "\uf06c")
    + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


def item(text, at=0, number=1):
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>')


def blocks(body, **parts):
    (source,) = read(docx(body, **parts), "x.docx")
    return list(source.blocks)


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def runs(*contents):
    return "<w:p>" + "".join(f"<w:r>{content}</w:r>" for content in contents) + "</w:p>"


IN_BOX = f"<w:txbxContent>{paragraph('文本框')}</w:txbxContent>"
TEXT_BOX = (
    f"<mc:AlternateContent><mc:Choice><w:drawing>{IN_BOX}</w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict>{IN_BOX}</w:pict></mc:Fallback></mc:AlternateContent>"
)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (paragraph("　　正文。"), [Block("　　正文。")]),
        (paragraph(""), [Block("")]),
        (paragraph("综合", run="<w:b/>"), [Block("综合", bold=True)]),
        (paragraph("综合", run='<w:b w:val="0"/>'), [Block("综合")]),
        (runs("<w:rPr><w:b/></w:rPr><w:t>一是</w:t>", "<w:t>抓好</w:t>"), [Block("一是抓好")]),
        (runs("<w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t>"), [Block("甲\t乙"), Block("丙")]),
        (runs("<w:rPr><w:vanish/></w:rPr><w:t>隐</w:t>", "<w:t>显</w:t>"), [Block("显")]),
        (runs("<w:instrText>PAGE</w:instrText>", "<w:t>2-3</w:t><w:noBreakHyphen/>"), [Block("2-3-")]),
        (f"<w:p><w:ins>{run('增')}</w:ins><w:del>{run('删')}</w:del></w:p>", [Block("增")]),
        (f"<w:p><w:hyperlink>{run('链接')}</w:hyperlink></w:p>", [Block("链接")]),
        (paragraph("第一章", '<w:outlineLvl w:val="0"/>'), [Block("第一章", "heading", 1)]),
        (paragraph("正文", '<w:outlineLvl w:val="9"/>'), [Block("正文")]),
        (f"<w:sdt><w:sdtContent>{paragraph('框内')}</w:sdtContent></w:sdt>", [Block("框内")]),
        (runs(f"{TEXT_BOX}<w:t>正文</w:t>"), [Block("正文"), Block("文本框")]),
    ],
)
def test_paragraphs(body, found):
    assert blocks(body) == found


def test_headings_are_what_styles_declare():
    body = "".join(
        paragraph(text, f'<w:pStyle w:val="{style}"/>')
        for text, style in [("总题", "T"), ("一", "H1"), ("二", "H2"), ("三", "Mine"), ("四", "Body"), ("五", "Loop")]
    )
    assert blocks(body, styles=STYLES) == [
        Block("总题", "title"),
        Block("一", "heading", 1, bold=True),
        Block("二", "heading", 2, bold=True),
        Block("三", "heading", 2, bold=True),
        Block("四"),
        Block("五"),
    ]


def test_the_numbers_word_generates_are_in_the_text():
    body = (
        item("总体要求")
        + item("目标", 1)
        + item("指标", 2)
        + item("指标", 2)
        + item("原则", 1)
        + item("重点任务")
        + item("任务", 1)
        + item("", 1)
        + paragraph("样式编号", '<w:pStyle w:val="Item"/>')
        + item("圆点", 0, 2)
        + item("重新开始", 0, 3)
        + item("接着", 0, 3)
        + item("无此编号", 0, 99)
        + paragraph("不编号", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    assert [block.text for block in blocks(body, styles=STYLES, numbering=NUMBERING) if block.text] == [
        *("一、总体要求", "（一）目标", "1.1. 指标", "1.2. 指标", "（二）原则"),
        *("二、重点任务", "（一）任务", "（二）样式编号", "圆点", "五、重新开始", "六、接着", "无此编号", "不编号"),
    ]


@pytest.mark.parametrize(
    ("style", "numerals"),
    [
        ("decimal", {1: "1", 12: "12"}),
        ("decimalZero", {1: "01"}),
        ("upperRoman", {4: "IV", 1999: "MCMXCIX"}),
        ("lowerRoman", {9: "ix"}),
        ("upperLetter", {1: "A", 27: "AA", 0: "0"}),
        ("chineseCounting", {1: "一", 10: "十", 12: "十二", 20: "二十", 105: "一百零五", 110: "一百一十", 0: "0"}),
        ("chineseCountingThousand", {1002: "一千零二", 10000: "一万"}),
        ("ideographDigital", {12: "一二", 20: "二〇"}),
        ("chineseLegalSimplified", {1: "壹", 15: "拾伍", 20: "贰拾"}),
        ("ideographLegalTraditional", {3: "參"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {12: "亥"}),
        ("decimalEnclosedCircleChinese", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedParen", {2: "⑵"}),
        ("decimalFullWidth", {12: "１２"}),
        ("none", {3: ""}),
        ("somethingNew", {3: "3"}),
    ],
)
def test_number_formats(style, numerals):
    assert {value: numeral(value, style) for value in numerals} == numerals


def table(*rows):
    cells = ["".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def test_tables_are_rows_and_layout_is_not_a_table():
    assert blocks(table(["指标", "数值"], ["人口", ""], ["", ""])) == [
        Block("指标 | 数值", "row"),
        Block("人口", "row"),
    ]
    assert blocks(table(["只有一列"], ["两行"])) == [Block("只有一列"), Block("两行")]
    assert blocks(table(["左", "长" * 301])) == [Block("左"), Block("长" * 301)]


def test_contents_heads_and_feet_are_furniture_and_notes_are_text():
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    contents = f"<w:sdt>{gallery}<w:sdtContent>{paragraph('目录')}</w:sdtContent></w:sdt>"
    line = f'<w:footnote w:type="separator">{paragraph("线")}</w:footnote>'
    (source,) = read(
        docx(
            paragraph("一、综合\t1", '<w:pStyle w:val="TOC1"/>') + contents + paragraph("正文"),
            styles=STYLES,
            footer1=paragraph("第1页"),
            footnotes=f"{line}<w:footnote>{paragraph('注释一')}</w:footnote>",
        )
    )
    assert [block.text for block in source.blocks] == ["正文", "注释一"]
    assert source.furniture == ("一、综合\t1", "目录", "第1页")


def test_the_strict_variant_is_read_too():
    xml = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
        + paragraph("正文")
        + "</w:body></w:document>"
    )
    (source,) = read(zipped({"word/document.xml": xml}))
    assert [block.text for block in source.blocks] == ["正文"]


def test_what_is_broken_or_beyond_the_limits_is_refused(monkeypatch):
    with pytest.raises(DamagedFile, match="broken zip"):
        read(docx(paragraph("正文"))[:200])
    with pytest.raises(DamagedFile, match="broken inside"):
        read(zipped({"word/document.xml": "<w:document"}))
    monkeypatch.setattr(_docx, "MAX_PART", 100)
    with pytest.raises(DamagedFile, match="split the document"):
        read(docx(paragraph("正文")))


def test_a_document_under_a_password_is_named(monkeypatch):
    monkeypatch.setattr(_zip, "_ENCRYPTED", 0)
    data = docx(paragraph("正文"))
    marked = data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    monkeypatch.undo()
    with pytest.raises(UnsupportedFormat, match="password"):
        read(marked)
