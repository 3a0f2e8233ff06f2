"""The one who writes: what the readers found goes into the index and its catalogue, commit by commit."""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from searcher.analysis import analyzer
from searcher.catalogue import REMOVED, Catalogue, KnownFile, KnownReport
from searcher.engines import Writer, make_batch, select
from searcher.errors import NotFound
from searcher.index import Index
from searcher.ingesting._entry import Entry
from searcher.ingesting._likeness import Likeness, likeness
from searcher.ingesting._owners import Owned, Owners
from searcher.ingesting._plan import item_of, settled
from searcher.ingesting._reading import Item, Part, Read
from searcher.model import Origin, Outcome, Report, Status

__all__ = ["Ledger"]

_MOST = 8  # times that a file is read again in one run; the next goes on


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
        self._entries: dict[str, Entry] = {}
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
            half = {path: entry.half(self._files.get(path)) for path, entry in self._entries.items()}
            self._writer.keep(Catalogue(self._files | half).dump())
            self._writer.commit(merge=merge)
            if self._index:
                self._index.refresh()
            self._owners.committed()
        self._committed = time.monotonic()
        self._changed = bool(self._entries)  # that they are half read is to be taken back

    # A report

    def _admit(self, report: Report, item: Item, mine: Likeness) -> bool:
        """Tell whether a report is to be indexed, and note it either way."""
        entry = self._entries.setdefault(item.key, Entry(item))
        if self._withdrawn(report, item):
            entry.withdrawn.append(report.id)
            return False
        twin = self._twin(report, entry, mine) if self._link else None
        if twin is not None:
            known = KnownReport(report.id, mine.text, mine.sketch, twin)
            entry.give(known)
            self._disown([report.id], item.key)
            self._owners.note(known, item.key)
            return False
        owned = self._owners.of(report.id)
        if owned is None:
            self._turns += 1
        elif owned.path != item.key and not self._owners.is_free(report.id, item.key):
            if not entry.refused:
                self._refused[item.key] = (
                    self._turns
                )  # it is read once more if others come, whose copy it may be, or go
            entry.refuse(report.id, owned.path)
            return False
        else:
            agrees = self._owners.about(report.id) == mine.about
            same = agrees and owned.report.text == mine.text
            if owned.path != item.key:
                self._take_over(report.id, owned.path)
            elif same and self._is_as_it_was(report, item):
                entry.give(owned.report, len(report.paragraphs))
                return False
            if not same:
                self._turns += 1
                self._forsake(report.id, mine.text if agrees else "")
            self._owners.drop(report.id)
        self._changed = True
        known = KnownReport(report.id, mine.text, mine.sketch)
        entry.give(known, len(report.paragraphs))
        self._owners.note(known, item.key, mine)
        return True

    def _is_as_it_was(self, report: Report, item: Item) -> bool:
        """Tell whether a file says what it said, and is read again for the sake of others: what it has is there."""
        file = self._files.get(item.key)
        unchanged = file and file.size >= 0 and report.origin and file.sha256 == report.origin.sha256
        return bool(unchanged) and not item.named

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

    def _twin(self, report: Report, entry: Entry, mine: Likeness) -> str | None:
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
                entry.lose(names)
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
        entry = self._entries.setdefault(path, Entry(item))
        self._again.pop(path, None)
        if read.standing != "failed":  # it was read to its end
            self._disown([report.id for report in entry.earlier(before)], path)
        del self._entries[path]
        file = entry.known(read, before)
        self._changed |= file != before
        self._files[path] = file
        status, why = self._came(read, file, before)
        outcome = entry.outcome(read, file, status, why, self._owners)
        if not entry.refused:
            self._refused.pop(path, None)
        if entry.outdated or entry.refused or file.has_copies:
            self._held[path] = _Held(outcome, status, why)
        else:
            self._held.pop(path, None)
            yield outcome
        if entry.outdated:
            self._reread(file)

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

    def _remove(self, path: str) -> tuple[str, ...]:
        """Take a file and its reports away; return their ids."""
        file = self._files.pop(path)
        self._refused.pop(path, None)
        self._disown(file.searched, path)
        self._changed = True
        return tuple(report.id for report in file.reports)
