"""jieba and rjieba give the same words and the same parts; parts are what jieba gives without the word."""

import random

import pytest
from hypothesis import given

from searcher.analysis import fold
from searcher.analysis._segment import jieba_segmenter, lexicon, rjieba_segmenter, segmenter
from tests.strategies import han_texts


@pytest.fixture(scope="module")
def pure():
    return jieba_segmenter()


@pytest.fixture(scope="module")
def frequencies(pure):
    return pure._dictionary._tokenizer.FREQ


def sample(frequencies, size=4000):
    words = sorted(
        word for word, count in frequencies.items() if count and len(word) > 2 and "\u4e00" <= word[0] <= "\u9fd5"
    )
    return random.Random(1).sample(words, size)


@given(han_texts)
def test_both_cut_alike_by_the_dictionary(text):
    text = fold(text)  # as all text is before it is cut
    assert rjieba_segmenter()._dictionary.cut(text, False) == jieba_segmenter()._dictionary.cut(text, False)


def test_both_cut_running_text_alike(frequencies):
    text = "".join(sample(frequencies))
    assert rjieba_segmenter().cut(text) == jieba_segmenter().cut(text)


def test_both_give_the_same_parts(pure, frequencies):
    for word in [*lexicon(), *sample(frequencies)]:
        assert rjieba_segmenter().parts(word) == pure.parts(word)


def test_parts_are_jiebas_cut_without_the_word(pure, frequencies):
    """The frequencies behind them are known to one more or less: see `_weigh`."""
    tokenizer = pure._dictionary._tokenizer
    different = 0
    words = sample(frequencies)
    for word in words:
        count = frequencies[word]
        frequencies[word] = 0
        expected = tokenizer.lcut(word, HMM=False)
        frequencies[word] = count
        different += [word[a:b] for a, b in pure._without_itself(word)] != expected
    assert different <= len(words) * 0.002


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("民生", []),
        ("上海市", ["上海", "市"]),
        ("依法治国", ["依法", "治国"]),
        ("中华人民共和国", ["中华", "人民共和国", "人民", "共和国", "共和", "国"]),
    ],
)
def test_parts_table(word, parts):
    assert [word[a:b] for a, b in rjieba_segmenter().parts(word)] == parts


def test_the_lexicon_is_kept_whole_and_clean():
    terms = lexicon()
    assert len(set(terms)) == len(terms)
    assert all(rjieba_segmenter().cut(term) == [term] for term in terms if term.isalpha())


def test_the_cache_is_the_users_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    jieba_segmenter.cache_clear()
    try:
        jieba_segmenter()
    finally:
        jieba_segmenter.cache_clear()
    assert [path.name for path in (tmp_path / "searcher").iterdir()] == ["jieba.cache"]


def test_new_words_do_not_pile_up():
    for remembered in (segmenter().parts, segmenter()._weight):
        assert 0 < remembered.cache_info().maxsize <= 1 << 17  # None: for ever
