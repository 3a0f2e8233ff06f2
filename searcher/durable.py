"""Bytes on the disk: what is written through here survives the loss of power, whole or not at all."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

__all__ = ["DRAFT", "replace_file", "replacing", "sync", "sync_folder"]

DRAFT = ".tmp"
"""What the name of a file ends with that is not whole yet."""

if sys.platform == "darwin":

    def _flush(descriptor: int) -> None:
        import fcntl  # noqa: PLC0415 - not everywhere

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # fsync leaves the bytes in the drive's memory there

else:
    _flush = os.fsync


def sync(file: IO[bytes]) -> None:
    """See to the disk what was written to a file."""
    file.flush()
    _flush(file.fileno())


def sync_folder(folder: Path) -> None:
    """See to the disk which names stand in a folder."""
    if os.name == "nt":
        return  # folders cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _flush(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, data: bytes) -> None:
    """Put a file in the place of one of that name, if there is one: a reader finds the one or the other."""
    with replacing(path, path.with_name(path.name + DRAFT)) as file:
        file.write(data)


@contextmanager
def replacing(path: Path, draft: Path) -> Iterator[IO[bytes]]:
    """Give a file to write that takes the place of one at the end of the block; nothing does, if that is an error."""
    try:
        with draft.open("wb") as file:
            with suppress(FileNotFoundError):
                shutil.copymode(path, draft)
            yield file
            sync(file)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
