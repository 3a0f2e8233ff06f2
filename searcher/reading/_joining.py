"""Lines to paragraphs: what a page, a column or a link has cut is put together, what was run together is parted."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from searcher.reading._lines import Line, line
from searcher.reading._numbering import ANNEX, ORDINAL

__all__ = ["ENDS", "Layout", "hangs", "is_open", "is_salutation", "join", "measure", "part"]

ENDS = frozenset("。！？；：…!?;:︰摄攝")
"""Characters that can end a paragraph: marks, and what closes a caption."""

_CLOSERS = frozenset("”’」』）)】》〉]\"'")
_GOES_ON = frozenset("，。、；：！？）」』”’》】％是,;:!?)%")  # no paragraph begins with one of these
_HANGS = re.compile(
    r"[，、,（(“‘「『《〈—]|(?<!目)的|(?<![缓緩平温溫共总總])和|(?<![普涉危顾顧波])及|(?<![参參赋賦给給])[与與]"
)
"""What no paragraph ends with."""
_BULLET = re.compile(r"(?:[-—─●•◆■□▲★※►·]|[oO○] |注[:1-9]|\[注)")
_ADDRESSED = (
    r"(?:尊敬的)?(?:[^,、。:!和]{0,6}(?:主席|委员长|议长|院长)(?:女士|先生)?|女士|先生"
    r"|(?:各位|全体)[^,、。:!]{1,20}|[^,、。:!]{1,10}们|大家好)"
)
_SALUTATION = re.compile(
    rf"(?:[^,。!:]{{0,30}}?{_ADDRESSED}(?:[,、和]{_ADDRESSED})*\s*[:!,︰]|[^。,;]{{2,20}}(?:委员会|人民代表大会|立法会)[:︰])$"
)
_PAIRS = (("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"), ("（", "）"), ("(", ")"))
_FRAGMENT = 4  # characters: what a link or bold type has cut out of a line
_SHORT = 40  # characters: a heading or a title has no more
_FULL = 0.88  # of the width: what a last mark or a number that is not broken leaves of a full line
_INDENT = 4  # columns
_LEAST = 12  # lines that must be there before their width means anything
_WIDEST = 150  # columns: no page is wider


@dataclass(frozen=True, slots=True)
class Layout:
    """How a source sets its paragraphs."""

    width: float = 0.0  # of a full line, in columns; 0 where lines are not broken at a margin
    blanks: bool = False  # blank lines part the paragraphs
    gaps: bool = False  # some do: a paragraph goes on where there is none
    indents: bool = False  # the first line of a paragraph is indented, and others are not
    stops: bool = True  # paragraphs end with a mark


def measure(lines: Sequence[Line]) -> Layout:
    """Return how `lines` are set."""
    plain = [item for item in lines if item.role == "text"]
    if len(plain) < _LEAST:
        return Layout()
    count = len(plain)
    gaps = sum(item.gap for item in plain)
    margin = _margin(plain)
    long = [item for item in plain if len(item.text) >= _SHORT] or plain
    return Layout(
        width=margin,
        blanks=_blanks_part(plain, margin) if margin else gaps > 0.5 * count,
        gaps=gaps > 0.1 * count,
        indents=(0.03 if margin else 0.2) * count < sum(item.indent for item in plain) < 0.9 * count,
        stops=sum(_is_closed(item.text) for item in long) > 0.3 * len(long),
    )


def join(lines: Sequence[Line], layout: Layout) -> list[Line]:
    """Return `lines` with those put together that were one paragraph."""
    joined: list[Line] = []
    series: dict[str, int] = defaultdict(int)
    current: _Paragraph | None = None
    for item in lines:
        if current and current.goes_on(item, layout, series):
            current.add(item, layout)
        else:
            if current:
                joined.append(current.whole())
            current = _Paragraph(item, item, [item.text])
            if item.number:
                series[item.number.style] = item.number.value
    if current:
        joined.append(current.whole())
    return joined


@dataclass(slots=True)
class _Paragraph:
    """A paragraph as far as it has been read."""

    first: Line
    last: Line
    parts: list[str]

    def add(self, item: Line, layout: Layout) -> None:
        self.parts += (_glue(self.last, item.text, layout, full=self._is_full(layout)), item.text)
        self.last = item

    def whole(self) -> Line:
        return line("".join(self.parts), self.first) if len(self.parts) > 1 else self.first

    def goes_on(self, item: Line, layout: Layout, series: dict[str, int]) -> bool:
        """Tell whether `item` is its next line."""
        last = self.last
        if item.role != "text" or last.role != "text" or is_salutation(last):
            return False
        if item.text[0] in _GOES_ON:
            return True
        closed = _is_closed(last.text)
        if is_salutation(item) and not (hangs(last.text) or (self._is_full(layout) and not closed)):
            return False
        starts = item.number is not None or bool(_BULLET.match(item.head))
        if self.first is last and last.number and not last.title and last.number.style != ANNEX:
            # a number, and what it numbers on the next line
            is_heading = len(item.text) <= _SHORT and not _is_closed(item.text)
            return not starts and (is_heading or last.text[-1] in "、.．" or last.number.style in ORDINAL)
        if layout.width:
            return self._wraps(item, layout, closed=closed, starts=starts and _may_start(item, series, closed=closed))
        if starts or (item.indent and (layout.indents or self.first.indent)):
            return False
        if hangs(last.text):
            return True
        if layout.blanks and not item.gap:
            return self._is_fragment(item, closed=closed)
        return self._is_broken(layout, closed=closed)

    def _wraps(self, item: Line, layout: Layout, *, closed: bool, starts: bool) -> bool:
        """Tell whether a margin parts the lines."""
        if starts or (item.indent and layout.indents):
            return False
        if item.gap and layout.blanks and not hangs(self.last.text):
            return False
        width, next_width = _width(self.last), _width(item)
        close = layout.blanks and not item.gap
        told = close or (layout.indents and self.first.indent and not item.indent)
        if closed:
            full = width >= (0.8 if layout.gaps or layout.indents else 0.95) * layout.width
            # What is neither closed nor full is no line of a paragraph: a heading.
            return (
                full
                and not item.gap
                and (_is_closed(item.text) or next_width >= (0.6 if close else _FULL) * layout.width)
            )
        if self._is_full(layout):
            return True
        if told or self.first is not self.last or not self.first.number:
            return width >= (0.6 if told else 0.7) * layout.width
        # A numbered line is shorter where it hangs or is set larger: then the lines below it are no longer than it.
        if "，" in self.last.text:
            return width >= 0.7 * layout.width and next_width <= width + 2
        return width >= 0.6 * layout.width and next_width <= 0.3 * width

    def _is_full(self, layout: Layout) -> bool:
        """Tell whether its last line reaches the margin."""
        return layout.width > 0 and _width(self.last) >= _FULL * layout.width

    def _is_fragment(self, item: Line, *, closed: bool) -> bool:
        """Tell whether two lines without a blank one between are one paragraph where blank lines part these."""
        lead = self.first is self.last and self.first.gap and _FRAGMENT < len(self.first.text) <= _SHORT
        if closed:
            return len(item.text) > _SHORT and len(self.last.text) <= 2 * _SHORT
        return not lead or not (self.first.number or len(item.text) > 2 * _SHORT)

    def _is_broken(self, layout: Layout, *, closed: bool) -> bool:
        """Tell whether the paragraph stops in the middle of a sentence."""
        if closed:
            return False
        prose = any("，" in part or "。" in part or "," in part or part.count("、") > 1 for part in self.parts)
        if self.first.number and self.first is self.last and "。" not in self.first.text:
            return False  # a long heading
        length = sum(map(len, self.parts))
        return (prose and length >= _SHORT // 2) or (layout.indents and self.first.indent and not self.first.number)


def hangs(text: str) -> bool:
    """Tell whether `text` ends as no paragraph and no heading does."""
    return bool(_HANGS.match(text, len(text) - 1))


def is_open(text: str) -> bool:
    """Tell whether `text` opens a bracket or a quotation that it does not close, or closes one it did not open."""
    return any(text.count(left) != text.count(right) for left, right in _PAIRS)


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
_CHAPTERS = frozenset(("第篇", "第编", "第章", "第节", "第部分"))
_CHAPTER = re.compile(r"(?<=[^第《“\s见和及至、，,])\s*(?=第[一二三四五六七八九十]{1,4}[篇编編章节節])")


def _find(item: Line, style: str, missing: int, end: int) -> Iterator[int]:
    """Yield the offsets in `item` where the numbers from `missing` up to `end` begin, in order."""
    for match in _INSIDE[style].finditer(item.text):
        found = line(item.text[match.end() : match.end() + 16]).number
        if found and found.style == style and found.value == missing and missing < end:
            yield match.end()
            missing += 1


def _chapters(item: Line) -> Iterator[Line]:
    if not item.number or item.number.style not in _CHAPTERS or item.role != "text":
        return iter((item,))
    pieces = list(_cut(item, [match.end() for match in _CHAPTER.finditer(item.text, item.number.end)]))
    short = all(len(head.text) <= _SHORT and "。" not in head.text for head in pieces[:-1])
    return iter(pieces if short and all(map(_follows, pieces, pieces[1:])) else (item,))


def _follows(before: Line, after: Line) -> bool:
    """Tell whether a chapter can stand behind another: 依照第一章办理 names one that stands before."""
    if not before.number or not after.number or before.number.style != after.number.style:
        return True
    return after.number.value > before.number.value


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
    if sum(len(item.text) for item in lines) > len(lines) * _WIDEST:
        return 0.0
    widths = [(len(item.text.encode()) + len(item.text)) / 2 for item in lines]
    widest = sorted(widths)[int(0.9 * len(widths))]
    full = [item for item, width in zip(lines, widths, strict=True) if width >= 0.85 * widest]
    broken = sum(not _is_closed(item.text) for item in full) >= 0.5 * len(full)
    return widest if widest <= _WIDEST and len(full) >= 0.35 * len(widths) and broken else 0.0


def _blanks_part(lines: Sequence[Line], margin: float) -> bool:
    """Tell whether the last lines of paragraphs, closed and short of the margin, have blank ones behind them."""
    behind = [after.gap for item, after in pairwise(lines) if _is_closed(item.text) and _width(item) < 0.8 * margin]
    return sum(behind) > 0.8 * len(behind)


def _width(item: Line) -> float:
    return (len(item.text.encode()) + len(item.text)) / 2 + (_INDENT if item.indent else 0)


def _is_closed(text: str) -> bool:
    return text[-1] in ENDS or (text[-1] in _CLOSERS and len(text) > 1 and text[-2] in ENDS)


def _may_start(item: Line, series: dict[str, int], *, closed: bool) -> bool:
    """Tell whether a number may begin a paragraph, and is no figure that a margin has pushed to a line's start."""
    return item.number is None or closed or item.number.value in (1, series[item.number.style] + 1)


def _glue(last: Line, after: str, layout: Layout, *, full: bool) -> str:
    """Return what goes between two lines that are put together."""
    if (last.number and len(last.text) <= 2 * _FRAGMENT) or not (layout.stops or layout.width):
        return " "
    ends = last.text[-1] + after[0]
    # A margin cuts no word, but may cut a figure.
    return " " if ends.isascii() and ends.isalnum() and not (full and ends.isdecimal()) else ""
