"""The pages: everything in the address, in two languages and scripts, and whatever a report says stays inert."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from searcher.web._charts import chart
from searcher.web._words import WORDS
from tests.web.conftest import HOSTILE, SCRIPT

HAN = re.compile(r"[\u4e00-\u9fff]")


class Page(HTMLParser):
    """What a browser would see: elements with their attributes, and the text."""

    def __init__(self, answer):
        super().__init__()
        self.elements, self.text, self.stack = [], "", []
        self.feed(answer.text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag, **attributes):
        return [found for name, found in self.elements if name == tag and attributes.items() <= found.items()]

    def links(self):
        return [found["href"] for found in self.all("a")]


def page(client, path, **headers):
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return Page(answer)


def test_where_one_begins(client, index):
    home = page(client, "/")
    assert f"{index.statistics().reports} 份报告" in home.text
    assert home.all("input", name="q")
    for example in [href for href in home.links() if href.startswith("/?q=")]:
        assert client.get(example).status_code == 200


def test_a_search_shows_where_it_stands(client, index):
    found = page(client, "/?q=校长竞聘上岗")
    hit = index.search("校长竞聘上岗").hits[0]
    for told in (hit.metadata.title, hit.metadata.institution, str(hit.metadata.year), hit.paragraph.section[-1]):
        assert told in found.text
    assert len(found.all("mark")) >= 1
    assert any(href.startswith(f"/reports/{hit.report_id}?q=") and href.endswith(f"#p{hit.paragraph.ordinal}")
               for href in found.links())  # fmt: skip
    twin = found.all("link", rel="alternate")[0]["href"]
    shown = [href for href in found.links() if re.match(r"/reports/.*#p\d+$", href)]
    hits = client.get(twin).json()["hits"]
    assert len(hits) == len(shown)
    asked = quote("校长竞聘上岗")
    assert {f"/reports/{hit['report_id']}?q={asked}#p{hit['ordinal']}" for hit in hits} == set(shown)


def test_a_facet_narrows_and_its_chip_widens(client):
    everything = page(client, "/?q=教育")
    institution = next(href for href in everything.links() if "institution=" in href)
    narrow = page(client, institution)
    assert narrow.all("ul", **{"class": "chips"})
    chip = next(found["href"] for found in narrow.all("a") if found.get("aria-label", "").startswith("去掉条件"))
    assert "institution" not in chip
    others = [href for href in narrow.links() if href.count("institution=") > 1]
    assert others  # another value can be chosen beside
    year = next(href for href in everything.links() if "year=" in href)
    assert "逐年列出" in page(client, year).text
    assert sum(int(x) for x in re.findall(r"(\d+) 段匹配", page(client, year).text)) > 0


def test_concordance_trend_and_paging(client):
    lines = page(client, "/?q=教育&view=kwic&kwic_sort=right")
    assert len(lines.all("tr", **{"class": "item"})) > 20
    trend = page(client, "/trend?q=教育")
    assert len(trend.all("figure")) == 2
    assert "无报告" in trend.text
    assert {"/?q=%E6%95%99%E8%82%B2&year=2006"} <= set(trend.links())
    first = page(client, "/?q=工作&limit=5")
    assert page(client, first.all("a", rel="next")[0]["href"]).all("a", rel="prev")
    assert "没有更多" in page(client, "/?q=工作&offset=900").text
    assert "没有找到" in page(client, "/trend?q=工作&year=1900").text
    assert page(client, "/trend").all("input", name="q")


def test_a_report_is_whole(client, index):
    hit = index.search("民生").hits[0]
    report = index.report(hit.report_id)
    shown = page(client, f"/reports/{hit.report_id}?q=民生")
    assert len(shown.all("div", id=f"p{len(report.paragraphs) - 1}")) == 1
    for paragraph in report.paragraphs:
        assert paragraph.text in shown.text
    marks = [found["id"] for found in shown.all("mark")]
    assert marks == [f"m{n}" for n in range(1, len(marks) + 1)]
    assert not page(client, f"/reports/{hit.report_id}").all("mark")
    steps = [found["href"] for found in shown.all("a", **{"class": "step"})]
    assert all(shown.all("div", id=href[1:]) for href in steps)


def test_two_languages(client):
    assert page(client, "/?q=教育", **{"Accept-Language": "en-GB,en;q=0.9,zh;q=0.1"}).all("html")[0]["lang"] == "en"
    for accepted in ("zh-TW,en;q=0.5", "fr", "", "en;q=x"):
        assert page(client, "/?q=教育", **{"Accept-Language": accepted}).all("html")[0]["lang"] == "zh-Hans"
    problem = Page(client.get("/nothing?lang=en"))
    assert set(HAN.findall(problem.text)) == set("简繁中文民生人活")
    assert page(client, "/?q=教育&lang=en").all("a", lang="zh")[0]["href"].endswith("lang=zh")
    for key, (chinese, english) in WORDS.items():
        assert chinese, key
        assert english, key
        assert set(re.findall(r"{\w+}", chinese)) == set(re.findall(r"{\w+}", english))


def test_the_script_shown_never_changes_what_is_found(client):
    shown = {name: page(client, f"/?q=校长&display={name}") for name in ("simplified", "traditional")}
    original = page(client, "/?q=校长")
    assert "校長" not in shown["simplified"].text
    assert "教育局工作總結" in shown["traditional"].text
    assert shown["traditional"].all("html")[0]["lang"] == "zh-Hant"
    assert len({len(found.all("mark")) for found in (original, *shown.values())}) == 1
    assert {re.search(r"(\d+) 段匹配", found.text)[1] for found in (original, shown["simplified"])} == {
        re.search(r"(\d+) 段匹配", shown["traditional"].text)[1]
    }


def paths():
    hostile = quote(HOSTILE.id, safe="")
    return [
        "/?q=恶意",
        "/?q=恶意&view=kwic",
        "/?q=恶意&display=traditional&lang=en",
        "/trend?q=恶意",
        f"/reports/{hostile}?q=恶意",
        f"/reports/{hostile}?q=script",
        f"/?q={quote(SCRIPT)}",
        f"/?q={quote(chr(34) + SCRIPT)}",
        f"/?q=恶意&institution={quote(HOSTILE.metadata.institution)}",
        f"/?q=恶意&title={quote('<script>alert(5)</script>')}",
        f"/?q=恶意&lang={quote('<script>')}",
        f"/reports/{quote(SCRIPT, safe='')}",
        f"/{quote(SCRIPT)}",
        "/?q=恶意&year=<script>",
    ]


@pytest.mark.parametrize("path", paths())
def test_nothing_that_is_said_becomes_markup(client, path):
    shown = Page(client.get(path))
    assert [found for name, found in shown.elements if name == "script"] == shown.all("script", defer=None)
    assert len(shown.all("script")) == 1
    assert not shown.all("img") + shown.all("b") + shown.all("i") + shown.all("style")
    for name, attributes in shown.elements:
        for attribute, value in attributes.items():
            assert not attribute.startswith("on"), (name, attribute)
            assert attribute != "style"
            assert not (value or "").lower().startswith("javascript:")
    assert "49" not in re.findall(r"\b49\b", shown.text)  # {{ 7 * 7 }}


@pytest.mark.parametrize("path", ["/", "/?q=民生", "/nothing", "/api/v1/search?q=民生", "/static/style.css", "/?q=%22"])
def test_headers_keep_pages_inert(client, path):
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_nothing_outside_is_served(client):
    for path in (
        "/static/../_app.py",
        "/static/%2e%2e/_app.py",
        "/static/..%2f_app.py",
        "/static//etc/passwd",
        "/static/",
    ):
        assert client.get(path).status_code == 404
    for name in ("style.css", "page.js", "icon.svg"):
        text = client.get(f"/static/{name}").text
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_faults_are_shown_where_they_are(client):
    answer = client.get('/?q=就业 "民生')
    assert answer.status_code == 400
    assert Page(answer).all("mark")
    assert "检索式有误" in answer.text
    assert client.get("/?q=%22a&lang=en").text.count("cannot be understood") > 0
    assert client.get("/reports/nobody").status_code == 404
    assert client.get("/?q=民生&limit=x").status_code == 400


def test_what_nobody_expected_is_told_without_details(client, monkeypatch):
    monkeypatch.setattr("searcher.index.Index.search", lambda *_, **__: 1 / 0)
    for path in ("/?q=从未问过的", "/api/v1/search?q=从未问过的"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "division" not in answer.text
        assert "content-security-policy" in answer.headers


def test_notes_and_faults_are_told_in_the_language_of_the_page(client):
    assert "相近" in client.get("/?q=教肓").text
    assert "occurs nowhere" in client.get("/?q=教肓&lang=en").text
    assert "教育" in page(client, "/?q=教育 年份:2006..2008").text
    assert "理解为 教育 且 年份在 2006..2008" in re.sub(r"\s+", " ", page(client, "/?q=教育 年份:2006..2008").text)
    for path, chinese, english in (
        ("/?q=%22a", "引号没有关闭", "is not closed"),
        ("/?q=民生&limit=x", "limit 不能是“x”：请写 0 到 500 之间的整数", "write a whole number from 0 to 500"),
        ("/?q=民生&year=2008..2004", "前后颠倒", "run backwards"),
        ("/reports/nobody", "库中没有这份报告", "There is no report"),
        ("/nowhere", "没有这个地址", "Not Found"),
    ):
        told = Page(client.get(path))
        assert chinese in told.text
        assert english not in told.text
        assert english in Page(client.get(f"{path}{'&' if '?' in path else '?'}lang=en")).text
        if path.startswith("/?"):
            told = client.get(path.replace("/?", "/api/v1/search?", 1)).text
            assert english in told  # programs are told in one language, and by kind
            assert chinese not in told


@pytest.mark.parametrize(
    ("values", "top"),
    [([(2000, 3)], 5), ([(2000, 0)], 1), ([(2000, None), (2001, 101.0)], 200), ([], 1), ([(1, 1e-3)], 1e-3)],
)
def test_charts_stay_in_their_frame(values, top):
    drawn = chart(values, str, width=100, height=50)
    assert drawn.ticks[-1][0] == pytest.approx(top)
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 100
        assert 0 <= bar.y <= bar.y + bar.height <= 50.01
    assert [bar.value for bar in drawn.bars] == [value for _, value in values]
