"""Commits, locks, and what damage looks like."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from itertools import pairwise

import pytest

from searcher.analysis import analyzer
from searcher.engines import Request, create_engine, make_batch, open_engine
from searcher.engines.whoosh._commits import read_commit
from searcher.engines.whoosh._lock import LOCK_NAME
from searcher.errors import IndexLocked, IndexMissing, IndexProblem
from searcher.query.terms import Everything, Phrase, Word
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
        with pytest.raises(IndexLocked, match=rf"process {os.getpid()} on {socket.gethostname()} since 2"):
            engine.writer()
        owner = json.loads((tmp_path / "index" / LOCK_NAME).read_text())
        assert owner["pid"] == os.getpid()
    engine.writer().cancel()
    assert not (tmp_path / "index" / LOCK_NAME).exists()


def test_a_lock_whose_owner_is_gone_is_no_lock(engine, tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    owner = {"pid": gone.pid, "host": socket.gethostname(), "since": "2001-01-01T00:00:00+00:00"}
    (tmp_path / "index" / LOCK_NAME).write_text(json.dumps(owner))
    engine.writer().cancel()


WRITE = """
import sys
from pathlib import Path
from searcher.analysis import analyzer
from searcher.engines import make_batch, open_engine
from searcher.model import Metadata, Paragraph, Report

engine = open_engine(Path(sys.argv[1]))
with engine.writer() as writer:
    for number in range(int(sys.argv[2]), 10_000):
        text = f"第{number}年改革开放"
        report = Report(f"r{number % 50}", Metadata(year=number), paragraphs=(Paragraph(f"r{number % 50}", 0, text),))
        writer.add(make_batch([report], analyzer()))
        writer.commit()
        print(number, flush=True)
"""


def test_kill_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path):
    folder = tmp_path / "index"
    create_engine(folder)
    chance = random.Random(7)
    done = -1
    for _ in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE, str(folder), str(done + 1)], stdout=subprocess.PIPE, text=True
        )
        done = int(writer.stdout.readline())
        time.sleep(chance.random() / 4)
        writer.send_signal(signal.SIGKILL)
        acknowledged = [int(line) for line in writer.stdout]
        writer.wait()
        writer.stdout.close()
        done = max([done, *acknowledged])
        engine = open_engine(folder)
        kept = {report.metadata.year for report in engine.reports()}
        assert done in kept
        newest = max(kept)
        assert newest <= done + 1  # one commit may have been made and not yet said
        assert kept == set(range(max(0, newest - 49), newest + 1))
        assert engine.search(Request(Phrase(("改", "革")))).total == len(kept)
        done = newest


def test_readers_see_whole_commits_while_a_writer_works(tmp_path):
    engine = create_engine(tmp_path / "index")
    with engine.writer() as writer:
        for number in range(20):
            writer.add(make_batch([one("a", *["改革"] * number), one("b", *["改革"] * number)], analyzer()))
            writer.commit()
            engine = engine.refresh()
            assert engine.search(Request(Word("改革"))).total == 2 * number == engine.paragraph_count()


def damaged(data, chance):
    """Yield the bytes of a file with something wrong."""
    yield data[: len(data) // 2]
    yield b""
    for _ in range(30):
        at = chance.randrange(len(data))
        yield data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def test_damage_is_found(tmp_path):
    folder = tmp_path / "index"
    engine = Unmerged.create(folder)
    for number in range(2):
        engine = commit(engine, [one(f"r{number}", "改革开放，5.5%", "人民生活", title="教育局")])
    chance = random.Random(3)
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        for broken in damaged(whole, chance):
            path.write_bytes(broken)
            try:
                opened = open_engine(folder)
                opened.verify()
            except IndexProblem as problem:
                assert path.name in str(problem)  # noqa: PT017 - both outcomes are right
            else:
                assert opened.search(Request(Everything())).total == 4  # a byte between two arrays
        path.write_bytes(whole)
    assert open_engine(folder).search(Request(Everything())).total == 4


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
