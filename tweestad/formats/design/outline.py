"""What the parts of a design cover, seen from above.

Computed in the throw-away process (`isolated_child.py`): the union of some hundreds of slivers that all
cross one another takes minutes, and a file can be made of nothing else.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.formats.design.model import Design

SMALLEST_AREA_M2 = 1e-6
MOST_UNITED = 20_000
"""A part of more triangles gets its hull: their union would take too long."""
SIMPLER_BY_M = 0.02
MILLIMETRE = 0.001
_POLYGON = b"\x01\x03\x00\x00\x00"
_MULTI_POLYGON = b"\x01\x06\x00\x00\x00"
_POINT_BYTES = 16
_FEWEST_POINTS = 4


def with_outlines(design: Design) -> Design:
    """The design with an outline per part; without one where it is not made of numbers."""
    bounds: list[int] = np.searchsorted(design.owners, np.arange(len(design.parts) + 1)).tolist()
    corners = design.vertices[design.triangles][:, :, :2]
    return replace(design, outlines=tuple(outline_of(corners[a:b]) for a, b in pairwise(bounds)))


def outline_of(corners: NDArray[np.float64]) -> bytes:
    """The WKB of what triangles (t, 3, 2) cover; empty when all of them stand upright."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    with np.errstate(all="ignore"):
        areas = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2
        covers = corners[(areas > SMALLEST_AREA_M2) & np.isfinite(corners).all(axis=(1, 2))]
    if not len(covers):
        return b""
    if len(covers) > MOST_UNITED:
        whole: Any = shapely.convex_hull(shapely.multipoints(covers.reshape(-1, 2)))
    else:
        rings = np.concatenate((covers, covers[:, :1]), axis=1)
        whole = shapely.simplify(
            shapely.union_all(shapely.polygons(rings), grid_size=MILLIMETRE), SIMPLER_BY_M
        )
    if shapely.is_empty(whole):
        return b""
    return bytes(shapely.to_wkb(whole, output_dimension=2, byte_order=1))


def is_outline(wkb: bytes) -> bool:
    """Whether bytes are one polygon or one multipolygon in x and y, as `outline_of` writes them.

    GEOS follows collections in collections until its stack is full, so nothing else may come before it.
    """
    if wkb.startswith(_POLYGON):
        return _polygon_end(wkb, 0) == len(wkb)
    if not wkb.startswith(_MULTI_POLYGON):
        return False
    at, count = _count(wkb, len(_MULTI_POLYGON))
    while count and at is not None:
        at, count = _polygon_end(wkb, at), count - 1
    return at == len(wkb)


def _polygon_end(wkb: bytes, start: int) -> int | None:
    """Where the polygon that begins at `start` ends; None when there is none."""
    if not wkb.startswith(_POLYGON, start):
        return None
    at, rings = _count(wkb, start + len(_POLYGON))
    while rings and at is not None:
        at, points = _count(wkb, at)
        if at is None or points < _FEWEST_POINTS:
            return None
        at, rings = at + points * _POINT_BYTES, rings - 1
    return at


def _count(wkb: bytes, at: int) -> tuple[int | None, int]:
    """What comes after the number at `at`, and that number."""
    if at + 4 > len(wkb):
        return None, 0
    return at + 4, int(struct.unpack_from("<I", wkb, at)[0])
