"""Years and dates as reports write them: 2006年, 二〇〇六年, 二零零五至零六年, 民國113年度, １９９０."""

import re

from searcher.reading._numbering import cardinal

__all__ = ["date_in", "plan_year", "year_in"]

_NUMERAL = "[一二三四五六七八九十〇零\\d]"
_ARABIC = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d|\s*年远景)")  # a far goal is no report's own year
_HAN_YEAR = re.compile(r"([一二][一二三四五六七八九〇零]{3})(?=\s*[年至到—-](?!远景))")
_ROC = re.compile(r"(?<!\d)(\d{2,3})\s*年度?")
_TAIWAN = re.compile(r"民国|行政院|立法院")
_DATE = re.compile(
    rf"(?P<year>1[89]\d\d|20\d\d|[一二][一二三四五六七八九〇零]{{3}}|民国\s*\d{{2,3}})\s*[-/.年]"
    rf"(?:\s*(?P<month>{_NUMERAL}{{1,2}})\s*[-/.月](?:\s*(?P<day>{_NUMERAL}{{1,3}})\s*(?:日|(?!\d)))?)?"
)
_SPACED = re.compile(r"(?<=\d)(?<!\d\d) (?=\d(?!\d))")
_PLAN = re.compile(r"第?([一二三四五六七八九十]{1,3})个?五年?(?:计划|规划)?|[“\"]([一二三四五六七八九十]{1,3})五[”\"]")
_FIRST_PLAN = 1953
_THIRD_PLAN = 1966  # three years of readjustment lay between the second and the third
_FIRST_ROC_YEAR = 1911


def year_in(folded: str) -> int | None:
    """Return the first year a folded text names."""
    folded = _SPACED.sub("", folded)
    found = [(match.start(), int(match[1])) for match in (_ARABIC.search(folded),) if match]
    found += [(match.start(), cardinal(match[1])) for match in (_HAN_YEAR.search(folded),) if match]
    if not found and _TAIWAN.search(folded):
        found += [(match.start(), int(match[1]) + _FIRST_ROC_YEAR) for match in (_ROC.search(folded),) if match]
    return min(found)[1] if found else None


def date_in(folded: str) -> str | None:
    """Return the first date a folded text gives, if it gives more than a year: 2006-03 or 2006-03-05."""
    for match in _DATE.finditer(_SPACED.sub("", folded)):
        if not match["month"]:
            continue
        written = match["year"]
        year = int(written[2:]) + _FIRST_ROC_YEAR if written.startswith("民国") else cardinal(written)
        month, day = cardinal(match["month"]), cardinal(match["day"] or "")
        if 1 <= month <= 12 and day <= 31:  # noqa: PLR2004 - the calendar's
            return f"{year}-{month:02}" + (f"-{day:02}" if day else "")
    return None


def plan_year(folded: str) -> int | None:
    """Return the first year of the five-year plan a folded title names: 第十一个五年规划 is 2006's."""
    match = _PLAN.search(folded)
    if match is None:
        return None
    count = cardinal(match[1] or match[2])
    return _THIRD_PLAN + 5 * (count - 3) if count >= 3 else _FIRST_PLAN + 5 * (count - 1)  # noqa: PLR2004 - see above
