"""Lines to paragraphs: what a page, a column or a link has cut is put together, what was run together is parted."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searcher.reading._lines import Line, line

__all__ = ["ENDS", "Layout", "is_salutation", "join", "measure", "part"]

ENDS = frozenset("。！？；：…!?;:︰")
"""Marks that can end a paragraph."""

_CLOSERS = frozenset("”’」』）)】》〉]\"'")
_GOES_ON = frozenset("，。、；：！？）」』”’》】％,;:!?)%")  # no paragraph begins with one of these
_OPEN = frozenset("，、,（(“‘「『《〈—")  # no paragraph ends with one of these
_BULLET = re.compile(r"(?:[-—─●•◆■□▲★※►·]|[oO○] |注[:1-9]|\[注)")
_SALUTATION = re.compile(
    r"(?:[^。!]{0,40}(?:各位|同志们|朋友们)|(?:尊敬的)?(?:主席|委员长|议长|院长)|[^。,;]{2,20}(?:委员会|人民代表大会|立法会))"
    r"[^。;]{0,40}[:!,︰]$"
)
_SHORT = 40  # characters: a heading or a title has no more
_LEAST = 12  # lines that must be there before their width means anything
_WIDEST = 150  # columns: no page is wider


@dataclass(frozen=True, slots=True)
class Layout:
    """How a source sets its paragraphs."""

    width: float = 0.0  # of a full line, in columns; 0 where lines are not broken at a margin
    blanks: bool = False  # blank lines part the paragraphs
    indents: bool = False  # the first line of a paragraph is indented, and others are not
    stops: bool = True  # paragraphs end with a mark


def measure(lines: Sequence[Line]) -> Layout:
    """Return how `lines` are set."""
    plain = [item for item in lines if item.role == "text"]
    if len(plain) < _LEAST:
        return Layout()
    count = len(plain)
    long = [item for item in plain if len(item.text) >= _SHORT] or plain
    return Layout(
        width=_margin(plain),
        blanks=sum(item.gap for item in plain) > 0.5 * count,
        indents=0.2 * count < sum(item.indent for item in plain) < 0.9 * count,
        stops=sum(_is_closed(item.text) for item in long) > 0.3 * len(long),
    )


def join(lines: Sequence[Line], layout: Layout) -> list[Line]:
    """Return `lines` with those put together that were one paragraph."""
    joined: list[Line] = []
    parts: list[str] = []
    first = last = None
    series: dict[str, int] = defaultdict(int)
    for item in lines:
        if first and last and _goes_on(first, last, item, layout, series):
            parts += (_glue(last.text, item.text, layout), item.text)
        else:
            if first:
                joined.append(line("".join(parts), first) if len(parts) > 1 else first)
            first, parts = item, [item.text]
            if item.number:
                series[item.number.style] = item.number.value
        last = item
    if first:
        joined.append(line("".join(parts), first) if len(parts) > 1 else first)
    return joined


def is_salutation(item: Line) -> bool:
    """Tell whether a line does nothing but address the audience: 各位代表："""
    return item.text[-1] in "：:！!，,︰" and len(item.text) <= _SHORT and bool(_SALUTATION.match(item.head))


def part(lines: Sequence[Line]) -> list[Line]:
    """Return `lines` with headings and numbered paragraphs parted that stand on one line.

    A number missing from its series is looked for inside the lines between its neighbours.
    """
    chapters = [piece for item in lines for piece in _chapters(item)]
    last: dict[str, tuple[int, int]] = {}  # style → the value and the index of its last number
    cuts: dict[int, list[int]] = defaultdict(list)
    for i, item in enumerate(chapters):
        if item.number is None or item.number.style not in _INSIDE:
            continue
        style, value = item.number.style, item.number.value
        before, at = last.get(style, (0, -1))
        missing = 1 if value <= before else before + 1
        for k in range(max(at, 0), i) if missing < value <= missing + _MOST_MISSING else ():
            for cut in _find(chapters[k], style, missing, value):
                cuts[k].append(cut)
                missing += 1
        last[style] = value, i
    return [piece for i, item in enumerate(chapters) for piece in _cut(item, sorted(cuts[i]))] if cuts else chapters


_INSIDE = {
    "一、": re.compile(r"(?<=[。！？；”」》])\s*(?=[一二三四五六七八九十]{1,3}、)"),
    "(一)": re.compile(r"(?<=[。！？；”」》])\s*(?=[（(][一二三四五六七八九十]{1,3}[)）])"),
    "1.": re.compile(r"(?<=\S) (?=\d{1,3}[.．] )|(?<=[。！？；]) ?(?=\d{1,3}[、.．](?!\d))"),
}
_MOST_MISSING = 30
_CHAPTER = re.compile(r"(?<=[^第《“\s见和及至、，,])\s*(?=第[一二三四五六七八九十]{1,4}[篇编編章节節])")


def _find(item: Line, style: str, missing: int, end: int) -> Iterator[int]:
    """Yield the offsets in `item` where the numbers from `missing` up to `end` begin, in order."""
    for match in _INSIDE[style].finditer(item.text):
        found = line(item.text[match.end() : match.end() + 16]).number
        if found and found.style == style and found.value == missing and missing < end:
            yield match.end()
            missing += 1


def _chapters(item: Line) -> Iterator[Line]:
    if not item.number or item.number.style[0] != "第" or item.role != "text":
        return iter((item,))
    cuts = [match.end() for match in _CHAPTER.finditer(item.text, item.number.end)]
    pieces = list(_cut(item, cuts))
    return iter(pieces if all(len(piece.text) <= _SHORT for piece in pieces[:-1]) else (item,))


def _cut(item: Line, cuts: Sequence[int]) -> Iterator[Line]:
    if not cuts:
        yield item
        return
    for start, end in zip((0, *cuts), (*cuts, len(item.text)), strict=True):
        text = item.text[start:end].strip()
        if text:
            yield line(text, item)


def _margin(lines: Sequence[Line]) -> float:
    """Return the width at which lines are broken, or 0."""
    widths = sorted((len(item.text.encode()) + len(item.text)) / 2 for item in lines)
    widest = widths[int(0.9 * len(widths))]
    full = sum(width >= 0.85 * widest for width in widths)
    return widest if widest <= _WIDEST and full >= 0.35 * len(widths) else 0.0


def _width(text: str) -> float:
    return (len(text.encode()) + len(text)) / 2


def _is_closed(text: str) -> bool:
    return text[-1] in ENDS or (text[-1] in _CLOSERS and len(text) > 1 and text[-2] in ENDS)


def _goes_on(first: Line, last: Line, item: Line, layout: Layout, series: dict[str, int]) -> bool:
    """Tell whether `item` is the next line of the paragraph that began with `first` and has come to `last`."""
    if item.role != "text" or last.role != "text" or is_salutation(last):
        return False
    if item.text[0] in _GOES_ON:
        return True
    is_open = not _is_closed(last.text)
    starts = item.number is not None or bool(_BULLET.match(item.head)) or is_salutation(item)
    if layout.width:
        return _wraps(first, last, item, layout, is_open=is_open, starts=starts and _is_next(item, series))
    if starts or (item.indent and (layout.indents or first.indent)):
        return False
    if last.text[-1] in _OPEN:
        return True
    if layout.blanks and not item.gap:
        lead = first.gap and len(first.text) <= _SHORT
        return not (first.number and is_open and lead) and (
            (is_open and not (lead and first is last and len(item.text) > 2 * _SHORT))
            or (len(item.text) > _SHORT and len(last.text) <= 2 * _SHORT and not is_open)
        )
    broken = is_open and len(last.text) >= _SHORT // 2 and ("，" in last.text or "," in last.text or "。" in last.text)
    if broken and first.number and "。" not in last.text and first is last:
        return False  # a long heading
    return broken or (layout.indents and is_open and first.indent and not first.number)


def _wraps(first: Line, last: Line, item: Line, layout: Layout, *, is_open: bool, starts: bool) -> bool:
    width = _width(last.text)
    if starts or (item.indent and layout.indents):
        return False
    if not is_open:
        return width >= 0.95 * layout.width and not item.gap
    if width >= 0.88 * layout.width:
        return True
    return width >= 0.7 * layout.width and not (first is last and first.number)


def _is_next(item: Line, series: dict[str, int]) -> bool:
    """Tell whether a number may begin a paragraph, and is no figure that a margin has pushed to a line's start."""
    if item.number is None:
        return True
    before = series[item.number.style]
    return item.number.value in (1, before + 1) or not before


def _glue(before: str, after: str, layout: Layout) -> str:
    if not layout.stops and not layout.width:
        return " "
    return " " if before[-1].isascii() and before[-1].isalnum() and after[0].isascii() and after[0].isalnum() else ""
