"""What a column, a sidecar or a page's head declares, as `Metadata`: one table of names, one way to read each value."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from searcher.model import Metadata

__all__ = ["FIELD_OF", "declared", "field_of_ending", "iso_date", "key"]

_NAMES = {
    "title": "title 标题 標題 题名 題名 篇名 文件名称 文件标题 文件標題 report_title headline",
    "year": "year 年份 年 年度 report_year",
    "institution": "institution 机构 機構 单位 單位 部门 部門 发文机关 發文機關 发文单位 發文單位 发布机构 發布機構 "
    "puborg pub_org organization organisation agency issuer department",
    "region": "region 地区 地區 省份 省 行政区 行政區 province prov",
    "kind": "kind 文种 文種 类型 類型 doc_type report_type",
    "date": "date 日期 发布日期 發布日期 发布时间 發布時間 成文日期 印发日期 印發日期 "
    "publish_date pub_date published publish_time pub_time date_published issue_date",
    "source": "source url source_url link href 网址 網址 链接 連結 来源网址 原文链接",
    "tags": "tags tag keywords keyword 关键词 關鍵詞 标签 標籤 主题词 主題詞",
}

_HAN_ENDINGS = tuple(
    name for names in _NAMES.values() for name in names.split() if len(name) > 1 and not name.isascii()
)

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_DATE = re.compile(
    r"(?<!\d)(1[89]\d\d|20\d\d)(?:\s*[-/.年]\s*(1[0-2]|0?[1-9])(?!\d)(?:\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?!\d))?)?"
)
_COMPACT = re.compile(r"(1[89]\d\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_SEPARATORS = re.compile(r"[;；,，、|\s]+")


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """Return a column's or a sidecar's name as it is compared: case, spaces, `_` and `-` make no difference."""
    return re.sub(r"[\s_\-\ufeff]+", "", name).casefold()


FIELD_OF: Mapping[str, str] = {key(name): field for field, names in _NAMES.items() for name in names.split()}
"""Every known name, as `key` writes it, and the field of `Metadata` it fills."""


@lru_cache(maxsize=4096)
def field_of_ending(name: str) -> str | None:
    """Return the field a longer name ends in: `Policy Title`, `政策标题`."""
    words = re.split(r"[\s_\-]+", name.strip())
    last = key(words[-1])
    if len(words) > 1 and (last in FIELD_OF or last == "time"):
        return FIELD_OF.get(last, "date")
    whole = key(name)
    return next((FIELD_OF[ending] for ending in _HAN_ENDINGS if whole.endswith(ending)), None)


def declared(values: Iterable[tuple[str, object]]) -> Metadata:
    """Return the metadata in `values`, by field or any known name of it; the first that says something wins.

    Unknown names and values that cannot be meant (year `n/a`, a source that is no URL) are passed over.
    """
    found: dict[str, str | int | tuple[str, ...]] = {}
    for name, value in values:
        field = FIELD_OF.get(key(name))
        if field and field not in found:
            read = _value(field, value)
            if read:
                found[field] = read
    return Metadata(**found)  # type: ignore[arg-type]  # _value gives each field its type


def iso_date(text: str) -> str | None:
    """Return the first date in `text`, as exact as it is given: 2006, 2006-03 or 2006-03-05."""
    match = _COMPACT.fullmatch(text.strip()) or _DATE.search(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        dt.date(year or 1, month or 1, day or 1)
    except ValueError:
        return None
    return "-".join(f"{part:02}" for part in (year, month, day) if part is not None)


def _value(field: str, value: object) -> str | int | tuple[str, ...] | None:
    if field == "tags" and isinstance(value, list | tuple):
        return tuple(" ".join(str(item).split()) for item in value if str(item).strip())
    if value is None or isinstance(value, bool | list | tuple | dict):
        return None
    if isinstance(value, dt.date):  # a datetime too
        value = value.isoformat()[:10]
    text = " ".join(str(value).split())
    match field:
        case "year":
            match = _YEAR.search(text)
            return int(match[1]) if match else None
        case "date":
            return iso_date(text)
        case "source":
            return text if re.match(r"https?://\S+$", text, re.IGNORECASE) else None
        case "tags":
            return tuple(part for part in _SEPARATORS.split(text) if part)
        case _:
            return text or None
