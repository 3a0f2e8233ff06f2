"""Every sentence is told in two languages, knows what it is about, and is told somewhere."""

import pickle
import re
import string

import pytest

from searcher.errors import QueryError
from searcher.filters import read_years
from searcher.query import describe, parse, terms
from searcher.wording import SENTENCES, Said, in_chinese, say
from tests.conftest import ROOT

HAN = re.compile(r"[\u4e00-\u9fff]")
FULL_OF_ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")


def parameters(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("kind", SENTENCES)
def test_both_languages_say_the_same(kind):
    english, chinese = SENTENCES[kind]
    assert HAN.search(chinese)
    assert not HAN.search(english.replace("甲", ""))
    assert not FULL_OF_ENGLISH.search(chinese)
    assert parameters(english) - {"detail"} == parameters(chinese) - {"detail"}


def test_every_sentence_is_told_somewhere():
    code = "".join(path.read_text("utf-8") for path in (ROOT / "searcher").rglob("*.py") if path.name != "wording.py")
    assert {kind for kind in SENTENCES if f'"{kind}"' not in code} == set()
    assert set(re.findall(r'\bsay\("(\w+)"', code)) <= set(SENTENCES)


def test_what_is_said_is_a_string_that_knows_more():
    part = Said("a and b", "a 且 b")
    note = say("near", part=part, words=("甲", "乙"))
    assert note == "near a and b: 甲, 乙"
    assert in_chinese(note) == "与 a 且 b 相近：甲、乙"
    assert (note.kind, note.params["words"]) == ("near", ("甲", "乙"))
    copy = pickle.loads(pickle.dumps(note))  # noqa: S301 - as processes hand it on
    assert (copy, copy.kind, copy.params, copy.chinese) == (note, note.kind, note.params, note.chinese)
    assert say("without", part="{0}", count=3) == "without {0}: 3 paragraphs"  # braces of a query are text
    assert in_chinese("as it is") == "as it is"


@pytest.mark.parametrize(
    "query",
    [
        *("", "-", '""', '"民生', "”", "民生)", "(民生", "()", "AND a", '"a b"~x', '"a"^x', "^2", "年份:2006^2"),
        *("*", "民*", "a*b*c"),
        *(
            "色:红",
            "年份:",
            "年份:-2006",
            "年份:abc",
            "date:x",
            "year:2008..2004",
            "zone:x",
            "kind:(a AND b)",
            "kind:a*",
        ),
        '"' + "a " * 13 + '"~5',
        *("-(" * 70 + "a" + ")" * 70, "x" * 5000),
    ],
)
def test_every_fault_has_its_chinese(query):
    with pytest.raises(QueryError) as fault:
        parse(query)
    said = fault.value.said
    assert str(fault.value) == said
    assert said.endswith(f"(position {fault.value.position + 1} of the query)")
    assert in_chinese(said).endswith(f"（检索式第 {fault.value.position + 1} 个字符）")
    assert HAN.search(in_chinese(said.params["fault"]))
    assert not FULL_OF_ENGLISH.search(in_chinese(said))


def test_other_faults_too():
    with pytest.raises(Exception, match="no year") as fault:
        read_years("x")
    assert in_chinese(fault.value.said) == "“x”不是年份：请写 2006、2004..2008、..2008 或 2004.."


@pytest.mark.parametrize(
    ("node", "english", "chinese"),
    [
        (terms.Or((terms.Phrase(("a", "and", "b")), terms.Word("教育"))), "“aandb” or 教育", "“aandb” 或 教育"),
        (terms.And((terms.Word("民生"), terms.Between("year", 2004, 2008))), "民生 and year in 2004..2008",
         "民生 且 年份在 2004..2008"),
        (terms.Phrase(("就", "业"), ("title", "section")), "title|section:“就业”", "标题、章节：“就业”"),
        (terms.Among("zone", ("review", "tasks")), "zone is review or tasks", "篇章为 回顾 或 任务"),
        (terms.Not(terms.Between("year", 2006, 2006)), "not year is 2006", "不含 年份为 2006"),
        (terms.AtLeast(2, (terms.Word("甲"), terms.Word("乙"))), "2 of (甲, 乙)", "至少 2 项（甲、乙）"),
        (terms.Near((terms.Phrase(("甲",)), terms.Phrase(("乙",))), 5), "“甲” near “乙” within 5",
         "“甲” 邻近 “乙”（相距 5 字以内）"),
        (terms.And((terms.Everything(), terms.Nothing())), "everything and nothing", "全部段落 且 无"),
    ],
)  # fmt: skip
def test_what_was_understood(node, english, chinese):
    assert describe(node) == english
    assert in_chinese(describe(node)) == chinese
