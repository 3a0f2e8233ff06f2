"""Encodings: found by content, refused with an offset, never guessed into mojibake."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.errors import UndecodableText, UnsupportedFormat
from searcher.reading._encodings import decode, likeness
from tests.reading.sample_files import SIMPLIFIED, TRADITIONAL


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL], ids=["simplified", "traditional"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", b""),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("gb18030", b""),
    ],
)
def test_every_encoding_of_chinese_is_found(text, encoding, mark):
    found = decode(mark + text.encode(encoding), where="x")
    assert found.text == text
    assert found.encoding == encoding


@pytest.mark.parametrize("encoding", ["big5", "cp950", "big5hkscs"])
def test_big5_is_told_from_gb18030(encoding):
    assert decode(TRADITIONAL.encode(encoding), where="x").text == TRADITIONAL


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("政府工作报告", "gb18030"),
        ("统计", "gb18030"),
        ("施政報告", "big5"),
        ("衞生署與新界邨", "big5hkscs"),  # characters only Hong Kong's Big5 has
        ("一、工作总结\r\n", "utf-16-le"),
        ("各位代表：\n", "utf-16-be"),
        ("䶮镕喆", "utf-8"),  # rare characters are no fault in UTF-8
        ("ascii only", "utf-8"),
    ],
)
def test_short_text_is_enough(text, encoding):
    assert decode(text.encode(encoding), where="x").text == text


@pytest.mark.parametrize("declared", [None, "gb2312", "big5", "utf-8", "iso-8859-1", "nonsense"])
def test_what_a_file_declares_may_be_wrong(declared):
    assert decode(SIMPLIFIED.encode("gb18030"), where="x", declared=declared).text == SIMPLIFIED
    assert decode(SIMPLIFIED.encode(), where="x", declared=declared).text == SIMPLIFIED


@pytest.mark.parametrize(
    ("text", "encoding", "fault"),
    [
        (SIMPLIFIED, "gb18030", b"\xff"),
        (SIMPLIFIED, "utf-8", b"\xe4"),
        (TRADITIONAL, "cp950", b"\xff"),
    ],
)
def test_one_broken_byte_is_an_error_with_its_offset(text, encoding, fault):
    head, tail = text[:60].encode(encoding), text[60:].encode(encoding)
    with pytest.raises(UndecodableText) as caught:
        decode(head + fault + b"\n" + tail, where="report.txt")
    assert caught.value.offset == len(head)
    assert "report.txt" in str(caught.value)
    assert encoding.upper() in str(caught.value)


def test_a_file_cut_in_the_middle_of_a_character_is_not_half_read():
    data = SIMPLIFIED.strip().encode()[:-1]
    with pytest.raises(UndecodableText) as caught:
        decode(data, where="x")
    assert caught.value.offset == len(data) - 2


def test_a_byte_order_mark_that_lies_is_an_error():
    with pytest.raises(UndecodableText) as caught:
        decode(codecs.BOM_UTF8 + "总结".encode("gb18030"), where="x")
    assert caught.value.offset == 3


@pytest.mark.parametrize("data", ["Déjà vu à la carte".encode("latin-1"), bytes(range(128, 256)) * 4])
def test_what_is_no_chinese_is_not_made_chinese(data):
    with pytest.raises(UndecodableText):
        decode(data, where="x")


@pytest.mark.parametrize("data", [b"\0\1\2\3" * 50, b"text\0", SIMPLIFIED.encode() + b"\0"])
def test_a_null_byte_is_binary_data(data):
    with pytest.raises(UnsupportedFormat):
        decode(data, where="x")


def test_other_languages_in_utf_8_are_read():
    assert decode("Ça va, où? Привет".encode(), where="x").text == "Ça va, où? Привет"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("other", ["gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be"])
def test_a_wrong_reading_looks_nothing_like_chinese(encoding, other):
    right, data = likeness(SIMPLIFIED), SIMPLIFIED.encode(encoding)
    wrong = likeness(data.decode(other, "replace"))
    assert right > 0.6
    assert wrong < 0.15 or encoding == other


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x9FFF), min_size=1))
def test_utf_8_comes_back_as_it_was(text):
    assert decode(codecs.BOM_UTF8 + text.encode(), where="x").text == text


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_a_named_error(data):
    try:
        found = decode(data, where="x")
    except (UndecodableText, UnsupportedFormat):
        return
    assert found.text.encode(found.encoding) in data


@given(st.sampled_from(["gb18030", "cp950", "utf-16-le"]), st.integers(0, 100), st.integers(20, 60))
def test_any_piece_of_a_report_is_found_in_its_encoding(encoding, start, length):
    text = (TRADITIONAL if encoding == "cp950" else SIMPLIFIED)[start : start + length]
    assert decode(text.encode(encoding), where="x").text == text
