from pathlib import Path

import pytest

import searcher
from searcher import Index, NotFound


@pytest.fixture
def held(write, folder, ingest):
    write("2005/一.txt", "全年发放低保金。", title="2005年青山县工作总结")
    write("2006/二.txt", "教育事业稳步发展。", title="2006年青山县工作总结")
    write("2006/三.txt", "公路建设加快推进。", title="2006年青山县工作总结")
    records = [f'{{"id": "law-{number}", "paragraphs": ["第{number}条　保护森林。"]}}\n' for number in range(3)]
    (folder / "法.jsonl").write_text("".join(records), "utf-8")
    return {name: outcome.reports for name, outcome in ingest().items()}


@pytest.fixture
def remove(tmp_path):
    return lambda *targets, **options: list(searcher.remove(targets, index=tmp_path / "index", **options))


def ids(told):
    return {paragraph.partition("#")[0] for paragraph in told}


def test_a_report_leaves_and_stays_away(held, remove, told, statuses, folder, write):
    (mine,) = held["2005/一.txt"]
    (outcome,) = remove(mine)
    assert (outcome.status, outcome.reports) == ("removed", (mine,))
    assert mine not in ids(told())
    assert statuses()["2005/一.txt"] == "skipped"
    write("2005/一.txt", "全年发放低保金。", title="2005年青山县工作总结")
    assert statuses()["2005/一.txt"] == "skipped"  # touched, and still the same
    assert statuses(folder / "2005" / "一.txt") == {"2005/一.txt": "indexed"}
    assert mine in ids(told())


def test_a_removed_report_comes_back_when_its_file_changes(held, remove, told, statuses, write):
    remove(*held["2005/一.txt"])
    write("2005/一.txt", "全年发放救灾款项。")
    assert statuses()["2005/一.txt"] == "indexed"
    assert ids(told()) >= set(held["2005/一.txt"])


def test_files_and_folders_leave(held, remove, told, folder):
    assert [Path(outcome.path).name for outcome in remove(folder / "2006")] == ["三.txt", "二.txt"]
    remove(folder / "法.jsonl")
    assert ids(told()) == {*held["2005/一.txt"]}


@pytest.mark.usefixtures("held")
def test_one_record_of_a_file_leaves(remove, told, statuses):
    remove("law-1")
    assert {"law-0", "law-2"} < ids(told())
    assert "law-1" not in ids(told())
    assert statuses()["法.jsonl"] == "unchanged"


def test_what_a_query_finds_leaves(held, remove, told):
    foretold = remove(query="年份:2006", dry_run=True)
    assert len(ids(told())) == 6
    assert foretold == remove(query="年份:2006")
    assert ids(told()) == {*held["2005/一.txt"], *held["法.jsonl"]}
    assert remove(query="年份:2006") == []


def test_what_is_not_there_is_named(held, remove, told, tmp_path):
    with pytest.raises(NotFound, match="nowhere"):
        remove("law-1", tmp_path / "nowhere")
    assert len(ids(told())) == sum(map(len, held.values()))


def test_a_copy_comes_in_when_the_other_is_removed(write, ingest, remove, told, tmp_path):
    write("一.txt", "全年发放低保金一百二十万元。")
    write("二.txt", "全年发放低保金一百二十万元。")
    remove(*ingest()["一.txt"].reports)
    assert told() == {}
    assert {name: outcome.status for name, outcome in ingest().items()} == {"一.txt": "skipped", "二.txt": "indexed"}
    with Index.open(tmp_path / "index") as index:
        assert not list(index.catalogue().copies())


def test_records_that_left_come_back_where_their_file_is_named(held, remove, told, statuses, folder):
    remove("law-0", "law-2")
    assert statuses()["法.jsonl"] == "unchanged"
    assert "law-0" not in ids(told())
    assert statuses(folder / "法.jsonl") == {"法.jsonl": "updated"}
    assert ids(told()) >= set(held["法.jsonl"])


@pytest.mark.usefixtures("held")
def test_a_folder_is_known_behind_a_link(remove, told, folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    remove(tmp_path / "link")
    assert told() == {}


def test_what_a_query_finds_leaves_with_its_copies(write, ingest, remove, told, statuses):
    write("一.txt", "全年发放低保金一百二十万元。")
    write("二.txt", "全年发放低保金一百二十万元。")
    ingest()
    assert [Path(outcome.path).name for outcome in remove(query="低保金")] == ["一.txt", "二.txt"]
    assert set(statuses().values()) == {"skipped"}
    assert told() == {}


@pytest.mark.usefixtures("held")
def test_a_rehearsal_needs_no_lock(remove, tmp_path):
    with Index.open(tmp_path / "index") as index, index.writer():
        assert len(remove(query="年份:2006", dry_run=True)) == 2
