"""Which files do the paths name? A walk that opens nothing, and names what it cannot follow."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from operator import attrgetter
from typing import NamedTuple

from searcher.errors import UsageError
from searcher.model import Outcome, Status
from searcher.reading import FOLDER_SIDECARS, is_sidecar, mark, sidecar_names
from searcher.reading import stat as stamp_of

__all__ = ["Found", "Scan", "below", "scan"]

_HIDDEN = (".", "~$")  # beginnings of names: hidden files, and what Office leaves beside an open document


class Found(NamedTuple):
    """A file, as it stood there when its folder was listed."""

    path: str  # as the user would write it
    key: str  # absolute, the links on the way to the folder that was named resolved
    root: str  # the key of the folder it was found under
    size: int
    mtime_ns: int  # of the file, and what its sidecars add
    named: bool  # by the user itself, not through a folder
    beside: tuple[str, ...] | None = None  # its sidecars, the nearest first; None where nobody has looked

    @property
    def name(self) -> str:
        """Its path in the folder it was found under."""
        inside = self.root.rstrip(os.sep) + os.sep
        found = self.key[len(inside) :] if self.key.startswith(inside) else os.path.relpath(self.key, self.root)
        return found.replace(os.sep, "/")


class _Above(NamedTuple):
    """The sidecars that speak of what stands in a folder."""

    marks: int  # what they add to a file's time
    paths: tuple[str, ...]  # the nearest first

    def under(self, folder: str, names: Iterable[str], marks: Mapping[str, int]) -> "_Above":
        """Return these, and nearer ones of a folder."""
        names = list(names)
        added = sum(marks[name] for name in names)
        return _Above(self.marks + added, (*(folder + name for name in names), *self.paths))


class Scan:
    """What stands under some paths."""

    def __init__(self) -> None:
        self.files: dict[str, Found] = {}  # by key
        self.refused: dict[str, Outcome] = {}  # what is no file, or cannot be listed, by key
        self._roots: dict[str, str] = {}  # the folders that were named, and how they were written
        self._unknown: list[str] = []  # what nobody can tell of what it is or holds
        self._visited: set[tuple[int, int]] = set()
        self._links: list[tuple[str, str, str, _Above]] = []

    def missing(self, key: str) -> bool:
        """Tell whether a file was to be found under the paths, and was not."""
        return (
            key not in self.files
            and any(below(key, root) for root in self._roots)
            and not any(below(key, folder) for folder in self._unknown)
        )

    def written(self, key: str) -> str:
        """Return a path under the paths as the user would write it."""
        root = max((root for root in self._roots if below(key, root)), key=len)
        return os.path.join(self._roots[root], os.path.relpath(key, root))

    def leave_out(self, folder: str) -> None:
        """Enter a folder under no name."""
        with suppress(OSError):
            where = os.stat(folder)
            self._visited.add((where.st_dev, where.st_ino))

    def add_folder(self, path: str) -> None:
        """Add the files in a folder and below. Links wait for `follow_links`."""
        root = os.path.realpath(path)
        self._roots.setdefault(root, path)
        self._walk(path, root, root, _Above(0, ()))

    def follow_links(self) -> None:
        """Enter the folders that links lead to, after everything that is no link, and each folder once."""
        while self._links:
            self._walk(*self._links.pop(0))

    def add_named(self, path: str) -> None:
        """Add a file that the user named, unless it was found in a folder: then it is that one."""
        for key in self._below_roots(path):
            if key in self.files:
                self.files[key] = self.files[key]._replace(named=True)
                return
        folder, name = os.path.split(path)
        root = os.path.realpath(folder)
        key = os.path.join(root, name)
        try:
            size, mtime_ns = stamp_of(path, root=folder or ".")
        except OSError as error:
            self._refuse(key, path, "failed", f"{error.strerror}; check its rights")
            return
        if not os.path.isfile(path):
            self._refuse(key, path, "skipped", "no regular file", gone=True)
            return
        known = self.files.get(key) or Found(path, key, root, size, mtime_ns, named=True)
        self.files[key] = known._replace(named=True)

    def _below_roots(self, path: str) -> Iterator[str]:
        """Yield the keys that a path has below the folders that were named, links on its way left as they are."""
        absolute = os.path.abspath(path)
        for root, written in self._roots.items():
            if below(absolute, os.path.abspath(written)):
                yield os.path.join(root, os.path.relpath(absolute, os.path.abspath(written)))

    def _walk(self, folder: str, key: str, root: str, above: _Above) -> None:
        """Add the files of a folder, then those of the folders below; `above` are the sidecars above it."""
        waiting = [(folder, key, above)]
        while waiting:
            folder, key, above = waiting.pop()
            try:
                where = os.stat(folder)
                if (where.st_dev, where.st_ino) in self._visited:
                    if os.path.islink(folder):
                        reason = "a link to a folder that is read under another name"
                        self._refuse(key, folder, "skipped", reason, gone=True)
                    continue
                self._visited.add((where.st_dev, where.st_ino))
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=attrgetter("name"))
            except OSError as error:
                reason = f"cannot be listed ({error.strerror}); check the rights of the folder"
                self._refuse(key, folder, "failed", reason)
                continue
            sidecars = dict(_sidecars(entries))
            inside = f"{key.rstrip(os.sep)}{os.sep}"
            above = above.under(inside, [name for name in FOLDER_SIDECARS if name in sidecars], sidecars)
            folders = []
            for entry in entries:
                name = entry.name
                if name.startswith(_HIDDEN) or name in sidecars:
                    continue
                place = inside + name
                if not _is_folder(entry):
                    own = [beside for beside in sidecar_names(name) if beside in sidecars] if sidecars else []
                    self._add(entry, place, root, above.under(inside, own, sidecars) if own else above)
                elif entry.is_symlink():
                    self._links.append((entry.path, place, root, above))
                else:
                    folders.append((entry.path, place, above))
            waiting += reversed(folders)

    def _add(self, entry: "os.DirEntry[str]", key: str, root: str, above: _Above) -> None:
        try:
            status = entry.stat()
        except OSError as error:
            if entry.is_symlink():
                self._refuse(key, entry.path, "skipped", "a link that leads nowhere")
            else:
                self._refuse(key, entry.path, "failed", f"{error.strerror}; check its rights")
            return
        if not stat.S_ISREG(status.st_mode):
            self._refuse(key, entry.path, "skipped", "no regular file", gone=True)
            return
        mtime_ns = status.st_mtime_ns + above.marks
        self.files.setdefault(key, Found(entry.path, key, root, status.st_size, mtime_ns, False, above.paths))  # noqa: FBT003

    def _refuse(self, key: str, path: str, status: Status, reason: str, *, gone: bool = False) -> None:
        """Note what is not read; unless what was there is `gone`, nobody can tell, and it stays in the index."""
        self.refused[key] = Outcome(path, status, reason=reason)
        if not gone:
            self._unknown.append(key)


def scan(paths: Iterable[str | os.PathLike[str]], *, index: str | os.PathLike[str] | None = None) -> Scan:
    """Return the files that the paths name, each once, in order; hidden files, sidecars and `index` are left out.

    Links are followed. Raises `UsageError` where a path does not exist, or is the folder of the index.
    """
    found = Scan()
    if index is not None:
        found.leave_out(os.fspath(index))
    named = [os.fspath(path) for path in paths]
    for path in named:
        if not os.path.exists(path):
            raise UsageError(
                f"There is no file or folder {path}: check the path; `searcher remove` takes away what is gone"
            )
        if index is not None and os.path.realpath(path) == os.path.realpath(index):
            raise UsageError(f"{path} is the folder of the index: name another with --index")
    for path in filter(os.path.isdir, named):
        found.add_folder(path)
    found.follow_links()
    for path in named:
        if not os.path.isdir(path):
            found.add_named(path)
    return found


def below(key: str, folder: str) -> bool:
    """Tell whether a path is a folder's, or below it."""
    return key == folder or key.startswith(folder.rstrip(os.sep) + os.sep)


def _sidecars(entries: Iterable["os.DirEntry[str]"]) -> Iterator[tuple[str, int]]:
    for entry in entries:
        if entry.name.endswith(FOLDER_SIDECARS) and is_sidecar(entry.name):
            with suppress(OSError):
                yield entry.name, mark(entry.name, entry.stat())


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
