"""Which style of numbering stands above which: as the report itself uses them, not by a table."""

from collections import Counter
from collections.abc import Sequence

from searcher.reading._numbering import ANNEX

__all__ = ["ANNEX_TITLE", "FRONT_PART", "NAME", "PART", "Ranks", "is_name"]

FRONT_PART = "篇首"
"""The style of what opens a report: 前言, 引言. Any other heading ends it."""

PART = "篇外"
"""The style of what stands behind the sections: 结束语, 名词解释."""

ANNEX_TITLE = "附题"
"""The style of the title right under the number of an attachment."""

NAME = "题"
"""The style of headings without a number."""

_OUTSIDE = (ANNEX, PART, FRONT_PART)
_USUAL = (
    "第篇",
    "第编",
    "第部分",
    "第章",
    "第节",
    "壹、",
    "甲、",
    "一、",
    "第一",
    "(一)",
    "1.",
    "1.1",
    "1.1.1",
    "(1)",
    "1)",
    "①",
)
"""The usual order, for a style whose first number is missing: it cannot be asked where its series began."""


def is_name(style: str) -> bool:
    """Tell whether a style has no numbers: names, and headings a format declares."""
    return style == NAME or style.startswith("h")


class Ranks:
    """The order of the styles of one report, outermost first.

    A style that is new stands below the section it appears in, and keeps its place from then on. Headings without a
    number are placed by what they interrupt: where a series of numbers goes on behind them, they stand inside it;
    where it begins anew, above it.
    """

    def __init__(self, headings: Sequence[tuple[str, int]]) -> None:
        inside = _interruptions(headings)
        order: list[str] = []
        stack: list[str] = []
        for style, value in headings:
            if style in _OUTSIDE:
                stack = []
            if style in _OUTSIDE or style == ANNEX_TITLE:
                continue
            if style not in order:
                at = order.index(stack[-1]) + 1 if stack else 0
                if value > 1 and style in _USUAL:
                    at = min((i for i, other in enumerate(order[:at]) if _is_below(other, style)), default=at)
                order.insert(_placed(style, at, order, inside), style)
            rank = order.index(style)
            stack = [*(open_ for open_ in stack if order.index(open_) < rank), style]
        self._rank = {style: i for i, style in enumerate(order)}

    def depth(self, stack: Sequence[str], style: str) -> int:
        """Return how many of the open sections, outermost first, a heading of this style leaves open."""
        if style in _OUTSIDE or (stack and stack[0] == FRONT_PART):
            return 0
        if style == ANNEX_TITLE:
            return 1
        rank = self._rank.get(style)
        if rank is None:
            return len(stack)
        for depth, open_ in enumerate(stack):
            if self._rank.get(open_, -1) >= rank:
                return depth
        return len(stack)


def _is_below(other: str, style: str) -> bool:
    return other in _USUAL and _USUAL.index(other) > _USUAL.index(style)


def _interruptions(headings: Sequence[tuple[str, int]]) -> Counter[tuple[str, str]]:
    """Count for every pair (names, numbers) how often the numbers go on behind a name, less how often they restart."""
    balance: Counter[tuple[str, str]] = Counter()
    last: dict[str, tuple[int, int]] = {}
    first = {style: i for i, (style, _) in reversed(list(enumerate(headings)))}
    for i, (style, value) in enumerate(headings):
        if style in _OUTSIDE:
            last.clear()
        elif not is_name(style):
            if style in last:
                at, before = last[style]
                between = {other for other, _ in headings[at + 1 : i]}
                names = [(other, style) for other in between if is_name(other)]
                if value == before + 1:
                    balance.update(names)
                elif value == 1 and not any(first[other] < first[style] for other in between if not is_name(other)):
                    balance.subtract(names)
            last[style] = i, value
    return balance


def _placed(style: str, at: int, order: Sequence[str], inside: Counter[tuple[str, str]]) -> int:
    """Return where a new style belongs: at `at`, unless names and numbers tell otherwise."""
    for i, other in enumerate(order):
        if is_name(style) and not is_name(other):
            balance = inside[style, other]
            if balance > 0:
                at = max(at, i + 1)
            elif balance < 0:
                at = min(at, i)
        elif is_name(other) and not is_name(style) and inside[other, style] > 1:
            at = min(at, i)
    return at
