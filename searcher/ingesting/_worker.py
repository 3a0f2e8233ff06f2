"""A process that reads: tasks come in, parts go out, pickled, until nobody is there any more."""

import faulthandler
import gc
import os
import pickle
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from searcher.errors import SearcherError
from searcher.ingesting._reading import read_task
from searcher.processes import ends

__all__ = ["TIMED_OUT", "main"]

TIMED_OUT = -signal.SIGALRM if hasattr(signal, "SIGALRM") else 1
"""How a process ends that took too long."""

_MANY = 20_000  # objects after which it is worth looking for garbage: a file makes thousands, and few in circles
_LEAST_MEMORY = 2 << 30  # bytes a worker may have at any rate


def main(_: str = "") -> None:
    """Do the tasks that are heard; each gives its parts, then None, or the error that concerns all files."""
    tasks, parts = ends()
    _bound_memory()
    gc.freeze()  # what is loaded stays
    gc.set_threshold(_MANY)
    with suppress(EOFError, BrokenPipeError):
        while True:
            _serve(tasks, parts)


def _serve(tasks: BinaryIO, parts: BinaryIO) -> None:
    task = pickle.load(tasks)  # noqa: S301 - from the process that started this one
    last: SearcherError | None = None
    try:
        for part in read_task(task, _limit):
            _limit(0)  # how long a part waits to be taken is not the file's fault
            pickle.dump(part.posted(task), parts, pickle.HIGHEST_PROTOCOL)
            parts.flush()
            _limit(task.timeout)
    except SearcherError as error:
        last = error
    _limit(0)
    pickle.dump(last, parts, pickle.HIGHEST_PROTOCOL)
    parts.flush()


if hasattr(signal, "setitimer"):

    def _limit(seconds: float) -> None:
        """End this process after some seconds, whatever it is doing then; never, if 0."""
        signal.setitimer(signal.ITIMER_REAL, seconds)

else:

    def _limit(seconds: float) -> None:
        """End this process after some seconds, whatever it is doing then; never, if 0."""
        if seconds:
            faulthandler.dump_traceback_later(seconds, exit=True)
        else:
            faulthandler.cancel_dump_traceback_later()


def _bound_memory() -> None:
    """Let a file that needs more than half of the memory fail, and not the whole machine."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - only there

        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = max(_LEAST_MEMORY, memory // 2)
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))
        with suppress(OSError):  # and where memory runs out all the same, this process goes first
            Path("/proc/self/oom_score_adj").write_text("500", "ascii")
