"""Commits: Whoosh's table of contents, written so that it is there whole or not at all, and is seen to the disk."""

import os
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searcher.engines.whoosh._api import STORED, TOC, FieldType, FileStorage, Frequency, Positions, Schema
from searcher.engines.whoosh._segment import ArraySegment
from searcher.errors import IndexMissing, IndexProblem
from searcher.schema import TOKEN_FIELDS

__all__ = ["INDEX_NAME", "Commit", "newest_generation", "read_commit", "remove_others", "schema", "write_commit"]

INDEX_NAME = "MAIN"
_SEAL = b"CRC-32: "  # after the table of contents stands its checksum; Whoosh does not read so far
_SEALED = len(_SEAL) + 4
_OURS = re.compile(rf"_?{INDEX_NAME}_.*")


@dataclass(frozen=True, slots=True)
class Commit:
    """What a table of contents says."""

    generation: int
    segments: tuple[ArraySegment, ...]


def schema() -> Any:  # noqa: ANN401 - Whoosh is untyped
    """Return the Whoosh schema: the token fields of the paragraphs, and what is stored of each."""
    tokens = {
        name: FieldType(format=Positions() if name == "bigrams" else Frequency(), analyzer=None, scorable=True)
        for name in TOKEN_FIELDS
    }
    return Schema(report=STORED(), ordinal=STORED(), text=STORED(), **tokens)


class _Storage(FileStorage):  # type: ignore[misc] # Whoosh is untyped
    """A folder whose files are on the disk before they get their name."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Whoosh's
        folder = Path(self.folder)
        with (folder / oldname).open("r+b") as file:
            checksum = zlib.crc32(file.read())
            file.write(_SEAL + checksum.to_bytes(4, "little"))
            file.flush()
            os.fsync(file.fileno())
        (folder / oldname).replace(folder / newname)
        _sync(folder)


def write_commit(folder: Path, commit: Commit) -> None:
    """Write the table of contents; the segments' files are on the disk already."""
    _sync(folder)
    TOC(schema(), list(commit.segments), commit.generation).write(_Storage(str(folder)), INDEX_NAME)


def read_commit(folder: Path) -> Commit:
    """Read the newest table of contents."""
    generation = newest_generation(folder)
    path = folder / TOC._filename(INDEX_NAME, generation)  # noqa: SLF001 - there is no public name for it
    data = path.read_bytes()
    text, seal = data[:-_SEALED], data[-_SEALED:]
    if seal != _SEAL + zlib.crc32(text).to_bytes(4, "little"):
        raise IndexProblem(f"{path} is damaged: it does not have its checksum. Build the index again.")
    try:
        toc = TOC.read(_Storage(str(folder)), INDEX_NAME, gen=generation, schema=schema())
    except OSError:
        raise
    except Exception as error:
        raise IndexProblem(f"{path} cannot be understood ({error!r}). Build the index again.") from error
    return Commit(generation, tuple(toc.segments))


def newest_generation(folder: Path) -> int:
    """Return the number of the newest commit; raise `IndexMissing`."""
    pattern = TOC._pattern(INDEX_NAME)  # noqa: SLF001 - likewise
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise IndexMissing(f"There is no index in {folder} ({error.strerror}). Build one first.") from error
    numbers = [int(match[1]) for match in map(pattern.match, names) if match]
    if not numbers:
        raise IndexMissing(f"There is no index in {folder}. Build one first.")
    return max(numbers)


def remove_others(folder: Path, commit: Commit) -> None:
    """Remove what commits left behind: afterwards the files are those that the table of contents names."""
    named = {segment.path(folder).name for segment in commit.segments}
    named.add(TOC._filename(INDEX_NAME, commit.generation))  # noqa: SLF001 - likewise
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name) and path.name not in named:
            with suppress(OSError):  # a reader may hold it on some systems; the next commit tries again
                path.unlink()


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return  # folders cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
