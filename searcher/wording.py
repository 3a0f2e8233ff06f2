"""What is told to a reader, in English and in Chinese: every sentence once, with places for what it is about."""

from collections.abc import Mapping
from typing import Any, Self

__all__ = ["SENTENCES", "Said", "in_chinese", "say"]


class Said(str):  # noqa: SLOT000 - no string that has more than its characters can have slots
    """A text in English that has its Chinese, and knows what it is about: its kind and its parameters."""

    chinese: str
    kind: str
    params: Mapping[str, Any]

    def __new__(cls, english: str, chinese: str, kind: str = "", params: Mapping[str, Any] | None = None) -> Self:
        """Make one; `params` are plain data."""
        said = super().__new__(cls, english)
        said.chinese, said.kind, said.params = chinese, kind, params or {}
        return said

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str, Mapping[str, Any]]]:
        return type(self), (str(self), self.chinese, self.kind, self.params)


def say(kind: str, /, **params: object) -> Said:
    """Return a sentence of `SENTENCES`; a parameter that is said itself stands in the language of the sentence."""
    english, chinese = SENTENCES[kind]
    return Said(
        english.format(**{name: _joined(value, ", ") for name, value in params.items()}),
        chinese.format(**{name: in_chinese(_joined(value, "、")) for name, value in params.items()}),
        kind,
        params,
    )


def in_chinese(text: Any) -> Any:  # noqa: ANN401 - numbers are the same in both
    """Return a text in Chinese, as it is where it has none."""
    return text.chinese if isinstance(text, Said) else text


def _joined(value: object, comma: str) -> object:
    return comma.join(value) if isinstance(value, tuple) else value


SENTENCES: Mapping[str, tuple[str, str]] = {
    # Notes on results.
    "also_searched": ("also searched: {typed} = {others}", "同时检索：{typed} = {others}"),
    "as_phrase": ("{term} stands nowhere as a word: searched as a phrase", "“{term}”在库中不单独成词，已按短语检索"),
    "too_many_words": (
        "{pattern} stands for more words than {most}: only the most frequent were searched",
        "{pattern} 所指的词超过 {most} 个，只检索了最常见的",
    ),
    "crossing": ("{count} more across word boundaries: --loose", "另有 {count} 处跨词匹配"),
    "in_part": ("{count} of the hits shown hold only part of the query", "本页有 {count} 条只含部分检索词"),
    "nowhere": ("{part} occurs nowhere", "库中没有：{part}"),
    "near": ("near {part}: {words}", "与 {part} 相近：{words}"),
    "more_nowhere": (
        "{count} more parts of the query occur nowhere",
        "检索式中另有 {count} 部分在库中没有",
    ),
    "filtered_out": (
        "{count} paragraphs match, but none under the filters",
        "有 {count} 段匹配，但都不符合筛选条件",
    ),
    "none_where": ("none where {condition}", "没有一段符合：{condition}"),
    "never_together": (
        "each part occurs, but no paragraph holds all of them",
        "各部分都有，但没有一段同时包含",
    ),
    "without": ("without {part}: {count} paragraphs", "去掉 {part}：{count} 段"),
    "no_time": ("there was no time to find out more", "时间不够，未能进一步说明原因"),
    # Queries that cannot be understood.
    "at_position": ("{fault} (position {position} of the query)", "{fault}（检索式第 {position} 个字符）"),
    "query_too_long": (
        "The query has {length} characters and may have {most}: shorten it",
        "检索式有 {length} 个字符，最多可有 {most} 个：请缩短",
    ),
    "page_query_too_long": (
        "The query is longer than {most} characters: shorten it",
        "检索式超过 {most} 个字符：请缩短",
    ),
    "only_punctuation": (
        "The query holds nothing but punctuation: add a word",
        "检索式里只有标点：请加上词语",
    ),
    "signs_alone": ("{signs} stands alone: add a word to it", "{signs} 单独出现：请在后面加上词语"),
    "empty_query": ("The query is empty: type a word", "检索式是空的：请输入词语"),
    "not_opened": (
        r"Nothing was opened here: leave the ) out or write \)",
        r"这里没有可关闭的括号：请去掉 )，或写作 \)",
    ),
    "too_deep": (
        "More than {most} levels stand one in the other: take parentheses or NOTs away",
        "嵌套超过 {most} 层：请减少括号或 NOT",
    ),
    "empty_parentheses": (
        "There is nothing between these parentheses: fill them or leave them out",
        "括号里是空的：请填写或去掉",
    ),
    "empty_values": (
        "There is nothing between these parentheses: fill them",
        "括号里是空的：请填写",
    ),
    "boost_form": (
        r"A boost is ^ and a number from 0.001 to {most:g}, as in ^2; for the text write \^",
        r"加权写作 ^ 加 0.001 到 {most:g} 之间的数，如 ^2；若指字符本身，写作 \^",
    ),
    "boost_of_filter": (
        "A filter does not score: leave the boost out",
        "筛选条件不计分：请去掉加权",
    ),
    "boost_of_nothing": (
        r"This boost follows nothing: put a word before it; for the text write \^",
        r"加权前面没有词语：请在前面加上；若指字符本身，写作 \^",
    ),
    "unknown_field": (
        "There is no field {name!r}: use one of {known}; for the text write {name}\\:",
        "没有“{name}”这个字段：可用 {known}；若指文字本身，写作 {name}\\:",
    ),
    "no_value": (
        "{field} is followed by nothing: add a value; for the text write {name}\\:",
        "{field} 后面没有内容：请填写；若指文字本身，写作 {name}\\:",
    ),
    "sign_before_field": (
        "The sign stands before the field: write {sign}{field}",
        "符号应写在字段之前：写作 {sign}{field}",
    ),
    "quotation_not_opened": (
        "This quotation was not opened: open it before; for the character write \\{mark}",
        "这里的引号没有开头：请在前面补上；若指字符本身，写作 \\{mark}",
    ),
    "quotation_not_closed": (
        "This quotation is not closed: close it; for the character write \\{mark}",
        "引号没有关闭：请补上另一半；若指字符本身，写作 \\{mark}",
    ),
    "empty_phrase": (
        "There is nothing between these quotation marks: fill them",
        "引号里是空的：请填写",
    ),
    "distance_form": (
        'A distance is ~ and a whole number up to 999, as in "a b"~5',
        '间隔写作 ~ 加不超过 999 的整数，如 "甲 乙"~5',
    ),
    "too_many_parts": (
        "A distance is between at most {most} parts, and these are {parts}: leave some out, or join parts with AND",
        "间隔检索最多 {most} 个部分，这里有 {parts} 个：请减少，或改用 AND 连接",
    ),
    "pattern_form": (
        r"{pattern} is no pattern: {remedy}; for the text write \* and \?",
        r"{pattern} 不是通配式：{remedy}；若指字符本身，写作 \* 和 \?",
    ),
    "beside_question_mark": ("put a letter or figure beside the ?", "? 旁边要有字"),
    "one_star": (
        "one * may stand at the start or the end, and no ? beside it",
        "只可在开头或结尾用一个 *，且不与 ? 同用",
    ),
    "beside_star": ("put two letters or figures beside the *", "* 旁边至少要有两个字"),
    "only_or": (
        "Between the values of {field} only OR may stand: write the rest outside the parentheses",
        "{field} 的各个值之间只可用 OR：其余请写在括号外",
    ),
    "compared_whole": (
        r"{field} is compared whole: give the value without * and ?, or write \* and \? for the text",
        r"{field} 按整值比较：请去掉 * 和 ?，或写作 \* 和 \?",
    ),
    "no_operand": (
        "{word} lacks a term to work on: add it, or quote what is text",
        "{word} 缺少作用的词语：请补上；若指文字本身，请加引号",
    ),
    "parenthesis_not_closed": (
        r"This parenthesis is not closed: close it; for the character write \(",
        r"括号没有关闭：请补上另一半；若指字符本身，写作 \(",
    ),
    "never": ("{field} is never {text!r}: use one of {known}", "{field} 没有“{text}”这个值：可用 {known}"),
    "field_cannot_be": ("{field} cannot be {text!r}: write {form}", "{field} 不能是“{text}”：请写{form}"),
    "year_form": (
        "a year of four digits as in {field}:2024, {field}:2004..2008, {field}:..2008 or {field}:[2004 TO 2008]",
        "四位数的年份，如 {field}:2024、{field}:2004..2008、{field}:..2008 或 {field}:[2004 TO 2008]",
    ),
    "date_form": (
        "a date as in {field}:2006, {field}:2006-03, {field}:2006-03-05 or {field}:2006-03..2006-05",
        "日期，如 {field}:2006、{field}:2006-03、{field}:2006-03-05 或 {field}:2006-03..2006-05",
    ),
    "reversed": (
        "The range ends before it begins: write {field}:{low}..{high}",
        "范围的结尾早于开头：请写 {field}:{low}..{high}",
    ),
    # Other arguments.
    "no_year": (
        "{text!r} is no year: write 2006, 2004..2008, ..2008 or 2004..",
        "“{text}”不是年份：请写 2006、2004..2008、..2008 或 2004..",
    ),
    "years_backwards": (
        "The years {low}..{high} run backwards: write {high}..{low}",
        "年份 {low}..{high} 前后颠倒：请写 {high}..{low}",
    ),
    "too_far": (
        "limit and offset must be 0 or more, and no more than {most} together",
        "limit 与 offset 不能为负，合计不超过 {most}",
    ),
    "parameter": ("{name} cannot be {text!r}: {remedy}", "{name} 不能是“{text}”：{remedy}"),
    "whole_number": (
        "write a whole number from {least} to {most}",
        "请写 {least} 到 {most} 之间的整数",
    ),
    "choose": ("choose from {known}", "可选 {known}"),
    "true_or_false": ("write true or false", "请写 true 或 false"),
    "no_facet": ("there is no facet {name!r}: choose from {known}", "没有“{name}”这种分面：可选 {known}"),
    "no_parameter": (
        "There is no parameter {name!r}: choose from {known}",
        "没有“{name}”这个参数：可选 {known}",
    ),
    "given_twice": ("{name} is given twice", "{name} 给了两次"),
    "missing": ("{name} is missing: it is what is searched", "缺少 {name}：它是要检索的内容"),
    # What a server says.
    "internal": ("Something went wrong here", "服务器出了问题"),
    "busy": (
        "Too many requests wait already: try again in a moment",
        "等候的请求太多：请稍后再试",
    ),
    "too_many": (
        "{most} requests of yours wait already: let one end before the next",
        "您已有 {most} 个请求在等候：请等一个结束后再试",
    ),
    "timeout": ("The search took longer than it was given.", "检索超过了时限：请缩短检索式，或少用通配与间隔"),
    "stopped": (
        "The process that searched for it ended: try again",
        "检索进程中断了：请再试一次",
    ),
    "index": ("{detail}", "索引无法读取：{detail}"),
    "not_found": ("{detail}", "库中没有这份报告或这个段落"),
    "no_page": ("{detail}", "没有这个地址"),
}
"""Each kind in English and in Chinese. Both have the same parameters, but for `detail`."""
