"""Reading from the file to the report."""

import hashlib
import subprocess
import sys

import pytest

import searcher.reading
from searcher.errors import DamagedFile, ReadError, UnsupportedFormat
from searcher.model import Report
from searcher.reading import _structure, formats, is_sidecar, read, stat
from tests.reading.sample_files import SIMPLIFIED, TRADITIONAL, docx, paragraph, pdf, xlsx, zipped

BODY = [line for line in SIMPLIFIED.split("\n") if line]


@pytest.fixture
def saved(tmp_path):
    def save(name, data):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return save


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", SIMPLIFIED),
        ("a.txt", SIMPLIFIED.encode("gb18030")),
        ("a.txt", SIMPLIFIED.encode("utf-16")),
        ("a.md", SIMPLIFIED),
        ("a.html", "".join(f"<p>{line}</p>" for line in BODY)),
        ("a.docx", docx("".join(map(paragraph, BODY)))),
        ("a.pdf", pdf([(72, 760 - 20 * n, line) for n, line in enumerate(BODY)])),
        ("a.xml", "<a>" + "".join(f"<p>{line}</p>" for line in BODY) + "</a>"),
        ("a.csv", f'year,text\n2006,"{SIMPLIFIED}"\n'),
        ("a.xlsx", xlsx([["year", "text"], [2006, SIMPLIFIED]])),
        ("a.zip", zipped({"a.txt": SIMPLIFIED})),
    ],
)
def test_the_same_report_is_read_from_every_format(saved, name, data):
    (report,) = read(saved(name, data))
    assert report.metadata.title == "青山县教育局2006年工作总结"
    assert report.metadata.year == 2006
    # The last line of the sample is a paragraph in every format, whatever stands before it.
    assert report.paragraphs[-1].text == BODY[-1]
    assert report.paragraphs[-1].section == ("二、存在的问题",)
    assert all(paragraph.report_id == report.id for paragraph in report.paragraphs)


def test_big5_keeps_its_own_script(saved):
    (report,) = read(saved("a.txt", TRADITIONAL.encode("big5")))
    assert report.script != "simplified"
    assert report.paragraphs[-1].text == TRADITIONAL.split("\n")[-2]
    assert "decoded as CP950" in report.notes


def test_ids_come_from_the_name_under_the_root(saved, tmp_path):
    path = saved("2006/总结.txt", SIMPLIFIED)
    (alone,), (under,), (again,) = read(path), read(str(path), root=tmp_path), read(path, root=str(tmp_path))
    assert under.id == again.id != alone.id
    assert under.paragraphs[0].id == f"{under.id}#0"
    (other,) = read(saved("2007/总结.txt", SIMPLIFIED), root=tmp_path)
    assert other.id != under.id


def test_records_and_members_have_ids_of_their_own(saved):
    rows = "".join(f'{{"id": "r{n}", "text": "{BODY[-1]}"}}\n' for n in range(3))
    assert [report.id for report in read(saved("a.jsonl", rows))] == ["r0", "r1", "r2"]
    path = saved("a.csv", f"year,text\n2006,{BODY[-1]}\n2007,{BODY[-1]}\n")
    first, second = read(path)
    assert (first.id[-2:], second.id[-2:]) == ("-1", "-2")
    ids = [report.id for report in read(saved("a.zip", zipped({"1.txt": SIMPLIFIED, "2.txt": SIMPLIFIED})))]
    assert len(set(ids)) == 2


def test_the_origin_is_the_file_and_its_sidecars(saved, tmp_path):
    path = saved("a.txt", SIMPLIFIED)
    (report,) = read(path)
    assert report.origin.path == str(path)
    assert report.origin.sha256 == hashlib.sha256(SIMPLIFIED.encode()).hexdigest()
    assert (report.origin.size, report.origin.mtime_ns) == stat(path) == (path.stat().st_size, path.stat().st_mtime_ns)
    saved("a.meta.toml", 'institution = "青山县教育局办公室"')
    (corrected,) = read(path)
    assert corrected.metadata.institution == "青山县教育局办公室"
    assert corrected.origin.sha256 != report.origin.sha256
    assert (corrected.origin.size, corrected.origin.mtime_ns) == stat(path)
    assert is_sidecar(tmp_path / "a.meta.toml")


def test_a_sidecar_goes_before_columns_and_columns_before_guesses(saved):
    path = saved("a.jsonl", f'{{"year": 1999, "title": "列中题名", "text": "{BODY[-1]}"}}\n')
    (report,) = read(path)
    assert (report.metadata.title, report.metadata.year) == ("列中题名", 1999)
    saved("meta.toml", '["*.jsonl"]\nyear = 2001\n')
    (report,) = read(path)
    assert (report.metadata.title, report.metadata.year) == ("列中题名", 2001)


def test_columns_are_named_by_the_caller(saved):
    path = saved("a.csv", f"甲,乙\n{BODY[-1]},{BODY[-1]}\n")
    (report,) = read(path, columns={"text": "乙", "institution": "甲"})
    assert report.metadata.institution == BODY[-1]


def test_what_the_file_merely_suggests_is_a_last_resort(saved):
    (report,) = read(saved("a.jsonl", f'{{"institution": "Ministry", "text": "{BODY[-1]}"}}\n'))
    assert report.metadata.institution == "Ministry"


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("missing.txt", ReadError, "No such file"),
        ("", ReadError, "a folder"),
        ("empty.txt", UnsupportedFormat, "empty"),
    ],
)
def test_what_cannot_be_read_is_a_named_error(saved, tmp_path, name, error, says):
    saved("empty.txt", b"")
    with pytest.raises(error, match=says) as caught:
        list(read(tmp_path / name))
    assert str(tmp_path) in str(caught.value)


def test_a_file_too_large_is_refused_unread(saved, monkeypatch):
    monkeypatch.setattr(searcher.reading, "MAX_BYTES", 10)
    with pytest.raises(DamagedFile, match="more than 10"):
        list(read(saved("a.txt", SIMPLIFIED)))


def test_what_the_package_offers():
    assert searcher.reading.__all__ == sorted(searcher.reading.__all__)
    assert all(hasattr(searcher.reading, name) for name in searcher.reading.__all__)
    assert isinstance(formats.__all__, list)
    assert _structure.understand is searcher.reading.understand


def test_reading_text_imports_no_other_format(saved):
    path = saved("a.txt", SIMPLIFIED)
    code = (
        f"import sys, searcher.reading; list(searcher.reading.read({str(path)!r}));"
        "print(*sorted({'lxml', 'pypdfium2', 'openpyxl', 'zipfile', 'csv'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_every_real_report_is_read_or_named(shared):
    known = {"reports": 0, "paragraphs": 0}
    for path in sorted((shared / "reports").glob("*/*")):
        for report in read(path, root=shared):
            assert isinstance(report, Report)
            known["reports"] += 1
            known["paragraphs"] += len(report.paragraphs)
    assert known["reports"] > 200
    assert known["paragraphs"] > 10_000
