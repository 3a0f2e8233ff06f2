"""New, changed, unchanged, removed and moved files; a run after any changes leaves what a fresh one would."""

import os
import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import searcher
from searcher import Index
from tests.engines.strategies import PIECES


def age(path, seconds=10):
    """Set the time of a file back, as if it had been written before."""
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns - seconds * 10**9))


def test_each_file_is_told_what_became_of_it(write, folder, statuses, told):
    write("留.txt", "全年发放低保金一百二十万元。")
    write("改.txt", "改革开放取得新的进展。")
    write("走.txt", "教育事业稳步发展。")
    write("旧.txt", "水利设施得到加强，农田灌溉面积扩大。")
    write("README.md", "About.")
    assert set(statuses().values()) == {"indexed", "skipped"}
    write("改.txt", "改革开放取得重大进展。")
    (folder / "走.txt").unlink()
    (folder / "旧.txt").rename(folder / "新.txt")
    write("来.txt", "公路建设加快推进。")
    assert statuses() == {
        "README.md": "skipped",
        "改.txt": "updated",
        "新.txt": "moved",
        "来.txt": "indexed",
        "留.txt": "unchanged",
        "走.txt": "removed",
    }
    texts = " ".join(told().values())
    assert "重大" in texts
    assert not {"新的", "教育"} & set(texts.split())
    assert texts.count("水利") == 1


def test_the_same_input_twice_changes_nothing_on_disk(write, folder, ingest, state):
    write("好.txt", "全年发放低保金。")
    write("空.txt")
    (folder / "空.txt").write_bytes(b"")
    (folder / "坏.txt").write_bytes("今年工作总结".encode("gb18030") * 20 + b"\xff\xff" + "民生".encode("gb18030"))
    (folder / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    first = ingest()
    before = state()
    again = ingest()
    assert state() == before
    assert {name: (o.status, o.reason) for name, o in again.items()} == {
        name: ("unchanged" if o.status == "indexed" else o.status, o.reason) for name, o in first.items()
    }
    ingest(checksum=True)
    assert state() == before


def test_a_touched_file_is_hashed_and_not_read_again(write, statuses, told):
    age(write("总结.txt", "全年发放低保金。"))
    statuses()
    before = told()
    os.utime(write("总结.txt", "全年发放低保金。"))
    assert statuses() == {"总结.txt": "unchanged"}
    assert told() == before


def test_checksum_sees_what_size_and_time_hide(write, statuses, told):
    path = write("总结.txt", "全年发放低保金。")
    statuses()
    stat = path.stat()
    write("总结.txt", "全年发放救灾款。")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert statuses() == {"总结.txt": "unchanged"}
    assert statuses(checksum=True) == {"总结.txt": "updated"}
    assert "救灾" in "".join(told().values())


def test_what_is_gone_stays_if_it_is_wanted(write, folder, statuses, told):
    write("一.txt", "全年发放低保金。").unlink()
    write("一.txt", "全年发放低保金。")
    write("二.txt", "教育事业稳步发展。")
    statuses()
    (folder / "一.txt").unlink()
    assert statuses(keep_missing=True) == {"二.txt": "unchanged"}
    assert len(told()) == 2
    assert statuses() == {"二.txt": "unchanged", "一.txt": "removed"}
    assert len(told()) == 1


def test_a_part_of_a_folder_takes_nothing_else_away(write, folder, statuses, told):
    write("2006/一.txt", "全年发放低保金。")
    write("2007/一.txt", "教育事业稳步发展。")
    statuses()
    shutil.rmtree(folder / "2007")
    assert statuses(folder / "2006") == {"2006/一.txt": "unchanged"}
    assert len(told()) == 2
    assert statuses()["2007/一.txt"] == "removed"


def test_a_dry_run_says_what_would_happen_and_writes_nothing(write, folder, statuses, state, tmp_path):
    write("一.txt", "全年发放低保金。")
    assert statuses(dry_run=True) == {"一.txt": "indexed"}
    assert not (tmp_path / "index").exists()
    write("二.txt", "教育事业稳步发展。")
    write("三.txt", "公路建设加快推进。")
    statuses()
    before = state()
    write("一.txt", "全年发放救灾款项。")
    (folder / "二.txt").rename(folder / "四.txt")
    (folder / "三.txt").unlink()
    write("五.txt", "水利设施得到加强。")
    foretold = statuses(dry_run=True)
    assert state() == before
    assert foretold == {"一.txt": "updated", "四.txt": "moved", "三.txt": "removed", "五.txt": "indexed"} == statuses()
    assert set(statuses(dry_run=True, rebuild=True).values()) == {"indexed"}


def test_files_of_the_same_name_in_two_folders_are_two(write, folder, statuses, told):
    write("甲/总结.txt", "全年发放低保金。")
    write("乙/总结.txt", "教育事业稳步发展。")
    assert set(statuses(folder / "甲", folder / "乙").values()) == {"indexed"}
    assert len(told()) == 2
    write("乙/总结.txt", "教育事业全面发展。")
    assert statuses(folder / "乙", folder / "甲") == {"乙/总结.txt": "updated", "甲/总结.txt": "unchanged"}


def test_a_broken_update_keeps_what_was_there(write, folder, ingest, statuses, told):
    write("总结.txt", "全年发放低保金。")
    statuses()
    before = told()
    (folder / "总结.txt").write_bytes("今年工作总结".encode("gb18030") * 20 + b"\xff\xff" + "民生".encode("gb18030"))
    outcome = ingest()["总结.txt"]
    assert outcome.status == "failed"
    assert "still there" in outcome.reason
    assert told() == before
    write("总结.txt", "全年发放救灾款项。")
    assert statuses() == {"总结.txt": "updated"}


def test_a_corrected_sidecar_is_a_change(write, folder, statuses, tmp_path):
    write("2006/总结.txt", "全年发放低保金。")
    statuses()
    (folder / "meta.toml").write_text('institution = "青山县教育局"\n', "utf-8")
    assert statuses() == {"2006/总结.txt": "updated"}
    with Index.open(tmp_path / "index") as index:
        assert [record.metadata.institution for record in index.reports()] == ["青山县教育局"]
    assert statuses(folder / "2006" / "总结.txt") == {"2006/总结.txt": "unchanged"}


def test_a_sidecar_that_goes_or_gives_way_to_an_older_one_is_a_change(write, folder, statuses, tmp_path):
    def institutions():
        with Index.open(tmp_path / "index") as index:
            return [record.metadata.institution for record in index.reports()]

    write("总结.txt", "全年发放低保金。")
    statuses()
    before = institutions()
    for name, time in (("青山县教育局", 10**18), ("青山县民政局", 10**18 - 10**9)):
        (folder / "总结.meta.toml").write_text(f'institution = "{name}"\n', "utf-8")
        os.utime(folder / "总结.meta.toml", ns=(time, time))
        statuses()
        assert institutions() == [name]
    (folder / "总结.meta.toml").unlink()
    assert statuses() == {"总结.txt": "updated"}
    assert institutions() == before


def test_a_file_that_could_not_be_read_is_tried_again(write, statuses, monkeypatch):
    write("总结.txt", "全年发放低保金。")
    real = searcher.ingesting._reading.load
    monkeypatch.setattr(searcher.ingesting._reading, "load", _unreadable)
    assert statuses() == {"总结.txt": "failed"}
    monkeypatch.setattr(searcher.ingesting._reading, "load", real)
    assert statuses() == {"总结.txt": "indexed"}


def _unreadable(path, root):  # noqa: ARG001 - as `load` has it
    raise searcher.ReadError(f"{path}: Input/output error; check the name and the rights")


def test_a_rebuild_is_a_fresh_index_and_the_old_one_answers_until_then(write, folder, tmp_path, told, statuses):
    write("一.txt", "全年发放低保金。")
    write("二.txt", "教育事业稳步发展。")
    statuses()
    (folder / "二.txt").unlink()
    reader = Index.open(tmp_path / "index")
    run = searcher.ingest([folder], index=tmp_path / "index", rebuild=True)
    assert [next(run).status] == ["indexed"]
    assert len(told()) == 2
    assert list(run) == []
    assert len(told()) == 1
    assert reader.statistics().reports == 2
    reader.refresh()
    assert reader.statistics().reports == 1
    assert statuses() == {"一.txt": "unchanged"}


def test_a_rebuild_that_is_broken_off_leaves_no_trace(write, folder, tmp_path, told, statuses, state):
    write("一.txt", "全年发放低保金。")
    statuses()
    before = state()
    run = searcher.ingest([folder], index=tmp_path / "index", rebuild=True)
    next(run)
    run.close()
    assert state() == before
    assert len(told()) == 1


@pytest.mark.parametrize("meta", ['{"format": 0, "engine": "whoosh"}', "{"])
def test_a_rebuild_takes_the_place_of_what_cannot_be_read(write, tmp_path, told, statuses, meta):
    write("一.txt", "全年发放低保金。")
    statuses()
    (tmp_path / "index" / "meta.json").write_text(meta, "utf-8")
    with pytest.raises(searcher.IndexProblem):
        statuses()
    for path in (tmp_path / "index").glob("*.arrays"):
        path.write_bytes(b"rubbish")
    assert statuses(rebuild=True) == {"一.txt": "indexed"}
    assert len(told()) == 1
    assert {path.suffix for path in (tmp_path / "index").iterdir()} == {".json", ".toc", ".arrays"}


def test_a_run_commits_now_and_then_and_the_next_goes_on(write, folder, tmp_path, monkeypatch, statuses, told):
    monkeypatch.setattr(searcher.ingesting, "_TASK_FILES", 1)
    for name in ("一", "二", "三", "四"):
        write(f"{name}.txt", f"全年发放第{name}批低保金。")
    run = searcher.ingest([folder], index=tmp_path / "index", commit_every=0)
    next(run), next(run), next(run)
    run.close()
    assert len(told()) == 2  # the third was written and not yet committed
    assert sorted(statuses().values()) == ["indexed", "indexed", "unchanged", "unchanged"]
    assert len(told()) == 4


def test_a_file_that_is_half_read_at_a_commit_is_read_again(write, folder, tmp_path, monkeypatch, statuses, told):
    monkeypatch.setattr(searcher.ingesting._reading, "_FULL", 1)
    records = [f'{{"id": "r{number}", "paragraphs": ["第{number}条　为了保护环境。"]}}\n' for number in range(4)]
    (folder / "记录.jsonl").write_text("".join(records), "utf-8")
    write("总结.txt", "全年发放低保金。")
    monkeypatch.setattr(searcher.ingesting._ledger.Ledger, "_end", _broken_off)
    with pytest.raises(KeyboardInterrupt):
        statuses(folder / "记录.jsonl", commit_every=0)
    monkeypatch.undo()
    assert len(told()) == 4
    with Index.open(tmp_path / "index") as index:
        assert [file.standing for file in index.catalogue().files.values()] == ["failed"]
    (folder / "记录.jsonl").write_text("".join(records[:2]), "utf-8")
    assert statuses() == {"记录.jsonl": "updated", "总结.txt": "indexed"}
    assert len(told()) == 3


def _broken_off(_ledger, _read):
    raise KeyboardInterrupt


names = st.sampled_from(["一.txt", "二.txt", "甲/一.txt", "甲/二.txt", "乙/三.txt"])
texts = st.lists(st.sampled_from(PIECES), min_size=3, max_size=6).map("".join)
changes = st.one_of(
    st.tuples(st.just("write"), names, texts),
    st.tuples(st.just("remove"), names, st.none()),
    st.tuples(st.just("move"), names, names),
    st.tuples(st.just("touch"), names, st.none()),
    st.tuples(st.just("index"), names, st.none()),
)


@settings(max_examples=30)
@given(st.lists(changes, max_size=12))
def test_a_run_after_any_changes_leaves_what_a_fresh_one_would(tmp_path_factory, history):
    root = tmp_path_factory.mktemp("history")
    folder = root / "reports"
    folder.mkdir()
    clock = 10**18
    for change, name, what in (*history, ("index", "", None)):
        path = folder / name
        if change == "index":
            list(searcher.ingest([folder], index=root / "index", duplicates="keep"))
        elif change == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"工作总结\n\n{what}\n", "utf-8")
        elif path.exists() and change == "remove":
            path.unlink()
        elif path.exists() and change == "move":
            (folder / what).parent.mkdir(exist_ok=True)
            path.rename(folder / what)
        if path.is_file() and change in ("write", "touch"):
            clock += 10**9
            os.utime(path, ns=(clock, clock))
    list(searcher.ingest([folder], index=root / "fresh", duplicates="keep"))
    with Index.open(root / "index") as mine, Index.open(root / "fresh") as fresh:
        assert _whole(mine) == _whole(fresh)
    shutil.rmtree(root)


def _whole(index):
    reports = [index.report(record.id) for record in index.reports()]
    return [replace(report, origin=replace(report.origin, mtime_ns=0)) for report in reports], index.catalogue()


def test_paths_are_told_as_they_were_written_and_only_what_is_read_counts(write, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder.parent)
    for name in ("一.txt", "甲/二.txt", "甲/三.txt"):
        write(name, f"{name}的工作已经完成。")
    write("甲/四.txt", "一.txt的工作已经完成。")  # a copy, which is read again once the other is gone

    def run():
        seen = []
        outcomes = list(searcher.ingest(["reports"], index=tmp_path / "index", progress=seen.append))
        assert [now.files for now in seen] == list(range(1, len(outcomes) + 1))
        assert seen[-1].of_files == len(outcomes)
        return {outcome.path: outcome.status for outcome in outcomes}, seen[-1]

    first, now = run()
    assert first == {
        "reports/一.txt": "indexed",
        "reports/甲/二.txt": "indexed",
        "reports/甲/三.txt": "indexed",
        "reports/甲/四.txt": "duplicate",
    }
    assert now.bytes == now.of_bytes == sum(path.stat().st_size for path in folder.rglob("*.txt"))
    (folder / "一.txt").unlink()
    new = write("五.txt", "又一项工作已经完成。")
    again, now = run()
    assert again == {
        "reports/一.txt": "removed",
        "reports/甲/二.txt": "unchanged",
        "reports/甲/三.txt": "unchanged",
        "reports/甲/四.txt": "indexed",
        "reports/五.txt": "indexed",
    }
    assert now.bytes == now.of_bytes == new.stat().st_size
