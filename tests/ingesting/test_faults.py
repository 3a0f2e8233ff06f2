"""A run that is killed at any moment: index and catalogue agree, and the next run goes on."""

import os
import random
import signal
import subprocess
import sys

import pytest

import searcher
from searcher import Index, doctor
from tests.conftest import ROOT

FILES = 60
RUN = """
import sys
import searcher.ingesting
searcher.ingesting._TASK_FILES = 3
for outcome in searcher.ingest([sys.argv[1]], index=sys.argv[2], commit_every=0):
    print(outcome.status, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_kill_at_any_moment(folder, write, tmp_path, many, statuses, told):
    chance = random.Random(7)
    for number in range(FILES):
        write(f"{number:02}.txt", f"第{number}项工作已经完成，全年投入资金{number}百万元。")
    killed = 0
    for _ in range(many(200, 6)):
        write(f"{chance.randrange(FILES):02}.txt", f"全年发放第{chance.randrange(1000)}批低保金。")
        command = [sys.executable, "-c", RUN, folder, tmp_path / "index"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
            for _ in range(chance.randrange(1, FILES // 2)):
                run.stdout.readline()
            run.send_signal(signal.SIGKILL)
        killed += run.returncode == -signal.SIGKILL
        with Index.open(tmp_path / "index") as index:
            assert set(index.catalogue().owners()) == {record.id for record in index.reports()}
        assert not doctor.check(tmp_path / "index").faults
    assert killed
    assert set(statuses().values()) <= {"indexed", "updated", "unchanged"}
    now = told()
    list(searcher.ingest([folder], index=tmp_path / "fresh"))
    assert now == told(tmp_path / "fresh")
