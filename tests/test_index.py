"""Index: searching reports that are made here."""

import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

import searcher
from searcher import (
    Index,
    IndexLocked,
    IndexMissing,
    IndexOutdated,
    IndexProblem,
    Metadata,
    NotFound,
    Paragraph,
    QueryError,
    Report,
    Section,
    UsageError,
)
from searcher.analysis import analyzer
from searcher.engines import make_batch
from searcher.engines.whoosh._lock import Lock
from searcher.meta import write_meta


def report(report_id, texts, sections=(), **about):
    """Make a report; sections are (heading, start, end)."""
    made = tuple(Section(heading, 1, start, end) for heading, start, end in sections)
    paragraphs = tuple(
        Paragraph(report_id, n, text, tuple(s.heading for s in made if s.start <= n < s.end))
        for n, text in enumerate(texts)
    )
    return Report(report_id, Metadata(**about), made, paragraphs, script="simplified")


REPORTS = [
    report(
        "bj2024",
        ["稳定就业，改善人民生活。", "发展教育。", "保障民生，促进就业。"],
        [("一、就业工作", 0, 2), ("二、民生工作", 2, 3)],
        title="2024年政府工作报告",
        year=2024,
        institution="北京市人民政府",
        region="北京市",
        kind="政府工作报告",
    ),
    report(
        "edu2006",
        ["全面推行校長競聘上崗，選拔優秀管理人才。", "民生问题。", "GDP增长１５.５％，财政收入33，212元。"],
        title="2006年教育局工作總結",
        year=2006,
        date="2007-01-15",
        institution="教育局",
    ),
    report("none", ["没有年份的报告，就业与教育并重。"]),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with Index.create(tmp_path_factory.mktemp("index")) as made:
        with made.writer() as writer:
            writer.add(make_batch(REPORTS, analyzer()))
            writer.commit()
        made.refresh()
        yield made


def ids(results):
    return [hit.paragraph.id for hit in results.hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("校长竞聘上岗", {"edu2006#0"}),
        ("校長競聘上崗", {"edu2006#0"}),
        ("民生", {"bj2024#2", "edu2006#1"}),
        ("５．５％", set()),
        ("15.5%", {"edu2006#2"}),
        ("33212", {"edu2006#2"}),
        ("gdp", {"edu2006#2"}),
        ("北京 就业", {"bj2024#0", "bj2024#2"}),  # not #1, which only stands under both
        ("“就业工作”", {"bj2024#0"}),  # the first paragraph under the heading
        ("“政府工作报告”", {"bj2024#0"}),
        ("就业工作", {"bj2024#0", "bj2024#2"}),  # 就业 in the text of #2, 工作 in its heading
        ("text:政府工作报告", set()),
        ("就业 -教育", {"bj2024#0", "bj2024#2"}),
        ("就业 OR 教育", {"bj2024#0", "bj2024#1", "bj2024#2", "none#0", "edu2006#0"}),
        ("（就业 OR 教育） -北京", {"none#0", "edu2006#0"}),
        ("“改善人民”", {"bj2024#0"}),
        ("「稳定就业，改善」", {"bj2024#0"}),
        ("年份：2024 民生", {"bj2024#2"}),
        ("year:2004..2008", {"edu2006#0", "edu2006#1", "edu2006#2"}),
        ("date:2007-01 民生", {"edu2006#1"}),
        ("日期：2006年3月..2007 民生", {"edu2006#1"}),
        ("date:..2006-12 民生", set()),
        ("机构:教育局 民生", {"edu2006#1"}),
        ("章节:民生工作", {"bj2024#2"}),
    ],
)
def test_what_matches(index, query, found):
    results = index.search(query, match="all", limit=50)
    assert set(ids(results)) == found
    assert results.total == len(found)


def test_arguments_are_filters(index):
    assert ids(index.search("民生", years=2006)) == ["edu2006#1"]
    assert ids(index.search("民生", years=(2020, None))) == ["bj2024#2"]
    assert ids(index.search("民生", institutions=["教育局", "财政局"])) == ["edu2006#1"]
    assert ids(index.search("民生", institutions=["统计局"])) == []
    assert ids(index.search("就业", sections=["民生"], match="all")) == ["bj2024#2"]
    assert ids(index.search("民生", title="教育局")) == ["edu2006#1"]
    assert index.search("民生", script="traditional").total == 0
    assert ids(index.search("民生", script="简体", title="教育局")) == ["edu2006#1"]
    assert ids(index.search("民生", regions=["上海", "北京"])) == ["bj2024#2"]
    assert ids(index.search("民生", kinds=["规划", "政府工作報告"])) == ["bj2024#2"]
    assert index.search("民生", zones=["任务", "review"]).total == 0


def test_a_hit_says_what_and_where(index):
    hit = index.search("校长竞聘上岗").hits[0]
    assert (hit.rank, hit.report_id, hit.matched_in) == (1, "edu2006", ("text",))
    assert [hit.paragraph.text[a:b] for a, b in hit.spans] == ["校長競聘上崗"]
    assert [hit.snippet.text[a:b] for a, b in hit.snippet.spans] == ["校長競聘上崗"]
    assert hit.score > 0
    assert index.search("“就业工作”").hits[0].matched_in == ("section",)


def test_crossings_are_counted_and_can_be_had(index):
    strict = index.search("民生")
    assert strict.notes == ("1 more across word boundaries: --loose",)
    loose = index.search("民生", loose=True)
    assert set(ids(loose)) == {*ids(strict), "bj2024#0"}
    assert loose.notes == ()


def test_partial_matches_follow_full_ones(index):
    results = index.search("就业 教育 并重")
    assert results.total == 1
    assert ids(results)[0] == "none#0"
    assert len(results.hits) > 1
    assert not results.relaxed
    assert "hold only part" in results.notes[-1]
    assert ids(index.search("就业 教育 并重", offset=1)) == ids(results)[1:]
    assert index.search("就业 教育 并重", match="all").hits == results.hits[:1]


def test_only_partial_matches_are_relaxed(index):
    results = index.search("保障民生 校长")
    assert (results.total, results.relaxed) == (0, True)
    assert results.hits
    assert index.search("校长 并重 GDP", match="all").relaxed is False


def test_any_ranks_by_how_much_matches(index):
    results = index.search("就业 教育 并重", match="any")
    assert ids(results)[0] == "none#0"
    assert results.total == len(results.hits) > 1


def test_hits_can_be_collapsed(index):
    results = index.search("就业 OR 教育", per_report=1, match="all")
    assert results.total == 5
    assert results.total_reports == 3
    assert sorted(hit.report_id for hit in results.hits) == ["bj2024", "edu2006", "none"]


def test_collapsed_hits_of_partial_matches_keep_the_bound(index):
    results = index.search("就业 教育 并重", per_report=1)
    reports = [hit.report_id for hit in results.hits]
    assert len(set(reports)) == len(reports)


def test_orders(index):
    assert ids(index.search("就业 OR 教育", sort="year"))[-1] == "none#0"
    assert ids(index.search("就业 OR 教育", sort="position")) == [
        "bj2024#0",
        "bj2024#1",
        "bj2024#2",
        "edu2006#0",
        "none#0",
    ]


def test_facets_count_all_matches(index):
    results = index.search("就业 OR 教育", limit=1, facets=["year", "institution", "kind"], match="all")
    assert dict(results.facets["year"]) == {2024: 3, 2006: 1, None: 1}
    assert results.facets["institution"][0] == ("北京市人民政府", 3)


def test_facets_count_spellings_of_one_name_together(tmp_path):
    made = [
        report(name, ["民生"], region=region)
        for name, region in (("a", "臺灣"), ("b", "台灣"), ("c", "臺灣"), ("d", None))
    ]
    with Index.create(tmp_path / "index") as index:
        with index.writer() as writer:
            writer.add(make_batch(made, analyzer()))
            writer.commit()
        index.refresh()
        results = index.search("民生", facets=["region"])
        assert results.facets["region"] == (("臺灣", 3), (None, 1))
        assert index.search("民生", regions=["台湾"], limit=0).total == 3


def test_what_is_stored_comes_back(index):
    for made in REPORTS:
        assert index.report(made.id) == made
        for paragraph in made.paragraphs:
            assert index.paragraph(paragraph.id) == paragraph
    assert [p.ordinal for p in index.context("bj2024#0", 1)] == [0, 1]
    assert [r.id for r in index.reports()] == ["bj2024", "edu2006", "none"]


@pytest.mark.parametrize("wrong", ["bj2024", "bj2024#9", "bj2024#x", "nobody#0", "#1", "bj2024#-1"])
def test_unknown_paragraphs(index, wrong):
    with pytest.raises(NotFound):
        index.paragraph(wrong)


def test_unknown_report(index):
    with pytest.raises(NotFound, match="nobody"):
        index.report("nobody")


@pytest.mark.parametrize(
    "options",
    [{"limit": -1}, {"offset": -1}, {"per_report": 0}, {"match": "some"}, {"sort": "size"}, {"facets": ["colour"]},
     {"years": (2008, 2004)}, {"snippet_width": 0}, {"context": -1}, {"zones": ["附录"]}, {"script": "latin"}],
)  # fmt: skip
def test_arguments_out_of_range(index, options):
    with pytest.raises(UsageError):
        index.search("民生", **options)


def test_filters_nobody_knows(index):
    for ask in (index.search, index.trend):
        with pytest.raises(TypeError, match=r"no filter colour.*years"):
            ask("民生", colour="red")


@pytest.mark.parametrize("query", ["", "  ", '"民生', "(民生", "colour:red", "year:abc", "。"])
def test_queries_nobody_understands(index, query):
    with pytest.raises(QueryError) as caught:
        index.search(query)
    assert 0 <= caught.value.position <= len(query)


def test_statistics(index):
    statistics = index.statistics()
    assert (statistics.reports, statistics.paragraphs, statistics.years) == (3, 7, (2006, 2024))
    assert dict(statistics.institutions) == {"北京市人民政府": 1, "教育局": 1}
    assert statistics.bytes > 0


def test_readers_may_be_threads(index):
    expected = ids(index.search("就业 教育"))
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(ids(index.search("就业 教育")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected] * 8


def test_an_open_index_keeps_its_view_until_refreshed(tmp_path):
    with Index.create(tmp_path / "index") as reader:
        with Index.open(tmp_path / "index") as other, other.writer() as writer:
            writer.add(make_batch(REPORTS, analyzer()))
            writer.commit()
        assert reader.search("民生").total == 0
        reader.refresh()
        assert reader.search("民生").total == 2


@pytest.mark.parametrize(
    ("query", "options", "told"),
    [
        ("竟聘", {}, "“竟聘” occurs nowhere"),
        ("竟聘", {}, "near “竟聘”: 竞聘"),
        ("校长 GDP", {}, "each part occurs, but no paragraph holds all of them"),
        ("校长 GDP", {}, "without 校长: 1 paragraphs"),
        ("校长", {"years": 2024}, "1 paragraphs match, but none under the filters"),
        ("校长 year:2024 kind:政府工作报告", {}, "none where year is 2024"),
    ],
)
def test_nothing_found_is_explained(index, query, options, told):
    results = index.search(query, exact=True, match="all", **options)
    assert results.total == 0
    assert told in results.notes


def test_a_long_query_without_an_answer_is_explained_in_few_words(index):
    known = "民生 就业 教育 增长 收入 管理 人才 校长 人民 生活"
    results = index.search(known, match="all")
    assert list(results.notes) == ["each part occurs, but no paragraph holds all of them"]
    unknown = " ".join(chr(at) * 3 for at in range(0x4E80, 0x4E90))
    results = index.search(f"{unknown} {known}", match="all")
    assert len([note for note in results.notes if note.endswith("occurs nowhere")]) == 5
    assert results.notes[-1].endswith("more parts of the query occur nowhere")


def test_a_query_is_told_as_it_was_understood(index):
    assert index.search("改善人民生活 -教育", years=(2004, None)).understood == (
        "((“改善人民生活” or (改善 and 人民 and 生活)) and not 教育) and year in 2004.."
    )


def test_a_score_is_the_sum_of_its_contributions(index):
    hits = [*index.search("就业 教育", explain=True).hits, *index.search("就业 教育", explain=True, per_report=1).hits]
    assert len(hits) > 2
    for hit in hits:
        assert hit.score == pytest.approx(sum(part.score for part in hit.contributions), abs=1e-4)


def test_context_comes_with_a_hit(index):
    hit = index.search("“发展教育”", context=1).hits[0]
    assert [paragraph.ordinal for paragraph in hit.context] == [0, 1, 2]


def test_an_empty_index_answers(tmp_path):
    with Index.create(tmp_path / "index") as index:
        results = index.search("民生 就业", facets=["year"])
        assert (results.total, results.hits) == (0, ())
        assert index.statistics().years is None


def test_no_index(tmp_path):
    with pytest.raises(IndexMissing, match="searcher index"):
        Index.open(tmp_path)
    with pytest.raises(IndexMissing):
        searcher.search("民生", index=tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("meta", "error"),
    [
        ('{"format": 0, "engine": "whoosh"}', IndexOutdated),
        ('{"format": 1, "engine": "other"}', IndexOutdated),
        ("{}", IndexOutdated),
        ("[]", IndexProblem),
        ("{", IndexProblem),
        ('{"format": 4, "engine": "whoosh", "analysis": ""}', IndexProblem),
        ('{"format": 0, "engine": "whoosh", "checksum": "00000000"}', IndexProblem),
    ],
)
def test_a_strange_description_is_named(tmp_path, meta, error):
    (tmp_path / "meta.json").write_text(meta, "utf-8")
    remedy = "--rebuild" if error is IndexOutdated else r"meta\.json is damaged.*searcher doctor"
    with pytest.raises(error, match=remedy):
        Index.open(tmp_path)


def test_another_analysis_is_named(tmp_path):
    folder = tmp_path / "index"
    Index.create(folder).close()
    write_meta(folder, SimpleNamespace(fingerprint="0" * 8))
    with pytest.raises(IndexOutdated, match="another analysis"):
        Index.open(folder)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(IndexProblem, match="Cannot make"):
        Index.create(tmp_path / "file" / "index")


def test_an_index_is_made_once_however_many_begin(tmp_path):
    together = threading.Barrier(6)

    def begin(folder):
        together.wait()
        with Index.create(folder) as made, made.writer(60) as writer:
            writer.keep(b"")
            writer.commit()
            time.sleep(0.05)  # who is late finds a writer, not an index that is being made

    for number in range(4):
        folder = tmp_path / f"index{number}"
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(begin, [folder] * 6))
        assert {path.name for path in folder.iterdir()} == {"meta.json", "_MAIN_6.toc"}


def test_an_index_that_is_made_while_it_is_looked_for_is_opened(tmp_path, monkeypatch):
    def look(folder):  # when `meta.json` was not there
        monkeypatch.undo()
        with Index.create(folder) as made, made.writer() as writer:
            writer.keep(b"")
            writer.commit()
        return look_anew(folder)

    look_anew = searcher.meta.generation_in
    monkeypatch.setattr(searcher.meta, "generation_in", look)
    with Index.open(tmp_path / "index") as opened:
        assert opened.generation == 1


@pytest.mark.parametrize("left", [(), ("meta.json",), ("_MAIN_0.toc",)])
def test_an_index_whose_making_was_interrupted_is_made(tmp_path, left):
    Index.create(tmp_path).close()
    for path in tmp_path.iterdir():
        if path.name not in left:
            path.unlink()
    for name in ("meta.json.tmp", "_MAIN_0.toc.tmp", "writer.lock"):
        (tmp_path / name).write_bytes(b"half")
    with pytest.raises(IndexMissing):
        Index.open(tmp_path)
    with Index.create(tmp_path) as made:
        made.writer().cancel()
    assert {path.name for path in tmp_path.iterdir()} == {"meta.json", "_MAIN_0.toc"}


def test_who_makes_an_index_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(searcher.index, "_CREATION", 0.2)
    lock = Lock(tmp_path)
    with pytest.raises(IndexLocked):
        Index.create(tmp_path)
    lock.release()
    Index.create(tmp_path).close()


def test_nothing_is_unpickled_where_the_description_is_missing(tmp_path, monkeypatch):
    Index.create(tmp_path / "index").close()
    (tmp_path / "index" / "_MAIN_3.toc").write_bytes(b"whatever")
    (tmp_path / "index" / "meta.json").unlink()
    monkeypatch.setattr(pickle, "loads", lambda *_: pytest.fail("unpickled"))
    monkeypatch.setattr(pickle, "load", lambda *_: pytest.fail("unpickled"))
    with pytest.raises(IndexProblem, match=r"meta\.json is damaged: it is missing"):
        Index.open(tmp_path / "index")


def test_marks_are_those_of_the_hits(index):
    hits = index.search("就业 教育", match="any", limit=100).hits
    assert hits
    assert index.marks("就业 教育", [hit.paragraph.text for hit in hits]) == [hit.spans for hit in hits]
    assert index.marks("就业 NOT 教育", ["教育", "无关"]) == [(), ()]


def test_a_search_ends_in_time(index):
    with pytest.raises(TimeoutError):
        index.search("就业", timeout=-1.0)
    assert index.search("就业", timeout=60.0).total
