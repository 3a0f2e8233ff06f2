import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import BREAK, Analyzer, analyzer, fold
from searcher.analysis._segment import jieba_segmenter
from tests.strategies import texts


@given(st.lists(texts, max_size=4))
def test_a_batch_is_its_texts_one_by_one(batch):
    together = analyzer().analyze(batch)
    assert len(together) == len(batch)
    for i, text in enumerate(batch):
        alone = analyzer().analyze([text])
        assert together.units_of(i) == alone.units_of()
        assert together.words_of(i) == alone.words_of()
        assert together.bigrams_of(i) == alone.bigrams_of()


@given(st.lists(texts, max_size=4), st.data())
def test_words_that_are_asked_for_are_found_as_among_all(batch, data):
    whole = analyzer().analyze(batch)
    asked = data.draw(st.lists(st.sampled_from([*whole.words.names, "民生", "5%"]), max_size=3))
    some = analyzer().analyze(batch, asked)
    for i in range(len(batch)):
        assert some.units_of(i) == whole.units_of(i)
        found, every = ([word for word in those.words_of(i) if word.text in asked] for those in (some, whole))
        assert found == every


@given(texts)
def test_words_cover_every_unit_but_breaks(text):
    analysis = analyzer().analyze([text])
    covered = {at for word in analysis.words_of() for at in range(word.start, word.end)}
    for unit in analysis.units_of():
        assert (unit.text == BREAK) or covered.issuperset(range(unit.start, unit.end))


@given(texts)
def test_a_word_is_spelt_by_its_units(text):
    analysis = analyzer().analyze([text])
    units = analysis.units_of()
    for word in analysis.words_of():
        inside = [unit.text for unit in units if word.start <= unit.start and unit.end <= word.end]
        assert "".join(inside) == word.text


@given(texts)
def test_script_and_width_make_no_difference(text):
    assert analyzer().analyze([text]).words_of() == analyzer().analyze([fold(text)]).words_of()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("國民生產總值", ["国民", "生产总值", "生产", "总值"]),
        ("主任：李　强　副主任", ["主任", "李强", "副", "主任"]),
        ("北京 就业", ["北京", "就业"]),
        ("增长5.5％", ["增长", "5.5%"]),
        ("ＧＤＰ", ["gdp"]),
    ],
)
def test_words_table(text, words):
    assert [word.text for word in analyzer().analyze([text]).words_of()] == words


def test_the_fingerprint_tells_what_analysis_does():
    ours = analyzer().fingerprint
    assert Analyzer(jieba_segmenter()).fingerprint == ours  # either package may read the other's index

    class Other:
        def cut(self, text):
            return list(text)

    assert Analyzer(Other()).fingerprint != ours


def test_analysis_prints_nothing():
    code = "from searcher.analysis._segment import jieba_segmenter as s; s().cut('依法治国')"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
