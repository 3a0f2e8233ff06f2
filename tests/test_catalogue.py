import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import IndexOutdated
from searcher.catalogue import Catalogue, Copy, KnownFile, KnownReport

words = st.text(st.characters(), max_size=6)
reports = st.builds(KnownReport, words, words, words, words)
files = st.builds(
    KnownFile,
    words,
    words,
    words,
    st.integers(-1, 2**40),
    st.integers(-1, 2**63),
    words,
    st.sampled_from(["indexed", "skipped", "failed"]),
    words,
    st.lists(words, max_size=3).map(tuple),
    st.lists(words, max_size=3).map(tuple),
    st.lists(reports, max_size=3).map(tuple),
)


@given(st.lists(files, max_size=5))
def test_what_is_dumped_is_loaded(known):
    catalogue = Catalogue({file.path: file for file in known})
    assert Catalogue.load(catalogue.dump()) == catalogue


def test_nothing_is_a_catalogue():
    assert Catalogue.load(b"") == Catalogue()
    assert Catalogue.load(Catalogue().dump()) == Catalogue()


def test_another_version_is_named():
    data = json.loads(zlib.decompress(Catalogue().dump())) | {"version": 0}
    with pytest.raises(IndexOutdated, match="--rebuild"):
        Catalogue.load(zlib.compress(json.dumps(data).encode()))


def known(path, *reports):
    return KnownFile(path, "/", path[1:], 1, 2, "hash", "indexed", "", reports=reports)


def test_copies_and_owners():
    catalogue = Catalogue(
        {"/a": known("/a", KnownReport("a", "t", "")), "/b": known("/b", KnownReport("b", "t", "", "a"))}
    )
    assert catalogue.owners() == {"a": "/a"}
    assert list(catalogue.copies()) == [Copy("b", "/b", "a")]


def test_what_does_not_agree_is_read_again():
    kept, lost = KnownReport("kept", "", ""), KnownReport("lost", "", "")
    catalogue = Catalogue({"/a": known("/a", kept), "/b": known("/b", lost)})
    catalogue.reconcile({"kept": "/a", "found": "/c"})
    assert catalogue.files["/a"] == known("/a", kept)
    assert catalogue.files["/b"] == known("/b").unread()
    assert [report.id for report in catalogue.files["/c"].reports] == ["found"]
    assert catalogue.files["/c"].size == -1
