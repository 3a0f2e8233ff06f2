"""Trends: how often a query matches, year by year."""

import pytest

from searcher import Index, UsageError
from searcher.analysis import analyzer
from searcher.engines import make_batch
from searcher.model import TrendYear
from tests.test_index import report

REPORTS = [
    report("a", ["促进就业。", "稳定就业，发展教育。"], year=2001, institution="人社局"),
    report("b", ["发展教育。"], year=2002, institution="教育局"),
    report("c", ["促进就业工作。"], year=2004, institution="人社局"),
    report("d", ["促进就业。"]),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with Index.create(tmp_path_factory.mktemp("trends") / "index") as made:
        with made.writer() as writer:
            writer.add(make_batch(REPORTS, analyzer()))
            writer.commit()
        made.refresh()
        yield made


def test_a_year_without_a_report_is_a_gap_and_one_without_a_match_a_zero(index):
    trend = index.trend("就业")
    assert trend.years == (
        TrendYear(2001, 2, 12, round(2 / 12 * 10_000, 3)),
        TrendYear(2002, 0, 4, 0.0),
        TrendYear(2003, None, None, None),
        TrendYear(2004, 1, 6, round(1 / 6 * 10_000, 3)),
    )
    assert (trend.total, trend.undated, trend.understood) == (4, 1, "就业")


@pytest.mark.parametrize(
    ("query", "filters", "years"),
    [
        ("就业", {"institutions": ["人社局"]}, {2001: 2, 2002: None, 2003: None, 2004: 1}),
        ("机构:教育局 就业", {}, {2002: 0}),
        ("就业", {"years": (2002, 2004)}, {2002: 0, 2003: None, 2004: 1}),
        ("就业 year:2001", {}, {2001: 2}),
        ("就业 -教育", {}, {2001: 1, 2002: 0, 2003: None, 2004: 1}),  # what is excluded is still ground
        ("麒麟", {"years": 1900}, {}),
    ],
)
def test_the_ground_is_what_the_filters_leave(index, query, filters, years):
    assert {year.year: year.paragraphs for year in index.trend(query, **filters).years} == years


def test_totals_are_those_of_a_search(index):
    for query in ("就业", "教育 就业", "就业 OR 教育"):
        assert index.trend(query).total == index.search(query).total
    with pytest.raises(UsageError):
        index.trend("就业", match="most")
    with pytest.raises(TimeoutError):
        index.trend("就业", timeout=-1.0)
