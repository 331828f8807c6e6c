"""Small city objects with known shapes, near Amsterdam unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.model.city_object import CityObject, Shape, SurfaceKind
from tweestad.model.feature import Value
from tweestad.tiles.extrude import block

X, Y = 122_310.0, 486_040.0
GROUND, WALL, ROOF, UNKNOWN = SurfaceKind.GROUND, SurfaceKind.WALL, SurfaceKind.ROOF, SurfaceKind.UNKNOWN

Ring = Sequence[int]
Surface = tuple[SurfaceKind, Sequence[Ring]]


def shape_of(vertices: Sequence[Sequence[float]], surfaces: Sequence[Surface]) -> Shape:
    """A shape from vertices (RD, NAP) and surfaces: a kind and rings of vertex numbers."""
    rings = [ring for _, rings in surfaces for ring in rings]
    return Shape(
        lod="2.2",
        vertices=np.array(vertices, np.float64).reshape(-1, 3),
        ring_vertices=np.array([n for ring in rings for n in ring], np.int32),
        ring_starts=np.cumsum([0, *(len(r) for r in rings)]).astype(np.int32),
        surface_starts=np.cumsum([0, *(len(rings) for _, rings in surfaces)]).astype(np.int32),
        kinds=np.array([int(kind) for kind, _ in surfaces], np.uint8),
    )


def gabled(
    key: str,
    x: float = X,
    y: float = Y,
    *,
    attributes: Mapping[str, Value] | None = None,
    wide: float = 8.0,
    ground: float = 0.5,
) -> CityObject:
    """A house of 8 by 10 m with eaves 6 m and a ridge 9 m above its ground; 13 faces' worth of edges."""
    corners = [(0.0, 0.0), (wide, 0.0), (wide, 10.0), (0.0, 10.0)]
    low = [(x + a, y + b, ground) for a, b in corners]
    eaves = [(x + a, y + b, ground + 6.0) for a, b in corners]
    ridge = [(x + wide / 2, y, ground + 9.0), (x + wide / 2, y + 10.0, ground + 9.0)]
    surfaces: list[Surface] = [
        (GROUND, [[3, 2, 1, 0]]),
        (WALL, [[0, 1, 5, 8, 4]]),
        (WALL, [[1, 2, 6, 5]]),
        (WALL, [[2, 3, 7, 9, 6]]),
        (WALL, [[3, 0, 4, 7]]),
        (ROOF, [[5, 6, 9, 8]]),
        (ROOF, [[7, 4, 8, 9]]),
    ]
    shape = shape_of([*low, *eaves, *ridge], surfaces)
    return CityObject(key, "Building", dict(attributes or {}), None, shape, ("2.2",))


def drawn_up(key: str, footprint: shapely.Polygon, low: float = 0.5, high: float = 8.5) -> CityObject:
    """A building with a flat roof over any footprint, courtyards too."""
    return CityObject(key, "Building", {}, footprint.wkb, block(footprint.wkb, low, high), ("1.2",))


def only_footprint(key: str, attributes: Mapping[str, Value] | None = None) -> CityObject:
    """A building of which the file has no shape."""
    footprint = shapely.box(X, Y, X + 10, Y + 6)
    return CityObject(key, "Building", dict(attributes or {}), footprint.wkb, None, ("0",))


def courtyard() -> shapely.Polygon:
    """A block of 20 by 20 m around a court of 8 by 8 m."""
    court = [(X + a, Y + b) for a, b in ((6, 6), (14, 6), (14, 14), (6, 14))]
    return shapely.Polygon(shapely.box(X, Y, X + 20, Y + 20).exterior, [court])


def level(height_nap_m: float) -> StreetLevelAt:
    """A street that is everywhere at the same height."""
    return StreetLevelAt(height_nap_m)


class StreetLevelAt:
    def __init__(self, height_nap_m: float) -> None:
        self.height_nap_m = height_nap_m

    def __call__(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.full(len(xy), self.height_nap_m)
