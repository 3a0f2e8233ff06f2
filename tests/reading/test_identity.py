"""Ids are short, stable, unique and typeable."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.reading._identity import Ids, digest, relative


def test_an_id_is_the_same_on_every_machine():
    assert digest("2006/总结.txt") == "dype3d3whn"
    assert digest(unicodedata.normalize("NFD", "é.txt")) == digest(unicodedata.normalize("NFC", "é.txt"))


def test_the_name_that_counts_is_relative_to_the_root(tmp_path):
    path = tmp_path / "年" / "a.txt"
    assert relative(path, tmp_path) == "年/a.txt"
    assert relative(path, None) == "a.txt"
    assert relative(path, tmp_path / "elsewhere") == "a.txt"


@pytest.mark.parametrize(
    ("record", "report_id"),
    [
        (None, digest("a.csv")),
        ("#12", f"{digest('a.csv')}-12"),
        ("gd-2006", "gd-2006"),
        ("报告3", "报告3"),
        ("7", "7"),
        ("a b/c#d", "a-b-c-d"),
        ("-x;rm *", "x-rm"),
        ("??", f"{digest('a.csv')}-{digest('??')}"),
        ("x" * 65, f"{digest('a.csv')}-{digest('x' * 65)}"),
    ],
)
def test_a_record_brings_its_own_id_where_it_can_be_typed(record, report_id):
    assert Ids().give("a.csv", record) == report_id


def test_no_id_is_given_twice():
    ids = Ids()
    assert [ids.give("a.csv", record) for record in ("a", "a", "a/", "a-2", "#1", "#1")] == [
        *("a", "a-2", "a-3", "a-2-2", f"{digest('a.csv')}-1", f"{digest('a.csv')}-1-2")
    ]


@given(st.lists(st.one_of(st.none(), st.text(min_size=1)), max_size=20))
def test_ids_are_unique_and_safe_in_a_shell(records):
    ids = Ids()
    given_ids = [ids.give("x", record) for record in records]
    assert len(set(given_ids)) == len(given_ids)
    assert all(re.fullmatch(r"\w[\w.-]*", report_id) for report_id in given_ids)


@given(st.sets(st.text(), max_size=50))
def test_different_names_have_different_ids(names):
    names = {unicodedata.normalize("NFC", name) for name in names}
    assert len({digest(name) for name in names}) == len(names)
