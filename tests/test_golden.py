"""Golden rankings over `corpus/`: a change of ranking shows in review. `pytest --update-golden` writes them anew."""

import pytest

import searcher
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden"
QUERIES = {
    "校长竞聘上岗": {},
    "民生": {},
    "改善民生": {},
    "就业 教育 医疗": {},
    "馬克思主義": {},
    "5.5%": {},
    "GDP": {},
    "双碳": {},
    "水库 防汛 -教育": {},
    "“社会主义市场经济”": {},
    "(低保 OR 救灾) year:2000..2010": {},
    "农村饮水安全怎么解决": {"match": "any"},
    "教育 ": {"per_report": 1},
}


@pytest.fixture(scope="module")
def index(tmp_path_factory, corpus):
    folder = tmp_path_factory.mktemp("golden") / "index"
    assert {outcome.status for outcome in searcher.ingest([corpus], index=folder)} == {"indexed", "skipped"}
    with searcher.Index.open(folder) as opened:
        yield opened


@pytest.mark.parametrize("query", QUERIES)
def test_ranking(index, query, request):
    hits = index.search(query, limit=8, **QUERIES[query]).hits
    lines = [f"{h.metadata.year} {h.metadata.title} #{h.paragraph.ordinal}  {h.paragraph.text[:24]}" for h in hits]
    found = "".join(f"{line}\n" for line in lines)
    file = GOLDEN / f"{list(QUERIES).index(query):02}.txt"
    if request.config.getoption("--update-golden"):
        file.write_text(f"{query.strip()}\n{found}", "utf-8")
    assert file.read_text("utf-8") == f"{query.strip()}\n{found}"
