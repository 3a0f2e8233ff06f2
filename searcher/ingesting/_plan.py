"""What is to be done? The files found beside the files known: sizes and times are compared, nothing is opened."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from searcher.catalogue import Catalogue, KnownFile
from searcher.ingesting._reading import Item
from searcher.ingesting._scan import Found, Scan
from searcher.model import Outcome

__all__ = ["Plan", "item_of", "make_plan", "settled"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The files that need not be opened, those to read, and those that are gone."""

    settled: list[tuple[KnownFile, str]]  # and the paths they were found by
    items: list[Item]
    missing: dict[str, str]  # and the paths the user would write
    here: frozenset[str]  # the keys of all files that were found


def make_plan(found: Scan, catalogue: Catalogue, *, checksum: bool = False, keep_missing: bool = False) -> Plan:
    """Return what there is to do. `checksum` hashes every file; `keep_missing` leaves those that are gone.

    `found` has no files any more then: there may be very many, and the plan has what is needed of them.
    """
    known = catalogue.files
    missing = {} if keep_missing else {key: found.written(key) for key in known if found.missing(key)}
    plan = Plan([], [], missing, frozenset(found.files))
    names: dict[str, KnownFile | Item] | None = None
    for key, there in found.files.items():
        file = known.get(key)
        if file is None or not file.name:
            if names is None:
                names = {file.name: file for file in known.values() if file.path not in missing}
            name = _name(there, names)
            item = Item(there.path, key, there.root, name, there.size, there.mtime_ns, "", there.beside, there.named)
            names[item.name] = item
            plan.items.append(item)
        elif there.named and (file.standing != "indexed" or file.withdrawn):
            plan.items.append(item_of(file, there))
        elif checksum or (file.size, file.mtime_ns) != (there.size, there.mtime_ns):
            plan.items.append(item_of(file, there, file.sha256 if file.hash_tells else ""))
        else:
            plan.settled.append((file, there.path))
    found.files.clear()
    return plan


def item_of(file: KnownFile, there: Found | None = None, sha256: str = "") -> Item:
    """Return a file that is known as one to read, under the name it was given at first."""
    if there is None:
        return Item(file.path, file.path, file.root, file.name, -1, -1, sha256)
    # Sidecars count up to the folder it was found under at first.
    beside = there.beside if there.root == file.root else None
    return Item(there.path, file.path, file.root, file.name, there.size, there.mtime_ns, sha256, beside, there.named)


def settled(file: KnownFile, path: str) -> Outcome:
    """Return the outcome of a file that is as it was: what is remembered of it."""
    ids = tuple([report.id for report in file.reports])
    if file.standing == "indexed":
        return Outcome(path, "unchanged", ids)
    return Outcome(path, file.standing, ids, reason=file.reason)


def _name(found: Found, taken: Mapping[str, KnownFile | Item]) -> str:
    """Return what stands for a new file in ids: its path in its folder, unless another file is called so already.

    A file that is not where it was gives its name to one of its size and time: that is where it is now. To others it
    does not: it may come back.
    """
    own = found.name
    for name in (own, f"{os.path.basename(found.root)}/{own}", found.key):
        holder = taken.get(name)
        if holder is None:
            break
        alike = (holder.size, holder.mtime_ns) == (found.size, found.mtime_ns)
        if alike and isinstance(holder, KnownFile) and not os.path.lexists(holder.path):
            break
    return name
