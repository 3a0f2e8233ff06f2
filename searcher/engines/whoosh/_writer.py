"""The one writer: batches in, commits out."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

import numpy as np

from searcher.engines._protocol import Batch
from searcher.engines.whoosh._build import Builder
from searcher.engines.whoosh._commits import (
    Commit,
    Kept,
    generations,
    open_newest,
    read_commit,
    remove_others,
    write_commit,
)
from searcher.engines.whoosh._container import ArrayFile
from searcher.engines.whoosh._lock import Lock
from searcher.engines.whoosh._postings import MAX_DOCS
from searcher.engines.whoosh._segment import Segment, Shard
from searcher.engines.whoosh._weave import weave
from searcher.errors import IndexProblem, SearcherError, UsageError
from searcher.model import MAX_YEAR

__all__ = ["ArrayWriter"]

Policy: TypeAlias = Callable[[Sequence[Shard]], list[Shard]]
"""Which segments a commit should write anew as one."""

_NAME = 8  # random bytes
_GATHERED = 2_000_000  # units of text that are held in memory, at some 60 bytes each while they are sorted
_MANY = 96  # segments: with more, searching is slow and files are many; a commit that need not merge does


class ArrayWriter:
    """Changes to an index, seen by nobody before `commit`."""

    def __init__(
        self,
        folder: Path,
        policy: Policy,
        lock: Lock,
        commit: Commit,
        shards: Sequence[Shard],
        *,
        changed: bool = False,
    ) -> None:
        self._folder = folder
        self._policy = policy
        self._lock: Lock | None = lock
        self._begin(commit)
        self._hold(shards)
        self._changed = changed

    @classmethod
    def begin(cls, folder: Path, policy: Policy, wait: float = 0.0) -> Self:
        """Lock a folder and go on from its newest commit."""
        lock = Lock(folder, wait)
        try:
            commit, shards = open_newest(folder)
            remove_others(folder, commit)  # what a run that was killed has left
            return cls(folder, policy, lock, commit, shards)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def begin_anew(cls, folder: Path, policy: Policy, wait: float = 0.0) -> Self:
        """Lock a folder and begin with nothing: what is there, readable or not, stays until the first commit."""
        lock = Lock(folder, wait)
        try:
            generation = max(generations(folder), default=0)
            return cls(folder, policy, lock, Commit(generation, ()), (), changed=True)
        except BaseException:
            lock.release()
            raise

    def keep(self, catalogue: bytes) -> None:
        """Keep a catalogue in the place of the one before."""
        self._check()
        self._catalogue = Kept.of(catalogue)
        self._changed = True

    def add(self, batch: Batch) -> None:
        """Gather a batch; each of its reports replaces what it had."""
        self._check()
        paragraphs = sum(len(report.paragraphs) for report in batch.reports)
        for size, what in ((paragraphs, "paragraphs"), (len(batch.contexts), "titles and headings")):
            if size > MAX_DOCS:
                raise UsageError(f"A batch of {size} {what} is too large; add at most {MAX_DOCS} at once.")
        for report in batch.reports:
            if abs(report.metadata.year or 0) > MAX_YEAR:
                raise UsageError(
                    f"The year of report {report.id} lies beyond {MAX_YEAR}: give the one it is of, or None."
                )
        self.remove([report.id for report in batch.reports])
        builder = self._builder
        full = max(builder.paragraphs + paragraphs, builder.contexts + len(batch.contexts)) > MAX_DOCS
        if full or builder.tokens > _GATHERED:
            with self._explained():
                self._flush()
        for row, report in enumerate(batch.reports, len(self._builder.reports)):
            if report.id in self._gathered:  # twice in one batch: the last one stays
                self._dropped.add(self._gathered[report.id])
            self._gathered[report.id] = row
        self._builder.add(batch)

    def remove(self, report_ids: Sequence[str]) -> None:
        """Take reports away; an id that is not there is passed over."""
        self._check()
        with self._explained():
            for report_id in report_ids:
                row = self._gathered.pop(report_id, None)
                if row is not None:
                    self._dropped.add(row)
                flushed = self._flushed.pop(report_id, None)
                for shard in (*self._held, *((flushed,) if flushed else ())):
                    at = shard.row(report_id)
                    if at is not None:
                        self._delete(shard, at)

    def commit(self, *, merge: bool = True) -> None:
        """Make the changes since the last commit visible, all at once, and durable.

        Without `merge` segments stay as they are, unless there are many; with it they are merged even if nothing has
        changed, as after a run that was killed at its end. Where a commit fails the writer is closed, and what was not
        committed is gone.
        """
        self._check()
        try:
            with self._explained():
                self._flush()
                self._settle(merge=merge)
                if self._changed:
                    segments = tuple(shard.segment for shard in self._shards)
                    commit = Commit(self._commit.generation + 1, segments, self._catalogue)
                    write_commit(self._folder, commit)
                    remove_others(self._folder, commit)
                    self._begin(commit)
        except BaseException:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Forget the changes since the last commit, and let others write."""
        if self._lock is None:
            return
        try:
            # What the disk says: an interruption may have come when a commit was made and not yet known here.
            remove_others(self._folder, read_commit(self._folder))
        except (IndexProblem, OSError):
            pass  # what cannot be read is nothing to go by: everything stays
        finally:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._lock is not None:
            self.commit()
        self.cancel()

    def _begin(self, commit: Commit) -> None:
        """Take a commit as what is changed from here on."""
        self._commit = commit
        self._catalogue = commit.catalogue
        self._changed = False
        self._fresh()

    def _hold(self, shards: Sequence[Shard]) -> None:
        """Take segments as those to look for a report in."""
        self._shards = list(shards)
        self._held = tuple(shards)
        self._flushed: dict[str, Shard] = {}  # the reports of those flushed since: there may be hundreds of these

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise IndexProblem(
                f"{self._folder} cannot be written to ({error.strerror or error}): the index is as its last commit "
                "left it. Make room, or see that the folder may be written to, and run this again."
            ) from error
        except SearcherError:
            raise
        except Exception:
            for shard in self._shards:
                shard.file.verify()  # if a file is damaged, that is what went wrong
            raise

    def _fresh(self) -> None:
        self._builder = Builder(self._folder)
        self._gathered: dict[str, int] = {}
        self._dropped: set[int] = set()

    def _flush(self) -> None:
        """Write what was gathered as a segment."""
        if self._builder.reports:
            segment = Segment(secrets.token_hex(_NAME))
            segment.paragraphs = self._builder.paragraphs
            self._builder.write(segment.path(self._folder))
            shard = self._opened(segment)
            for row in self._dropped:
                self._delete(shard, row)
            self._shards.append(shard)
            self._flushed |= dict.fromkeys(self._gathered, shard)
            self._changed = True
        self._fresh()

    def _settle(self, *, merge: bool) -> None:
        """Let go of segments that are empty; write those that are worn as one, until none are."""
        for shard in self._shards:
            shard.segment.deleted_rows = tuple(np.flatnonzero(~shard.live_reports).tolist())
        self._shards = [shard for shard in self._shards if shard.live_reports.any()]
        if not merge and len(self._shards) <= _MANY:
            return
        while chosen := self._policy(self._shards):
            if len(chosen) == 1 and not chosen[0].segment.deleted_rows:
                return  # it would be written as it is
            for shard in chosen:
                shard.file.verify()  # damage must not get a checksum of its own
            kept = [shard for shard in self._shards if shard not in chosen]
            segment = Segment(secrets.token_hex(_NAME))
            in_order = [shard for shard in self._shards if shard in chosen]
            segment.paragraphs = weave(in_order, segment.path(self._folder))
            self._hold([*kept, self._opened(segment)])
            self._changed = True

    def _opened(self, segment: Segment) -> Shard:
        return Shard(ArrayFile(segment.path(self._folder)), segment)

    def _delete(self, shard: Shard, row: int) -> None:
        if not shard.live_reports[row]:
            return  # removed twice: a segment remembers where a report stands
        shard.segment.deleted_paragraphs += int(shard.report_bounds[row + 1] - shard.report_bounds[row])
        shard.live_reports[row] = False  # told as rows of the segment by the commit
        self._changed = True

    def _check(self) -> None:
        if self._lock is None:
            raise UsageError("This writer is closed. Ask the engine for another one.")
