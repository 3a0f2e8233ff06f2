"""Clean lines: the blocks of a source with their spaces in order, one line each.

A format delivers whatever its file holds. Here white space that means nothing goes, an indentation inside a line starts
a new one (so a report on one line falls into its paragraphs), and text that stands there twice is kept once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from searcher.analysis import fold, fold_all
from searcher.reading._numbering import Number, number
from searcher.reading._source import Block

__all__ = ["HEAD", "Line", "clean", "key", "line", "without_copies", "without_repeats"]

HEAD = 64
"""How much of a line is folded: as far as any rule looks for words in it."""

_NUMBER = 24  # and of a line too long to be anything but a paragraph, whose number alone is asked for
_LONG = 2 * HEAD

_SPACES = re.compile(r"[ \t\xa0\u1680\u2000-\u200a\u202f\u205f]+")
_FULL_WIDTH = "[，。、；：？！「」『』《》（）]"
_BESIDE_MARKS = re.compile(f" (?={_FULL_WIDTH})|(?<={_FULL_WIDTH}) ")  # a full-width mark brings its own room
_LETTERSPACED = re.compile(r"(?<![^ \u3000])(?:[\u3400-\u9fff，、。「」] ){2,}[\u3400-\u9fff，、。「」](?![^ \u3000])")
_SPACED_DIGITS = re.compile(r"(?<![\d.])\d(?: \d){2,}(?![\d.])")
_INDENT = re.compile(r"[ \xa0\u2002\u2003\u3000]*(?:\u3000\u3000|\u2003\u2003|[ \xa0]{4})[ \xa0\u2002\u2003\u3000]*")
_STRAY = " ←↔↵⏎¶"  # at an end: an editor's sign for it
_PROSE = 80  # characters: no single line of a list or a table has so many and a comma too
_REPEATED = 40  # characters: shorter text may well be meant to stand there twice
_WHOLESALE = 0.7  # share of long lines that are new: below it the whole text stands there more than once


@dataclass(slots=True)
class Line:
    """A line of the report, and what its surroundings say of it."""

    text: str  # as it will be shown
    head: str  # its beginning, folded
    number: Number | None
    indent: bool = False  # begins with an indentation
    gap: bool = False  # a blank line stands before it
    page: int | None = None
    role: str = "text"
    level: int | None = None
    bold: bool = False

    @property
    def title(self) -> str:
        """The text behind the number."""
        return self.text[self.number.end :].strip() if self.number else self.text


def line(text: str, like: Line | None = None) -> Line:
    """Return `text` as a line that stands where `like` does."""
    head = fold(_beginning(text))
    if like is None:
        return Line(text, head, number(text, head))
    return Line(text, head, number(text, head), like.indent, like.gap, like.page, like.role, like.level, like.bold)


def clean(blocks: Iterable[Block]) -> list[Line]:
    """Return the lines of `blocks`, blank ones left out."""
    found = list(_tidied(blocks))
    heads = fold_all([_beginning(text) for text, *_ in found])
    return [
        Line(text, head, number(text, head), indent, gap, block.page, block.role, block.level, block.bold)
        for (text, block, indent, gap), head in zip(found, heads, strict=True)
    ]


def _tidied(blocks: Iterable[Block]) -> Iterator[tuple[str, Block, bool, bool]]:
    """Yield the text of each line and its block, whether it is indented, and whether a blank one stands before it."""
    gap = False
    for block in blocks:
        raw = block.text
        text = raw.strip()
        if not text:
            gap = True
            continue
        indent = len(raw) > len(text) and _is_indented(raw)
        for i, part in enumerate(_parts(raw, text) if block.role == "text" else (text,)):
            tidied = _tidy(part)
            if tidied:
                yield tidied, block, indent or i > 0, gap and not i
        gap = False


def key(text: str) -> str:
    """Return `text` without white space: as repeats are told."""
    return "".join(text.split())


def without_copies(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """Return `lines` without the copies of the whole text behind it, and how many lines were left out.

    A page that was dumped element by element holds its text once for every element around it.
    """
    keys = [key(item.text) for item in lines]
    first: dict[str, int] = {}
    again = 0
    end = None
    for i, this in enumerate(keys):
        if len(this) >= _REPEATED and first.setdefault(this, i) != i:
            again += 1
            end = i if end is None else end
    if end is None or len(first) >= _WHOLESALE * (len(first) + again):
        return list(lines), 0
    seen = set(keys[:end])
    copy = "".join(keys[:end])
    kept = list(lines[:end])
    for item, this in zip(lines[end:], keys[end:], strict=True):
        if this not in seen and this not in copy:  # nor a line of the first copy that is cut at another place
            kept.append(item)
            seen.add(this)
    return kept, len(lines) - len(kept)


def without_repeats(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """Return `lines` without long ones that have stood before, and how many were left out."""
    kept: list[Line] = []
    seen: set[str] = set()
    for item in lines:
        if len(item.text) >= _REPEATED and item.role != "row":
            this = key(item.text)
            if this in seen:
                continue
            seen.add(this)
        kept.append(item)
    return kept, len(lines) - len(kept)


def _beginning(text: str) -> str:
    return text[: HEAD if len(text) <= _LONG else _NUMBER]


def _is_indented(raw: str) -> bool:
    return raw[0] in "\u3000\t" or (len(raw) > 1 and raw[0].isspace() and raw[1].isspace())


def _parts(raw: str, text: str) -> Iterator[str]:
    """Yield `text` cut at the indentations inside it, where these are paragraphs and not columns."""
    if "\u3000\u3000" not in text and "    " not in text and "\u2003\u2003" not in text and "\xa0\xa0" not in text:
        yield text
        return
    prose = len(text) > _PROSE and ("。" in text or "，" in text)
    before = len(raw) - len(raw.lstrip())
    start = 0
    for match in _INDENT.finditer(text):
        if prose or (before > 1 and match.end() - match.start() >= before):
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def _tidy(text: str) -> str:
    if "  " in text or not text.isprintable():  # as no white space but " " is
        text = _SPACES.sub(" ", text)
    spaces = text.count(" ")
    if spaces > 1:  # as spaced letters and digits have
        text = _SPACED_DIGITS.sub(_closed_up, _LETTERSPACED.sub(_closed_up, text))
    if spaces:
        text = _BESIDE_MARKS.sub("", text)
    return text.strip(_STRAY)


def _closed_up(match: re.Match[str]) -> str:
    return match[0].replace(" ", "")
