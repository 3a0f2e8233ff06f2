"""The provinces of China, by every name a report may use for them, and what else tells a place from other words."""

import re
from typing import NamedTuple

__all__ = ["HONG_KONG", "MACAU", "TAIWAN", "Place", "province", "region", "seat"]


class Place(NamedTuple):
    """A province: its short name, its full one, and what its government is called, all in Simplified script."""

    short: str
    full: str
    government: str


_CITIES = "北京 天津 上海 重庆"
_PLAIN = """
河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海
"""


def _table() -> dict[str, Place]:
    rows = [Place(name, name + "市", name + "市人民政府") for name in _CITIES.split()]
    rows += [Place(name, name + "省", name + "省人民政府") for name in _PLAIN.split()]
    rows += [
        Place(short, full, full + "人民政府")
        for short, full in (
            ("内蒙古", "内蒙古自治区"),
            ("广西", "广西壮族自治区"),
            ("西藏", "西藏自治区"),
            ("宁夏", "宁夏回族自治区"),
            ("新疆", "新疆维吾尔自治区"),
        )
    ]
    rows += [
        Place("香港", "香港特别行政区", "香港特别行政区政府"),
        Place("澳门", "澳门特别行政区", "澳门特别行政区政府"),
        Place("台湾", "台湾", "行政院"),
    ]
    return {row.short: row for row in rows}


_PROVINCES = _table()
HONG_KONG, MACAU, TAIWAN = (_PROVINCES[name] for name in ("香港", "澳门", "台湾"))

_SHORT = "|".join(sorted(_PROVINCES, key=len, reverse=True))
_PROVINCE = re.compile(rf"(?P<short>{_SHORT})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区|特区)?")
_UNIT = r"(?:自治州|自治县|自治旗|新区|地区|省|市|县|区|州|盟|旗|镇|乡)"
# 市场, 区域, 县域 and their like are words, and 全市, 我县 name no place.
_NO_UNIT = r"(?![场域级委长内直属际容区]|民(?!政)|政(?!府))"
_NAME = r"(?:(?!全|我|本|各|该|省|市|县|年|月|届|次|在|于|为|和|与|及|的|新时代)[\u4e00-\u9fff]){2,7}?"
_LOCAL = re.compile(rf"{_NAME}{_UNIT}{_NO_UNIT}")
_DAY = re.compile(r"^\W*[\d〇零一二三四五六七八九十]{4}年.{1,3}月.{1,3}日")
_LEADING_YEAR = re.compile(r"\W*(?:\d{4}|[一二][〇零一二三四五六七八九]{3}|民国\d{2,3})年度?")
_SEAT = re.compile(rf"\W*在?(?P<place>{_NAME}{_UNIT})(?:第.{{1,4}}届|(?:省|市|县|区|州|盟|旗|镇|乡)长)")


def province(folded: str, *, whole: bool = False) -> Place | None:
    """Return the first province named in a folded text; `whole`: named with what it is, 湖北省 and not 湖北."""
    for match in _PROVINCE.finditer(folded):
        if not whole or match[0] != match["short"]:
            return _PROVINCES[match["short"]]
    return None


def region(folded: str) -> str | None:
    """Return the full name of the region a folded title names: 湖北 is 湖北省, 万载县 stands as it is."""
    match = _PROVINCE.match(folded) or _PROVINCE.search(folded)
    if match:
        local = _LOCAL.match(folded, match.end())
        return _PROVINCES[match["short"]].full + (local[0] if local else "")
    year = _LEADING_YEAR.match(folded)
    local = _LOCAL.match(folded, year.end() if year else 0)
    return local[0] if local else None


def seat(folded: str) -> str | None:
    """Return the place whose congress sits or whose head speaks, in a byline: 青山县第九届人民代表大会, 青山县县长."""
    match = _SEAT.match(_DAY.sub("", folded))
    return match["place"] if match else None
