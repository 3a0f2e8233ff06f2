"""Processes that read, each watched over by a thread: one that dies costs the file it died of, and nothing else.

A task whose process dies is done again file by file; a file whose process dies once more is given up and named. Parts
come in the order of the tasks, and only so many wait: whoever is further ahead than that stands still.
"""

import queue
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeAlias

from searcher.errors import SearcherError
from searcher.ingesting._reading import Item, Part, Read, Task, nothing
from searcher.ingesting._worker import TIMED_OUT
from searcher.model import Origin
from searcher.processes import GONE, Process, Processes

__all__ = ["Crew"]

_AHEAD = 4  # tasks a process may be ahead of what is taken
_PARTS = 2  # parts of a task that wait to be taken
_PATIENCE = 0.2  # seconds after which a thread that waits looks up

_Message: TypeAlias = Part | SearcherError | None


@dataclass(slots=True)
class _Job:
    """A task and where its parts go; None ends them."""

    task: Task
    parts: "queue.Queue[_Message]" = field(default_factory=lambda: queue.Queue(_PARTS))


class Crew:
    """Some processes that read. Use it as a context manager: none of them outlives the block."""

    def __init__(self, jobs: int) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._size = jobs
        self._closed = threading.Event()
        self._processes = Processes("searcher.ingesting._worker", quiet=True)
        self._threads = [threading.Thread(target=self._watch, daemon=True) for _ in range(jobs)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        self._closed.set()
        self._processes.close()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def run(self, tasks: Iterable[Task]) -> Iterator[Part]:
        """Yield the parts of tasks, in order."""
        ahead: deque[_Job] = deque()
        for task in tasks:
            ahead.append(_Job(task))
            self._jobs.put(ahead[-1])
            if len(ahead) > _AHEAD * self._size:
                yield from _parts(ahead.popleft())
        while ahead:
            yield from _parts(ahead.popleft())

    def _watch(self) -> None:
        """Do one job after the other with a process of this thread's own."""
        process = None
        while (job := self._jobs.get()) is not None and not self._closed.is_set():
            try:
                process = self._work(job, process)
            except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for the job
                advice = "make room for them, or try fewer --jobs"
                self._put(job, SearcherError(f"The processes that read cannot be kept going ({error!r}): {advice}"))
        if process:
            self._processes.end(process)

    def _work(self, job: _Job, process: Process | None) -> Process | None:
        """Do a job with a process, or with others in its place; return the last one."""
        waiting = deque([(job.task, False)])
        while waiting and not self._closed.is_set():
            task, died_before = waiting.popleft()
            if process and not process.alive:
                self._processes.end(process)
                process = None
            process = process or self._processes.start()
            left = self._do(task, job, process)
            if not left:
                continue
            code = self._processes.end(process)
            if len(task.items) > 1 or not (died_before or code == TIMED_OUT):
                waiting.extend((task._replace(items=(item,)), True) for item in left)
            else:
                self._put(job, _given_up(left[0], code, task.timeout))
        self._put(job, None)
        return process

    def _do(self, task: Task, job: _Job, process: Process) -> list[Item]:
        """Have a task done; return the items that are left where the process died of it."""
        left = {item.key: item for item in task.items}
        try:
            process.tell(task)
            while (message := process.hear()) is not None:
                if isinstance(message, SearcherError):
                    self._put(job, message)
                    break
                part = message.opened(task)
                self._put(job, part)
                for read in part.ended:
                    left.pop(read.item.key)
        except GONE:
            return list(left.values())
        return []

    def _put(self, job: _Job, message: _Message) -> None:
        while not self._closed.is_set():
            try:
                job.parts.put(message, timeout=_PATIENCE)
            except queue.Full:
                continue
            return


def _parts(job: _Job) -> Iterator[Part]:
    while (message := job.parts.get()) is not None:
        if isinstance(message, SearcherError):
            raise message
        yield message


def _given_up(item: Item, code: int, timeout: float) -> Part:
    if code == TIMED_OUT:
        reason = f"took longer than {timeout:g} seconds; name it with a longer --timeout"
    else:
        reason = f"the process that read it ended by {_ending(code)}, twice; look at the file, and name it to try again"
    tried = Origin(item.path, item.size, item.mtime_ns, "")
    return nothing(Read(item, "failed", reason, tried))


def _ending(code: int) -> str:
    if code >= 0:
        return f"code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:  # most real-time signals have no name
        return f"signal {-code}"
