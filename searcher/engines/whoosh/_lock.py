"""The lock of the one writer: a file that names its owner, held by the operating system while the owner lives."""

import json
import os
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from searcher.errors import IndexLocked

__all__ = ["LOCK_NAME", "Lock"]

LOCK_NAME = "writer.lock"


class Lock:
    """The right to write to a folder. A file whose owner is gone is no lock."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._file = self._acquire()

    def release(self) -> None:
        """Give the right back."""
        if self._file >= 0:
            with suppress(OSError):
                self._path.unlink()
            os.close(self._file)
            self._file = -1

    def _acquire(self) -> int:
        while True:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            held = _hold(file)
            if held and self._is_ours(file):
                os.ftruncate(file, 0)
                os.write(file, json.dumps(_owner()).encode())
                return file
            owner = _read(file)
            if held or not self._is_ours(file):  # it was released and removed under our hands
                os.close(file)
                continue
            os.close(file)
            if owner and owner["host"] == socket.gethostname() and not _alive(owner["pid"]):
                with suppress(OSError):  # a child of the dead owner still holds the old file
                    self._path.unlink()
                continue
            raise IndexLocked(f"{self._path.parent} is being written to by {_described(owner)}. Try again later.")

    def _is_ours(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), self._path.stat())
        except OSError:
            return False


def _owner() -> dict[str, Any]:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": since}


def _described(owner: dict[str, Any] | None) -> str:
    return f"process {owner['pid']} on {owner['host']} since {owner['since']}" if owner else "another process"


def _read(file: int) -> dict[str, Any] | None:
    try:
        os.lseek(file, 0, os.SEEK_SET)
        owner: dict[str, Any] = json.loads(os.read(file, 1000))
        return owner if {"pid", "host", "since"} <= owner.keys() else None
    except (OSError, ValueError, AttributeError):
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


if sys.platform == "win32":

    def _hold(file: int) -> bool:
        import msvcrt  # noqa: PLC0415 - only there

        try:
            os.lseek(file, 1 << 20, os.SEEK_SET)  # past the text, which others must be able to read
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(file, 0, os.SEEK_SET)
        return True

else:

    def _hold(file: int) -> bool:
        import fcntl  # noqa: PLC0415 - not everywhere

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
