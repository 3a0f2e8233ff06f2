"""Folders that are followed."""

import math
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from unittest.mock import Mock

import pytest

from searcher import Index, UsageError, ingest, watch, watching
from tests.conftest import ROOT

TEXT = "青山县工作总结\n\n第{}项工作已经完成，全年投入资金一百万元。\n"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "reports"
    made.mkdir()
    (made / "一.txt").write_text(TEXT.format("一"), "utf-8")
    return made


def test_what_arrives_changes_and_goes_is_followed(folder, tmp_path):
    stop = threading.Event()
    alarm = threading.Timer(60, stop.set)
    alarm.start()
    run = watch([folder], index=tmp_path / "index", debounce=0.05, stop=stop)
    told = [next(run)]
    (folder / "二.txt").write_text(TEXT.format("二"), "utf-8")
    told.append(next(run))
    (folder / "一.txt").write_text(TEXT.format("三"), "utf-8")
    told.append(next(run))
    (folder / "二.txt").unlink()
    told.append(next(run))
    stop.set()
    assert list(run) == []
    alarm.cancel()
    assert [(Path(outcome.path).name, outcome.status) for outcome in told] == [
        ("一.txt", "indexed"),
        ("二.txt", "indexed"),
        ("一.txt", "updated"),
        ("二.txt", "removed"),
    ]


@pytest.fixture
def stop():
    """Stop what is followed after a minute at the latest."""
    event = threading.Event()
    alarm = threading.Timer(60, event.set)
    alarm.start()
    yield event
    alarm.cancel()


@pytest.fixture
def follow(tmp_path, stop):
    """Follow paths; return what tells the next outcomes, as names and statuses."""

    def following(*paths):
        run = watch(paths, index=tmp_path / "index", debounce=0.05, stop=stop)

        def told():
            outcome = next(run)
            return Path(outcome.path).name, outcome.status

        return told

    return following


@pytest.mark.parametrize("through_a_link", [False, True])
def test_its_own_commits_and_hidden_files_wake_nobody(folder, tmp_path, monkeypatch, through_a_link):
    runs = Mock(side_effect=ingest)
    monkeypatch.setattr(watching, "ingest", runs)
    stop = threading.Event()
    (tmp_path / "link").symlink_to(tmp_path)
    if through_a_link:
        folder = tmp_path / "link" / folder.name
    run = watch([folder], index=folder / "index", debounce=0.05, stop=stop)
    assert next(run).status == "indexed"
    (folder / ".隐.txt").write_text(TEXT.format("二"), "utf-8")
    threading.Timer(1.5, stop.set).start()
    assert list(run) == []
    assert runs.call_count == 1


def made_anew(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def put_aside(folder):
    folder.rename(folder.with_name("aside"))
    folder.mkdir()


def led_elsewhere(folder):
    other = folder.with_name("other")
    other.mkdir()
    folder.with_name("new").symlink_to(other)
    folder.with_name("new").replace(folder)


@pytest.mark.parametrize("change", [made_anew, put_aside, led_elsewhere])
def test_a_folder_that_takes_the_place_of_another_is_followed(folder, follow, change):
    (folder / "一.txt").rename(folder / "二.txt")
    if change is led_elsewhere:
        folder = folder.rename(folder.with_name("real")).with_name("reports")
        folder.symlink_to("real")
    told = follow(folder)
    assert told() == ("二.txt", "indexed")
    for number in "三四":
        change(folder) if number == "三" else None
        (folder / f"{number}.txt").write_text(TEXT.format(number), "utf-8")
        expected = {(f"{number}.txt", "indexed")}
        if number == "三" and change is not led_elsewhere:
            expected.add(("二.txt", "removed"))
        assert {told() for _ in range(len(expected))} == expected


def test_a_file_that_takes_the_place_of_another_is_followed(folder, follow):
    told = follow(folder / "一.txt")
    assert told() == ("一.txt", "indexed")
    for number in "二三四":
        (folder / "new").write_text(TEXT.format(number), "utf-8")
        (folder / "new").replace(folder / "一.txt")
        assert told() == ("一.txt", "updated")


def test_what_is_away_is_told_once_and_the_others_go_on(folder, tmp_path, follow, stop):
    other = tmp_path / "other"
    other.mkdir()
    told = follow(folder, other)
    assert told() == ("一.txt", "indexed")
    for number in "二三":
        folder.rename(tmp_path / "away")
        assert told() == ("reports", "failed")
        (other / f"{number}.txt").write_text(TEXT.format(number), "utf-8")
        assert told() == (f"{number}.txt", "indexed")
        (tmp_path / "away" / f"又{number}.txt").write_text(TEXT.format(f"又{number}"), "utf-8")
        (tmp_path / "away").rename(folder)
        assert told() == (f"又{number}.txt", "indexed")
    stop.set()
    with pytest.raises(StopIteration):
        told()
    with Index.open(tmp_path / "index") as index:
        assert index.statistics().reports == 5


def test_where_all_is_away_it_waits(folder, tmp_path, follow, stop):
    told = follow(folder)
    assert told() == ("一.txt", "indexed")
    folder.rename(tmp_path / "away")
    assert told() == ("reports", "failed")
    (tmp_path / "away" / "二.txt").write_text(TEXT.format("二"), "utf-8")
    threading.Timer(0.8, (tmp_path / "away").rename, [folder]).start()
    assert told() == ("二.txt", "indexed")
    folder.rename(tmp_path / "away")
    assert told() == ("reports", "failed")
    threading.Timer(0.8, stop.set).start()
    with pytest.raises(StopIteration):
        told()


@pytest.mark.parametrize("before", ["ingest", "changes_in"])
def test_what_goes_at_the_last_moment_is_away(folder, tmp_path, follow, monkeypatch, before):
    real = getattr(watching, before)

    def late(*args, **options):
        monkeypatch.setattr(watching, before, real)
        folder.rename(tmp_path / "away")
        return real(*args, **options)

    monkeypatch.setattr(watching, before, late)
    told = follow(folder)
    assert told() == ("reports", "failed")
    (tmp_path / "away").rename(folder)
    assert told() == ("一.txt", "indexed")


def test_a_folder_that_goes_from_another_takes_its_reports_along(folder, follow):
    inner = folder / "inner"
    inner.mkdir()
    (folder / "一.txt").rename(inner / "一.txt")
    told = follow(folder, inner)
    assert told() == ("一.txt", "indexed")
    shutil.rmtree(inner)
    assert told() == ("一.txt", "removed")
    inner.mkdir()
    (inner / "二.txt").write_text(TEXT.format("二"), "utf-8")
    assert told() == ("二.txt", "indexed")


def test_a_failure_is_told_when_it_is_another_one(folder, follow):
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4\nno pages")
    told = follow(folder)
    assert [told(), told()] == [("一.txt", "indexed"), ("坏.pdf", "failed")]
    for number in "二三":
        (folder / f"{number}.txt").write_text(TEXT.format(number), "utf-8")
        assert told() == (f"{number}.txt", "indexed")
    (folder / ".new").write_bytes(b"\xff\xff\xff\xff" * 9)
    (folder / ".new").replace(folder / "坏.pdf")
    assert told() == ("坏.pdf", "failed")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
@pytest.mark.parametrize("form", ["--json", ""])
def test_a_file_whose_name_is_no_text_is_followed(folder, tmp_path, form):
    command = [sys.executable, "-m", "searcher", "watch", folder, "--index", tmp_path / "index", "--debounce", "0.05"]
    with subprocess.Popen([*command, *form.split()], cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        alarm = threading.Timer(60, run.kill)
        alarm.start()
        lines = [run.stdout.readline()]
        for name in (b"\xff.txt", b"\xfe.txt"):
            (folder / os.fsdecode(name)).write_text(TEXT.format(name), "utf-8")
            lines.append(run.stdout.readline())
        alarm.cancel()
        run.terminate()
        assert run.stdout.read() == ""
    assert run.returncode == 0
    assert ["udcff" in line for line in lines] == [False, True, False]
    assert ["udcfe" in line for line in lines] == [False, False, True]


@pytest.mark.parametrize(
    ("paths", "options"),
    [
        (["reports", "nowhere"], {}),
        (["reports"], {"debounce": math.nan}),
        (["reports"], {"debounce": math.inf}),
        (["reports"], {"index": "reports"}),
        pytest.param(["\udcff"], {}, marks=pytest.mark.skipif(sys.platform != "linux", reason="refused elsewhere")),
        (["reports"], {"jobs": -1}),
    ],
)
def test_what_cannot_be_meant(folder, tmp_path, monkeypatch, paths, options):
    monkeypatch.chdir(folder.parent)
    if paths == ["\udcff"]:
        Path(*paths).mkdir()
    with pytest.raises(UsageError):
        next(watch(paths, **{"index": tmp_path / "index", **options}))
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly(folder, tmp_path, how):
    command = [sys.executable, "-m", "searcher", "watch", folder, "--index", tmp_path / "index", "--debounce", "0.1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        deadline = time.monotonic() + 60
        while not list((tmp_path / "index").glob("*_1.toc")) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(run.pid, how)
        said, aside = run.communicate(timeout=60)
    assert run.returncode == 0, aside
    assert said.startswith("indexed: ")
    assert "Stopped" in aside
    with Index.open(tmp_path / "index") as index:
        assert index.statistics().reports == 1
    assert {path.suffix for path in (tmp_path / "index").iterdir()} == {".json", ".toc", ".arrays"}
