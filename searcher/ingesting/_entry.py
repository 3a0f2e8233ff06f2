"""A file that is being read: what it gave so far, what is known of it then, and what is told of it."""

from collections.abc import Container
from dataclasses import dataclass, field

from searcher.catalogue import REMOVED, KnownFile, KnownReport
from searcher.ingesting._owners import Owners
from searcher.ingesting._reading import Item, Read
from searcher.model import Outcome, Status

__all__ = ["Entry"]


@dataclass(slots=True)
class Entry:
    """What a file gave so far. `before`, in what is asked of it, is what was known of the file."""

    item: Item
    reports: dict[str, KnownReport] = field(default_factory=dict)
    paragraphs: int = 0
    withdrawn: list[str] = field(default_factory=list)  # the ids of those that were removed, and stay away
    refused: list[str] = field(default_factory=list)  # the ids of those it could not give, and why
    reason: str = ""
    outdated: bool = False  # one of its copies is a copy no longer: it has to be read once more

    def give(self, report: KnownReport, paragraphs: int = 0) -> None:
        """Note a report of the file; a copy has no paragraphs of its own."""
        self.paragraphs += 0 if report.id in self.reports else paragraphs
        self.reports[report.id] = report

    def refuse(self, report_id: str, owner: str) -> None:
        """Note a report whose id is taken."""
        self.refused.append(report_id)
        self.reason = self.reason or (
            f"the id {report_id} already names a report of {owner}: rename the file, or give the record another id"
        )

    def lose(self, names: Container[str]) -> None:
        """Forget copies that are copies no longer."""
        self.outdated = True
        self.reports = {name: report for name, report in self.reports.items() if name not in names}

    def earlier(self, before: KnownFile | None) -> list[KnownReport]:
        """Return the reports that the file gave before, and has not given again."""
        return [report for report in before.reports if report.id not in self.reports] if before else []

    def half(self, before: KnownFile | None) -> KnownFile:
        """Return what is known of the file while it is not read to its end: the next run reads it again."""
        item, reason = self.item, "reading it was broken off"
        sha256, withdrawn = (before.sha256, before.withdrawn) if before else ("", ())
        reports = (*self.reports.values(), *self.earlier(before))
        return KnownFile(item.key, item.root, item.name, -1, -1, sha256, "failed", reason, withdrawn, reports=reports)

    def known(self, read: Read, before: KnownFile | None) -> KnownFile:
        """Return what is known of the file once it was read."""
        item, origin = self.item, read.origin
        size, mtime_ns, sha256 = (origin.size, origin.mtime_ns, origin.sha256) if origin else (-1, -1, "")
        earlier = self.earlier(before) if read.standing == "failed" else []
        stay_away = before.withdrawn if before and before.sha256 == sha256 and not item.named else ()
        file = KnownFile(
            item.key,
            item.root,
            item.name,
            size,
            mtime_ns,
            sha256,
            standing="failed" if self.refused else read.standing,
            reason=read.reason or self.reason,
            withdrawn=tuple(sorted({*stay_away, *self.withdrawn})),
            refused=tuple(dict.fromkeys(self.refused)),
            reports=(*self.reports.values(), *earlier),
        )
        if file.standing == "indexed" and file.withdrawn and not file.reports:
            file = file._replace(standing="skipped", reason=REMOVED)
        return file.unread() if self.outdated else file

    def outcome(self, read: Read, file: KnownFile, status: Status, reason: str | None, owners: Owners) -> Outcome:
        """Return what is told of the file; `status` and `reason` say how it came to be indexed, if it was."""
        if file.standing != "indexed":
            status, reason = file.standing, file.reason
            kept = len(file.reports) - len(self.reports)
            if kept:
                reason = f"{reason}; reports it gave before that are still there: {kept}"
        copies = tuple((report.id, report.copy_of) for report in self.reports.values() if report.copy_of)
        if copies and file.standing == "indexed":
            if len(copies) == len(self.reports):
                status = "duplicate"
            told = "its text is" if len(self.reports) == 1 else f"the texts of {len(copies)} reports are"
            owned = owners.of(copies[0][1])
            reason = f"{told} that of {copies[0][1]}, in {owned.path if owned else 'another file'}"
        return Outcome(read.item.path, status, tuple(self.reports), self.paragraphs, reason, copies)
