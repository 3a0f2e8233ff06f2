"""What each line is to the outline: first judged by itself, then by the series it belongs to."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from searcher.reading._joining import ENDS, hangs, is_open
from searcher.reading._lines import Line
from searcher.reading._numbering import ANNEX, ORDINAL
from searcher.reading._ranks import ANNEX_TITLE, FRONT_PART, NAME, PART
from searcher.reading._series import Member, Series, series

__all__ = ["Form", "Unit", "judge"]


class Form(Enum):
    """What a line can be."""

    HEADING = auto()  # a line of its own
    RUNIN = auto()  # a paragraph that opens with one: its numbered first sentence
    LABEL = auto()  # a numbered line that ends with a colon, or goes on behind one
    SENTENCE = auto()  # a numbered line that is one whole sentence
    ITEM = auto()  # any other numbered line
    TEXT = auto()


@dataclass(slots=True)
class Unit:
    """A line and what it is."""

    line: Line
    form: Form
    style: str = ""
    value: int = 0
    title: str = ""  # of a heading, without its closing mark


_TITLE = 70  # characters: the longest heading on a line of its own
_LEAD = 50  # characters: the longest run-in heading
_COMMAS = 2  # clauses but one of a run-in heading
_NAME = 40  # characters: the longest heading without a number
_STACKED = 3  # headings without a number that may stand one under the other; more are a list
_MOST = 0.7  # share of a series' paragraphs that open with a heading; where they are only numbered, half look so
_RUNNING = 10  # paragraphs that must be numbered before the number is taken for nothing more
_LABELS = 5  # lines that end with a colon, before these are taken for headings
_STOP = re.compile(r"[。！？!?；;：︰]|:(?!\d)")
_SENTENCE_STOP = re.compile(r"[。！？!?：︰]")
_SENTENCE_END = re.compile(r"[。！？!?][”’」』）)]?\s*")
_SEMICOLONS = frozenset("；;")
_CLOSING = "。：:︰；;，, "
_FRONT_PARTS = "前言|序言|引言|序|绪论|导言|导论"
_PARTS = "结语|结束语|结论|后记|名词解释|有关名词解释|名词注释|注释|注|附注|脚注|说明|资料来源|参考文献"
_PART_LINE = re.compile(rf"\W?(?:(?P<front>{_FRONT_PARTS})|{_PARTS})\W?$")
_LONGEST_PART = 8
_HAN = re.compile(r"[\u3400-\u9fff]{2}")
_NOT_A_NAME = re.compile(r"现在,|[-、，。—─●•◆■□▲★※►·*#|@〔\[(“\"')〈]|[图表]\s*\d|注|单位:|\d+\D?$")


def judge(lines: Iterable[Line]) -> list[Unit]:
    """Return what each line is."""
    units = [_unit(item) for item in lines]
    _judge_attachments(units)
    _judge_names(units)
    _judge_series(units)
    return units


def _unit(item: Line) -> Unit:
    if item.role == "row":
        return Unit(item, Form.TEXT)
    if len(item.text) <= _LONGEST_PART and (part := _PART_LINE.match(item.head)):
        return Unit(item, Form.HEADING, FRONT_PART if part["front"] else PART, 0, item.text.strip(_CLOSING))
    number = item.number
    if item.role in ("heading", "title"):
        style, value = (number.style, number.value) if number else (f"h{item.level or 1}", 0)
        return Unit(item, Form.HEADING, style, value, item.text.rstrip(_CLOSING))
    if number is None:
        return Unit(item, Form.TEXT)
    form, title = _form(item, number.end)
    if number.style in ORDINAL and (form is not Form.HEADING or not item.title):
        return Unit(item, Form.TEXT)
    if number.style == "第条" and form is not Form.HEADING:
        form = Form.ITEM
    return Unit(item, form, number.style, number.value, title)


def _form(item: Line, start: int) -> tuple[Form, str]:
    text = item.text
    stop = _STOP.search(text, start)
    if stop is None or (stop[0] in _SEMICOLONS and not _SENTENCE_STOP.search(text, start)):
        short = len(text) <= _TITLE and text[-1] not in "，,、；;" and not hangs(text)
        return (Form.HEADING, text) if short else (Form.ITEM, "")
    mark = stop[0]
    lead = text[: stop.start()].rstrip()
    if mark in _SEMICOLONS or len(lead) <= start or is_open(lead):
        return Form.ITEM, ""
    if mark in "：:︰":
        return (Form.LABEL, lead) if len(lead) <= _NAME else (Form.ITEM, "")
    end = _SENTENCE_END.match(text, stop.start())
    goes_on = end is not None and end.end() < len(text)
    if len(lead) > (_LEAD if goes_on else _TITLE) or lead.count("，") + lead.count(",") > _COMMAS:
        return Form.ITEM, ""
    return (Form.RUNIN if goes_on else Form.SENTENCE), lead


def _judge_attachments(units: Sequence[Unit]) -> None:
    """Tell an attachment's heading, and the title under it, from a list of attachments."""
    listed = False
    for before, unit in zip((None, *units), units, strict=False):
        if unit.style == ANNEX:
            colon = unit.line.head.find(":") >= 0
            listed = unit.form is not Form.HEADING or (colon and not unit.value and unit.line.title != "")
            if listed:
                unit.form, unit.style, unit.value = Form.ITEM, "", 0
        elif listed and unit.style == "1.":
            unit.form = Form.ITEM
        else:
            listed = False
            if before and before.style == ANNEX and unit.form is Form.TEXT and _may_be_name(unit.line):
                unit.form, unit.style, unit.title = Form.HEADING, ANNEX_TITLE, unit.line.text


def _judge_names(units: Sequence[Unit]) -> None:
    """Find the headings that have no number: short lines without a closing mark, standing over text."""
    long = [unit.line.text for unit in units if len(unit.line.text) > _NAME]
    if sum(text[-1] in ENDS or text[-1] in "”’」』）)" for text in long) < 0.6 * len(long):
        return  # where paragraphs end without a mark, a line without one says nothing
    short = [unit.form is Form.TEXT and _may_be_name(unit.line) for unit in units]
    i = 0
    while i < len(units):
        end = i
        while end < len(units) and short[end]:
            end += 1
        if i < end <= i + _STACKED and end < len(units) and _is_headed(units[end], bold=units[end - 1].line.bold):
            for unit in units[i:end]:
                unit.form, unit.style, unit.title = Form.HEADING, NAME, unit.line.text
        i = max(end, i + 1)


def _may_be_name(item: Line) -> bool:
    text = item.text
    return (
        1 < len(text) <= _NAME
        and item.role == "text"
        and text[-1] not in ENDS
        and text[-1] not in "，,、”’·"
        and bool(_HAN.search(item.head))
        and not (_STOP.search(text) or _NOT_A_NAME.match(item.head) or hangs(text))
    )


def _is_headed(unit: Unit, *, bold: bool) -> bool:
    """Tell whether a line can stand right under a heading: prose, a number, a table."""
    return bold or unit.form is not Form.TEXT or unit.line.role == "row" or len(unit.line.text) > _NAME // 2


def _judge_series(units: Sequence[Unit]) -> None:
    """Judge each line by its series: what most of a series is, all of it is."""
    numbered = [(i, unit) for i, unit in enumerate(units) if unit.value and unit.style != ANNEX]
    found = series(Member(i, unit.style, unit.value, unit.form is Form.HEADING) for i, unit in numbered)
    labelled = {style for style in {item.style for item in found} if _is_labelled(units, style)}
    for item in found:
        members = [units[member.index] for member in item.members]
        if _numbers_paragraphs(item, units):
            for unit in members:
                unit.form = Form.ITEM
            continue
        _judge_sentences(item, units)
        _judge_leads(item, units)
        for unit in members:
            if unit.form is Form.LABEL:
                whole = len(unit.line.text) <= len(unit.title) + 1
                unit.form = (Form.HEADING if whole else Form.RUNIN) if unit.style in labelled else Form.ITEM
        _judge_lists(item, units)
        if item.inner:
            for unit in members:
                unit.style += "'"


def _judge_leads(item: Series, units: Sequence[Unit]) -> None:
    """Take first sentences for headings only where most paragraphs of the series open with one."""
    forms = Counter(units[member.index].form for member in item.members)
    paragraphs = forms.total() - forms[Form.HEADING] - forms[Form.LABEL]
    if _MOST * paragraphs > forms[Form.RUNIN]:
        for member in item.members:
            if units[member.index].form is Form.RUNIN:
                units[member.index].form = Form.ITEM


def _numbers_paragraphs(item: Series, units: Sequence[Unit]) -> bool:
    """Tell whether a series numbers the paragraphs of the report one by one, whatever section they stand in."""
    first, last = item.members[0].index, item.last.index
    between = units[first : last + 1]
    others = sum(unit.form is Form.HEADING and unit.style != item.style for unit in between)
    members = len(item.members)
    return (
        item.style == "1."
        and members >= (_RUNNING if others else 2 * _RUNNING)
        and others != 1
        and members >= 0.4 * (len(units) - others)
    )


def _judge_sentences(item: Series, units: Sequence[Unit]) -> None:
    """Take whole sentences for headings where most of them stand over something."""
    sentences = [member.index for member in item.members if units[member.index].form is Form.SENTENCE]
    filled = [i for i in sentences if _has_content(units, i)]
    headings = sum(units[member.index].form is Form.HEADING for member in item.members)
    titled = len(filled) + headings > 1 and 2 * len(filled) >= len(sentences)
    for i in sentences:
        units[i].form = Form.HEADING if titled and i in filled else Form.ITEM


def _judge_lists(item: Series, units: Sequence[Unit]) -> None:
    """Make items of headings that stand one right under the other, with nothing under any of them: a list."""
    run: list[Unit] = []
    for i, after in zip(item.members, (*item.members[1:], None), strict=True):
        if units[i.index].form is not Form.HEADING:
            run = []
            continue
        run.append(units[i.index])
        if after and after.index == i.index + 1 and units[after.index].form is Form.HEADING:
            continue
        if len(run) > _STACKED or (len(run) == len(item.members) and len(run) > 1 and not _has_content(units, i.index)):
            for unit in run:
                unit.form = Form.ITEM
        run = []


def _is_labelled(units: Sequence[Unit], style: str) -> bool:
    """Tell whether lines that end with a colon are this style's way to write headings."""
    whole = [
        i
        for i, unit in enumerate(units)
        if unit.style == style and unit.form is Form.LABEL and len(unit.line.text) <= len(unit.title) + 1
    ]
    return len(whole) >= _LABELS and 2 * sum(_has_content(units, i) for i in whole) >= len(whole)


def _has_content(units: Sequence[Unit], i: int) -> bool:
    """Tell whether something stands under the line `i`: text, or numbers of another style that begin."""
    if i + 1 >= len(units):
        return False
    after = units[i + 1]
    if after.form is Form.TEXT:
        return True
    return after.style != units[i].style and (after.value == 1 or after.style == NAME)
