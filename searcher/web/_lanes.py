"""Where jobs are done: in threads of this process, or in processes that a thread each looks after."""

import pickle
import queue
import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import cast

from searcher.processes import GONE, Process, Processes
from searcher.web._problems import Problem
from searcher.web._settings import Settings
from searcher.web._work import Clerk, Done, Job
from searcher.wording import say

__all__ = ["Lanes"]

_STOPPED = Problem(503, "stopped", say("stopped"))
_END = 2.0  # seconds in which a thread has buried the process it looked after


class Lanes:
    """So many jobs at once as the settings have lanes. Call `close` at the end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._jobs: queue.SimpleQueue[tuple[Job, Future[Done]] | None] = queue.SimpleQueue()
        self._processes = Processes("searcher.web._worker", pickle.dumps(settings).hex())
        self._lock = threading.Lock()
        self._at_work: dict[Future[Done], Process] = {}
        self._clerk = Clerk(settings)
        run = self._do_here if settings.workers == 1 else self._do_there
        self._threads = [threading.Thread(target=run, daemon=True) for _ in range(settings.lanes)]
        for thread in self._threads:
            thread.start()

    def do(self, job: Job) -> "Future[Done]":
        """Have a job done."""
        done: Future[Done] = Future()
        self._jobs.put((job, done))
        return done

    def abandon(self, done: "Future[Done]") -> None:
        """End the process that is stuck in a job. No thread can be ended: its lane is taken until it is through."""
        if done.cancel():  # nobody has begun it
            return
        with self._lock:
            process = self._at_work.get(done)
            if process:
                process.kill()

    def close(self) -> None:
        """End the processes and threads; what is at work is not waited for."""
        self._processes.close()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads if self._settings.workers > 1 else ():
            thread.join(_END)

    def _do_here(self) -> None:
        self._clerk.follow()  # the first request does not wait for it
        while (asked := self._jobs.get()) is not None:
            job, done = asked
            if not done.set_running_or_notify_cancel():
                continue
            try:
                done.set_result(self._clerk.do(job))
            except BaseException as error:  # noqa: BLE001 - whatever it is, somebody waits
                done.set_exception(error)

    def _do_there(self) -> None:
        process: Process | None = None
        with suppress(*GONE):  # the first job tries again, and is told
            process = self._start()
        while (asked := self._jobs.get()) is not None:
            job, done = asked
            if not done.set_running_or_notify_cancel():
                continue
            try:
                if process and not process.alive:
                    self._processes.end(process)
                    process = None
                process = process or self._start()
                done.set_result(self._have_done(process, job, done))
            except BaseException as error:  # noqa: BLE001 - likewise
                done.set_exception(error)
        if process:
            self._processes.end(process)

    def _have_done(self, process: Process, job: Job, done: "Future[Done]") -> Done:
        """Have a job done by a process; where that dies of it, the next job finds out."""
        with self._lock:
            self._at_work[done] = process
        try:
            process.tell(job)
            return cast(Done, process.hear())
        except GONE:
            self._processes.end(process)
            return Done(_STOPPED)
        finally:
            with self._lock:
                del self._at_work[done]

    def _start(self) -> Process:
        process = self._processes.start()
        try:
            process.hear()  # it says when it is there
        except BaseException:
            self._processes.end(process)
            raise
        return process
