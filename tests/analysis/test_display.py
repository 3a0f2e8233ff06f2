"""Texts as readers of the other script would write them."""

import pytest

from searcher.analysis import in_script


@pytest.mark.parametrize(
    ("text", "script", "shown"),
    [
        ("頭髮與發展", "simplified", "头发与发展"),
        ("头发与发展", "traditional", "頭髮與發展"),
        ("皇后與里長", "traditional", "皇后與里長"),  # Traditional already
        ("GDP增长5.5%", "traditional", "GDP增長5.5%"),
        ("", "traditional", ""),
    ],
)
def test_phrases_are_converted(text, script, shown):
    assert in_script(text, script) == shown
