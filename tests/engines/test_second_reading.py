"""Whoosh's own matchers over the codec find what the engine finds."""

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as whoosh
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from searcher.engines import Request
from searcher.engines.whoosh._codec import BETWEEN
from searcher.errors import UsageError
from searcher.query import terms
from tests.engines.conftest import Unmerged, commit
from tests.engines.strategies import UNITS, WORDS
from tests.engines.test_conformance import built, histories, one

TEXT = ("text",)


class Pattern(NamedTuple):
    """Words that begin and end so."""

    prefix: str
    suffix: str


def both(draw):
    """A query in Whoosh's words and in ours."""
    kind = draw(st.sampled_from(("word", "unit", "phrase", "prefix", "wildcard", "and", "or", "not")))
    if kind == "word":
        word = draw(st.sampled_from(WORDS))
        return whoosh.Term("words", word), terms.Word(word, TEXT)
    if kind == "unit":
        unit = draw(st.sampled_from(UNITS))
        return whoosh.Term("unigrams", unit), terms.Phrase((unit,), TEXT)
    if kind == "phrase":
        units = tuple(draw(st.lists(st.sampled_from(UNITS), min_size=2, max_size=4)))
        return whoosh.Phrase("bigrams", [a + BETWEEN + b for a, b in pairwise(units)]), terms.Phrase(units, TEXT)
    if kind == "prefix":
        prefix = draw(st.sampled_from("人改教北"))
        return whoosh.Prefix("words", prefix), Pattern(prefix, "")
    if kind == "wildcard":
        prefix, suffix = draw(st.sampled_from("人改教北")), draw(st.sampled_from("民放育局"))
        return whoosh.Wildcard("words", f"{prefix}*{suffix}"), Pattern(prefix, suffix)
    if kind == "not":
        theirs, ours = both(draw)
        return whoosh.And([whoosh.Every(), whoosh.Not(theirs)]), terms.Not(ours)
    children = [both(draw) for _ in range(2)]
    theirs, ours = zip(*children, strict=True)
    if kind == "and":
        return whoosh.And(theirs), terms.And(ours)
    return whoosh.Or(theirs), terms.Or(ours)


queries = st.composite(both)()


def opened(folder):
    return FileIndex(FileStorage(str(folder / "index"))).searcher()


@settings(max_examples=60)
@given(history=histories, asked=queries)
def test_both_readings_agree(history, asked):
    theirs, ours = asked
    with tempfile.TemporaryDirectory() as folder:
        engine, _ = built(Unmerged.create, folder, *history)
        searcher = opened(Path(folder))
        found = [searcher.stored_fields(doc) for doc in searcher.docs_for_query(theirs)]
        wanted = engine.search(Request(expanded(engine, ours), limit=1000)).ids
        assert sorted((hit["report"], hit["ordinal"]) for hit in found) == sorted(wanted)


def expanded(engine, tree):
    """Put the words of the index in the place of patterns."""
    match tree:
        case Pattern():
            return terms.Or(tuple(terms.Word(word, TEXT) for word in engine.words(*tree, 1000)))
        case terms.Not():
            return terms.Not(expanded(engine, tree.child))
        case terms.And() | terms.Or():
            return type(tree)(tuple(expanded(engine, child) for child in tree.children))
        case _:
            return tree


def test_counts_and_stored_fields(tmp_path):
    engine = Unmerged.create(tmp_path / "index")
    engine = commit(engine, [one("a", "改革开放，改革", "就业"), one("b", "教育改革")])
    engine = commit(engine, [], ["b"])
    reader = opened(tmp_path).reader()
    assert (reader.doc_count(), reader.doc_count_all()) == (2, 3)
    assert reader.stored_fields(0) == {"report": "a", "ordinal": 0, "text": "改革开放，改革"}
    assert reader.frequency("words", "改革") == 3
    assert ("words", b"\xe6\x94\xb9\xe9\x9d\xa9") in reader
    assert list(reader.postings("words", "改革").all_ids()) == [0]
    assert reader.doc_field_length(1, "unigrams") == 2
    assert reader.min_field_length("unigrams") == 2
    assert [text for _, text in reader.terms_from("unigrams", "革")][:1] == ["革".encode()]


def test_what_is_not_supported_is_refused_by_name(tmp_path):
    commit(Unmerged.create(tmp_path / "index"), [one("a", "改革开放")])
    searcher = opened(tmp_path)
    with pytest.raises(UsageError, match="Fuzzy"):
        list(searcher.docs_for_query(whoosh.FuzzyTerm("words", "改革")))
    with pytest.raises(UsageError, match="batches"):
        FileIndex(FileStorage(str(tmp_path / "index"))).writer(codec=searcher.reader().codec())
