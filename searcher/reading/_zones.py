"""The zones of a government work report: what it opens with, looks back on, aims at, sets about and closes with."""

import re
from collections.abc import Sequence
from dataclasses import replace

from searcher.analysis import fold
from searcher.model import Paragraph
from searcher.reading._lines import HEAD

__all__ = ["zoned"]

_REVIEW = re.compile(r"回顾|过去|成就|成绩|发展成效|主要工作|工作情况|执行情况|完成情况|经验|这[一五]年|年来")
_GOALS = re.compile(r"总体要求|目标|思路|指导思想|总体部署|政策取向|总要求|总任务|形势|方针|总体安排")
_TASKS = re.compile(r"任务|重点|工作安排|工作部署|举措|建议|措施|加强|推进|建设|改革|发展|提高|坚持|促进|加快|深化|保障")
_GOAL_PARAGRAPH = re.compile(r".{0,40}(?:总体要求|总体思路|主要预期目标|预期目标|发展目标|主要目标|指导思想).{0,12}(?:是|[::])")
_CLOSING_WORDS = re.compile(r"让我们|团结在|奋斗|贡献|前进|胜利|万岁")
_ADDRESS = re.compile(r"各位代表|同志们")
_OUTSIDE = re.compile(r"附[件录表]|名词|注释|说明|资料来源")
_FINAL = re.compile(r"结束语|结语")
_LAST = 4  # paragraphs: the closing is among them


def zoned(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a government work report, each with its zone where it can be told."""
    body = [p for p in paragraphs if not (p.section and _OUTSIDE.match(p.section[0]))]
    closing = _closing(body)
    zones: list[str | None] = []
    zone_of: dict[str, str | None] = {}
    for paragraph in body:
        if closing is not None and paragraph.ordinal >= closing:
            zones.append("closing")
        elif not paragraph.section:
            zones.append("opening")
        else:
            zones.append(_zone(paragraph, zone_of))
    by_ordinal = {p.ordinal: zone for p, zone in zip(body, zones, strict=True)}
    return tuple(replace(p, zone=by_ordinal.get(p.ordinal)) for p in paragraphs)


def _zone(paragraph: Paragraph, zone_of: dict[str, str | None]) -> str | None:
    top = paragraph.section[0]
    if top not in zone_of:
        zone_of[top] = _of_heading(fold(top), seen=frozenset(zone_of.values()))
    zone = zone_of[top]
    if zone == "review":
        return zone
    head = fold(paragraph.text[:HEAD])
    if zone == "goals" and len(paragraph.section) > 1 and _TASKS.search(fold(top)):
        return "tasks"  # 总体要求和重点任务: the aims first, then what is to be done under headings of its own
    if zone == "tasks" and len(paragraph.section) == 1 and _GOAL_PARAGRAPH.match(head):
        return "goals"
    return zone


def _of_heading(folded: str, seen: frozenset[str | None]) -> str | None:
    if _FINAL.search(folded):
        return "closing"
    if _REVIEW.search(folded) and not (_GOALS.search(folded) and "review" in seen):
        return "review"
    if _GOALS.search(folded):
        return "goals"
    return "tasks" if _TASKS.search(folded) or seen & {"review", "goals", "tasks"} else None


def _closing(body: Sequence[Paragraph]) -> int | None:
    """Return the ordinal of the paragraph the closing begins with: the last that addresses and exhorts the audience."""
    for paragraph in reversed(body[-_LAST:]):
        head = fold(paragraph.text[:HEAD])
        if (_ADDRESS.match(head) or "让我们" in head) and _CLOSING_WORDS.search(paragraph.text):
            return paragraph.ordinal
    if len(body) > 1 and _CLOSING_WORDS.search(body[-1].text) and not body[-1].runin:
        return body[-1].ordinal
    return None
