"""Records: JSON, tables in text, workbooks."""

import datetime as dt
import io
import json
import zipfile

import pytest
from openpyxl import load_workbook

from searcher.errors import DamagedFile, UsageError
from searcher.model import Metadata
from searcher.reading._source import Block
from searcher.reading.formats import _records, _xlsx
from tests.reading.sample_files import read, texts, xlsx

TEXT = "一、主要工作\n全年培训教师一千二百人次，骨干教师比例进一步提高，教育事业健康发展。"
LINES = TEXT.split("\n")


def lines(*records):
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)


def test_a_line_of_json_is_a_report():
    first, second = read(
        lines({"id": "gz-1", "title": "总结", "year": "2006", "text": TEXT}, {"paragraphs": LINES}), "a.jsonl"
    )
    assert texts(first) == texts(second) == LINES
    assert (first.record, second.record) == ("gz-1", "#2")
    assert first.declared == Metadata(title="总结", year=2006)


@pytest.mark.parametrize(
    "value",
    [
        [{"text": TEXT}],
        {"text": TEXT},
        {"year": 2006, "正文": LINES},
        {"data": [{"content": TEXT}], "year": 2006},
        {"gz-1": {"全文": TEXT}},
        {"text": [{"heading": "一、主要工作", "paragraphs": [LINES[1]]}]},
        {"text": "\\n".join([*LINES, "", ""])},
        {"摘要": "很短", "报告": TEXT},
        LINES,
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_json_of_many_shapes(value, indent):
    (source,) = read(json.dumps(value, ensure_ascii=False, indent=indent), "a.json")
    assert texts(source) == LINES
    if "year" in value:
        assert source.declared.year == 2006


def test_one_object_is_one_report_and_an_object_of_objects_names_them():
    (source,) = read(json.dumps({"text": TEXT}), "a.json")
    assert source.record is None
    (source,) = read(json.dumps({"gz-1": {"text": TEXT}}), "a.json")
    assert source.record == "gz-1"


def test_a_separator_of_lines_inside_a_string_ends_no_record():
    (source,) = read(lines({"text": "甲\u2028乙，有足够的汉字。"}), "a.jsonl")
    assert texts(source) == ["甲", "乙，有足够的汉字。"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"text": "甲"', "not valid JSON"),
        ('{"text": "甲"}\n{"text": ', "line 2 is not valid JSON"),
        ('{"text": "甲"}\n[1]', "line 2 is no record"),
        ("[1, 2]", "without records"),
        ('{"a": 1}', "no record holds text"),
        ("[" * 100_000, "not valid JSON"),
        ('{"text": "正文够长"}\n' + "[" * 100_000, "line 2 is not valid JSON"),
    ],
)
def test_json_that_cannot_be_read_says_where(text, says):
    with pytest.raises(DamagedFile, match=says):
        read(text, "a.json")


def test_html_in_a_record_is_read_as_html():
    (source,) = read(lines({"text": f"<p><b>{LINES[0]}</b></p><p>{LINES[1]}</p><script>x</script>"}), "a.jsonl")
    assert list(source.blocks) == [Block(LINES[0], bold=True), Block(LINES[1])]


def test_a_foreign_title_is_a_last_resort():
    record = {"title": "Annual Report", "institution": "Ministry", "region": "3", "text": TEXT}
    (source,) = read(lines(record), "a.jsonl")
    assert source.declared == Metadata(region="3")
    assert source.suggested == Metadata(title="Annual Report", institution="Ministry")
    assert source.name == "Annual Report"


CSV = f'province,year,source_url,publish_date,full_text\n青山省,2006,https://example.gov.cn/1,2006-03-05,"{TEXT}"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_with_a_column_of_text_is_a_report_a_row(encoding, delimiter):
    (source,) = read(CSV.replace(",", delimiter).encode(encoding), "a.csv")
    assert texts(source) == LINES
    assert source.declared == Metadata(year=2006, region="青山省", date="2006-03-05", source="https://example.gov.cn/1")
    assert source.record == "#1"


def test_the_column_of_the_text_is_found_by_content_or_named():
    rows = f"题名,摘要,主体\n总结,{LINES[1]},{LINES[1] * 3}\n"
    assert texts(read(rows, "a.csv")[0]) == [LINES[1] * 3]
    (source,) = read(rows, "a.csv", text="摘要", institution="题名")
    assert texts(source) == [LINES[1]]
    assert source.declared == Metadata(institution="总结")
    with pytest.raises(UsageError, match="no column '正文'; the columns are 题名, 摘要, 主体"):
        read(rows, "a.csv", text="正文")
    with pytest.raises(UsageError, match="no field 'txt'"):
        read(rows, "a.csv", txt="摘要")


def test_a_table_without_a_header_and_with_tabs_in_its_text():
    rows = f"2006\t{LINES[1]}\n2007\t{LINES[1]}\n2008\t题目\t{LINES[1]}\n"
    sources = read(rows, "a.tsv")
    assert [source.declared.year for source in sources] == [2006, 2007, 2008]
    assert texts(sources[2]) == ["题目", LINES[1]]


def test_a_caption_above_the_header_and_rows_without_text():
    rows = f"各局总结一览,,\n题名,单位,内容\n甲,教育局,{LINES[1]}\n乙,财政局,\n丙,统计局,{LINES[1]}\n"
    sources = read(rows, "a.csv")
    assert [source.declared.title for source in sources] == ["甲", "丙"]
    assert [source.record for source in sources] == ["#1", "#3"]


def test_a_table_of_values_is_one_report():
    (source,) = read("指标,2022年,2023年\n人口,3.1,3.2\n粮食,,25.9\n", "a.csv")
    assert [block.text for block in source.blocks] == ["指标 | 2022年 | 2023年", "人口 | 3.1 | 3.2", "粮食 | 25.9"]
    assert {block.role for block in source.blocks} == {"row"}
    assert source.record is None


def test_a_stray_quote_is_a_character_in_tabs_and_a_fault_in_commas():
    (source,) = read(f'2006\t"{LINES[1]}\n', "a.tsv")
    assert texts(source) == [f'"{LINES[1]}']
    with pytest.raises(DamagedFile, match="not a valid table"):
        read(f'year,text\n2006,"{LINES[1]}\n', "a.csv")


def test_a_workbook_is_read_sheet_by_sheet():
    header = ["No.", "Release Time", "Policy Source", "Policy Title", "Policy Content", None]
    data = xlsx(
        [header, [1, dt.datetime(2006, 3, 5), "数据库", "通知一", TEXT, None], [None] * 6],  # noqa: DTZ001 - as Excel has it
        [["指标", "数值"], ["人口", 3.0], ["比例", 0.5]],
        [header, [1, None, None, "通知二", TEXT, None]],
    )
    first, table, second = read(data, "a.xlsx")
    assert first.declared == Metadata(title="通知一", date="2006-03-05")
    assert texts(first) == texts(second) == LINES
    assert texts(table) == ["指标 | 数值", "人口 | 3", "比例 | 0.5"]
    assert [source.record for source in (first, table, second)] == ["#1", "#2", "#3.1"]


def test_a_hidden_sheet_is_not_read():
    workbook = load_workbook(io.BytesIO(xlsx([["指标", "数值"], ["甲", 1]], [["指标", "数值"], ["乙", 2]])))
    workbook.worksheets[0].sheet_state = "hidden"
    buffer = io.BytesIO()
    workbook.save(buffer)
    (source,) = read(buffer.getvalue())
    assert texts(source) == ["指标 | 数值", "乙 | 2"]


def test_tables_beyond_the_limits_are_refused(monkeypatch):
    with pytest.raises(DamagedFile, match="10,000 empty rows"):
        read("甲,乙\n" + ",\n" * 10_002, "a.csv")
    monkeypatch.setattr(_records, "MAX_ROWS", 3)
    with pytest.raises(DamagedFile, match="more than 3 rows"):
        read("甲,乙\n" + "1,2\n" * 100, "a.csv")
    monkeypatch.setattr(_xlsx, "MAX_CELLS", 5)
    with pytest.raises(DamagedFile, match="more than 5 cells"):
        read(xlsx([["甲", "乙"]] * 9))


def test_a_workbook_of_a_million_empty_rows_is_refused_at_once():
    data = xlsx([["甲", "乙"], ["丙", "丁"]])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info).decode()
            if info.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(
                    "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            new.writestr(info.filename, content)
    with pytest.raises(DamagedFile, match="empty rows"):
        read(buffer.getvalue())
