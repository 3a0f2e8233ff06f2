"""Characters that nobody sees are dropped or counted."""

import pytest

from searcher.reading._characters import tidy
from searcher.reading._source import Block, Source


@pytest.mark.parametrize(
    ("text", "clean", "notes"),
    [
        ("普通的一行", "普通的一行", []),
        ("　　缩进\t与\u00a0空格", "　　缩进\t与\u00a0空格", []),
        ("控\x01制\x7f字\x85符", "控制字符", ["3 control characters left out"]),
        ("零\u200b宽\ufeff", "零宽", []),
        ("软\u00ad连字", "软连字", []),
        ("换\n行", "换 行", []),
        ("全角\ue5e5空格", "全角\u3000空格", []),
        ("私用\ue2e5字", "私用\ue2e5字", ["1 private-use characters kept as they are: U+E2E5"]),
        ("香港\ue2e5手", "香港\ue2e5手", ["1 private-use characters kept as they are: U+E2E5 (着 in Hong Kong)"]),
        ("丢\ufffd了", "丢\ufffd了", ["1 characters were lost before this file was written (U+FFFD)"]),
        ("半\ud83d个", "半个", ["1 control characters left out"]),
    ],
)
def test_each_kind_of_odd_character(text, clean, notes):
    found = tidy(Source((Block(text), Block("另一行", role="heading", level=2)), "x"))
    assert found.blocks == (Block(clean), Block("另一行", role="heading", level=2))
    assert list(found.notes) == notes


def test_many_private_use_characters_are_named_by_the_most_frequent():
    text = "".join(chr(0xE700 + n) * (9 - n) for n in range(8))
    (note,) = tidy(Source((Block(text),), "x")).notes
    assert note.startswith("44 private-use characters kept as they are: U+E700, U+E701")
    assert note.endswith("…")


def test_a_line_of_nothing_visible_is_no_blank_line():
    source = Source((Block("上一行，"), Block("\u200b"), Block("下一行。"), Block(""), Block("另一段。")), "甲")
    assert [block.text for block in tidy(source).blocks] == ["上一行，", "下一行。", "", "另一段。"]
