"""What a report says of itself: title, year, date, institution, region, kind, source and tags.

Every value is looked for in the same order of trust: what a person or a program declared, the title, the signature,
the head, the furniture, the file's name, and the first paragraphs.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from searcher.analysis import fold
from searcher.model import Metadata
from searcher.reading._dates import date_in, plan_year, year_in
from searcher.reading._places import HONG_KONG, TAIWAN, province, region, seat
from searcher.reading._words import OFFICES, kind_of

__all__ = ["Evidence", "describe"]

_STATE = "国务院"
_ORGANS = re.compile(
    r"国务院办公厅|国务院|行政院|全国人民代表大会常务委员会|全国人民代表大会|最高人民法院|最高人民检察院"
    r"|[\u4e00-\u9fff]{2,12}人民代表大会常务委员会|[\u4e00-\u9fff]{2,12}人民政府(?:办公厅|办公室)?"
)
_NAME_OF_STATE = "中华人民共和国"
_LEADING = re.compile(rf"(?:\d{{4}}年度?|[〇零一二三四五六七八九]{{4}}年度?|关于|{_NAME_OF_STATE}|\W)+")
_TITLE_OFFICE = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{0,14}}?{OFFICES})(?=关于|工作|施政|印发|\d|年度|第|发布|\W|$)")
_OFFICE = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{0,16}}?{OFFICES})(?=$|[\s\d,、)(《总主部局厅长省市县—-]|二)")
_LABELLED = re.compile(
    r"(?:责任部门|发布机构|发文机关|主办单位|主办|编制单位|信息来源)\s*:\s*(?P<name>[\u4e00-\u9fff]{2,20})"
)
_REPRESENTED = re.compile(r"代表(?P<name>国务院|中央人民政府|[\u4e00-\u9fff]{2,14}人民政府)")
_NO_OFFICE = re.compile(r"(?:全|干|内|外|总|各|一|本|大|有关|相关|主管)部|部门|党委|报$|网$|社$|代表大会")
_OPENING_KIND = re.compile(r"政府工作报告|报告政府工作|施政报告")
_MEETING = re.compile(r"大会|会议|通过")
_SUBJECT = re.compile(
    rf"(?:{_NAME_OF_STATE}|\d{{4}}年|[\u4e00-\u9fff]{{2,6}}[省市县区州])[^,。;:!?、《]{{4,60}}?"
    r"(?:规划纲要|计划纲要|五年规划|五年计划|统计公报|政府工作报告|施政报告)(?=根据|按照|由|是|,|\s)"
)
_AT_MEETING = re.compile(r".*(?:会议|大会)(?:上|通过)|.*会议$")
_SITE = re.compile(r"\s*[_|｜]\s*|\s+[-–—]\s+")
_TAGS = re.compile(r".*?标签\s*:\s*")
_SEPARATORS = re.compile(r"[\s,，、;；|]+")
_URL = re.compile(r"https?://[^\s<>\"'）)，。]+")
_OF_GOVERNMENTS = ("政府工作报告", "规划", "计划", "施政报告")
_FIRST = 2000  # characters of the body that are asked
_HEAD = 300  # and of its very beginning
_LEAST = 4  # characters of Chinese that make a file's name a title


@dataclass(frozen=True)
class Evidence:
    """Everything in a source that may tell what it is, in its own script."""

    title: str | None
    back: tuple[str, ...]
    front: tuple[str, ...]
    furniture: tuple[str, ...]
    name: str  # of the file, where it holds no other report
    paragraphs: tuple[str, ...]
    script: str | None

    @cached_property
    def opening(self) -> str:
        """The first paragraphs."""
        text = ""
        for paragraph in self.paragraphs:
            text += paragraph[: _FIRST - len(text)] + "\n"
            if len(text) >= _FIRST:
                break
        return text

    @cached_property
    def folded_opening(self) -> str:
        """The first paragraphs, folded."""
        return fold(self.opening)

    def in_own_script(self, name: str) -> str:
        """Return a Simplified `name` as the report itself writes it, if it does."""
        if self.script == "simplified":
            return name
        for text in (*self.front, *self.back, self.title or "", *self.paragraphs):
            at = fold(text).find(name)
            if at >= 0:
                return text[at : at + len(name)]
        return name


def describe(evidence: Evidence, declared: Metadata) -> Metadata:
    """Return the metadata of a report: what is declared, the rest as the evidence has it."""
    return declared.over(_Reader(evidence, declared).metadata())


class _Reader:
    """Reads one report's evidence; what is declared counts as evidence for the rest."""

    def __init__(self, evidence: Evidence, declared: Metadata) -> None:
        self.evidence = evidence
        self.title = _without_site(
            declared.title or evidence.title or _as_title(evidence.name) or _subject(evidence.opening)
        )
        self.folded = fold(self.title or "")
        self.opening = evidence.folded_opening
        self.kind = declared.kind or self._kind()
        self.date = declared.date
        self.place = declared.region or self._region()

    def metadata(self) -> Metadata:
        evidence = self.evidence
        return Metadata(
            title=self.title or (evidence.in_own_script(self.kind) if self.kind else None),
            year=self._year(),
            institution=self._institution(),
            region=evidence.in_own_script(self.place) if self.place else None,
            kind=self.kind,
            date=next(self._dates(), None),
            source=next((match[0] for text in self._around() if (match := _URL.search(text))), None),
            tags=self._tags(),
        )

    def _around(self) -> Iterator[str]:
        return iter((*self.evidence.front, *self.evidence.back, *self.evidence.furniture))

    def _kind(self) -> str | None:
        for text in (self.folded, fold(self.evidence.name)):
            found = kind_of(text)
            if found:
                return found[0]
        match = _OPENING_KIND.search(self.opening, 0, _HEAD)
        return None if match is None else "施政报告" if match[0] == "施政报告" else "政府工作报告"

    def _year(self) -> int | None:
        evidence = self.evidence
        named = year_in(self.folded) or plan_year(self.folded)
        around = (year_in(text) for text in map(fold, (*evidence.front, *evidence.back)))
        return (
            named
            or next(filter(None, around), None)
            or (int(self.date[:4]) if self.date else None)
            or year_in(fold(evidence.name))
            or next(filter(None, map(year_in, map(fold, evidence.furniture))), None)
            or year_in(self.opening)
        )

    def _dates(self) -> Iterator[str]:
        """Yield dates, those of a meeting first: what is published is dated again."""
        around = sorted(map(fold, self._around()), key=lambda text: not _MEETING.search(text))
        return filter(None, map(date_in, (self.folded, *around)))

    def _region(self) -> str | None:
        """Return the full name of the region, in Simplified script."""
        found = region(self.folded)
        if found:
            return found
        if any("行政院" in text for text in (self.folded, *map(fold, self.evidence.front))):
            return TAIWAN.full
        for text in map(fold, (*self.evidence.front, *self.evidence.back, self.evidence.name)):
            place = province(text, whole=True)
            if place:
                return place.full
        for text in map(fold, self.evidence.front):
            local = seat(text)
            if local:
                return local
        if self.kind == "施政报告" and any(word in self.opening for word in ("香港", "特区政府", "行政长官")):
            return HONG_KONG.full
        return None

    def _institution(self) -> str | None:
        evidence = self.evidence
        found = _in_title(self.title or "", self.folded)
        if found:
            return found
        if self.kind in _OF_GOVERNMENTS:
            government = self._government() or (_STATE if self._is_national() else None)
            if government:
                return self._own(government)
        found = self._signed()
        if found:
            return found
        for text in evidence.furniture:
            match = _LABELLED.search(fold(text))
            if match and not _NO_OFFICE.search(match["name"]) and re.search(f"{OFFICES}$", match["name"]):
                return text[match.start("name") : match.end("name")]
        found = _in_title(evidence.name, fold(evidence.name))
        if found:
            return found
        match = _REPRESENTED.search(self.opening)
        if match and not self.place:
            return evidence.opening[match.start("name") : match.end("name")]
        if self.place and self.kind == "统计公报":
            return evidence.in_own_script(self.place + "统计局")
        government = self._government()
        return self._own(government) if government else None

    def _signed(self) -> str | None:
        """Return the office in the signature or the byline: one of the region, if there is one, else the first."""
        found = [name for text in (*self.evidence.back, *self.evidence.front) for name in _offices(text)]
        home = fold(self.place or "")
        return next((name for name in found if home and home[:2] in fold(name)), next(iter(found), None))

    def _government(self) -> str | None:
        if not self.place:
            return None
        folded = fold(self.place)
        place = province(folded)
        return place.government if place and len(folded) <= len(place.full) else folded + "人民政府"

    def _own(self, government: str) -> str:
        """Return a government's name in the report's script, which may name but its place."""
        name = self.evidence.in_own_script(government)
        place = self.place or ""
        if name == government and government.startswith(place):
            return self.evidence.in_own_script(place) + government.removeprefix(place)
        return name

    def _is_national(self) -> bool:
        opening = self.opening[:_HEAD] if self.kind == "政府工作报告" else ""
        texts = (self.folded, *map(fold, self.evidence.front), opening)
        words = (_NAME_OF_STATE, _STATE, "全国人民代表大会", "国民经济和社会发展")
        return any(word in text for text in texts for word in words)

    def _tags(self) -> tuple[str, ...]:
        for text in self.evidence.furniture:
            match = _TAGS.match(fold(text))
            if match:
                return tuple(part for part in _SEPARATORS.split(text[match.end() :]) if part)
        return ()


def _without_site(title: str | None) -> str | None:
    """Return a title without the name of the site it was published on."""
    if not title:
        return None
    parts = [part for part in _SITE.split(title.strip()) if part]
    return next((part for part in parts if kind_of(fold(part))), title.strip()) if len(parts) > 1 else title.strip()


def _as_title(name: str) -> str | None:
    return name if sum("\u4e00" <= char <= "\u9fff" for char in name) >= _LEAST else None


def _subject(opening: str) -> str | None:
    """Return the title that is the subject of the first sentence: a plan that begins by telling what it is based on."""
    match = _SUBJECT.match(fold(opening[:_HEAD]))
    return opening[: match.end()] if match else None


def _in_title(title: str, folded: str) -> str | None:
    """Return the institution a title begins with, or the organ of state it names."""
    leading = _LEADING.match(folded)
    start = leading.end() if leading else 0
    organ = _ORGANS.search(folded, start)
    if organ:
        at = organ.start() + (len(_NAME_OF_STATE) if folded.startswith(_NAME_OF_STATE, organ.start()) else 0)
        return title[at : organ.end()]
    match = _TITLE_OFFICE.match(folded, start)
    if match and len(match["name"]) > 2 and not _NO_OFFICE.search(match["name"]):  # noqa: PLR2004 - 本院 names nobody
        return title[match.start("name") : match.end("name")]
    return None


def _offices(text: str) -> Iterable[str]:
    folded = fold(text)
    meeting = _AT_MEETING.match(folded)  # which is where the report was given, and not who gave it
    text, folded = (text[meeting.end() :], folded[meeting.end() :]) if meeting else (text, folded)
    organ = _ORGANS.search(folded)
    if organ:
        yield text[organ.start() : organ.end()]
        return
    for match in _OFFICE.finditer(folded):
        if len(match["name"]) > 2 and not _NO_OFFICE.search(match["name"]):  # noqa: PLR2004 - 本院 names nobody
            twice = match["name"][-2] == match["name"][-1]  # of 数位民生部部长 the office is one character less
            yield text[match.start("name") : match.end("name") - twice]
