"""Zip archives: a folder of reports, within limits."""

import io
import zipfile

import pytest

from searcher.errors import DamagedFile, UndecodableText, UnsupportedFormat
from searcher.reading.formats import File, _zip, sources
from tests.reading.sample_files import SIMPLIFIED, docx, paragraph, read, zipped


def names(data, path="a.zip"):
    return [(file.path, file.member, source.name) for file, source in sources(File(path, data))]


def test_every_member_is_read_in_the_order_of_names():
    inner = zipped({"丙.txt": SIMPLIFIED})
    data = zipped({"b/乙.docx": docx(paragraph("正文")), "a/甲.txt": SIMPLIFIED, "c.zip": inner})
    assert names(data) == [
        ("a.zip!a/甲.txt", "a/甲.txt", "甲"),
        ("a.zip!b/乙.docx", "b/乙.docx", "乙"),
        ("a.zip!c.zip!丙.txt", "c.zip/丙.txt", "丙"),
    ]


def test_what_is_no_report_is_passed_over():
    other = {
        "图.png": b"\x89PNG\r\n",
        "__MACOSX/._a.txt": b"x",
        ".DS_Store": b"x",
        "a.txt.meta.toml": b"x",
        "~$a.docx": b"x",
    }
    assert [member for _, member, _ in names(zipped({**other, "a.txt": SIMPLIFIED}))] == ["a.txt"]
    with pytest.raises(UnsupportedFormat, match=r"no report in this zip file: a.zip!图.png: a picture"):
        names(zipped(other))
    with pytest.raises(UnsupportedFormat, match="it is empty"):
        names(zipped({}))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "cp950"])
def test_names_that_windows_packs_without_saying_their_encoding(encoding):
    name, text = ("資料/施政報告.txt", "施政報告正文") if encoding == "cp950" else ("资料/工作总结.txt", "工作总结正文")
    raw = name.encode(encoding)
    data = zipped({"x" * len(raw): text}).replace(b"x" * len(raw), raw)
    assert [member for _, member, _ in names(data)] == [name]


def test_a_member_at_fault_keeps_no_other_from_being_read():
    data = zipped({"1.txt": SIMPLIFIED, "2.txt": SIMPLIFIED.encode("gb18030") + b"\xff", "3.txt": SIMPLIFIED})
    reading = sources(File("a.zip", data))
    assert [file.member for file, _ in (next(reading), next(reading))] == ["1.txt", "3.txt"]
    with pytest.raises(UndecodableText, match=r"a.zip!2.txt"):
        next(reading)


def test_bombs_are_refused(monkeypatch):
    with pytest.raises(DamagedFile, match="zip bomb"):
        names(zipped({"a.txt": b"0" * 5_000_000}))
    with pytest.raises(DamagedFile, match="zip in a zip in a zip"):
        names(zipped({"a.zip": zipped({"b.zip": zipped({"c.txt": SIMPLIFIED})})}))
    monkeypatch.setattr(_zip, "MAX_MEMBERS", 1)
    with pytest.raises(DamagedFile, match="2 members"):
        names(zipped({"a.txt": "甲", "b.txt": "乙"}))


def test_what_is_broken_is_named():
    with pytest.raises(DamagedFile, match="broken zip"):
        names(b"PK\x03\x04 nothing more")
    data = bytearray(zipped({"a.txt": SIMPLIFIED * 9}))
    data[60] ^= 0xFF
    with pytest.raises(DamagedFile, match="cannot be unpacked"):
        names(bytes(data))


def test_a_member_under_a_password_is_named():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", SIMPLIFIED)
    data = bytearray(buffer.getvalue())
    data[6] |= 1  # in the member's own head
    data[data.rfind(b"PK\x01\x02") + 8] |= 1  # and in the list of members
    with pytest.raises(UnsupportedFormat, match="password"):
        names(bytes(data))


def test_a_table_in_an_archive_is_read_with_its_columns():
    text = "全年培训教师一千二百人次，骨干教师比例进一步提高，教育事业健康发展。"
    (source,) = read(zipped({"a.csv": f"甲,乙\n{text},{text}\n"}), "a.zip", text="乙", title="甲")
    assert source.declared.title == text
