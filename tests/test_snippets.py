import re
import time
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import analyzer, fold
from searcher.model import Snippet, Span
from searcher.query import phrase_units
from searcher.query.terms import Near, Phrase, Word
from searcher.snippets import (
    _FIGURE,
    characters,
    kwic,
    mark,
    merge,
    occurrences,
    runs,
    snippet,
    spans,
    to_html,
    to_markdown,
)
from tests.oracle import _near as fits
from tests.strategies import texts


def phrase(text):
    return Phrase(phrase_units(text, analyzer()))


def covered(text, *leaves):
    beside = analyzer().analyze(["，民生", text, text, "就业"])  # texts do not run into each other
    (_, here, again, _) = spans(beside, leaves)
    assert here == again
    return [text[start:end] for start, end in here]


@pytest.mark.parametrize(
    ("text", "leaves", "marked"),
    [
        ("改善人民生活，保障民生。", [Word("民生")], ["民生"]),
        ("改善人民生活，保障民生。", [phrase("民生")], ["民生", "民生"]),
        ("推行校長競聘上崗制度", [phrase("校长竞聘上岗")], ["校長競聘上崗"]),
        ("省长李　强讲话", [phrase("李强")], ["李　强"]),
        ("增长１５．５％和5.5%", [phrase("5.5%")], ["5.5%"]),
        ("巩固，发展", [phrase("巩固、发展")], ["巩固，发展"]),
        ("改善民生", [Word("改善"), Word("民生")], ["改善民生"]),  # what touches is one
        ("乡村振兴与乡土振兴", [Phrase(("乡", "", "振", "兴"))], ["乡村振兴", "乡土振兴"]),
        ("就业优先，稳定就业，教育", [Near((phrase("就业"), phrase("教育")), 1)], ["就业", "教育"]),
        ("就业优先，教育", [Near((phrase("就业"), phrase("教育")), 1)], []),
        ("", [phrase("民生")], []),
    ],
)
def test_spans(text, leaves, marked):
    assert covered(text, *leaves) == marked


@given(
    st.text("甲乙丙，", max_size=9).map(lambda text: re.sub("，+", "，", text)),  # several marks are one break
    st.lists(st.text("甲乙丙", min_size=1, max_size=3), min_size=1, max_size=4),
    st.integers(0, 5),
)
def test_an_occurrence_is_marked_if_it_takes_part_in_an_arrangement(text, phrases, within):
    stands = [[(at, at + len(part)) for at in range(len(text)) if text.startswith(part, at)] for part in phrases]
    expected = {span for chosen in product(*stands) if fits(list(chosen), within) for span in chosen}
    near = Near(tuple(Phrase(tuple(part)) for part in phrases), within)
    found = occurrences(analyzer().analyze([text]), near)
    assert list(zip(found.starts.tolist(), found.ends.tolist(), strict=True)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [("各级" * 500, "各" * 6 + "级" * 6), ("各级人民政府改革开放教育" * 50, "各级人民政府改革开放教育")],
)
def test_many_phrases_near_each_other_are_marked_at_once(text, phrases):
    near = Near(tuple(Phrase((unit,)) for unit in phrases), 999)
    began = time.process_time()
    assert len(occurrences(analyzer().analyze([text]), near).starts) == len(text)
    assert time.process_time() - began < 2


def test_merge():
    assert merge([Span(4, 6), Span(0, 2), Span(2, 3), Span(5, 9)]) == (Span(0, 3), Span(4, 9))


@given(texts.map(lambda text: text * 4), st.lists(st.tuples(st.integers(0, 90), st.integers(1, 6))), st.integers(8, 40))
def test_a_snippet_is_cut_from_its_text(text, wanted, width):
    found = merge(Span(a, min(a + n, len(text))) for a, n in wanted if text[a : a + n].strip())
    shown = snippet(text, found, width)
    wholes = merge([*found, *(Span(*figure.span()) for figure in _FIGURE.finditer(text))])
    longest = max((end - start for start, end in wholes), default=0)
    assert len(shown.text.replace("…", "")) <= max(width, longest)
    assert all(fragment in text for fragment in shown.text.split("…"))
    assert all(any(shown.text[a:b] in text[start:end] for start, end in found) for a, b in shown.spans)
    assert bool(shown.spans) == bool(found)
    assert "".join(run for run, _ in runs(shown)) == shown.text


def test_fragments_far_apart_are_joined():
    filler = "各项工作稳步推进，取得了新的成效。" * 8
    text = f"就业稳定增长。{filler}教育优先发展。{filler}"
    (found,) = spans(analyzer().analyze([text]), [Word("就业"), Word("教育")])
    shown = snippet(text, found, 20)
    assert shown.text == "就业稳定增长。…教育优先发展。…"
    assert [shown.text[a:b] for a, b in shown.spans] == ["就业", "教育"]


def test_markdown_is_escaped_before_it_is_marked():
    assert to_markdown(Snippet("*a* [民生](x)", (Span(5, 7),))) == r"\*a\* \[**民生**\](x)"


def test_a_line_of_a_concordance():
    assert kwic("全面改善民生，保障就业。", Span(4, 6), 3) == ("面改善", "民生", "，保障")


def test_the_fragment_shows_most_different_matches():
    filler = "各项工作稳步推进，取得了新的成效。" * 8
    text = f"{filler}就业稳定。{filler}教育发展，就业扩大，医疗改善。{filler}"
    (found,) = spans(analyzer().analyze([text]), [Word("就业"), Word("教育"), Word("医疗")])
    shown = snippet(text, found, 60)
    assert [shown.text[a:b] for a, b in shown.spans] == ["教育", "就业", "医疗"]
    assert shown.text.startswith("…")
    assert shown.text.endswith("。…")


def test_html_is_escaped_before_it_is_marked():
    shown = Snippet("<b>民生</b>", (Span(3, 5),))
    assert to_html(shown) == "&lt;b&gt;<mark>民生</mark>&lt;/b&gt;"
    assert mark(shown, "[", "]") == "<b>[民生]</b>"


@given(texts, st.data())
def test_what_stands_has_its_characters_there(text, data):
    analysis = analyzer().analyze([text])
    units = [unit.text for unit in analysis.units_of()]
    first = data.draw(st.integers(0, len(units)))
    size = data.draw(st.integers(1, 5))
    leaves = [Word(word.text) for word in analysis.words_of()]
    leaves += [Phrase(tuple(units[first : first + size]))] if units[first : first + size] else []
    for leaf in leaves:
        assert len(occurrences(analysis, leaf).texts)
        assert characters(leaf) <= set(fold(text))
    assert characters(Near((Phrase(("民", "生")), Phrase(("gdp", "5.5", "%"))), 3)) == set("民生gdp")
