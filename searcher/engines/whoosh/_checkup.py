"""The checkup: is what stands in a folder what was written, and what can be saved?

A segment is kept as it is or given up. The texts and records of one that is given up have checksums of their own: what
of them is sound is indexed again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from searcher.engines._protocol import Batch
from searcher.engines.whoosh._commits import (
    NOTHING,
    Commit,
    Kept,
    generations,
    newest_generation,
    read_commit,
    remove_others,
    unnamed,
)
from searcher.engines.whoosh._consistency import contradictions, counted
from searcher.engines.whoosh._container import ArrayFile, mark
from searcher.engines.whoosh._lock import Lock
from searcher.engines.whoosh._merge import worn
from searcher.engines.whoosh._segment import INDEX_NAME, Segment, Shard
from searcher.engines.whoosh._strings import Strings
from searcher.engines.whoosh._writer import ArrayWriter
from searcher.errors import IndexDamaged, IndexOutdated, IndexProblem
from searcher.model import Checkup, Fault, Loss, Report

__all__ = ["check", "repair"]

_CODED = ("zone", "path", "runin")
_STORED = (  # what a report's record and texts are read from: all else is found anew by indexing them again
    *("report.ids.", "report.bounds", "report.records.", "text."),
    *(f"paragraph.{name}" for name in _CODED),
    *(f"{name}.values." for name in _CODED),
)
_SEALED = ("report.records.bytes", "text.blocks.bytes")  # each item of these has a checksum of its own
_BATCH = 64  # reports


@dataclass(slots=True)
class _Findings:
    """What stands in the folder of an engine."""

    folder: Path

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sound: list[Shard] = field(default_factory=list)
    damaged: list[Segment] = field(default_factory=list)
    leftovers: list[Path] = field(default_factory=list)
    generation: int = 0
    catalogue: Kept = NOTHING
    saved: int = 0
    lost: list[Loss] = field(default_factory=list)

    def checkup(self) -> Checkup:
        """Return the findings as a noun."""
        return Checkup(
            index=self.folder,
            reports=sum(int(shard.live_reports.sum()) for shard in self.sound),
            paragraphs=sum(shard.segment.live_paragraphs for shard in self.sound),
            segments=len(self.sound),
            faults=tuple(self.faults),
            notes=tuple(self.notes),
            saved=self.saved,
            lost=tuple(self.lost),
        )


def check(folder: Path) -> Checkup:
    """Read everything, compare it with its checksums, and see whether it goes together."""
    return _examine(folder).checkup()


def _examine(folder: Path) -> _Findings:
    """Read what the newest commit names, or what is there if no table of contents can be read."""
    found = _Findings(folder)
    named = _named(folder, found)
    for segment in _unlisted(folder) if named is None else named:
        shard = _sound(folder, segment, found, counted=named is not None)
        if shard is None:
            found.damaged.append(segment)
        else:
            found.sound.append(shard)
    if named is None:
        _keep_newest(found.sound)
    found.faults += _twice(folder, found.sound)
    if found.leftovers:
        found.notes.append(
            f"{len(found.leftovers)} files are of no commit: a run is under way, or was broken off and the next one "
            "removes them"
        )
    return found


def _sound(folder: Path, segment: Segment, found: _Findings, *, counted: bool) -> Shard | None:
    """Return an open segment, or None where it is damaged. Not `counted`, it says itself how large it is."""
    path = segment.path(folder)
    try:
        shard = Shard(ArrayFile(path), segment)
        if not counted:
            segment.paragraphs = shard.size
        wrong = [f"array {name} does not have its checksum" for name in shard.file.unsound()]
        wrong = wrong or list(contradictions(shard))
    except IndexDamaged as error:
        wrong = [error.what]
    except IndexOutdated as error:
        wrong = [str(error)]
    except FileNotFoundError:
        wrong = ["it is named by the table of contents and missing"]
    except (IndexProblem, OSError):
        raise  # it cannot be read today: no reason to give it up
    except Exception as error:  # noqa: BLE001 - whatever a damaged file makes of its readers
        wrong = [f"it cannot be read ({error!r})"]
    found.faults += [Fault(path, what) for what in wrong]
    if wrong:
        return None
    if not shard.file.untouched:
        found.notes.append(
            f"{path} was copied or touched since it was written: what is used of it is read whole and compared, until "
            "`searcher doctor --repair` marks it as sound"
        )
    return shard


def _named(folder: Path, found: _Findings) -> Sequence[Segment] | None:
    """Return the segments of the newest table of contents that can be gone by; None if there is none."""
    try:
        found.generation = newest_generation(folder)
    except IndexDamaged as error:
        found.faults.append(Fault(error.path, error.what))
        return None
    for generation in generations(folder):
        try:
            commit = read_commit(folder, generation)
        except IndexDamaged as error:
            found.faults.append(Fault(error.path, error.what))
            continue
        found.catalogue = _catalogue(commit, found)
        if generation == found.generation:
            found.leftovers = unnamed(folder, commit)
            return commit.segments
        if all(segment.path(folder).exists() for segment in commit.segments):
            found.notes.append(f"commit {generation} is the newest that can be read: what came later is not in it")
            return commit.segments
    return None


def _catalogue(commit: Commit, found: _Findings) -> Kept:
    """Return the catalogue of a commit, or none where it is damaged."""
    try:
        commit.catalogue.read()
    except IndexDamaged as error:
        found.faults.append(Fault(error.path, error.what))
        return NOTHING
    return commit.catalogue


def _unlisted(folder: Path) -> list[Segment]:
    """Return a segment for each file of arrays, as its table of contents would have named it."""
    paths = sorted(folder.glob(f"{INDEX_NAME}_*.arrays"))
    return [Segment(path.stem.removeprefix(f"{INDEX_NAME}_")) for path in paths]


def _keep_newest(shards: Sequence[Shard]) -> None:
    """Of each report leave the version that was written last; what a commit deleted cannot be told any more."""
    seen: set[str] = set()
    for shard in sorted(shards, key=lambda shard: -shard.file.written):
        deleted = list(shard.segment.deleted_rows)
        for row in reversed(np.flatnonzero(shard.live_reports).tolist()):
            report_id = shard.ids.text(row)
            if report_id in seen:
                deleted.append(row)
            seen.add(report_id)
        sizes = np.diff(shard.report_bounds)
        shard.segment.deleted_rows = tuple(sorted(deleted))
        shard.segment.deleted_paragraphs = int(sizes[deleted].sum())
        shard.live_reports[deleted] = False


def _twice(folder: Path, shards: Sequence[Shard]) -> Iterator[Fault]:
    """Tell of reports that are live in two places."""
    owner: dict[str, Path] = {}
    for shard in shards:
        for row in np.flatnonzero(shard.live_reports).tolist():
            report_id = shard.ids.text(row)
            path = shard.file.path
            if report_id in owner:
                yield Fault(folder, f"report {report_id} stands in {owner[report_id].name} and in {path.name}")
            owner[report_id] = path


# What can be saved


def repair(
    folder: Path,
    make_batch: Callable[[Sequence[Report]], Batch],
    reconcile: Callable[[bytes, Mapping[str, str]], bytes],
    wait: float,
) -> Checkup:
    """Commit what is sound, and index the texts that can still be read of the rest; `lost` names what cannot.

    The catalogue that agrees with it is part of the same commit: after another one a repair that is broken off between
    the two would have forgotten what is to be read again.
    """
    lock = Lock(folder, wait)
    try:
        found = _examine(folder)
        _keep_newest(found.sound)
        for shard in found.sound:
            if not shard.file.untouched:
                mark(shard.file.path, shard.file.written)
        commit = Commit(found.generation, tuple(shard.segment for shard in found.sound), found.catalogue)
        there: dict[str, str] = {}
        for shard in found.sound:
            for row in np.flatnonzero(shard.live_reports).tolist():
                there |= _of_file(shard.report(row))
        catalogue = found.catalogue.read()
        if not found.faults and (not catalogue or reconcile(catalogue, there) == catalogue):
            remove_others(folder, commit)
            return found.checkup()
        with ArrayWriter(folder, worn, lock, commit, found.sound, changed=True) as writer:
            gathered: list[Report] = []
            for report in _saved(folder, found):
                gathered.append(report)
                there |= _of_file(report)
                if len(gathered) == _BATCH:
                    writer.add(make_batch(gathered))
                    gathered = []
            writer.add(make_batch(gathered))
            writer.keep(reconcile(catalogue, there))
            writer.commit()
        return found.checkup()
    finally:
        lock.release()


def _of_file(report: Report) -> dict[str, str]:
    """Return the file of a report by its id, if it is of any."""
    return {report.id: report.origin.path} if report.origin else {}


def _saved(folder: Path, found: _Findings) -> Iterator[Report]:
    """Yield the reports of damaged segments that can be read, and count them; note what cannot."""
    newest = {
        shard.ids.text(row): shard.file.written
        for shard in found.sound
        for row in np.flatnonzero(shard.live_reports).tolist()
    }
    for segment in found.damaged:
        path = segment.path(folder)
        try:
            file = ArrayFile(path, compare=False)
            shard = Shard(file, segment)
            needed = [name for name in file.unsound() if name.startswith(_STORED) and name not in _SEALED]
            needed += [] if counted(shard) else ["report.bounds"]
            rows = np.flatnonzero(shard.live_reports).tolist()
        except Exception:  # noqa: BLE001 - whatever a damaged file makes of its readers
            count = segment.live_paragraphs
            told = f", with {count} paragraphs of reports that it alone names" if count else ""
            found.lost.append(Loss(None, None, f"{path.name} cannot be read{told}"))
            continue
        reason = f"{path.name} is damaged" + (f" in {needed[0]}" if needed else "")
        for row in rows:
            known, report = _read(shard, row)
            if known.report is not None and newest.get(known.report, -1) > file.written:
                continue
            if report is None or needed:
                found.lost.append(replace(known, reason=reason))
            else:
                found.saved += 1
                yield report


def _read(shard: Shard, row: int) -> tuple[Loss, Report | None]:
    """Return a report of a damaged segment, or None, and what can be told of it."""
    identity = path = None
    try:
        identity = Strings(shard.file, "report.ids").text(row)
        record = shard.report(row)
        path = record.origin.path if record.origin else None
        size = int(shard.report_bounds[row + 1] - shard.report_bounds[row])
        paragraphs = tuple(shard.paragraph(row, ordinal) for ordinal in range(size))
    except Exception:  # noqa: BLE001 - likewise
        return Loss(identity, path, ""), None
    return Loss(identity, path, ""), replace(record, paragraphs=paragraphs)
