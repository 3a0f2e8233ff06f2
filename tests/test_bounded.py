"""A time bound holds for all that goes into an answer: nothing is read of an engine after it."""

import time
from collections import Counter
from types import SimpleNamespace

import pytest

from searcher.analysis import analyzer
from searcher.engines import Request, _bounded, make_batch, until
from searcher.index import Index
from searcher.query.terms import Everything
from tests.test_index import report

CALLS = {
    "search": (Request(Everything()),),
    "frequency": ("words", "民生"),
    "words": ("民", "", 5),
    "paragraphs": ([("a", 0)],),
    "report": ("a",),
    "paragraph_count": ("a",),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with Index.create(tmp_path_factory.mktemp("bounded") / "index") as made:
        with made.writer() as writer:
            texts = ["民生工程与教育。", "就业工作。", "民生与就业。"]
            writer.add(make_batch([report("a", texts), report("b", ["教育。"])], analyzer()))
            writer.commit()
        made.refresh()
        yield made


@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_read_after_the_deadline(index, name):
    engine = index._engine
    assert until(engine, None) is engine
    there, late = until(engine, time.monotonic() + 60), until(engine, time.monotonic() - 1)
    assert getattr(there, name)(*CALLS[name]) == getattr(engine, name)(*CALLS[name])
    with pytest.raises(TimeoutError):
        getattr(late, name)(*CALLS[name])


@pytest.mark.parametrize(
    ("ask", "query", "options"),
    [
        ("search", "民生 教育", {"context": 1, "explain": True, "facets": ["year"], "per_report": 1}),
        ("search", "民牲 教肓 就业 麒麟", {"match": "all"}),
        ("search", "民生 就业", {"years": 1900}),
        ("trend", "民生", {}),
        ("marks", "民生", {}),
    ],
)
def test_whenever_the_time_is_over_an_answer_ends(index, monkeypatch, ask, query, options):
    """However many readings are done when time is over: one more is refused, and an answer that is known is given."""
    seen = Counter()

    def clock(after):
        seen["asked"] += 1
        return 2e9 if seen["asked"] > after else 1e9  # the engine itself goes by the real time, and has it

    def ended(after):
        seen.clear()
        monkeypatch.setattr(_bounded, "time", SimpleNamespace(monotonic=lambda: clock(after)))
        monkeypatch.setattr("searcher.index.time", SimpleNamespace(monotonic=lambda: 1e9, perf_counter=lambda: 0.0))
        arguments = (query, ["民生。"]) if ask == "marks" else (query,)
        try:
            found = getattr(index, ask)(*arguments, timeout=5.0, **options)
        except TimeoutError:
            assert seen["asked"] == after + 1
            return None
        return found

    outcomes = [ended(after) for after in range(60)]
    whole = outcomes[-1]
    assert outcomes[0] is None
    assert whole == outcomes[-2]
    for found in filter(None, outcomes):
        if found != whole:  # only why there is nothing is left out
            assert "there was no time to find out more" in found.notes
            assert (found.total, found.hits) == (whole.total, whole.hits)
