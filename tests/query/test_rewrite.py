"""From typed trees to terms, with a vocabulary that a table gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import analyzer
from searcher.errors import QueryError
from searcher.query import parse, phrase_units, rewrite
from searcher.query.terms import (
    ANYWHERE,
    Among,
    And,
    AtLeast,
    Between,
    Near,
    Not,
    Nothing,
    Or,
    Phrase,
    Weighted,
    Word,
    leaves,
)
from tests.engines.strategies import PIECES, WORDS, collections
from tests.oracle import Oracle


class Known:
    """An index that knows some words, and characters that stand beside each other so often."""

    def __init__(self, *words, beside=2):
        self._words = words
        self._beside = beside

    def frequency(self, field, term):
        return self._beside if field == "bigrams" else int(term in self._words)

    def words(self, prefix, suffix, limit):
        return [w for w in self._words if w.startswith(prefix) and w.endswith(suffix)][:limit]


KNOWN = Known("民生", "改善", "就业", "教育", "教育局", "北京", "乡村", "乡村振兴", "疫情")


def rewritten(query, **options):
    return rewrite(parse(query), query, analyzer(), KNOWN, **options)


def phrase(text, places=ANYWHERE):
    return Phrase(phrase_units(text, analyzer()), places)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("民生", Word("民生")),
        ("民", phrase("民")),
        ("碳中", phrase("碳中")),  # no word the index knows
        ("的人", phrase("的人")),  # cut in two by jieba, meant as one
        ("教育局", phrase("教育局")),
        ("改善民生", Or((phrase("改善民生"), And((Word("改善"), Word("民生")))))),
        ("民生 就业", And((Word("民生"), Word("就业")))),
        ("民生 AND 就业", And((Word("民生"), Word("就业")))),
        ("就業", Word("就业")),
        ("５.５％", Or((phrase("5.5%"), phrase("百分之五点五")))),
        ("GDP", Or((phrase("gdp"), phrase("国内生产总值")))),
        ('"GDP"', phrase("gdp")),  # quoted is exact
        ('"改善民生"', phrase("改善民生")),
        ("「改善、民生」", phrase("改善、民生")),
        ('"民生"', phrase("民生")),  # quoted is exact: crossings too
        ('"改善 民生"~5', Near((phrase("改善"), phrase("民生")), 5)),
        ("就业 OR 教育", Or((Word("就业"), Word("教育")))),
        ("就业 -疫情", And((Word("就业"), Not(Word("疫情"))))),
        ("title:教育局", phrase("教育局", ("title",))),
        ("正文:就业", Word("就业", ("text",))),
        ("年份:2004..2008", Between("year", 2004, 2008)),
        ("就业 year:2006", And((Word("就业"), Between("year", 2006, 2006)))),
        ("篇章:任务", Among("zone", ("tasks",))),
        ("kind:工作總結", Among("kind", ("工作總結", "工作总结"))),
        ("id:bj2024#3", Among("paragraph", ("bj2024#3",))),
        ("date:2006-03..2006", Between("date", "2006-03", "2006")),
        ("乡?振兴", Phrase(("乡", "", "振", "兴"))),
        ("乡村*", Or((Word("乡村"), Word("乡村振兴")))),
        ("天下*", Nothing()),
        ("就业 。", Word("就业")),  # what holds nothing asks nothing
    ],
)
def test_trees(query, tree):
    assert rewritten(query).tree == tree


def test_equivalents_are_searched_beside_what_was_typed():
    found = rewritten("資訊安全")
    words = And((Or((phrase("资讯"), phrase("信息"))), phrase("安全")))
    assert found.tree == Or((phrase("资讯安全"), phrase("信息安全"), words))
    assert "also searched: 資訊 = 信息" in found.notes
    assert Weighted("words", "信息", 0.25) in found.scoring  # what was typed weighs more


def test_equivalents_can_be_turned_off():
    found = rewritten("資訊安全 GDP 8%", exact=True)
    assert not any(note.startswith("also") for note in found.notes)
    assert phrase("gdp") in leaves(found.tree)
    assert phrase("国内生产总值") not in leaves(found.tree)


def test_a_word_around_an_equivalent_is_one_with_it():
    assert phrase("地方人民代表大会") in leaves(rewritten("地方人大").tree)


def test_loose_takes_words_as_phrases():
    assert rewritten("民生", loose=True).tree == phrase("民生")
    assert rewritten("民生", loose=True).wider is None


def test_nothing_is_wider_where_characters_stand_together_as_a_word_alone():
    assert rewrite(parse("民生"), "民生", analyzer(), Known("民生", beside=1)).wider is None


@given(collections, st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join), st.booleans())
def test_what_is_found_strictly_is_found_loosely(reports, query, known):
    oracle, vocabulary = Oracle(analyzer(), reports), Known(*WORDS * known)
    try:
        strict, loose = (
            rewrite(parse(query), query, analyzer(), vocabulary, match="all", loose=loosely).tree
            for loosely in (False, True)
        )
    except QueryError:
        return  # nothing but marks
    assert oracle.matches(strict) <= oracle.matches(loose)


@pytest.mark.parametrize("match", ["auto", "all", "any"])
@pytest.mark.parametrize(
    "query", ["民生", "民生 -就业 教育*", "(民生 OR 资讯安全) +就业", "保障民生就业工作", "改善^2 title:民生"]
)
def test_what_is_wider_is_what_a_loose_reading_is(query, match):
    narrow, loose = rewritten(query, match=match), rewritten(query, match=match, loose=True)
    assert narrow.wider == loose.tree != narrow.tree
    assert set(narrow.scoring) == set(loose.scoring)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("民生 就业", Or((Word("民生"), Word("就业")))),
        ("改善民生", Or((Word("改善"), Word("民生")))),
        ("民生 +就业 -疫情", And((Word("就业"), Not(Word("疫情")), Or((Word("民生"),))))),
        ("改善民生^2", Or((Word("改善"), Word("民生")))),
        ("民生 year:2006", And((Between("year", 2006, 2006), Or((Word("民生"),))))),
    ],
)
def test_any_leaves_out_what_it_may(query, tree):
    assert rewritten(query, match="any").tree == tree


def test_relaxed_holds_at_least_half():
    assert rewritten("民生 就业 教育 -疫情").relaxed == And(
        (Not(Word("疫情")), AtLeast(2, (Word("民生"), Word("就业"), Word("教育"))))
    )
    assert rewritten("民生").relaxed is None
    assert rewritten("民生 就业", match="all").relaxed is None


def test_scoring_terms_are_words_parts_bigrams_and_unigrams():
    assert set(rewritten("教育局").scoring) == {
        Weighted("words", "教育局"),
        Weighted("words", "教育"),
        Weighted("words", "局"),
        Weighted("bigrams", ("教", "育")),
        Weighted("bigrams", ("育", "局")),
        Weighted("unigrams", "教"),
        Weighted("unigrams", "育"),
        Weighted("unigrams", "局"),
    }


def test_what_filters_or_excludes_does_not_score():
    assert rewritten("就业 -疫情 title:教育局 year:2006").scoring == rewritten("就业").scoring


def test_boosts_and_repetition_weigh():
    assert {term.weight for term in rewritten("就业^3").scoring} == {3.0}
    assert {term.weight for term in rewritten("就业 就业").scoring} == {2.0}


def test_a_word_nobody_knows_is_noted():
    assert rewritten("碳中").notes == ("碳中 stands nowhere as a word: searched as a phrase",)


def test_leaves_are_those_that_search():
    assert leaves(rewritten("就业 -疫情 title:教育局").tree) == (Word("就业"),)


@pytest.mark.parametrize("query", ["。", "、、 ——", '"。"'])
def test_nothing_to_search_for(query):
    with pytest.raises(QueryError) as caught:
        rewritten(query)
    assert caught.value.kind == "nothing_to_search"
