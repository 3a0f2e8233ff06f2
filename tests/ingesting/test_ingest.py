import json
import math
from pathlib import Path

import pytest

import searcher
from searcher import Index, UsageError

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
                },
                ensure_ascii=False,
            )
            + "\n"
            for n in range(3)
        ),
        "utf-8",
    )
    (reports / "README.md").write_text("About this folder.", "utf-8")
    (reports / ".hidden.txt").write_text(TEXT, "utf-8")
    return reports


@pytest.mark.parametrize("jobs", [0, 2])
def test_a_folder_becomes_findable(folder, tmp_path, jobs):
    outcomes = list(searcher.ingest([folder], index=tmp_path / "index", jobs=jobs))
    assert {Path(o.path).name: o.status for o in outcomes} == {
        "README.md": "skipped",
        "records.jsonl": "indexed",
        "总结.txt": "indexed",
    }
    assert next(o for o in outcomes if Path(o.path).suffix == ".jsonl").reports == ("law-0", "law-1", "law-2")
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
    outcomes = {Path(o.path).name: o for o in searcher.ingest([folder], index=tmp_path / "index")}
    assert outcomes["坏.txt"].status == "failed"
    assert "byte" in outcomes["坏.txt"].reason
    assert outcomes["空.txt"].status == "skipped"
    assert outcomes["总结.txt"].status == "indexed"


def test_a_file_that_goes_away_is_named(folder, tmp_path):
    run = searcher.ingest([folder], index=tmp_path / "index")
    (folder / "2006" / "总结.txt").unlink()
    outcomes = {Path(o.path).name: o for o in run}
    assert outcomes["总结.txt"].status == "failed"
    assert "check the name" in outcomes["总结.txt"].reason
    assert outcomes["records.jsonl"].status == "indexed"


def test_an_id_belongs_to_one_file(folder, tmp_path):
    (folder / "zz.jsonl").write_text((folder / "records.jsonl").read_text("utf-8").replace("环境", "森林"), "utf-8")
    outcomes = {Path(o.path).name: o for o in searcher.ingest([folder], index=tmp_path / "index")}
    assert outcomes["records.jsonl"].status == "indexed"
    assert outcomes["zz.jsonl"].status == "failed"
    assert "law-0" in outcomes["zz.jsonl"].reason
    assert outcomes["zz.jsonl"].reports == ()
    (folder / "records.jsonl").unlink()
    assert {Path(o.path).name: o.status for o in searcher.ingest([folder], index=tmp_path / "index")}[
        "zz.jsonl"
    ] == "indexed"


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


@pytest.mark.parametrize(
    "wrong",
    [
        {"jobs": -1},
        {"timeout": -1},
        {"timeout": math.nan},
        {"wait": math.nan},
        {"commit_every": -0.1},
        {"duplicates": "drop"},
    ],
)
def test_what_cannot_be_meant(folder, wrong):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        searcher.ingest([folder], **wrong)
    with pytest.raises(UsageError, match="nowhere"):
        searcher.ingest([folder / "nowhere"])


def test_the_sample_corpus(corpus, tmp_path):
    outcomes = list(searcher.ingest([corpus], index=tmp_path / "index"))
    assert {Path(o.path).name for o in outcomes if o.status != "indexed"} == {"README.md"}
    with Index.open(tmp_path / "index") as index:
        records = list(index.reports())
        assert len(records) >= 16
        assert index.statistics().paragraphs >= 300
        assert all(record.metadata.title and record.metadata.year for record in records)
        nameless = [record.metadata.title for record in records if record.metadata.institution is None]
        assert nameless == ["瀾灣行政長官葉　岫二零一七年施政報告"]  # of an invented territory
        assert {r.script for r in records} == {"simplified", "traditional", "mixed"}
