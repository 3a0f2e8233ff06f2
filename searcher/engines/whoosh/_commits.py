"""Commits: Whoosh's table of contents, written so that it is there whole or not at all, and is seen to the disk.

Behind it, where Whoosh does not read, stands what the engine goes by: the list of segments in JSON, the catalogue that
was kept with the commit, and a trailer of fixed size with their lengths and checksums. So an index is read without
Whoosh, and without unpickling what somebody else may have written.
"""

import json
import re
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self

import numpy as np

from searcher.durable import DRAFT, replace_file, sync_folder
from searcher.engines.whoosh._container import Array, ArrayFile
from searcher.engines.whoosh._segment import INDEX_NAME, Segment, Shard
from searcher.errors import IndexDamaged, IndexMissing, IndexProblem

__all__ = [
    "NOTHING",
    "Commit",
    "Kept",
    "generations",
    "newest_generation",
    "open_newest",
    "open_shards",
    "read_commit",
    "remove_others",
    "toc_path",
    "unnamed",
    "write_commit",
]

_TRAILER = struct.Struct("<QIIII8s")  # length and CRC-32 of what Whoosh reads, of the list, the catalogue's CRC-32
_MAGIC = b"searcher"
_OURS = re.compile(rf"_?{INDEX_NAME}_.*")
_TOC = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")
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
    segments: tuple[Segment, ...]
    catalogue: Kept = NOTHING


def toc_path(folder: Path, generation: int) -> Path:
    """Return the file of a table of contents."""
    return folder / f"_{INDEX_NAME}_{generation}.toc"


def write_commit(folder: Path, commit: Commit) -> None:
    """Write the table of contents; the segments' files are on the disk already."""
    from searcher.engines.whoosh._toc import table_of_contents  # noqa: PLC0415 - a search does without Whoosh

    whooshs = table_of_contents(commit.generation, commit.segments)
    listed = json.dumps({"generation": commit.generation, "segments": list(map(astuple, commit.segments))}).encode()
    sync_folder(folder)  # the names of the segments, before the name of what names them
    kept = commit.catalogue
    trailer = _TRAILER.pack(len(whooshs), zlib.crc32(whooshs), len(listed), zlib.crc32(listed), kept.checksum, _MAGIC)
    replace_file(toc_path(folder, commit.generation), whooshs + listed + kept.data.tobytes() + trailer)


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
    *told, of_catalogue, magic = _TRAILER.unpack(data[-_TRAILER.size :].tobytes())
    length, checksum, list_length, list_checksum = told
    whooshs, listed = data[:length].tobytes(), data[length : length + list_length].tobytes()
    if magic != _MAGIC or (zlib.crc32(whooshs), zlib.crc32(listed)) != (checksum, list_checksum):
        raise IndexDamaged(path, "it does not have its checksum")
    try:
        says = json.loads(listed)
        segments = tuple(Segment(name, size, tuple(rows), deleted) for name, size, rows, deleted in says["segments"])
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(path, f"it cannot be understood ({error!r})") from error
    if says["generation"] != generation:
        raise IndexDamaged(path, f"it is that of commit {says['generation']}")
    return Commit(generation, segments, Kept(data[length + list_length : -_TRAILER.size], of_catalogue, path))


def generations(folder: Path) -> list[int]:
    """Return the numbers of the tables of contents in a folder, the newest first."""
    names = [path.name for path in folder.iterdir()]
    return sorted((int(match[1]) for match in map(_TOC.fullmatch, names) if match), reverse=True)


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
    return [Shard(files.get(segment.name) or ArrayFile(segment.path(folder)), segment) for segment in commit.segments]


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
