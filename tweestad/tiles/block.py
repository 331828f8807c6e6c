"""The buildings of a handful of tiles, made ready to be drawn: in the frame, base lowered, cut up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.model.city_object import CityObject, Shape, SurfaceKind
from tweestad.model.feature import Value
from tweestad.tiles.extrude import extrude, plate
from tweestad.tiles.frame import Frame
from tweestad.tiles.surfaces import (
    Numbers,
    Points,
    Surfaces,
    drawn_kinds,
    join_shapes,
    lower_base,
    lowest,
    newell_normals,
    starts_of,
)
from tweestad.tiles.triangulate import triangulate

StreetLevel = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Street level in NAP metres, (n,), at RD points (n, 2)."""

FLOATS_ABOVE_M = 2.5
"""What has its lowest point this far above the street does not stand on it."""


@dataclass(frozen=True, slots=True, eq=False)
class Building:
    """An object under the id of its feature; `extruded` when its shape comes from its footprint
    and a height, `flat` when no height is known and the footprint lies as a plate on the street.

    `street_nap_m`: where the street before it is already known.
    """

    feature_id: str
    shape: Shape
    extruded: bool = False
    flat: bool = False
    street_nap_m: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Buildings and their drawn surfaces: no ground surfaces, none without area.

    `local`: vertices (v, 3) in the frame. `normals`: (surfaces, 3). `street`: NAP per building.
    `corner_surfaces`: the surface of each corner. `triangles`: corner numbers (t, 3) and
    `triangle_surfaces` (t,), in the order of the buildings. `lost_surfaces`: how many outlines could
    not be cut into triangles. `undrawn`: numbers of buildings of which no surface is left.
    """

    buildings: Sequence[Building]
    surfaces: Surfaces
    local: Points
    normals: Points
    street: Points
    corner_surfaces: Numbers
    triangles: Numbers
    triangle_surfaces: Numbers
    lost_surfaces: int
    undrawn: Numbers


def arrange(
    objects: Sequence[CityObject],
    ids: Mapping[str, str],
    rows: Mapping[str, Mapping[str, Value]],
    base: StreetLevel | None,
    streets: Mapping[str, float] | None = None,
) -> tuple[list[Building], list[str]]:
    """The buildings in the order of their feature ids, and the ids of those without any shape.

    Objects whose key is not in `ids` are no features of the layer and are left out. `streets` gives the
    street level (NAP, by feature id) where `base` is not at hand; there, what has a footprint and no height
    becomes a plate on it.
    """
    known = streets or {}
    buildings: list[Building] = []
    shapeless: list[str] = []
    named = sorted((ids[o.key], n) for n, o in enumerate(objects) if o.key in ids)
    for feature_id, n in named:
        city_object = objects[n]
        shape = city_object.shape
        if shape is not None and len(shape.kinds) and len(shape.vertices):
            buildings.append(Building(feature_id, shape, street_nap_m=known.get(feature_id)))
            continue
        street = known.get(feature_id)
        at_foot = _street_at(city_object, base) if street is None else street
        shape = extrude(city_object, rows.get(feature_id, {}), at_foot)
        flat = shape is None and street is not None
        shape = plate(city_object, at_foot) if flat else shape
        if shape is None:
            shapeless.append(feature_id)
        else:
            buildings.append(Building(feature_id, shape, not flat, flat, street_nap_m=street))
    return buildings, shapeless


def boxes(buildings: Sequence[Building]) -> tuple[Points, Points]:
    """The lower and upper corners, (n, 3) EPSG:7415 each, of the shapes as they were measured."""
    if not buildings:
        return np.zeros((0, 3)), np.zeros((0, 3))
    starts = starts_of(np.array([len(b.shape.vertices) for b in buildings]))[:-1]
    columns = np.concatenate([b.shape.vertices for b in buildings]).T.copy()
    lower = np.column_stack([np.minimum.reduceat(column, starts) for column in columns])
    upper = np.column_stack([np.maximum.reduceat(column, starts) for column in columns])
    return lower, upper


def prepare(buildings: Sequence[Building], frame: Frame, base: StreetLevel | None) -> Block:
    """Put the buildings in the frame, their feet below the street, and cut them into triangles.

    Without `base`, and without a street of its own, a building keeps its own foot and stands at its own
    lowest point.
    """
    surfaces = join_shapes([b.shape for b in buildings])
    ground = lowest(surfaces, len(buildings))
    street = _streets(buildings, base)
    if street is None:
        street = ground
    else:
        # What hangs above the street, such as a roof that is an object of its own, has no foot to lower.
        ground = np.where(ground - street > FLOATS_ABOVE_M, -np.inf, ground)
        surfaces = lower_base(surfaces, ground, street)
    local = frame.local(surfaces.vertices)
    normals, _ = newell_normals(surfaces, local)
    kinds = drawn_kinds(surfaces, normals, ground)
    drawn = (kinds != SurfaceKind.GROUND) & normals.any(1)
    surfaces.kinds[:] = kinds
    surfaces, normals = surfaces.only(drawn), normals[drawn]
    triangles, owners = triangulate(surfaces, local, normals)
    lost = int((np.bincount(owners, minlength=len(surfaces.objects)) == 0).sum())
    undrawn = np.flatnonzero(np.bincount(surfaces.objects[owners], minlength=len(buildings)) == 0)
    return Block(
        buildings=buildings,
        surfaces=surfaces,
        local=local,
        normals=normals,
        street=street,
        corner_surfaces=surfaces.corner_surfaces,
        triangles=triangles,
        triangle_surfaces=owners,
        lost_surfaces=lost,
        undrawn=undrawn,
    )


def _streets(buildings: Sequence[Building], base: StreetLevel | None) -> Points | None:
    if base is not None:
        lower, upper = boxes(buildings)
        return np.asarray(base((lower[:, :2] + upper[:, :2]) / 2), dtype=np.float64)
    known = [b.street_nap_m for b in buildings if b.street_nap_m is not None]
    return np.array(known) if len(known) == len(buildings) else None


def _street_at(city_object: CityObject, base: StreetLevel | None) -> float:
    if base is None or city_object.footprint is None:
        return 0.0
    middle = shapely.centroid(shapely.from_wkb(city_object.footprint))
    if middle.is_empty:
        return 0.0
    return float(base(np.array([[middle.x, middle.y]]))[0])
