"""Kept bounds hold, whatever the averages and parameters are by which they are asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.engines.whoosh import _bm25

postings = st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 20_000)), min_size=1, max_size=30)


@given(postings, st.floats(0.1, 1e4), st.floats(0.1, 1e4), st.floats(0.2, 3), st.floats(0.01, 0.99))
def test_a_kept_bound_is_never_exceeded(occurring, then, now, k1, b):
    frequencies, beyond = (np.array(column) for column in zip(*occurring, strict=True))
    lengths = frequencies + beyond
    with pytest.MonkeyPatch.context() as patch:
        made_with = {"constant": _bm25.K1 * (1 - _bm25.B), "slopes": [_bm25.slopes(then)]}
        weighed = (lengths * _bm25.slopes(then)).astype(np.float32)
        most = _bm25.gains(frequencies.astype(np.float32), weighed).max()
        kept = int(_bm25.bounds(np.array([most]))[0])
        patch.setattr(_bm25, "K1", k1)
        patch.setattr(_bm25, "B", b)
        allowed = kept * float(_bm25.exceeding(made_with, np.array([now]))[0])
        assert _bm25.gains(frequencies, lengths * _bm25.slopes(now)).max() <= allowed


def test_a_kept_bound_is_close():
    frequencies, lengths = np.array([1.0, 3.0]), np.array([50.0, 80.0])
    given = _bm25.gains(frequencies, lengths * _bm25.slopes(60.0))
    made_with = {"constant": _bm25.K1 * (1 - _bm25.B), "slopes": [_bm25.slopes(60.0)]}
    allowed = _bm25.bounds(given) * _bm25.exceeding(made_with, np.array([60.0]))
    assert (given <= allowed).all()
    assert (allowed < given + 0.005).all()
