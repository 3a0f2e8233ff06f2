"""Clean lines: the blocks of a source with their spaces in order, one line each.

A format delivers whatever its file holds. Here white space that means nothing goes, an indentation inside a line starts
a new one (so a report on one line falls into its paragraphs), and text that stands there twice is kept once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from searcher.analysis import fold
from searcher.reading._numbering import Number, number
from searcher.reading._source import Block

__all__ = ["HEAD", "Line", "clean", "key", "line", "without_repeats"]

HEAD = 64
"""How much of a line is folded: as far as any rule looks for words."""

_SPACES = re.compile(r"[ \t\xa0\u1680\u2000-\u200a\u202f\u205f]+")
_BESIDE_MARKS = re.compile(r" ?([，。、；：？！「」『』《》（）]) ?")  # a full-width mark brings its own room
_LETTERSPACED = re.compile(r"(?<![^ \u3000])(?:[\u3400-\u9fff，、。「」] ){2,}[\u3400-\u9fff，、。「」](?![^ \u3000])")
_INDENT = re.compile(r"[ \xa0\u2002\u2003\u3000]*(?:\u3000\u3000|\u2003\u2003|[ \xa0]{4})[ \xa0\u2002\u2003\u3000]*")
_PROSE = 80  # characters: no single line of a list or a table has so many and a comma too
_REPEATED = 40  # characters: shorter text may well be meant to stand there twice
_WHOLESALE = 0.7  # share of long lines that are new: below it the whole text stands there more than once
_BLANKS = re.compile(r"\s+")


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
    head = fold(text[:HEAD])
    if like is None:
        return Line(text, head, number(text, head))
    return Line(text, head, number(text, head), like.indent, like.gap, like.page, like.role, like.level, like.bold)


def clean(blocks: Iterable[Block]) -> list[Line]:
    """Return the lines of `blocks`, blank ones left out."""
    lines: list[Line] = []
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
                head = fold(tidied[:HEAD])
                lines.append(
                    Line(
                        tidied,
                        head,
                        number(tidied, head),
                        indent or i > 0,
                        gap and not i,
                        block.page,
                        block.role,
                        block.level,
                        block.bold,
                    )
                )
        gap = False
    return lines


def key(text: str) -> str:
    """Return `text` without white space: as repeats are told."""
    return _BLANKS.sub("", text)


def without_repeats(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """Return `lines` without text that has stood before, and how many were left out.

    Where most of a text comes again, every line of the later copies goes; elsewhere only long ones do.
    """
    long = [key(item.text) for item in lines if len(item.text) >= _REPEATED and item.role != "row"]
    if len(set(long)) == len(long):
        return list(lines), 0
    wholesale = len(set(long)) < _WHOLESALE * len(long)
    kept: list[Line] = []
    seen: set[str] = set()
    again = False
    first_copy = ""
    for item in lines:
        this = key(item.text)
        is_long = len(item.text) >= _REPEATED
        if this in seen and item.role != "row":
            if is_long and wholesale and not again:
                again, first_copy = True, "\n".join(map(key, (kept_line.text for kept_line in kept)))
            if is_long or again:
                continue
        elif again and this in first_copy:  # a line of the first copy, cut at another place
            continue
        seen.add(this)
        kept.append(item)
    return kept, len(lines) - len(kept)


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
    text = _SPACES.sub(" ", text)
    if " " in text:
        text = _BESIDE_MARKS.sub(r"\1", text)
        text = _LETTERSPACED.sub(lambda match: match[0].replace(" ", ""), text)
    return text.strip()
