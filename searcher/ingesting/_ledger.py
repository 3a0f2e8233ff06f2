"""The one who writes: what the readers found goes into the index and its catalogue, commit by commit."""

import os
import time
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from searcher.catalogue import Catalogue, KnownFile, KnownReport
from searcher.engines import Writer, select
from searcher.errors import NotFound
from searcher.index import Index
from searcher.ingesting._likeness import Likeness, about_of, agree, alike, likeness, parts
from searcher.ingesting._plan import item_of, settled
from searcher.ingesting._reading import Item, Part, Read
from searcher.model import Origin, Outcome, Report, Status

__all__ = ["Ledger"]

_SIMILAR = 2  # hashes of four: texts that resemble each other by nine tenths have as many in 996 of 1,000 cases


@dataclass(slots=True)
class _Entry:
    """A file that is being read: what it gave so far."""

    item: Item
    reports: dict[str, KnownReport] = field(default_factory=dict)
    paragraphs: int = 0
    refused: str = ""  # why it could not give all of its reports


class Ledger:
    """Puts parts into an index and tells what became of each file.

    `index` reads what is committed; None where all is built anew. `missing` are files that are gone, `link` tells to
    leave copies out, `commit_every` is in seconds.
    """

    def __init__(
        self,
        writer: Writer,
        catalogue: Catalogue,
        index: Index | None,
        *,
        missing: Iterable[str],
        link: bool,
        commit_every: float,
    ) -> None:
        self.again: list[Item] = []  # files to read once more: their copies have lost the report they were copies of
        self._writer = writer
        self._files = catalogue.files
        self._index = index
        self._missing = set(missing)
        self._away = set(missing)  # those, and what else is not where it was
        self._link = link
        self._commit_every = commit_every
        self._committed = time.monotonic()
        self._changed = False
        self._entries: dict[str, _Entry] = {}
        self._likenesses: dict[str, Likeness] = {}  # of reports that are not committed yet
        self._owners: dict[str, str] = {}  # the file of each report that is searched
        self._texts: dict[str, str] = {}  # a report of each text
        self._sketched: dict[int, str] = {}  # a report for each hash of a sketch
        self._copied: dict[str, set[str]] = {}  # the files with copies of a report
        self._gone: dict[tuple[int, str], str] = {}  # files that are no longer there, by size and hash
        for file in self._files.values():
            for report in file.reports:
                self._note(report, file.path)
            if file.path in self._missing or not os.path.lexists(file.path):
                self._away.add(file.path)
                self._gone[file.size, file.sha256] = file.path

    def take(self, part: Part) -> Iterator[Outcome]:
        """Write a part; yield the outcome of each file that ends with it."""
        rows = zip(part.batch.reports, part.items, part.likenesses, strict=True)
        kept = [self._admit(report, item, mine) for report, item, mine in rows]
        if any(kept):
            self._writer.add(select(part.batch, kept))
        for read in part.ended:
            yield self._end(read)
        if time.monotonic() - self._committed >= self._commit_every:
            self.commit(merge=False)

    def remove_missing(self) -> Iterator[Outcome]:
        """Take the files away that are gone and did not turn up elsewhere."""
        for path in sorted(self._missing & self._files.keys()):
            yield Outcome(path, "removed", self._remove(path))

    def withdraw(self, path: str, report_ids: Container[str]) -> None:
        """Take reports of a file away; the file is not to be read again as it is."""
        file = self._files[path]
        left = tuple(report for report in file.reports if report.id not in report_ids)
        self._disown([report.id for report in file.reports if report.id in report_ids], path)
        file = self._files[path]._replace(reports=left)
        if not left:
            file = file._replace(standing="skipped", reason="it was removed; name it to have it back")
        self._files[path] = file
        self._changed = True

    def commit(self, *, merge: bool = True) -> None:
        """Commit what there is, files that are half read among it: the next run reads those again.

        On the way nothing is merged: the end of the run would merge it again.
        """
        if self._changed:
            half = {path: self._half(entry) for path, entry in self._entries.items()}
            self._writer.keep(Catalogue(self._files | half).dump())
            self._writer.commit(merge=merge)
            if self._index:
                self._index.refresh()
                self._likenesses.clear()
        self._committed = time.monotonic()
        self._changed = False

    def _half(self, entry: _Entry) -> KnownFile:
        item = entry.item
        reports = (*entry.reports.values(), *self._earlier(item.key, entry.reports))
        reason = "reading it was broken off"
        return KnownFile(item.key, item.root, item.name, -1, -1, "", "failed", reason, reports)

    def _earlier(self, path: str, new: dict[str, KnownReport]) -> list[KnownReport]:
        """Return the reports a file gave before and has not given again."""
        file = self._files.get(path)
        return [report for report in file.reports if report.id not in new] if file else []

    # A report

    def _admit(self, report: Report, item: Item, mine: Likeness) -> bool:
        """Tell whether a report is to be indexed, and note it either way."""
        self._changed = True
        entry = self._entries.setdefault(item.key, _Entry(item))
        twin = self._twin(report.id, entry, mine) if self._link else None
        if twin is not None:
            entry.reports[report.id] = known = KnownReport(report.id, mine.text, mine.sketch, twin)
            self._disown([report.id], item.key)
            self._note(known, item.key)
            return False
        owner = self._owners.get(report.id, item.key)
        if owner != item.key:
            if not self._gives_up(owner, item.key):
                entry.refused = entry.refused or (
                    f"the id {report.id} already names a report of {owner}: rename the file, or give the record "
                    "another id"
                )
                return False
            self._take_over(report.id, owner)
        elif report.id in self._owners:
            self._forsake(report.id, mine)
        entry.paragraphs += len(report.paragraphs) if report.id not in entry.reports else 0
        entry.reports[report.id] = known = KnownReport(report.id, mine.text, mine.sketch)
        self._note(known, item.key)
        self._likenesses[report.id] = mine
        return True

    def _gives_up(self, owner: str, path: str) -> bool:
        """Tell whether the file an id came from is gone, or the same as another one."""
        if owner in self._away or not os.path.exists(owner):
            return True
        return os.path.exists(path) and os.path.samefile(owner, path)

    def _take_over(self, report_id: str, owner: str) -> None:
        file = self._files.get(owner)
        if file:
            left = tuple(report for report in file.reports if report.id != report_id)
            self._files[owner] = file._replace(reports=left)

    def _twin(self, report_id: str, entry: _Entry, mine: Likeness) -> str | None:
        """Return the report that has the same text, if there is one."""
        similar = Counter(self._sketched.get(part) for part in parts(mine.sketch))
        agreeing = [other for other, times in similar.items() if times >= _SIMILAR]
        for other in dict.fromkeys((report_id, self._texts.get(mine.text), *agreeing)):
            owner = self._owners.get(other) if other else None
            if other is None or owner is None or owner in self._away:
                continue
            if owner == entry.item.key and (other == report_id or other not in entry.reports):
                continue  # of the same file as it was before
            if self._is_copy(mine, other):
                return other
        return None

    def _is_copy(self, mine: Likeness, other: str) -> bool:
        """Tell whether a report stands for another; what is known of it is read in a fraction of its text's time."""
        known = self._likenesses.get(other)
        if known or not self._index:
            return known is not None and alike(mine, known)
        try:
            about = about_of(self._index.metadata(other))
            return agree(mine.about, about) and alike(mine, likeness(self._index.report(other)))
        except NotFound:  # it was in no commit yet, and gave way since
            return False

    def _note(self, report: KnownReport, path: str) -> None:
        """Note who has a report, and how it is found by its text."""
        if report.copy_of:
            self._copied.setdefault(report.copy_of, set()).add(path)
            return
        self._owners[report.id] = path
        self._texts[report.text] = report.id
        self._sketched |= dict.fromkeys(parts(report.sketch), report.id)

    def _disown(self, report_ids: Iterable[str], path: str) -> None:
        """Take the reports of a file out of the index."""
        mine = [report_id for report_id in report_ids if self._owners.get(report_id) == path]
        self._writer.remove(mine)
        for report_id in mine:
            del self._owners[report_id]
            self._likenesses.pop(report_id, None)
            self._forsake(report_id, None)

    def _forsake(self, report_id: str, now: Likeness | None) -> None:
        """Have the files read again whose copies are copies of a report no longer: it is gone, or says other things."""
        for path in self._copied.get(report_id, set()):
            file = self._files.get(path)
            copies = [report for report in file.reports if report.copy_of == report_id] if file else []
            if file and copies and any(now is None or copy.text != now.text for copy in copies):
                self._files[path] = file.unread()
                if os.path.exists(path) and path not in self._missing:
                    self.again.append(item_of(file))

    # A file

    def _end(self, read: Read) -> Outcome:
        item, path = read.item, read.item.key
        entry = self._entries.pop(path, _Entry(item))
        before = self._files.get(path)
        if read.same and before and read.origin:
            return self._same(before, read.origin, item)
        standing = "failed" if entry.refused and not read.reason else read.standing
        earlier = self._earlier(path, entry.reports)
        if standing != "failed":
            self._disown([report.id for report in earlier], path)
            earlier = []
        origin = None if entry.refused else read.origin  # an id that is taken may be free with the next run
        size, mtime_ns, sha256 = (origin.size, origin.mtime_ns, origin.sha256) if origin else (-1, -1, "")
        reason = read.reason or entry.refused
        reports = (*entry.reports.values(), *earlier)
        file = KnownFile(path, item.root, item.name, size, mtime_ns, sha256, standing, reason, reports)
        self._changed |= file != before
        self._files[path] = file
        return self._told(read, file, before, entry)

    def _same(self, before: KnownFile, origin: Origin, item: Item) -> Outcome:
        """Note the new time of a file that is what it was."""
        file = before._replace(size=origin.size, mtime_ns=origin.mtime_ns)
        self._changed |= file != before
        self._files[before.path] = file
        return settled(before, item.path)

    def _told(self, read: Read, file: KnownFile, before: KnownFile | None, entry: _Entry) -> Outcome:
        copies = tuple((report.id, report.copy_of) for report in entry.reports.values() if report.copy_of)
        status: Status = file.standing
        reason = file.reason or None
        if file.standing == "failed" and len(file.reports) > len(entry.reports):
            reason = f"{reason}; what it gave before is still there"
        if file.standing == "indexed":
            status = "updated" if before and before.reports else "indexed"
            was = None if before else self._gone.get((file.size, file.sha256))
            if was in self._files and was is not None:
                self._remove(was)
                status, reason = "moved", f"from {was}"
            if copies and len(copies) == len(entry.reports):
                status = "duplicate"
            if copies:
                told = "its text is" if len(entry.reports) == 1 else f"the texts of {len(copies)} reports are"
                reason = f"{told} that of {copies[0][1]}, in {self._owners.get(copies[0][1], 'another file')}"
        return Outcome(read.item.path, status, tuple(entry.reports), entry.paragraphs, reason, copies)

    def _remove(self, path: str) -> tuple[str, ...]:
        """Take a file and its reports away; return their ids."""
        file = self._files.pop(path)
        self._disown(file.searched, path)
        self._changed = True
        return tuple(report.id for report in file.reports)
