"""Front and back matter: title, byline and salutation before the body, signature and date behind it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searcher.analysis import fold
from searcher.reading._joining import ENDS, is_open, is_salutation
from searcher.reading._lines import Line, key, line
from searcher.reading._words import OFFICES, POSTS, kind_of

__all__ = ["Matter", "frame"]

_NUMERAL = "[一二三四五六七八九十〇零\\d]"
_DATE = rf"(?:{_NUMERAL}{{4}}|民国\s*\d{{2,3}})\s*年(?:\s*{_NUMERAL}{{1,3}}\s*月)?(?:\s*{_NUMERAL}{{1,3}}\s*日)?"
_BYLINE = re.compile(
    rf"""[-—─―\s(]*(?:
      .{{0,30}}{_DATE}.{{0,60}}(?:会议|大会|会上|全会|通过|批准|发布|印发|工作报告).{{0,15}}
      |.{{0,40}}{_DATE}[)\s]*
      |(?:来源|作者|记者|时间|日期|编辑)\s*:.*
      |.{{0,30}}{POSTS}(?:\s?[\u4e00-\u9fff·•\s]{{2,12}})?
      |(?:[\u4e00-\u9fff]\s?){{1,3}}[长理席]\s[\u4e00-\u9fff\s]{{2,6}}
      |.*(?:摄|供图|记者.{{0,20}})
      |.{{0,12}}第\s*\S{{1,4}}\s*[届次].{{0,25}}(?:会期|会议|大会).{{0,6}}
    )[)。.\s]*$""",
    re.VERBOSE,
)
_YEARS = re.compile(r"\(\d{4}\s*年?\s*[-—–─~～至]+\s*\d{4}\s*年?\)$")  # of a plan
_OF_YEAR = re.compile(r"[\u4e00-\u9fff]{2,20}\d{4}年度?$")  # the first line of a title: 青山县2008年
_DATE_LINE = re.compile(rf"[-—(\s]*{_DATE}\s*[)\s]*$")
_DAY_LINE = re.compile(
    rf"[-—(\s]*(?:{_NUMERAL}{{4}}|民国\s*\d{{2,3}})\s*年\s*{_NUMERAL}{{0,3}}\s*月\s*{_NUMERAL}{{0,3}}\s*日[)\s]*$"
)  # a draft leaves them open: 2024年 月 日
_OFFICE_LINE = re.compile(rf"(?:[\u4e00-\u9fff]{{0,20}}{OFFICES}[\s、,]*)+$")
_PUBLICITY = re.compile(r"\(此件.{0,8}(?:公开|发布).{0,8}\)$|抄送:|主题词:")
_UNFINISHED = re.compile(
    rf"(?:[\u4e00-\u9fff]{{0,12}}{OFFICES}|中华人民共和国|[\u4e00-\u9fff]{{2,8}}[省市县区州]|{OFFICES}?{POSTS}|(?:关于|对于).*|.*\d{{2,4}}年度?.*)$"
)
_WEAK = re.compile(r"(?:建设|发展|行动|工作|实施|追加|施政|总体|专项)?.{2,4}\s*(?:\(.*\))?$")
_SUBTITLE = re.compile(rf"\s*(?:(?<![\d年])[-—─―]{{1,2}}\s*(?={_DATE})|(?<=政府工作报告)(?=[\u4e00-\u9fff])(?!的)).*")
_YEAR = re.compile(rf"{_NUMERAL}{{2,4}}\s*年")
_PUNCTUATION = re.compile(r"[/。,;:!?|]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_FOOTNOTE = "·•*＊※ "  # marks that send the reader to a note
_NOTED = re.compile(r"\[\d{1,2}\]$")
_PROSE = 40  # characters
_FRONT = 40  # lines: a title stands among them
_FRONT_TEXT = 600  # characters of prose that may stand before the salutation: captions, summaries
_LONGEST_TITLE = 70
_TITLE_LINES = 3


@dataclass(frozen=True, slots=True)
class Matter:
    """A report's lines, and what stands around its body."""

    title: str | None
    front: tuple[str, ...]  # byline, subtitle, salutation
    back: tuple[str, ...]  # signature and date
    body: tuple[Line, ...]


def frame(lines: Sequence[Line], name: str, declared_title: str | None) -> Matter:
    """Return `lines` as title, front matter, body and back matter; `name` is the file's stem."""
    end, addressed = _front_end(lines)
    title, used = _title(lines[:end], name)
    front = [lines[i].text for i in sorted(used) if key(lines[i].text.rstrip(_FOOTNOTE)) not in key(title or "")]
    known = {key(fold(text)) for text in (title, declared_title) if text}
    body: list[Line] = []
    for i, item in enumerate(lines[:end]):
        if i in used or key(fold(item.text)) in known:
            continue
        if _is_front(
            item, addressed=addressed, before_title=i < min(used, default=0), last=i == end - 1, titled=bool(used)
        ):
            front.append(item.text)
        else:
            body.append(item)
    back = []
    signed = {*_signatures(lines, end), *_codes(lines, end)}
    vocative = ""
    for i in range(end, len(lines)):
        item = lines[i]
        if i in signed:
            back.append(item.text)
        elif is_salutation(item) and not item.number:
            if i + 1 < len(lines) and _is_prose(lines[i + 1]) and not lines[i + 1].number:
                vocative += item.text  # it opens the paragraph below it
            else:
                back.append(item.text)
        else:
            body.append(line(vocative + item.text, item) if vocative else item)
            vocative = ""
    return Matter(title, tuple(front), tuple(back), tuple(body))


def _front_end(lines: Sequence[Line]) -> tuple[int, bool]:
    """Return where the front matter ends, and whether a salutation ends it."""
    prose = 0
    start = None
    for i, item in enumerate(lines[:_FRONT]):
        if is_salutation(item):
            return i + 1, True
        text = _is_prose(item) and not (_BYLINE.match(item.head) and len(item.text) <= 2 * _PROSE)
        heads = item.number is not None and item.role != "title" and not _names_kind(item.head)
        if start is None and (text or heads):
            start = i
        prose += len(item.text) if text else 0
        if prose > _FRONT_TEXT or (item.number and prose):
            break
    return (min(len(lines), _FRONT) if start is None else start), False


def _is_prose(item: Line) -> bool:
    return (
        item.role == "row" or len(item.text) > 2 * _PROSE or (item.text[-1] in ENDS and len(item.text) >= _PROSE // 2)
    )


def _names_kind(folded: str) -> bool:
    found = kind_of(folded)
    return found is not None and found[1]


def _is_front(item: Line, *, addressed: bool, before_title: bool, last: bool, titled: bool) -> bool:
    if addressed:
        return len(item.text) <= 4 * _PROSE
    if _BYLINE.match(item.head) or _OFFICE_LINE.match(item.head):
        return True
    if _is_prose(item) or item.role == "heading":
        return False
    # The last line above the text is its first heading; other lines under a title belong to it.
    return before_title or (titled and (not last or _names_kind(item.head)))


def _title(lines: Sequence[Line], name: str) -> tuple[str | None, set[int]]:
    """Return the title, and the lines that make it."""
    best, best_score, used = None, 0.0, set[int]()
    stem = key(fold(name))
    for start in range(len(lines)):
        for end in range(start + 1, min(start + _TITLE_LINES, len(lines)) + 1):
            score = _title_score(lines[start:end], stem) - start * 0.05
            if score > best_score:
                best, best_score, used = _headline(lines[start:end]), score, set(range(start, end))
    return best, used


def _title_score(window: Sequence[Line], stem: str) -> float:
    """Return how much some lines look like a title; 0 is not at all."""
    text = _headline(window)
    if not 4 <= len(text) <= _LONGEST_TITLE or text[-1] in "。；：:;，,！!":  # noqa: PLR2004 - the shortest is 工作总结
        return 0.0
    folded = fold(text)
    if any(is_salutation(item) or item.role == "row" for item in window):
        return 0.0
    if _is_byline(folded) or any(_is_byline(item.head) for item in window[1:]):
        return 0.0
    named = key(folded) in stem or stem in key(folded)
    found = kind_of(folded)
    score = (4.0 if found[1] else 2.0) if found else 0.0
    if any(item.role == "title" for item in window):
        score += 5
    elif any(item.role == "heading" and item.level == 1 for item in window):
        score += 2
    if not score and not (named and key(folded) in stem):
        return 0.0
    score += 0.5 * bool(_YEAR.search(folded)) + 2 * (named and bool(stem)) - 3 * bool(window[0].number)
    if len(window) > 1:
        if not (_is_one(window) or key(folded) in stem):
            return 0.0
        score += 0.5
    return score


def _is_one(window: Sequence[Line]) -> bool:
    """Tell whether lines under one another are one title."""
    *above, last = window
    if len({item.role for item in window}) > 1:
        return False  # the format itself tells them apart
    if any(_names_kind(item.head) for item in above):
        return len(window) == 2 and bool(re.match(r"\(.{4,30}\)$", last.head)) and not _is_byline(last.head)  # noqa: PLR2004
    if any(item.head[:2] == last.head[:2] for item in above):
        return False  # the name of a site above a title that names its office itself
    weak = kind_of(last.head) is not None and bool(_WEAK.match(last.head))
    return all(
        _may_head(item) and (_UNFINISHED.match(item.head) or is_open(item.text) or (weak and not item.gap))
        for item in above
    )


def _may_head(item: Line) -> bool:
    """Tell whether a line can be the first of a title's."""
    return not _is_byline(item.head) and not _PUNCTUATION.search(item.head)


def _is_byline(folded: str) -> bool:
    return bool(_BYLINE.match(folded)) and not (_names_kind(folded) or _OF_YEAR.match(folded) or _YEARS.match(folded))


def _headline(window: Sequence[Line]) -> str:
    """Return lines as one title, without the byline or subtitle that stands behind it."""
    text = window[0].text
    for item in window[1:]:
        text += (" " if text[-1].isascii() and item.text[0].isascii() else "") + item.text
    at = _SUBTITLE.search(fold(text))
    return _NOTED.sub("", (text[: at.start()] if at else text).rstrip(_FOOTNOTE))


def _signatures(lines: Sequence[Line], start: int) -> Iterator[int]:
    """Yield the lines that sign: a date alone on its line, and the offices right above it."""
    for i in range(start, len(lines)):
        item = lines[i]
        if len(item.text) > _PROSE:
            continue
        if _PUBLICITY.match(item.head):
            yield i
        elif _DAY_LINE.match(item.head) or (i >= len(lines) - 3 and _DATE_LINE.match(item.head)):
            yield i
            for k in range(i - 1, max(start, i - 6) - 1, -1):
                if len(lines[k].text) > _PROSE or not _OFFICE_LINE.match(key(lines[k].head)):
                    break
                yield k


def _codes(lines: Sequence[Line], start: int) -> Iterator[int]:
    """Yield the last lines, as far as they hold no Chinese: page codes and the like."""
    for i in range(len(lines) - 1, start, -1):
        if len(lines[i].text) > _PROSE or lines[i].role == "row" or _HAN.search(lines[i].text):
            return
        yield i
