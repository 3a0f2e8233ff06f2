"""XML: DocBook, and any other vocabulary by what it has in common with it: titles, paragraphs, rows."""

from collections.abc import Iterator

from lxml import etree

from searcher.errors import DamagedFile
from searcher.model import Metadata
from searcher.reading._source import Block, Source
from searcher.reading.formats._file import File, checked_line
from searcher.reading.formats._markup import collapse, local_name
from searcher.reading.formats._records import row_block

__all__ = ["read"]

_TITLES = {"title", "head", "heading", "subtitle", "caption"}
_ROWS = {"row", "tr"}
_INFO = {"info", "articleinfo", "bookinfo", "sectioninfo", "chapterinfo", "teiheader", "metadata", "meta"}
_STRONG = {"b", "strong", "emphasis", "hi"}
_INLINE = _STRONG | {
    *("a", "abbrev", "acronym", "anchor", "citetitle", "date", "em", "font", "footnoteref", "foreignphrase", "i"),
    *("indexterm", "link", "literal", "personname", "phrase", "quote", "ref", "span", "sub", "subscript", "sup"),
    *("superscript", "term", "u", "ulink", "xref"),
}


def read(file: File) -> Iterator[Source]:
    """Yield the document as one source: its elements that hold text are its blocks, in order.

    Raises `DamagedFile`. No entity beyond the predefined is expanded, and nothing outside the file is fetched.
    """
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    text = file.text.lstrip("\ufeff \t\r\n")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise DamagedFile(f"{file.path}: not valid XML ({error}); mend it, or save its text as .txt") from error
    document = _Document(root, file.path)
    blocks = tuple(document.blocks())
    if document.title:
        blocks = (Block(document.title, role="title"), *blocks)
    yield Source(blocks, file.stem, Metadata(title=document.title), notes=file.notes)


class _Document:
    """Walks the elements; one that is no inline element parts the text before it from its own."""

    def __init__(self, root: etree._Element, where: str) -> None:
        self._root = root
        self._where = where
        self._pieces: list[tuple[str, bool]] = []  # of the block at hand: text, and whether it is strong
        self._strong = 0  # elements open around the text
        self.title: str | None = None  # of the whole, known once all blocks are taken

    def blocks(self) -> Iterator[Block]:
        """Yield a block for each element that directly holds text."""
        walk = etree.iterwalk(self._root, events=("start", "end"))
        depth = 0  # of elements that are no inline ones
        for event, element in walk:
            name = local_name(element)
            if not name:  # an entity of the file's own, left as it is
                self._add(element.tail if event == "end" else None)
                continue
            whole = name in _INFO or name in _ROWS or name in _TITLES
            if name not in _INLINE:
                yield from self._gathered()
                depth += 1 if event == "start" else -1
            if event == "start":
                if whole:
                    walk.skip_subtree()
                    yield from self._taken_whole(element, name, depth)
                else:
                    self._strong += self._is_strong(element, name)
                    self._add(element.text)
            else:
                self._strong -= not whole and self._is_strong(element, name)
                self._add(element.tail)
        yield from self._gathered()

    def _taken_whole(self, element: etree._Element, name: str, depth: int) -> Iterator[Block]:
        if name in _ROWS:
            block = row_block(collapse(*cell.itertext()) for cell in element)
            if block.text:
                yield block
            return
        of_whole = element.getparent() is self._root
        if name in _INFO:
            found = next((child for child in element.iter() if local_name(child) == "title"), None)
            if found is not None and of_whole:
                self.title = self.title or collapse(*found.itertext()) or None
            return
        text = checked_line(collapse(*element.itertext()), self._where)
        if of_whole and not self.title:
            self.title = text or None
        elif text:
            yield Block(text, role="heading", level=max(1, depth - 2))

    @staticmethod
    def _is_strong(element: etree._Element, name: str) -> bool:
        return name in _STRONG and (name != "emphasis" or element.get("role") in {"strong", "bold"})

    def _add(self, text: str | None) -> None:
        if text:
            self._pieces.append((text, self._strong > 0))

    def _gathered(self) -> Iterator[Block]:
        text = collapse(*(piece for piece, _ in self._pieces))
        if text:
            bold = all(strong for piece, strong in self._pieces if piece.strip())
            yield Block(checked_line(text, self._where), bold=bold)
        self._pieces.clear()
