"""The API says what the command line says, follows commits, and refuses kindly."""

import asyncio
import csv
import io
import json
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from starlette.testclient import TestClient

from searcher import Index, to_json
from searcher.analysis import analyzer
from searcher.engines import make_batch
from searcher.rendering import as_csv
from searcher.web import Settings, create_app
from searcher.web._current import Current
from tests.test_index import report
from tests.web.conftest import HOSTILE


def without_time(answer):
    return {name: value for name, value in answer.items() if name not in ("took_ms", "next", "previous")}


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ({"q": "民生"}, {}),
        ({"q": "民生 就业", "limit": "3", "offset": "2", "match": "any"}, {"limit": 3, "offset": 2, "match": "any"}),
        ({"q": "教育", "year": "2004..2006", "institution": ["教育局", "民政局"]},
         {"years": (2004, 2006), "institutions": ["教育局", "民政局"]}),
        ({"q": "工作", "script": "traditional", "sort": "year"}, {"script": "traditional", "sort": "year"}),
        ({"q": "工作", "per_report": "1", "facets": "year, kind"}, {"per_report": 1, "facets": ["year", "kind"]}),
        ({"q": "GDP", "exact": "true", "explain": "1", "context": "1", "snippet": "20"},
         {"exact": True, "explain": True, "context": 1, "snippet_width": 20}),
        ({"q": "就业", "zone": "review", "region": "省", "title": "报告", "section": "就业", "kind": "政府工作报告"},
         {"zones": ["review"], "regions": ["省"], "title": "报告", "sections": ["就业"], "kinds": ["政府工作报告"]}),
        ({"q": "恶意", "report": HOSTILE.id}, {"reports": [HOSTILE.id]}),
        ({"q": "民生", "loose": "true"}, {"loose": True}),
    ],
)  # fmt: skip
def test_a_search_is_that_of_the_library(client, index, asked, options):
    answer = client.get("/api/v1/search", params=asked)
    assert answer.status_code == 200
    assert without_time(answer.json()) == without_time(to_json(index.search(asked["q"], **options)))


def test_other_formats(client, index):
    lines = client.get("/api/v1/search?q=民生&format=jsonl&limit=4")
    assert [json.loads(line) for line in lines.text.splitlines()] == to_json(index.search("民生", limit=4).hits)
    table = client.get("/api/v1/search?q=民生&format=csv&bom=true&limit=4")
    assert table.text == "\ufeff" + as_csv(index.search("民生", limit=4))
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == 4
    assert table.headers["content-type"] == "text/csv; charset=utf-8"


def test_pages_follow_each_other(client, index):
    every, at = [], "/api/v1/search?q=教育&limit=7&sort=year"
    while at:
        answer = client.get(at)
        every += [hit["id"] for hit in answer.json()["hits"]]
        assert ('rel="next"' in answer.headers.get("link", "")) == bool(answer.json()["next"])
        at = answer.json()["next"]
    assert every == [hit.paragraph.id for hit in index.search("教育", limit=1000, sort="year").hits]
    second = client.get("/api/v1/search?q=教育&limit=7&offset=7").json()
    assert client.get(second["previous"]).json()["hits"][0]["rank"] == 1


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ('search?q="民生', 400, {"position": 0}),
        ("search?q=年份:abc", 400, {"kind": "bad_value"}),
        ("search", 400, {"kind": "parameter", "parameter": "q"}),
        ("search?q=%20", 400, {"position": 0}),
        ("search?q=a&q=b", 400, {"kind": "parameter", "parameter": "q"}),
        ("search?q=民生&colour=red", 400, {"kind": "parameter", "parameter": "colour"}),
        ("search?q=民生&limit=", 400, {"kind": "parameter", "parameter": "limit"}),
        ("search?q=民生&limit=501", 400, {"kind": "parameter", "parameter": "limit"}),
        ("search?q=民生&limit=٣", 400, {"kind": "parameter", "parameter": "limit"}),
        ("search?q=民生&year=x", 400, {"kind": "parameter", "parameter": "year"}),
        ("search?q=民生&year=2008..2004", 400, {"kind": "usage"}),
        ("search?q=民生&facets=colour", 400, {"kind": "parameter", "parameter": "facets"}),
        ("search?q=民生&loose=maybe", 400, {"kind": "parameter", "parameter": "loose"}),
        ("search?q=民生&format=xml", 400, {"kind": "parameter", "parameter": "format"}),
        ("search?q=" + "民" * 1001, 400, {"kind": "too_long", "position": 1000}),
        ("search?q=" + "a" * 17000, 414, {"kind": "too_long"}),
        ("reports/nobody", 404, {"kind": "not_found"}),
        ("paragraphs/nobody", 404, {"kind": "not_found"}),
        ("paragraphs/nobody%237", 404, {"kind": "not_found"}),
        ("nothing", 404, {"kind": "not_found"}),
    ],
)
def test_refusals_say_why_and_where(client, path, status, error):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == status
    told = answer.json()["error"]
    assert told.pop("message")
    assert error.items() <= told.items()


def test_only_reading(client):
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)("/api/v1/search?q=民生").status_code == 405
    assert client.head("/api/v1/search?q=民生").text == ""


def test_reports_and_paragraphs(client, index):
    hit = index.search("校长竞聘上岗").hits[0]
    assert client.get(f"/api/v1/reports/{hit.report_id}").json() == to_json(index.report(hit.report_id))
    found = client.get(f"/api/v1/paragraphs/{quote(hit.paragraph.id)}?context=2").json()
    assert found["text"] == hit.paragraph.text
    assert found["title"] == hit.metadata.title
    assert found["context"] == to_json(index.context(hit.paragraph.id, 2))
    assert client.get(f"/api/v1/paragraphs/{quote(hit.paragraph.id)}").json()["context"] == []
    hostile = client.get(f"/api/v1/paragraphs/{quote(HOSTILE.id, safe='')}%230").json()
    assert hostile["text"] == HOSTILE.paragraphs[0].text


def test_trend_and_stats(client, index):
    trend = client.get("/api/v1/trend?q=教育&year=2004..2010").json()
    assert trend == to_json(index.trend("教育", years=(2004, 2010)))
    assert client.get("/api/v1/stats").json() == to_json(index.statistics())
    assert client.get("/healthz").json() == {"status": "ok", "generation": index.generation}


def test_an_outline_is_read_and_not_kept(client, corpus, folder):
    file = corpus / "2003年云麓县水利局工作总结.txt"
    asked = client.post("/api/v1/outline", params={"name": file.name}, content=file.read_bytes())
    assert asked.json()[0]["year"] == 2003
    assert asked.json()[0]["origin"] is None
    for name in ("", "..", "\0", "../../etc/passwd\0", "报" * 300 + ".txt"):
        assert client.post("/api/v1/outline", params={"name": name}, content=file.read_bytes()).status_code == 200
    damaged = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    refused = client.post("/api/v1/outline", params={"name": "x.doc"}, content=damaged)
    assert refused.status_code == 400
    assert "searcher-" not in refused.text
    with TestClient(create_app(Settings(folder, outline=True, largest_file=10))) as small:
        assert small.post("/api/v1/outline", content=b"x" * 11).status_code == 400
    with TestClient(create_app(Settings(folder))) as plain:
        assert plain.post("/api/v1/outline", content=b"x").status_code == 404


def test_an_etag_is_that_of_the_commit(client):
    first = client.get("/api/v1/search?q=民生")
    again = client.get("/api/v1/search?q=民生", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/v1/search?q=民生", headers={"If-None-Match": 'W/"x"'}).status_code == 200


def add(folder, *reports):
    with Index.create(folder) as index, index.writer() as writer:
        writer.add(make_batch(reports, analyzer()))
        writer.commit()


def test_new_commits_and_another_index_are_followed(tmp_path):
    folder = tmp_path / "index"
    add(folder, report("a", ["民生工程。"]))
    with TestClient(create_app(Settings(folder))) as client:

        def total():
            answer = client.get("/api/v1/search?q=民生")
            return answer.json()["total"], answer.headers["etag"]

        found, first = total()
        assert (found, first) == total() == (1, first)
        add(folder, report("b", ["保障民生。"]))
        found, second = total()
        assert found == 2
        assert second != first
        folder.rename(tmp_path / "old")
        assert client.get("/api/v1/search?q=民生").status_code == 503
        assert client.get("/healthz").status_code == 503
        add(folder, report("c", ["民生。"]), report("d", ["民生。"]), report("e", ["民生。"]))
        assert total()[0] == 3


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="asks Linux what is mapped")
def test_files_of_a_commit_that_is_gone_are_let_go(tmp_path):
    folder = tmp_path / "index"
    current = Current(folder)
    for n in range(4):
        add(folder, report(f"r{n}", ["民生工程。"]))
        index, _ = current.index()
        assert index.search("民生", facets=("year",), per_report=1).total == n + 1
    mapped = [line for line in Path("/proc/self/maps").read_text().splitlines() if str(folder) in line]
    assert mapped
    assert not [line for line in mapped if "(deleted)" in line]


def test_a_search_that_takes_too_long_is_cancelled(folder):
    with TestClient(create_app(Settings(folder, timeout=-1.0))) as client:
        for path in ("/api/v1/search?q=民生", "/api/v1/trend?q=民生"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert answer.json()["error"]["kind"] == "timeout"
            assert answer.headers["retry-after"] == "1"


def test_too_many_at_once_are_told_to_come_back(folder):
    for settings, status, kind in (
        (Settings(folder, running=0, waiting=0), 503, "busy"),
        (Settings(folder, per_client=0), 429, "too_many"),
    ):
        with TestClient(create_app(settings)) as client:
            answer = client.get("/api/v1/search?q=民生")
            assert (answer.status_code, answer.headers["retry-after"]) == (status, "1")
            assert answer.json()["error"]["kind"] == kind
            assert client.get("/?q=民生").status_code == status


def test_who_asks_the_same_at_the_same_time_waits_for_the_same(folder, monkeypatch):
    asked = []
    search = Index.search
    monkeypatch.setattr(Index, "search", lambda self, *a, **k: asked.append(a) or search(self, *a, **k))

    async def all_at_once():
        app = create_app(Settings(folder, per_client=1))
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x") as client:
            return await asyncio.gather(*(client.get("/api/v1/search?q=水利建设") for _ in range(5)))

    answers = asyncio.run(all_at_once())
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert [a for a in asked if a == ("水利建设",)] == [("水利建设",)]


def test_answers_are_kept_within_bounds(folder, monkeypatch):
    asked = []
    search = Index.search
    monkeypatch.setattr(Index, "search", lambda self, *a, **k: asked.append(a) or search(self, *a, **k))
    with TestClient(create_app(Settings(folder, cache_bytes=60_000))) as client:
        client.get("/healthz")  # it has followed the index by now
        asked.clear()
        for _ in range(3):
            first = client.get("/api/v1/search?q=民生&limit=1")
        assert len(asked) == 1
        client.get("/?q=民生", headers={"Accept-Language": "en"})
        client.get("/?q=民生", headers={"Accept-Language": "zh"})
        assert len(asked) == 3
        for n in range(100):
            client.get(f"/api/v1/search?q=教育&offset={n}")
        assert client.get("/api/v1/search?q=民生&limit=1").text != first.text  # it was asked again: took_ms differs
