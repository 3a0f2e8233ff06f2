"""The lock of the one writer: a file that names its owner, held by the operating system while the owner lives.

A file that is left behind is no lock, whatever it says: the system let go of it when its owner died. Children that are
forked do not inherit it.
"""

import json
import os
import platform
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakSet

from searcher.errors import IndexLocked, IndexProblem

__all__ = ["LOCK_NAME", "Lock"]

LOCK_NAME = "writer.lock"
_PAUSE = 0.05  # seconds between two attempts
_LONGEST = 1000  # bytes of the text


class Lock:
    """The right to write to a folder, waited for during some seconds."""

    def __init__(self, folder: Path, wait: float = 0.0) -> None:
        self._path = folder / LOCK_NAME
        self._file = -1
        until = time.monotonic() + wait
        try:
            while (file := self._attempt()) is None:
                if not time.monotonic() < until:
                    raise _locked(self._path, _owner_of(self._path))
                time.sleep(min(_PAUSE, max(until - time.monotonic(), 0)))
        except OSError as error:
            raise IndexProblem(
                f"{self._path} cannot be written ({error.strerror or error}): it keeps others from writing. "
                "Make room, or see that the folder may be written to, and run this again."
            ) from error
        self._file = file
        _HELD.add(self)

    def release(self) -> None:
        """Give the right back."""
        if self._file >= 0:
            with suppress(OSError):
                self._path.unlink()
            self.forget()

    def forget(self) -> None:
        """Close the file and leave it where it is."""
        os.close(self._file)
        self._file = -1
        _HELD.discard(self)

    def _attempt(self) -> int | None:
        """Return the locked file, or None if somebody else has it."""
        while True:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                if not self._hold(file):
                    os.close(file)
                    return None
                if _same(file, self._path):
                    self._sign(file)
                    return file
            except BaseException:
                os.close(file)
                raise
            os.close(file)  # its owner removed it under our hands

    def _hold(self, file: int) -> bool:
        try:
            return _hold(file)
        except OSError as error:
            raise IndexProblem(
                f"{self._path} cannot be locked ({error.strerror or error}): nobody could keep others from writing. "
                "Keep the index on a file system that has locks."
            ) from error

    def _sign(self, file: int) -> None:
        """Say who has the lock, or leave none."""
        try:
            os.ftruncate(file, 0)
            os.write(file, json.dumps(_myself()).encode())
        except BaseException:
            with suppress(OSError):
                self._path.unlink()
            raise


_HELD: WeakSet[Lock] = WeakSet()
"""The locks of this process."""


def _disinherit() -> None:
    for lock in list(_HELD):
        lock.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disinherit)


def _same(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _myself() -> dict[str, Any]:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": platform.node(), "since": since}


def _owner_of(path: Path) -> dict[str, Any]:
    """Return what the owner said of itself: nothing, where it has not come so far."""
    try:
        with path.open("rb") as file:
            owner = json.loads(file.read(_LONGEST))
    except (OSError, ValueError):
        return {}
    return owner if isinstance(owner, dict) and {"pid", "host", "since"} <= owner.keys() else {}


def _locked(path: Path, owner: dict[str, Any]) -> IndexLocked:
    pid, host, since = (owner.get(name) for name in ("pid", "host", "since"))
    who = f"process {pid} on {host} since {since}" if owner else "another process"
    advice = "Try again later, or wait for it with `--wait SECONDS`."
    if owner and host != platform.node():
        advice += f" If {host} is gone for good, delete {path}."
    return IndexLocked(f"{path.parent} is being written to by {who}. {advice}", pid=pid, host=host, since=since)


if sys.platform == "win32":

    def _hold(file: int) -> bool:
        import msvcrt  # noqa: PLC0415 - only there

        try:
            os.lseek(file, 1 << 20, os.SEEK_SET)  # past the text, which others must be able to read
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        os.lseek(file, 0, os.SEEK_SET)
        return True

else:

    def _hold(file: int) -> bool:
        import fcntl  # noqa: PLC0415 - not everywhere

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
