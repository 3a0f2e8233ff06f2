"""Zip archives: opened within limits, whether they are a folder of reports or an Office file."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from searcher.errors import DamagedFile, ReadError, UnsupportedFormat
from searcher.reading._encodings import decode
from searcher.reading._sidecar import is_sidecar
from searcher.reading.formats._file import MAX_BYTES, File

__all__ = ["MAX_DEPTH", "MAX_MEMBERS", "MAX_RATIO", "MAX_UNPACKED", "members", "opened", "part"]

MAX_MEMBERS = 10_000
MAX_UNPACKED = 2**30
"""The bytes all members may have together, unpacked."""

MAX_RATIO = 200
"""How much smaller than its content a member of some size may be packed; text packs 3 to 20 times."""

MAX_DEPTH = 2
"""A zip may hold a zip, and no more."""

_SMALL = 2**22  # below this nobody minds the ratio
_NO_REPORTS = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


def opened(file: File) -> zipfile.ZipFile:
    """Return the archive in `file`, known to be within the limits; raises `DamagedFile`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(file.data))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise DamagedFile(f"{file.path}: a broken zip file ({error}); download or pack it again") from error
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or total > MAX_UNPACKED:
        raise DamagedFile(
            f"{file.path}: a zip file of {len(infos):,} members and {total:,} bytes; the most is {MAX_MEMBERS:,} and "
            f"{MAX_UNPACKED:,}: unpack it and name the files"
        )
    for info in infos:
        if info.file_size > MAX_BYTES or info.file_size > max(_SMALL, MAX_RATIO * info.compress_size):
            raise DamagedFile(
                f"{file.path}: {info.filename} unpacks from {info.compress_size:,} to {info.file_size:,} bytes, "
                f"as a zip bomb does; unpack it yourself if you trust it"
            )
    return archive


def part(archive: zipfile.ZipFile, info: zipfile.ZipInfo | str, where: str) -> bytes:
    """Return the bytes of one member."""
    info = archive.getinfo(info) if isinstance(info, str) else info
    if info.flag_bits & _ENCRYPTED:
        raise UnsupportedFormat(f"{where}: {info.filename} is under a password; unpack it and name the files")
    return archive.read(info)


def members(file: File) -> Iterator[File]:
    """Yield the files in the archive `file` that may be reports, in the order of their names."""
    if file.depth >= MAX_DEPTH:
        raise DamagedFile(f"{file.path}: a zip in a zip in a zip; unpack it and name the files")
    with opened(file) as archive:
        named = sorted(zip(_names(archive), archive.infolist(), strict=True), key=lambda item: item[0])
        for name, info in named:
            parts = PurePosixPath(name).parts
            if info.is_dir() or _NO_REPORTS & set(parts) or is_sidecar(name) or parts[-1].startswith((".", "~$")):
                continue
            path = f"{file.path}!{name}"
            try:
                data = part(archive, info, file.path)
            except ReadError:
                raise
            except Exception as error:  # decompressors raise what they like
                raise DamagedFile(f"{path}: cannot be unpacked ({error}); pack it again") from error
            yield File(
                path, data, file.columns, member=f"{file.member}/{name}" if file.member else name, depth=file.depth + 1
            )


def _names(archive: zipfile.ZipFile) -> list[str]:
    """Return the members' names; Windows packs Chinese ones as GBK or Big5 without saying so."""
    infos = archive.infolist()
    raw = [info.filename.encode("cp437") for info in infos if not info.flag_bits & _UTF8_NAME]
    try:
        encoding = decode(b"\n".join(raw), where="").encoding
    except ReadError:
        encoding = "cp437"
    return [
        info.filename if info.flag_bits & _UTF8_NAME else info.filename.encode("cp437").decode(encoding, "replace")
        for info in infos
    ]
