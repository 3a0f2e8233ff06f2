"""Processes that read: whatever becomes of one costs the file it died of, and nothing else."""

import io
import math
import os
import pickle
import signal
import subprocess
import sys
import time

import pytest

from searcher.errors import SearcherError
from searcher.ingesting import _crew, _worker
from searcher.ingesting._crew import Crew
from searcher.ingesting._reading import Item, Task
from tests.conftest import ROOT

READER = """
import os, signal, time

class PdfiumError(Exception):
    pass

def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return type(name, (), {"__getattr__": lambda _self, _name: lambda *_args: None})

class PdfDocument:
    def __init__(self, data, *args, **kwargs):
        what = bytes(data).decode().split("\\n")[1]
        if what == "abort":
            os.abort()
        if what == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "exits":
            os._exit(3)
        if what == "unnamed":
            os.kill(os.getpid(), 40)
        if what == "sleeps":
            time.sleep(600)
        if what == "hungry":
            bytearray(1 << 46)
        if what.startswith("once ") and not os.path.exists(what[5:]):
            open(what[5:], "w").close()
            os.abort()
        print("what a library prints is no part")
        raise ValueError("no pages")
"""


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """Have PDF files read by a reader that does what they say."""
    package = tmp_path / "readers" / "pypdfium2"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(READER)
    (package / "raw.py").write_text(READER)
    monkeypatch.syspath_prepend(tmp_path / "readers")
    monkeypatch.delitem(sys.modules, "pypdfium2", raising=False)


@pytest.fixture
def pdf(folder):
    def writing(name, what):
        (folder / name).write_bytes(b"%PDF-1.4\n" + what.encode())

    return writing


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("abort", "SIGABRT, twice"),
        ("killed", "SIGKILL, twice"),
        ("exits", "code 3, twice"),
        pytest.param(
            "unnamed", "signal 40, twice", marks=pytest.mark.skipif(sys.platform != "linux", reason="its number")
        ),
        ("sleeps", "longer than 4 seconds"),
        ("hungry", "more memory"),
        ("no crash", "no pages"),
    ],
)
def test_a_worker_that_dies_costs_one_named_file(write, pdf, ingest, told_reports, what, said):
    for number in range(6):
        write(f"{number}.txt", f"第{number}次全年发放低保金。")
    pdf("3.pdf", what)
    limit = 4.0 if what == "sleeps" else 60.0  # a machine that is busy starts readers slowly
    outcomes = ingest(jobs=2, timeout=limit)
    assert list(outcomes) == ["0.txt", "1.txt", "2.txt", "3.pdf", "3.txt", "4.txt", "5.txt"] or what == "no crash"
    assert {name for name, outcome in outcomes.items() if outcome.status != "indexed"} == {"3.pdf"}
    assert outcomes["3.pdf"].status == "failed"
    assert said in outcomes["3.pdf"].reason
    assert told_reports() == 6
    again = ingest(jobs=2, timeout=limit)
    assert (again["3.pdf"].status, again["3.pdf"].reason) == ("failed", outcomes["3.pdf"].reason)


def test_for_ever_is_a_time_limit(write, ingest):
    write("0.txt", "全年发放低保金。")
    assert ingest(jobs=1, timeout=math.inf, commit_every=math.inf)["0.txt"].status == "indexed"


@pytest.fixture
def told_reports(told):
    return lambda: len({paragraph.partition("#")[0] for paragraph in told()})


@pytest.mark.usefixtures("reader")
def test_a_worker_that_is_killed_from_outside_costs_nothing(write, pdf, ingest, tmp_path):
    write("0.txt", "全年发放低保金。")
    pdf("1.pdf", f"once {tmp_path / 'been'}")
    outcomes = ingest(jobs=1)
    assert outcomes["0.txt"].status == "indexed"
    assert "no pages" in outcomes["1.pdf"].reason


def test_processes_give_what_one_gives(write, ingest, told, folder):
    for number in range(40):
        write(f"{number:02}.txt", *(f"第{number}号文件第{line}段，关于民生工作。" for line in range(5)))
    ingest(jobs=0)
    alone = told()
    ingest(jobs=3, rebuild=True)
    assert told() == alone
    (folder / "00.txt").unlink()
    assert [outcome.status for outcome in ingest(jobs=2).values()].count("removed") == 1


def test_parts_come_in_order_and_few_wait(folder, monkeypatch):
    monkeypatch.setattr(_crew, "_AHEAD", 1)
    tasks = []
    for number in range(12):
        path = folder / f"{number:02}.txt"
        path.write_text(f"第{number}段，关于民生工作的报告。" * 50, "utf-8")
        tasks.append(Task((Item(str(path), str(path), str(folder), path.name, -1, -1),)))
    with Crew(2) as crew:
        read = [read.item.name for part in crew.run(tasks) for read in part.ended]
    assert read == sorted(read)
    assert len(read) == 12


def test_an_error_that_is_not_the_files_ends_the_run(write, ingest, monkeypatch):
    path = write("一.txt", "全年发放低保金。")
    error = SearcherError("the dictionary is missing")
    monkeypatch.setattr(_crew.Crew, "_do", lambda _crew, _task, job, _process: job.parts.put(error) or [])
    with pytest.raises(SearcherError, match="dictionary"):
        ingest(path, jobs=1)


def test_a_run_ends_where_no_process_can_be_started(write, ingest, monkeypatch):
    write("一.txt", "全年发放低保金。")

    def starting(_processes):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(_crew.Processes, "start", starting)
    with pytest.raises(SearcherError, match=r"temporarily unavailable.*fewer --jobs"):
        ingest(jobs=1)


def test_a_worker_that_died_between_two_tasks_is_replaced(folder):
    path = folder / "一.txt"
    path.write_text("全年发放低保金。", "utf-8")
    task = Task((Item(str(path), str(path), str(folder), path.name, -1, -1),))
    with Crew(1) as crew:
        assert len(list(crew.run([task]))) == 1
        (process,) = crew._processes
        process.end()
        assert [read.standing for part in crew.run([task]) for read in part.ended] == ["indexed"]
        assert process not in crew._processes


def test_no_process_outlives_its_crew(folder):
    path = folder / "一.txt"
    path.write_text("全年发放低保金。", "utf-8")
    crew = Crew(2)
    parts = crew.run([Task((Item(str(path), str(path), str(folder), path.name, -1, -1),))] * 3)
    next(parts)
    processes = list(crew._processes)
    assert processes
    crew.close()
    assert not any(process.alive for process in processes)


def test_a_worker_serves_until_nobody_is_there(folder, monkeypatch):
    path = folder / "一.txt"
    path.write_text("全年发放低保金。", "utf-8")
    task = Task((Item(str(path), str(path), str(folder), path.name, -1, -1),))
    parts = io.BytesIO()
    monkeypatch.setattr(_worker, "_limit", lambda _seconds: None)
    _worker._serve(io.BytesIO(pickle.dumps(task)), parts)
    parts.seek(0)
    part = pickle.load(parts).opened(task)  # noqa: S301 - our own
    assert [(read.item, read.standing) for read in part.ended] == [(task.items[0], "indexed")]
    assert part.items == task.items
    assert pickle.load(parts) is None  # noqa: S301 - likewise
    with pytest.raises(EOFError):
        _worker._serve(io.BytesIO(), parts)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the clock is another one there")
def test_the_clock_can_be_stopped():
    _worker._limit(60)
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    _worker._limit(0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_interruption_keeps_what_was_committed(folder, tmp_path, told):
    for number in range(300):
        (folder / f"{number:03}.txt").write_text(f"第{number}号报告\n\n关于民生工作的说明。" * 40, "utf-8")
    command = [sys.executable, "-m", "searcher", "index", folder, "--index", tmp_path / "index", "--jobs", "2"]
    command += ["--commit-every", "0", "--verbose", "--duplicates", "keep"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as run:
        outcomes = (line for line in run.stderr if line.startswith("indexed: "))
        for _ in range(101):  # the first task has 100 files: it is committed before the next outcome
            next(outcomes)
        os.kill(run.pid, signal.SIGINT)
        said = run.stderr.read()
    assert run.returncode == 130, said
    assert "Interrupted" in said
    reports = len({paragraph.partition("#")[0] for paragraph in told()})
    assert 100 <= reports <= 300
    assert {path.suffix for path in (tmp_path / "index").iterdir()} == {".json", ".toc", ".arrays"}
    deadline = time.monotonic() + 20
    while _children(run.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _children(run.pid)


def _children(pid):
    found = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=False).stdout
    return [line for line in found.splitlines() if line.split()[:1] == [str(pid)]]
