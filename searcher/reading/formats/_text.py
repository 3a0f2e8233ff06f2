"""Plain text: a line is a block, and a blank line stays one, for it may be all that parts two paragraphs."""

import re
from collections.abc import Iterator

from searcher.reading._source import Block, Source
from searcher.reading.formats._file import File, checked_line

__all__ = ["lines", "read", "without_comments"]

_ESCAPE = re.compile(r"<U\+([0-9A-Fa-f]{4,6})>")  # as R prints what it cannot encode


def read(file: File) -> Iterator[Source]:
    """Yield the text file as one source."""
    text = file.text
    notes = file.notes
    if "<U+" in text:
        text, times = _ESCAPE.subn(_escaped, text)
        notes = (*notes, f"{times} escapes of the form <U+00A0> read as the characters they name")
    yield Source(blocks=tuple(lines(without_comments(text), file.path)), name=file.stem, notes=notes)


def lines(text: str, where: str) -> Iterator[Block]:
    """Yield the lines of `text`, blank ones as empty blocks, no two of them in a row."""
    blank = True
    for line in text.splitlines():
        if line and not line.isspace():
            yield Block(checked_line(line, where))
            blank = False
        elif not blank:
            yield Block("")
            blank = True


def without_comments(text: str) -> str:
    """Return `text` with a line break for every comment of HTML that is closed."""
    kept: list[str] = []
    end = 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start + 4)) >= 0:
        kept += (text[end:start], "\n")
        end = close + 3
    return "".join([*kept, text[end:]]) if end else text


def _escaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]  # noqa: PLR2004 - Unicode's
