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

_TITLES = frozenset(("title", "head", "heading", "subtitle", "caption"))
_ROWS = frozenset(("row", "tr"))
_INFO = frozenset(("info", "articleinfo", "bookinfo", "sectioninfo", "chapterinfo", "teiheader", "metadata", "meta"))
_INLINE = frozenset(
    "emphasis link ulink xref phrase quote footnoteref superscript subscript literal b i em strong u span a ref hi term"
    " note-ref sup sub font indexterm anchor date foreignphrase personname citetitle abbrev acronym".split()
)
_STRONG = frozenset(("b", "strong", "emphasis", "hi"))


def read(file: File) -> Iterator[Source]:
    """Yield the document as one source: its elements that hold text are its blocks, in order.

    Raises `DamagedFile`. No entity beyond the predefined is expanded, and nothing outside the file is fetched.
    """
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    text = file.text.lstrip("\ufeff \t\r\n")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise DamagedFile(f"{file.path}: not valid XML ({error}); mend it, or save its text as .txt") from error
    said: dict[str, str] = {}
    blocks = tuple(_blocks(root, said, file.path))
    title = said.get("title")
    if title:
        blocks = (Block(title, role="title"), *blocks)
    yield Source(blocks=blocks, name=file.stem, declared=Metadata(title=title), notes=file.notes)


def _blocks(root: etree._Element, said: dict[str, str], where: str) -> Iterator[Block]:
    """Yield a block for each element that directly holds text; `said` takes the title of the whole."""
    depth = 0  # of sections
    pending: list[tuple[str, bool]] = []  # text of the block at hand, and whether it is strong
    strong = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = local_name(element)
        if event == "start":
            if name in _INFO:
                walk.skip_subtree()
                title = next((child for child in element.iter() if local_name(child) == "title"), None)
                if title is not None and depth <= 1:
                    said.setdefault("title", collapse(*title.itertext()))
                continue
            if name in _ROWS:
                yield from _joined(pending, where)
                walk.skip_subtree()
                block = row_block(collapse(*cell.itertext()) for cell in element)
                if block.text:
                    yield block
                continue
            if name in _TITLES:
                yield from _joined(pending, where)
                walk.skip_subtree()
                text = checked_line(collapse(*element.itertext()), where)
                if depth <= 1 and element.getparent() is root and "title" not in said:
                    said["title"] = text
                elif text:
                    yield Block(text, role="heading", level=max(1, depth - 1))
                continue
            if name not in _INLINE:
                yield from _joined(pending, where)
                depth += 1
            strong += name in _STRONG and element.get("role") != "italic"
            pending.append((element.text or "", strong > 0))
        else:
            if name in _INFO | _ROWS | _TITLES:
                pass
            elif name in _INLINE:
                strong -= name in _STRONG and element.get("role") != "italic"
            else:
                yield from _joined(pending, where)
                depth -= 1
            pending.append((element.tail or "", strong > 0))
    yield from _joined(pending, where)


def _joined(pending: list[tuple[str, bool]], where: str) -> Iterator[Block]:
    text = collapse("".join(text for text, _ in pending))
    if text:
        bold = all(is_strong for part, is_strong in pending if part.strip())
        yield Block(checked_line(text, where), bold=bold)
    pending.clear()
