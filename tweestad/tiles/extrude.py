"""A plain block from a footprint and a height, for buildings without a measured shape."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.polygon import orient

from tweestad.model.city_object import CityObject, Shape, SurfaceKind
from tweestad.model.feature import Value

ABOVE_GROUND = ("hoogte_m", "height_m", "measuredHeight", "hoogte", "height", "b3_hoogte", "relatieve_hoogte")
ROOF_NAP = (
    "dak_nap_m",
    "hoogte_nap_m",
    "b3_h_dak_70p",
    "b3_h_70p",
    "h_dak_70p",
    "rf_h_roof_70p",
    "b3_h_dak_max",
    "h_dak_max",
    "rf_h_roof_max",
)
GROUND_NAP = ("maaiveld_nap_m", "b3_h_maaiveld", "h_maaiveld", "rf_h_ground")
LOWEST_M, HIGHEST_M = 0.5, 400.0
PLATE_M = 0.2
"""How far the plate of a building without a known height lies above the street."""


def extrude(city_object: CityObject, row: Mapping[str, Value], street_nap_m: float) -> Shape | None:
    """The block of an object, or None without a footprint or a believable height.

    The height is the first of the known attributes in the object or in its `row` of the layer. Where
    no ground height is given the block stands at `street_nap_m`.
    """
    attributes = {**city_object.attributes, **row}
    ground = _first(attributes, GROUND_NAP)
    ground = street_nap_m if ground is None else ground
    height = _first(attributes, ABOVE_GROUND)
    if height is None:
        roof = _first(attributes, ROOF_NAP)
        height = None if roof is None else roof - ground
    if height is None or not LOWEST_M <= height <= HIGHEST_M or city_object.footprint is None:
        return None
    return block(city_object.footprint, ground, ground + height)


def plate(city_object: CityObject, street_nap_m: float) -> Shape | None:
    """The footprint of an object as a plate on the street, or None without a footprint."""
    if city_object.footprint is None:
        return None
    return block(city_object.footprint, street_nap_m, street_nap_m + PLATE_M)


def outlines(footprint: bytes) -> list[shapely.Polygon]:
    """The polygons of a footprint (WKB) that have an area."""
    parts = shapely.get_parts(shapely.from_wkb(footprint)).tolist()
    return [p for p in parts if p.geom_type == "Polygon" and p.area > 0]


def block(footprint: bytes, ground_nap_m: float, roof_nap_m: float) -> Shape | None:
    """A footprint (WKB, EPSG:28992) drawn up from ground to roof; None when it has no area."""
    rings_of = [
        [shapely.get_coordinates(r)[:-1] for r in (p.exterior, *p.interiors)]
        for p in map(orient, outlines(footprint))
    ]
    if not rings_of:
        return None
    flat = np.concatenate([ring for rings in rings_of for ring in rings])
    low = np.column_stack([flat, np.full(len(flat), ground_nap_m)])
    high = np.column_stack([flat, np.full(len(flat), roof_nap_m)])
    surfaces: list[list[NDArray[np.int64]]] = []
    kinds: list[int] = []
    first = 0
    for rings in rings_of:
        numbers = []
        for ring in rings:
            numbers.append(np.arange(first, first + len(ring)))
            first += len(ring)
        surfaces.append([n[::-1] for n in numbers])
        surfaces.append([n + len(flat) for n in numbers])
        kinds += [SurfaceKind.GROUND, SurfaceKind.ROOF]
        for n in numbers:
            walls = np.column_stack([n, np.roll(n, -1), np.roll(n, -1) + len(flat), n + len(flat)])
            surfaces += [[wall] for wall in walls]
            kinds += [SurfaceKind.WALL] * len(walls)
    all_rings = [ring for surface in surfaces for ring in surface]
    return Shape(
        lod="1.2",
        vertices=np.concatenate([low, high]),
        ring_vertices=np.concatenate(all_rings).astype(np.int32),
        ring_starts=np.cumsum([0, *(len(r) for r in all_rings)]).astype(np.int32),
        surface_starts=np.cumsum([0, *(len(s) for s in surfaces)]).astype(np.int32),
        kinds=np.array(kinds, np.uint8),
    )


def _first(attributes: Mapping[str, Value], names: tuple[str, ...]) -> float | None:
    for name in names:
        value = attributes.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value):
            return float(value)
    return None
