"""Who has a report? Files go, come back, and change what they say, and no text is lost or left behind."""

import json
import os
import shutil

import pytest

import searcher
from searcher.doctor import check
from searcher.engines.whoosh._writer import ArrayWriter

A, B, C, D = (
    tuple(f"第{number}项{word}工作已经完成，全年投入资金{number}百万元，群众反映良好。" for number in range(6))
    for word in ("教育", "水利", "民政", "交通")
)
FURNITURE = "欢迎访问青山县人民政府网站"


@pytest.fixture
def records(folder):
    """Write a file of records, by id."""

    def writing(name, **texts):
        lines = [json.dumps({"id": one, "paragraphs": text}, ensure_ascii=False) for one, text in texts.items()]
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("\n".join(lines), "utf-8")

    return writing


@pytest.fixture
def texts(told):
    """Return the first paragraph of each report, by its words of work."""
    return lambda: sorted(text[3:5] for place, text in told().items() if place.endswith("#0"))


def test_near_duplicates_that_cross_come_to_an_end(records, statuses, texts):
    records("d.jsonl", r1=A)
    records("e.jsonl", s1=B, s2=(*A, FURNITURE))
    statuses()
    records("d.jsonl", r1=A, r2=(*B, FURNITURE))
    statuses()
    assert texts() == ["教育", "水利"]
    assert set(statuses().values()) == {"unchanged"}


@pytest.mark.parametrize("options", [{}, {"keep_missing": True}])
def test_who_is_away_for_a_while_loses_nothing(write, folder, statuses, texts, options):
    write("甲/2024.txt", *A)
    write("乙/2024.txt", *B)
    statuses(folder / "甲")
    (folder / "甲").rename(folder.parent / "away")
    statuses(folder / "乙")
    statuses(folder, **options)
    (folder.parent / "away").rename(folder / "甲")
    statuses(folder / "甲", folder / "乙")
    assert texts() == ["教育", "水利"]


def test_a_target_that_is_away_keeps_its_id(records, folder, statuses, ingest, texts):
    records("../away.jsonl", r1=A)
    (folder / "甲.jsonl").symlink_to("../away.jsonl")
    assert statuses() == {"甲.jsonl": "indexed"}
    (folder.parent / "away.jsonl").rename(folder.parent / "elsewhere.jsonl")
    records("乙.jsonl", r1=B)
    assert "already names" in ingest()["乙.jsonl"].reason
    (folder.parent / "elsewhere.jsonl").rename(folder.parent / "away.jsonl")
    assert statuses() == {"甲.jsonl": "unchanged", "乙.jsonl": "failed"}
    assert texts() == ["教育"]


def test_ids_that_become_free_are_given_in_the_same_run(records, statuses, texts):
    records("甲.jsonl", r4=A)
    records("乙.jsonl", r2=B)
    statuses()
    records("甲.jsonl", r2=C)
    assert statuses()["甲.jsonl"] == "failed"
    records("乙.jsonl", r4=D)
    assert set(statuses().values()) <= {"indexed", "updated"}
    assert texts() == ["交通", "民政"]


def test_a_file_that_is_refused_an_id_is_read_again_when_that_is_free(records, ingest, statuses, state, folder, texts):
    records("a.jsonl", r1=A)
    records("b.jsonl", r1=B, r2=C)
    first = ingest()["b.jsonl"]
    assert (first.status, first.reports) == ("failed", ("r2",))
    before = state()
    again = ingest()["b.jsonl"]
    assert (again.status, again.reports, again.reason) == (first.status, first.reports, first.reason)
    assert state() == before
    os.utime(folder / "b.jsonl", ns=(1, 1))
    assert statuses() == {"a.jsonl": "unchanged", "b.jsonl": "failed"}
    assert texts() == ["教育", "民政"]
    (folder / "a.jsonl").unlink()
    assert statuses(keep_missing=True) == {"b.jsonl": "updated"}
    assert texts() == ["民政", "水利"]


@pytest.mark.parametrize("duplicates", ["link", "keep"])
def test_ids_go_round(records, statuses, texts, duplicates):
    records("甲.jsonl", r1=A)
    records("乙.jsonl", r2=B)
    records("丙.jsonl", r3=C)
    statuses(duplicates=duplicates)
    records("甲.jsonl", r2=B)
    records("乙.jsonl", r3=C)
    records("丙.jsonl", r1=A)
    assert set(statuses(duplicates=duplicates).values()) <= {"indexed", "updated"}
    assert texts() == ["教育", "民政", "水利"]
    assert set(statuses(duplicates=duplicates).values()) == {"unchanged"}


def test_a_copy_comes_in_when_the_other_is_of_another_year(write, folder, statuses, tmp_path):
    write("a.txt", *A)
    write("b.txt", *A)
    (folder / "b.txt.meta.toml").write_text("year = 2007\n", "utf-8")
    assert statuses() == {"a.txt": "indexed", "b.txt": "duplicate"}
    (folder / "a.txt.meta.toml").write_text("year = 2006\n", "utf-8")
    assert statuses() == {"a.txt": "updated", "b.txt": "indexed"}
    with searcher.Index.open(tmp_path / "index") as index:
        assert sorted(record.metadata.year for record in index.reports()) == [2006, 2007]


def test_what_was_removed_stays_away_when_its_file_is_read_again(records, write, statuses, told, tmp_path):
    records("法.jsonl", r1=A, r2=B)
    write("乙.txt", *B)
    assert statuses()["法.jsonl"] == "indexed"
    list(searcher.remove(["r1"], index=tmp_path / "index"))
    write("乙.txt", *C)  # whose copy r2 is, or which is r2's
    statuses()
    assert "r1#0" not in told()
    assert "r2#0" in told()
    records("法.jsonl", r1=A, r2=D)
    statuses()
    assert "r1#0" in told()  # the file says something else


def test_what_was_removed_stays_away_when_its_file_is_moved(write, folder, statuses, texts, tmp_path):
    write("甲.txt", *A)
    write("乙.txt", *B)
    statuses()
    list(searcher.remove([folder / "甲.txt"], index=tmp_path / "index"))
    (folder / "甲.txt").rename(folder / "丙.txt")
    assert statuses() == {"丙.txt": "skipped", "乙.txt": "unchanged", "甲.txt": "removed"}
    assert statuses() == {"丙.txt": "skipped", "乙.txt": "unchanged"}
    (folder / "丙.txt").rename(folder / "丁.txt")
    assert statuses(keep_missing=True)["丁.txt"] == "skipped"
    assert texts() == ["水利"]
    assert statuses(folder / "丁.txt") == {"丁.txt": "indexed"}


@pytest.mark.parametrize("goes", [True, False])
def test_copies_in_files_that_are_away_keep_what_the_other_said(write, folder, statuses, texts, tmp_path, goes):
    for name in ("甲/a.txt", "乙/b.txt", "乙/c.txt", "丙/d.txt"):
        write(name, *A)
        statuses(folder / name)
    write("甲/e.txt", *D)
    (folder / "乙").rename(folder.parent / "away")
    (folder / "甲/a.txt").unlink() if goes else write("甲/a.txt", *B)
    assert statuses(folder / "甲", dry_run=True) == statuses(folder / "甲")
    (folder / "丙/d.txt").unlink()
    statuses(folder / "甲", folder / "丙")
    left = ["交通", "教育"] if goes else ["交通", "教育", "水利"]
    assert texts() == left
    assert check(tmp_path / "index").faults == ()
    (folder.parent / "away").rename(folder / "乙")
    assert set(statuses().values()) == {"unchanged", "updated", "duplicate"}
    assert set(statuses().values()) == {"unchanged"}
    assert texts() == left
    write("乙/b.txt", *C)
    statuses()
    assert texts() == sorted([*left, "民政"])


@pytest.mark.parametrize("link", ["hardlink_to", "symlink_to"])
@pytest.mark.parametrize("runs", ["one", "two"])
def test_one_file_by_two_names_is_refused_its_ids_the_second_time(records, statuses, folder, texts, link, runs):
    records("a.jsonl", r1=A)
    if runs == "two":
        statuses(duplicates="keep")
    getattr(folder / "b.jsonl", link)(folder / "a.jsonl")
    for _ in range(2):
        assert statuses(duplicates="keep")["b.jsonl"] == "failed"
    (folder / "b.jsonl").unlink()
    assert statuses(duplicates="keep") == {"a.jsonl": "unchanged", "b.jsonl": "removed"}
    assert texts() == ["教育"]


def test_only_what_was_removed_stays_away(write, folder, statuses, texts, tmp_path):
    for name in ("x.txt", "y.txt"):
        write(name, *A)
    statuses()
    list(searcher.remove([folder / "x.txt"], index=tmp_path / "index"))
    assert statuses()["y.txt"] == "indexed"
    (folder / "x.txt").unlink()
    (folder / "y.txt").rename(folder / "z.txt")
    assert statuses(keep_missing=True) == {"z.txt": "moved"}
    assert texts() == ["教育"]
    list(searcher.remove([folder / "z.txt"], index=tmp_path / "index"))
    (folder / "z.txt").rename(folder / "w.txt")
    assert statuses(folder / "w.txt") == {"w.txt": "moved"}  # it is named


def test_a_record_that_was_removed_stays_away_when_its_file_is_moved(records, folder, statuses, texts, tmp_path):
    records("a.jsonl", r1=A, r2=B)
    statuses()
    list(searcher.remove(["r1"], index=tmp_path / "index"))
    (folder / "a.jsonl").rename(folder / "b.jsonl")
    assert statuses() == {"b.jsonl": "moved"}
    assert texts() == ["水利"]
    assert statuses() == {"b.jsonl": "unchanged"}


def test_a_copy_that_was_removed_stays_away_when_its_file_is_moved(write, folder, statuses, texts, tmp_path):
    for name in ("a.txt", "b.txt"):
        write(name, *A)
    statuses()
    for name in ("a.txt", "b.txt"):
        list(searcher.remove([folder / name], index=tmp_path / "index"))
    (folder / "b.txt").rename(folder / "c.txt")
    assert statuses()["c.txt"] == "skipped"
    assert texts() == []


def test_a_refused_id_is_not_forgotten_when_the_rest_is_removed(records, folder, statuses, texts, tmp_path):
    records("a.jsonl", r1=A)
    records("b.jsonl", r1=B, r2=C)
    assert statuses()["b.jsonl"] == "failed"
    list(searcher.remove(["r2"], index=tmp_path / "index"))
    (folder / "a.jsonl").unlink()
    assert statuses()["b.jsonl"] == "indexed"
    assert texts() == ["水利"]


def test_a_refused_text_that_comes_elsewhere_is_a_copy(records, write, statuses, texts):
    records("a.jsonl", r1=A)
    records("b.jsonl", r1=B)
    write("z.txt", *C)
    assert statuses()["b.jsonl"] == "failed"
    write("z.txt", *B)
    assert statuses() == {"a.jsonl": "unchanged", "b.jsonl": "duplicate", "z.txt": "updated"}
    assert texts() == ["教育", "水利"]


def test_a_text_that_moves_is_not_left_to_copies_that_are_away(write, folder, statuses, texts):
    write("甲/a.txt", *A)
    statuses(folder / "甲")
    write("乙/b.txt", *A)
    statuses(folder / "乙")
    (folder / "乙").rename(folder.parent / "away")
    (folder / "甲/a.txt").rename(folder / "甲/c.txt")
    assert statuses(folder / "甲") == {"甲/c.txt": "moved"}
    assert texts() == ["教育"]


def test_a_copy_that_was_away_is_read_again(write, folder, statuses, tmp_path):
    def years():
        with searcher.Index.open(tmp_path / "index") as index:
            return [record.metadata.year for record in index.reports()]

    write("甲/a.txt", *A)
    (folder / "甲/a.txt.meta.toml").write_text("year = 2006\n", "utf-8")
    statuses(folder / "甲")
    write("乙/b.txt", *A)
    assert statuses(folder / "乙") == {"乙/b.txt": "duplicate"}
    (folder / "乙").rename(folder.parent / "away")
    (folder / "甲/a.txt").unlink()
    statuses(folder / "甲")
    assert years() == [2006]
    (folder.parent / "away").rename(folder / "乙")
    assert statuses() == {"乙/b.txt": "updated"}
    assert years() == [None]


def test_who_inherits_does_not_depend_on_the_order_of_records(records, folder, statuses, texts):
    records("甲/d.jsonl", r1=A, r2=B)
    statuses(folder / "甲")
    records("乙/e.jsonl", r2=A)
    assert statuses(folder / "乙") == {"乙/e.jsonl": "duplicate"}
    (folder / "乙").rename(folder.parent / "away")
    (folder / "甲/d.jsonl").unlink()
    statuses(folder / "甲")
    assert texts() == ["教育"]


def test_a_file_that_was_half_read_at_a_commit_is_not_left_so(records, statuses, state):
    long = tuple(f"第{number}项工作已经完成。" for number in range(30_000))
    records("a.jsonl", r9=A)
    records("b.jsonl", r1=long, r9=(*long, "另一篇"))
    assert statuses()["b.jsonl"] == "failed"
    records("a.jsonl", r9=A, r8=C)
    statuses(commit_every=0)
    before = state()
    assert statuses() == {"a.jsonl": "unchanged", "b.jsonl": "failed"}
    assert state() == before


def test_what_a_refused_file_has_is_not_indexed_again(records, statuses, monkeypatch, texts):
    added = []

    def add(self, batch):
        added.extend(report.id for report in batch.reports)
        return adding(self, batch)

    records("a.jsonl", r1=A)
    records("b.jsonl", r1=B, r2=C)
    statuses()
    adding = ArrayWriter.add
    monkeypatch.setattr(ArrayWriter, "add", add)
    records("c.jsonl", r4=D)
    assert statuses() == {"a.jsonl": "unchanged", "b.jsonl": "failed", "c.jsonl": "indexed"}
    assert added == ["r4"]
    records("a.jsonl", r5=A)
    assert statuses() == {"a.jsonl": "updated", "b.jsonl": "updated", "c.jsonl": "unchanged"}
    assert texts() == ["交通", "教育", "民政", "水利"]
    assert set(statuses().values()) == {"unchanged"}


def test_only_who_lost_a_text_inherits_it(records, folder, statuses, told):
    records("甲/d.jsonl", r1=A, r9=C)
    statuses(folder / "甲")
    records("乙/e.jsonl", r1=A, r2=C)
    records("乙/f.jsonl", r2=A)
    statuses(folder / "乙")
    (folder / "乙").rename(folder.parent / "away")
    records("甲/d.jsonl", r1=B, r9=C)
    statuses(folder / "甲")
    assert [told()[f"{name}#0"][3:5] for name in ("r1", "r2", "r9")] == ["水利", "教育", "民政"]


def test_a_copy_that_is_to_be_read_again_outlives_the_rest_of_its_file(
    records, write, folder, statuses, texts, tmp_path
):
    write("x.txt", *A)
    statuses()
    records("e.jsonl", r1=A, r3=B)
    statuses()
    list(searcher.remove([folder / "x.txt"], index=tmp_path / "index"))
    list(searcher.remove(["r3"], index=tmp_path / "index"))
    assert statuses() == {"e.jsonl": "indexed", "x.txt": "skipped"}
    assert texts() == ["教育"]


def test_a_file_that_has_changed_is_named_as_well(write, folder, statuses, tmp_path):
    for name, text in (("a.txt", A), ("b.txt", B)):
        write(name, *text)
    statuses()
    list(searcher.remove([folder / "b.txt"], index=tmp_path / "index"))
    (folder / "b.txt").rename(folder / "a.txt")
    assert statuses(folder / "a.txt") == {"a.txt": "updated"}


def test_a_text_is_linked_to_one_that_is_away(write, folder, statuses, texts):
    write("甲/a.txt", *A)
    statuses(folder / "甲")
    (folder / "甲").rename(folder.parent / "away")
    write("乙/b.txt", *A, FURNITURE)
    assert statuses(folder / "乙") == {"乙/b.txt": "duplicate"}
    (folder.parent / "away").rename(folder / "甲")
    assert statuses(folder / "甲", folder / "乙") == {"甲/a.txt": "unchanged", "乙/b.txt": "unchanged"}
    assert texts() == ["教育"]


def test_equal_files_that_move_are_followed(write, folder, statuses, texts):
    for name in ("a.txt", "b.txt"):
        write(name, *A)
    statuses()
    for name, new in (("a.txt", "c.txt"), ("b.txt", "d.txt")):
        shutil.move(folder / name, folder / new)
    statuses(keep_missing=True)
    assert texts() == ["教育"]
    assert statuses() == {"c.txt": "unchanged", "d.txt": "unchanged"}


def test_a_file_that_fails_is_told_once_with_what_is_left_of_it(records, write, folder, ingest, texts):
    write("z.txt", *A)
    ingest()
    records("d.jsonl", d0=B, d1=A)
    ingest()
    whole = (folder / "d.jsonl").read_text("utf-8")
    (folder / "d.jsonl").write_text(whole.splitlines()[0] + "\n{broken", "utf-8")
    (folder / "z.txt").unlink()
    outcomes = ingest()
    assert {name: outcome.status for name, outcome in outcomes.items()} == {"d.jsonl": "failed", "z.txt": "removed"}
    assert outcomes["d.jsonl"].reason.endswith("still there: 1")
    assert texts() == ["水利"]


@pytest.mark.parametrize("there", [True, False])
def test_a_file_that_is_moved_over_another_stands_once(write, folder, statuses, texts, there):
    write("甲/a.txt", *A)
    if there:
        write("乙/z.txt", *B)
    statuses()
    (folder / "乙").mkdir(exist_ok=True)
    (folder / "甲/a.txt").rename(folder / "乙/z.txt")
    assert statuses(folder / "乙") == {"乙/z.txt": "updated" if there else "moved"}
    assert texts() == ["教育"]


def test_an_id_that_is_taken_is_no_fault_where_the_text_is_there(records, write, statuses, texts):
    records("d.jsonl", r1=A)
    records("e.jsonl", r1=B)
    write("z.txt", *B)
    assert statuses() == {"d.jsonl": "indexed", "e.jsonl": "duplicate", "z.txt": "indexed"}
    assert set(statuses().values()) == {"unchanged"}
    assert texts() == ["教育", "水利"]


def test_a_copy_can_be_removed_after_the_other(write, folder, statuses, told, tmp_path):
    for name in ("a.txt", "b.txt"):
        write(name, *A)
    statuses()
    for name in ("a.txt", "b.txt"):
        list(searcher.remove([folder / name], index=tmp_path / "index"))
    assert statuses() == {"a.txt": "skipped", "b.txt": "skipped"}
    assert told() == {}
    assert statuses(folder / "b.txt") == {"b.txt": "indexed"}
