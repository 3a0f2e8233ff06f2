"""Sets of bits do what sets of numbers do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from searcher.engines.whoosh import _bits

BLOCKS = 4
LIMIT = BLOCKS * _bits.BLOCK

docs = st.sets(st.integers(0, LIMIT - 1), max_size=40)
intervals = st.lists(st.tuples(st.integers(0, LIMIT), st.integers(0, LIMIT)).map(sorted), max_size=6)


def bits(numbers):
    return _bits.of_docs(np.array(sorted(numbers), np.int64), BLOCKS)


def numbers(found):
    return set(_bits.docs_of(found).tolist())


@given(docs, docs)
def test_what_goes_in_comes_out_and_operators_are_those_of_sets(one, other):
    assert numbers(bits(one)) == one
    assert _bits.count(bits(one)) == len(one)
    assert numbers(bits(one) & bits(other)) == one & other
    assert numbers(bits(one) | bits(other)) == one | other
    assert _bits.blocks_of(bits(one)).tolist() == sorted({doc // _bits.BLOCK for doc in one})


@given(docs, st.sets(st.integers(0, BLOCKS - 1), min_size=1))
def test_documents_of_some_blocks(one, some):
    blocks = np.array(sorted(some))
    assert _bits.docs_of(bits(one)[blocks], blocks).tolist() == sorted(d for d in one if d // _bits.BLOCK in some)


@given(st.lists(st.booleans(), max_size=200))
def test_of_mask(mask):
    assert numbers(_bits.of_mask(np.array(mask, np.bool_))) == {doc for doc, held in enumerate(mask) if held}


@given(intervals, st.data())
def test_ranges_that_are_put_together(known, data):
    starts, ends = (np.array([interval[side] for interval in known], np.int64) for side in (0, 1))
    made = _bits.Ranges(starts, ends)
    chosen = [number for number in range(len(known)) if data.draw(st.booleans())]
    held = {doc for number in chosen for doc in range(*known[number])}
    assert numbers(made.together(np.array(chosen, np.int64), BLOCKS)) == held
    real = [number for number in chosen if known[number][0] < known[number][1]]
    assert numbers(made.openings(np.array(real, np.int64), BLOCKS)) == {known[number][0] for number in real}


@given(st.integers(0, 9), st.lists(docs, max_size=9))
def test_at_least(minimum, sets):
    counts = {doc: sum(doc in those for those in sets) for doc in range(LIMIT)}
    found = numbers(_bits.at_least(minimum, [bits(those) for those in sets], BLOCKS))
    assert found == {doc for doc, count in counts.items() if count >= minimum}
