"""The terrain of a city model (TINRelief) as heights: its triangles, sampled finer than the ground."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
Counts = NDArray[np.int64]
MAX_SAMPLES: Final = 100_000_000
_STEP_M: Final = 0.7 * CELL_M
"""In a row and from row to row: no point is farther than half a cell from a sample."""
_BATCH: Final = 1_000_000
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
    grid = _grid(_triangles(path, crs))
    if grid.most_samples > MAX_SAMPLES:
        raise LimitExceeded(f"its terrain would give more than {MAX_SAMPLES:,} heights", where=path.name)
    left_out: Counter[str] = Counter()
    read = used = 0
    for points in _samples(grid):
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


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Triangles turned so that their longest side, seen from above, comes first, and how they are divided.

    `pieces`: along that side; `across`: from it to the corner opposite, so that a sliver has few rows.
    """

    triangles: Triangles
    pieces: Counts
    across: Counts

    @property
    def most_samples(self) -> int:
        """A little more than `_samples` gives."""
        return int(((self.across + 1) * (self.pieces + 4) // 2).sum())


def _grid(triangles: Triangles) -> _Grid:
    sides = np.diff(triangles[:, (0, 1, 2, 0), :2], axis=1)
    lengths = np.hypot(sides[..., 0], sides[..., 1])
    first = lengths.argmax(axis=1)
    longest = np.maximum(lengths.max(axis=1), 1e-9)
    doubled = np.abs(sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0])
    turned = triangles[np.arange(len(triangles))[:, None], (first[:, None] + np.arange(3)) % 3]
    return _Grid(turned, _steps(longest), _steps(doubled / longest))


def _steps(lengths: NDArray[np.float64]) -> Counts:
    pieces: Counts = np.maximum(np.ceil(lengths / _STEP_M), 1).astype(np.int64)
    return pieces


def _samples(grid: _Grid) -> Iterator[Triangles]:
    """Points in rows along the longest side of each triangle, its corners included, (n, 3) at a time."""
    for chosen in _batches(grid.across + 1):
        triangles, across = grid.triangles[chosen], grid.across[chosen]
        owner, row = _numbered(across + 1)
        part = row / across[owner]
        left = np.ceil(grid.pieces[chosen][owner] * (1.0 - part)).astype(np.int64)
        for rows in _batches(left + 1):
            yield _along(triangles[owner[rows]], part[rows], left[rows])


def _along(triangles: Triangles, part: NDArray[np.float64], pieces: Counts) -> Triangles:
    """The points of rows: each lies at `part` of the way to the third corner, in so many pieces."""
    start, end, top = triangles.transpose(1, 0, 2)
    start, end = (side + part[:, None] * (top - side) for side in (start, end))
    row, number = _numbered(pieces + 1)
    share = number / np.maximum(pieces, 1)[row]
    points: Triangles = start[row] + share[:, None] * (end - start)[row]
    return points


def _numbered(sizes: Counts) -> tuple[Counts, Counts]:
    """For groups of these sizes: the group of each member, and its number within it."""
    group = np.repeat(np.arange(len(sizes)), sizes)
    return group, np.arange(len(group)) - (np.cumsum(sizes) - sizes)[group]


def _batches(sizes: Counts) -> Iterator[slice]:
    """Runs of groups that have `_BATCH` members together, or one group that has more."""
    ends = np.cumsum(sizes)
    start = before = 0
    while start < len(ends):
        stop = max(int(np.searchsorted(ends, before + _BATCH, "right")), start + 1)
        yield slice(start, stop)
        start, before = stop, int(ends[stop - 1])
