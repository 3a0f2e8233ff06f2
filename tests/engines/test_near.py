"""Phrases that stand close together: what `close` decides is what trying every arrangement finds."""

import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.engines import Request
from searcher.engines.whoosh._phrases import close
from searcher.query.terms import MAX_PHRASES, Near, Phrase
from tests.engines.conftest import commit
from tests.engines.test_conformance import one
from tests.oracle import _near as fits

PARTS = [("甲",), ("乙",), ("丙", "甲"), ("甲", "甲", "乙")]

places = st.lists(st.integers(0, 12), max_size=4, unique=True).map(sorted)
documents = st.lists(st.tuples(*(places for _ in PARTS)), min_size=1, max_size=3)
chosen = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4)


@settings(max_examples=400)
@given(documents=documents, phrases=chosen, within=st.integers(-1, 8))
def test_every_arrangement_is_considered(documents, phrases, within):
    found = {
        part: np.array([doc << 32 | at for doc, stands in enumerate(documents) for at in stands[row]], np.int64)
        for row, part in enumerate(PARTS)
    }
    expected = [
        doc
        for doc, stands in enumerate(documents)
        if any(
            fits([(at, at + len(phrase)) for at, phrase in zip(chosen, phrases, strict=True)], within)
            for chosen in product(*(stands[PARTS.index(phrase)] for phrase in phrases))
        )
    ]
    assert close(found, phrases, within).tolist() == expected


@pytest.mark.parametrize(
    ("text", "phrases", "within", "matches"),
    [
        ("各级人民政府", "各级人民政府", 0, True),
        ("府政民人级各" * 300, "各级人民政府", 0, True),
        ("各" * 12, "各" * 12, 0, True),
        ("各" * 600, "各" * 12, 999, True),
        ("各" * 11, "各" * 12, 999, False),
        ("各级" * 400, "各" * 6 + "级" * 6, 0, True),
        ("各级" * 5 + "级", "各" * 6 + "级" * 6, 999, False),
    ],
)
def test_many_parts_take_little(engine, text, phrases, within, matches):
    engine = commit(engine, [one("a", text)])
    near = Near(tuple(Phrase((unit,)) for unit in phrases), within)
    began = time.process_time()
    assert engine.search(Request(near)).total == matches
    assert time.process_time() - began < 1


def test_a_deadline_bounds_the_arrangements(engine):
    engine = commit(engine, [one("a", "各" * 2000)])
    overlapping = Near(tuple(Phrase(("各",) * size) for size in range(240, 240 + MAX_PHRASES)), 0)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        engine.search(Request(overlapping, deadline=began + 0.2))
    assert time.monotonic() - began < 2
