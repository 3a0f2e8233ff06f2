"""A process that searches: jobs come in, what came of them goes out, pickled, until nobody is there any more."""

import gc
import pickle
import signal
import sys
from contextlib import suppress
from select import select
from typing import BinaryIO

from searcher.analysis import analyzer
from searcher.processes import ends
from searcher.web._work import Clerk

__all__ = ["main"]

_IDLE = 1.0  # seconds after which who has nothing to do looks for a newer commit


def main(settings: str) -> None:
    """Do the jobs that are heard, and say what came of each; None first.

    `settings` are pickled, as hexadecimal digits.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the one who started it ends it, after its last job
    jobs, done = ends()
    analyzer()
    gc.freeze()  # code and dictionaries stay: nobody looks for garbage among them again
    clerk = Clerk(pickle.loads(bytes.fromhex(settings)))  # noqa: S301 - from the process that started this one
    clerk.follow()
    with suppress(EOFError, BrokenPipeError):
        pickle.dump(None, done)
        done.flush()
        while True:
            _rest(jobs, clerk)
            pickle.dump(clerk.do(pickle.load(jobs)), done, pickle.HIGHEST_PROTOCOL)  # noqa: S301 - likewise
            done.flush()


def _rest(jobs: BinaryIO, clerk: Clerk) -> None:
    """Wait for a job, following the index meanwhile."""
    if sys.platform == "win32":
        return  # nobody can wait for a pipe there; the next job follows the index
    while not select([jobs], [], [], _IDLE)[0]:  # a job is sent after the answer to the last: none is half read
        clerk.follow()
