"""Write `data/wording.txt` anew: `python -m searcher.query._generate_wording`.

Run it when OpenCC's tables or the rules below change; a test holds the shipped file equal to what this gives.

OpenCC's phrase tables tell what a thing is called in Taiwan (資訊) and on the mainland (信息), and which Traditional
words fold to characters that Simplified text does not use (計畫). They serve to convert text known to be from one side;
a query finds text of either. So a pair is kept only where each word means the other wherever it stands:

- both words have two Han characters or more, and differ once folded;
- no word is called one thing in one pair and the other in another: 文件 is 檔案 in Taiwan, and 文檔 is 文件 there;
- neither holds the other: 哈薩克 is the country in Taiwan, and begins the name of a people everywhere;
- the local word is rare on the mainland, by jieba's counts of mainland text: 支援 and 執行 are words there too;
- jieba knows the mainland word, if it is short or the pair is one of script: most others are nobody's words;
- the mainland word is no ordinary one whose counterpart is a term of computing only: see `_ORDINARY`;
- no shorter pair gives it: 數字電路 follows from 數字.
"""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from searcher.analysis import fold, is_han

__all__ = ["render", "wording_pairs"]

_MAINLAND_FIRST = ("TWPhrases.txt",)
_MAINLAND_LAST = ("TWPhrasesRev.txt",)
_SCRIPT = ("TSPhrases.txt", "HKVariantsRevPhrases.txt", "TWVariantsRevPhrases.txt")  # the mainland's form last

_SHORT = 2
_RARE = 10  # the count of a word that the mainland hardly knows
_RATIO = 16  # a word that is so many times rarer than its counterpart is rare beside it

# Words of reports on both sides of the strait (循環經濟, 發布, 社區, 實價登錄), for which OpenCC has what a menu or a
# manual says (迴圈, 釋出, 社群, 登入).
_ORDINARY = frozenset(
    """
    万象 代码 优化 优先级 低级 全局 分区 刷新 剪切 参数 发布 呼出 回调 图像 图库 在线 地址 外置 多任务 奔驰 实例 布尔
    性价比 扩展 抛出 持久性 挂断 散列 数据源 映射 查看 欧拉 汇编 溢出 登录 社区 移动资料 窗口 类型 绑定 脚本 任务栏
    访问 调制 调度 连接器 重装 队列 高端 高级 卸载 循环 权限
    """.split()  # noqa: SIM905 - a text of words reads better than a list of strings
)


def wording_pairs() -> list[tuple[str, str]]:
    """Return pairs of a mainland word and its counterpart, folded and sorted."""
    counts = _counts()
    pairs = set(_regional()) | {pair for pair in _of_script() if counts.get(pair[0])}
    pairs = {pair for pair in pairs if pair[0] != pair[1] and all(map(_is_word, pair))}
    ambiguous = {mainland for mainland, _ in pairs} & {local for _, local in pairs}

    def means_the_same(mainland: str, local: str) -> bool:
        count = counts.get(mainland, 0)
        rare = counts.get(local, 0) <= max(_RARE, count / _RATIO)
        known = count > 0 or len(mainland) > _SHORT
        apart = mainland not in local and local not in mainland
        return rare and known and apart and mainland not in _ORDINARY and not ambiguous & {mainland, local}

    kept = {pair for pair in pairs if means_the_same(*pair)}
    return sorted(pair for pair in kept if not any(_follows(pair, other) for other in kept))


def _regional() -> Iterator[tuple[str, str]]:
    for name in _MAINLAND_FIRST:
        yield from _rows(name)
    for name in _MAINLAND_LAST:
        yield from ((mainland, local) for local, mainland in _rows(name))


def _of_script() -> Iterator[tuple[str, str]]:
    for name in _SCRIPT:
        yield from ((mainland, local) for local, mainland in _rows(name))


def _rows(name: str) -> Iterator[tuple[str, str]]:
    """Yield a word and each of its counterparts in a table of OpenCC's, folded."""
    for line in fold((files("opencc") / "dictionary" / name).read_text("utf-8")).splitlines():
        word, tab, others = line.partition("\t")
        yield from ((word, other) for other in others.split(" ") if tab)


def _is_word(text: str) -> bool:
    return len(text) >= _SHORT and all(map(is_han, text))


def _counts() -> dict[str, int]:
    """Return how often jieba's dictionary has counted each word, folded."""
    counts: dict[str, int] = {}
    for line in fold((files("jieba") / "dict.txt").read_text("utf-8")).splitlines():
        word, count, *_ = line.split(" ")
        counts[word] = counts.get(word, 0) + int(count)
    return counts


def _follows(pair: tuple[str, str], shorter: tuple[str, str]) -> bool:
    """Tell whether putting a shorter pair's words for each other gives this one."""
    return pair != shorter and pair[0].replace(*shorter) == pair[1] != pair[0]


def render(pairs: list[tuple[str, str]]) -> str:
    """Return the file: a pair a line, the mainland's word first."""
    return "".join(f"{mainland} = {local}\n" for mainland, local in pairs)


if __name__ == "__main__":
    (Path(__file__).parent / "data" / "wording.txt").write_text(render(wording_pairs()), "utf-8")
