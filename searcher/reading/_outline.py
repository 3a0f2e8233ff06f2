"""Paragraphs and the headings they stand under.

First each line is judged by itself (is it a heading, a paragraph that opens with one, a numbered item, plain text?),
then by its series (what most of a series is, all of it is), and last the headings are put above one another in the
order in which the report itself uses them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from searcher.model import Paragraph, Section
from searcher.reading._joining import ENDS
from searcher.reading._lines import Line
from searcher.reading._numbering import ORDINAL
from searcher.reading._ranks import NAME, PART, Ranks

__all__ = ["Outline", "outline"]


class Form(Enum):
    """What a line is to the outline."""

    HEADING = auto()  # a line of its own
    RUNIN = auto()  # the first sentence of a paragraph that goes on
    LABEL = auto()  # a numbered line that ends with a colon, or goes on behind one
    SENTENCE = auto()  # a numbered line that is one whole sentence
    ITEM = auto()  # any other numbered line
    TEXT = auto()


@dataclass(slots=True)
class _Unit:
    line: Line
    form: Form
    style: str = ""
    value: int = 0
    title: str = ""  # of a heading, without its closing mark


@dataclass(frozen=True, slots=True)
class Outline:
    """The paragraphs and sections of a report."""

    paragraphs: tuple[Paragraph, ...]
    sections: tuple[Section, ...]


@dataclass(slots=True)
class _Open:
    """A section that is not closed yet."""

    title: str
    style: str
    runin: bool
    start: int
    order: int


_TITLE = 60  # characters: the longest heading on a line of its own
_LEAD = 50  # characters: the longest run-in heading
_COMMAS = 2  # clauses but one of a run-in heading
_NAME = 40  # characters: the longest heading without a number
_STOP = re.compile(r"[。！？!?；;]|：|:(?!\d)")
_SENTENCE_END = re.compile(r"[。！？!?][”’」』）]?\s*")
_CLOSING = "。：:；;，, "
_PARTS = re.compile(
    r"\W?(?:前言|序言|引言|序|绪论|导言|导论|概述|结语|结束语|结论|后记|名词解释|有关名词解释|名词注释|注释|注|附注|脚注|说明|资料来源|参考文献)\W?$"
)
_OPENING_PARTS = re.compile(r"\W?(?:前言|序言|引言|序|绪论|导言|导论|概述)")
_NOT_A_NAME = re.compile(r"(?:[-—─●•◆■□▲★※►·*#|]|[图表]\s*\d|\(?注|单位:|\d[\d.,%]*$)")


def outline(lines: Sequence[Line], report_id: str) -> Outline:
    """Return the outline of a report's body."""
    units = [_unit(item) for item in lines]
    _names(units)
    _judge_series(units)
    return _Builder(report_id, Ranks([(unit.style, unit.value) for unit in units if unit.form in _OPENS])).build(units)


_OPENS = (Form.HEADING, Form.RUNIN)


def _unit(item: Line) -> _Unit:
    """Judge a line by itself."""
    if item.role == "row":
        return _Unit(item, Form.TEXT)
    if item.role in ("heading", "title"):
        style = item.number.style if item.number else f"h{item.level or 1}"
        return _Unit(item, Form.HEADING, style, item.number.value if item.number else 0, item.text.rstrip(_CLOSING))
    if len(item.text) <= 8 and _PARTS.match(item.head):
        return _Unit(item, Form.HEADING, PART, 0, item.text.strip(_CLOSING))
    if item.number is None:
        return _Unit(item, Form.TEXT)
    style, value, start = item.number
    form, title = _form(item, start)
    if style in ORDINAL and form is not Form.HEADING:
        return _Unit(item, Form.TEXT)
    if style == "第条" and form is not Form.HEADING:
        form = Form.ITEM
    return _Unit(item, form, style, value, title)


def _form(item: Line, start: int) -> tuple[Form, str]:
    text = item.text
    stop = _STOP.search(text, start)
    if stop is None:
        short = len(text) <= _TITLE and text[-1] not in "，,、"
        return (Form.HEADING, text) if short else (Form.ITEM, "")
    mark = stop[0]
    lead = text[: stop.start()].rstrip()
    if mark in "：:":
        label = len(lead) <= _NAME and "“" not in lead[:start]
        return (Form.LABEL, lead) if label else (Form.ITEM, "")
    if mark in "；;":
        return Form.ITEM, ""
    end = _SENTENCE_END.match(text, stop.start())
    goes_on = end is not None and end.end() < len(text)
    if len(lead) > (_LEAD if goes_on else _TITLE) or lead.count("，") + lead.count(",") > _COMMAS or len(lead) <= start:
        return Form.ITEM, ""
    return (Form.RUNIN if goes_on else Form.SENTENCE), lead


def _names(units: list[_Unit]) -> None:
    """Find the headings that have no number: short lines without a closing mark, standing over text."""
    stopped = [unit.line.text[-1] in ENDS or unit.line.text[-1] in "”’」』）)" for unit in units if len(unit.line.text) > _NAME]
    if sum(stopped) < 0.6 * len(stopped):
        return  # where no paragraph ends with a mark, a line without one says nothing
    short = [unit.form is Form.TEXT and _may_be_name(unit.line) for unit in units]
    for i, unit in enumerate(units):
        if not short[i]:
            continue
        run = 1
        while i + run < len(units) and short[i + run]:
            run += 1
        back = 1
        while i - back >= 0 and short[i - back]:
            back += 1
        follower = units[i + run] if i + run < len(units) else None
        if run + back - 1 <= 3 and follower and (follower.form is not Form.TEXT or follower.line.role != "row" or unit.line.bold):
            if follower.form is Form.TEXT and len(follower.line.text) <= _NAME // 2 and follower.line.role != "row" and not unit.line.bold:
                continue
            unit.form, unit.style, unit.title = Form.HEADING, NAME, unit.line.text


def _may_be_name(item: Line) -> bool:
    text = item.text
    return (
        2 <= len(text) <= _NAME
        and item.role == "text"
        and text[-1] not in ENDS
        and text[-1] not in "，,、”’"
        and not _STOP.search(text)
        and not _NOT_A_NAME.match(item.head)
    )


def _judge_series(units: list[_Unit]) -> None:
    """Judge each style by all that is numbered in it."""
    by_style: dict[str, list[int]] = defaultdict(list)
    for i, unit in enumerate(units):
        if unit.style and unit.form is not Form.TEXT and unit.line.number and unit.line.role == "text":
            by_style[unit.style].append(i)
    for style, members in by_style.items():
        forms = Counter(units[i].form for i in members)
        headings = forms[Form.HEADING]
        labels = [i for i in members if units[i].form is Form.LABEL and _is_whole(units[i])]
        labelled = len(labels) >= 5 and 2 * len([i for i in labels if _has_content(units, i)]) >= len(labels)
        sentences = [i for i in members if units[i].form is Form.SENTENCE]
        filled = [i for i in sentences if _has_content(units, i)]
        titled = len(filled) + headings >= 2 and 2 * len(filled) >= len(sentences)
        many = forms[Form.RUNIN] + sum(_goes_on(units[i]) for i in members if units[i].form is Form.ITEM)
        leads = 2 * forms[Form.RUNIN] >= many and not _are_paragraph_numbers(units, members, style)
        for i in members:
            unit = units[i]
            match unit.form:
                case Form.LABEL if labelled:
                    unit.form = Form.HEADING if _is_whole(unit) else Form.RUNIN
                case Form.SENTENCE if titled and i in filled:
                    unit.form = Form.HEADING
                case Form.RUNIN if not leads:
                    unit.form = Form.ITEM
                case Form.LABEL | Form.SENTENCE:
                    unit.form = Form.ITEM
        _judge_lists(units, members)


def _judge_lists(units: list[_Unit], members: Sequence[int]) -> None:
    """Make items of headings that stand one right under the other with nothing between: a list."""
    run: list[int] = []
    for i, after in zip(members, (*members[1:], None), strict=True):
        if units[i].form is not Form.HEADING:
            run = []
            continue
        run.append(i)
        if after == i + 1 and units[after].form is Form.HEADING and units[after].value == units[i].value + 1:
            continue
        if len(run) >= 3:
            for k in run:
                units[k].form = Form.ITEM
        run = []


def _is_whole(unit: _Unit) -> bool:
    return len(unit.line.text) <= len(unit.title) + 2


def _goes_on(unit: _Unit) -> bool:
    match = _SENTENCE_END.search(unit.line.text)
    return match is not None and match.end() < len(unit.line.text)


def _has_content(units: Sequence[_Unit], i: int) -> bool:
    """Tell whether something stands under the line `i`: text, or numbers of another style that begin."""
    if i + 1 >= len(units):
        return False
    after = units[i + 1]
    if after.style == units[i].style and after.form is not Form.TEXT:
        return False
    return after.form is Form.TEXT or after.value == 1


def _are_paragraph_numbers(units: Sequence[_Unit], members: Sequence[int], style: str) -> bool:
    """Tell whether a style numbers every paragraph of the report, through all its sections."""
    if style != "1." or len(members) < 10:
        return False
    values = [units[i].value for i in members]
    steps = sum(after == before + 1 for before, after in zip(values, values[1:], strict=False))
    crossed = sum(
        any(unit.form is Form.HEADING and unit.style != style for unit in units[before + 1 : after])
        and units[after].value == units[before].value + 1
        for before, after in zip(members, members[1:], strict=False)
    )
    texts = sum(unit.form is Form.TEXT for unit in units[members[0] : members[-1]])
    return steps >= 0.9 * (len(values) - 1) and crossed >= 2 and texts <= len(members)


@dataclass(slots=True)
class _Builder:
    report_id: str
    ranks: Ranks
    paragraphs: list[Paragraph] = field(default_factory=list)
    sections: list[tuple[int, Section]] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    opened: int = 0

    def build(self, units: Iterable[_Unit]) -> Outline:
        for unit in units:
            match unit.form:
                case Form.HEADING:
                    self._open(unit, runin=False)
                case Form.RUNIN:
                    self._open(unit, runin=True)
                    self._add(unit.line.text, unit.title)
                case Form.TEXT:
                    self._add(unit.line.text)
                case _:
                    self._close(unit.style, only_runins=True)
                    self._add(unit.line.text)
        self._close(None)
        self.sections.sort(key=lambda pair: pair[0])
        return Outline(tuple(self.paragraphs), tuple(section for _, section in self.sections))

    def _open(self, unit: _Unit, *, runin: bool) -> None:
        self._close(unit.style)
        self.stack.append(_Open(unit.title, unit.style, runin, len(self.paragraphs), self.opened))
        self.opened += 1

    def _add(self, text: str, runin: str | None = None) -> None:
        path = tuple(item.title for item in self.stack)
        self.paragraphs.append(Paragraph(self.report_id, len(self.paragraphs), text, path, runin))

    def _close(self, style: str | None, *, only_runins: bool = False) -> None:
        """Close the sections that one of this style ends."""
        keep = 0 if style is None else self.ranks.depth([item.style for item in self.stack], style)
        if only_runins:
            while keep < len(self.stack) and not self.stack[keep].runin:
                keep += 1
        for level in range(len(self.stack), keep, -1):
            item = self.stack[level - 1]
            section = Section(item.title, level, item.start, len(self.paragraphs), item.runin)
            self.sections.append((item.order, section))
        del self.stack[keep:]
