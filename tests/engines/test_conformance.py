"""The laws of the seam, held over every engine."""

import math
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searcher.analysis import BREAK, Units, analyzer
from searcher.engines import Request, make_batch, select
from searcher.errors import NotFound, UsageError
from searcher.model import Metadata, Paragraph, Report
from searcher.query.terms import MAX_PHRASES, Among, Between, Everything, Near, Not, Nothing, Or, Phrase, Weighted, Word
from searcher.schema import FACETS
from tests.engines.conftest import ENGINES, commit
from tests.engines.reference import Reference
from tests.engines.strategies import collections, trees, weighted
from tests.oracle import Oracle

relaxed = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
every_engine = pytest.mark.parametrize("create", ENGINES.values(), ids=ENGINES)
ALL = 10_000


def built(create, folder, *commits):
    """Return an engine after some commits, each a collection, and the reports that it must hold."""
    engine, held = create(Path(folder) / "index"), {}
    for reports, removed in commits:
        engine = commit(engine, reports, removed)
        for report_id in removed:
            held.pop(report_id, None)
        held |= {report.id: report for report in reports}
    return engine, list(held.values())


def found(engine, tree, **options):
    return engine.search(Request(tree, limit=ALL, **options))


removals = st.lists(st.sampled_from("abcdefgh"), max_size=3)
histories = st.lists(st.tuples(collections, removals), min_size=1, max_size=4)


@every_engine
@relaxed
@given(history=histories, asked=st.lists(trees, min_size=1, max_size=8))
def test_matches_are_the_oracles(create, history, asked):
    with tempfile.TemporaryDirectory() as folder:
        engine, held = built(create, folder, *history)
        oracle = Oracle(analyzer(), held)
        for tree in asked:
            response = found(engine, tree)
            assert {f"{report}#{ordinal}" for report, ordinal in response.ids} == oracle.matches(tree), tree
            assert response.total == len(response.ids)
        engine.close()


@every_engine
@relaxed
@given(history=histories, terms=weighted, tree=trees, page=st.tuples(st.integers(0, 4), st.integers(0, 5)))
def test_scores_are_bm25_and_order_is_the_seams(create, history, terms, tree, page):
    with tempfile.TemporaryDirectory() as folder:
        engine, held = built(create, folder, *history)
        scores = Reference(analyzer(), held).scores(terms)
        years = {report.id: report.metadata.year for report in held}
        response = found(engine, Or((Everything(), tree)), scoring=terms)
        for at, score in zip(response.ids, response.scores, strict=True):
            assert math.isclose(score, scores[at], abs_tol=2e-6)

        def key(item):
            (report, ordinal), score = item
            return -score, years[report] is None, -(years[report] or 0), report, ordinal

        items = list(zip(response.ids, response.scores, strict=True))
        assert items == sorted(items, key=key)
        offset, limit = page
        part = engine.search(Request(Or((Everything(), tree)), terms, offset=offset, limit=limit))
        assert list(zip(part.ids, part.scores, strict=True)) == items[offset : offset + limit]
        assert (part.total, part.shown) == (response.total, response.total)
        few = engine.search(Request(tree, terms, limit=3))
        assert few.ids == found(engine, tree, scoring=terms).ids[:3]
        engine.close()


@every_engine
@relaxed
@given(history=histories, terms=weighted, tree=trees, sort=st.sampled_from(("score", "year", "position")))
def test_answers_do_not_depend_on_the_way(create, history, terms, tree, sort):
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other:
        engine, held = built(create, folder, *history)
        fresh, _ = built(create, other, (held, []))
        options = {"scoring": terms, "sort": sort, "facets": FACETS}
        assert replace(found(engine, tree, **options), generation=0) == replace(
            found(fresh, tree, **options), generation=0
        )
        for field, term in [("words", "人民"), ("words", "没有"), ("bigrams", ("民", "生")), ("unigrams", "民")]:
            assert engine.frequency(field, term) == fresh.frequency(field, term)
        assert engine.frequency("words", "民生") <= engine.frequency("bigrams", ("民", "生"))
        assert engine.words("人", "", 5) == fresh.words("人", "", 5)
        assert engine.words("", "育", 5) == fresh.words("", "育", 5)
        engine.close()
        fresh.close()


@every_engine
@relaxed
@given(history=histories, terms=weighted, tree=trees, sort=st.sampled_from(("score", "year", "position")))
def test_collapse_keeps_the_first_of_each_report(create, history, terms, tree, sort):
    with tempfile.TemporaryDirectory() as folder:
        engine, held = built(create, folder, *history)
        whole = found(engine, tree, scoring=terms, sort=sort)
        if sort == "score":  # what a report gives as a whole counts as well: the order is that of all its hits
            whole = found(engine, tree, scoring=terms, sort=sort, per_report=ALL)
            assert list(whole.scores) == sorted(whole.scores, reverse=True)
            assert set(whole.ids) == set(found(engine, tree).ids)
            scores = Reference(analyzer(), held).collapsed_scores(terms)
            for at, score in zip(whole.ids, whole.scores, strict=True):
                assert math.isclose(score, scores[at], abs_tol=4e-6)
        for size in (1, 2):
            seen: Counter[str] = Counter()
            wanted = []
            for report, ordinal in whole.ids:
                seen[report] += 1
                if seen[report] <= size:
                    wanted.append((report, ordinal))
            part = found(engine, tree, scoring=terms, sort=sort, per_report=size)
            assert part.ids == tuple(wanted)
            assert (part.total, part.shown) == (whole.total, len(wanted))
            assert part.total_reports == len(seen)
            page = engine.search(Request(tree, terms, sort, size, offset=1, limit=2))
            assert page.ids == tuple(wanted[1:3])
        engine.close()


@every_engine
@relaxed
@given(history=histories, tree=trees)
def test_facets_count_the_matches(create, history, tree):
    with tempfile.TemporaryDirectory() as folder:
        engine, held = built(create, folder, *history)
        response = found(engine, tree, facets=FACETS)
        in_units = found(engine, tree, facets=FACETS, facets_in="units")
        by_id = {report.id: report for report in held}
        for field in FACETS:
            counts: Counter[object] = Counter()
            units: Counter[object] = Counter()
            for report_id, ordinal in response.ids:
                report = by_id[report_id]
                holder = {"zone": report.paragraphs[ordinal], "script": report}.get(field, report.metadata)
                counts[getattr(holder, field)] += 1
                analysis = analyzer().analyze([report.paragraphs[ordinal].text])
                units[getattr(holder, field)] += sum(unit.text != BREAK for unit in analysis.units_of())
            assert dict(response.facets[field]) == counts
            assert Counter(dict(in_units.facets[field])) == units
            sizes = [count for _, count in response.facets[field]]
            assert sizes == sorted(sizes, reverse=True)
        engine.close()


@every_engine
@relaxed
@given(history=histories)
def test_what_was_stored_comes_back(create, history):
    with tempfile.TemporaryDirectory() as folder:
        engine, held = built(create, folder, *history)
        held.sort(key=lambda report: report.id)
        assert list(engine.reports()) == [replace(report, paragraphs=()) for report in held]
        assert engine.paragraph_count() == sum(len(report.paragraphs) for report in held)
        for report in held:
            assert engine.report(report.id) == replace(report, paragraphs=())
            assert engine.paragraph_count(report.id) == len(report.paragraphs)
            ids = [(report.id, paragraph.ordinal) for paragraph in report.paragraphs]
            assert engine.paragraphs(ids) == list(report.paragraphs)
            with pytest.raises(NotFound):
                engine.paragraphs([(report.id, len(ids))])
        with pytest.raises(NotFound):
            engine.report("nobody")
        engine.close()


def one(report_id="a", *texts, **about):
    paragraphs = tuple(Paragraph(report_id, ordinal, text) for ordinal, text in enumerate(texts))
    return Report(report_id, Metadata(**about), paragraphs=paragraphs)


def test_empty_index(engine):
    assert engine.search(Request(Everything(), (Weighted("words", "人民"),), facets=FACETS)).ids == ()
    assert engine.paragraph_count() == 0
    assert list(engine.reports()) == []
    assert engine.words("", "", 3) == []


def test_nothing_is_seen_before_commit_and_by_older_views(engine):
    with engine.writer() as writer:
        assert engine.refresh() is engine
        writer.commit()
    assert engine.refresh() is engine
    newer = commit(engine, [one("a", "改革开放")])
    assert (engine.paragraph_count(), newer.paragraph_count()) == (0, 1)
    assert newer.generation > engine.generation
    newest = commit(newer, [], ["a"])
    assert (newer.paragraph_count(), newest.paragraph_count()) == (1, 0)
    assert newer.paragraphs([("a", 0)])[0].text == "改革开放"


def test_the_catalogue_is_one_with_its_commit(engine):
    assert engine.catalogue() == b""
    with engine.writer() as writer:
        writer.keep(b"\0one")
        assert engine.refresh() is engine
    kept = engine.refresh()
    assert (engine.catalogue(), kept.catalogue()) == (b"", b"\0one")
    later = commit(kept, [one("a", "改革开放")])
    assert later.catalogue() == b"\0one"
    writer = later.writer()
    writer.keep(b"two")
    writer.cancel()
    assert later.refresh().catalogue() == b"\0one"


def names(tokens, text):
    ids = tokens.ids[slice(*tokens.bounds[text : text + 2])].tolist()
    return [tokens.name(unit) for unit in ids] if isinstance(tokens, Units) else [tokens.names[word] for word in ids]


@given(held=collections, kept=st.lists(st.booleans(), min_size=6, max_size=6))
def test_a_selection_is_the_batch_of_what_is_selected(held, kept):
    chosen = [report for report, keep in zip(held, kept, strict=False) if keep]
    part, whole = select(make_batch(held, analyzer()), kept[: len(held)]), make_batch(chosen, analyzer())
    assert (part.reports, part.contexts) == (whole.reports, whole.contexts)
    for mine, other in ((part.paragraphs, whole.paragraphs), (part.context_tokens, whole.context_tokens)):
        assert len(mine) == len(other)
        for text in range(len(mine)):
            assert names(mine.units, text) == names(other.units, text)
            assert names(mine.words, text) == names(other.words, text)


def test_a_block_left_by_an_error_changes_nothing(engine):
    def fail():
        with engine.writer() as writer:
            writer.add(make_batch([one("a", "改革开放")], analyzer()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert engine.refresh() is engine
    assert commit(engine, [one("b", "就业")]).paragraph_count() == 1


def test_a_report_twice_in_one_batch(engine):
    engine = commit(engine, [one("a", "改革"), one("a", "开放", "开放")])
    assert engine.paragraph_count() == 2
    assert engine.search(Request(Phrase(("改", "革")))).total == 0


TOO_MANY = Near((Phrase(("改",)),) * (MAX_PHRASES + 1), 5)


@pytest.mark.parametrize("tree", [Among("tags", ("x",)), Between("size", 1, 2), Phrase((" ",)), Phrase(()), TOO_MANY])
def test_what_is_not_supported_is_refused_by_name(engine, tree):
    engine = commit(engine, [one("a", "改革")])
    with pytest.raises(UsageError):
        engine.search(Request(tree))


@pytest.mark.parametrize("year", [1 << 31, -1 << 31, 10**30])
def test_a_year_that_cannot_be_kept_is_refused_by_name(engine, year):
    engine = commit(engine, [one("a", "改革", year=2001)])
    with engine.writer() as writer:
        with pytest.raises(UsageError, match="year of report b"):
            writer.add(make_batch([one("a", "开放"), one("b", "改革", year=year)], analyzer()))
        writer.add(make_batch([one("c", "教育", year=(1 << 31) - 1), one("d", "教育", year=1 - (1 << 31))], analyzer()))
    engine = engine.refresh()
    assert {record.id: record.metadata.year for record in engine.reports()} == {
        "a": 2001,
        "c": (1 << 31) - 1,
        "d": 1 - (1 << 31),
    }
    assert found(engine, Between("year", None, 0), facets=("year",)).ids == (("d", 0),)
    assert found(engine, Word("改革")).ids == (("a", 0),)


@pytest.mark.parametrize(
    ("values", "matching"),
    [
        (("--5", "²", "9" * 5000, "-2147483648", str(10**30), "", "-", "+1", "02001"), set()),
        (("2001",), {"a#0", "a#1"}),
        (("-5", "x"), {"b#0"}),
    ],
)
def test_a_year_is_among_what_is_no_number(engine, values, matching):
    reports = [one("a", "改", "革", year=2001), one("b", "改", year=-5), one("c", "改")]
    engine, oracle = commit(engine, reports), Oracle(analyzer(), reports)
    ids = {f"{report}#{ordinal}" for report, ordinal in found(engine, Among("year", values)).ids}
    assert ids == oracle.matches(Among("year", values)) == matching
    named = Among("paragraph", tuple(f"a#{value}" for value in (*values, "1", "01", "-1")))
    assert found(engine, named).ids == (("a", 1),)


@pytest.mark.parametrize(
    "read",
    [
        lambda engine: engine.search(Request(Everything())),
        lambda engine: engine.frequency("words", "改革"),
        lambda engine: engine.words("", "", 3),
        lambda engine: engine.paragraphs([("a", 0)]),
        lambda engine: engine.report("a"),
        lambda engine: engine.metadata("a"),
        lambda engine: engine.paragraph_count(),
        lambda engine: list(engine.reports()),
        lambda engine: engine.refresh(),
    ],
)
def test_what_is_closed_says_so(engine, read):
    closed = commit(engine, [one("a", "改革")])
    closed.close()
    closed.close()
    assert closed.generation == 1
    with pytest.raises(UsageError, match="closed"):
        read(closed)
    assert engine.refresh().paragraph_count() == 1


def test_a_deadline_that_has_passed(engine):
    engine = commit(engine, [one("a", "改革")])
    with pytest.raises(TimeoutError):
        engine.search(Request(Word("改革"), deadline=0.0))
    assert engine.search(Request(Nothing(), limit=0)).total == 0


@pytest.mark.parametrize("texts", [["人，民"], ["人"], ["，"], ["人，民", "人民"], ["人，民", "人民生活"]])
def test_units_that_are_all_open(engine, texts):
    report = one("a", *texts, title="甲，乙")
    engine, oracle = commit(engine, [report]), Oracle(analyzer(), [report])
    for size in (1, 2, 3):
        opened = Phrase(("",) * size)
        for tree in (opened, Not(opened), Near((opened, opened), 1), Near((opened, Phrase(("人",))), 1)):
            matching = {f"{name}#{ordinal}" for name, ordinal in found(engine, tree).ids}
            assert matching == oracle.matches(tree), tree


def test_a_long_paragraph_keeps_its_positions(engine):
    text = "改革" * 20_000 + "开放" + "人民" * 300
    engine = commit(engine, [one("a", text, "改革开放")])
    assert engine.search(Request(Phrase(tuple("改革开放人民")))).ids == (("a", 0),)
    assert engine.search(Request(Phrase(tuple("革开放")), (Weighted("words", "改革"),))).total == 2
