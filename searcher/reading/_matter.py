"""Front and back matter: title, byline and salutation before the body, signature and date behind it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searcher.analysis import fold
from searcher.reading._joining import ENDS, is_salutation
from searcher.reading._lines import Line, key
from searcher.reading._words import OFFICES, POSTS, kind_of

__all__ = ["DATE", "Matter", "frame"]

_NUMERAL = "[一二三四五六七八九十〇零○\\d]"
DATE = rf"(?:{_NUMERAL}{{4}}|民国\s*\d{{2,3}})\s*年(?:\s*{_NUMERAL}{{1,3}}\s*月)?(?:\s*{_NUMERAL}{{1,3}}\s*日)?"
"""A date as reports write it, folded: 2025年1月16日, 二〇〇六年三月, 民国114年2月."""

_BYLINE = re.compile(
    rf"""[-—─―\s(]*(?:
      .{{0,30}}{DATE}.{{0,60}}(?:会议|大会|会上|全会|通过|批准|发布|印发|作政府工作报告).{{0,15}}
      |.{{0,40}}{DATE}[)\s]*
      |(?:来源|作者|记者|时间|日期|编辑)\s*:.*
      |.{{0,30}}{POSTS}\s?[\u4e00-\u9fff·•\s]{{2,12}}
      |(?:[\u4e00-\u9fff]\s?){{1,3}}(?:长|理|席)\s[\u4e00-\u9fff\s]{{2,6}}
      |.*(?:摄|供图|记者.{{0,20}})
      |.{{0,12}}(?:第\s*\S{{1,4}}\s*届|第\s*\S{{1,4}}\s*次).{{0,25}}(?:会期|会议|会).{{0,6}}
    )[)。.\s]*$""",
    re.VERBOSE,
)
_DATE_LINE = re.compile(rf"[-—(\s]*{DATE}\s*[)\s]*$")
_FULL_DATE_LINE = re.compile(
    rf"[-—(\s]*(?:{_NUMERAL}{{4}}|民国\s*\d{{2,3}})\s*年\s*{_NUMERAL}{{1,3}}\s*月\s*{_NUMERAL}{{1,3}}\s*日[)\s]*$"
)
_OFFICE_LINE = re.compile(rf"(?:[\u4e00-\u9fff]{{0,20}}{OFFICES}[\s、,]*)+$")
_PUBLICITY = re.compile(r"\(此件.{0,8}(?:公开|发布).{0,8}\)$|抄送:|主题词:")
_INCOMPLETE = re.compile(
    rf"(?:{OFFICES}|中华人民共和国|[\u4e00-\u9fff]{{2,8}}[省市县区州]|{OFFICES}?{POSTS}|(?:关于|对于).*)$"
)
_PROSE = 40
_FRONT = 40  # lines: a title stands among them
_FRONT_TEXT = 600  # characters of prose that may stand before the salutation: captions, summaries
_LONGEST_TITLE = 70


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
    title, used = _title(lines[:end], name, declared_title)
    front: list[Line] = []
    body: list[Line] = []
    for i, item in enumerate(lines[:end]):
        if i in used:
            continue
        (front if _belongs_to_front(lines, i, end, addressed=addressed, titled=bool(used)) else body).append(item)
    back: list[Line] = []
    signed = set(_signatures(lines, end))
    for i in range(end, len(lines)):
        item = lines[i]
        if i in signed or (is_salutation(item) and not _opens_paragraph(lines, i)):
            back.append(item)
        else:
            body.append(item)
    return Matter(title, tuple(item.text for item in front), tuple(item.text for item in back), tuple(body))


def _front_end(lines: Sequence[Line]) -> tuple[int, bool]:
    """Return where the front matter ends, and whether a salutation ends it."""
    prose = 0
    first_prose = None
    for i, item in enumerate(lines[:_FRONT]):
        if is_salutation(item):
            return i + 1, True
        is_byline = bool(_BYLINE.match(item.head)) and len(item.text) <= 2 * _PROSE
        if item.number and item.role != "title" and first_prose is None and not _is_title_like(item):
            first_prose = i
        if _is_prose(item) and not is_byline:
            prose += len(item.text)
            first_prose = i if first_prose is None else first_prose
        if prose > _FRONT_TEXT or (item.number and prose):
            break
    return (min(len(lines), _FRONT) if first_prose is None else first_prose), False


def _is_prose(item: Line) -> bool:
    return (
        item.role == "row" or len(item.text) > 2 * _PROSE or (item.text[-1] in ENDS and len(item.text) >= _PROSE // 2)
    )


def _is_title_like(item: Line) -> bool:
    found = kind_of(item.head)
    return bool(found and found[1] == 2)


def _belongs_to_front(lines: Sequence[Line], i: int, end: int, *, addressed: bool, titled: bool) -> bool:
    item = lines[i]
    if addressed:
        return len(item.text) <= 4 * _PROSE
    if _is_prose(item) and not _BYLINE.match(item.head):
        return False
    if _BYLINE.match(item.head) or _OFFICE_LINE.match(item.head) or _is_title_like(item):
        return True
    if item.role == "heading":
        return False
    # The last line before the text is its first heading, unless the title is still to come or goes on.
    return i < end - 1 or not titled


def _title(lines: Sequence[Line], name: str, declared: str | None) -> tuple[str | None, set[int]]:
    """Return the title, and the lines that make it or repeat it."""
    best, best_score, used = None, 0.0, set[int]()
    stem = key(fold(name))
    for start in range(len(lines)):
        for end in range(start + 1, min(start + 4, len(lines) + 1)):
            window = lines[start:end]
            score = _title_score(window, stem) - start * 0.05
            if score > best_score:
                best, best_score, used = _glued(window), score, set(range(start, end))
    known = {key(fold(text)) for text in (best, declared) if text}
    used |= {i for i, item in enumerate(lines) if key(fold(item.text)) in known}
    return best, used


def _title_score(window: Sequence[Line], stem: str) -> float:
    text = _glued(window)
    if not 4 <= len(text) <= _LONGEST_TITLE or text[-1] in "。；：:;，,！!":
        return 0.0
    if any(is_salutation(item) or item.role == "row" or _is_byline_only(item) for item in window):
        return 0.0
    folded = fold(text)
    found = kind_of(folded)
    score = 2.0 * found[1] if found else 0.0
    if any(item.role == "title" for item in window):
        score += 5
    elif any(item.role == "heading" and item.level == 1 for item in window):
        score += 2
    if not score and key(folded) not in stem:
        return 0.0
    if re.search(rf"{_NUMERAL}{{2,4}}\s*年", folded):
        score += 0.5
    if len(key(text)) >= 6 and (key(folded) in stem or stem in key(folded)):
        score += 2
    if len(window) > 1:
        whole = all(_INCOMPLETE.match(item.head) or _is_unbalanced(item.text) for item in window[:-1])
        continued = (
            bool(re.match(r"\(.{4,30}\)$", window[-1].head)) and len(window) == 2 and not _BYLINE.match(window[-1].head)
        )
        if not (whole or continued or key(folded) in stem):
            return 0.0
        score += 0.5
    if window[0].number:
        score -= 3
    return score


def _is_byline_only(item: Line) -> bool:
    return bool(_BYLINE.match(item.head)) and not _is_title_like(item)


def _is_unbalanced(text: str) -> bool:
    return any(text.count(left) != text.count(right) for left, right in ("「」", "《》", "“”", "（）"))


def _glued(window: Sequence[Line]) -> str:
    text = window[0].text
    for item in window[1:]:
        both = text[-1].isascii() and item.text[0].isascii()
        text += (" " if both else "") + item.text
    return text


def _signatures(lines: Sequence[Line], start: int) -> Iterator[int]:
    """Yield the lines that sign: a date alone on its line, and the offices right above it."""
    for i in range(start, len(lines)):
        item = lines[i]
        if len(item.text) > _PROSE:
            continue
        if _PUBLICITY.match(item.head):
            yield i
        elif _FULL_DATE_LINE.match(item.head) or (_DATE_LINE.match(item.head) and i >= len(lines) - 3):
            yield i
            for k in range(i - 1, max(start, i - 6) - 1, -1):
                if len(lines[k].text) > _PROSE or not _OFFICE_LINE.match(key(lines[k].head)):
                    break
                yield k


def _opens_paragraph(lines: Sequence[Line], i: int) -> bool:
    """Tell whether a vocative line stands over prose: it opens that paragraph."""
    return i + 1 < len(lines) and _is_prose(lines[i + 1]) and lines[i + 1].number is None
