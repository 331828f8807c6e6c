"""Cut the surfaces of one cell against each other, so that nothing lies on top of anything.

All outlines of a cell are noded together and polygonised; each face then belongs to exactly one role.
That makes a coverage by construction: no overlaps, no gaps, and neighbours share every corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]
Bounds = tuple[float, float, float, float]

RINGS_M: Final = (5.2, 3.2, 1.8, 0.8)
"""Reach of the contact shade from a wall, from the lightest ring to the darkest."""

_POLYGON: Final = 3
_LINES: Final = (1, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What a cell was cut into: `polygons`, and for each its `owners` and `shades` (numbers, uint8)."""

    polygons: Geometries
    owners: NDArray[np.uint8]
    shades: NDArray[np.uint8]


def polygons_of(geometries: Geometries) -> Geometries:
    """The valid polygons in an array of any geometries: repaired where needed, the rest dropped."""
    known = _finite(geometries)
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shapely.force_2d(known))))
    return np.asarray(parts[(shapely.get_type_id(parts) == _POLYGON) & (shapely.area(parts) > 0)])


def strips_of(
    lines: Geometries, widths_m: NDArray[np.float64], near: shapely.Polygon, far_tolerance_m: float
) -> Geometries:
    """Centre lines as surfaces of the given full widths; polygons among them stay as they are.

    Lines of no length are dropped. Lines that miss `near` are simplified first.
    """
    known, widths_m = _finite(lines), widths_m[_is_finite(lines)]
    parts, index = shapely.get_parts(shapely.force_2d(known), return_index=True)
    drawn = np.isin(shapely.get_type_id(parts), _LINES) & (shapely.length(parts) > 0)
    centre, half = parts[drawn], widths_m[index[drawn]] / 2
    is_near = shapely.intersects(centre, near)
    centre = np.where(is_near, centre, shapely.simplify(centre, far_tolerance_m))
    strips = np.empty(len(centre), dtype=np.object_)
    strips[is_near] = shapely.buffer(centre[is_near], half[is_near], quad_segs=3)
    strips[~is_near] = shapely.buffer(centre[~is_near], half[~is_near], quad_segs=2)
    return np.concatenate([strips, polygons_of(known)])


def joined(polygons: Geometries, near: shapely.Polygon, far_tolerance_m: float) -> Geometries:
    """Polygons that touch made one, so that simplifying far from `near` opens no gaps between them."""
    parts = shapely.get_parts(shapely.union_all(polygons))
    simple = polygons_of(shapely.simplify(parts[~shapely.intersects(parts, near)], far_tolerance_m))
    return np.concatenate([parts[shapely.intersects(parts, near)], simple])


class Stock:
    """The surfaces of one role with a spatial index, to be handed out per cell."""

    def __init__(self, surfaces: Geometries) -> None:
        self._surfaces = surfaces
        self._tree = shapely.STRtree(surfaces)

    def within(self, bounds: Bounds) -> Geometries:
        """Everything inside this rectangle, clipped to it; what is left may overlap."""
        return _areas(shapely.clip_by_rect(self._found(bounds, 0.0), *bounds))

    def around(self, bounds: Bounds) -> Geometries:
        """The surfaces, whole, that may throw a contact shade into this rectangle."""
        return self._found(bounds, RINGS_M[0])

    def _found(self, bounds: Bounds, reach_m: float) -> Geometries:
        # Sorted, because the tree's own order is no promise and union follows the order of its input.
        found = np.sort(self._tree.query(shapely.box(*bounds), predicate="dwithin", distance=reach_m))
        return np.asarray(self._surfaces[found])


def rings_of(standing: Geometries, bounds: Bounds) -> list[shapely.Geometry]:
    """The contact shade round these footprints in a rectangle, widest ring first; empty without any."""
    if not len(standing):
        return []
    foot = shapely.union_all(standing)
    return [shapely.clip_by_rect(foot.buffer(reach, quad_segs=2), *bounds) for reach in RINGS_M]


def cut_cell(
    bounds: Bounds,
    owners: Sequence[shapely.Geometry],
    rings: Sequence[shapely.Geometry],
    *,
    unshaded: int,
    tolerance_m: float,
) -> Pieces:
    """Cut a rectangle into pieces: owner 0 is what is left, owner k the k-th surface of `owners`.

    The first surface that covers a place owns it. `rings` (widest first) split the pieces by shade,
    except those of owner number `unshaded`.
    With a tolerance, borders between pieces are simplified together; the rectangle's own edge is not,
    so that neighbouring cells still fit.
    """
    cell = shapely.box(*bounds)
    outlines = np.array([shapely.boundary(g) for g in (cell, *owners, *rings)], dtype=np.object_)
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(outlines)]))
    inside = shapely.point_on_surface(faces)
    owner = np.zeros(len(faces), dtype=np.uint8)
    for number in range(len(owners), 0, -1):
        owner[_covers(owners[number - 1], inside)] = number
    shade = np.zeros(len(faces), dtype=np.uint8)
    for number, ring in enumerate(rings, start=1):
        shade[_covers(ring, inside)] = number
    shade[owner == unshaded] = 0
    key = owner.astype(np.int64) * 8 + shade
    merged = [shapely.get_parts(shapely.coverage_union_all(faces[key == k])) for k in np.unique(key)]
    keys = np.repeat(np.unique(key), [len(m) for m in merged])
    polygons = np.concatenate(merged)
    if tolerance_m > 0:
        polygons = shapely.coverage_simplify(polygons, tolerance_m, simplify_boundary=False)
    return Pieces(polygons, (keys // 8).astype(np.uint8), (keys % 8).astype(np.uint8))


def _covers(surface: shapely.Geometry, points: Geometries) -> NDArray[np.bool_]:
    shapely.prepare(surface)
    return np.asarray(shapely.contains(surface, points))


def _areas(clipped: Geometries) -> Geometries:
    """Clipping leaves lines and points where a surface only touches the rectangle."""
    parts = shapely.get_parts(shapely.get_parts(clipped))
    return np.asarray(parts[shapely.get_type_id(parts) == _POLYGON])


def _is_finite(geometries: Geometries) -> NDArray[np.bool_]:
    """Which entries are geometries with coordinates, all of them finite."""
    good = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    good[index[~np.isfinite(coordinates).all(axis=1)]] = False
    return np.asarray(good)


def _finite(geometries: Geometries) -> Geometries:
    return np.asarray(geometries[_is_finite(geometries)])
