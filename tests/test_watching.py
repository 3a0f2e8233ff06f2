"""Folders that are followed."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from searcher import Index, watch
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


def test_its_own_commits_and_hidden_files_wake_nobody(folder):
    stop = threading.Event()
    run = watch([folder], index=folder / "index", debounce=0.05, stop=stop)
    assert next(run).status == "indexed"
    (folder / ".隐.txt").write_text(TEXT.format("二"), "utf-8")
    threading.Timer(1.5, stop.set).start()
    assert list(run) == []


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
