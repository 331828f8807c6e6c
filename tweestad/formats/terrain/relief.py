"""The terrain of a city model (TINRelief) as heights: its triangles, sampled finer than the ground."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.cityjson.reading import Choice, read_chosen
from tweestad.formats.terrain.heights import CELL_M, HeightCounts, Thinning
from tweestad.model.city_object import CityObject, Shape
from tweestad.model.layer import Rejected

Triangles = NDArray[np.float64]
"""(n, 3 corners, 3), EPSG:7415."""
MAX_SAMPLES: Final = 100_000_000
_STEP_M: Final = 0.9 * CELL_M
_BATCH: Final = 2_000_000
_RELIEF = Choice(frozenset({"TINRelief"}))


def read_relief(
    path: Path,
    into: Thinning,
    *,
    crs: int | None = None,
    on_points: Callable[[int], None] = lambda _: None,
) -> HeightCounts:
    """Put the terrain of a CityJSON file into `into`; `on_points` hears how many heights there were so far.

    A triangle is a surface and not three points: it is sampled at least once in every cell of the ground
    that it covers wholly. Raises InputRejected for a file without a terrain that can be used, and
    LimitExceeded for one too large.
    """
    triangles = _triangles(path, crs)
    counts = _divisions(triangles)
    if int(((counts + 1) * (counts + 2) // 2).sum()) > MAX_SAMPLES:
        raise LimitExceeded(f"its terrain would give more than {MAX_SAMPLES:,} heights", where=path.name)
    left_out: Counter[str] = Counter()
    read = used = 0
    for points in _samples(triangles, counts):
        read += len(points)
        used += into.add(points[:, :2], points[:, 2], left_out)
        on_points(read)
    return HeightCounts(read, used, left_out)


def _triangles(path: Path, crs: int | None) -> Triangles:
    found: list[Triangles] = [np.zeros((0, 3, 3))]
    faults: list[Rejected] = []
    for each in read_chosen(path, _RELIEF, crs=crs):
        if isinstance(each, Rejected):
            faults.append(each)
        elif isinstance(each, CityObject) and each.shape is not None:
            found.append(_corners(each.shape))
    joined = np.concatenate(found)
    if not len(joined):
        told = f" ({faults[0].object_id[:80]}: {faults[0].reason})" if faults else ""
        raise InputRejected(f"it has no TINRelief to take heights from{told}", where=path.name)
    return joined


def _corners(shape: Shape) -> Triangles:
    """The outer rings as triangles: a fan where a ring has more than three corners."""
    outer = shape.surface_starts[:-1]
    starts = shape.ring_starts[outer].astype(np.int64)
    sizes = (shape.ring_starts[outer + 1] - shape.ring_starts[outer]).astype(np.int64)
    corners = [
        np.column_stack([starts, starts + n, starts + n + 1])[sizes > n + 1]
        for n in range(1, int(sizes.max(initial=2)) - 1)
    ]
    numbers = np.concatenate([np.zeros((0, 3), np.int64), *corners])
    return np.asarray(shape.vertices[shape.ring_vertices[numbers]], dtype=np.float64)


def _divisions(triangles: Triangles) -> NDArray[np.int64]:
    """Into how many pieces the longest side of each triangle is divided, seen from above."""
    sides = np.diff(triangles[:, (0, 1, 2, 0), :2], axis=1)
    longest = np.hypot(sides[..., 0], sides[..., 1]).max(axis=1)
    pieces: NDArray[np.int64] = np.maximum(np.ceil(longest / _STEP_M), 1).astype(np.int64)
    return pieces


def _samples(triangles: Triangles, counts: NDArray[np.int64]) -> Iterator[Triangles]:
    """Points on a regular grid over each triangle, its corners included, (n, 3) at a time."""
    for count in np.unique(counts).tolist():
        steps = np.arange(count + 1)
        first, second = (part.ravel() for part in np.meshgrid(steps, steps))
        inside = first + second <= count
        weights = np.stack([first, second, count - first - second], axis=1)[inside] / count
        chosen = triangles[counts == count]
        size = max(_BATCH // len(weights), 1)
        for start in range(0, len(chosen), size):
            points = np.einsum("kc,tcd->tkd", weights, chosen[start : start + size])
            yield points.reshape(-1, 3)
