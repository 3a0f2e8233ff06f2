import json
import shutil

import pytest

import searcher
from searcher import Index, UsageError
from searcher.ingesting import ingest_found, scan

TEXT = "2006年青山县民政局工作总结\n\n一、低保工作\n\n我局认真做好城乡低保工作，全年发放低保金一百二十万元。\n"


@pytest.fixture
def folder(tmp_path):
    reports = tmp_path / "reports"
    (reports / "2006").mkdir(parents=True)
    (reports / "2006" / "总结.txt").write_text(TEXT, "utf-8")
    (reports / "records.jsonl").write_text(
        "".join(
            json.dumps(
                {
                    "id": f"law-{n}",
                    "title": f"条例{n}",
                    "year": 2000 + n,
                    "paragraphs": ["第一条　为了保护环境，制定本条例。"],
                }
            )
            + "\n"
            for n in range(3)
        ),
        "utf-8",
    )
    (reports / "README.md").write_text("About this folder.", "utf-8")
    (reports / ".hidden.txt").write_text(TEXT, "utf-8")
    return reports


def test_scan_names_each_file_once(folder):
    once = scan([folder])
    assert [path.name for path, _ in once] == ["README.md", "records.jsonl", "总结.txt"]
    assert {root for _, root in once} == {folder}
    assert scan([folder, folder / "records.jsonl"]) == once
    with pytest.raises(UsageError, match="nowhere"):
        scan([folder / "nowhere"])


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_becomes_findable(folder, tmp_path, jobs):
    outcomes = list(searcher.ingest([folder], index=tmp_path / "index", jobs=jobs))
    assert {o.path.name: o.status for o in outcomes} == {
        "README.md": "skipped",
        "records.jsonl": "indexed",
        "总结.txt": "indexed",
    }
    assert next(o for o in outcomes if o.path.suffix == ".jsonl").reports == ("law-0", "law-1", "law-2")
    hit = searcher.search("低保金", index=tmp_path / "index").hits[0]
    assert (hit.metadata.year, hit.paragraph.section) == (2006, ("一、低保工作",))


def test_a_second_run_changes_no_answer(folder, tmp_path):
    for _ in range(2):
        list(searcher.ingest([folder], index=tmp_path / "index"))
        results = searcher.search("环境 OR 低保", index=tmp_path / "index", match="all", limit=50)
        assert results.total == 4


def test_a_changed_report_replaces_itself(folder, tmp_path):
    list(searcher.ingest([folder], index=tmp_path / "index"))
    (folder / "2006" / "总结.txt").write_text(TEXT.replace("低保", "救灾"), "utf-8")
    list(searcher.ingest([folder], index=tmp_path / "index"))
    assert searcher.search("低保", index=tmp_path / "index", match="all").total == 0
    assert searcher.search("救灾", index=tmp_path / "index", match="all").total == 1


def test_a_broken_file_costs_only_itself(folder, tmp_path):
    (folder / "坏.txt").write_bytes("今年工作总结".encode("gb18030") * 20 + b"\xff\xff\xff" + "民生".encode("gb18030"))
    (folder / "空.txt").write_bytes(b"")
    outcomes = {o.path.name: o for o in searcher.ingest([folder], index=tmp_path / "index")}
    assert outcomes["坏.txt"].status == "failed"
    assert "byte" in outcomes["坏.txt"].reason
    assert outcomes["空.txt"].status == "skipped"
    assert outcomes["总结.txt"].status == "indexed"


def test_a_file_that_goes_away_is_named(folder, tmp_path):
    found = scan([folder])
    (folder / "2006" / "总结.txt").unlink()
    outcomes = {o.path.name: o for o in ingest_found(found, index=tmp_path / "index")}
    assert outcomes["总结.txt"].status == "failed"
    assert "总结.txt" in outcomes["总结.txt"].reason
    assert outcomes["records.jsonl"].status == "indexed"


def test_an_id_belongs_to_one_file(folder, tmp_path):
    shutil.copy(folder / "records.jsonl", folder / "zz.jsonl")
    outcomes = {o.path.name: o for o in searcher.ingest([folder], index=tmp_path / "index")}
    assert outcomes["records.jsonl"].status == "indexed"
    assert outcomes["zz.jsonl"].status == "failed"
    assert "law-0" in outcomes["zz.jsonl"].reason
    assert outcomes["zz.jsonl"].reports == ()


def test_a_folder_may_be_named_otherwise_or_move(folder, tmp_path, monkeypatch):
    list(searcher.ingest([folder], index=tmp_path / "index"))
    monkeypatch.chdir(tmp_path)
    assert "failed" not in {o.status for o in searcher.ingest(["reports"], index="index")}
    folder.rename(tmp_path / "moved")
    assert "failed" not in {o.status for o in searcher.ingest(["moved"], index="index")}
    assert Index.open("index").statistics().reports == 4


def test_breaking_off_leaves_the_index_as_it_was(folder, tmp_path):
    list(searcher.ingest([folder / "records.jsonl"], index=tmp_path / "index"))
    run = searcher.ingest([folder], index=tmp_path / "index")
    next(run)
    run.close()
    assert searcher.search("低保", index=tmp_path / "index", match="all").total == 0
    assert len(list(searcher.ingest([folder], index=tmp_path / "index"))) == 3  # the lock is free again


def test_no_jobs(folder):
    with pytest.raises(UsageError, match="jobs"):
        searcher.ingest([folder], jobs=0)


def test_the_sample_corpus(corpus, tmp_path):
    outcomes = list(searcher.ingest([corpus], index=tmp_path / "index"))
    assert {o.path.name for o in outcomes if o.status != "indexed"} == {"README.md"}
    with Index.open(tmp_path / "index") as index:
        records = list(index.reports())
        assert len(records) >= 16
        assert index.statistics().paragraphs >= 300
        assert all(record.metadata.title and record.metadata.year for record in records)
        nameless = [record.metadata.title for record in records if record.metadata.institution is None]
        assert nameless == ["瀾灣行政長官葉　岫二零一七年施政報告"]  # of an invented territory
        assert {r.script for r in records} == {"simplified", "traditional", "mixed"}
