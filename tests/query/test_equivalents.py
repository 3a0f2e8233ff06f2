"""Other ways to write what was typed, and what docs/equivalences.md says of them."""

import re
import time
from decimal import Decimal
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import analyzer, fold
from searcher.query import _equivalents
from searcher.query._equivalents import find_equivalents
from searcher.query._figures import find_figures
from searcher.query._generate_wording import render, wording_pairs
from searcher.query._numerals import DIGITS, UNITS, read_digits, read_integer, spell_digits, spell_integer

PAGE = (Path(__file__).parents[2] / "docs" / "equivalences.md").read_text("utf-8")
DATA = Path(_equivalents.__file__).parent / "data"


def rows_of(*header):
    """Return the rows of the page's tables with this header."""
    found = []
    for is_table, lines in groupby(PAGE.splitlines(), lambda line: line.startswith("|")):
        if is_table:
            first, _, *rows = [tuple(cell.strip() for cell in line.split("|")[1:-1]) for line in lines]
            found += rows if first == header else []
    return found


def code(cell):
    return re.findall("`([^`]*)`", cell)


def boundaries(text):
    return {offset for word in analyzer().analyze([text]).words_of() for offset in (word.start, word.end)}


def alternatives(text):
    """Return the alternatives of a text that is one equivalent from end to end."""
    (found,) = find_equivalents(text, boundaries(text))
    assert (found.start, found.end) == (0, len(text))
    return found.alternatives


# -- What the page says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "also"), rows_of("Typed", "Also found"))
def test_equivalents(typed, also):
    assert alternatives(*code(typed)) == tuple(code(also))


@pytest.mark.parametrize("typed", [row[0] for row in rows_of("Typed", "Why it has no equivalent")])
def test_no_equivalents(typed):
    assert find_equivalents(*code(typed)) == ()


@pytest.mark.parametrize(("typed", "found"), rows_of("Typed", "Found in it"))
def test_boundaries(typed, found):
    (text,) = code(typed)
    assert [text[one.start : one.end] for one in find_equivalents(text, boundaries(text))] == code(found)


def test_the_page_has_tables():
    assert min(len(rows_of("Typed", right)) for right in ("Also found", "Why it has no equivalent")) > 10


# -- Figures -----------------------------------------------------------------------------------------------------------

FIGURES = [
    ("百分之百", ["100%", "百分之一百"]),
    ("百分之〇点五", ["0.5%", "百分之零点五"]),
    ("百分之8.5", ["8.5%", "百分之八点五"]),
    ("105%", ["百分之一百零五", "百分之一百〇五"]),
    ("8.0%", ["百分之八点零", "百分之八点〇"]),
    ("0.13亿", ["1300万", "一千三百万"]),
    ("12万", ["120000", "十二万"]),
    ("2亿", ["20000万", "二亿", "两亿"]),
    ("两万", ["2万", "20000", "二万"]),
    ("5千万", ["5000万", "五千万", "0.5亿"]),
    ("一百十三年", ["113年", "一百一十三年"]),
    ("134.9084万亿", ["1349084亿"]),
    ("1349084亿", ["134.9084万亿"]),
    ("1349万", ["一千三百四十九万"]),
    ("五百万千瓦", ["500万千瓦", "5000000千瓦"]),
    ("三十五亿六千万", ["35.6亿", "356000万", "三十五点六亿"]),
    ("200个", ["两百个", "二百个"]),
    ("三倍", ["3倍"]),
    ("2倍", ["两倍", "二倍"]),
    ("1.5倍", ["一点五倍"]),
    ("零点五个百分点", ["0.5个百分点", "〇点五个百分点"]),
    ("五十分钟", ["50分钟"]),
    ("十件", ["10件"]),
    ("三十多", ["30多"]),
    ("70年", ["七十年"]),
    ("二十一世纪", ["21世纪"]),
    ("12月", ["十二月"]),
    ("十月一日", ["10月1日"]),
    ("2024年03月05日", ["2024年3月5日", "二〇二四年三月五日", "二零二四年三月五日"]),
    ("二○二四年十二月三十一日", ["2024年12月31日", "二零二四年十二月三十一日"]),
    ("２０２４年", ["二〇二四年", "二零二四年"]),
    ("１.３萬億", ["13000亿", "一万三千亿", "一点三万亿"]),
]
NO_FIGURES = """
    一些 万一 百万雄师 千万不要 亿万人民 千方百计 百分之 百分之一百二 二十大 十一五 十四五年均 三个代表 四个全面
    几十亿 十几万 初一 第三十一个 三点五十分 一点一滴 十万分之三 二十两 二百五十零个 十十万 五个 零 一心一意
    1千五百 1万亿5千 3百5十个 x5万 gb50016 v1.2万 1.2.3万 007个 3个 100.5人 10086 12345热线 0 0万 1,300x 5,300万1
""".split()  # noqa: SIM905 - a text of words reads better than a list of strings


@pytest.mark.parametrize(("text", "others"), FIGURES)
def test_figures(text, others):
    assert list(find_figures(fold(text))) == [(0, len(text), tuple(others))]


@pytest.mark.parametrize("text", NO_FIGURES)
def test_what_is_no_figure(text):
    assert list(find_figures(text)) == []


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("从2020—2025年看", ["2020", "2025年"]),
        ("增长8%、6％", ["8%", "6%"]),
        ("上世纪80年代和20世纪", ["80年代", "20世纪"]),
        ("2024年13月", ["2024年"]),
        ("2024政府工作报告", []),
        ("二〇二四政府工作报告", ["二〇二四"]),
        ("共1,300亿元和5亿", ["1,300亿元", "5亿"]),
        ("3,5万", ["5万"]),  # one and the other, as in an index
        ("百分之五至百分之六", ["百分之五", "百分之六"]),
    ],
)
def test_figures_in_a_text(text, figures):
    folded = fold(text)
    assert [folded[start:end] for start, end, _ in find_figures(folded)] == figures


def value(writing):
    """Return what an amount stands for, read in another way than the code does."""
    scale = re.search("万亿|亿|万|$", writing)
    if writing[0].isdigit() and writing[0] not in DIGITS:
        powers = {"": 0, "万": 4, "亿": 8, "万亿": 12}
        return Decimal(writing[: scale.start()]).scaleb(powers[scale[0]])
    whole, point, rest = writing.partition("点")
    if not point:
        return Decimal(read_integer(whole))
    figures = read_digits(rest.rstrip(UNITS))
    return value(f"{read_integer(whole)}.{figures}{rest[len(figures) :]}")


@given(st.decimals("0.01", "99999", places=2), st.sampled_from(["万", "亿", "万亿"]))
def test_amounts_are_equal(number, scale):
    typed = f"{number.normalize():f}{scale}"
    for start, end, others in find_figures(typed):
        assert (start, end) == (0, len(typed))
        assert {value(other) for other in others} == {value(typed)}


@given(st.integers(0, 10**16 - 1))
def test_numerals(number):
    spelled = spell_integer(number)
    assert read_integer(spelled) == number
    assert read_integer(spelled.replace("零", "〇")) == number
    assert read_digits(spell_digits(str(number))) == str(number)


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("两万两千", 22000),
        ("一百十三", 113),
        ("一百〇五", 105),
        ("二十万亿", 20 * 10**12),
        ("百万", None),
        ("十两", None),
        ("两三百", None),
        ("一百零零五", None),
        ("一千二", None),
        ("三亿五亿", None),
        ("亿" * 50, None),
    ],
)
def test_well_formed_numerals(numeral, number):
    assert read_integer(numeral) == number


# -- Words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("推进放管服改革", {"放管服": "“放管服”"}),
        ("“放管服”改革", {"放管服": "简政放权、放管结合、优化服务"}),  # they are there already
        ("贯彻党的二十大精神", {"党的二十大": "二十大"}),
        ("十四五期间", {"十四五": "“十四五”"}),
        ("第三农场", {}),  # 第三 is one
        ("二十四五", {}),
        ("AI和AIR", {"AI": "人工智能"}),
        ("PM2.5浓度", {"PM2.5": "细颗粒物"}),
        ("PM2.55", {}),
        ("2024年数字经济增长8%", {"2024年": "二〇二四年", "数字": "数位", "8%": "百分之八"}),
        ("一带一路", {"一带一路": "丝绸之路经济带和21世纪海上丝绸之路"}),
        ("12345热线", {"12345热线": "12345政务服务便民热线"}),
        ("人大常委会", {"人大常委会": "人民代表大会常务委员会"}),  # the longest
        ("", {}),
    ],
)
def test_words_in_a_text(text, found):
    assert {text[one.start : one.end]: one.alternatives[0] for one in find_equivalents(text)} == found


def test_two_kinds_of_one_word():
    (found,) = find_equivalents("人工智能")
    assert (found.kind, found.alternatives) == ("shorthand", ("AI", "人工智慧"))


# -- The data ----------------------------------------------------------------------------------------------------------

SHORTHAND = [line for line in (DATA / "shorthand.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
WORDING = (DATA / "wording.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("lines", [SHORTHAND, WORDING], ids=["shorthand", "wording"])
def test_lines(lines):
    assert len(lines) == len(set(lines)) >= 150
    for line in lines:
        forms = line.split(" = ")
        assert len(forms) > 1, line
        assert all(len(form) > 1 and form == form.strip() for form in forms), line
        assert fold(line).lower() == line.lower().replace("，", ",").replace("（", "(").replace("）", ")"), line
        assert len({re.sub("[“”]", "", fold(form)) for form in forms}) >= len(forms) - line.count(" = “"), line


@pytest.mark.parametrize("line", SHORTHAND)
def test_shorthand_works_both_ways(line):
    forms = [form.replace("“", "").replace("”", "") for form in line.split(" = ")]
    for form, other in pairwise((*dict.fromkeys(forms), forms[0])):
        assert other in alternatives(form)


def test_wording_is_what_its_sources_give():
    assert render(wording_pairs()) == (DATA / "wording.txt").read_text("utf-8")


# -- Laws --------------------------------------------------------------------------------------------------------------

FIGURE_TEXTS = [text for text, _ in FIGURES]
PIECES = [*SHORTHAND[60:90:3], *WORDING[::60], *FIGURE_TEXTS, "碳達峰", *"“、， 第万1％"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=6).map("".join))
def test_laws(text):
    found = find_equivalents(text)
    assert found == find_equivalents(fold(text))
    assert all(first.end <= second.start for first, second in pairwise(found))
    for one in found:
        typed = fold(text[one.start : one.end])
        assert 0 <= one.start < one.end <= len(text)
        assert 1 <= len(one.alternatives) <= 4
        assert len(set(one.alternatives)) == len(one.alternatives)
        assert typed not in map(fold, one.alternatives)
    assert set(find_equivalents(text, set())) <= set(found)


@pytest.mark.parametrize(
    "piece", ["一", "十", "1", "1,", "1万", "百分之", "三农", "二〇二四年三月", "1亿2千万", "点五", "千千瓦", "零"]
)
def test_long_texts_take_no_longer_than_their_length(piece):
    start = time.process_time()
    find_equivalents(piece * (4096 // len(piece)))
    assert time.process_time() - start < 1
