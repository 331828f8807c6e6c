"""The footprint of an object: its LoD 0 surfaces, else its ground, else what its roofs cover."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.formats.cityjson.rings import RingSet
from tweestad.model.city_object import SurfaceKind

MILLIMETRE = 0.001
LOST_AREA_MM2 = 1_000.0
MOST_CORNERS = 1_000
MOST_PIECES = 20_000
BROKEN_WORK = 400_000
JOINING_WORK = 500_000
"""Units of work for the objects of one call, about 2 s each: the sum of the squares of the corners of broken
outlines, and for n pieces that overlap 7 n log2(n). What comes after that gets no outline."""
_SLOPING = 0.1  # the upright part of a unit normal below which a surface counts as a wall
_FLAT = 0.7

Chosen = NDArray[np.bool_]


def footprints(solids: RingSet, plans: RingSet, covers: Chosen, skip: Container[int]) -> list[bytes | None]:
    """Return per object a Polygon or MultiPolygon as 2D WKB in EPSG:28992, None without any area.

    `covers` (objects,) are those that cover the ground, such as roads: all that is seen from above is
    theirs, also where a file turns a surface over. Objects numbered in `skip` get None.
    """
    objects = solids.object_starts.size - 1
    result: list[bytes | None] = [None] * objects
    joiner = _Joiner()
    _fill(result, plans, np.abs(plans.normals[:, 2]) > _SLOPING, skip, joiner)
    owners = np.repeat(np.arange(objects), np.diff(solids.object_starts))
    _fill(result, solids, _ground(solids) & ~covers[owners], skip, joiner)
    _fill(result, solids, _cover(solids), skip, joiner)
    return result


def _ground(rings: RingSet) -> Chosen:
    facing_down = rings.normals[:, 2] < -_FLAT
    unnamed = rings.kinds == SurfaceKind.UNKNOWN
    level = np.abs(rings.normals[:, 2]) > _SLOPING
    chosen: Chosen = ((rings.kinds == SurfaceKind.GROUND) & level) | (unnamed & facing_down)
    return chosen


def _cover(rings: RingSet) -> Chosen:
    chosen: Chosen = (rings.kinds != SurfaceKind.WALL) & (np.abs(rings.normals[:, 2]) > _SLOPING)
    return chosen


def _fill(
    result: list[bytes | None], rings: RingSet, chosen: Chosen, skip: Container[int], joiner: _Joiner
) -> None:
    """Give the objects that have no footprint yet one made of their chosen surfaces."""
    counts = np.diff(rings.object_starts)
    wanted = np.array([outline is None and i not in skip for i, outline in enumerate(result)], dtype=bool)
    owners = np.repeat(np.arange(counts.size), counts)
    surfaces = np.flatnonzero(chosen & wanted[owners])
    if not surfaces.size:
        return
    polygons = _polygons(rings, surfaces, joiner)
    owners = owners[surfaces]
    edges = np.flatnonzero(np.diff(owners, prepend=-1, append=-1))
    outlines = np.array(
        [
            polygons[a] if b - a == 1 else joiner.joined(polygons[a:b])
            for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        ],
        dtype=object,
    )
    # One spelling: equal ground is equal bytes, whatever corner or part its source begins with.
    spelled = shapely.orient_polygons(shapely.normalize(outlines))
    texts = shapely.to_wkb(spelled, output_dimension=2, byte_order=1)
    empty = shapely.is_empty(outlines)
    for owner, text, nothing in zip(owners[edges[:-1]].tolist(), texts, empty, strict=True):
        result[owner] = None if nothing else bytes(text)


def _polygons(rings: RingSet, surfaces: NDArray[np.int64], joiner: _Joiner) -> NDArray[np.object_]:
    """Build the chosen surfaces as valid polygons or multipolygons, seen from above."""
    firsts, ends = rings.surface_starts[surfaces], rings.surface_starts[surfaces + 1]
    owner_of_ring = np.repeat(np.arange(surfaces.size), ends - firsts)
    numbers = _runs(firsts, ends)
    starts, stops = rings.ring_starts[numbers], rings.ring_starts[numbers + 1]
    xy = rings.xyz[_runs(starts, stops), :2]
    lines: Any = shapely.linearrings(xy, indices=np.repeat(np.arange(numbers.size), stops - starts))
    made: Any = shapely.polygons(lines, indices=owner_of_ring)  # the first of each is its outer ring
    broken = ~shapely.is_valid(made)
    for number in np.flatnonzero(broken).tolist():
        made[number] = joiner.joined(made[number : number + 1])
    return np.asarray(made, dtype=object)


def _runs(firsts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers first, first + 1, … end - 1 of every pair, after each other."""
    lengths = ends - firsts
    before = np.cumsum(lengths) - lengths
    numbers: NDArray[np.int64] = np.arange(int(lengths.sum())) + np.repeat(firsts - before, lengths)
    return numbers


@dataclass(slots=True)
class _Joiner:
    """Unions of the polygons of an object, each equal shape once, as long as the work stays in hand.

    A union is made in whole millimetres from the lowest corner, so it depends on the shape and not on the
    place: a template that stands in five hundred places is joined once. A unit of work takes about 4.5 µs.
    """

    broken_work: int = BROKEN_WORK
    joining_work: int = JOINING_WORK
    known: dict[bytes, shapely.Geometry] = field(default_factory=dict)

    def joined(self, polygons: NDArray[np.object_]) -> shapely.Geometry:
        """Union on the millimetre grid of the polygonal parts; an empty polygon when there are none.

        What would take minutes is not tried: thousands of overlapping pieces, or one broken outline of
        thousands of corners, whose repair takes time with the square of its crossings.
        """
        low = shapely.total_bounds(polygons)[:2]
        local: Any = shapely.transform(polygons, lambda xy: ((xy - low) / MILLIMETRE).round())
        key = bytes(shapely.to_wkb(shapely.geometrycollections(local)))
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._made(local)
        return shapely.transform(found, lambda xy: (xy * MILLIMETRE + low).round(3))

    def _made(self, polygons: NDArray[np.object_]) -> shapely.Geometry:
        if len(polygons) > 1 and (whole := _joined_along_edges(polygons)) is not None:
            return whole
        valid = shapely.is_valid(polygons)
        corners = shapely.get_num_coordinates(polygons)
        polygons = polygons[valid | (corners <= MOST_CORNERS)]
        broken = int((np.minimum(corners, MOST_CORNERS)[~valid] ** 2).sum())
        pieces = len(polygons) if len(polygons) > 1 else 0
        joining = int(7 * pieces * np.log2(pieces + 1))
        self.broken_work -= broken
        self.joining_work -= joining
        if len(polygons) > MOST_PIECES or min(self.broken_work, self.joining_work) < 0:
            return shapely.Polygon()
        if not valid.all():
            polygons = shapely.make_valid(polygons, method="structure", keep_collapsed=False)
        parts = shapely.get_parts(shapely.get_parts(polygons))
        areas = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        return shapely.union_all(areas, grid_size=1.0) if areas.size else shapely.Polygon()


def _joined_along_edges(polygons: NDArray[np.object_]) -> shapely.Geometry | None:
    """Union of polygons that share whole edges and do not overlap, as in a TIN; None when they are not so.

    Many times faster than a general union. That nothing overlaps is known afterwards: no area is lost.
    """
    try:
        whole = shapely.coverage_union_all(polygons)
    except shapely.GEOSException:
        return None
    if shapely.get_type_id(whole) not in (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON):
        return None
    same_area = abs(shapely.area(whole) - shapely.area(polygons).sum()) < LOST_AREA_MM2
    return whole if same_area and shapely.is_valid(whole) else None
