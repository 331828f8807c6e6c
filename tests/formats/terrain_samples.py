"""Writes small point clouds and rasters of a slope, so that their true heights are known."""

from __future__ import annotations

from pathlib import Path

import laspy
import numpy as np
import pyproj
import rasterio
from numpy.typing import NDArray
from rasterio.transform import Affine

X, Y = 84_882.0, 447_426.0
Floats = NDArray[np.float64]


def slope(xy: Floats) -> Floats:
    """A plane that rises 2 cm per metre to the east, NAP 0.5 m at (X, Y)."""
    return np.asarray(0.5 + (xy[:, 0] - X) * 0.02)


def cloud(size_m: float = 42.0, spacing_m: float = 0.5) -> Floats:
    """Points (n, 3) on the slope, in a square from (X, Y)."""
    along = np.arange(0.1, size_m, spacing_m)
    xy = np.stack(np.meshgrid(along + X, along + Y), axis=-1).reshape(-1, 2)
    return np.column_stack([xy, slope(xy)])


def write_cloud(
    path: Path,
    points: Floats,
    kinds: NDArray[np.uint8] | int = 2,
    *,
    crs: str | None = None,
    version: str = "1.4",
    form: int = 6,
) -> Path:
    """Write LAS or LAZ, by the name of the file; `crs` goes into the header."""
    header = laspy.LasHeader(version=version, point_format=form)
    header.scales, header.offsets = np.full(3, 0.001), np.zeros(3)
    if crs:
        header.add_crs(pyproj.CRS(crs))
    las = laspy.LasData(header)
    las.x, las.y, las.z = points.T
    las.classification = np.broadcast_to(np.asarray(kinds, dtype=np.uint8), len(points))
    las.write(str(path))
    return path


def write_raster(
    path: Path,
    heights: NDArray[np.generic],
    *,
    crs: str | None = "EPSG:28992",
    pixel_m: float = 0.5,
    west: float = X,
    north: float = Y + 42,
    nodata: float | None = -9999.0,
    scale: float = 1.0,
    offset: float = 0.0,
) -> Path:
    """Write a GeoTIFF; `heights` (rows, columns) or (bands, rows, columns), the first row in the north."""
    bands = heights if heights.ndim == 3 else heights[None]
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=len(bands),
        height=bands.shape[1],
        width=bands.shape[2],
        dtype=bands.dtype,
        crs=crs,
        transform=Affine(pixel_m, 0, west, 0, -pixel_m, north),
        nodata=nodata,
        compress="deflate",
    ) as made:
        made.write(bands)
        made.scales, made.offsets = [scale] * len(bands), [offset] * len(bands)
    return path


def sloping_pixels(size: int = 84, pixel_m: float = 0.5) -> NDArray[np.float32]:
    """Pixels of the slope, seen from (X, Y) to the north-east."""
    x = X + (np.arange(size) + 0.5) * pixel_m
    heights = slope(np.column_stack([x, x]))
    return np.tile(heights.astype(np.float32), (size, 1))
