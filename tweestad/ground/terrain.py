"""Measured terrain as a fine grid of heights: outliers out, holes filled, joined to the wide surface.

Method. Samples are medians per cell of 1.75 m. A sample more than OUTLIER_M off the median of the
samples in the 5 x 5 cells round it is left out (Hampel's identifier with a fixed width, after Pearson,
"Outliers in process modeling", 2002): points below bridges and in light wells go, a quay or a kerb stays.
Samples on water are left out: the shore decides how high the land is, not the water. A node is the mean of
the samples within half a step. Holes, under buildings above all, are filled by pull-push over a pyramid
(Gortler et al., "The Lumigraph", 1996, section 3.5). Towards the edge of what was measured the terrain
fades into the wide surface, so that the two join without a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.errors import InputRejected

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

STEPS_M: Final[tuple[float, ...]] = (3.5, 7.0, 10.5, 14.0, 21.0)
"""Steps of the fine grid. The finest is used that divides the wide step and keeps to FACETS_MAX."""

FACETS_MAX: Final = 800_000
OUTLIER_M: Final = 0.5
SHORE_M: Final = 0.15
"""Land within a step of the water lies at least this much above it, so that no shore is turned over."""

_CELL_M: Final = 1.75
_KNOWN_SHARE: Final = 0.1
_FADE_M: Final = 10.5
_CELLS_MAX: Final = 60_000_000
_BAND: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Heights (rows north, columns east) at the multiples of `step_m` from (`first_column`, `first_row`).

    `squares` says which squares of the wide grid (`division` fine steps wide, the first at the
    first node) have terrain of their own; only there the nodes mean something.
    """

    step_m: float
    division: int
    first_column: int
    first_row: int
    nodes: Floats
    squares: Flags

    def square_of(self, xy: Floats) -> tuple[Integers, Flags]:
        """Row and column (n, 2) of the wide square of each point, and whether it has terrain."""
        wide = self.step_m * self.division
        first = np.array([self.first_row, self.first_column]) // self.division
        square = np.floor(xy[:, ::-1] / wide).astype(np.int64) - first
        inside = ((square >= 0) & (square < self.squares.shape)).all(axis=1)
        has = np.zeros(len(xy), dtype=bool)
        has[inside] = self.squares[square[inside, 0], square[inside, 1]]
        return square, has

    def within(self, min_x: float, min_y: float, max_x: float, max_y: float) -> Terrain | None:
        """The same grid, kept only round this rectangle (EPSG:28992); None when nothing is measured there."""
        wide = self.step_m * self.division
        kept = []
        for low, high, first, count in (
            (min_y, max_y, self.first_row, self.squares.shape[0]),
            (min_x, max_x, self.first_column, self.squares.shape[1]),
        ):
            start = max(int(np.floor(low / wide)) - first // self.division - 1, 0)
            kept.append(
                slice(start, min(max(int(np.ceil(high / wide)) - first // self.division + 1, 0), count))
            )
        rows, columns = kept
        squares = self.squares[rows, columns]
        if not squares.any():
            return None
        fine = [slice(s.start * self.division, s.stop * self.division + 1) for s in (rows, columns)]
        return Terrain(
            self.step_m,
            self.division,
            self.first_column + fine[1].start,
            self.first_row + fine[0].start,
            np.ascontiguousarray(self.nodes[fine[0], fine[1]]),
            np.ascontiguousarray(squares),
        )

    def replaced(self, nodes: Floats) -> Terrain:
        """The same grid with other heights."""
        return Terrain(self.step_m, self.division, self.first_column, self.first_row, nodes, self.squares)


def measured(
    xy: Floats, z_nap: Floats, wide_m: float, *, water: NDArray[np.object_], water_nap_m: float | None
) -> Terrain | None:
    """Grid the samples: `xy` (n, 2) middles of 1.75 m cells, EPSG:28992; `z_nap` (n,) metres NAP.

    `wide_m` is the step of the wide grid; `water` are polygons. None without samples. Raises
    InputRejected when they lie too far apart for one grid.
    """
    kept = np.isfinite(xy).all(axis=1) & np.isfinite(z_nap)
    xy, z_nap = xy[kept], z_nap[kept]
    ponds = shapely.union_all(water) if len(water) else shapely.Polygon()
    shapely.prepare(ponds)
    if len(xy):
        dry = ~shapely.contains_xy(ponds, xy[:, 0], xy[:, 1])
        dry[dry] = in_line(xy[dry], z_nap[dry])
        xy, z_nap = xy[dry], z_nap[dry]
    if not len(xy):
        return None
    step = _step(xy, wide_m)
    division = round(wide_m / step)
    first = np.floor(xy.min(axis=0) / wide_m).astype(np.int64)
    size = np.floor(xy.max(axis=0) / wide_m).astype(np.int64) - first + 1
    if np.prod(size.astype(float)) * division**2 > _CELLS_MAX:
        raise InputRejected("the terrain lies too far apart for one surface")
    heights, squares = _nodes(xy, z_nap, step, division, first, size)
    if not squares.any():
        return None
    nodes = filled(heights)
    terrain = Terrain(step, division, int(first[0]) * division, int(first[1]) * division, nodes, squares)
    if water_nap_m is None or ponds.is_empty:
        return terrain
    return terrain.replaced(_above_the_shore(terrain, ponds, water_nap_m + SHORE_M))


def joined_to(terrain: Terrain, wide_at_nodes: Floats) -> Terrain:
    """The terrain, faded into the wide surface (its heights at the same nodes) over the last 10 m."""
    weight = _inwardness(terrain) * terrain.step_m / _FADE_M
    share = np.clip(weight, 0.0, 1.0)
    nodes = np.round(share * terrain.nodes + (1 - share) * wide_at_nodes, 3)
    # On the edge itself exactly, or the two surfaces would be a rounding apart.
    return terrain.replaced(np.where(share == 0, wide_at_nodes, nodes))


def in_line(xy: Floats, z_nap: Floats) -> Flags:
    """Which samples lie within OUTLIER_M of the median of the 5 x 5 cells round them."""
    cell = np.floor(xy / _CELL_M).astype(np.int64)
    first = cell.min(axis=0) if len(cell) else np.zeros(2, dtype=np.int64)
    cell = cell - first + 2
    width, height = (cell.max(axis=0) + 3).tolist() if len(cell) else (1, 1)
    if float(width) * height > _CELLS_MAX:
        raise InputRejected("the terrain lies too far apart for one surface")
    grid = np.full((height, width), np.nan, dtype=np.float32)
    grid[cell[:, 1], cell[:, 0]] = z_nap
    result = np.zeros(len(z_nap), dtype=bool)
    order = np.argsort(cell[:, 1], kind="stable")
    for members in np.split(order, np.searchsorted(cell[order, 1], np.arange(_BAND, height, _BAND))):
        row, column = cell[members, 1], cell[members, 0]
        around = np.stack([grid[row + dj, column + di] for dj in range(-2, 3) for di in range(-2, 3)])
        if len(members):
            middle = np.nanmedian(around, axis=0)
            result[members] = np.abs(z_nap[members] - middle) <= OUTLIER_M
    return result


def filled(heights: Floats) -> Floats:
    """The same grid with every NaN filled from what surrounds it; needs at least one height.

    Pull: averages of known heights in ever larger blocks of 2 x 2. Push: what is unknown at one level
    takes the bilinear value of the level above.
    """
    known = np.isfinite(heights)
    levels = [(np.where(known, heights, 0.0), known.astype(np.float64))]
    while levels[-1][1].min() == 0 and max(levels[-1][0].shape) > 1:
        levels.append(_pulled(*levels[-1]))
    full = levels[-1][0]
    for values, weights in reversed(levels[:-1]):
        above = _pushed(full, values.shape)
        # Each level below adds what it knows, by how much it knows.
        share = np.minimum(weights, 1.0)
        full = share * values + (1 - share) * above
    return np.asarray(np.where(known, heights, full))


def _pulled(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    rows, columns = (-(-n // 2) for n in values.shape)
    padding = [(0, 2 * rows - values.shape[0]), (0, 2 * columns - values.shape[1])]
    blocks = (rows, 2, columns, 2)
    weight = np.pad(weights, padding).reshape(blocks)
    total = (np.pad(values * weights, padding).reshape(blocks)).sum(axis=(1, 3))
    sums = weight.sum(axis=(1, 3))
    return np.asarray(total / np.where(sums > 0, sums, 1.0)), np.asarray(np.minimum(sums, 1.0))


def _pushed(coarse: Floats, shape: tuple[int, ...]) -> Floats:
    """Bilinear values of a level at the nodes of the one below (nodes at a quarter and three quarters)."""
    result = coarse
    for axis, count in enumerate(shape):
        place = np.clip((np.arange(count) - 0.5) / 2, 0, result.shape[axis] - 1)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, result.shape[axis] - 1)
        part = (place - low)[:, None] if axis == 0 else (place - low)[None, :]
        result = np.take(result, low, axis) * (1 - part) + np.take(result, high, axis) * part
    return np.asarray(result)


def _step(xy: Floats, wide_m: float) -> float:
    """The finest step that divides the wide one and keeps the number of facets in hand."""
    area = len(np.unique(np.floor(xy / wide_m).astype(np.int64), axis=0)) * wide_m**2
    fitting = [step for step in STEPS_M if abs(wide_m / step - round(wide_m / step)) < 1e-9]
    return next((step for step in fitting if 2 * area / step**2 <= FACETS_MAX), wide_m)


def _nodes(
    xy: Floats, z_nap: Floats, step: float, division: int, first: Integers, size: Integers
) -> tuple[Floats, Flags]:
    """Heights at the nodes (NaN where nothing was measured), and which wide squares are measured enough."""
    shape = (int(size[1]) * division + 1, int(size[0]) * division + 1)
    node = np.rint(xy / step).astype(np.int64) - first * division
    flat = node[:, 1] * shape[1] + node[:, 0]
    count = np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape)
    total = np.bincount(flat, z_nap, minlength=shape[0] * shape[1]).reshape(shape)
    heights = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    inner = (count[:-1, :-1] > 0).reshape(int(size[1]), division, int(size[0]), division)
    return heights, np.asarray(inner.mean(axis=(1, 3)) >= _KNOWN_SHARE)


def _above_the_shore(terrain: Terrain, ponds: shapely.Geometry, floor: float) -> Floats:
    """The nodes, with those within a step of the water at least at `floor`."""
    nodes = terrain.nodes.copy()
    row, column = np.nonzero(nodes < floor)
    x = (column + terrain.first_column) * terrain.step_m
    y = (row + terrain.first_row) * terrain.step_m
    near = shapely.dwithin(ponds, shapely.points(x, y), 1.5 * terrain.step_m)
    nodes[row[near], column[near]] = floor
    return nodes


def _inwardness(terrain: Terrain) -> Floats:
    """How many fine steps each node is away from the edge of the terrain; 0 on it and outside."""
    fine = np.repeat(np.repeat(terrain.squares, terrain.division, 0), terrain.division, 1)
    # A node is inside when all four fine squares that meet in it are.
    square = np.pad(fine, 1)
    inside = square[1:, 1:] & square[1:, :-1] & square[:-1, 1:] & square[:-1, :-1]
    steps = np.zeros(inside.shape)
    for _ in range(int(np.ceil(_FADE_M / terrain.step_m))):
        steps += inside
        wide = np.pad(inside, 1)
        inside = np.all(
            [
                wide[1 + dj : wide.shape[0] - 1 + dj, 1 + di : wide.shape[1] - 1 + di]
                for dj in (-1, 0, 1)
                for di in (-1, 0, 1)
            ],
            axis=0,
        )
    return steps
