"""Where jobs are done: processes that die or get stuck cost one answer, and others take their place."""

import asyncio
import os
import signal
import time

import pytest
from starlette.responses import JSONResponse

from searcher import Index
from searcher.analysis import analyzer
from searcher.engines import make_batch
from searcher.web import Settings
from searcher.web._answering import Desk
from searcher.web._api import JSON, health
from searcher.web._lanes import Lanes
from searcher.web._work import Answer, Job, Question
from tests.test_index import report

ASKED = Question("/", (), {}, "zh")


def name(_asking):
    return Answer(str(os.getpid()), JSON)


def die(_asking):
    os.kill(os.getpid(), signal.SIGKILL)


def fail(_asking):
    raise SystemExit


def sleep(_asking):
    time.sleep(4)
    return Answer("slept", JSON)


def stick(_asking):
    time.sleep(60)


def print_something(_asking):
    print("this is no answer", flush=True)  # noqa: T201 - as a library might
    return Answer("told", JSON)


@pytest.fixture
def lanes(folder):
    made = Lanes(Settings(folder, workers=2))
    yield made
    made.close()


def ask(lanes, work, seconds=30.0):
    return lanes.do(Job(work, ASKED, seconds)).result(60).outcome


def test_processes_of_their_own_search(lanes):
    names = {ask(lanes, name).body for _ in range(4)}
    assert str(os.getpid()) not in names
    assert ask(lanes, print_something).body == "told"


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_process_that_dies_costs_one_answer(lanes):
    for _ in range(3):
        stopped = ask(lanes, die)
        assert (stopped.status, stopped.kind, stopped.headers) == (503, "stopped", {"Retry-After": "1"})
    for process in [*lanes._processes]:  # and where it dies with nothing to do, nothing is lost
        process.end()
    assert [ask(lanes, name).media_type for _ in range(4)] == [JSON] * 4


def test_what_nobody_expected_is_no_end(folder):
    for settings in (Settings(folder, running=1), Settings(folder, workers=2)):
        lanes = Lanes(settings)
        try:
            if settings.workers == 1:
                with pytest.raises(SystemExit):
                    ask(lanes, fail)
            else:
                assert ask(lanes, fail).kind == "stopped"
            assert ask(lanes, name).media_type == JSON
        finally:
            lanes.close()


def desk(settings):
    return Desk(settings, lambda _, problem: JSONResponse(problem.told, problem.status))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_that_is_stuck_is_given_up(folder, workers):
    async def everything():
        made = desk(Settings(folder, workers=workers, running=2, timeout=0.5))
        made.open()
        try:
            await made.do(name, ASKED, "a")
            started = time.monotonic()
            late = await asyncio.gather(*(made.do(work, ASKED, "a") for work in (stick, sleep)))
            assert time.monotonic() - started < 30  # less than it is stuck
            assert [(done.outcome.status, done.outcome.kind) for done in late] == [(503, "timeout")] * 2
            await asyncio.sleep(1)
            made.settings = Settings(folder, timeout=30)
            assert (await made.do(name, ASKED, "b")).outcome.media_type == JSON  # a lane is there again
        finally:
            made.close()

    asyncio.run(everything())


def test_a_job_nobody_waits_for_is_not_begun(folder):
    lanes = Lanes(Settings(folder, running=1))
    try:
        first = lanes.do(Job(sleep, ASKED, 9.0))
        time.sleep(0.2)
        second = lanes.do(Job(name, ASKED, 9.0))
        lanes.abandon(second)
        assert second.cancelled()
        assert first.result(60).outcome.body == "slept"
        assert ask(lanes, name).media_type == JSON
    finally:
        lanes.close()


def test_who_has_nothing_to_do_follows_the_index(tmp_path):
    folder = tmp_path / "index"

    def add(report_id):
        with Index.create(folder) as index, index.writer() as writer:
            writer.add(make_batch([report(report_id, ["民生工程。"])], analyzer()))
            writer.commit()

    add("a")
    lanes = Lanes(Settings(folder, workers=2))
    try:
        first = lanes.do(Job(health, ASKED, 30.0)).result(60)
        add("b")
        second = lanes.do(Job(health, ASKED, 30.0)).result(60)
        assert first.commit != second.commit
        assert first.outcome.body != second.outcome.body
    finally:
        lanes.close()
