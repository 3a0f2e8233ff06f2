"""The pages in a real browser: Debian's Chromium, or another that $CHROMIUM or the path names."""

import os
import re
import shutil
import subprocess
import sys
from urllib.parse import quote

import pytest

from tests.conftest import ROOT
from tests.web.conftest import HOSTILE, SCRIPT

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install --group e2e")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium, or set $CHROMIUM"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def address(folder):
    running = subprocess.Popen(
        [sys.executable, "-m", "searcher", "serve", "--index", str(folder), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", cwd=ROOT,
    )  # fmt: skip
    yield running.stdout.readline().strip().rstrip("/")
    running.terminate()
    running.communicate(timeout=30)


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, address):
    """Open an address in a fresh browser; whatever fails on the page fails the test."""
    contexts, faults = [], []

    def open_page(path, expected=200, **options):
        context = browser.new_context(**{"locale": "zh-CN", "base_url": address, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        assert page.goto(path).status == expected
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def total(page):
    return int(re.search(r"(\d+) 段匹配", page.locator(".total").inner_text())[1])


def test_from_a_word_to_a_paragraph(visit):
    page = visit("/")
    sync_api.expect(page.locator("#q")).to_be_focused()  # autofocus comes with the first frame, after the page's load
    page.keyboard.type("校长竞聘上岗")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    assert page.locator("mark").first.inner_text() in ("校長競聘上崗", "校长竞聘上岗")
    assert page.locator(".crumbs").first.inner_text()
    text = page.locator(".snippet").first.inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/**")
    target = page.locator(".passage:target")
    assert text.strip("…")[:10] in target.inner_text()
    assert target.is_visible()
    assert page.locator("mark[id='m1']").count() == 1
    page.keyboard.press("n")
    assert page.locator("mark.current").count() == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_filters_are_set_seen_and_taken_away(visit):
    page = visit("/?q=教育")
    everything = total(page)
    page.locator(".filters a", has_text="青川河县教育局").first.click()
    page.wait_for_url("**institution=**")
    assert total(page) < everything
    page.locator(".chips a").click()
    page.wait_for_url(lambda url: "institution" not in url)
    assert total(page) == everything
    page.locator(".histogram a").nth(8).click()
    page.wait_for_url("**year=2006**")
    assert set(page.locator(".about .year").all_inner_texts()) == {"2006"}
    page.locator(".range input[name=year]").fill("2004..2005")
    page.locator(".range button").click()
    page.wait_for_url("**year=2004..2005**")
    assert "title=" not in page.url  # what is left empty stays out of the address


def test_pages_lines_and_trends(visit):
    page = visit("/?q=工作&limit=5")
    first = page.locator(".snippet").first.inner_text()
    page.locator("a[rel=next]").click()
    page.wait_for_url("**offset=5**")
    assert page.locator(".snippet").first.inner_text() != first
    page.locator(".turns a", has_text="逐行对照").click()
    page.wait_for_url("**view=kwic**")
    lefts = page.locator("td.match mark").evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    assert len(lefts) > 5
    assert max(lefts) - min(lefts) < 60  # aligned on the match
    page.locator(".turns a", has_text="历年趋势").click()
    page.wait_for_url("**/trend?**")
    assert page.locator("figure svg").count() == 2
    assert page.locator("rect.gap").count() > 0
    page.locator(".numbers tbody a").first.click()
    page.wait_for_url("**year=2025**")


def test_a_link_to_a_paragraph_of_a_long_report_finds_its_page(visit):
    page = visit("/reports/long#p903")
    page.wait_for_url("**around=903#p903")
    assert page.locator(".passage:target").inner_text().startswith("903")
    assert page.locator("#p903 .permalink").bounding_box()["height"] < 40  # a number is one line
    page.goto("/reports/long?q=渡槽")
    page.locator(".step", has_text="本页之后的匹配").click()
    page.wait_for_url("**page=2#p505")
    assert page.locator(".passage:target mark").count() == 1


def test_a_citation_is_copied(visit):
    page = visit("/?q=校长竞聘上岗", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".cite summary").first.click()
    page.locator(".cite button").first.click()
    sync_api.expect(page.locator(".cite button").first).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"“.+”——.+《.+》（\d{4}）.*，段落 \w+#\d+", copied)


def test_all_works_without_javascript(visit):
    page = visit("/", java_script_enabled=False)
    page.locator("#q").fill("民生")
    page.locator("button[type=submit]").click()
    assert total(page) > 0
    page.locator(".filters section > .values a").first.click()
    assert page.locator(".chips a").count() == 1
    page.locator(".snippet a").first.click()
    assert page.locator(".passage:target").count() == 1
    page.locator(".step.first").click()
    assert page.locator("mark:target").count() == 1
    page.locator(".cite summary").first.click()
    assert page.locator(".cite p").first.is_visible()
    assert not page.locator(".cite button").first.is_visible()


@pytest.mark.parametrize("path", ["/", "/?q=民生", "/?q=教育&view=kwic", "/trend?q=教育", "report"])
def test_a_narrow_screen_holds_it_all(visit, index, path):
    path = f"/reports/{index.search('民生').hits[0].report_id}?q=民生" if path == "report" else path
    page = visit(path, viewport={"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    box = page.locator("#q").bounding_box()
    assert box["width"] > 200
    if page.locator("details.fold").count():
        assert not page.locator("details.fold > :not(summary)").first.is_visible()


def test_either_script_finds_the_same(visit):
    counts = {total(visit(f"/?q={query}")) for query in ("校长竞聘上岗", "校長競聘上崗")}
    assert len(counts) == 1
    page = visit("/?q=校長競聘上崗")
    page.locator(".switches a", has_text="简").click()
    page.wait_for_url("**display=simplified**")
    marked = set(page.locator("mark").all_inner_texts())
    assert "校长竞聘上岗" in marked
    assert not set("".join(marked)) & set("長競崗")
    page.locator(".switches .language").click()
    page.wait_for_url("**lang=en**")
    assert "paragraphs in" in page.locator(".total").inner_text()


def hostile():
    report = quote(HOSTILE.id, safe="")
    return [f"/?q={quote(SCRIPT)}", "/?q=恶意", "/?q=恶意&view=kwic", "/trend?q=恶意", f"/reports/{report}?q=恶意"]


@pytest.mark.parametrize("path", hostile())
def test_what_is_said_stays_inert(visit, path):
    page = visit(path)
    page.wait_for_timeout(100)
    assert page.title() != "owned"
    assert page.locator("main img, main b, main i, main script, main [onload], main [onerror]").count() == 0
    assert page.locator("a[href^='javascript:' i]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, index, scheme):
    report = index.search("民生").hits[0].report_id
    paths = [
        "/",
        "/?q=教育&institution=教育局",
        "/?q=教育&view=kwic",
        "/trend?q=教育",
        f"/reports/{report}?q=民生",
        "/?q=麒麟瑞兽",
    ]
    for path in paths:
        page = visit(path, color_scheme=scheme, bypass_csp=True)
        found = axe.Axe().run(page).response["violations"]
        serious = [(fault["id"], [node["html"][:120] for node in fault["nodes"]][:3]) for fault in found
                   if fault["impact"] in ("serious", "critical")]  # fmt: skip
        assert serious == [], path


def test_print_leaves_the_text(visit, index):
    page = visit(f"/reports/{index.search('民生').hits[0].report_id}?q=民生")
    page.emulate_media(media="print")
    assert page.locator(".passage").first.is_visible()
    for gone in (".top", ".bottom", ".outline"):
        assert not page.locator(gone).first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
