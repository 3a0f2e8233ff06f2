"""Matching judged by the oracle on real text: random substrings as phrases, random trees, before and after updates.

A part is tried each time; `--thorough` tries 1,000 of each over 50,000 paragraphs.
"""

import json
import lzma
import random
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice

import pytest

import searcher
from searcher.analysis import analyzer
from searcher.engines import Request, create_engine
from searcher.ingesting import scan
from searcher.model import Metadata, Paragraph, Report
from searcher.query import parse, rewrite, tree
from searcher.query.terms import (
    ANYWHERE,
    Among,
    And,
    AtLeast,
    Between,
    Everything,
    Near,
    Not,
    Or,
    Phrase,
    Word,
)
from tests.engines.conftest import Merged, Unmerged, commit
from tests.oracle import Oracle

ALL = 100_000  # the most an engine gives
COMMITS = 24


class Asker:
    """Queries that have something to do with some reports, always the same ones."""

    def __init__(self, reports, seed):
        self.chance = random.Random(seed)
        self.reports = reports
        self.analyzer = analyzer()

    def paragraph(self):
        """Return a paragraph and its report, each as likely as its report is."""
        report = self.chance.choice(self.reports)
        return self.chance.choice(report.paragraphs), report

    def substring(self):
        """Return some characters that stand in a paragraph, no figure or Latin word cut in two, and its id."""
        while True:
            paragraph, _ = self.paragraph()
            units = self.analyzer.analyze([paragraph.text]).units_of()
            inside = {at for unit in units for at in range(unit.start + 1, unit.end)}
            bounds = [at for at in range(len(paragraph.text) + 1) if at not in inside]
            first = self.chance.randrange(len(bounds) - 1)
            last = min(first + self.chance.randint(1, 14), len(bounds) - 1)
            text = paragraph.text[bounds[first] : bounds[last]].strip()
            if any(map(str.isalnum, text)):
                return text, paragraph.id

    def tree(self, depth=3):
        """Return a random tree of leaves and filters."""
        kind = self.chance.choice(("leaf", "leaf", "and", "or", "not", "least") if depth else ("leaf",))
        if kind == "leaf":
            return self.leaf()
        if kind == "not":
            return Not(self.tree(depth - 1))
        children = tuple(self.tree(depth - 1) for _ in range(self.chance.randint(1, 3)))
        if kind == "least":
            return AtLeast(self.chance.randint(1, 3), children)
        return {"and": And, "or": Or}[kind](children)

    def leaf(self):
        """Return a word, a phrase, phrases near each other, or a filter."""
        paragraph, report = self.paragraph()
        analysis = self.analyzer.analyze([self.chance.choice([paragraph.text, *paragraph.section])])
        words, units = [t.text for t in analysis.words_of()], [t.text for t in analysis.units_of()]
        kind = self.chance.choice(
            ("word", "word", "phrase", "phrase", "wild", "near", "year", "kind", "zone", "report")
        )
        places = self.chance.choice((ANYWHERE, ANYWHERE, ("text",), ("section",), ("title", "institution")))
        match kind:
            case "word" if words:
                return Word(self.chance.choice(words), places)
            case "phrase" if units:
                return Phrase(self.some(units), places)
            case "wild" if len(units) > 2:
                first, *rest = self.some(units, least=3)
                return Phrase((first, "", *rest[1:]), places)
            case "near" if len(units) > 2:
                phrases = tuple(Phrase(self.some(units, most=2), places) for _ in range(2))
                return Near(phrases, self.chance.randint(0, 6), places)
            case "year":
                year = report.metadata.year
                return Between("year", year, self.chance.choice((year, None, (year or 2020) + 2)))
            case "kind" if report.metadata.kind:
                return Among("kind", (report.metadata.kind,))
            case "zone" if paragraph.zone:
                return Among("zone", (paragraph.zone, "opening"))
            case "report":
                return Among("report", tuple(other.id for other in self.chance.choices(self.reports, k=20)))
            case _:
                return Everything()

    def some(self, units, least=1, most=6):
        """Return some units that stand one after the other."""
        size = self.chance.randint(min(least, len(units)), min(most, len(units)))
        start = self.chance.randrange(len(units) - size + 1)
        chosen = tuple(units[start : start + size])
        return chosen if any(unit.isalnum() for unit in chosen) else (*chosen, units[0])


@pytest.fixture(scope="module")
def reports(shared, many):
    """Real reports, and laws beside them, of so many paragraphs or a few more."""
    wanted = many(50_000, 3_000)
    found = []
    size = 0
    for report in chain(islice(_read(shared), many(None, 15)), _laws(shared)):
        found.append(report)
        size += len(report.paragraphs)
        if size >= wanted:
            return found
    raise AssertionError(size)


def _read(shared):
    files = list(scan([shared / "seed", shared / "reports"]))
    random.Random(1).shuffle(files)
    for path, root in files:
        with suppress(searcher.UnsupportedFormat):
            yield from (report for report in searcher.read(path, root=root) if report.paragraphs)


def _laws(shared):
    with lzma.open(shared / "perf" / "laws.jsonl.xz", "rt", encoding="utf-8") as lines:
        yield from map(_law, lines)


def _law(line):
    law = json.loads(line)
    paragraphs = tuple(Paragraph(law["id"], n, text) for n, text in enumerate(law["paragraphs"]) if text)
    paragraphs = tuple(replace(paragraph, ordinal=n) for n, paragraph in enumerate(paragraphs))
    return Report(law["id"], Metadata(law["title"], law["year"], law["institution"]), paragraphs=paragraphs)


def _other(report, chance, name):
    """Return a report of that id like one before it was changed: half of its paragraphs, another year."""
    kept = chance.sample(report.paragraphs, (len(report.paragraphs) + 1) // 2)
    paragraphs = tuple(Paragraph(name, ordinal, paragraph.text) for ordinal, paragraph in enumerate(kept))
    return Report(name, replace(report.metadata, year=1950), (), paragraphs, report.script)


def _updated(create, folder, reports):
    """Return an engine that holds the reports after many commits that added, changed and removed some."""
    chance = random.Random(2)
    engine = create(folder)
    doomed = [_other(report, chance, f"gone{n}") for n, report in enumerate(chance.sample(reports, 20))]
    early = [_other(report, chance, report.id) for report in chance.sample(reports, len(reports) // 4)]
    engine = commit(engine, early + doomed)
    waiting = chance.sample(reports, len(reports))
    size = -(-len(waiting) // COMMITS)
    for start in range(0, len(waiting), size):
        engine = commit(engine, waiting[start : start + size], [doomed.pop().id] if len(doomed) > 1 else [])
    return commit(engine, [], [report.id for report in doomed])


@pytest.fixture(scope="module")
def engines(reports, tmp_path_factory):
    """The same reports after one commit, and after many: merged by the policy, never and always."""
    folder = tmp_path_factory.mktemp("engines")
    made = {"fresh": commit(create_engine(folder / "fresh"), reports)}
    for name, create in (("updated", create_engine), ("unmerged", Unmerged.create), ("merged", Merged.create)):
        made[name] = _updated(create, folder / name, reports)
    yield made
    for engine in made.values():
        engine.close()


@pytest.fixture(scope="module")
def oracle(reports):
    return Oracle(analyzer(), reports)


def _agree(engines, wanted, asked):
    for name, engine in engines.items():
        answer = engine.search(Request(asked, limit=ALL))
        assert {f"{report}#{ordinal}" for report, ordinal in answer.ids} == wanted, (name, asked)
        assert answer.total == len(wanted), (name, asked)


def test_substrings_are_found_where_they_stand_and_nowhere_else(reports, engines, oracle, many):
    asker = Asker(reports, 20061123)
    for _ in range(many(1_000, 60)):
        text, source = asker.substring()
        query = str(tree.Phrase(text))
        meant = rewrite(parse(query), query, analyzer(), engines["fresh"]).tree
        wanted = oracle.matches(meant)
        assert source in wanted, query
        _agree(engines, wanted, meant)


def test_trees_mean_the_same_in_every_state(reports, engines, oracle, many):
    asker = Asker(reports, 8341)
    empty = 0
    tried = many(1_000, 60)
    for _ in range(tried):
        asked = asker.tree()
        wanted = oracle.matches(asked)
        empty += not wanted
        _agree(engines, wanted, asked)
    assert empty < tried * 0.6  # or they would show little
