"""Processes of our own, spoken to in pickles over their standard input and output; none outlives who started it."""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any, BinaryIO, cast

__all__ = ["GONE", "Process", "Processes", "ends"]

GONE = (EOFError, OSError, pickle.UnpicklingError)
"""What speaking with a process raises that has ended."""

_PIPE = 1 << 20  # bytes, where it can be chosen: so much is said before somebody listens


class Process:
    """A process that runs the function `main` of a module, which speaks through `ends`."""

    def __init__(self, module: str, argument: str = "", *, quiet: bool = False) -> None:
        """Start it; `quiet` drops what it writes to the standard error."""
        code = f"import sys; sys.path[:] = {sys.path!r}; from {module} import main; main({argument!r})"
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            pipesize=_PIPE,
            start_new_session=True,  # Ctrl-C is for the one who started it
        )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def tell(self, what: object) -> None:
        """Say something to it."""
        pipe = cast(IO[bytes], self._process.stdin)
        pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
        pipe.flush()

    def hear(self) -> Any:  # noqa: ANN401 - whatever it says
        """Wait for the next that it says."""
        return pickle.load(cast(IO[bytes], self._process.stdout))  # noqa: S301 - from a process of our own

    def kill(self) -> None:
        """Have it end at once."""
        self._process.kill()

    def end(self) -> int:
        """End it for good; return the code it has ended with."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not sent is not missed
                cast(IO[bytes], pipe).close()
        return self._process.wait()


class Processes:
    """Processes that run the same function. Safe in several threads."""

    def __init__(self, module: str, argument: str = "", *, quiet: bool = False) -> None:
        """Remember what they are started with, as `Process` takes it."""
        self._module, self._argument, self._quiet = module, argument, quiet
        self._lock = threading.Lock()
        self._running: set[Process] = set()
        self._closed = False

    def __iter__(self) -> Iterator[Process]:
        with self._lock:
            return iter(list(self._running))

    def start(self) -> Process:
        """Start one more."""
        with self._lock:
            process = Process(self._module, self._argument, quiet=self._quiet)
            self._running.add(process)
            if self._closed:
                process.kill()
        return process

    def end(self, process: Process) -> int:
        """End one of them for good; return the code it has ended with."""
        with self._lock:
            self._running.discard(process)
        return process.end()

    def close(self) -> None:
        """Have all of them end at once, and whichever is still being started."""
        with self._lock:
            self._closed = True
            for process in self._running:
                process.kill()


def ends() -> tuple[BinaryIO, BinaryIO]:
    """Return what a process of ours hears from and speaks to; what libraries print goes to the standard error."""
    heard, said = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return heard, said
