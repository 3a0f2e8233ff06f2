"""Furniture: what a page, a site or a printer puts around a report, and no part of what it says."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from searcher.reading._lines import Line, key

__all__ = ["is_furniture", "without_contents", "without_page_furniture", "without_tail"]

_LONGEST = 120  # characters: longer lines are somebody's prose
_LONGEST_TAIL = 800  # characters

_BUTTONS = """
下载 打印 打印本页 全屏 收藏 分享 分享到 加大 还原 减小 大 中 小 字号 字体 关闭 关闭窗口 关闭本页
返回 返回顶部 返回首页 首页 上一页 下一页 上一篇 下一篇 更多 正文 附件下载 相关文档 继续访问 放弃
微信 微博 扫一扫 搜索 登录 注册 手机版 客户端 无障碍 繁体 繁體 繁 简体 简 english
网站地图 网站帮助 隐私声明 关于我们 联系我们 public domain true false x 【 】 [ ] | ·
"""
_WORDS = frozenset(_BUTTONS.split())
"""What buttons and the like say, as whole lines or side by side."""

_BEGINS = re.compile(
    r"""\W{0,3}(?:
      (?:当前位置|您当前|您现在的位置|您的位置|现在的位置|字体|字号|背景色|责任编辑|责编|编辑|审核|校对
         |来源|稿源|信息来源|文章来源|作者|时间|发布时间|发布日期|生成日期|发文日期|成文日期|索引号|索\s引\s号|发布机构
         |公开方式|公开时限|公开范围|责任部门|信息分类|主题分类|浏览次数|浏览量|点击数|点击量|点击率|访问量|阅读次数|阅读量
         |标签|分类号|文章编号|中图分类|网址|原文链接|中文域名)\s*[:】]
      |(?:相关报道|相关链接|相关阅读|相关新闻|相关文章|相关附件|关联稿件|延伸阅读|推荐阅读|图文解读|政策解读|热点专题)(?:[:\s·]|$)
      |(?:分享到|扫一扫|扫描二维码|e-mail推荐|字体:|返回顶部|您访问的链接|网站无障碍|网站标识码)
      |(?:版权所有|copyright|©|all\ rights)
      |(?:主办|承办|主办单位|承办单位|协办)\s*:.{0,60}(?:承办|政府办|网)
      |本作品(?:是|来自|在|属)|本模板所指|注:中文维基
      |https?://\S+$
      |.{0,12}京?icp备|.{0,10}公网安备
      |\(?\s*新华社.{1,12}\d\s*月\s*\d{1,2}\s*日电\s*\)?$
      |《?\s*人民日报\s*》?\s*\(
    )""",
    re.VERBOSE,
)
# Each alternative begins with a character of its own, so that a line without any of them is passed at a glance.
_HOLDS = re.compile(
    r"首页\s*[>»›]|>.{1,20}[>»›]|».{1,20}[>»›]|›.{1,20}[>»›]|icp备\d|rights reserved|academic journal"
    r"|网(?<=\S网)\s*编辑:| 标签:"
)
_TAIL = re.compile(
    r"本作品(?:是|来自|在|属|原)|相关(?:报道|链接|阅读|新闻|文章)|责任编辑|\W?e-mail推荐|public domain|扫一扫|版权所有"
)
_PAGE_NUMBER = re.compile(r"[^\w(]{0,3}(?:第\s*)?(\d{1,4})(?:\s*页)?(?:\s*[/共]\s*\d{1,4}\s*页?)?[^\w.、)]{0,3}")
_ENTRY = re.compile(r"[^\d.,年月-]\s*\(?\d{1,3}(?:\s*[-–—~～至]\s*\d{1,3})?\)?$")
_LEADS = frozenset("0123456789０１２３４５６７８９.．…·‥)")  # what ends a line that a leader stands in
_LEADER = re.compile(r"(?:[.．…·‥]\s?){4,}\s*\(?\d{0,4}\)?\s*$")
_CONTENTS = re.compile(r"目\s*[录次](?![制的标])")
_HAN = re.compile(r"[\u3400-\u9fff]{3}")
_SHORT = 45  # characters: an entry of a table of contents, a running head
_EDGE = 2  # lines at the top and at the bottom of a page
_FEWEST = 3  # entries of a table of contents, steps of page numbers


def is_furniture(item: Line) -> bool:
    """Tell whether a line is furniture by what it says."""
    if len(item.text) > _LONGEST:
        return False
    head = item.head
    if _BEGINS.match(head) or _HOLDS.search(head) or (item.text[-1] in _LEADS and _LEADER.search(item.text)):
        return True
    return len(head) <= _SHORT and all(word in _WORDS for word in head.split())


def without_tail(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return `lines` without what a site puts behind the text, licence and links; and what was left out."""
    for i in range(len(lines) // 2, len(lines)):
        if _TAIL.match(lines[i].head):
            rest = lines[i:]
            if sum(len(item.text) for item in rest) <= _LONGEST_TAIL:
                return list(lines[:i]), list(rest)
    return list(lines), []


def without_page_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return `lines` without page numbers, running heads and pages of contents; and what was left out."""
    if not any(item.page for item in lines):
        return _without_lone_numbers(lines)
    pages: dict[int, list[int]] = defaultdict(list)
    for i, item in enumerate(lines):
        pages[item.page or 0].append(i)
    out = set[int]()
    contents = False
    for page in pages.values():
        contents = _is_contents([lines[i] for i in page], 0.35 if contents else 0.5)
        if contents:
            title = next((k for k, i in enumerate(page) if _CONTENTS.match(lines[i].head)), 0)
            out.update(i for k, i in enumerate(page) if k >= title or _ENTRY.search(lines[i].text))
        edges = (*page[:_EDGE], *page[-_EDGE:])
        out.update(i for i in edges if _PAGE_NUMBER.fullmatch(lines[i].head))
    heads = Counter(text for page in pages.values() for text in {_stem(lines[i]) for i in _edges(page, out)})
    often = max(3, len(pages) // 50)
    for page in pages.values():
        out.update(i for i in _edges(page, out) if heads[_stem(lines[i])] >= often and len(lines[i].text) <= _SHORT)
    return _divided(lines, out)


def without_contents(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return `lines` without a table of contents that has no page of its own; and what was left out.

    It goes from its title to the first line that is prose or that it has already listed.
    """
    start = next((i for i, item in enumerate(lines) if len(item.text) <= _SHORT and _CONTENTS.match(item.head)), None)
    if start is None:
        return list(lines), []
    listed = key(lines[start].text)
    end = start + 1
    for end in range(start + 1, len(lines)):
        item = lines[end]
        this = key(item.text)
        if (this in listed and end >= start + _FEWEST and _HAN.search(this)) or _is_prose(item):
            break
        listed += "\n" + this
    later = [item for item in lines[end:] if len(item.text) <= _SHORT and not _is_prose(item)]
    entries = sum(bool(_ENTRY.search(item.text)) for item in lines[start + 1 : end])
    if end - start >= _FEWEST and (entries > (end - start) / 2 or any(key(item.text) in listed for item in later)):
        return _divided(lines, set(range(start, end)))
    return _divided(lines, {start})


def _is_prose(item: Line) -> bool:
    if item.text[-1] in "。！？；":
        return True
    return item.number is None and len(item.text) > _SHORT // 2 and ("，" in item.text or "," in item.text)


def _is_contents(page: Sequence[Line], share: float) -> bool:
    if len(page) <= _FEWEST or any(item.text.endswith(("。", "；")) for item in page):
        return False
    entries = sum(bool(_ENTRY.search(item.text)) for item in page)
    return entries >= share * len(page)


def _stem(item: Line) -> str:
    return re.sub(r"[\d\s]+", "", item.head)


def _edges(page: Sequence[int], out: set[int]) -> Iterator[int]:
    left = [i for i in page if i not in out]
    return iter(dict.fromkeys((*left[:_EDGE], *left[-_EDGE:])))


def _without_lone_numbers(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Take out lines that are one number each, where these count up as pages do."""
    lone = [(i, int(match[1])) for i, item in enumerate(lines) if (match := _PAGE_NUMBER.fullmatch(item.head))]
    steps = sum(after - before in (1, 2) for (_, before), (_, after) in pairwise(lone))
    return _divided(lines, {i for i, _ in lone} if steps >= _FEWEST and steps > len(lone) / 2 else set())


def _divided(lines: Sequence[Line], out: set[int]) -> tuple[list[Line], list[Line]]:
    kept = [item for i, item in enumerate(lines) if i not in out]
    return kept, [item for i, item in enumerate(lines) if i in out]
