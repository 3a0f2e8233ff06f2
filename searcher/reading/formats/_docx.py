"""Word documents: paragraphs with the numbers Word generates, tables as rows, headings where styles declare them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from searcher.errors import DamagedFile
from searcher.reading._source import Block, Source
from searcher.reading.formats._docx_numbering import Numbering
from searcher.reading.formats._file import File, checked_line
from searcher.reading.formats._records import row_block
from searcher.reading.formats._zip import opened, part

__all__ = ["MAX_PART", "read"]

MAX_PART = 2**26
"""The most bytes of XML one part of a document may hold."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|标题|標題)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录|目錄)\s*\d?|TOC Heading", re.IGNORECASE)
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LONG_CELL = 300  # characters: a cell that holds more is set as paragraphs, not as a column of a row
_LEVELS = 9  # of an outline


@dataclass(frozen=True, slots=True)
class _Style:
    name: str = ""
    parent: str | None = None
    level: int | None = None
    bold: bool | None = None
    numbering: tuple[str | None, int | None] = (None, None)  # numId and level


def read(file: File) -> Iterator[Source]:
    """Yield the document as one source: body, then foot- and endnotes; heads and feet of pages are furniture."""
    with opened(file) as archive:
        parts = {
            info.filename: part(archive, info, file.path)
            for info in archive.infolist()
            if re.fullmatch(
                r"word/(?:document|styles|numbering|footnotes|endnotes|header\d*|footer\d*)\.xml", info.filename
            )
        }
    for name, data in parts.items():
        if len(data) > MAX_PART:
            raise DamagedFile(f"{file.path}: {name} is {len(data):,} bytes, more than {MAX_PART:,}; split the document")
    trees = {name: _tree(data) for name, data in parts.items()}
    styles = _styles(trees.get("word/styles.xml"))
    numbering = Numbering(
        trees.get("word/numbering.xml"),
        {name: style.numbering[0] for name, style in styles.items() if style.numbering[0]},
    )
    document = _Document(styles, numbering, file.path)
    blocks = list(document.blocks(trees["word/document.xml"]))
    for notes in ("word/footnotes.xml", "word/endnotes.xml"):
        for note in _children(trees.get(notes), "footnote", "endnote"):
            if note.get(f"{_W}type") in {None, "normal"}:
                blocks += document.blocks(note)
    edges = [
        block.text
        for name, tree in trees.items()
        if name.startswith(("word/header", "word/footer"))
        for block in document.blocks(tree)
    ]
    furniture = tuple(dict.fromkeys([*document.contents, *edges]))
    yield Source(blocks=tuple(blocks), name=file.stem, furniture=furniture)


class _Document:
    """Walks a document's XML and keeps count of its lists."""

    def __init__(self, styles: dict[str, _Style], numbering: Numbering, where: str) -> None:
        self._styles = styles
        self._numbering = numbering
        self._where = where
        self.contents: list[str] = []  # lines of its table of contents

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        """Yield what the paragraphs and tables in `parent` hold."""
        for child in parent:
            match _name(child):
                case "p":
                    yield from self._paragraph(child)
                case "tbl":
                    yield from self._table(child)
                case "sdt":
                    gallery = next(child.iter(f"{_W}docPartGallery"), None)
                    content = child.find(f"{_W}sdtContent")
                    if content is None:
                        continue
                    if gallery is not None and gallery.get(f"{_W}val") == "Table of Contents":
                        self.contents += [block.text for block in self.blocks(content)]
                    else:
                        yield from self.blocks(content)
                case "body" | "customXml" | "ins" | "moveTo" | "smartTag":
                    yield from self.blocks(child)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Block]:
        properties = paragraph.find(f"{_W}pPr")
        style_id = _value(properties, "pStyle") or ""
        style = self._styles.get(style_id, _Style())
        run = _Runs(style.bold or False, self._styles)
        run.walk(paragraph)
        lines = run.lines()
        label = self._label(properties, style, empty=not any(text.strip() for text in lines))
        lines[0] = label + lines[0]
        level = _int(_value(properties, "outlineLvl"), style.level, below=_LEVELS)
        for text in lines:
            if not text.strip():
                yield Block("")
            elif _CONTENTS.fullmatch(style.name):
                self.contents.append(text)
            elif _TITLE.fullmatch(style.name):
                yield Block(checked_line(text, self._where), role="title", bold=run.bold)
            elif level is not None:
                yield Block(checked_line(text, self._where), role="heading", level=level + 1, bold=run.bold)
            else:
                yield Block(checked_line(text, self._where), bold=run.bold)
        for box in run.boxes:
            yield from self.blocks(box)

    def _label(self, properties: etree._Element | None, style: _Style, *, empty: bool) -> str:
        """Return the number Word sets before the paragraph, and count it."""
        own = properties.find(f"{_W}numPr") if properties is not None else None
        number_id = _value(own, "numId") or style.numbering[0]
        if empty or not number_id:
            return ""
        level = _int(_value(own, "ilvl"), style.numbering[1], below=_LEVELS)
        return self._numbering.next(number_id, level or 0)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        rows = [[list(self.blocks(cell)) for cell in _cells(row)] for row in _children(table, "tr")]
        lays_out = max(map(len, rows), default=0) < 2 or any(  # noqa: PLR2004 - one column is no table
            sum(len(block.text) for block in cell) > _LONG_CELL for row in rows for cell in row
        )
        for row in rows:
            if lays_out:
                for cell in row:
                    yield from cell
            else:
                block = row_block("".join(block.text.strip() for block in cell) for cell in row)
                if block.text:
                    yield Block(checked_line(block.text, self._where), role="row")


class _Runs:
    """The text of one paragraph as it is shown, gathered run by run."""

    def __init__(self, bold: bool, styles: dict[str, _Style]) -> None:  # noqa: FBT001 - what the style says
        self._texts: list[str] = []
        self._by_style = bold
        self._styles = styles
        self._plain = self._heavy = False
        self.boxes: list[etree._Element] = []

    @property
    def bold(self) -> bool:
        """Whether all that can be seen is set in bold."""
        return self._heavy and not self._plain

    def lines(self) -> list[str]:
        """Return the lines, one at least; a paragraph has several where somebody broke it by hand."""
        return "".join(self._texts).split("\n")

    def walk(self, parent: etree._Element) -> None:
        """Gather the runs in `parent`, changes accepted."""
        for child in parent:
            match _name(child):
                case "r":
                    self._run(child)
                case "del" | "moveFrom" | "pPr" | "rPr":
                    pass
                case _:  # hyperlink, ins, smartTag, fldSimple, sdt …
                    self.walk(child)

    def _run(self, run: etree._Element) -> None:
        properties = run.find(f"{_W}rPr")
        if _switch(properties, "vanish"):
            return
        before = len(self._texts)
        for child in run:
            match _name(child):
                case "t":
                    self._texts.append(child.text or "")
                case name if name in _CHARACTERS:
                    self._texts.append(_CHARACTERS[name])
                case "AlternateContent":  # the same text box twice, for new and for old versions of Word
                    choice = next((option for option in child if option.tag == f"{_MC}Choice"), child)
                    self.boxes += choice.iter(f"{_W}txbxContent")
                case "pict" | "drawing" | "object":
                    self.boxes += child.iter(f"{_W}txbxContent")
        if "".join(self._texts[before:]).strip():
            style = self._styles.get(_value(properties, "rStyle") or "", _Style())
            heavy = _switch(properties, "b")
            if heavy is None:
                heavy = self._by_style if style.bold is None else style.bold
            self._heavy |= heavy
            self._plain |= not heavy


def _tree(data: bytes) -> etree._Element:
    if _STRICT.encode() in data[:4096]:
        data = data.replace(_STRICT.encode(), _W[1:-1].encode())
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _styles(tree: etree._Element | None) -> dict[str, _Style]:
    """Return the styles by id, each with what it inherits."""
    own: dict[str, _Style] = {}
    for element in _children(tree, "style"):
        properties = element.find(f"{_W}pPr")
        numbered = properties.find(f"{_W}numPr") if properties is not None else None
        name = _value(element, "name") or ""
        heading = _HEADING.fullmatch(name)
        own[element.get(f"{_W}styleId") or ""] = _Style(
            name=name,
            parent=_value(element, "basedOn"),
            level=_int(_value(properties, "outlineLvl"), int(heading[1]) - 1 if heading else None, below=_LEVELS),
            bold=_switch(element.find(f"{_W}rPr"), "b"),
            numbering=(_value(numbered, "numId"), _int(_value(numbered, "ilvl"), None, below=_LEVELS)),
        )
    return {name: _inherited(style, own) for name, style in own.items()}


def _inherited(style: _Style, own: dict[str, _Style]) -> _Style:
    level, bold, numbering = style.level, style.bold, style.numbering
    seen, parent = 0, style.parent
    while parent in own and seen < len(own):
        above = own[parent]
        level = above.level if level is None else level
        bold = above.bold if bold is None else bold
        numbering = (numbering[0] or above.numbering[0], above.numbering[1] if numbering[1] is None else numbering[1])
        parent, seen = above.parent, seen + 1
    return _Style(style.name, style.parent, level, bold, numbering)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for cell in row:
        if _name(cell) == "tc":
            yield cell
        elif _name(cell) in {"sdt", "sdtContent", "customXml"}:
            yield from _cells(cell)


def _children(parent: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    return (child for child in parent if _name(child) in names) if parent is not None else iter(())


def _name(element: etree._Element) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag[len(_W) :] if tag.startswith(_W) else "AlternateContent" if tag == f"{_MC}AlternateContent" else ""


def _value(parent: etree._Element | None, name: str) -> str | None:
    child = parent.find(_W + name) if parent is not None else None
    return child.get(f"{_W}val") if child is not None else None


def _switch(properties: etree._Element | None, name: str) -> bool | None:
    """Return whether a property is on or off, None where nothing is said."""
    child = properties.find(_W + name) if properties is not None else None
    return None if child is None else child.get(f"{_W}val") not in {"0", "false", "off"}


def _int(value: str | None, otherwise: int | None, *, below: int) -> int | None:
    if value is None or not re.fullmatch(r"\d{1,9}", value):
        return otherwise
    return int(value) if int(value) < below else None
