"""Takes one file out of a zip that strangers made, under caps, into a folder that is removed afterwards.

The whole list of the zip is judged first. Nothing is written under a name that the zip chooses, so that no
name can lead anywhere.
"""

from __future__ import annotations

import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.vector.query import listed, shown

READABLE = (".geojson", ".json", ".gpkg", ".fgb", ".sqlite", ".gml", ".xml", ".shp")
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_ARCHIVES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".jar", ".kmz")
_ARCHIVE_STARTS = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"(\xb5/\xfd")
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_LISTED = 8
_COUNT, _LIST_BYTES = 4, 5  # in the end record, as in APPNOTE 4.3.16
_BYTES_PER_MEMBER = 1_000  # in the list: 46, its name and what a packer adds


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a zip may cost at most: bytes of all members unpacked, their ratio to packed, and how many.

    The ratio counts only from `ratio_from_bytes`: small files pack well.
    """

    unpacked_bytes: int = 500_000_000
    ratio: int = 100
    ratio_from_bytes: int = 10_000_000
    members: int = 10_000


DEFAULT_ZIP_LIMITS = ZipLimits()


@contextmanager
def unpacked(
    path: Path,
    member: str,
    suffixes: Sequence[str] = READABLE,
    *,
    stem: str = "",
    limits: ZipLimits = DEFAULT_ZIP_LIMITS,
) -> Iterator[Path]:
    """The chosen member as a file of its own, for as long as the context lasts.

    `member` is its name, with or without its folders; left out, it is the only one with one of `suffixes`.
    A shapefile comes with its other parts, and `stem` chooses it without its suffix. Raises InputRejected
    for a zip that is damaged, locked, holds another archive, a link or a name that leads out of it;
    LimitExceeded beyond the limits.
    """
    with tempfile.TemporaryDirectory(prefix="tweestad-zip-") as folder:
        try:
            _check_count(path, limits)
            with zipfile.ZipFile(path) as archive:
                infos = archive.infolist()
                _judge(infos, path, limits)
                files = [info for info in infos if not info.is_dir()]
                wanted = _choose(files, member, stem, suffixes, path.name)
                target = Path(folder) / f"member{PurePosixPath(wanted.filename).suffix.lower()}"
                for info, part in _parts(files, wanted, target):
                    _extract(archive, info, part)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, zlib.error) as exc:
            raise InputRejected(f"the zip is damaged or not complete ({exc})", where=path.name) from exc
        with target.open("rb") as handle:
            head = handle.read(8)
        if head.startswith(_ARCHIVE_STARTS):
            raise InputRejected(f"{shown(wanted.filename)} in the zip is itself an archive", where=path.name)
        yield target


def _check_count(path: Path, limits: ZipLimits) -> None:
    """Refuse by its end record a zip that `ZipFile` would first read as a list of millions of files.

    The number of files there can be a lie, the size of the list cannot: `ZipFile` reads no further.
    """
    with path.open("rb") as file:
        # zipfile's own search, since two readers that differ let through what one of them refuses.
        end = _end_record(file)
    if end is None:
        raise zipfile.BadZipFile("it has no end record")
    if end[_COUNT] > limits.members or end[_LIST_BYTES] > limits.members * _BYTES_PER_MEMBER:
        raise LimitExceeded(f"the zip holds more than {limits.members:,} files", where=path.name)


def _judge(infos: Sequence[zipfile.ZipInfo], path: Path, limits: ZipLimits) -> None:
    where = path.name
    if len(infos) > limits.members:
        raise LimitExceeded(f"the zip holds more than {limits.members:,} files", where=where)
    total = sum(info.file_size for info in infos)
    if total > limits.unpacked_bytes:
        raise LimitExceeded(f"unpacked larger than {limits.unpacked_bytes:,} bytes", where=where)
    if total > limits.ratio_from_bytes and total > limits.ratio * path.stat().st_size:
        raise LimitExceeded(f"unpacks to more than {limits.ratio} times its size", where=where)
    for info in infos:
        name = repr(info.filename[:80])
        if stat.S_ISLNK(info.external_attr >> 16):
            raise InputRejected(f"{name} in the zip is a link", where=where)
        if not _stays_inside(info.filename):
            raise InputRejected(f"the name {name} in the zip leads out of it", where=where)
        if info.filename.lower().endswith(_ARCHIVES):
            raise InputRejected(f"{name} in the zip is itself an archive: unpack it first", where=where)


def _end_record(file: BinaryIO) -> Sequence[int] | None:
    read = cast(Callable[[BinaryIO], Sequence[int] | None], vars(zipfile)["_EndRecData"])
    return read(file)


def _stays_inside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return bool(name) and parts[0] != "" and ".." not in parts and ":" not in parts[0] and "\0" not in name


def _choose(
    files: Sequence[zipfile.ZipInfo], member: str, stem: str, suffixes: Sequence[str], where: str
) -> zipfile.ZipInfo:
    found = [info for info in files if info.filename.lower().endswith(tuple(suffixes))]
    if member:
        found = [info for info in files if info.filename == member]
        found = found or [info for info in files if PurePosixPath(info.filename).name == member]
    elif any(info.filename.lower().endswith(".shp") for info in found):
        # Other files beside a shapefile (metadata in XML or JSON) describe it.
        found = [info for info in found if info.filename.lower().endswith(".shp")]
        found = [info for info in found if not stem or PurePosixPath(info.filename).stem == stem]
    if len(found) == 1:
        if found[0].flag_bits & _ENCRYPTED:
            raise InputRejected("the zip is locked with a password", where=where)
        return found[0]
    if member:
        how = "no file" if not found else f"{len(found)} files"
        raise InputRejected(f"the zip holds {how} called ‘{member}’ (it has: {_names(files)})", where=where)
    if not found:
        raise InputRejected(f"the zip holds no file that is read (it has: {_names(files)})", where=where)
    raise InputRejected(
        f"the zip holds {len(found)} files that could be read ({_names(found)}): choose one with member",
        where=where,
    )


def _names(infos: Sequence[zipfile.ZipInfo]) -> str:
    rest = len(infos) - _LISTED
    first = listed([info.filename for info in infos], _LISTED)
    return f"{first} and {rest} more" if rest > 0 else first


def _parts(
    files: Sequence[zipfile.ZipInfo], wanted: zipfile.ZipInfo, target: Path
) -> Iterator[tuple[zipfile.ZipInfo, Path]]:
    if target.suffix != ".shp":
        yield wanted, target
        return
    stem = PurePosixPath(wanted.filename).with_suffix("")
    for info in files:
        name = PurePosixPath(info.filename)
        if name.with_suffix("") == stem and name.suffix.lower() in _SHAPEFILE_PARTS:
            yield info, target.with_suffix(name.suffix.lower())


def _extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    """Copy one member; a list that lies about its size ends in BadZipFile, since zipfile stops there."""
    with archive.open(info) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            out.write(chunk)
