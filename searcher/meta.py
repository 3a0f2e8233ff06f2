"""What does an index folder say of itself? `meta.json`: what never changes with a commit, and its checksum."""

import json
import zlib
from pathlib import Path

from searcher.analysis import Analyzer
from searcher.durable import replace_file
from searcher.engines import generation_in
from searcher.errors import IndexDamaged, IndexMissing, IndexOutdated, IndexProblem

__all__ = ["META", "read_meta", "write_meta"]

META = "meta.json"
_FORMAT = 4  # of the folder's layout and of the engine's files
_ENGINE = "whoosh"


def write_meta(folder: Path, analysis: Analyzer) -> None:
    """Describe the index in a folder: what never changes with a commit."""
    meta = {"format": _FORMAT, "engine": _ENGINE, "analysis": analysis.fingerprint}
    replace_file(folder / META, (json.dumps({**meta, "checksum": _checksum(meta)}, indent=2) + "\n").encode())


def read_meta(folder: Path) -> dict[str, object]:
    """Read the description of an index of this format; raise `IndexMissing`, `IndexOutdated` or `IndexProblem`."""
    path = folder / META
    try:
        meta = json.loads(_text_of(path))
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(
            f"There is no index in {folder}: build one with `searcher index PATH --index {folder}`"
        ) from None
    except OSError as error:
        raise IndexProblem(f"{path} cannot be read ({error.strerror}). See that it may be read") from error
    except ValueError as error:
        raise IndexDamaged(path, f"it cannot be understood ({error})") from error
    if not isinstance(meta, dict):
        raise IndexDamaged(path, "it does not describe an index")
    checksum = meta.pop("checksum", None)
    ours = (meta.get("format"), meta.get("engine")) == (_FORMAT, _ENGINE)
    if checksum != _checksum(meta) and (ours or checksum is not None):
        raise IndexDamaged(path, "it does not have its checksum")
    if not ours:
        raise IndexOutdated(
            f"The index in {folder} has format {meta.get('format')} of engine {meta.get('engine')}, this version reads "
            f"format {_FORMAT} of {_ENGINE}: run `searcher index --rebuild` on the reports"
        )
    return meta


def _text_of(path: Path) -> str:
    """Return what a description says; raise `FileNotFoundError` where there is none, nor anything to describe."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        if not _holds_reports(path.parent):
            raise
    try:
        return path.read_text("utf-8")  # it was made meanwhile, and more
    except FileNotFoundError:
        raise IndexDamaged(path, "it is missing, though there is an index") from None


def _checksum(meta: dict[str, object]) -> str:
    return f"{zlib.crc32(json.dumps(meta, sort_keys=True).encode()):08x}"


def _holds_reports(folder: Path) -> bool:
    """Tell whether an engine has ever committed something in a folder; nothing there is opened."""
    try:
        return generation_in(folder) > 0
    except IndexMissing:
        return False
    except IndexProblem:
        return True
