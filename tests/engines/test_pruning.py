"""The best of many, found by pruning, are the best of all."""

import random

import numpy as np
import pytest

from searcher.engines import Request, create_engine
from searcher.engines.whoosh import _rank, _scoring, _topk
from searcher.engines.whoosh._bits import docs_of
from searcher.query.terms import Everything, Or, Phrase, Weighted, Word
from tests.engines.conftest import commit
from tests.engines.strategies import UNITS, WORDS
from tests.engines.test_conformance import one

REPORTS, PARAGRAPHS = 30, 60


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """Return an engine of 29 blocks, with words that are everywhere and words that are rare."""
    chance = random.Random(5)
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]
    reports = [
        one(
            f"r{number}",
            *("，".join(chance.choices(WORDS, weights, k=chance.randint(1, 30))) for _ in range(PARAGRAPHS)),
            title=chance.choice(WORDS),
            year=2000 + number % 7,
        )
        for number in range(REPORTS)
    ]
    made = create_engine(tmp_path_factory.mktemp("pruning") / "index")
    yield commit(made, reports)
    made.close()


@pytest.mark.parametrize("seed", range(60))
def test_pruned_as_exhaustive(engine, monkeypatch, seed):
    chance = random.Random(seed)
    scoring = tuple(
        [Weighted("words", word) for word in chance.sample(WORDS, chance.randint(0, 4))]
        + [Weighted("unigrams", unit) for unit in chance.sample(UNITS[:17], chance.randint(1, 4))]
        + [Weighted("bigrams", ("改", "革"))] * (seed % 2)
    )
    tree = chance.choice((Word("人民"), Word("教育"), Or((Word("改革"), Phrase(("北",)))), Phrase(tuple("改革开放"))))
    for few, first, each in ((0, 2, 0), (1, 1, 0), (3, 4, 100)):
        monkeypatch.setattr(_topk, "_FEW", few)
        monkeypatch.setattr(_topk, "_FIRST", first)
        monkeypatch.setattr(_topk, "_GROWTH", 2)
        monkeypatch.setattr(_scoring, "_FEW", each)  # paragraphs whose own bounds are not looked at
        pruned = engine.search(Request(tree, scoring, limit=10))
        monkeypatch.setattr(_rank, "_FEW", 0)
        whole = engine.search(Request(tree, scoring, limit=10))
        monkeypatch.undo()
        assert (pruned.ids, pruned.scores, pruned.total) == (whole.ids, whole.scores, whole.total)


@pytest.mark.parametrize("sort", ["score", "year", "position"])
@pytest.mark.parametrize("word", ["人民", "教育", "改革"])
def test_a_handful_is_ordered_as_many_are(engine, monkeypatch, word, sort):
    request = Request(Word(word), (Weighted("words", word),), sort=sort, limit=40, offset=3)
    monkeypatch.setattr(_rank, "_HANDFUL", 1 << 30)
    by_hand = engine.search(request)
    monkeypatch.setattr(_rank, "_HANDFUL", 0)
    assert engine.search(request) == by_hand
    assert len(by_hand.ids) > 1


@pytest.mark.parametrize("scoring", [("words", "罕见"), ("words", "北京"), ("unigrams", "北")])
def test_where_fewer_score_than_are_wanted(engine, monkeypatch, scoring):
    monkeypatch.setattr(_scoring, "_FEW", 0)
    monkeypatch.setattr(_topk, "_FEW", 0)
    request = Request(Everything(), (Weighted(*scoring),), limit=1000)
    pruned = engine.search(request)
    monkeypatch.setattr(_rank, "_FEW", 0)
    assert engine.search(request) == pruned


def test_a_paragraph_is_left_out_only_where_its_terms_do_not_allow_more(engine, monkeypatch):
    """What is left out of a block of candidates scores less than asked for; most of what does is left out."""
    monkeypatch.setattr(_scoring, "_FEW", 0)
    (shard,), view = engine._view.shards, engine._view
    terms = [Weighted("words", word) for word in WORDS[:5]] + [Weighted("unigrams", unit) for unit in UNITS[:3]]
    scorer = _scoring.Scorer(view, shard, [(term, view.idf(term.field, term.term)) for term in terms])
    blocks, everything = np.arange(shard.blocks), np.arange(shard.size)
    scores = scorer.score(everything)
    for least in np.quantile(scores, (0.1, 0.5, 0.9, 0.99, 1.0)):
        kept = np.isin(everything, docs_of(scorer.reaching(least, shard.everything, blocks)))
        assert kept[scores >= least].all()
        assert (~kept).sum() > 0.3 * (scores < least).sum()
