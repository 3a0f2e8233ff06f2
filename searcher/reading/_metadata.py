"""What a report says of itself: title, year, date, institution, region, kind, source and tags.

Every value is looked for in the same order of trust: what a person or a program declared, the title, the signature,
the head, the furniture, the file's name, and the first paragraphs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from searcher.analysis import fold
from searcher.model import Metadata
from searcher.reading._dates import date_in, plan_year, year_in
from searcher.reading._places import HONG_KONG, TAIWAN, province, region
from searcher.reading._words import OFFICES, kind_of

__all__ = ["Evidence", "describe"]

_STATE = "国务院"
_ORGANS = re.compile(
    r"国务院办公厅|国务院|行政院|全国人民代表大会常务委员会|全国人民代表大会|最高人民法院|最高人民检察院"
    r"|[\u4e00-\u9fff]{2,12}人民代表大会常务委员会|[\u4e00-\u9fff]{2,12}人民政府(?:办公厅|办公室)?"
)
_LEADING = re.compile(r"(?:\d{4}年度?|[〇零一二三四五六七八九]{4}年度?|关于|中华人民共和国|\W)+")
_TITLE_OFFICE = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{0,14}}?{OFFICES})(?=关于|工作|印发|\d|年度|第|发布|\W|$)")
_SIGNED = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{0,16}}?{OFFICES})(?=$|[\s\d,、)(《总主部局厅长省市县—-]|二)")
_SUBORDINATE = re.compile(r"(?:责任部门|发布机构|发文机关|主办单位|主办|来源|信息来源|编制单位)\s*:\s*(?P<name>[\u4e00-\u9fff]{2,20})")
_REPRESENTED = re.compile(r"代表(?P<name>国务院|中央人民政府|[\u4e00-\u9fff]{2,14}人民政府)")
_NO_OFFICE = re.compile(r"(?:全|干|内|外|总|各|一|本|大|有关|相关|主管)部|部门|党委|报$|日报|网$|新华社|社$|人民代表大会|代表大会")
_SITE = re.compile(r"\s*[_|｜]\s*|\s+[-–—]\s+")
_TAGS = re.compile(r".*?标签\s*:\s*")
_SEPARATORS = re.compile(r"[\s,，、;；|]+")
_URL = re.compile(r"https?://[^\s<>\"'）)，。]+")
_GOVERNMENTAL = ("政府工作报告", "规划", "计划")
_FIRST = 3000  # characters of the body that are asked


@dataclass(frozen=True)
class Evidence:
    """Everything in a source that may tell what it is, in its own script."""

    title: str | None
    back: tuple[str, ...]
    front: tuple[str, ...]
    furniture: tuple[str, ...]
    name: str
    paragraphs: tuple[str, ...]

    @cached_property
    def opening(self) -> str:
        """The first paragraphs."""
        text = ""
        for paragraph in self.paragraphs:
            text += paragraph + "\n"
            if len(text) >= _FIRST:
                break
        return text[:_FIRST]

    def in_own_script(self, name: str) -> str:
        """Return a Simplified `name` as the report itself writes it, if it does."""
        for text in (*self.front, *self.back, self.title or "", self.opening):
            at = fold(text).find(name)
            if at >= 0:
                return text[at : at + len(name)]
        return name


def describe(evidence: Evidence, declared: Metadata) -> Metadata:
    """Return the metadata of a report: declared values first, the rest read from the evidence."""
    title = _title(declared.title) or _title(evidence.title) or _title(_named(evidence.name))
    folded = fold(title or "")
    kind = kind_of(folded) or kind_of(fold(evidence.name))
    place = _region(evidence, folded)
    guessed = Metadata(
        title=title,
        year=_year(evidence, folded, declared.date),
        institution=_institution(evidence, title or "", kind[0] if kind else None, place, declared),
        region=evidence.in_own_script(place) if place else None,
        kind=kind[0] if kind else None,
        date=next(_dates(evidence), None),
        source=_source(evidence),
        tags=_tags(evidence),
    )
    return Metadata(
        title=title,
        **{
            name: getattr(declared, name) or getattr(guessed, name)
            for name in ("year", "institution", "region", "kind", "date", "source", "tags")
        },
    )


def _title(text: str | None) -> str | None:
    """Return a title without the name of the site it was published on."""
    if not text:
        return None
    parts = [part for part in _SITE.split(text.strip()) if part]
    named = [part for part in parts if kind_of(fold(part))]
    return named[0] if named and len(parts) > 1 else text.strip() or None


def _named(name: str) -> str | None:
    return name if sum("\u4e00" <= char <= "\u9fff" for char in name) >= 4 else None  # noqa: PLR2004 - a word is none


def _year(evidence: Evidence, folded_title: str, date: str | None) -> int | None:
    for text in (folded_title, *_folded(evidence.front), *_folded(evidence.back)):
        year = year_in(text)
        if year:
            return year
    if date:
        return int(date[:4])
    for text in (fold(evidence.name), *_folded(evidence.furniture)):
        year = year_in(text)
        if year:
            return year
    return plan_year(folded_title) or year_in(fold(evidence.opening))


def _dates(evidence: Evidence) -> Iterator[str]:
    for text in _folded((evidence.title or "", *evidence.front, *evidence.back, *evidence.furniture)):
        date = date_in(text)
        if date:
            yield date


def _region(evidence: Evidence, folded_title: str) -> str | None:
    """Return the full name of the region, in Simplified script."""
    found = region(folded_title)
    if found:
        return found[2]
    if "行政院" in folded_title:
        return TAIWAN.full
    for text in _folded((*evidence.front, *evidence.back, evidence.name)):
        place = province(text)
        if place:
            return place.full
    if "施政报告" in folded_title and any(
        word in fold(evidence.opening) for word in ("香港", "特区政府", "行政长官")
    ):
        return HONG_KONG.full
    return None


def _institution(evidence: Evidence, title: str, kind: str | None, place: str | None, declared: Metadata) -> str | None:
    folded = fold(title)
    found = _in_title(title, folded)
    if found:
        return found
    home = place or declared.region
    if kind in _GOVERNMENTAL or kind == "施政报告":
        government = _government(home)
        if government:
            return evidence.in_own_script(government)
        if kind in _GOVERNMENTAL and _is_national(evidence, folded):
            return evidence.in_own_script(_STATE)
    for text in (*evidence.back, *evidence.front):
        found = _signed(text)
        if found:
            return found
    for text in evidence.furniture:
        match = _SUBORDINATE.search(fold(text))
        if match and not _NO_OFFICE.search(match["name"]) and re.search(f"{OFFICES}$", match["name"]):
            return text[match.start("name") : match.end("name")]
    found = _in_title(evidence.name, fold(evidence.name))
    if found:
        return found
    match = _REPRESENTED.search(fold(evidence.opening))
    if match and not home:
        return evidence.opening[match.start("name") : match.end("name")]
    if home:
        return evidence.in_own_script(home + "统计局" if kind == "统计公报" else _government(home) or home)
    return None


def _in_title(title: str, folded: str) -> str | None:
    organ = _ORGANS.search(folded)
    if organ:
        start = organ.start()
        if folded.startswith("中华人民共和国", start):
            start += 7
        leading = _LEADING.match(folded)
        return title[max(start, leading.end() if leading and leading.end() < organ.end() else 0) : organ.end()]
    leading = _LEADING.match(folded)
    match = _TITLE_OFFICE.match(folded, leading.end() if leading else 0)
    if match and not _NO_OFFICE.search(match["name"]) and len(match["name"]) > 1:
        return title[match.start() : match.end("name")]
    return None


def _signed(text: str) -> str | None:
    folded = fold(text)
    if _STATE in folded:
        at = folded.index(_STATE)
        return text[at : at + len(_STATE)]
    for match in _SIGNED.finditer(folded):
        if len(match["name"]) > 2 and not _NO_OFFICE.search(match["name"]):  # noqa: PLR2004 - 本院, 我局 name nobody
            return text[match.start("name") : match.end("name")]
    return None


def _government(home: str | None) -> str | None:
    if not home:
        return None
    place = province(fold(home))
    if place and len(home) <= len(place.full):
        return place.government
    return home + "人民政府"


def _is_national(evidence: Evidence, folded_title: str) -> bool:
    texts = (folded_title, *_folded(evidence.front), fold(evidence.opening[:400]))
    return any(word in text for text in texts for word in ("中华人民共和国", "国务院", "全国人民代表大会", "国民经济和社会发展"))


def _source(evidence: Evidence) -> str | None:
    for text in (*evidence.front, *evidence.furniture):
        match = _URL.search(text)
        if match:
            return match[0]
    return None


def _tags(evidence: Evidence) -> tuple[str, ...]:
    for text in evidence.furniture:
        match = _TAGS.match(fold(text))
        if match:
            return tuple(part for part in _SEPARATORS.split(text[match.end() :].strip()) if part)
    return ()


def _folded(texts: Sequence[str]) -> Iterator[str]:
    return map(fold, texts)
