"""Which format is it? The bytes decide; a suffix is believed only where the content agrees with it."""

import re

from searcher.errors import UnsupportedFormat
from searcher.reading.formats._file import File

__all__ = ["looks_like_html", "sniff"]

_ARCHIVE = "an archive of a kind that is not unpacked here; unpack it and name the files"
_IMAGE = "a picture, not text; recognise its text (OCR) and read that"
_MEDIA = "sound or film, not text"
_UNREAD = (
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"BM", _IMAGE),
    (b"II*\0", _IMAGE),
    (b"MM\0*", _IMAGE),
    (b"\0\0\1\0", _IMAGE),
    (b"AT&TFORM", _IMAGE),
    (b"{\\rtf", "Rich Text; save it as DOCX or text"),
    (b"CAJ", "a CAJ file; export it as PDF"),
    (b"%!PS", "PostScript; convert it to PDF"),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE),
    (b"SQLite format 3", "a database; export its table as CSV"),
    (b"ID3", _MEDIA),
    (b"OggS", _MEDIA),
    (b"\x7fELF", "a program, not text"),
    (b"MZ", "a program, not text"),
)
"""What a file begins with, and what to do with it; a mark that is a word counts only where no text follows."""

_MARKS = tuple(mark for mark, _ in _UNREAD)
_RIFF = {b"WEBP": _IMAGE, b"WAVE": _MEDIA, b"AVI ": _MEDIA}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", "an Office file under a password; save it without one"),
    ("WordDocument", "an old Word file (.doc); save it as DOCX, or convert it: soffice --convert-to docx"),
    ("Workbook", "an old Excel file (.xls); save it as XLSX, or convert it: soffice --convert-to xlsx"),
    ("PowerPoint Document", "an old PowerPoint file (.ppt); save it as PDF"),
)
_ZIPPED = (  # what a zip file holds that is more than an archive
    ("word/document.xml", "docx", ""),
    ("xl/workbook.xml", "xlsx", ""),
    ("ppt/presentation.xml", "", "slides (.pptx); save them as PDF"),
    ("OFD.xml", "", "an OFD file; export it as PDF"),
    ("META-INF/container.xml", "", "an e-book (.epub); export it as HTML or text"),
    ("content.xml", "", "an OpenDocument file; save it as DOCX or XLSX"),
    ("xl/workbook.bin", "", "a binary Excel file (.xlsb); save it as XLSX"),
)

_HTML_TAG = re.compile(
    r"</?(?:html|head|body|meta|title|div|p|br|span|h[1-6]|table|tr|td|th|ul|ol|li|a|b|strong|font|center|img|script)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_INK = re.compile(rb"[^ \t\r\n\f\0]")
_PAGE = re.compile(r"\s*<(?:!doctype html|html)\b", re.IGNORECASE)
_JSON = re.compile(r'\{\s*["}]|\[\s*["\[{\]]')
_ATX = re.compile(r"^#{1,6}[ \t]+\S", re.MULTILINE)
_JSON_NAMES = {".json", ".jsonl", ".ndjson"}
_MARKDOWN_NAMES = {".md", ".markdown"}
_TABLE_NAMES = {".csv", ".tsv", ".tab"}
_SAMPLE = 20_000


def sniff(file: File) -> str:
    """Return the name of the format of `file`: of the module beside this one that reads it.

    Raises `UnsupportedFormat` for what is known and not read, saying what to do with it.
    """
    data = file.data
    if not _INK.search(data):
        raise UnsupportedFormat(f"{file.path}: empty; there is nothing to read")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return _zipped(file)
    if reason := _unread(data):
        raise UnsupportedFormat(f"{file.path}: {reason}")
    return _textual(file)


def looks_like_html(text: str) -> bool:
    """Tell whether the beginning of `text` is marked up as a page or a piece of one."""
    head = text[:_SAMPLE]
    if _PAGE.match(head):
        return True
    tags = _HTML_TAG.findall(head) if "<" in head else []
    return len(tags) > 2 or (len(tags) == 2 and head.lstrip().startswith("<"))  # noqa: PLR2004 - one element, open and close


def _textual(file: File) -> str:
    text = file.text.lstrip("\ufeff \t\r\n\f\v\u3000\0")
    if not text:
        raise UnsupportedFormat(f"{file.path}: empty; there is nothing to read")
    hint, first = file.suffix, text[: text.find("\n") + 1 or None]
    if _JSON.match(text) or (hint in _JSON_NAMES and text[0] in "{["):
        return "json"
    if hint in _TABLE_NAMES and re.search(r"[,;\t|]", first) and not first.startswith("<"):
        return "csv"
    if text.startswith("<?xml") or (hint == ".xml" and text.startswith("<")):
        return "html" if re.search(r"<html\b", text[:2000], re.IGNORECASE) else "xml"
    if hint not in _MARKDOWN_NAMES and looks_like_html(text):
        return "html"
    return "markdown" if hint in _MARKDOWN_NAMES or len(_ATX.findall(text[:_SAMPLE])) > 1 else "text"


def _zipped(file: File) -> str:
    from searcher.reading.formats._zip import opened  # noqa: PLC0415 - zipfile is of no use to a text file

    with opened(file) as archive:
        names = set(archive.namelist())
    for name, module, reason in _ZIPPED:
        if name in names:
            if module:
                return module
            raise UnsupportedFormat(f"{file.path}: {reason}")
    return "zip"


def _unread(data: bytes) -> str | None:
    if data.startswith(_OLE):
        found = (reason for name, reason in _OLE_STREAMS if name.encode("utf-16-le") in data)
        return next(found, "an old Office file; save it in a format of today, such as DOCX")
    if data.startswith(b"RIFF") and data[8:12] in _RIFF:
        return _RIFF[data[8:12]]
    if data[4:8] == b"ftyp":
        return _MEDIA
    if b"MIME-Version:" in data[:2048] and b"multipart/related" in data[:2048]:
        return "a web archive (.mht); save the page as HTML"
    if not data.startswith(_MARKS):
        return None
    for mark, reason in _UNREAD:
        if data.startswith(mark) and (not mark.isalnum() or b"\0" in data[:512]):
            return reason
    return None
