"""Here is a hit; show me why: the spans a query's leaves cover in a text, and the fragment worth showing."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from searcher.analysis import BREAK_ID, Analysis, Ints, Units
from searcher.model import Snippet, Span
from searcher.query.terms import Leaf, Near, Phrase, Word

__all__ = [
    "Occurrences",
    "characters",
    "covered",
    "kwic",
    "mark",
    "merge",
    "occurrences",
    "runs",
    "snippet",
    "spans",
    "to_html",
    "to_markdown",
]

_SENTENCE_END = re.compile(r"[。！？；!?;…]+[”’」』）)]*")
_CLAUSE_END = re.compile(r"[，、：,:\s]+|[。！？；!?;…]+[”’」』）)]*")
_FIGURE = re.compile(r"\d[\d,，.．]*[%％‰]?")
_CUT = "…"
_START = attrgetter("start")
_TRIED = 4  # phrases that overlap and stand near another: of so many every set is tried


class Occurrences(NamedTuple):
    """Where a leaf stands in the texts of an analysis: the numbers of the texts, and offsets there, half-open."""

    texts: Ints
    starts: Ints
    ends: Ints


def occurrences(analysis: Analysis, leaf: Leaf) -> Occurrences:
    """Return where a leaf stands."""
    units, words = analysis.units, analysis.words
    match leaf:
        case Word():
            number = words.names.index(leaf.term) if leaf.term in words.names else -1
            at = np.flatnonzero(words.ids == number)
            return Occurrences(_owners(words.bounds, at), words.starts[at], words.ends[at])
        case Phrase():
            first = _places(units, leaf)
            last = first + len(leaf.units) - 1
        case Near():
            first, last = _near(units, leaf)
    return Occurrences(_owners(units.bounds, first), units.starts[first], units.ends[last])


def spans(analysis: Analysis, leaves: Iterable[Leaf]) -> list[tuple[Span, ...]]:
    """Return what the leaves cover in each text of an analysis: merged, in order."""
    return covered([occurrences(analysis, leaf) for leaf in leaves], len(analysis))


def covered(found: Iterable[Occurrences], texts: int) -> list[tuple[Span, ...]]:
    """Return what occurrences cover in each of the first texts: merged, in order."""
    lists: list[list[Span]] = [[] for _ in range(texts)]
    for those in found:
        for text, start, end in zip(*(column.tolist() for column in those), strict=True):
            if text < texts:
                lists[text].append(Span(start, end))
    return list(map(merge, lists))


def characters(leaf: Leaf) -> frozenset[str]:
    """Return characters of every folded text that holds a leaf: cheaper to look for than the leaf."""
    match leaf:
        case Word():
            return frozenset(leaf.term)
        case Phrase():
            return frozenset("".join(unit for unit in leaf.units if unit.isalpha()))
        case Near():
            return frozenset().union(*map(characters, leaf.phrases))


def merge(found: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that overlap or touch."""
    joined: list[Span] = []
    for span in sorted(found):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _owners(bounds: Ints, at: Ints) -> Ints:
    """Return the texts that hold some units or words."""
    owners: Ints = np.searchsorted(bounds, at, "right") - 1
    return owners


def _places(units: Units, phrase: Phrase) -> Ints:
    """Return the first unit of each occurrence of a phrase."""
    last = len(phrase.units) - 1
    at = np.arange(max(len(units.ids) - last, 0))
    for offset, name in enumerate(phrase.units):
        here = units.ids[at + offset]
        at = at[here != BREAK_ID if name == "" else here == units.number(name)]
    within: Ints = at[_owners(units.bounds, at) == _owners(units.bounds, at + last)]
    return within


def _near(units: Units, near: Near) -> tuple[Ints, Ints]:
    """Return the first and the last unit of each occurrence that takes part in an arrangement of all phrases."""
    sizes = [len(phrase.units) for phrase in near.phrases]
    distinct = len(set(near.phrases)) == len(sizes)
    taking_part: set[tuple[int, int]] = set()
    places = [_places(units, phrase) for phrase in near.phrases]
    owners = [_owners(units.bounds, at) for at in places]
    for text in set.intersection(*(set(those.tolist()) for those in owners)):
        here = [at[those == text].tolist() for at, those in zip(places, owners, strict=True)]
        spans = sorted((at, at + size) for some, size in zip(here, sizes, strict=True) for at in some)
        apart = distinct and all(low[1] <= high[0] for low, high in pairwise(spans))
        for those, size, marks in zip(here, sizes, _taking_part(here, sizes, near.within, apart=apart), strict=True):
            taking_part.update((at, at + size) for at, mark in zip(those, accumulate(marks), strict=False) if mark)
    found = np.array(sorted(taking_part), np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1] - 1


def _taking_part(here: Sequence[list[int]], sizes: Sequence[int], within: int, *, apart: bool) -> list[list[int]]:
    """Return of each phrase, for each place, how many more arrangements it takes part in than at the place before.

    The sums along the places tell where it takes part. Where phrases overlap (they are not all `apart`), others may
    have to stand before or behind it; every set of these is tried, but for many, of which all in the room are taken.
    """
    marks = [[0] * (len(those) + 1) for those in here]
    for opening, size in enumerate(sizes):
        others = [number for number in range(len(sizes)) if number != opening]
        for at, start in enumerate(here[opening]):
            bounds = start + size, start + within + sum(sizes)
            fitting = {(other, *bounds) for other in others}
            if not apart and len(others) <= _TRIED:
                fitting = _fitting(here, sizes, others, *bounds)
            ranges = [
                (other, bisect_left(here[other], low), bisect_right(here[other], high - sizes[other]))
                for other, low, high in fitting
            ]
            if bounds[0] <= bounds[1] and {other for other, low, high in ranges if low < high} == set(others):
                for number, low, high in (*ranges, (opening, at, at + 1)):
                    if low < high:
                        marks[number][low] += 1
                        marks[number][high] -= 1
    return marks


def _fitting(
    here: Sequence[list[int]], sizes: Sequence[int], others: Sequence[int], start: int, end: int
) -> set[tuple[int, int, int]]:
    """Return between which bounds each phrase can stand, while the others stand before or behind it."""
    ends, starts = {0: start}, {0: end}  # the first end and the last start of each set of phrases, told by its bits
    for chosen in range(1 << len(others)):
        for bit, other in enumerate(others):
            grown = chosen | 1 << bit
            if chosen >> bit & 1:
                continue
            if chosen in ends:
                at = bisect_left(here[other], ends[chosen])
                if at < len(here[other]):
                    reached = here[other][at] + sizes[other]
                    ends[grown] = min(reached, ends.get(grown, reached))
            if chosen in starts:
                at = bisect_right(here[other], starts[chosen] - sizes[other]) - 1
                if at >= 0:
                    starts[grown] = max(here[other][at], starts.get(grown, here[other][at]))
    whole = (1 << len(others)) - 1
    return {
        (other, reached, starts[rest])
        for before, reached in ends.items()
        for bit, other in enumerate(others)
        if not before >> bit & 1 and (rest := whole ^ before ^ 1 << bit) in starts
    }


class _Piece(NamedTuple):
    """A stretch of text between two bounds, and the spans that begin in it."""

    start: int
    end: int
    found: tuple[Span, ...]

    @property
    def size(self) -> int:
        """Its length."""
        return self.end - self.start


def snippet(text: str, found: Sequence[Span], width: int = 160) -> Snippet:
    """Return fragments of about `width` characters together that show most different matches, joined by ….

    They begin and end at sentence bounds where these leave room, else at clause bounds, else at the width, and never
    inside a match or a figure; the spans are the snippet's own. `found` is merged, in order.
    """
    if len(text) <= width:
        return Snippet(text, tuple(found))
    pieces = _pieces(text, found, width)
    chosen = _choose(text, pieces, width)
    out: list[str] = []
    spans_out: list[Span] = []
    size = 0
    end = 0  # of what was shown so far
    for first, last in _neighbours(chosen):
        start, stop = _trimmed(text, pieces[first].start, pieces[last].end)
        lead = _CUT if text[end:start].strip() else ""
        shift = size + len(lead) - start
        inside = (Span(max(s.start, start), min(s.end, stop)) for s in found if s.start < stop and s.end > start)
        spans_out += [Span(s.start + shift, s.end + shift) for s in inside]
        out += [lead, text[start:stop]]
        size += len(lead) + stop - start
        end = stop
    return Snippet("".join([*out, _CUT if text[end:].strip() else ""]), tuple(spans_out))


def _choose(text: str, pieces: Sequence[_Piece], width: int) -> list[int]:
    """Take the piece that shows most that is new, again and again, then what stands beside those taken."""
    taken: set[int] = set()
    shown: set[str] = set()
    room = width

    def gain(i: int) -> tuple[int, int, int]:
        new = {text[span.start : span.end] for span in pieces[i].found} - shown
        return sum(map(len, new)), len(pieces[i].found), -i

    while True:
        free = [i for i in range(len(pieces)) if i not in taken and (pieces[i].size <= room or not taken)]
        best = max(free, key=gain, default=None)
        if best is None or (taken and gain(best)[0] == 0):
            break
        taken.add(best)
        shown |= {text[span.start : span.end] for span in pieces[best].found}
        room -= pieces[best].size
    grown = True
    while grown:
        beside = [i for i in range(len(pieces)) if i not in taken and {i - 1, i + 1} & taken and pieces[i].size <= room]
        grown = bool(beside)
        if grown:
            best = max(beside, key=lambda i: (len(pieces[i].found), i - 1 in taken, -i))
            taken.add(best)
            room -= pieces[best].size
    return sorted(taken)


def _neighbours(chosen: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each stretch of pieces that stand together."""
    first = last = chosen[0]
    for i in chosen[1:]:
        if i != last + 1:
            yield first, last
            first = i
        last = i
    yield first, last


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds without the white space at them."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - (len(inner) - len(inner.rstrip()))


def _pieces(text: str, found: Sequence[Span], width: int) -> list[_Piece]:
    """Cut a text at sentence bounds, what is longer than `width` at clause bounds, then anywhere; never in a whole."""
    wholes = merge([*found, *(Span(*figure.span()) for figure in _FIGURE.finditer(text))])
    closed = {at for whole in wholes for at in range(whole.start + 1, whole.end)}

    def split(start: int, end: int, patterns: Sequence[re.Pattern[str]]) -> Iterator[int]:
        """Yield the ends of the pieces of a stretch."""
        if not patterns:
            while end - start > width:
                near = (at for at in range(start + width, start, -1) if at not in closed)
                far = (at for at in range(start + width, end) if at not in closed)
                start = next(near, 0) or next(far, end)
                yield start
            if start < end:
                yield end
            return
        ends = [
            at for match in patterns[0].finditer(text, start, end) if (at := match.end()) not in closed and at < end
        ]
        for a, b in pairwise([start, *ends, end]):
            yield from [b] if b - a <= width else split(a, b, patterns[1:])

    cuts = [0, *split(0, len(text), (_SENTENCE_END, _CLAUSE_END))]
    begin = [bisect_left(found, at, key=_START) for at in cuts]
    return [_Piece(*bounds, tuple(found[a:b])) for bounds, (a, b) in zip(pairwise(cuts), pairwise(begin), strict=True)]


def kwic(text: str, span: Span, width: int) -> tuple[str, str, str]:
    """Return a match with up to `width` characters before and after it: a line of a concordance."""
    before, after = text[max(0, span.start - width) : span.start], text[span.end : span.end + width]
    return before, text[span.start : span.end], after


def runs(shown: Snippet) -> Iterator[tuple[str, bool]]:
    """Yield the text in runs, each with whether it is a match."""
    at = 0
    for span in shown.spans:
        yield shown.text[at : span.start], False
        yield shown.text[span.start : span.end], True
        at = span.end
    yield shown.text[at:], False


def mark(shown: Snippet, before: str, after: str) -> str:
    """Return the text with every match between two marks."""
    return "".join(f"{before}{run}{after}" if matched else run for run, matched in runs(shown))


def to_markdown(shown: Snippet) -> str:
    """Return the text as Markdown, what has a meaning there escaped, every match in bold."""
    escaped = ((re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", run), matched) for run, matched in runs(shown))
    return "".join(f"**{run}**" if matched else run for run, matched in escaped)


def to_html(shown: Snippet) -> str:
    """Return the text as HTML, escaped first, every match in a `mark` element."""
    from html import escape  # noqa: PLC0415 - it brings a table of two thousand entities, for few uses

    escaped = ((escape(run), matched) for run, matched in runs(shown))
    return "".join(f"<mark>{run}</mark>" if matched else run for run, matched in escaped)
