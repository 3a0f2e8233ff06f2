"""What is remembered goes with its owner, and lets the files of a commit go."""

import gc
import weakref

import pytest

from searcher.engines import Request, create_engine
from searcher.engines.whoosh._remembered import remembered
from searcher.query.terms import And, Not, Phrase, Weighted, Word
from tests.engines.conftest import commit
from tests.engines.test_conformance import one


@pytest.fixture
def uncollected():
    """Have nobody look for garbage: what lives on is held."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_a_method_answers_once():
    class Owner:
        asked = 0

        def __init__(self):
            self.double = remembered(self._double, 2)

        def _double(self, number):
            self.asked += 1
            return 2 * number

    owner = Owner()
    assert [owner.double(number) for number in (1, 1, 2, 3, 1)] == [2, 2, 4, 6, 2]
    assert owner.asked == 4


def test_what_is_kept_of_a_small_segment_is_bounded_in_bytes(tmp_path):
    engine = commit(create_engine(tmp_path / "index"), [one("a", *(["改革开放"] * 64))])
    for number in range(300):
        assert engine.search(Request(And((Word("改革"), Not(Word(f"没有{number}")))))).total == 64
    (answers,) = engine._held.answers
    (postings,) = (shard.text.postings for shard in engine._view.shards)
    assert len(answers._kept) <= 1 << 9
    assert postings.all_bits.cache_info().maxsize <= 1 << 13
    engine.close()


@pytest.mark.usefixtures("uncollected")
def test_a_view_that_is_left_lets_its_segments_go(tmp_path):
    engine = commit(create_engine(tmp_path / "index"), [one("a", "改革开放", title="改革", year=2001)])
    tree = Phrase(tuple("改革开"))
    assert engine.search(Request(tree, (Weighted("words", "改革"),), facets=("year",), per_report=1)).total == 1
    assert engine.search(Request(Word("改革"))).total == 1
    assert engine.paragraphs([("a", 0)])
    left = [weakref.ref(shard) for shard in engine._view.shards]
    engine = commit(engine, [one("a", "教育")])
    assert engine.search(Request(tree)).total == 0
    assert [shard() for shard in left] == [None]
