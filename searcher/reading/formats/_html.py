"""Web pages and pieces of them: the main text, without menus, share buttons and scripts.

The lines of the page are laid out as a browser would, each knowing the element it stands in. The main text is the
deepest element that holds every line of prose; what stands outside it is furniture, and so are lists of links inside.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from lxml import etree

from searcher.errors import DamagedFile
from searcher.model import Metadata
from searcher.reading._declared import declared, field_of_ending
from searcher.reading._source import Block, Source
from searcher.reading.formats._file import File, checked_line
from searcher.reading.formats._markup import collapse, local_name
from searcher.reading.formats._records import row_block

__all__ = ["Page", "page", "read"]

_UNSEEN = (
    *("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "audio", "video", "map"),
    *("select", "button", "input", "textarea", "nav"),
)
_LEVEL = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    *_LEVEL,
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
    *("fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li", "main", "ol", "p"),
    *("pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
_BOLD = {"b", "strong", "th"}
_FURNITURE = re.compile(
    r"nav|menu|crumb|foot(?!note)|copyright|share|qrcode|ewm|erweima|sidebar|related|reldoc|recommend|comment|search"
    r"|login|toolbar|print|fontsize|font-size|dqwz|weizhi|location|pager|pagination|alert|dialog|modal|popup|banner"
    r"|logo|yqlj|beian|gotop|backtop",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_SENTENCE = re.compile(r"[。；！？!?;]")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_SITE = re.compile(r"\s*[_|]\s*|\s+[-—–]+\s+|--+")  # what stands between a title and the name of the site
_PADDING = re.compile(r"(?<=\w)\s+(?=\w[：:\s])")
_NO_INK = re.compile(r"[\W_]+")
_SHORT = 200  # a hidden element, or one called like furniture, of at most so many characters of prose is dropped
_PROSE = 25  # characters outside of links that make a line with a full stop prose
_LONG_CELL = 300  # a table with a longer cell lays out a page; it is no table
_MAX_SPAN = 1000  # rows a cell may reach down
_LINKED = 0.8  # the share of a line that is links, where the whole is called one
_TITLE_LINES = 10  # of the main text, among which its title may stand
_TITLE_LENGTH = 6  # of a heading that may be a title, at least
_LABEL_LENGTH = 8
_LONG_TITLE = 300


class _Line(NamedTuple):
    block: Block
    owner: etree._Element
    linked: int  # characters in links
    prose: int  # characters, where it reads like a sentence and is no link; else 0


@dataclass(frozen=True, slots=True)
class Page:
    """The main text of a page, and what the page says of it."""

    blocks: tuple[Block, ...]
    declared: Metadata = Metadata()
    suggested: Metadata = Metadata()
    furniture: tuple[str, ...] = ()


def read(file: File) -> Iterator[Source]:
    """Yield the page as one source."""
    found = page(file.text, file.path)
    yield Source(found.blocks, file.stem, found.declared, None, found.suggested, found.furniture, file.notes)


def page(text: str, where: str) -> Page:
    """Return the main text of the page or fragment `text`; raises `DamagedFile`."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    if root is None:
        raise DamagedFile(f"{where}: no HTML that can be read; save the page anew, or its text")
    if any(error.level_name == "FATAL" for error in parser.error_log):
        raise DamagedFile(f"{where}: its elements are nested too deeply; save the page's text instead")
    said, suggested = _head(root, text)
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    lines = list(_Layout(where).lines(root))
    kept, left = _parted(root, lines)
    title, blocks = _titled(said.title or suggested.title, lines, kept)
    furniture = tuple(text for text in dict.fromkeys(line.block.text for line in left) if text != title)
    suggested = _labelled(furniture).over(suggested)
    if title and suggested.title and _bare(title) == _bare(suggested.title):
        said = said.over(Metadata(title=title))  # the window's title is believed where the page shows it too
    return Page(tuple(blocks), said, suggested, furniture)


def _head(root: etree._Element, text: str) -> tuple[Metadata, Metadata]:
    """Return what the page's head declares for its article, and what it merely hints at."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        content = collapse(meta.get("content") or "")
        if name and content:
            metas.setdefault(name, content)
    saved = _SAVED_FROM.search(text[:2000])
    window = collapse(*next((title.itertext() for title in root.iter("title")), ()))[:_LONG_TITLE]
    links = (link for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    canonical = next((link.get("href") for link in links), None)
    url = metas.get("og:url") or canonical or (saved[1] if saved else None)
    # ArticleTitle, PubDate and ContentSource are what the standard of Chinese government sites asks for.
    said = declared([("title", metas.get("articletitle")), ("source", url)])
    hinted = declared(
        [
            ("title", metas.get("og:title") or _SITE.split(window, 1)[0]),
            ("date", metas.get("pubdate") or metas.get("article:published_time")),
            ("institution", metas.get("contentsource")),
        ]
    )
    return said, hinted


class _Layout:
    """Lays the text of a page out as lines, as a browser does."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._lines: list[_Line] = []
        self._texts: list[str] = []
        self._inked = self._linked = self._bolded = 0  # characters of the line: all, in links, in bold
        self._bold = self._link = self._pre = 0  # elements open around the text
        self._levels: list[int] = []
        self._owners: list[etree._Element] = []
        self._numbers: list[int | None] = []  # of the next item of each list open; None where items have bullets

    def lines(self, root: etree._Element) -> list[_Line]:
        """Return the lines of the page in reading order."""
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, element in walk:
            if event == "start":
                if self._open(element):
                    self._add(element.text)
                else:
                    walk.skip_subtree()
                    skipped = element
            else:
                if element is skipped:
                    skipped = None
                else:
                    self._close(element)
                self._add(element.tail)
        self._flush()
        return self._lines

    def _open(self, element: etree._Element) -> bool:
        """Enter an element; return whether what is in it is still to be walked."""
        name = local_name(element)
        if name in {"head", "rt", "rp", ""} or _is_hidden(element):
            return False
        if name in _BLOCKS or name == "br":
            self._flush()
        if name == "table" and _is_data(element):
            for row in _rows(element):
                self._lines.append(_line(row, element))
            return False
        if name in _BLOCKS:
            self._owners.append(element)
        if name in _LEVEL:
            self._levels.append(_LEVEL[name])
        elif name in {"ol", "ul"}:
            start = element.get("start", "1")
            self._numbers.append(int(start) if name == "ol" and re.fullmatch(r"\d{1,6}", start) else None)
        elif name == "li" and self._numbers and self._numbers[-1] is not None:
            self._texts.append(f"{self._numbers[-1]}. ")
            self._numbers[-1] += 1
        self._bold += _is_bold(element, name)
        self._link += name == "a" and element.get("href") is not None
        self._pre += name == "pre"
        return True

    def _close(self, element: etree._Element) -> None:
        name = local_name(element)
        if name in _BLOCKS:
            self._flush()
            self._owners.pop()
        if name in _LEVEL:
            self._levels.pop()
        elif name in {"ol", "ul"}:
            self._numbers.pop()
        self._bold -= _is_bold(element, name)
        self._link -= name == "a" and element.get("href") is not None
        self._pre -= name == "pre"

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._pre and "\n" in text:
            first, *others = text.split("\n")
            self._add(first)
            for other in others:
                self._flush()
                self._add(other)
            return
        self._texts.append(text)
        if text.isspace():
            return
        ink = len("".join(text.split()))
        self._inked += ink
        self._linked += ink * bool(self._link)
        self._bolded += ink * bool(self._bold)

    def _flush(self) -> None:
        if self._inked:
            text = checked_line(collapse("".join(self._texts)), self._where)
            level = self._levels[-1] if self._levels else None
            block = Block(
                text,
                role="heading" if level else "text",
                level=level,
                bold=self._bolded == self._inked,
            )
            self._lines.append(_line(block, self._owners[-1], self._linked))
        self._texts.clear()
        self._inked = self._linked = self._bolded = 0


def _line(block: Block, owner: etree._Element, linked: int = 0) -> _Line:
    own = len(block.text) - linked
    if block.role == "row":  # but not of the table of labels (索引号：…) that stands above many a document
        is_prose = "：" not in block.text and re.search(r"\d", block.text)
    else:
        is_prose = own >= _PROSE and _SENTENCE.search(block.text)
    return _Line(block, owner, linked, own if is_prose else 0)


def _ink(element: etree._Element) -> int:
    return sum(len("".join(str(text).split())) for text in element.itertext())


def _is_bold(element: etree._Element, name: str) -> bool:
    if name in _BOLD:
        return True
    style = element.get("style")
    return style is not None and bool(_HEAVY.search(style))


def _is_hidden(element: etree._Element) -> bool:
    """Tell whether nobody sees the element; a long hidden text is a page of several, and is read."""
    style = element.get("style")
    hidden = (style is not None and bool(_HIDDEN.search(style))) or element.get("hidden") is not None
    return hidden and _ink(element) <= _SHORT


def _is_data(table: etree._Element) -> bool:
    """Tell a table of values from one that lays out a page: no table in it, no cell of prose, two columns at least."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    widest = 0
    for row in table.iter("tr"):
        cells = [cell for cell in row if local_name(cell) in {"td", "th"}]
        widest = max(widest, len(cells))
        if any(map(_holds_prose, cells)):
            return False
    return widest > 1


def _holds_prose(cell: etree._Element) -> bool:
    paragraphs = sum(1 for _ in cell.iter("p", "div", "li", *_LEVEL))
    return _ink(cell) > (_LONG_CELL if paragraphs < 2 else _LONG_CELL // 3)  # noqa: PLR2004 - one is the cell's own


def _rows(table: etree._Element) -> Iterator[Block]:
    """Yield the rows; a cell that reaches down stands in every row it reaches, so that each can be read alone."""
    caption = next(table.iter("caption"), None)
    if caption is not None and (text := collapse(*caption.itertext())):
        yield Block(text)
    reaching: dict[int, tuple[int, str]] = {}  # column → rows still to come, text
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row:
            if local_name(cell) in {"td", "th"}:
                _reach(reaching, cells)
                text = collapse(*(piece for text in cell.itertext() for piece in (text, " ")))
                span = cell.get("rowspan", "1")
                if re.fullmatch(r"\d{1,4}", span) and 1 < int(span) <= _MAX_SPAN:
                    reaching[len(cells)] = (int(span) - 1, text)
                cells.append(text)
        _reach(reaching, cells)
        if any(cells):
            yield row_block(cells)


def _reach(reaching: dict[int, tuple[int, str]], cells: list[str]) -> None:
    while len(cells) in reaching:
        column = len(cells)
        left, text = reaching[column]
        cells.append(text)
        if left > 1:
            reaching[column] = (left - 1, text)
        else:
            del reaching[column]


def _parted(root: etree._Element, lines: Sequence[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Part the lines in main text and furniture."""
    elements = list(root.iter())
    prose = _weigh(elements, lines)
    called: set[etree._Element] = set()  # elements called furniture, and those in them
    for element in elements:
        few = prose[element] <= min(_SHORT, prose[root] // 2)
        if element.getparent() in called or (few and _is_called_furniture(element)):
            called.add(element)
    likely = [line for line in lines if line.owner not in called]
    prose = _weigh(elements, likely)
    paragraphs = Counter(line.owner for line in likely if line.prose)
    main = root
    while prose[main]:
        inner = next((child for child in main if prose[child] == prose[main]), None)
        if inner is None or paragraphs[inner] == 1 or (paragraphs[inner] and local_name(inner) == "table"):
            break  # a paragraph or a table alone is no main text: its heading stands beside it
        main = inner
    inside = set(main.iter()) - called
    kept: list[_Line] = []
    left: list[_Line] = []
    for line in lines:
        is_link = not line.prose and line.block.role == "text" and line.linked >= _LINKED * len(line.block.text)
        (kept if line.owner in inside and not is_link else left).append(line)
    return kept, left


def _weigh(elements: Sequence[etree._Element], lines: Sequence[_Line]) -> Counter[etree._Element | None]:
    """Return how many characters of prose each of the elements holds, which are in the order of the page."""
    weights: Counter[etree._Element | None] = Counter()
    for line in lines:
        prose = line.prose
        if prose:
            weights[line.owner] += prose
    for element in reversed(elements):
        prose = weights.get(element, 0)
        if prose:
            weights[element.getparent()] += prose
    return weights


def _is_called_furniture(element: etree._Element) -> bool:
    if local_name(element) in {"footer", "aside"}:
        return True
    called = [name for name in (element.get("class"), element.get("id")) if name]
    return bool(called) and bool(_FURNITURE.search(" ".join(called)))


def _titled(title: str | None, lines: Sequence[_Line], kept: list[_Line]) -> tuple[str | None, list[Block]]:
    """Return the page's title as it is shown, and the main text with it in front."""
    blocks = [line.block for line in kept]
    wanted = _bare(title or "")
    first = next((index for index, line in enumerate(lines) if line is kept[0]), 0) if kept else len(lines)
    for index, block in enumerate(blocks[:_TITLE_LINES]):
        if wanted and _bare(block.text) == wanted:
            blocks[index] = block._replace(role="title", level=None)
            return block.text, blocks
    before = [line.block for line in lines[:first] if line.linked < _LINKED * len(line.block.text)]
    shown = next((block for block in reversed(before) if wanted and _bare(block.text) == wanted), None)
    if shown is None and not title:
        shown = next((b for b in reversed(before) if b.role == "heading" and len(_bare(b.text)) >= _TITLE_LENGTH), None)
    if shown is None:
        return None, blocks
    return shown.text, [Block(shown.text, role="title"), *blocks]


def _bare(text: str) -> str:
    return _NO_INK.sub("", text)


def _labelled(furniture: Sequence[str]) -> Metadata:
    """Return what the lines around the main text say under labels: 责任部门：青山县统计局, on one line or on two."""
    values: dict[str, object] = {}
    cells = [cell for line in furniture for cell in line.split(" | ")]
    for label, following in zip_longest(cells, cells[1:], fillvalue=""):
        name, colon, value = _PADDING.sub("", label).partition("：")
        field = field_of_ending(name.strip("【[ "))
        if colon and field in {"institution", "date"} and len(name) <= _LABEL_LENGTH:
            values.setdefault(field, value.strip() or following)
    return declared(values.items())
