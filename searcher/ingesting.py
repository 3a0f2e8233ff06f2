"""Here is a folder; make it findable: paths, in batches and processes, into an index, with one outcome per file."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from searcher.analysis import analyzer
from searcher.engines import Batch, Writer, make_batch
from searcher.errors import ReadError, UnsupportedFormat, UsageError
from searcher.index import DEFAULT, Index
from searcher.model import Outcome, Report, Status
from searcher.reading import is_sidecar, read

__all__ = ["Found", "ingest", "ingest_found", "scan"]

_CHUNK_BYTES = 4_000_000  # of files that one task reads and analyses together
_CHUNK_FILES = 200
_NO_REPORTS = ("readme", "license", "licence", "changelog", "contributing")  # stems of files about a folder

Found: TypeAlias = tuple[Path, Path]
"""A file, and the folder its report ids are relative to."""


@dataclass(frozen=True, slots=True)
class _Task:
    """Some files to read and analyse together."""

    files: tuple[Found, ...]
    columns: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class _Read:
    """What a worker made of a task: an outcome per file, and the analysed reports of all of them."""

    outcomes: tuple[Outcome, ...]
    batch: Batch


def ingest(
    paths: Iterable[str | os.PathLike[str]],
    *,
    index: str | os.PathLike[str] = DEFAULT,
    jobs: int = 1,
    columns: Mapping[str, str] | None = None,
    wait: float = 0.0,
) -> Iterator[Outcome]:
    """Read the files and folders named, put their reports into the index, and yield one outcome per file.

    A report that is indexed again replaces itself. Everything is committed together, after the last outcome: an
    iteration that is broken off leaves the index as it was. `jobs` is the number of processes; `columns` is as in
    `read`. Raises `UsageError` where a path does not exist, `IndexLocked` where another process writes, `wait` seconds
    from now still.
    """
    if jobs < 1:
        raise UsageError("jobs must be 1 or more")
    return ingest_found(scan(paths), index=index, jobs=jobs, columns=columns, wait=wait)


def scan(paths: Iterable[str | os.PathLike[str]]) -> tuple[Found, ...]:
    """Return the files that the paths name, each once, in order; hidden files and sidecars are left out."""
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise UsageError(f"There is no file or folder {path}: check the path")
        for file in _below(path) if path.is_dir() else [path]:
            found.setdefault(file, path if path.is_dir() else path.parent)
    return tuple(found.items())


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(parent, name)
            if not name.startswith(".") and not is_sidecar(file) and file.is_file():
                yield file


def ingest_found(
    files: Sequence[Found],
    *,
    index: str | os.PathLike[str],
    jobs: int = 1,
    columns: Mapping[str, str] | None = None,
    wait: float = 0.0,
) -> Iterator[Outcome]:
    """Do what `ingest` does, with files that `scan` has found."""
    with Index.create(index) as opened, opened.writer(wait) as writer:
        opened.refresh()  # what was committed while it was waited for
        owners = {record.id: record.origin.path for record in opened.reports() if record.origin}
        tasks = (_Task(tuple(chunk), columns) for chunk in _chunks(files))
        for result in _work(tasks, jobs):
            yield from _keep(result, writer, owners)
        writer.commit()


def _chunks(files: Sequence[Found]) -> Iterator[list[Found]]:
    chunk: list[Found] = []
    size = 0
    for found in files:
        weight = _size(found[0])
        if chunk and (size + weight > _CHUNK_BYTES or len(chunk) >= _CHUNK_FILES):
            yield chunk
            chunk, size = [], 0
        chunk.append(found)
        size += weight
    if chunk:
        yield chunk


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # it is gone again: reading it will say so


def _work(tasks: Iterable[_Task], jobs: int) -> Iterator[_Read]:
    """Run tasks in order, in this process or in `jobs` others that stay a few tasks ahead."""
    if jobs == 1:
        yield from map(_run, tasks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        waiting = iter(tasks)
        ahead = [pool.submit(_run, task) for _, task in zip(range(jobs + 1), waiting, strict=False)]
        while ahead:
            result = ahead.pop(0).result()
            ahead += [pool.submit(_run, task) for _, task in zip(range(1), waiting, strict=False)]
            yield result


def _run(task: _Task) -> _Read:
    reports: list[Report] = []
    outcomes = []
    for path, root in task.files:
        outcome, found = _read(path, root, task.columns)
        outcomes.append(outcome)
        reports += found
    return _Read(tuple(outcomes), make_batch(reports, analyzer()))


def _read(path: Path, root: Path, columns: Mapping[str, str] | None) -> tuple[Outcome, list[Report]]:
    if path.stem.lower() in _NO_REPORTS:
        return Outcome(path, "skipped", reason="a file about its folder, not a report"), []
    reports: list[Report] = []
    status: Status = "indexed"
    reason: str | None = None
    try:
        for report in read(path, root=root, columns=columns):
            if report.paragraphs:
                reports.append(report)  # noqa: PERF401 - what comes before a fault is kept
    except UnsupportedFormat as error:
        status, reason = "skipped", str(error)
    except ReadError as error:
        status, reason = "failed", str(error)
    if not reports and reason is None:
        status, reason = "skipped", f"{path}: no paragraph in it"
    ids = tuple(report.id for report in reports)
    return Outcome(path, status, ids, sum(len(report.paragraphs) for report in reports), reason), reports


def _keep(result: _Read, writer: Writer, owners: dict[str, str]) -> Iterator[Outcome]:
    """Write what a task read, but for reports whose id another file already has; yield the outcomes."""
    kept = []
    for report in result.batch.reports:
        path = _path(report)
        if _gives_up(owners.get(report.id, path), path):
            owners[report.id] = path
            kept.append(report)
    whole = len(kept) == len(result.batch.reports)
    writer.add(result.batch if whole else make_batch(kept, analyzer()))
    for outcome in result.outcomes:
        mine = tuple(report_id for report_id in outcome.reports if owners[report_id] == str(outcome.path))
        if mine == outcome.reports:
            yield outcome
            continue
        lost = next(report_id for report_id in outcome.reports if report_id not in mine)
        reason = (
            f"the id {lost} already names a report of {owners[lost]}: rename the file, or give the record another id"
        )
        paragraphs = sum(len(report.paragraphs) for report in kept if _path(report) == str(outcome.path))
        yield replace(outcome, status="failed", reports=mine, paragraphs=paragraphs, reason=reason)


def _gives_up(owner: str, path: str) -> bool:
    """Tell whether the file an id came from is the same as another one, or gone, as after a move."""
    return owner == path or not Path(owner).exists() or Path(owner).samefile(path)


def _path(report: Report) -> str:
    return report.origin.path if report.origin else ""
