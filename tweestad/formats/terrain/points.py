"""Reads classified point clouds (LAS and LAZ) in pieces, and keeps the heights of the ground.

Classes are those of the LAS 1.4 specification (ASPRS, table 17): 2 is ground. AHN uses 1, 2, 6
(building), 9 (water) and 26 (bridges and other works). Points that the file marks as withheld are
left out.
"""

from __future__ import annotations

import os
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from tweestad.crs import RD, RD_NAP, inside_rd
from tweestad.errors import InputRejected, LimitExceeded, TweestadError
from tweestad.formats.terrain.heights import HeightCounts, Thinning, agreed_rd

if TYPE_CHECKING:
    import laspy
    import pyproj

GROUND: Final = 2
MAX_BYTES: Final = 8_000_000_000
MAX_POINTS: Final = 2_000_000_000
_CHUNK: Final = 500_000
_HEADER: Final = struct.Struct("<4s20xBB68xHIIBHI")
_WIDE_COUNT: Final = struct.Struct("<Q")
_PLACE: Final = struct.Struct("<q")
_TABLE: Final = struct.Struct("<II")
_SHORTEST: Final = 227
_FORMATS: Final = 10
_VLRS_MAX: Final = 1000
_VLR_BYTES: Final = 54
_PACKED: Final = 0x80


@dataclass(frozen=True, slots=True)
class _Head:
    """What a LAS header promises."""

    points: int


def read_points(
    path: Path,
    into: Thinning,
    *,
    classes: frozenset[int] = frozenset({GROUND}),
    crs: int | None = None,
    on_points: Callable[[int], None] = lambda _: None,
) -> HeightCounts:
    """Stream the points of these classes into `into`; `on_points` hears how many were read so far.

    `crs` is for a file that does not say its own (EPSG:28992 or 7415). Raises InputRejected with one
    sentence for a file that is damaged, not complete or not in RD, LimitExceeded for one that is too large,
    and TweestadError without the extra `terrain`.
    """
    head = _checked_head(path)
    try:
        import laspy  # noqa: PLC0415 - an optional part
    except ImportError as exc:
        raise TweestadError("reading point clouds needs the extra `terrain`") from exc
    left_out: Counter[str] = Counter()
    read = used = 0
    # One piece after another: the parallel unpacker trusts the table of pieces, and asks for as much memory
    # as a damaged one says, which ends the process.
    backend = laspy.LazBackend.Lazrs
    with (
        _told_as_damage(path.name),
        laspy.open(str(path), read_evlrs=False, laz_backend=backend) as reader,
    ):
        _check_packing(path, reader.header)
        _check_crs(reader.header.parse_crs(), crs, path.name)
        for piece in reader.chunk_iterator(_CHUNK):
            kind = np.asarray(piece.classification, dtype=np.int64)
            read += len(kind)
            wanted = np.isin(kind, sorted(classes))
            left_out.update({f"class {k}": int(n) for k, n in _counted(kind[~wanted])})
            withheld = np.asarray(piece.withheld, dtype=bool)
            left_out["withheld"] += int((wanted & withheld).sum())
            wanted &= ~withheld
            xy = np.column_stack([np.asarray(piece.x)[wanted], np.asarray(piece.y)[wanted]])
            _check_place(xy, path.name)
            used += into.add(xy, np.asarray(piece.z, dtype=np.float64)[wanted], left_out)
            on_points(read)
    if read != head.points:
        raise InputRejected(f"the file is not complete: {read} of {head.points} points", where=path.name)
    return HeightCounts(read, used, {reason: n for reason, n in sorted(left_out.items()) if n})


def _checked_head(path: Path) -> _Head:
    """The header, or InputRejected before any other program has looked at the file."""
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            raw = handle.read(375)
    except OSError as exc:
        raise InputRejected(f"the file cannot be read ({exc.strerror})", where=path.name) from exc
    if size > MAX_BYTES:
        raise LimitExceeded(f"the file is larger than {MAX_BYTES:,} bytes", where=path.name)
    if not raw.startswith(b"LASF"):
        raise InputRejected("this is not a LAS or LAZ point cloud", where=path.name)
    if len(raw) < _SHORTEST:
        raise InputRejected("the file is not complete", where=path.name)
    head = _parse_head(raw, size, path.name)
    if head.points > MAX_POINTS:
        raise LimitExceeded(
            f"it says it has {head.points:,} points; {MAX_POINTS:,} are read", where=path.name
        )
    return head


def _parse_head(raw: bytes, size: int, name: str) -> _Head:
    """The fields that matter of the first 375 bytes of a file of `size` bytes."""
    _, major, minor, header_bytes, start, vlrs, form, point_bytes, points = _HEADER.unpack_from(raw)
    if (major, minor) not in [(1, n) for n in range(5)]:
        raise InputRejected(f"LAS {major}.{minor} is not read, only 1.0 to 1.4", where=name)
    if minor == 4 and len(raw) == 375:
        points = _WIDE_COUNT.unpack_from(raw, 247)[0]
    # Some writers set one of the upper two bits to say that the points are packed (LAZ).
    known = form & ~_PACKED <= _FORMATS and vlrs <= _VLRS_MAX
    if not known or not _SHORTEST <= header_bytes + vlrs * _VLR_BYTES <= start:
        raise InputRejected("its header is damaged", where=name)
    if start > size or (not form & _PACKED and points * point_bytes > size - start):
        raise InputRejected("the file is not complete", where=name)
    return _Head(points)


def _check_packing(path: Path, header: laspy.LasHeader) -> None:
    """Look at what the unpacker believes: LASzip's own record (from byte 32), and how many pieces there are.

    It takes memory for as many pieces as the table says, and ends the process when that is not to be had.
    """
    name = path.name
    if not header.are_points_compressed:
        return
    (record,) = header.vlrs.get("LasZipVlr") or (None,)
    data = bytes(record.record_data) if record is not None else b""
    items = list(struct.iter_unpack("<HHH", data[34:])) if len(data) > 34 and len(data) % 6 == 4 else []
    if len(items) != int.from_bytes(data[32:34], "little") or not items:
        raise InputRejected("its header is damaged", where=name)
    point_bytes = sum(size for _, size, _ in items)
    if point_bytes != header.point_format.size:
        raise InputRejected("its header is damaged", where=name)
    # Every piece starts with a whole point, so that there cannot be more of them than fit in the file.
    if _pieces(path, header.offset_to_point_data) > path.stat().st_size // point_bytes:
        raise InputRejected("the file is damaged: its table of pieces is", where=name)


def _pieces(path: Path, start: int) -> int:
    """How many pieces the table says there are; where it lies stands before the points or at the very end."""
    with path.open("rb") as handle:
        handle.seek(start)
        (place,) = _PLACE.unpack(handle.read(_PLACE.size))
        if place == -1:
            handle.seek(-_PLACE.size, os.SEEK_END)
            (place,) = _PLACE.unpack(handle.read(_PLACE.size))
        handle.seek(place)
        _, count = _TABLE.unpack(handle.read(_TABLE.size))
    return int(count)


@contextmanager
def _told_as_damage(name: str) -> Iterator[None]:
    """Whatever the readers below say of a damaged file, in one sentence.

    The unpacker is written in Rust; where it gives up altogether that comes as a BaseException with
    a name of its own that cannot be imported.
    """
    import lazrs  # noqa: PLC0415 - an optional part
    from laspy.errors import LaspyException  # noqa: PLC0415

    try:
        yield
    except TweestadError:
        raise
    except (LaspyException, lazrs.LazrsError, ValueError, OSError, KeyError, struct.error) as exc:
        raise _damaged(name, exc) from exc
    except (EOFError, OverflowError, MemoryError, IndexError, TypeError, AttributeError, ProjError) as exc:
        raise _damaged(name, exc) from exc
    except BaseException as exc:
        if type(exc).__name__ != "PanicException":
            raise
        raise _damaged(name, exc) from exc


def _damaged(name: str, exc: BaseException) -> InputRejected:
    said = str(exc).split("\n", 1)[0][:120] or type(exc).__name__
    return InputRejected(f"the file is damaged or not complete ({said})", where=name)


def _check_crs(found: pyproj.CRS | None, declared: int | None, name: str) -> None:
    if found is None:
        agreed_rd(None, "", declared, name)
        return
    # RD with NAP as a pair has no number of its own in many files.
    parts = [part.to_epsg() for part in found.sub_crs_list] if found.is_compound else []
    told = RD_NAP if parts and parts[0] == RD else found.to_epsg()
    agreed_rd(told, found.name, declared, name)


def _check_place(xy: NDArray[np.float64], name: str) -> None:
    finite = xy[np.isfinite(xy).all(axis=1)]
    outside = ~inside_rd(finite)
    if outside.any():
        x, y = finite[int(np.argmax(outside))]
        raise InputRejected(
            f"the point ({x:.3f}, {y:.3f}) is outside the Dutch RD grid: is this another CRS?",
            where=name,
            code="outside-rd",
        )


def _counted(kinds: NDArray[np.int64]) -> list[tuple[int, int]]:
    values, counts = np.unique(kinds, return_counts=True)
    return list(zip(values.tolist(), counts.tolist(), strict=True))
