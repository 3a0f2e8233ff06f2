import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.analysis import fold, fold_all
from searcher.analysis._fold import fold_table
from searcher.analysis._generate import fold_pairs


@given(st.text())
def test_fold_keeps_every_offset(text):
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
    assert folded == "".join(map(fold, text))  # a character folds the same wherever it stands


def character_by_character(text):
    return text.translate(dict(fold_table().tolist()))


@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=80)))
def test_many_texts_fold_as_each_does(texts):
    assert fold_all(texts) == [character_by_character(text) for text in texts]  # lone surrogates too


def test_a_long_text_folds_as_its_characters_do():
    every = "".join(map(chr, range(0x110000)))
    assert fold(every) == character_by_character(every)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("馬克思主義", "马克思主义"),
        ("２０２４年ＧＤＰ増１５．５％", "2024年gdp増15.5%"),
        ("一九八○年", "一九八〇年"),
        ("（一）、", "(一)、"),
        ("⼈⺠", "人⺠"),  # a Kangxi radical folds, a supplementary one has no equivalent
        ("衞生", "卫生"),  # as Hong Kong writes it
        ("薴", "苎"),  # by two steps of OpenCC's table
        ("資訊", "资讯"),  # wording is not folding
        ("ℌº", "ho"),
        ("ß㈠", "ß㈠"),  # longer equivalents would move offsets
    ],
)
def test_fold_table(text, folded):
    assert fold(text) == folded


def test_the_shipped_table_is_what_its_sources_give():
    generated = {ord(source): ord(target) for source, target in fold_pairs().items()}
    shipped = dict(fold_table().tolist())
    assert shipped.items() >= {k: v for k, v in generated.items() if k in shipped}.items()
    newer = {chr(code) for code in generated.keys() ^ shipped.keys()}
    # Another version of Python knows other characters; on the version the table was made with, nothing differs.
    assert all(unicodedata.category(char) != "Cn" for char in newer)
    assert len(newer) < 100
