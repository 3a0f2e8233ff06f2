"""What stands in a folder: links, odd names, what cannot be listed, what changes while it is read."""

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from searcher import UsageError
from searcher.ingesting._scan import scan
from searcher.reading import load
from searcher.reading import stat as stamp


def names(found):
    return [file.name for file in found.files.values()]


def test_each_file_is_named_once_and_in_order(write, folder):
    for name in ("二.txt", "一.txt", "乙/三.txt", "甲/四.txt", ".隐.txt", "~$开.docx", "meta.toml", "一.meta.json"):
        write(name, "内容")
    found = scan([folder, folder / "甲", folder / "一.txt"])
    assert names(found) == ["一.txt", "二.txt", "乙/三.txt", "甲/四.txt"]
    assert not found.refused
    assert [file.name for file in found.files.values() if file.named] == ["一.txt"]
    with pytest.raises(UsageError, match="nowhere"):
        scan([folder / "nowhere"])


def test_a_file_behind_a_link_that_is_named_beside_its_folder_is_one(folder, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "一.txt").write_text("内容", "utf-8")
    (folder / "甲").symlink_to(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    for root in (folder, folder.relative_to(tmp_path)):
        (found,) = scan([root, folder / "甲" / "一.txt"]).files.values()
        assert found.named
        assert found.name == "甲/一.txt"


def test_stamps_are_those_of_reading(write, folder):
    write("甲/一.txt", "内容")
    (folder / "meta.toml").write_text('region = "青山县"\n', "utf-8")
    (folder / "甲" / "一.meta.toml").write_text("year = 2006\n", "utf-8")
    seen = set()
    for time in (2 * 10**18, 10**18):  # newer than the file, and older
        for path in (folder / "甲" / "一.meta.toml", folder / "meta.toml"):
            os.utime(path, ns=(time, time))
            (file,) = scan([folder]).files.values()
            assert (file.size, file.mtime_ns) == stamp(file.path, root=folder)
            seen.add(file.mtime_ns)
    assert len(seen) == 4


def test_links_are_followed_once(write, folder, tmp_path, ingest):
    write("甲/一.txt", "全年发放低保金。")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "二.txt").write_text("工作总结\n\n教育事业稳步发展。\n", "utf-8")
    (folder / "外").symlink_to(tmp_path / "elsewhere")
    (folder / "丙.txt").symlink_to(folder / "甲" / "一.txt")
    (folder / "甲" / "环").symlink_to(folder)
    (folder / "断").symlink_to(folder / "nowhere")
    outcomes = ingest()
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "丙.txt": "indexed",
        "甲/一.txt": "duplicate",
        "外/二.txt": "indexed",
        "甲/环": "skipped",
        "断": "skipped",
    }
    assert "another name" in outcomes["甲/环"].reason
    assert "nowhere" in outcomes["断"].reason
    assert {outcome.status for outcome in ingest().values()} == {"unchanged", "skipped"}


def test_what_is_no_file_is_named(folder, ingest):
    os.mkfifo(folder / "管道.txt")
    assert ingest()["管道.txt"].reason == "no regular file"
    assert ingest(folder / "管道.txt")["管道.txt"].reason == "no regular file"


def test_where_a_file_stood_something_else_stands(write, folder, ingest, told):
    for name in ("一.txt", "二.txt", "丙/三.txt"):
        write(name, f"{name}的工作已经完成。")
    ingest()
    (folder / "一.txt").unlink()
    os.mkfifo(folder / "一.txt")  # that file is gone
    (folder / "二.txt").unlink()
    (folder / "二.txt").symlink_to("unmounted/二.txt")  # nobody can tell
    (folder / "丙").rename(folder.parent / "elsewhere")
    (folder / "丙").symlink_to("unmounted")
    outcomes = ingest()
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "一.txt": "removed",
        "二.txt": "skipped",
        "丙": "skipped",
    }
    assert len(told()) == 2


class Closed:
    """What stands in a folder that can be listed and not entered."""

    def __init__(self, entry):
        self._entry = entry

    def __getattr__(self, name):
        return getattr(self._entry, name)

    def stat(self):
        raise PermissionError(13, "Permission denied")


def test_a_folder_that_cannot_be_entered_takes_nothing_away(write, ingest, told, monkeypatch):
    write("甲/一.txt", "全年发放低保金。")
    ingest()
    real = os.scandir
    monkeypatch.setattr(
        os, "scandir", lambda path: nullcontext([Closed(entry) if entry.is_file() else entry for entry in real(path)])
    )
    outcomes = ingest()
    assert {name: outcome.status for name, outcome in outcomes.items()} == {"甲/一.txt": "failed"}
    assert "Permission denied" in outcomes["甲/一.txt"].reason
    assert len(told()) == 1


def test_a_folder_that_cannot_be_listed_takes_nothing_away(write, ingest, told, monkeypatch):
    write("甲/一.txt", "全年发放低保金。")
    write("乙/二.txt", "教育事业稳步发展。")
    ingest()
    real = os.scandir

    def listing(path):
        if Path(path).name == "甲":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", listing)
    outcomes = ingest()
    assert outcomes["甲"].status == "failed"
    assert "Permission denied" in outcomes["甲"].reason
    assert "甲/一.txt" not in outcomes
    assert len(told()) == 2


ODD = ["名\n字.txt", "空 格.txt", "引'号\".txt", "\udcff\udcfe.txt", "-o.txt", "e\u0301.txt", "长" * 80 + ".txt"]


@pytest.mark.parametrize("jobs", [0, 2])
def test_names_of_any_kind(folder, ingest, told, state, jobs):
    for number, name in enumerate(ODD):
        (folder / name).write_text(f"工作总结\n\n第{number}项工作已经完成。\n", "utf-8")
    outcomes = ingest(jobs=jobs)
    assert {name: outcome.status for name, outcome in outcomes.items()} == dict.fromkeys(ODD, "indexed")
    assert len(told()) == len(ODD)
    before = state()
    assert {outcome.status for outcome in ingest(jobs=jobs).values()} == {"unchanged"}
    assert state() == before


def test_the_index_is_no_report(write, tmp_path, ingest):
    write("一.txt", "全年发放低保金。")
    ingest()
    assert {Path(outcome.path).name: outcome.status for outcome in ingest(tmp_path).values()} == {"一.txt": "unchanged"}


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"rebuild": True}])
@pytest.mark.parametrize("name", ["reports", "link"])
def test_the_folder_of_the_index_cannot_be_named(write, folder, ingest, name, options):
    write("甲/一.txt", "内容")
    (folder.parent / "link").symlink_to("reports")
    before = sorted(folder.rglob("*"))
    with pytest.raises(UsageError, match="folder of the index"):
        ingest(folder.parent / name, index=folder, **options)
    assert sorted(folder.rglob("*")) == before


def test_a_file_that_changes_while_it_is_read_is_read_again_and_named(write, ingest, monkeypatch, told):
    path = write("一.txt", "全年发放低保金。")
    monkeypatch.setattr("searcher.reading._PAUSE", 0)
    turns = []

    def reading(there):
        data = Path(there).read_bytes()
        if there == str(path):
            turns.append(data)
            if len(turns) % 2 or len(turns) > 2:
                path.write_bytes(data + "又加一行。".encode())
        return data

    monkeypatch.setattr("searcher.reading._whole", reading)
    assert ingest()["一.txt"].status == "indexed"
    assert "又加一行" in "".join(told().values())
    path.write_bytes(path.read_bytes() + b"\n")
    outcome = ingest()["一.txt"]
    assert (outcome.status, "changes while it is read" in outcome.reason) == ("failed", True)
    monkeypatch.undo()
    assert ingest()["一.txt"].status == "updated"
    assert load(path).data == path.read_bytes()


def test_many_files_in_one_folder(folder, many):
    count = many(100_000, 3_000)
    for number in range(count):
        (folder / f"{number}.txt").touch()
    assert len(scan([folder]).files) == count
