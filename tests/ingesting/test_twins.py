"""The names that go with a key, as a list would have them."""

from hypothesis import given
from hypothesis import strategies as st

from searcher.ingesting._twins import _Several

keys = st.sampled_from("ab")
names = st.sampled_from("1234")


@given(st.lists(st.tuples(st.booleans(), keys, names), max_size=30), st.integers(1, 4))
def test_several(changes, most):
    several, model = _Several(most), {"a": [], "b": []}
    for added, key, name in changes:
        if not added:
            several.drop(key, name)
            model[key] = [other for other in model[key] if other != name]
        elif name not in model[key]:
            several.add(key, name)
            model[key] = [*model[key], name][-most:]
    assert {key: list(several.of(key)) for key in model} == model
