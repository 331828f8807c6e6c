"""Reads a height raster (GeoTIFF of one band) in windows, and keeps the heights of the ground."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from pyproj.exceptions import ProjError

from tweestad.crs import RD, RD_NAP, epsg_of, inside_rd
from tweestad.errors import InputRejected, LimitExceeded, TweestadError
from tweestad.formats.terrain.heights import HeightCounts, Thinning, agreed_rd

if TYPE_CHECKING:
    from rasterio.windows import Window

MAX_BYTES: Final = 8_000_000_000
MAX_PIXELS: Final = 500_000_000
_WINDOW: Final = 4_000_000
MAX_BLOCK: Final = 4 * _WINDOW
"""Pixels in a row of blocks: so many are in memory at once, with their coordinates."""
_TYPES: Final = ("float32", "float64", "int16", "int32", "uint8", "uint16", "uint32")
_TIFF: Final = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
# GDAL looks for files beside the one it opens and believes them; here the raster stands alone.
_SETTINGS: Final = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_CACHEMAX": 128,
    "GDAL_PAM_ENABLED": "NO",
}


def read_raster(
    path: Path,
    into: Thinning,
    *,
    crs: int | None = None,
    on_points: Callable[[int], None] = lambda _: None,
) -> HeightCounts:
    """Stream the pixels that have a height into `into`; `on_points` hears how many were read so far.

    `crs` is for a file that does not say its own (EPSG:28992 or 7415). A pixel counts at its middle; the
    scale and offset of the band are applied. Raises InputRejected with one sentence for a file that is
    damaged, turned, of several bands or not in RD, LimitExceeded for one that is too large, and
    TweestadError without the extra `terrain`.
    """
    name = path.name
    _check_head(path)
    try:
        import rasterio  # noqa: PLC0415 - an optional part
        from rasterio.errors import RasterioError  # noqa: PLC0415
    except ImportError as exc:
        raise TweestadError("reading height rasters needs the extra `terrain`") from exc
    left_out: Counter[str] = Counter()
    read = used = 0
    try:
        with warnings.catch_warnings(), rasterio.Env(**_SETTINGS):
            warnings.simplefilter("ignore")  # a file without a place warns; it is refused just below
            with rasterio.open(str(path.resolve()), driver="GTiff") as raster:
                _check(raster, crs, name)
                for window in _windows(raster):
                    xy, z = _heights(raster, window, left_out)
                    read += int(window.width * window.height)
                    used += into.add(xy, z, left_out)
                    on_points(read)
    except (RasterioError, ProjError, ValueError, MemoryError, OSError) as exc:
        said = str(exc).split("\n", 1)[0].replace(str(path.resolve().parent) + "/", "")[:120]
        raise InputRejected(f"the file is damaged or not complete ({said})", where=name) from exc
    return HeightCounts(read, used, {reason: n for reason, n in sorted(left_out.items()) if n})


def _check_head(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            head = handle.read(4)
    except OSError as exc:
        raise InputRejected(f"the file cannot be read ({exc.strerror})", where=path.name) from exc
    if size > MAX_BYTES:
        raise LimitExceeded(f"the file is larger than {MAX_BYTES:,} bytes", where=path.name)
    if head not in _TIFF:
        raise InputRejected("this is not a GeoTIFF", where=path.name)


def _check(raster: Any, declared: int | None, name: str) -> None:
    """Everything that can be wrong with a raster before its first pixel is read."""
    if raster.count != 1:
        raise InputRejected(f"it has {raster.count} bands; heights are one band", where=name)
    if raster.dtypes[0] not in _TYPES:
        raise InputRejected(f"its pixels are {raster.dtypes[0]}, which are no heights", where=name)
    if raster.width * raster.height > MAX_PIXELS:
        pixels = raster.width * raster.height
        raise LimitExceeded(f"it has {pixels:,} pixels; {MAX_PIXELS:,} are read", where=name)
    block_height, block_width = raster.block_shapes[0]
    if max(block_height * block_width, block_height * raster.width) > MAX_BLOCK:
        raise LimitExceeded("its blocks are too large to be read one by one", where=name)
    place = raster.transform
    if place.is_identity:
        raise InputRejected("the raster does not say where it lies", where=name)
    if place.b or place.d or place.a <= 0 or not place.e:
        raise InputRejected("the raster is turned or mirrored: its rows must run west to east", where=name)
    named = raster.crs.to_wkt() if raster.crs else ""
    agreed_rd(_epsg(named), _first_name(named), declared, name)
    far = (place.c + raster.width * place.a, place.f + raster.height * place.e)
    corners = np.array([(place.c, place.f), far], dtype=np.float64)
    if not inside_rd(corners).all():
        raise InputRejected(
            "the raster is outside the Dutch RD grid: is this another CRS?", where=name, code="outside-rd"
        )
    if not np.isfinite([raster.scales[0], raster.offsets[0]]).all():
        raise InputRejected("its scale and offset are no numbers", where=name)


def _epsg(wkt: str) -> int | None:
    """The number of a coordinate system; RD with NAP as a pair counts, whatever the pair is called."""
    import pyproj  # noqa: PLC0415 - its first use costs a while

    if not wkt:
        return None
    if found := epsg_of(wkt):
        return found
    system = pyproj.CRS.from_wkt(wkt)
    parts = [part.to_epsg() for part in system.sub_crs_list] if system.is_compound else []
    return RD_NAP if parts and parts[0] == RD else None


def _first_name(wkt: str) -> str:
    """The name between the first quotes of a WKT."""
    return wkt.split('"')[1] if wkt.count('"') > 1 else wkt


def _windows(raster: Any) -> Iterator[Window]:
    """Bands of whole rows of blocks, about four million pixels each."""
    from rasterio.windows import Window  # noqa: PLC0415 - an optional part

    block = int(raster.block_shapes[0][0])
    rows = max(block, _WINDOW // raster.width // block * block)
    for top in range(0, raster.height, rows):
        yield Window(0, top, raster.width, min(rows, raster.height - top))


def _heights(
    raster: Any, window: Window, left_out: Counter[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles (n, 2) and heights (n,) of the pixels of a window that have one."""
    pixels = raster.read(1, window=window, masked=True)
    known = ~np.ma.getmaskarray(pixels)
    left_out["no data"] += int((~known).sum())
    row, column = np.nonzero(known)
    place = raster.transform
    x = place.c + (column + 0.5) * place.a
    y = place.f + (row + window.row_off + 0.5) * place.e
    z = pixels.data[row, column].astype(np.float64) * raster.scales[0] + raster.offsets[0]
    return np.column_stack([x, y]), z
