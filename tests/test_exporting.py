"""An export is read back as it was."""

import hashlib
import json

import pytest

import searcher
from searcher import Index, Metadata, Paragraph, ReadError, Report, to_json
from searcher.reading import exported, load, reports

QUERIES = ["教师", "校长竞聘上岗", '"高质量发展"', "民生 OR 就业", "年份:2006", "GDP", "队伍建设 -疫情", "資訊"]


def held(folder):
    with Index.open(folder) as index:
        reports = [to_json(index.report(record.id)) | {"origin": None} for record in index.reports()]
        sections = [index.report(record.id).sections for record in index.reports()]
        found = [index.search(query, facets=("year", "institution"), explain=True) for query in QUERIES]
    return reports, sections, [(results.total, results.hits, results.facets, results.notes) for results in found]


def test_searches_of_an_imported_export_give_the_same(corpus, tmp_path):
    list(searcher.ingest([corpus], index=tmp_path / "index", jobs=2))
    lines = tmp_path / "all.jsonl"
    lines.write_text("".join(f"{line}\n" for line in searcher.export(tmp_path / "index")), "utf-8")
    outcomes = list(searcher.ingest([lines], index=tmp_path / "again"))
    assert [outcome.status for outcome in outcomes] == ["indexed"]
    assert held(tmp_path / "again") == held(tmp_path / "index")
    assert list(searcher.export(tmp_path / "again")) == list(searcher.export(tmp_path / "index"))


@pytest.fixture
def small(monkeypatch):
    """Take any file for one that is too large to be held."""
    monkeypatch.setattr(searcher.reading, "MAX_BYTES", 400)
    monkeypatch.setattr(searcher.reading, "_PIECE", 7)
    monkeypatch.setattr(searcher.reading, "_PAUSE", 0)


def lines_of(number):
    """Return an export of some reports whose lines are shorter than what is held."""
    records = [Report(f"r{i}", Metadata(), paragraphs=(Paragraph(f"r{i}", 0, "民生"),)) for i in range(number)]
    return [json.dumps(exported(record), ensure_ascii=False) for record in records]


@pytest.mark.usefixtures("small")
def test_an_export_too_large_to_be_held_is_read_line_by_line(tmp_path):
    path = tmp_path / "all.jsonl"
    path.write_text("\n".join(lines_of(9)), "utf-8")
    loaded = load(path)
    assert (loaded.data, loaded.origin.sha256) == (None, hashlib.sha256(path.read_bytes()).hexdigest())
    found = list(reports(loaded))
    assert [report.id for report in found] == [f"r{i}" for i in range(9)]
    assert found[8].origin.size == path.stat().st_size > 400
    outcomes = [list(searcher.ingest([path], index=tmp_path / "index")) for _ in range(2)]
    assert [outcome.status for (outcome,) in outcomes] == ["indexed", "unchanged"]


@pytest.mark.usefixtures("small")
def test_a_line_too_long_to_be_held_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(searcher.reading, "MAX_BYTES", 200)
    path = tmp_path / "all.jsonl"
    path.write_text("\n".join(lines_of(2)), "utf-8")
    with pytest.raises(ReadError, match="line 1"):
        list(searcher.read(path))


@pytest.mark.usefixtures("small")
def test_a_large_export_that_changes_while_it_is_read_is_named(tmp_path):
    path = tmp_path / "all.jsonl"
    path.write_text("\n".join(lines_of(9)), "utf-8")
    found = reports(load(path))
    next(found)
    path.write_text("\n".join(lines_of(10)), "utf-8")
    with pytest.raises(ReadError, match="changes while it is read"):
        list(found)


def test_a_damaged_half_of_a_character_survives(tmp_path):
    record = {"id": "r", "paragraphs": ["教育\ud800事业稳步发展。"]}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    list(searcher.ingest([tmp_path / "a.jsonl"], index=tmp_path / "index"))
    (tmp_path / "b.jsonl").write_text("\n".join(searcher.export(tmp_path / "index")), "utf-8")
    list(searcher.ingest([tmp_path / "b.jsonl"], index=tmp_path / "again"))
    with Index.open(tmp_path / "index") as mine, Index.open(tmp_path / "again") as again:
        assert mine.report("r").paragraphs == again.report("r").paragraphs


def dated(year):
    return json.dumps(exported(Report("r", Metadata(year=year), paragraphs=(Paragraph("r", 0, "民生"),))))


@pytest.mark.parametrize(
    "line",
    [
        *('{"searcher_export": 1}', '{"searcher_export": 9, "id": "r"}', '{"searcher_export": 1'),
        *(dated(year) for year in (1 << 31, -1 << 31, 10**30, "2006", True, 2006.5)),
    ],
)
def test_what_is_no_line_of_an_export_is_named(tmp_path, line):
    (tmp_path / "a.jsonl").write_text(line + "\n", "utf-8")
    with pytest.raises(ReadError, match="line 1"):
        list(searcher.read(tmp_path / "a.jsonl"))
