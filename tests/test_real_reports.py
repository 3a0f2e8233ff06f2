"""Real reports, where they are at hand: everything is read or refused by name, and phrases are found exactly."""

import random
from contextlib import suppress

import pytest

import searcher
from searcher import Index, Report
from searcher.analysis import analyzer, fold
from searcher.engines import Request, make_batch
from searcher.ingesting._scan import scan
from searcher.query import parse, rewrite, tree
from tests.oracle import Oracle

SUBSTRINGS = 300


@pytest.fixture(scope="module")
def reports(shared):
    found: list[Report] = []
    for file in scan([shared / "reports", shared / "seed"]).files.values():
        with suppress(searcher.UnsupportedFormat):  # named and explained; anything else is a failure
            found += searcher.read(file.path, root=file.root)
    return [report for report in found if report.paragraphs]


@pytest.fixture(scope="module")
def index(reports, tmp_path_factory):
    with Index.create(tmp_path_factory.mktemp("real")) as made:
        with made.writer() as writer:
            for start in range(0, len(reports), 50):
                writer.add(make_batch(reports[start : start + 50], analyzer()))
            writer.commit()
        made.refresh()
        yield made


def test_every_report_is_in(reports, index):
    assert index.statistics().reports == len({report.id for report in reports}) == len(reports)
    assert index.statistics().paragraphs > 10_000


def test_phrases_are_found_exactly(reports, index):
    judged = reports[::5]  # the oracle is slow: it judges every fifth report's paragraphs
    oracle = Oracle(index.analyzer, judged)
    names = {report.id for report in judged}
    pick = random.Random(20061123)
    texts = [paragraph.text for report in reports for paragraph in report.paragraphs]
    checked = 0
    while checked < SUBSTRINGS:
        text = pick.choice(texts)
        start, size = pick.randrange(len(text)), pick.randint(2, 12)
        wanted = text[start : start + size].strip()
        if sum(char.isalnum() for char in wanted) < 2:
            continue
        checked += 1
        query, folded = str(tree.Phrase(wanted)), str(tree.Phrase(fold(wanted)))
        meant = rewrite(parse(query), query, index.analyzer, index._engine).tree
        assert meant == rewrite(parse(folded), folded, index.analyzer, index._engine).tree  # the same in either script
        ids = index._engine.search(Request(meant, limit=100_000)).ids
        found = {f"{report_id}#{ordinal}" for report_id, ordinal in ids}
        assert {name for name in found if name.rpartition("#")[0] in names} == oracle.matches(meant), query
        assert index.search(query, match="all", limit=0).total == len(found)


def test_the_report_the_project_began_with(reports, index):
    report = next(r for r in reports if r.metadata.title == "2006年教育局工作總結")
    assert (report.metadata.year, report.metadata.institution) == (2006, "教育局")
    work, study, teachers = (
        "一、工作完成情況",
        "(一)、加強理論學習,推進學習型系統建設",
        "(二)、加強師資隊伍建設,提高隊伍素質",
    )
    heads, reform, teaching = "1、抓好中小學校長培訓", "2、實行人事制度改革", "3、強化教學管理提高教學質量"
    expected = [(), (work, study), (work, teachers, heads), (work, teachers, reform), *[(work, teachers, teaching)] * 2]
    for paragraph, path in zip(report.paragraphs, expected, strict=True):
        assert len(paragraph.section) == len(path)
        assert all(full.startswith(start) for full, start in zip(paragraph.section, path, strict=True))

    first = index.search("校长竞聘上岗").hits[0]
    assert first.report_id == report.id
    assert first.paragraph.runin.startswith(reform)
    assert "校長競聘上崗" in {first.paragraph.text[a:b] for a, b in first.spans}
