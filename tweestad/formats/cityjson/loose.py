"""Objects without surfaces: points, such as a lamp post, and lines, such as the axis of a road."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.formats.cityjson.geometry import WITHOUT_SURFACES, vertex_numbers


@dataclass(frozen=True, slots=True, eq=False)
class Loose:
    """Points, or the vertices of lines after each other; `lengths` in vertices, empty for points.

    `vertices`: int64 vertex numbers.
    """

    vertices: NDArray[np.int64]
    lengths: tuple[int, ...]

    def geometry(self, xyz: NDArray[np.float64]) -> shapely.Geometry:
        """A MultiPoint or MultiLineString of these vertices, (n, 3)."""
        if not self.lengths:
            return shapely.MultiPoint(xyz)
        owners = np.repeat(np.arange(len(self.lengths)), self.lengths)
        lines: Any = shapely.linestrings(xyz, indices=owners)
        return shapely.MultiLineString(list(lines))


def read_loose(geometries: Iterable[Mapping[str, Any]], vertex_count: int) -> Loose | None:
    """The lines of these geometries, else their points, else None. Raises InputRejected."""
    points: list[Any] = []
    lines: list[list[Any]] = []
    for geometry in geometries:
        if geometry.get("type") not in WITHOUT_SURFACES:
            continue
        boundaries = geometry.get("boundaries") or []
        if not isinstance(boundaries, list):
            raise InputRejected("the boundaries are not nested as deep as the geometry type asks")
        if geometry["type"] == "MultiPoint":
            points += boundaries
        elif set(map(type, boundaries)) - {list}:
            raise InputRejected("the boundaries are not nested as deep as the geometry type asks")
        else:
            lines += [line for line in boundaries if len(line) >= 2]
    if not lines and not points:
        return None
    numbers = vertex_numbers([list(chain.from_iterable(lines))] if lines else [points], vertex_count)
    return Loose(numbers, tuple(map(len, lines)))
