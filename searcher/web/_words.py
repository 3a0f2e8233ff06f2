"""The words of the interface, in Chinese and English, and the library's notes in Chinese."""

import re
from collections.abc import Callable, Mapping

__all__ = ["WORDS", "note_in_chinese", "understood_in_chinese"]

WORDS: Mapping[str, tuple[str, str]] = {
    # What a page says, by key: Chinese, then English.
    "name": ("政府报告检索", "Government report search"),
    "tagline": (
        "逐段检索政府报告：每一处原文，出自哪份报告、哪一章节、哪一年。",
        "Search government reports paragraph by paragraph: every passage with its report, section and year.",
    ),
    "skip": ("跳到正文", "Skip to content"),
    "query": ("检索词", "Query"),
    "placeholder": ("词语、“短语”、A OR B、-排除、年份:2006", "words, “phrases”, A OR B, -without, year:2006"),
    "search": ("检索", "Search"),
    "options": ("检索选项", "Options"),
    "match": ("匹配", "Match"),
    "match_auto": ("自动", "auto"),
    "match_all": ("全部词", "all words"),
    "match_any": ("任一词", "any word"),
    "loose": ("包括跨词匹配（民生 ⊂ 人民|生活）", "Across word boundaries (民生 in 人民|生活)"),
    "exact": ("只检索所输入的写法", "Only as typed, no equivalents"),
    "year_range": ("年份", "Years"),
    "title_filter": ("标题含", "In the title"),
    "section_filter": ("章节含", "In a heading"),
    "apply": ("应用", "Apply"),
    "examples": ("试试", "Try"),
    "holding": ("库中有 {reports} 份报告、{paragraphs} 个段落", "{reports} reports, {paragraphs} paragraphs"),
    "holding_years": ("，{first}–{last} 年", ", {first}–{last}"),
    "found": ("{total} 段匹配，出自 {reports} 份报告", "{total} paragraphs in {reports} reports"),
    "found_only": ("{total} 段匹配", "{total} paragraphs"),
    "took": ("{ms} 毫秒", "{ms} ms"),
    "nothing": ("没有找到", "Nothing found"),
    "nothing_help": (
        "换个说法，或去掉一些筛选条件。",
        "Try other words, or remove some filters.",
    ),
    "no_more": ("这一页没有更多结果", "There are no more results on this page"),
    "understood": ("理解为", "Understood as"),
    "more_loose": ("另有 {count} 处跨词匹配", "{count} more across word boundaries"),
    "include": ("一并检索", "include them"),
    "filters": ("筛选", "Filters"),
    "active": ("已选条件", "Active filters"),
    "remove": ("去掉条件 {what}", "Remove filter {what}"),
    "clear": ("全部清除", "Clear all"),
    "year": ("年份", "Year"),
    "institution": ("机构", "Institution"),
    "region": ("地区", "Region"),
    "kind": ("文种", "Kind"),
    "zone": ("篇章", "Part"),
    "script": ("字体", "Script"),
    "section": ("章节", "Section"),
    "report": ("报告", "Report"),
    "title": ("标题", "Title"),
    "date": ("日期", "Date"),
    "source": ("出处", "Source"),
    "tags": ("标签", "Tags"),
    "unknown": ("未注明", "Unknown"),
    "opening": ("开篇", "opening"),
    "review": ("回顾", "review"),
    "goals": ("目标", "goals"),
    "tasks": ("任务", "tasks"),
    "closing": ("结语", "closing"),
    "simplified": ("简体", "simplified"),
    "traditional": ("繁体", "traditional"),
    "mixed": ("混合", "mixed"),
    "more_values": ("其余 {count} 个", "{count} more"),
    "by_year": ("逐年列出", "List of years"),
    "sort": ("排序", "Sort"),
    "sort_score": ("相关度", "relevance"),
    "sort_year": ("年份", "year"),
    "sort_position": ("原文顺序", "position"),
    "view": ("显示", "View"),
    "view_snippets": ("片段", "snippets"),
    "view_kwic": ("逐行对照", "KWIC"),
    "kwic_sort": ("对齐排序", "Align by"),
    "kwic_none": ("结果顺序", "result order"),
    "kwic_left": ("左侧", "left"),
    "kwic_right": ("右侧", "right"),
    "kwic_year": ("年份", "year"),
    "kwic_caption": ("逐行对照：每处匹配一行", "Concordance: one line a match"),
    "before": ("上文", "Before"),
    "hit": ("匹配", "Match"),
    "after": ("下文", "After"),
    "trend": ("历年趋势", "Trend"),
    "trend_of": ("“{query}”的历年趋势", "Trend of “{query}”"),
    "to_results": ("返回结果", "Back to results"),
    "absolute": ("匹配段数", "Matching paragraphs"),
    "relative": ("每万字匹配段数", "Per 10,000 characters"),
    "characters": ("字数", "Characters"),
    "gap": ("无报告", "no report"),
    "gap_help": ("斜纹年份在库中没有报告，不是零。", "Hatched years have no report here; they are not zero."),
    "undated": ("另有 {count} 段所在报告年份不明。", "{count} more paragraphs stand in reports of unknown year."),
    "results": ("检索结果", "Results"),
    "next": ("下一页", "Next"),
    "previous": ("上一页", "Previous"),
    "pages": ("翻页", "Pages"),
    "cite": ("引文", "Citation"),
    "copy": ("复制引文", "Copy citation"),
    "copied": ("已复制", "Copied"),
    "paragraph_id": ("段落", "paragraph"),
    "open": ("阅读全文", "Read the report"),
    "only_report": ("只看这份报告", "Only this report"),
    "outline": ("目录", "Outline"),
    "metadata": ("报告信息", "About the report"),
    "matches_here": ("{count} 处匹配", "{count} matches"),
    "first_match": ("第一处匹配", "First match"),
    "next_match": ("下一处匹配", "Next match"),
    "previous_match": ("上一处匹配", "Previous match"),
    "permalink": ("第 {number} 段的链接", "Link to paragraph {number}"),
    "paragraphs": ("段落", "Paragraphs"),
    "display": ("显示字形", "Show in"),
    "display_original": ("原文", "original"),
    "display_simplified": ("简", "简"),
    "display_traditional": ("繁", "繁"),
    "language": ("English", "中文"),
    "json": ("本页 JSON", "This page as JSON"),
    "csv": ("下载 CSV", "Download CSV"),
    "api": ("接口说明", "API"),
    "keys": ("键盘：/ 检索框，j/k 上下一条，Enter 打开", "Keys: / search box, j/k next or previous, Enter opens"),
    "home": ("首页", "Home"),
    "problem": ("无法完成", "That did not work"),
    "problem_query": ("检索式有误", "The query cannot be understood"),
    "problem_missing": ("没有这个页面", "There is no such page"),
    "problem_busy": ("请稍后再试", "Try again in a moment"),
    "at": ("第 {position} 个字符处", "at character {position}"),
}

_QUOTED = re.compile(r"(“[^”]*”)")
_FIELDS = {
    "year": "年份", "date": "日期", "kind": "文种", "zone": "篇章", "script": "字体", "report": "报告", "id": "编号",
    "text": "正文", "section": "章节", "title": "标题", "institution": "机构", "region": "地区", "paragraph": "段落",
}  # fmt: skip
_FIELD = "|".join(_FIELDS)
_IN_WORDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"\b({_FIELD}) (?:is|in) "), lambda found: f"{_FIELDS[found[1]]} "),
    (re.compile(rf"(?<!\w)((?:{_FIELD})(?:\|(?:{_FIELD}))*):"), lambda found: f"{_places(found[1])}："),
    (re.compile(r" and "), " 且 "),
    (re.compile(r" or "), " 或 "),
    (re.compile(r"\bnot "), "不含 "),
    (re.compile(r"\beverything\b"), "全部段落"),
    (re.compile(r"\bnothing\b"), "无"),
    (re.compile(r" near "), " 邻近 "),
    (re.compile(r" within (\d+)"), r"（相距 \1 字以内）"),
    (re.compile(r"\b(\d+) of \("), r"至少 \1 项（"),
)


def _places(names: str) -> str:
    return "、".join(_FIELDS[name] for name in names.split("|"))


def understood_in_chinese(text: str) -> str:
    """Return in Chinese what `describe` says of a query; what stands in quotation marks is left alone."""
    parts = _QUOTED.split(text)
    for i in range(0, len(parts), 2):
        for pattern, chinese in _IN_WORDS:
            parts[i] = pattern.sub(chinese, parts[i])
    return "".join(parts)


_NOTES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), chinese)
    for pattern, chinese in (
        (r"also searched: (.+)", "同时检索：{0}"),
        (r"(.+) stands nowhere as a word: searched as a phrase", "“{0}”在库中不单独成词，已按短语检索"),
        (r"(.+) stands for more words than (\d+): .+", "{0} 所指的词超过 {1} 个，只检索了最常见的"),
        (r"(\d+) of the hits shown hold only part of the query", "本页有 {0} 条只含部分检索词"),
        (r"(\d+) more parts of the query occur nowhere", "检索式中另有 {0} 部分在库中没有"),
        (r"(.+) occurs nowhere", "库中没有：{0}"),
        (r"near (.+): (.+)", "与 {0} 相近：{1}"),
        (r"(\d+) paragraphs match, but none under the filters", "有 {0} 段匹配，但都不符合筛选条件"),
        (r"none where (.+)", "没有一段符合：{0}"),
        (r"each part occurs, but no paragraph holds all of them", "各部分都有，但没有一段同时包含"),
        (r"without (.+): (\d+) paragraphs", "去掉 {0}：{1} 段"),
    )
)


def note_in_chinese(note: str) -> str:
    """Return a note of the library in Chinese; one that is not known stays as it is."""
    for pattern, chinese in _NOTES:
        if found := pattern.fullmatch(note):
            return chinese.format(*map(understood_in_chinese, found.groups()))
    return note
