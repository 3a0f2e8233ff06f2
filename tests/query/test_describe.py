import pytest

from searcher.query import describe
from searcher.query.terms import Among, And, AtLeast, Between, Everything, Near, Not, Nothing, Or, Phrase, Word


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (Word("民生"), "民生"),
        (Phrase(("改", "善")), "“改善”"),
        (Phrase(("改", " ", "")), "“改␣?”"),
        (Word("民生", ("title", "section")), "title|section:民生"),
        (Near((Phrase(("甲",)), Phrase(("乙",))), 5), "“甲” near “乙” within 5"),
        (And((Word("民生"), Or((Word("就业"), Word("教育"))))), "民生 and (就业 or 教育)"),
        (AtLeast(2, (Word("民生"), Word("就业"))), "2 of (民生, 就业)"),
        (Not(Word("疫情")), "not 疫情"),
        (Not(Or((Word("民生"), Word("就业")))), "not (民生 or 就业)"),
        (Among("zone", ("tasks", "goals")), "zone is tasks or goals"),
        (Between("year", 2004, 2008), "year in 2004..2008"),
        (Between("year", 2004, 2004), "year is 2004"),
        (Between("date", None, "2006-03"), "date in ..2006-03"),
        (Everything(), "everything"),
        (Nothing(), "nothing"),
    ],
)
def test_trees_in_words(node, words):
    assert describe(node) == words
