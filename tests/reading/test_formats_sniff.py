"""The content decides which format a file has; what is not read is named, and what to do with it."""

import pytest

from searcher.errors import UnsupportedFormat
from searcher.reading.formats._file import File
from searcher.reading.formats._sniff import sniff
from tests.reading.sample_files import SIMPLIFIED, docx, paragraph, pdf, xlsx, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.doc", SIMPLIFIED, "text"),
        ("a.xml", "主席女士，\n\n引言\n", "text"),
        ("a.pdf", "# 总结\n\n## 一、工作\n", "markdown"),
        ("a.md", SIMPLIFIED, "markdown"),
        ("a.txt", "# 只有一个井号\n", "text"),
        ("a.txt", '[<div class="box">\n<h4>各位代表：</h4>\n<p>正文</p></div>]', "html"),
        ("a.txt", "<!DOCTYPE html><html><body>正文</body></html>", "html"),
        ("a.txt", "当前位置<U+00A0>\n<!-- x -->\n正文 a < b > c", "text"),
        ("a.xml", "<?xml version='1.0'?><html><body>x</body></html>", "html"),
        ("a.txt", "<?xml version='1.0'?><article><para>正文</para></article>", "xml"),
        ("a.xml", "<article><para>正文</para></article>", "xml"),
        ("a.txt", '{"text": "正文"}\n{"text": "正文"}', "json"),
        ("a.json", "[]", "json"),
        ("a.txt", "[1] 数据来源：统计局", "text"),
        ("a.txt", "{正文}", "text"),
        ("a.csv", "年份,正文\n2006,总结\n", "csv"),
        ("a.tsv", "2006\t总结\n", "csv"),
        ("a.csv", "没有分隔的一行\n", "text"),
        ("a.txt", "年份,正文\n2006,总结\n", "text"),
        ("a.txt", "BM公司2006年总结", "text"),
        ("a.txt", b"%PDF-1.4\n", "pdf"),
        ("a.bin", docx(paragraph("正文")), "docx"),
        ("a.zip", xlsx([["正文"]]), "xlsx"),
        ("a.txt", pdf([(72, 700, "正文")]), "pdf"),
        ("a.docx", zipped({"a.txt": "正文"}), "zip"),
    ],
)
def test_the_content_decides(name, data, kind):
    assert sniff(File(name, data.encode() if isinstance(data, str) else data)) == kind


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        ("\ufeff\u3000\n".encode(), "empty"),
        (OLE + "WordDocument".encode("utf-16-le"), r"\.doc.*DOCX"),
        (OLE + "Workbook".encode("utf-16-le"), r"\.xls.*XLSX"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), r"\.ppt.*PDF"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE, "old Office file"),
        (b"\x89PNG\r\n\x1a\n\0", "OCR"),
        (b"\xff\xd8\xff\xe0", "OCR"),
        (b"BM\0\0\0\0", "OCR"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "OCR"),
        (b"RIFF\0\0\0\0WAVEfmt ", "sound"),
        (b"\0\0\0\x18ftypmp42", "sound or film"),
        (b"{\\rtf1\\ansi", "Rich Text"),
        (b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", "web archive"),
        (b"Rar!\x1a\x07\0", "unpack"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "unpack"),
        (zipped({"OFD.xml": "<x/>"}), "OFD"),
        (zipped({"ppt/presentation.xml": "<x/>"}), "slides"),
        (zipped({"META-INF/container.xml": "<x/>"}), "e-book"),
        (b"\0\1\2\3", "binary"),
    ],
)
def test_what_is_not_read_is_named_with_the_next_step(data, says):
    with pytest.raises(UnsupportedFormat, match=says) as caught:
        sniff(File("folder/a.txt", data))
    assert str(caught.value).startswith("folder/a.txt: ")
