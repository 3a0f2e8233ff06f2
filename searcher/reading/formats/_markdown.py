"""Markdown, line by line: its headings, tables and emphasis; single line breaks stay, as Chinese authors mean them."""

import re
from collections.abc import Iterator

from searcher.model import Metadata
from searcher.reading._declared import declared
from searcher.reading._source import Block, Source
from searcher.reading.formats._file import File, checked_line
from searcher.reading.formats._text import without_comments

__all__ = ["read"]

_FRONT = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_ENTRY = re.compile(r"""([\w -]+?)[ \t]*[:：][ \t]*(?:"([^"]*)"|'([^']*)'|(.*?))[ \t]*""")
_LONG_ENTRY = 1000  # characters of a front matter's line, beyond which it says nothing
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_ATX = re.compile(r" {0,3}(#{1,6})(?![^ \t\u3000])(.*)")
_ATX_END = re.compile(r"(?:^|[ \t])#+$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})")
_ROW = re.compile(r"[ \t]*\|(.*)\|[ \t]*")
_ROW_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?")
_BULLET = re.compile(r"^[ \t]*[*+-][ \t]+(?=\S)")
_QUOTE = re.compile(r"^ {0,3}(?:>[ \t]?)+")
_BOLD_LINE = re.compile(r"[ \t\u3000]*(\*\*|__)(?!\s)((?:(?!\1).)+)(?<!\s)\1[ \t]*")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^()]*\)")
_LINK = re.compile(r"(?<!\\)\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:[ \t]+\"[^\"]*\")?\)")
_EMPHASIS = re.compile(
    r"(?<!\\)(\*{1,3}|~~|`+)(?=\S)((?:(?!\1).){1,999}?)(?<=\S)\1|(?<![\w\\])(_{1,3})(?=\S)((?:(?!\3).){1,999}?)(?<=\S)\3(?!\w)"
)
_TAG = re.compile(r"</?(?:b|strong|i|em|u|font|span|div|p|center|sup|sub|a)\b[^<>]*>|<br\s*/?>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read(file: File) -> Iterator[Source]:
    """Yield the file as one source; a front matter of plain entries is what its author declares."""
    text = file.text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n")
    said = Metadata()
    front = _FRONT.match(text)
    if front:
        said, text = _front(front[1]), text[front.end() :]
    blocks = tuple(_blocks(without_comments(text), file.path))
    yield Source(blocks=blocks, name=file.stem, declared=said, notes=file.notes)


def _front(text: str) -> Metadata:
    """Return what the front matter says: its one-line entries and its lists; metadata need no more of YAML."""
    values: dict[str, object] = {}
    name = ""
    for line in text.split("\n"):
        if len(line) > _LONG_ENTRY:
            continue
        if match := _ENTRY.fullmatch(line):
            name, value = match[1], next((group for group in match.groups()[1:] if group), "")
            listed = re.fullmatch(r"\[(.*)\]", value)
            values[name] = [item.strip(" \"'") for item in re.split("[,，]", listed[1])] if listed else value
        elif (item := re.fullmatch(r"[ \t]*-[ \t]+(.+?)[ \t]*", line)) and name:
            before = values[name]
            values[name] = [*(before if isinstance(before, list) else []), item[1].strip("\"'")]
    return declared(values.items())


def _blocks(text: str, where: str) -> Iterator[Block]:
    waiting: Block | None = None  # a line that an underline may yet make a heading
    fenced = False
    for line in text.split("\n"):
        checked_line(line, where)
        if _FENCE.match(line):
            fenced = not fenced
            continue
        underline = None if fenced else _UNDERLINE.fullmatch(line)
        if underline and waiting and waiting.role == "text" and waiting.text:
            yield waiting._replace(role="heading", level=1 if "=" in underline[1] else 2)
            waiting = None
            continue
        block = Block(line) if fenced else _block(line)
        if block is None or (not block.text and not (waiting and waiting.text)):
            continue
        if waiting:
            yield waiting
        waiting = block
    if waiting and waiting.text:
        yield waiting


def _block(line: str) -> Block | None:
    """Return the line as a block, an empty one where it is blank, None where it only draws something."""
    if not line or line.isspace():
        return Block("")
    if _RULE.fullmatch(line) or ("|" in line and _ROW_RULE.fullmatch(line)):
        return None
    if heading := _ATX.fullmatch(line):
        text = _inline(_ATX_END.sub("", heading[2].strip()).strip())
        return Block(text, role="heading", level=len(heading[1])) if text else None
    if row := _ROW.fullmatch(line):
        cells = (_inline(cell).strip() for cell in re.split(r"(?<!\\)\|", row[1]))
        return Block(" | ".join(filter(None, cells)), role="row")
    line = _BULLET.sub("", _QUOTE.sub("", line), count=1)
    bold = _BOLD_LINE.fullmatch(line)
    return Block(_inline(line).rstrip(), bold=bold is not None)


def _inline(text: str) -> str:
    if not any(mark in text for mark in "*_`~[<\\!"):
        return text
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    for _ in range(3):  # emphasis within emphasis
        text, times = _EMPHASIS.subn(lambda match: match[2] or match[4] or "", text)
        if not times:
            break
    return _ESCAPED.sub(r"\1", _TAG.sub("", text))
