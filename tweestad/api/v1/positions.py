"""Coordinates at the edge of the API: CRS names, rectangles and points, to and from RD.

Inside the twin everything is EPSG:28992. CRS84 (lon, lat in degrees, WGS 84) is the API's default.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from tweestad import crs
from tweestad.errors import InputRejected
from tweestad.model.feature import BBox

CrsName = Literal["CRS84", "EPSG:28992", "EPSG:7415"]

ADDRESSES: dict[CrsName, str] = {
    "CRS84": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "EPSG:28992": "http://www.opengis.net/def/crs/EPSG/0/28992",
    "EPSG:7415": "http://www.opengis.net/def/crs/EPSG/0/7415",
}
# Not EPSG:4326: its axis order is lat, lon, and a map that mixes them up draws the city near Somalia.
SPELLINGS: dict[str, CrsName] = {
    spelling.lower(): name
    for name, address in ADDRESSES.items()
    for spelling in (
        name,
        address,
        address.replace("http:", "https:"),
        f"urn:ogc:def:crs:EPSG::{name.removeprefix('EPSG:')}" if name != "CRS84" else "OGC:CRS84",
        "urn:ogc:def:crs:OGC:1.3:CRS84" if name == "CRS84" else name,
    )
}

# Where the RD correction grid is valid, with a margin: degrees lon and lat.
GRID = (2.1, 50.1, 7.9, 55.9)


def find_crs(text: str) -> CrsName | None:
    """The CRS by any of its usual names, or None."""
    return SPELLINGS.get(text.strip().lower())


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle that somebody asked for. `box` finds candidates, `outline` (RD) decides."""

    box: BBox
    outline: Polygon


def window(corners: tuple[float, float, float, float], crs_name: CrsName) -> Window:
    """The rectangle in RD; one in degrees must meet the grid (`meets_grid`).

    A rectangle in degrees has curved sides in RD: they are followed in 32 steps, which keeps the
    outline within 1 mm for a window of a city and within 10 m for one of the whole country.
    """
    west, south, east, north = corners
    if crs_name != "CRS84":
        return Window(BBox(*corners), shapely.box(*corners))
    west, south = max(west, GRID[0]), max(south, GRID[1])
    east, north = min(east, GRID[2]), min(north, GRID[3])
    ring = crs.from_lonlat(_ring(west, south, east, north))
    low, high = ring.min(axis=0), ring.max(axis=0)
    return Window(BBox(float(low[0]), float(low[1]), float(high[0]), float(high[1])), Polygon(ring))


def _ring(west: float, south: float, east: float, north: float) -> NDArray[np.float64]:
    steps = np.linspace(0.0, 1.0, 33)[:-1]
    zero, one = np.zeros_like(steps), np.ones_like(steps)
    u = np.concatenate([steps, one, 1 - steps, zero])
    v = np.concatenate([zero, steps, one, 1 - steps])
    return np.column_stack([west + u * (east - west), south + v * (north - south)])


def meets_grid(corners: tuple[float, float, float, float]) -> bool:
    """True when west, south, east, north are degrees and the rectangle is partly where RD exists."""
    west, south, east, north = corners
    degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    return degrees and west <= GRID[2] and east >= GRID[0] and south <= GRID[3] and north >= GRID[1]


def inside_grid(lon: float, lat: float) -> bool:
    """True when the point is where RD coordinates exist."""
    return GRID[0] <= lon <= GRID[2] and GRID[1] <= lat <= GRID[3]


def point_in_rd(lon: float, lat: float) -> tuple[float, float]:
    """x, y in EPSG:28992 of a point for which `inside_grid` holds."""
    x, y = crs.from_lonlat(np.array([[lon, lat]]))[0]
    return float(x), float(y)


def find_lonlat(x: float, y: float) -> tuple[float, float] | None:
    """lon, lat of one RD point, or None where degrees do not exist: outside the Dutch grid."""
    try:
        return lonlat(x, y)
    except InputRejected:
        return None


def lonlat(x: float, y: float) -> tuple[float, float]:
    """lon, lat of one RD point, rounded to 8 decimals (about 1 mm)."""
    lon, lat = crs.to_lonlat(np.array([[x, y]]))[0]
    return round(float(lon), 8), round(float(lat), 8)


def find_lonlat_box(box: tuple[float, float, float, float]) -> tuple[float, float, float, float] | None:
    """The rectangle in degrees around an RD rectangle: the corners suffice within a metre for a city.

    None when a corner lies outside the Dutch grid: one stray object must not hide a whole layer.
    """
    west, south, east, north = box
    try:
        corners = crs.to_lonlat(np.array([[west, south], [east, south], [east, north], [west, north]]))
    except InputRejected:
        return None
    low, high = corners.min(axis=0), corners.max(axis=0)
    return (
        math.floor(low[0] * 1e8) / 1e8,
        math.floor(low[1] * 1e8) / 1e8,
        math.ceil(high[0] * 1e8) / 1e8,
        math.ceil(high[1] * 1e8) / 1e8,
    )
