"""Damaged files of every format: a report or a named error, never anything else."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searcher.errors import SearcherError
from searcher.reading.formats import File, sources
from tests.reading.sample_files import SIMPLIFIED, TRADITIONAL, docx, paragraph, pdf, xlsx, zipped

TEXT = SIMPLIFIED.replace("\n", "\\n")
FILES = {
    "a.txt": SIMPLIFIED.encode(),
    "gb.txt": SIMPLIFIED.encode("gb18030"),
    "big5.txt": TRADITIONAL.encode("big5"),
    "utf16.txt": SIMPLIFIED.encode("utf-16"),
    "a.md": b"---\ntitle: x\n---\n# a\n\n" + SIMPLIFIED.encode() + b"|a|b|\n|-|-|\n**x**\n",
    "a.html": f"<html><title>x</title><table><tr><td rowspan=2>{SIMPLIFIED}</td></tr></table><ol><li>x</ol>".encode(),
    "a.xml": f"<?xml version='1.0'?><a><title>x</title><p>{SIMPLIFIED}</p></a>".encode(),
    "a.json": f'{{"data": [{{"id": 1, "text": "{TEXT}"}}], "year": 2006}}'.encode(),
    "a.jsonl": f'{{"text": "{TEXT}"}}\n{{"text": ["x"]}}\n'.encode(),
    "a.csv": f'year,text\n2006,"{SIMPLIFIED}"\n'.encode(),
    "a.tsv": f"2006\t{SIMPLIFIED[:60]}\n".encode(),
    "a.docx": docx(paragraph(SIMPLIFIED) * 3),
    "a.xlsx": xlsx([["year", "text"], [2006, SIMPLIFIED]]),
    "a.pdf": pdf([(72, 760 - 20 * n, line) for n, line in enumerate(SIMPLIFIED.split("\n")) if line]),
    "a.zip": zipped({"a.txt": SIMPLIFIED, "b.csv": "甲,乙\n1,2\n"}),
    "raw.docx": docx(paragraph(SIMPLIFIED)),
}


def read_or_named(name, data):
    message = ""
    try:
        found = [source for _, source in sources(File(name, data))]
    except SearcherError as error:
        message = str(error)
    else:
        assert all("\n" not in block.text for source in found for block in source.blocks)
    assert not message or name in message


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_file_is_read_or_named(name, data):
    raw = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "drop", "insert", "double"])):
            case "flip":
                raw[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del raw[at + 1 :]
            case "drop":
                del raw[at : at + data.draw(st.integers(1, 20))]
            case "insert":
                raw[at:at] = data.draw(st.binary(max_size=10))
            case "double":
                raw[at:at] = raw[at : at + 50]
        if not raw:
            break
    read_or_named(name, bytes(raw))


@given(st.binary(max_size=300), st.sampled_from([name.rpartition(".")[2] for name in FILES]))
def test_any_bytes_under_any_name(data, suffix):
    read_or_named(f"x.{suffix}", data)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False), st.integers(), st.text()),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_json(value):
    read_or_named("x.json", json.dumps(value, ensure_ascii=False).encode())
