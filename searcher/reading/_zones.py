"""The zones of a government work report: what it opens with, looks back on, aims at, sets about and closes with."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from searcher.analysis import fold
from searcher.model import Paragraph
from searcher.reading._lines import HEAD

__all__ = ["zoned"]

_REVIEW = re.compile(r"回顾|过去|成就|成绩|发展成效|工作情况|执行情况|完成情况|这[一五]年|年来")
_GOALS = re.compile(r"总体要求|目标|思路|指导思想|总体部署|政策取向|总要求|总任务|形势|方针|总体安排")
_TASKS = re.compile(r"任务|重点|工作|部署|安排|举措|建议|措施|加强|推进|建设|改革|发展|提高|坚持|促进|加快|深化|保障")
_GOAL_PARAGRAPH = re.compile(
    r".{0,40}(?:总体要求|总体思路|主要预期目标|预期目标|发展目标|主要目标|指导思想).{0,12}(?:是|:)"
)
_EXHORTATION = re.compile(r"让我们|团结在|奋斗|贡献|前进|胜利|万岁")
_ADDRESS = re.compile(r"各位代表|同志们|让我们|.{0,30}让我们")
_OUTSIDE = re.compile(r"附[件录表注]|名词|注释|说明|资料来源")
_FINAL = re.compile(r"结束语|结语")
_LAST = 4  # paragraphs: the closing is among them


def zoned(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a government work report, each with its zone where it can be told."""
    body = [p for p in paragraphs if not (p.section and _OUTSIDE.match(fold(p.section[0])))]
    zone_of = dict(_zones(body))
    closing = _closing(body)
    for paragraph in body:
        if closing is not None and paragraph.ordinal >= closing:
            zone_of[paragraph.ordinal] = "closing"
    return tuple(
        Paragraph(p.report_id, p.ordinal, p.text, p.section, p.runin, zone_of.get(p.ordinal)) for p in paragraphs
    )


def _zones(body: Sequence[Paragraph]) -> Iterator[tuple[int, str | None]]:
    seen: set[str | None] = set()
    for top, group in groupby(body, key=lambda p: p.section[:1]):
        members = list(group)
        zone = _of_heading(fold(top[0]), seen) if top else "opening" if not seen else None
        seen.add(zone)
        # A section of tasks may begin with its aims, and one of aims may go on to the tasks under headings of its own.
        direct = sum(1 for _ in _before_headings(members))
        aims = zone == "goals" or any(_states_goals(p) for p in members[:direct])
        tasks = zone == "tasks" or (top and bool(_TASKS.search(fold(top[0]))))
        for i, paragraph in enumerate(members):
            if zone not in ("goals", "tasks"):
                yield paragraph.ordinal, zone
            elif direct < len(members):
                yield paragraph.ordinal, "goals" if aims and (i < direct or not tasks) else "tasks"
            else:
                goal = zone == "goals" or _states_goals(paragraph)
                yield paragraph.ordinal, "goals" if goal else "tasks"


def _states_goals(paragraph: Paragraph) -> bool:
    head = paragraph.text[:HEAD]
    return any(char in head for char in "求标標路想") and bool(_GOAL_PARAGRAPH.match(fold(head)))


def _before_headings(members: Sequence[Paragraph]) -> Iterator[Paragraph]:
    for paragraph in members:
        if len(paragraph.section) > 1:
            return
        yield paragraph


def _of_heading(folded: str, seen: set[str | None]) -> str | None:
    if _FINAL.search(folded):
        return "closing"
    aims = bool(_GOALS.search(folded))
    if _REVIEW.search(folded) and not (aims and "review" in seen):
        return "review"
    if aims:
        return "goals"
    return "tasks" if _TASKS.search(folded) or seen & {"review", "goals", "tasks"} else None


def _closing(body: Sequence[Paragraph]) -> int | None:
    """Return the ordinal of the paragraph the closing begins with: the last that addresses and exhorts the audience."""
    for paragraph in reversed(body[-_LAST:]):
        if _ADDRESS.match(fold(paragraph.text[:HEAD])) and _EXHORTATION.search(fold(paragraph.text)):
            return paragraph.ordinal
    if len(body) > 1 and _EXHORTATION.search(fold(body[-1].text)) and not body[-1].runin:
        return body[-1].ordinal
    return None
