"""PDF: the lines of each page as they are set, with their page, an indented line with its indentation."""

import ctypes
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from searcher.errors import DamagedFile, UnsupportedFormat
from searcher.reading._source import Block, Source
from searcher.reading.formats import _pdf_fonts
from searcher.reading.formats._file import File, checked_line

__all__ = ["MAX_PAGES", "read"]

MAX_PAGES = 5_000

_ALONE = threading.Lock()  # PDFium bears one thread at a time
_pdf_fonts.install()

_OCR = "recognise its text first, for instance: ocrmypdf -l chi_sim+chi_tra IN.pdf OUT.pdf"
_HEAVY_FONT = re.compile(rb"bold|black|heavy|hei(?!t)", re.IGNORECASE)
_HEAVY_WEIGHT = 600

_FEW = 15  # characters a page: what a scanner's stamp leaves on a picture
_LEGIBLE = (
    0.5  # the least share of letters and digits in any text; punctuation alone is what is left of fonts without names
)
_GAP = 1.7  # of the usual distance of lines: there a paragraph ends
_INDENT = (1.2, 4.5)  # widths of a character: the indentation of a paragraph's first line
_FIRST_LINES = 0.45  # share of indented lines: above it, it is the other lines of a paragraph that are indented
_COLUMN = 0.3  # share of lines on each half of the page, where these are columns
_LEAST = 12  # lines, before their places mean anything


@dataclass(slots=True)
class _Line:
    text: str
    left: float
    bottom: float
    right: float
    top: float
    bold: bool

    @property
    def size(self) -> float:
        return max(self.top - self.bottom, 1.0)


@dataclass(slots=True)
class _Page:
    number: int
    width: float
    lines: list[_Line]
    pictures: bool = False  # looked for only where there is hardly any text

    @property
    def ink(self) -> int:
        return sum(len(line.text) for line in self.lines)


def read(file: File) -> Iterator[Source]:
    """Yield the document as one source.

    Raises `UnsupportedFormat` where it is a picture of text, under a password, or set in fonts that do not say which
    characters they draw; `DamagedFile` where it cannot be opened.
    """
    with _ALONE:
        pages = _pages(file)
    _insist_on_text(pages, file.path)
    yield Source(blocks=tuple(_blocks(pages, file.path)), name=file.stem, notes=tuple(_notes(pages)))


def _pages(file: File) -> list[_Page]:
    try:
        document = pypdfium2.PdfDocument(file.data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnsupportedFormat(f"{file.path}: under a password; save it without one") from error
        raise DamagedFile(f"{file.path}: a broken PDF ({error}); download or export it again") from error
    try:
        if len(document) > MAX_PAGES:
            raise DamagedFile(f"{file.path}: {len(document):,} pages, more than {MAX_PAGES:,}; split it")
        return [_page(document, number) for number in range(len(document))]
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> _Page:
    page = document[number]
    text = page.get_textpage()
    try:
        found = _Page(number + 1, page.get_width(), _joined(_lines(text)))
        if found.ink < _FEW:
            found.pictures = any(item.type == pdfium.FPDF_PAGEOBJ_IMAGE for item in page.get_objects(max_depth=3))
    finally:
        text.close()
        page.close()
    return found


def _lines(page: pypdfium2.PdfTextPage) -> Iterator[_Line]:
    offset = 0
    for raw in page.get_text_range().split("\n"):
        text = raw.strip()
        if text:
            start = offset + len(raw) - len(raw.lstrip())
            first = pdfium.FPDFText_GetCharIndexFromTextIndex(page, start)
            last = pdfium.FPDFText_GetCharIndexFromTextIndex(page, start + len(text) - 1)
            left, bottom, _, top = page.get_charbox(first, loose=True)
            right = page.get_charbox(last, loose=True)[2]
            yield _Line(text, left, bottom, right, top, _is_heavy(page, first) and _is_heavy(page, last))
        offset += len(raw) + 1


def _joined(lines: Iterator[_Line]) -> list[_Line]:
    """Return `lines` with those put together that stand side by side: a change of font, or the cells of a row."""
    joined: list[_Line] = []
    for line in lines:
        before = joined[-1] if joined else line
        height = min(before.size, line.size)
        beside = min(before.top, line.top) - max(before.bottom, line.bottom) > height / 2
        if before is not line and beside and line.left > before.right - height:
            before.text += (" " if line.left > before.right + height / 2 else "") + line.text
            before.right, before.bold = line.right, before.bold and line.bold
        else:
            joined.append(line)
    return joined


def _is_heavy(page: pypdfium2.PdfTextPage, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(page, index) >= _HEAVY_WEIGHT:
        return True
    name = ctypes.create_string_buffer(64)
    pdfium.FPDFText_GetFontInfo(page, index, name, len(name), ctypes.c_int())
    return bool(_HEAVY_FONT.search(name.value))


def _insist_on_text(pages: Sequence[_Page], where: str) -> None:
    ink = sum(page.ink for page in pages)
    if ink < _FEW * len(pages) and (not ink or 2 * sum(page.pictures for page in pages) >= len(pages)):
        raise UnsupportedFormat(f"{where}: pages without text, scanned or drawn; {_OCR}")
    letters = sum(char.isalnum() for page in pages for line in page.lines for char in line.text)
    spaces = sum(line.text.count(" ") for page in pages for line in page.lines)
    if letters < _LEGIBLE * (ink - spaces):
        raise UnsupportedFormat(
            f"{where}: its fonts do not say which characters they draw, so its text is lost; {_OCR}"
        )


def _blocks(pages: Sequence[_Page], where: str) -> Iterator[Block]:
    """Yield the lines; a wide gap on a page is a blank line."""
    bold = 2 * sum(line.bold for page in pages for line in page.lines) < sum(len(page.lines) for page in pages)
    indented = _indented(pages)
    for page in pages:
        pitches = [before.bottom - after.bottom for before, after in zip(page.lines, page.lines[1:], strict=False)]
        usual = median([pitch for pitch in pitches if pitch > 0] or [0.0])
        for index, line in enumerate(page.lines):
            if index and pitches[index - 1] > _GAP * usual > 0:
                yield Block("", page=page.number)
            text = f"\u3000\u3000{line.text}" if id(line) in indented else line.text
            yield Block(checked_line(text, where), bold=bold and line.bold, page=page.number)


def _indented(pages: Sequence[_Page]) -> set[int]:
    """Return the lines (by identity) that are indented as the first of a paragraph is."""
    found: set[int] = set()
    long = 0
    for page in pages:
        body = [line for line in page.lines if line.right - line.left > page.width / 2]
        if len(body) < 3:  # noqa: PLR2004 - fewer have no common edge
            continue
        long += len(body)
        edge = sorted(line.left for line in body)[len(body) // 10]
        found |= {id(line) for line in body if _INDENT[0] < (line.left - edge) / line.size < _INDENT[1]}
    return found if len(found) < _FIRST_LINES * long else set()


def _notes(pages: Sequence[_Page]) -> Iterator[str]:
    pictures = [page.number for page in pages if page.pictures]
    if pictures:
        shown = ", ".join(map(str, pictures[:10])) + (", …" if len(pictures) > 10 else "")  # noqa: PLR2004 - as shown
        yield f"pages that are pictures without text, not read: {shown}"
    lines = [(page, line) for page in pages for line in page.lines]
    if len(lines) < _LEAST:
        return
    left = sum(line.right < page.width * 0.53 for page, line in lines if len(line.text) >= _LEAST)
    right = sum(line.left > page.width * 0.47 for page, line in lines if len(line.text) >= _LEAST)
    if min(left, right) > _COLUMN * len(lines):
        yield "set in two columns; read in the order of the file, which may mix them"
