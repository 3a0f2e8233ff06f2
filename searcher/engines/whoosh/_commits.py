"""Commits: Whoosh's table of contents, written so that it is there whole or not at all, and is seen to the disk.

After the table of contents stands the catalogue that was kept with it, then a trailer of fixed size: the length of the
table of contents, its checksum, that of the catalogue. Whoosh does not read so far.
"""

import re
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from searcher.durable import DRAFT, replace_file, sync_folder
from searcher.engines.whoosh._api import STORED, TOC, FieldType, Frequency, Positions, RamStorage, Schema
from searcher.engines.whoosh._container import Array, ArrayFile
from searcher.engines.whoosh._segment import ArraySegment, Shard
from searcher.errors import IndexDamaged, IndexMissing, IndexProblem
from searcher.schema import TOKEN_FIELDS

__all__ = [
    "INDEX_NAME",
    "NOTHING",
    "Commit",
    "Kept",
    "generations",
    "newest_generation",
    "open_newest",
    "open_shards",
    "read_commit",
    "remove_others",
    "schema",
    "toc_path",
    "unnamed",
    "write_commit",
]

INDEX_NAME = "MAIN"
_TRAILER = struct.Struct("<QII8s")
_MAGIC = b"searcher"
_OURS = re.compile(rf"_?{INDEX_NAME}_.*")
_LOOKS = 3  # a folder that changes while it is listed may hide both the old name and the new one


@dataclass(frozen=True, slots=True)
class Kept:
    """A catalogue and the checksum it was written with, compared when somebody reads it."""

    data: Array
    checksum: int
    path: Path

    @classmethod
    def of(cls, catalogue: bytes) -> Self:
        """Return a catalogue that is yet to be written."""
        return cls(np.frombuffer(catalogue, np.uint8), zlib.crc32(catalogue), Path())

    def read(self) -> bytes:
        """Return the catalogue; raise `IndexDamaged`."""
        catalogue = self.data.tobytes()
        if zlib.crc32(catalogue) != self.checksum:
            raise IndexDamaged(self.path, "the catalogue of the files does not have its checksum")
        return catalogue


NOTHING = Kept.of(b"")
"""The catalogue of an index that nobody has kept one with."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What a table of contents says."""

    generation: int
    segments: tuple[ArraySegment, ...]
    catalogue: Kept = NOTHING


def schema() -> Any:  # noqa: ANN401 - Whoosh is untyped
    """Return the Whoosh schema: the token fields of the paragraphs, and what is stored of each."""
    tokens = {
        name: FieldType(format=Positions() if name == "bigrams" else Frequency(), analyzer=None, scorable=True)
        for name in TOKEN_FIELDS
    }
    return Schema(report=STORED(), ordinal=STORED(), text=STORED(), **tokens)


def toc_path(folder: Path, generation: int) -> Path:
    """Return the file of a table of contents."""
    return folder / str(TOC._filename(INDEX_NAME, generation))  # noqa: SLF001 - there is no public name for it


def write_commit(folder: Path, commit: Commit) -> None:
    """Write the table of contents; the segments' files are on the disk already."""
    path = toc_path(folder, commit.generation)
    memory = RamStorage()
    TOC(schema(), list(commit.segments), commit.generation).write(memory, INDEX_NAME)
    text = bytes(memory.files[path.name])
    sync_folder(folder)  # the names of the segments, before the name of what names them
    kept = commit.catalogue
    trailer = _TRAILER.pack(len(text), zlib.crc32(text), kept.checksum, _MAGIC)
    replace_file(path, text + kept.data.tobytes() + trailer)


def read_commit(folder: Path, generation: int | None = None) -> Commit:
    """Read a table of contents: the newest, unless another is asked for."""
    if generation is None:
        generation = newest_generation(folder)
    path = toc_path(folder, generation)
    try:
        data: Array = np.memmap(path, np.uint8, "r")
    except FileNotFoundError:
        raise  # likewise
    except OSError as error:
        raise IndexProblem(f"{path} cannot be read ({error.strerror or error}). See that it may be read.") from error
    except ValueError as error:
        raise IndexDamaged(path, "it is empty") from error
    if len(data) < _TRAILER.size:
        raise IndexDamaged(path, "it is cut off")
    length, checksum, of_catalogue, magic = _TRAILER.unpack(data[-_TRAILER.size :].tobytes())
    text, catalogue = data[:length].tobytes(), data[length : -_TRAILER.size]
    if magic != _MAGIC or zlib.crc32(text) != checksum:
        raise IndexDamaged(path, "it does not have its checksum")
    memory = RamStorage()
    memory.files[path.name] = text
    try:
        toc = TOC.read(memory, INDEX_NAME, gen=generation, schema=schema())
    except Exception as error:
        raise IndexDamaged(path, f"it cannot be understood ({error!r})") from error
    return Commit(generation, tuple(toc.segments), Kept(catalogue, of_catalogue, path))


def generations(folder: Path) -> list[int]:
    """Return the numbers of the tables of contents in a folder, the newest first."""
    pattern = TOC._pattern(INDEX_NAME)  # noqa: SLF001 - likewise
    names = [path.name for path in folder.iterdir()]
    return sorted((int(match[1]) for match in map(pattern.match, names) if match), reverse=True)


def newest_generation(folder: Path) -> int:
    """Return the number of the newest commit; raise `IndexMissing`, or `IndexProblem` where only segments are left."""
    try:
        for _ in range(_LOOKS):
            found = generations(folder)
            if found:
                return found[0]
        # The draft of the very first table of contents is what killing the making of an index leaves.
        segments = any(_OURS.fullmatch(path.name) and path.suffix != DRAFT for path in folder.iterdir())
    except OSError as error:
        raise IndexMissing(f"There is no index in {folder} ({error.strerror}). Build one first.") from error
    if segments:
        raise IndexDamaged(toc_path(folder, 0).with_name(f"_{INDEX_NAME}_*.toc"), "there is no table of contents")
    raise IndexMissing(f"There is no index in {folder}. Build one first.")


def open_shards(folder: Path, commit: Commit, known: Mapping[str, ArrayFile] | None = None) -> list[Shard]:
    """Open the segments of a commit; raise `FileNotFoundError` where one is gone. `known` are files that are open."""
    files = known or {}
    return [
        Shard(files.get(segment.segment_id()) or ArrayFile(segment.path(folder)), segment)
        for segment in commit.segments
    ]


def open_newest(folder: Path, known: Mapping[str, ArrayFile] | None = None) -> tuple[Commit, list[Shard]]:
    """Open the newest commit. One that is made meanwhile may take files away: then it is opened."""
    while True:
        generation = newest_generation(folder)
        try:
            commit = read_commit(folder, generation)
            return commit, open_shards(folder, commit, known)
        except FileNotFoundError as error:
            if newest_generation(folder) == generation:
                raise IndexDamaged(Path(error.filename), "it is named by the table of contents and missing") from error


def unnamed(folder: Path, commit: Commit) -> list[Path]:
    """Return the files in a folder that are the engine's and that a commit does not name."""
    named = {segment.path(folder).name for segment in commit.segments}
    named.add(toc_path(folder, commit.generation).name)
    return sorted(path for path in folder.iterdir() if _OURS.fullmatch(path.name) and path.name not in named)


def remove_others(folder: Path, commit: Commit) -> None:
    """Remove what commits left behind: afterwards the files are those that the table of contents names."""
    for path in unnamed(folder, commit):
        with suppress(OSError):  # a reader may hold it on some systems; the next commit tries again
            path.unlink()
