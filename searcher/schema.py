"""What may be searched, and what it is called.

One table. The query language, the engines, the facets and the documentation all read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

__all__ = ["BY_NAME", "FACETS", "FIELDS", "TOKEN_FIELDS", "Field", "Kind"]


class Kind(Enum):
    """How a field is matched."""

    TEXT = "text"  # words and phrases, in a place of the paragraph or its report
    KEYWORD = "keyword"  # one of few values, compared whole
    NUMBER = "number"  # a value or a range
    DATE = "date"  # likewise, in ISO 8601 and as exact as it is known


@dataclass(frozen=True, slots=True)
class Field:
    """A name a query may use, and the Chinese names for it."""

    name: str
    aliases: tuple[str, ...]
    kind: Kind
    facet: bool = False
    boost: float = 0.0  # what a match in this place adds to a score, beside 1.0 for the text itself
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()  # where there are no others: each, and the names for it


FIELDS: tuple[Field, ...] = (
    Field("text", ("正文", "内容"), Kind.TEXT, boost=1.0),
    Field("section", ("章节", "标题路径"), Kind.TEXT, boost=0.1),
    Field("title", ("标题", "题名"), Kind.TEXT, boost=0.2),
    Field("institution", ("机构", "单位"), Kind.TEXT, facet=True, boost=0.25),
    Field("region", ("地区",), Kind.TEXT, facet=True, boost=0.25),
    Field("year", ("年份", "年"), Kind.NUMBER, facet=True),
    Field("date", ("日期",), Kind.DATE),
    Field("kind", ("类型", "文种"), Kind.KEYWORD, facet=True),
    Field(
        "zone",
        ("篇章",),
        Kind.KEYWORD,
        facet=True,
        values=(
            ("opening", ("开篇",)),
            ("review", ("回顾",)),
            ("goals", ("目标",)),
            ("tasks", ("任务",)),
            ("closing", ("结语",)),
        ),
    ),
    Field(
        "script",
        ("字体",),
        Kind.KEYWORD,
        facet=True,
        values=(("simplified", ("简体",)), ("traditional", ("繁体",)), ("mixed", ("混合",))),
    ),
    Field("report", ("报告",), Kind.KEYWORD),
    Field("id", ("编号",), Kind.KEYWORD),
)

BY_NAME: Mapping[str, Field] = MappingProxyType(
    {name: field for field in FIELDS for name in (field.name, *field.aliases)}
)
"""Every name and alias, in Simplified script and lower case."""

FACETS: tuple[str, ...] = tuple(field.name for field in FIELDS if field.facet)

TOKEN_FIELDS = ("words", "bigrams", "unigrams")
"""What the text of every place is kept as; see `searcher.analysis`."""
