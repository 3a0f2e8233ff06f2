"""A long report page by page: every paragraph has its page, and links lead there."""

import re
from urllib.parse import quote

import pytest

from searcher.web._windows import PAGE_SIZE, page_of, window
from tests.web.conftest import LONG
from tests.web.test_pages import page

MATCHES = [5, 255, 505, 755]


@pytest.mark.parametrize("count", [0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE + 7])
def test_every_paragraph_is_on_one_page(count):
    pages = [window(count, {"page": n + 1}) for n in range(window(count, {}).pages)]
    assert [ordinal for one in pages for ordinal in range(one.start, one.end)] == list(range(count))
    for ordinal in range(count):
        assert window(count, {"around": ordinal}).holds(ordinal)
        assert window(count, {"around": ordinal, "page": 1}).page == page_of(ordinal)
    assert window(count, {"page": 10**6}) == window(count, {"around": 10**6}) == pages[-1]


def test_links_lead_to_the_page_of_what_they_name(client):
    asked = quote("渡槽")
    seen = []
    address = f"/reports/long?q={asked}"
    while address:
        shown = page(client, address)
        seen += [found["id"] for found in shown.all("div") if re.fullmatch(r"p\d+", found.get("id", ""))]
        outline = [href for href in shown.links() if re.fullmatch(r"(/reports/long\?.*)?#p(\d+00|0)", href)]
        for href in {*outline, *(found["href"] for found in shown.all("a", **{"class": "step"}))}:
            path, _, fragment = href.partition("#")
            there = page(client, path) if path else shown
            assert there.all("div", id=fragment) + there.all("mark", id=fragment), href
            assert not path or f"q={asked}" in path
        assert len(set(outline)) >= 10  # the whole outline stands beside every page
        address = next((found["href"] for found in shown.all("a", rel="next")), None)
    assert seen == [f"p{n}" for n in range(1000)]


def test_matches_follow_each_other_over_pages(client):
    at, found = f"/reports/long?q={quote('渡槽')}", []
    step = next(one["href"] for one in page(client, at).all("a") if "first" in one.get("class", ""))
    assert step == "#m1"
    while at:
        shown = page(client, at)
        assert "4 段匹配" in shown.text
        ordinals = [int(one["id"][1:]) for one in shown.all("div") if "matched" in one.get("class", "")]
        found += ordinals
        later = [one["href"] for one in shown.all("a", **{"aria-label": "下一处匹配"}) if one["href"].startswith("/")]
        assert len(later) <= 1
        at = later[0] if later else None
    assert found == MATCHES


def test_hits_and_the_page_around_a_paragraph(client):
    hits = page(client, "/?q=长卷之777")
    assert any(
        href.startswith("/reports/long?") and "page=2" in href and href.endswith("#p777") for href in hits.links()
    )
    around = page(client, "/reports/long?around=777")
    assert around.all("div", id="p777")
    assert not around.all("div", id="p10")
    twin = around.all("link", rel="alternate")[0]["href"]
    assert any(one["ordinal"] == 777 for one in client.get(twin).json()["paragraphs"])
    assert around.all("a", lang="en")[0]["href"] == "/reports/long?around=777&lang=en"
    assert "第 2 / 3 页" in around.text


def test_the_api_gives_a_report_whole_or_by_pages(client):
    whole = client.get("/api/v1/reports/long").json()
    assert [one["ordinal"] for one in whole["paragraphs"]] == list(range(1000))
    assert "page" not in whole
    at, paragraphs = "/api/v1/reports/long?page=1", []
    while at:
        answer = client.get(at).json()
        assert (answer["count"], answer["pages"], answer["headings"]) == (1000, 3, list(LONG.headings))
        paragraphs += answer["paragraphs"]
        at = answer["next"]
    assert paragraphs == whole["paragraphs"]
    assert client.get("/api/v1/reports/long?around=999").json()["previous"] == "/api/v1/reports/long?page=2"
    assert client.get("/api/v1/reports/long?page=0").status_code == 400
    assert client.get("/api/v1/reports/nobody?page=1").status_code == 404
