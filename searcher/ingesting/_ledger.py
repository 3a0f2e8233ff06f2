"""The one who writes: what the readers found goes into the index and its catalogue, commit by commit."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from searcher.analysis import analyzer
from searcher.catalogue import REMOVED, Catalogue, KnownFile, KnownReport
from searcher.engines import Writer, make_batch, select
from searcher.errors import NotFound
from searcher.index import Index
from searcher.ingesting._likeness import Likeness, likeness
from searcher.ingesting._owners import Owned, Owners
from searcher.ingesting._plan import item_of, settled
from searcher.ingesting._reading import Item, Part, Read
from searcher.model import Origin, Outcome, Report, Status

__all__ = ["Ledger"]

_MOST = 8  # times that a file is read again in one run; the next goes on


@dataclass(slots=True)
class _Entry:
    """A file that is being read: what it gave so far."""

    item: Item
    reports: dict[str, KnownReport] = field(default_factory=dict)
    paragraphs: int = 0
    withdrawn: list[str] = field(default_factory=list)  # the ids of those that were removed, and stay away
    refused: list[str] = field(default_factory=list)  # the ids of those it could not give, and why
    reason: str = ""
    outdated: bool = False  # one of its copies is a copy no longer: it has to be read once more


class _Held(NamedTuple):
    """An outcome that waits: its file may be read again, where a copy is one no longer or an id is free at last."""

    outcome: Outcome
    status: Status  # what it is if it is indexed then, and why
    reason: str | None


class Ledger:
    """Puts parts into an index and tells what became of each file, once.

    `index` reads what is committed; None where all is built anew. `here` are the files that were found, `missing` those
    that are gone, with the paths the user would write; `link` tells to leave copies out, `commit_every` is in seconds.
    """

    def __init__(
        self,
        writer: Writer,
        catalogue: Catalogue,
        index: Index | None,
        *,
        here: AbstractSet[str],
        missing: Mapping[str, str],
        link: bool,
        commit_every: float,
    ) -> None:
        self._writer = writer
        self._files = catalogue.files
        self._index = index
        self._missing = missing
        self._link = link
        self._commit_every = commit_every
        self._committed = time.monotonic()
        self._changed = False
        self._again: dict[str, Item] = {}  # files to read once more
        self._held: dict[str, _Held] = {}
        self._refused: dict[str, int] = {}  # files of which an id was taken, and how many had come or gone until then
        self._turns = 0
        self._times: Counter[str] = Counter()  # that files were read again
        self._entries: dict[str, _Entry] = {}
        self._owners = Owners(index, here, missing)
        self._gone: dict[str, list[str]] = {}  # files that are no longer there, by hash
        for file in self._files.values():
            for report in file.reports:
                self._owners.note(report, file.path)
            if file.path in missing or not os.path.lexists(file.path):
                self._gone.setdefault(file.sha256, []).append(file.path)

    def settle(self, file: KnownFile, path: str) -> Iterator[Outcome]:
        """Tell of a file that is as it was; where it has copies, or an id may be free now, at the end."""
        outcome = settled(file, path)
        if file.refused:
            self._refused[file.path] = 0
        if file.has_copies or file.refused:
            self._held[file.path] = _Held(outcome, "updated" if file.searched else "indexed", None)
        else:
            yield outcome

    def take(self, part: Part) -> Iterator[Outcome]:
        """Write a part; yield the outcome of each file that ends with it, unless it is to wait."""
        rows = zip(part.batch.reports, part.items, part.likenesses, strict=True)
        kept = [self._admit(report, item, mine) for report, item, mine in rows]
        if any(kept):
            self._writer.add(select(part.batch, kept))
        for read in part.ended:
            yield from self._end(read)
        if time.monotonic() - self._committed >= self._commit_every:
            self.commit(merge=False)

    def again(self) -> list[Item]:
        """Return the files to read once more, in order, and forget them."""
        for path, turns in self._refused.items():
            file = self._files[path]
            if turns < self._turns or any(self._owners.is_free(report_id, path) for report_id in file.refused):
                self._reread(file)
        keys = [key for key in sorted(self._again) if self._times[key] < _MOST]
        items, self._again = [self._again[key] for key in keys], {}
        self._times.update(keys)
        return items

    def end(self) -> Iterator[Outcome]:
        """Yield the outcomes that have waited, and commit."""
        for held in self._held.values():
            yield held.outcome
        self._held = {}
        self.commit()

    def remove_missing(self) -> Iterator[Outcome]:
        """Take the files away that are gone and did not turn up elsewhere."""
        for key in sorted(self._missing.keys() & self._files.keys()):
            yield Outcome(self._missing[key], "removed", self._remove(key))

    def withdraw(self, chosen: Mapping[str, AbstractSet[str]], whole: AbstractSet[str]) -> None:
        """Take reports away, by file; one of which nothing is left is not to be read again, unless somebody names it.

        Of a file that is to be read again something may be left, if it was not named as a `whole`.
        """
        for path, report_ids in chosen.items():
            file = self._files[path]
            left = tuple(report for report in file.reports if report.id not in report_ids)
            file = file._replace(reports=left, withdrawn=tuple(sorted({*file.withdrawn, *report_ids})))
            if path in whole or not (left or file.refused or file.size < 0):
                file = file._replace(standing="skipped", reason=REMOVED, refused=())
            self._files[path] = file
        for path, report_ids in chosen.items():  # after that: who has a copy that goes too need not be read again
            self._disown(report_ids, path)
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
            self._owners.committed()
        self._committed = time.monotonic()
        self._changed = bool(self._entries)  # that they are half read is to be taken back

    def _half(self, entry: _Entry) -> KnownFile:
        item = entry.item
        reports = (*entry.reports.values(), *self._earlier(item.key, entry.reports))
        reason = "reading it was broken off"
        known = self._files.get(item.key)
        sha256, withdrawn = (known.sha256, known.withdrawn) if known else ("", ())
        return KnownFile(item.key, item.root, item.name, -1, -1, sha256, "failed", reason, withdrawn, reports=reports)

    def _earlier(self, path: str, new: dict[str, KnownReport]) -> list[KnownReport]:
        """Return the reports a file gave before and has not given again."""
        file = self._files.get(path)
        return [report for report in file.reports if report.id not in new] if file else []

    # A report

    def _admit(self, report: Report, item: Item, mine: Likeness) -> bool:
        """Tell whether a report is to be indexed, and note it either way."""
        entry = self._entries.setdefault(item.key, _Entry(item))
        if self._withdrawn(report, item):
            entry.withdrawn.append(report.id)
            return False
        twin = self._twin(report, entry, mine) if self._link else None
        if twin is not None:
            entry.reports[report.id] = known = KnownReport(report.id, mine.text, mine.sketch, twin)
            self._disown([report.id], item.key)
            self._owners.note(known, item.key)
            return False
        owned = self._owners.of(report.id)
        if owned is not None:
            if owned.path != item.key:
                if not self._owners.is_free(report.id, item.key):
                    self._refuse(report.id, entry, owned.path)
                    return False
                self._take_over(report.id, owned.path)
            elif not item.named and self._stays(report, owned, mine):
                entry.paragraphs += len(report.paragraphs) if report.id not in entry.reports else 0
                entry.reports[report.id] = owned.report
                return False
            same = self._owners.about(report.id) == mine.about
            if not same or owned.report.text != mine.text:
                self._forsake(report.id, mine.text if same else "")
                self._turns += 1
            self._owners.drop(report.id)
        else:
            self._turns += 1
        self._changed = True
        entry.paragraphs += len(report.paragraphs) if report.id not in entry.reports else 0
        entry.reports[report.id] = known = KnownReport(report.id, mine.text, mine.sketch)
        self._owners.note(known, item.key, mine)
        return True

    def _stays(self, report: Report, owned: Owned, mine: Likeness) -> bool:
        """Tell whether the index has a report as its file has it, which is read again for the sake of others."""
        file = self._files.get(owned.path)
        if not file or file.size < 0 or report.origin is None or file.sha256 != report.origin.sha256:
            return False
        return owned.report.text == mine.text and self._owners.about(report.id) == mine.about

    def _refuse(self, report_id: str, entry: _Entry, owner: str) -> None:
        """Note a report whose id is taken; its file is read once more if others come, whose copy it may be, or go."""
        if not entry.refused:
            self._refused[entry.item.key] = self._turns
            entry.reason = (
                f"the id {report_id} already names a report of {owner}: rename the file, or give the record another id"
            )
        entry.refused.append(report_id)

    def _withdrawn(self, report: Report, item: Item) -> bool:
        """Tell whether a report was removed, and its file says the same as then, be it where it was or elsewhere."""
        if report.origin is None or item.named:
            return False
        file = self._files.get(item.key)
        if file and file.sha256 == report.origin.sha256:
            return report.id in file.withdrawn
        gone = [self._files[path] for path in self._moved_from(report.origin, file)]
        return bool(gone) and all(was.removed or report.id in was.withdrawn for was in gone)

    def _take_over(self, report_id: str, owner: str) -> None:
        """Take a report from a file, which is to be read again should it come back."""
        file = self._files.get(owner)
        if file:
            self._files[owner] = file.unread({report_id})

    def _twin(self, report: Report, entry: _Entry, mine: Likeness) -> str | None:
        """Return the report that has the same text, if there is one."""
        moved = self._moved_from(report.origin, self._files.get(entry.item.key))

        def stands(other: Owned) -> bool:
            if other.path != entry.item.key:
                return other.path not in moved
            # Of the same file: not as it was before.
            return other.report.id != report.id and other.report.id in entry.reports and not mine.told_apart

        return self._owners.twin(mine, stands)

    def _moved_from(self, origin: Origin | None, before: KnownFile | None) -> list[str]:
        """Return the files that are gone and were what a file has become, those with reports first."""
        if origin is None or (before and before.sha256 == origin.sha256):
            return []
        paths = [path for path in self._gone.get(origin.sha256, []) if path in self._files]
        return sorted(paths, key=lambda path: not self._files[path].reports)

    def _disown(self, report_ids: Iterable[str], path: str) -> None:
        """Take the reports of a file out of the index."""
        mine = [owned.report.id for owned in map(self._owners.of, report_ids) if owned and owned.path == path]
        self._writer.remove(mine)
        for report_id in mine:
            self._owners.drop(report_id)
        for report_id in mine:
            self._changed = True
            self._turns += 1
            self._forsake(report_id)

    def _forsake(self, report_id: str, text: str = "") -> None:
        """Have the files read again whose copies are copies of a report no longer: it is gone, or says other things.

        Those with the text that it has still are. Files that are away keep what it said.
        """

        def lost(reports: Iterable[KnownReport]) -> set[str]:
            return {report.id for report in reports if report.copy_of == report_id and report.text != text}

        away: dict[str, set[str]] = {}
        for path in self._owners.copying(report_id):
            entry, file = self._entries.get(path), self._files.get(path)
            if entry and (names := lost(entry.reports.values())):
                entry.outdated = True
                entry.reports = {name: report for name, report in entry.reports.items() if name not in names}
            if file and (names := lost(file.reports)):
                if not (entry or path in self._missing or os.path.lexists(path)):
                    away[path] = names
                    continue
                self._files[path] = file.unread(names)
                if not entry:  # else it is being read
                    self._reread(file)
        if not text:
            self._owners.drop_copies(report_id)
        if away:
            self._bequeath(report_id, away)

    def _bequeath(self, report_id: str, away: Mapping[str, AbstractSet[str]]) -> None:
        """Leave what a report said to its copies in files that are away, until these are back and are read again.

        The first is searched from now on, unless another report has the text. What was not committed is lost till then.
        """
        said = self._said(report_id)
        twin = self._owners.twin(likeness(said), lambda other: other.report.id != report_id) if said else None
        free = (name for names in away.values() for name in sorted(names) if name not in self._owners)
        heir = twin or next(free, None)
        for path, names in away.items():
            file = self._files[path]
            if said is None or heir is None:
                self._files[path] = file.unread(names)
                continue
            found = []
            for report in file.reports:
                if report.id == heir and heir in names and heir not in self._owners:
                    found.append(self._inherit(report, file, said))
                elif report.id in names:
                    found.append(report._replace(copy_of=heir))
                    self._owners.note(found[-1], path)
                else:
                    found.append(report)
            self._files[path] = file.unread()._replace(reports=tuple(found))

    def _said(self, report_id: str) -> Report | None:
        """Return a report as it was committed last."""
        if self._index:
            with suppress(NotFound):
                return self._index.report(report_id)
        return None

    def _inherit(self, copy: KnownReport, file: KnownFile, said: Report) -> KnownReport:
        """Index what another report said in the place of a copy of a file."""
        paragraphs = tuple(replace(paragraph, report_id=copy.id) for paragraph in said.paragraphs)
        origin = Origin(file.path, file.size, file.mtime_ns, file.sha256)
        report = replace(said, id=copy.id, paragraphs=paragraphs, origin=origin)
        mine = likeness(report)
        known = KnownReport(report.id, mine.text, mine.sketch)
        self._writer.add(make_batch([report], analyzer()))
        self._owners.note(known, file.path, mine)
        self._changed = True
        self._turns += 1
        return known

    def _reread(self, file: KnownFile) -> None:
        """Have a file read once more, if it is there."""
        if os.path.isfile(file.path) and file.path not in self._missing:
            held = self._held.get(file.path)
            item = item_of(file)
            self._again[file.path] = item._replace(path=held.outcome.path) if held else item

    # A file

    def _end(self, read: Read) -> Iterator[Outcome]:
        item, path = read.item, read.item.key
        before = self._files.get(path)
        if read.same and before and read.origin:
            yield from self._same(before, read.origin, item)
            return
        entry = self._entries.setdefault(path, _Entry(item))
        self._again.pop(path, None)
        if read.standing != "failed":  # it was read to its end
            self._disown([report.id for report in self._earlier(path, entry.reports)], path)
        del self._entries[path]
        file = self._known(read, entry, before)
        self._changed |= file != before
        self._files[path] = file
        status, why = self._came(read, file, before)
        outcome = self._told(read, file, entry, status, why)
        if not entry.refused:
            self._refused.pop(path, None)
        if entry.outdated or entry.refused or file.has_copies:
            self._held[path] = _Held(outcome, status, why)
        else:
            self._held.pop(path, None)
            yield outcome
        if entry.outdated:
            self._reread(file)

    def _known(self, read: Read, entry: _Entry, before: KnownFile | None) -> KnownFile:
        """Return what is known of a file that was read."""
        item, origin = read.item, read.origin
        size, mtime_ns, sha256 = (origin.size, origin.mtime_ns, origin.sha256) if origin else (-1, -1, "")
        earlier = self._earlier(item.key, entry.reports) if read.standing == "failed" else []
        stay_away = before.withdrawn if before and before.sha256 == sha256 and not item.named else ()
        file = KnownFile(
            item.key,
            item.root,
            item.name,
            size,
            mtime_ns,
            sha256,
            standing="failed" if entry.refused else read.standing,
            reason=read.reason or entry.reason,
            withdrawn=tuple(sorted({*stay_away, *entry.withdrawn})),
            refused=tuple(dict.fromkeys(entry.refused)),
            reports=(*entry.reports.values(), *earlier),
        )
        if file.standing == "indexed" and file.withdrawn and not file.reports:
            file = file._replace(standing="skipped", reason=REMOVED)
        return file.unread() if entry.outdated else file

    def _same(self, before: KnownFile, origin: Origin, item: Item) -> Iterator[Outcome]:
        """Note the new time of a file that is what it was, unless it is to be read again in spite of that."""
        if item.key in self._again:
            self._again[item.key] = self._again[item.key]._replace(path=item.path)
            return
        file = before._replace(size=origin.size, mtime_ns=origin.mtime_ns)
        self._changed |= file != before
        self._files[before.path] = file
        yield from self.settle(before, item.path)

    def _came(self, read: Read, file: KnownFile, before: KnownFile | None) -> tuple[Status, str | None]:
        """Return how a file came to be indexed, if it was, and from where; there it is known no longer."""
        held = self._held.get(file.path)
        if held:
            return held.status, held.reason
        gone = self._moved_from(read.origin, before) if file.standing == "indexed" else []
        if not gone:
            return "updated" if before and before.reports else "indexed", None
        self._remove(gone[0])
        return "updated" if before and before.sha256 else "moved", f"from {gone[0]}"

    def _told(self, read: Read, file: KnownFile, entry: _Entry, status: Status, reason: str | None) -> Outcome:
        if file.standing != "indexed":
            status, reason = file.standing, file.reason
            kept = len(file.reports) - len(entry.reports)
            if kept:
                reason = f"{reason}; reports it gave before that are still there: {kept}"
        copies = tuple((report.id, report.copy_of) for report in entry.reports.values() if report.copy_of)
        if copies and file.standing == "indexed":
            if len(copies) == len(entry.reports):
                status = "duplicate"
            told = "its text is" if len(entry.reports) == 1 else f"the texts of {len(copies)} reports are"
            owned = self._owners.of(copies[0][1])
            reason = f"{told} that of {copies[0][1]}, in {owned.path if owned else 'another file'}"
        return Outcome(read.item.path, status, tuple(entry.reports), entry.paragraphs, reason, copies)

    def _remove(self, path: str) -> tuple[str, ...]:
        """Take a file and its reports away; return their ids."""
        file = self._files.pop(path)
        self._refused.pop(path, None)
        self._disown(file.searched, path)
        self._changed = True
        return tuple(report.id for report in file.reports)
