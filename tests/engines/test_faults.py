"""Kills, loss of power, full disks, cut files and flipped bits: the oracle over committed reports decides.

A part of the faults is tried each time, all of them with `--thorough`: 200 kills, 500 flips, a full disk at each write.
"""

import errno
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from searcher import Index, IndexMissing, IndexProblem, doctor, durable
from searcher.engines.whoosh import _container, _spool
from searcher.engines.whoosh._commits import read_commit, toc_path
from searcher.engines.whoosh._container import ArrayFile
from searcher.engines.whoosh._lock import LOCK_NAME
from searcher.meta import META
from searcher.schema import FACETS
from tests.conftest import ROOT
from tests.engines.conftest import Unmerged
from tests.engines.history import commit, expected, told, write

COMMITS = 6


def files(folder):
    """Return the files in an index folder."""
    return {path.name for path in folder.iterdir()}


def named(folder):
    """Return the files that an index should consist of."""
    newest = read_commit(folder)
    return {META, toc_path(folder, newest.generation).name, *(s.path(folder).name for s in newest.segments)}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return an index of several segments, some of whose reports are deleted."""
    folder = tmp_path_factory.mktemp("whole") / "index"
    Index.create(folder).close()
    with Unmerged.open(folder).writer() as writer:
        for number in range(1, COMMITS + 1):
            commit(writer, number)
    return folder


def copied(whole, folder):
    """Copy an index, times and all."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    return folder


@pytest.fixture(scope="module")
def killer():
    """Return a process that kills writers."""
    command = [sys.executable, "-m", "tests.engines.history"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    yield process
    process.stdin.close()
    process.stdout.close()
    process.wait()


def test_kill_at_any_moment_loses_nothing_that_was_acknowledged(killer, tmp_path, many):
    chance = random.Random(7)
    committed = broken_off = 0
    began = time.perf_counter()
    write(tmp_path / "timed", os.open(os.devnull, os.O_WRONLY), 10)
    pace = (time.perf_counter() - began) / 10  # seconds a commit takes here and now
    for number in range(many(200, 40)):
        if number % 8 == 0:  # so that making an index is killed too
            folder, acknowledged = tmp_path / f"index{number}", 0
        life = pace * chance.random() * chance.choice((1, 4, 12))
        killer.stdin.write(f"{folder}\t{life}\n")
        killer.stdin.flush()
        last, status = map(int, killer.stdout.readline().split())
        assert os.WTERMSIG(status) == 9, "the writer ended by itself"
        acknowledged = max(acknowledged, last)
        try:
            index = Index.open(folder)
        except IndexMissing:
            assert not acknowledged
            continue
        with index:
            generation = index._engine.generation
            assert acknowledged <= generation <= acknowledged + 1  # one may have been made and not yet said
            assert told(index) == expected(generation)
            broken_off += files(folder) - {LOCK_NAME} != named(folder)
            index.writer().cancel()
            assert files(folder) == named(folder)
        committed += generation - acknowledged + max(last, 0)
        acknowledged = generation
    assert committed > broken_off > many(20, 3)


class FullDisk:
    """Patches what is written with: from one operation on the disk is full."""

    def __init__(self, monkeypatch, left):
        self.left = left
        self._open = Path.open
        self._flush = durable._flush
        monkeypatch.setattr(
            Path, "open", lambda path, mode="r", *args, **kwargs: self._opened(path, mode, args, kwargs)
        )
        monkeypatch.setattr(durable, "_flush", lambda descriptor: self.spend() or self._flush(descriptor))
        monkeypatch.setattr(_spool, "_SMALL", 100)

    def spend(self):
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _opened(self, path, mode, args, kwargs):
        if set(mode) & set("wxa"):
            self.spend()
            return Tight(self._open(path, mode, *args, buffering=0, **kwargs), self)
        return self._open(path, mode, *args, **kwargs)


class Tight:
    """A file on a full disk: half of what was to be written is."""

    def __init__(self, file, disk):
        self._file = file
        self._disk = disk

    def write(self, data):
        try:
            self._disk.spend()
        except OSError:
            self._file.write(bytes(data)[: len(data) // 2])
            raise
        return self._file.write(data)

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, *about):
        self._file.close()


def test_a_full_disk_leaves_the_last_commit(whole, tmp_path, monkeypatch, many):
    before, after = expected(COMMITS), expected(COMMITS + 1)
    tried = step = 0
    full = True
    while full:
        folder = copied(whole, tmp_path / "index")
        with monkeypatch.context() as patch, Index.open(folder) as index:
            disk = FullDisk(patch, tried)
            said = ""
            try:
                with index.writer() as writer:
                    commit(writer, COMMITS + 1)
            except IndexProblem as problem:
                said = str(problem)
            full = disk.left < 0
            assert (f"{folder} cannot be written to ({os.strerror(errno.ENOSPC)})" in said) == full
        with Index.open(folder) as index:
            assert told(index) == (before if index._engine.generation == COMMITS else after)
            assert full or index._engine.generation == COMMITS + 1
            assert files(folder) == named(folder)
            with index.writer() as writer:
                commit(writer, index._engine.generation + 1)
        step += 1
        tried += many(1, 1 if tried < 12 else 9)
    assert step > 12


def test_a_full_disk_while_an_index_is_made(tmp_path, monkeypatch):
    for left in range(20):
        folder = tmp_path / f"index{left}"
        with monkeypatch.context() as patch:
            disk = FullDisk(patch, left)
            with suppress(IndexProblem):
                Index.create(folder).close()
        with Index.create(folder) as index:
            assert told(index) == expected(0)
            assert files(folder) == named(folder)
        if disk.left >= 0:
            break
    assert 4 < left < 19


class Recorder:
    """Notes what is done to a folder, to tell what a loss of power may leave of it."""

    def __init__(self, monkeypatch):
        self.log = []
        self.watched = False
        real = Path.open, durable._flush, Path.replace, Path.unlink

        def flush(descriptor):
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            real[1](descriptor)
            kind = "folder" if path.is_dir() else "synced"
            self.log.append((kind, path.name, None if path.is_dir() else path.read_bytes()))

        def opened(path, mode="r", *args, **kwargs):
            if "w" in mode or "x" in mode:
                self.log.append(("made", path.name, b""))
            return real[0](path, mode, *args, **kwargs)

        def replace(path, target):
            self.log.append(("renamed", path.name, Path(target).name))
            return real[2](path, target)

        def unlink(path, *args, **kwargs):
            self.log.append(("removed", path.name, None))
            return real[3](path, *args, **kwargs)

        monkeypatch.setattr(Path, "open", opened)
        monkeypatch.setattr(durable, "_flush", flush)
        monkeypatch.setattr(Path, "replace", replace)
        monkeypatch.setattr(Path, "unlink", unlink)


def remains(before, log, kept):
    """Return the files that are there after a loss of power.

    What was synced is there. Of the names that were given, changed or taken away since the folder was synced, those are
    whose kind of change is `kept`. Of a file that was not synced nothing is there but its name.
    """
    contents = dict(before)
    seen = {name: name for name in before}  # what each name stands for, as programs see it
    names = dict(seen)  # as the disk has it for certain
    pending = []
    for number, (kind, name, what) in enumerate(log):
        if kind == "synced":
            contents[seen[name]] = what
        elif kind == "folder":
            names, pending = dict(seen), []
        else:
            change = (kind, name, f"{name}, made in step {number}" if kind == "made" else what)
            rename(seen, *change)
            pending.append(change)
    for change in pending:
        if change[0] in kept:
            rename(names, *change)
    return {name: contents.get(file, b"") for name, file in names.items()}


def rename(names, kind, name, what):
    """Change what names stand for."""
    if kind == "made":
        names[name] = what
    elif name in names:
        file = names.pop(name)
        if kind == "renamed":
            names[what] = file


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks /proc which file a descriptor is of")
def test_loss_of_power_leaves_a_commit(whole, tmp_path, monkeypatch):
    folder = copied(whole, tmp_path / "index")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with Index.open(folder) as index, index.writer() as writer, monkeypatch.context() as patch:
        recorder = Recorder(patch)
        commit(writer, COMMITS + 1)
        log = list(recorder.log)
    kinds = [kind for kind, *_ in log]
    assert {"made", "synced", "renamed", "folder", "removed"} == set(kinds)
    renamed = kinds.index("renamed")
    made = {name for kind, name, _ in log[:renamed] if kind == "made"}
    assert made == {name for kind, name, _ in log[:renamed] if kind == "synced"}
    assert kinds[renamed + 1] == "folder"
    assert kinds.index("removed") > renamed + 1
    for end in range(len(log) + 1):
        for kept in ((), ("made",), ("made", "renamed"), ("removed",), ("made", "renamed", "removed")):
            shutil.rmtree(folder)
            folder.mkdir()
            for name, data in remains(before, log[:end], kept).items():
                (folder / name).write_bytes(data)
            with Index.open(folder) as index:
                generation = index._engine.generation
                assert generation == COMMITS + 1 if end > renamed + 1 else generation in (COMMITS, COMMITS + 1)
                assert told(index) == expected(generation)


def damaged(path, chance, flips):
    """Yield the bytes of a file with something wrong: cut off at a few places, or with a bit flipped."""
    data = path.read_bytes()
    for size in {0, 1, len(data) // 3, len(data) - 29, len(data) - 1}:
        yield data[: max(size, 0)]
    for _ in range(flips):
        at = chance.randrange(len(data))
        yield data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def ask(folder):
    """Return what an index says, or None where it says that a file of it is damaged."""
    try:
        with Index.open(folder) as index:
            index.statistics()
            for query in ("改革 开放", '"改革开放"', "改革*", '"改革 生活"~9', "标题:改革 年份:2006"):
                index.search(query, facets=FACETS, sort="year", per_report=2)
            return told(index)
    except IndexProblem as problem:
        said = str(problem)
    assert str(folder) in said
    assert f"searcher doctor --repair --index {folder}" in said or "Build it again" in said
    return None


def stretches(path):
    """Return where the arrays of a file stand; of one that has none, nothing."""
    if path.suffix != ".arrays":
        return []
    file = ArrayFile(path)
    return [
        range(offset, offset + length * file[name].itemsize) for name, (_, offset, length, _) in file._directory.items()
    ]


def test_damage_is_told_and_never_answers_wrongly(whole, tmp_path, many):
    folder = copied(whole, tmp_path / "index")
    chance = random.Random(3)
    paths = sorted(folder.iterdir())
    spoilt = told_so = 0
    for path in paths:
        data, stat = path.read_bytes(), path.stat()
        arrays = stretches(path)
        for number, broken in enumerate(damaged(path, chance, many(500, 80) // len(paths) + 1)):
            path.write_bytes(broken)
            if number % 2:  # as if nobody had touched it
                os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
            answer = ask(folder)
            assert answer in (None, expected(COMMITS)), (path.name, number)
            assert answer is not None or doctor.check(folder).faults
            at = next((at for at in range(len(broken)) if broken[at] != data[at]), len(broken))
            if any(at in stretch for stretch in arrays):  # between them nobody reads
                spoilt += 1
                told_so += answer is None
        path.write_bytes(data)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert spoilt * 0.95 < told_so  # a few arrays only a merge reads
    assert ask(folder) == expected(COMMITS)


def test_rot_in_large_arrays_may_go_unseen_but_never_ends_in_a_traceback(whole, tmp_path, monkeypatch, many):
    monkeypatch.setattr(_container, "_SMALL", 0)
    folder = copied(whole, tmp_path / "index")
    chance = random.Random(5)
    for path in sorted(folder.glob("*.arrays")):
        stat, data = path.stat(), path.read_bytes()
        for broken in damaged(path, chance, many(100, 10)):
            path.write_bytes(broken)
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
            ask(folder)
            if len(broken) == len(data) and not doctor.check(folder).faults:
                assert ask(folder) == expected(COMMITS)
        path.write_bytes(data)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_repair_keeps_what_is_sound_and_names_what_is_lost(whole, tmp_path, many):
    reports, *_ = expected(COMMITS)
    chance = random.Random(11)
    names = sorted(path.name for path in whole.iterdir())
    saved = 0
    for number in range(100):
        if saved and number >= many(100, 16):
            break  # segments have chance names: what is hit differs from run to run
        folder = copied(whole, tmp_path / "index")
        path = folder / chance.choice(names)
        path.write_bytes(chance.choice(list(damaged(path, chance, 20))))
        if not doctor.check(folder).faults:
            continue
        mended = doctor.repair(folder)
        assert mended.repaired
        assert not mended.faults, (path.name, number)
        assert not doctor.check(folder).faults
        assert files(folder) == named(folder)
        kept, *_ = told_by(folder)
        if path.suffix == ".toc":  # what was removed may be back: nothing else can be told from segments alone
            assert reports.items() <= kept.items()
            continue
        assert kept.items() <= reports.items()
        lost = {loss.report for loss in mended.lost}
        assert set(reports) - set(kept) == lost or None in lost
        saved += mended.saved
    assert saved


def told_by(folder):
    """Return what an index in a folder says."""
    with Index.open(folder) as index:
        return told(index)


READ = """
import sys
from pathlib import Path
from searcher import Index
from tests.engines.history import expected, told
folder, last = Path(sys.argv[1]), int(sys.argv[2])
index = Index.open(folder)
print("ready", flush=True)
seen = set()
while index._engine.generation < last:
    if len(seen) % 5 == 4:
        index = Index.open(folder)
    index.refresh()
    number = index._engine.generation
    assert told(index) == expected(number), number
    seen.add(number)
print(len(seen), flush=True)
"""


def test_eight_readers_see_whole_commits_while_a_writer_makes_a_hundred(tmp_path):
    folder = tmp_path / "index"
    Index.create(folder).close()
    command = [sys.executable, "-c", READ, folder, "100"]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) for _ in range(8)]
    try:
        for reader in readers:
            assert reader.stdout.readline() == "ready\n"
        write(folder, os.open(os.devnull, os.O_WRONLY), 100)
        for reader in readers:
            assert int(reader.stdout.readline()) > 3
            assert reader.wait() == 0
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()
            reader.stdout.close()
