"""Sidecars: small files in which a person writes what the metadata of reports are.

`NAME.meta.toml` or `NAME.meta.json` stands beside one file (NAME with or without its suffix); `meta.toml` or
`meta.json` speaks for a folder and what is in it: its plain entries for every file, a table for those that match.

    institution = "青山县教育局"
    ["2006/*.docx"]
    year = 2006

The nearer word wins: a file's own over its folder's, a folder's over the folder's above, a glob's over plain entries.
"""

import json
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from searcher.errors import DamagedFile
from searcher.model import Metadata
from searcher.reading._declared import FIELD_OF, declared, key

__all__ = ["FOLDER_SIDECARS", "is_sidecar", "sidecar_names", "sidecars", "written"]

FOLDER_SIDECARS = ("meta.toml", "meta.json")
"""The names of the sidecars that speak of a folder; those of a file end in them."""

_ENDINGS = tuple(f".{name}" for name in FOLDER_SIDECARS)


def is_sidecar(path: str | Path) -> bool:
    """Tell whether `path` is a sidecar by its name, and so no report."""
    name = os.path.basename(path)  # noqa: PTH119 - asked of each file of a folder; a path would cost more than the rest
    return name in FOLDER_SIDECARS or name.endswith(_ENDINGS)


def sidecar_names(name: str) -> list[str]:
    """Return how the sidecars of a file are called, the nearest first."""
    stems = dict.fromkeys((name, PurePosixPath(name).stem))
    return [f"{stem}.{ending}" for stem in stems for ending in FOLDER_SIDECARS]


def sidecars(path: Path, root: Path | None = None) -> tuple[Path, ...]:
    """Return the sidecars that speak of the file `path`, the nearest first.

    Folders count from the file's own up to `root`; without a root, its own alone.
    """
    path = path.absolute()
    beside = [path.with_name(name) for name in sidecar_names(path.name)]
    folders = [path.parent]
    if root is not None and path.is_relative_to(root.absolute()):
        while folders[-1] != root.absolute():
            folders.append(folders[-1].parent)
    beside += [folder / ending for folder in folders for ending in FOLDER_SIDECARS]
    return tuple(sidecar for sidecar in beside if sidecar.is_file())


def written(path: str | Path, beside: Sequence[Path], member: str = "") -> Metadata:
    """Return what the sidecars `beside` say of `path`, or of a member of the archive it is."""
    found = Metadata()
    if not beside:
        return found
    path = Path(path).absolute()
    for sidecar in beside:
        values = _load(sidecar)
        plain = {name: value for name, value in values.items() if not isinstance(value, Mapping)}
        if sidecar.name in FOLDER_SIDECARS:
            inside = path.relative_to(sidecar.parent).as_posix()
            for glob, table in values.items():
                if isinstance(table, Mapping) and any(_matches(name, glob) for name in _namings(inside, member)):
                    found = found.over(_checked(table, sidecar))
        found = found.over(_checked(plain, sidecar))
    return found


def _namings(inside: str, member: str) -> Iterator[str]:
    yield inside
    if member:
        yield f"{inside}/{member}"


def _matches(name: str, glob: str) -> bool:
    return fnmatchcase(name, glob) or ("/" not in glob and fnmatchcase(PurePosixPath(name).name, glob))


def _load(sidecar: Path) -> Mapping[str, object]:
    try:
        text = sidecar.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text) if sidecar.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedFile(f"{sidecar}: cannot be read ({error}); mend it, or take it away") from error
    if not isinstance(values, Mapping):
        raise DamagedFile(f"{sidecar}: holds no entries; write it as title = …, year = …")
    return values


def _checked(values: Mapping[str, object], sidecar: Path) -> Metadata:
    """Return the metadata in `values`; here a person wrote, so what is not understood is an error."""
    for name, value in values.items():
        field = FIELD_OF.get(key(name))
        if field is None:
            known = ", ".join(dict.fromkeys(FIELD_OF.values()))
            raise DamagedFile(f"{sidecar}: unknown entry {name!r}; the entries are {known}")
        if value not in ("", None) and not getattr(declared([(name, value)]), field):
            raise DamagedFile(
                f"{sidecar}: {name} = {value!r} cannot be meant; a year is 2006, a date 2006-03-05, a source a URL"
            )
    return declared(values.items())
