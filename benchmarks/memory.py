"""What memory a process has while it lives. Linux only: /proc tells."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import NamedTuple

PAUSE = 0.05  # seconds between two looks


class Sample(NamedTuple):
    """Memory in MB: what a process holds itself, and with the pages of files that are mapped."""

    anonymous: int
    resident: int


@contextmanager
def watching(process: "Popen[bytes]") -> Iterator[list[Sample]]:
    """Yield a list that is filled while the process lives, and whole at the end."""
    samples: list[Sample] = []
    watcher = threading.Thread(target=_watch, args=(process, samples))
    watcher.start()
    yield samples
    process.wait()
    watcher.join()


def peaks(samples: list[Sample]) -> dict[str, int]:
    """Return the largest of each."""
    return {
        "peak_anonymous_mb": max((sample.anonymous for sample in samples), default=0),
        "peak_resident_mb": max((sample.resident for sample in samples), default=0),
    }


def _watch(process: "Popen[bytes]", samples: list[Sample]) -> None:
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            samples.append(Sample(*(int(lines[name].split()[0]) >> 10 for name in ("RssAnon", "VmRSS"))))
        except (OSError, KeyError, ValueError):
            pass
        time.sleep(PAUSE)
