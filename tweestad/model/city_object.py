"""A city object with its shape: flat arrays, so that thousands are handled at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tweestad.model.feature import Value


class SurfaceKind(IntEnum):
    """What a surface is, after CityJSON's semantics. UNKNOWN is decided later from its normal."""

    UNKNOWN = 0
    GROUND = 1
    WALL = 2
    ROOF = 3
    OTHER = 4


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The surfaces of one object at one level of detail.

    `vertices`: float64 (n, 3), EPSG:7415 (x, y in RD metres, z in NAP metres).
    `ring_vertices`: int32, vertex numbers of all rings after each other, without the closing one.
    `ring_starts`: int32 (rings + 1). `surface_starts`: int32 (surfaces + 1), in rings; the first ring
    of a surface is its outer one, the others are holes. `kinds`: uint8 (surfaces,), SurfaceKind.
    """

    lod: str
    vertices: NDArray[np.float64]
    ring_vertices: NDArray[np.int32]
    ring_starts: NDArray[np.int32]
    surface_starts: NDArray[np.int32]
    kinds: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class CityObject:
    """A root object of a city model with the shapes of all its parts joined.

    `key` is the name in the file (never used as an id), `attributes` those of the root object, with
    what it lacks and all of its parts say alike.
    `footprint` is WKB (Polygon or MultiPolygon, EPSG:28992), from LoD0 or the ground surfaces.
    `shape` is the finest one with LoD >= 1 (or the one asked for), None when there is only a footprint.
    `loose` is WKB (MultiPoint or MultiLineString, EPSG:28992) of an object that has no surfaces at all.
    """

    key: str
    type: str
    attributes: Mapping[str, Value]
    footprint: bytes | None
    shape: Shape | None
    lods: tuple[str, ...] = field(default=())
    loose: bytes | None = None
