"""The provinces of China, by every name a report may use for them, and what else tells a place from other words."""

import re
from typing import NamedTuple

__all__ = ["HONG_KONG", "MACAU", "TAIWAN", "Place", "province", "region"]


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
_UNIT = r"(?:自治州|自治县|自治旗|新区|地区|市|县|区|州|盟|旗|镇|乡)"
# 市场, 区域, 县域 and their like are words, and 全市, 我县 name no place.
_NO_UNIT = r"(?![场域级委长民政内直属际容区])"
_NAME = r"(?:(?!全|我|本|各|该|省|市|县|年|月|届|次|在|于|为|和|与|及|的|新时代)[\u4e00-\u9fff]){2,7}?"
_LOCAL = re.compile(rf"{_NAME}{_UNIT}{_NO_UNIT}")


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
    local = _LOCAL.match(folded)
    return local[0] if local else None
