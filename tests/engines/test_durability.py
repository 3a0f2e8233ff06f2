"""Commits and locks. What a fault may leave of them is in `test_faults`."""

import errno
import json
import math
import os
import random
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise, repeat
from unittest.mock import DEFAULT, Mock

import pytest

from searcher.analysis import analyzer
from searcher.engines import Request, create_engine, make_batch, open_engine
from searcher.engines.whoosh import _container, _lock, _writer
from searcher.engines.whoosh._commits import read_commit, remove_others
from searcher.engines.whoosh._container import ArrayFile
from searcher.engines.whoosh._lock import LOCK_NAME
from searcher.errors import IndexDamaged, IndexLocked, IndexMissing, IndexProblem, UsageError
from searcher.query.terms import Phrase, Word
from tests.engines.conftest import Unmerged, commit
from tests.engines.test_conformance import one


def named(folder):
    """Return the files that the table of contents names."""
    newest = read_commit(folder)
    return {f"_MAIN_{newest.generation}.toc", *(segment.path(folder).name for segment in newest.segments)}


def test_no_index(tmp_path):
    with pytest.raises(IndexMissing):
        open_engine(tmp_path / "nowhere")
    with pytest.raises(IndexMissing):
        open_engine(tmp_path)


def test_an_index_whose_making_was_killed_is_none_yet(tmp_path):
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "_MAIN_1.toc.tmp").write_bytes(b"half")
    with pytest.raises(IndexMissing):
        open_engine(folder)
    commit(create_engine(folder), [one("a", "改革")])
    assert {path.name for path in folder.iterdir()} == named(folder)


def test_after_each_commit_the_files_are_those_named(tmp_path):
    engine = create_engine(tmp_path / "index")
    for number in range(6):
        engine = commit(engine, [one(f"r{number % 4}", "改革开放" * number)], ["r0"] if number == 5 else [])
        assert {path.name for path in (tmp_path / "index").iterdir()} == named(tmp_path / "index")


def test_leftovers_go_with_the_next_commit(tmp_path):
    folder = tmp_path / "index"
    engine = create_engine(folder)
    for name in ("MAIN_0123456789abcdef.arrays", "_MAIN_9.toc.123.4"):
        (folder / name).write_bytes(b"half")
    (folder / "notes.txt").write_text("not ours")
    commit(engine, [one("a", "改革")])
    assert {path.name for path in folder.iterdir()} == {*named(folder), "notes.txt"}


def test_a_second_writer_is_told_who_writes(engine, tmp_path):
    with engine.writer():
        with pytest.raises(IndexLocked, match=rf"process {os.getpid()} on {socket.gethostname()} since 2") as caught:
            engine.writer()
        assert (caught.value.pid, caught.value.host) == (os.getpid(), socket.gethostname())
        assert datetime.now(UTC) - datetime.fromisoformat(caught.value.since) < timedelta(minutes=5)
        assert "--wait" in str(caught.value)
        assert "delete" not in str(caught.value)
        owner = json.loads((tmp_path / "index" / LOCK_NAME).read_text())
        assert owner["pid"] == os.getpid()
    engine.writer().cancel()
    assert not (tmp_path / "index" / LOCK_NAME).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_second_writer_is_told_what_is_known(engine, tmp_path, text):
    with engine.writer():
        (tmp_path / "index" / LOCK_NAME).write_text(text)
        with pytest.raises(IndexLocked, match="written to by another process"):
            engine.writer()


def test_a_writer_of_another_machine(engine, tmp_path):
    with engine.writer():
        owner = {"pid": 7, "host": "elsewhere", "since": "2001-01-01T00:00:00+00:00"}
        (tmp_path / "index" / LOCK_NAME).write_text(json.dumps(owner))
        with pytest.raises(IndexLocked, match=rf"process 7 on elsewhere since 2001.*delete .*{LOCK_NAME}"):
            engine.writer()


def test_a_lock_whose_owner_is_gone_is_no_lock(engine, tmp_path):
    for owner in ({"pid": os.getpid(), "host": socket.gethostname(), "since": "now"}, {"pid": 1, "host": "elsewhere"}):
        (tmp_path / "index" / LOCK_NAME).write_text(json.dumps(owner))
        engine.writer().cancel()
        assert not (tmp_path / "index" / LOCK_NAME).exists()


def test_a_writer_waits(engine):
    first = engine.writer()
    started = time.monotonic()
    with pytest.raises(IndexLocked):
        engine.writer(wait=0.2)
    assert time.monotonic() - started >= 0.2
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(engine.writer, 60)
        time.sleep(0.1)
        assert not second.done()
        first.cancel()
        second.result().cancel()


FORK = """
import os, sys, time
from pathlib import Path
from searcher.engines import open_engine
writer = open_engine(Path(sys.argv[1])).writer()
if os.fork():
    time.sleep(600)
print("forked", flush=True)  # the child says so: it has let go of what it is not to inherit
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_child_that_outlives_the_writer_does_not_hold_the_lock(tmp_path):
    engine = create_engine(tmp_path / "index")
    command = [sys.executable, "-c", FORK, tmp_path / "index"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout.readline() == "forked\n"
        with pytest.raises(IndexLocked, match=f"process {owner.pid} "):
            engine.writer()
        owner.kill()
        os.waitid(os.P_PID, owner.pid, os.WEXITED | os.WNOWAIT)  # the child lives on until its input ends
        engine.writer().cancel()


def test_a_folder_that_cannot_be_locked(engine, monkeypatch):
    monkeypatch.setattr(_lock, "_hold", Mock(side_effect=OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))))
    with pytest.raises(IndexProblem, match="cannot be locked"):
        engine.writer()


@pytest.mark.parametrize("how", ["open", "write"])
def test_a_lock_for_which_there_is_no_room_leaves_nothing(engine, tmp_path, monkeypatch, how):
    with monkeypatch.context() as patch:
        patch.setattr(_lock.os, how, Mock(side_effect=OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
        with pytest.raises(IndexProblem, match=r"writer\.lock cannot be written \(No space left.*Make room") as caught:
            engine.writer()
    assert "has locks" not in str(caught.value)
    assert not (tmp_path / "index" / LOCK_NAME).exists()
    engine.writer().cancel()


def test_nobody_waits_for_no_number_of_seconds(engine):
    with engine.writer(), pytest.raises(IndexLocked):
        engine.writer(wait=math.nan)


def test_an_interruption_between_commit_and_cleaning_keeps_the_commit(tmp_path, monkeypatch):
    engine = commit(create_engine(tmp_path / "index"), [one("a", "改革")])

    writer = engine.writer()
    writer.add(make_batch([one("a", "教育"), one("b", "改革")], analyzer()))
    monkeypatch.setattr(
        _writer, "remove_others", Mock(side_effect=chain([KeyboardInterrupt], repeat(DEFAULT)), wraps=remove_others)
    )
    with pytest.raises(KeyboardInterrupt):
        writer.commit()
    assert {path.name for path in (tmp_path / "index").iterdir()} == named(tmp_path / "index")
    with pytest.raises(UsageError, match="closed"):
        writer.add(make_batch([one("c", "改革")], analyzer()))
    assert [report.id for report in engine.refresh().reports()] == ["a", "b"]


def test_merging_does_not_give_damage_a_checksum(tmp_path):
    folder = tmp_path / "index"
    engine = commit(create_engine(folder), [one("a", "改革" * 9)])
    path = read_commit(folder).segments[0].path(folder)
    writer = engine.writer()  # it has opened the file already
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(data.index(bytes.fromhex("789c")))  # the start of a compressed record
        file.write(b"\0")
    writer.add(make_batch([one("b", "教育")], analyzer()))
    with pytest.raises(IndexDamaged, match=path.name):
        writer.commit()
    assert read_commit(folder).generation == 1


def test_names_of_segments_do_not_depend_on_the_seed(tmp_path):
    engine = Unmerged.create(tmp_path / "index")
    for number in range(3):
        random.seed(7)
        engine = commit(engine, [one(f"r{number}", "改革")])
    assert engine.paragraph_count() == 3


def test_a_copy_is_compared_as_a_whole_until_it_is_marked(tmp_path, monkeypatch):
    monkeypatch.setattr(_container, "_SMALL", 0)
    folder = tmp_path / "index"
    commit(create_engine(folder), [one("a", "改革开放")])
    path = read_commit(folder).segments[0].path(folder)
    assert ArrayFile(path).untouched
    path.touch()
    assert not ArrayFile(path).untouched
    name = "paragraph.postings"
    assert len(ArrayFile(path)[name])
    with path.open("r+b") as file:
        file.seek(ArrayFile(path)._directory[name][1])
        file.write(b"\xff")
    with pytest.raises(IndexDamaged, match=name):
        ArrayFile(path)[name]
    with pytest.raises(IndexDamaged, match=name):
        open_engine(folder).search(Request(Phrase(("改", "革"))))


def test_opening_reads_no_array(tmp_path):
    commit(create_engine(tmp_path / "index"), [one("a", "改革开放", title="改革")])
    engine = open_engine(tmp_path / "index")
    assert [shard.file._opened for shard in engine._view.shards] == [{}]
    assert engine.paragraph_count() == 1
    assert [list(shard.file._opened) for shard in engine._view.shards] == [[]]
    assert engine.search(Request(Word("改革"))).total == 1
    assert not {"bigrams.keys", "text.blocks.bytes"} & set(engine._view.shards[0].file._opened)
    engine.close()


def test_a_report_that_damage_hides_is_not_said_to_be_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(_container, "_SMALL", 0)
    folder = tmp_path / "index"
    commit(create_engine(folder), [one("a", "改革"), one("b", "开放")])
    path = read_commit(folder).segments[0].path(folder)
    stat = path.stat()
    with path.open("r+b") as file:
        file.seek(ArrayFile(path)._directory["report.order"][1])
        file.write((1).to_bytes(4, "little"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    engine = open_engine(folder)
    with pytest.raises(IndexDamaged, match=r"report\.order"):
        engine.report("a")
    engine.close()


def test_readers_see_whole_commits_while_a_writer_works(tmp_path):
    engine = create_engine(tmp_path / "index")
    with engine.writer() as writer:
        for number in range(20):
            writer.add(make_batch([one("a", *["改革"] * number), one("b", *["改革"] * number)], analyzer()))
            writer.commit()
            engine = engine.refresh()
            assert engine.search(Request(Word("改革"))).total == 2 * number == engine.paragraph_count()


def test_segments_stay_few(tmp_path):
    engine = create_engine(tmp_path / "index")
    counts = []
    for number in range(40):
        engine = commit(engine, [one(f"r{number}", *["改革开放"] * 300)])
        counts.append(len(read_commit(tmp_path / "index").segments))
    assert max(counts) <= 6
    sizes = sorted(segment.paragraphs for segment in read_commit(tmp_path / "index").segments)
    assert all(2 * small <= large for small, large in pairwise(sizes))
    assert engine.search(Request(Phrase(("改", "革")))).total == 12_000


def test_what_is_removed_twice_counts_once(tmp_path):
    engine = commit(Unmerged.create(tmp_path / "index"), [one("r1", "改革", "开放"), one("r2", "民生")])
    with engine.writer() as writer:
        for text in ("甲", "乙"):
            writer.add(make_batch([one("r1", text)], analyzer()))
        writer.remove(["r1", "r1"])
    engine = engine.refresh()
    assert read_commit(tmp_path / "index").segments[0].deleted_paragraphs == 2
    assert engine.paragraph_count() == 1
    engine.close()
