"""The height of the street: measured terrain where there is one, else spread from heights at buildings.

The surface is made of flat triangles on a regular RD grid; squares of it that have measured terrain are
divided into smaller ones. Every mesh whose triangles stay inside these facets therefore lies exactly on
the surface, and two meshes that meet share their heights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.ground.terrain import Terrain, joined_to, measured

Floats = NDArray[np.float64]

CELL_M: Final = 420.0
"""Side of the RD cells in which the ground is cut; heights bend only on lines that divide it evenly."""

CLEARANCE_M: Final = 0.8
"""The ground stays at least this much above the water."""

TERRAIN_CLEARANCE_M: Final = 0.3
"""The same where terrain was measured nearby: then low land is known to be low."""

_DIVISIONS: Final = (10, 6, 4, 3, 2, 1)
_FACETS_MAX: Final = 20_000
_NODES_MAX: Final = 4_000_000
_REACH_M: Final = 250.0
_SLOPE_PER_AXIS: Final = 0.05
_OUTLIER_M: Final = 1.0
_COARSE_M: Final = 21.0


def no_water() -> NDArray[np.object_]:
    """An empty array of polygons, for a place without water."""
    return np.empty(0, dtype=np.object_)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What is known of measured terrain.

    `xy` (n, 2) middles of cells of 1.75 m in EPSG:28992, `z_nap` (n,) their heights in metres NAP, and
    `water`: polygons in EPSG:28992 inside which heights are not those of land.
    """

    xy: Floats
    z_nap: Floats
    water: NDArray[np.object_] = field(default_factory=no_water)


@dataclass(frozen=True, slots=True, eq=False)
class GroundHeight:
    """A smooth street level: `at` is a pure function of (x, y), off the terrain nowhere steeper than 8 %.

    `default_nap_m` holds far from samples. `nodes` are the heights (rows north, columns east) at the
    multiples of `step_m` that start at (`first_column`, `first_row`); the outermost equal the default.
    Squares between nodes that `terrain` has measured follow its finer grid.
    """

    default_nap_m: float
    step_m: float
    first_column: int
    first_row: int
    nodes: Floats
    terrain: Terrain | None = None

    @classmethod
    def from_terrain(
        cls,
        given: Measured,
        xy: Floats,
        z_nap: Floats,
        *,
        water_nap_m: float | None = None,
        default_nap_m: float = 0.75,
    ) -> GroundHeight:
        """Fit the surface to measured terrain, and to samples (as in `from_samples`) where there is none.

        Round the terrain the difference between it and the smooth surface fades away over 250 m.
        Raises InputRejected when terrain or samples lie too far apart for one surface.
        """
        known, heights = _block_medians(given.xy, given.z_nap)
        apart = _apart(xy, known)
        smooth = cls.from_samples(
            np.concatenate([xy[apart], known]),
            np.concatenate([z_nap[apart], heights]),
            water_nap_m=water_nap_m,
            default_nap_m=default_nap_m,
            clearance_m=TERRAIN_CLEARANCE_M,
        )
        terrain = measured(given.xy, given.z_nap, smooth.step_m, water=given.water, water_nap_m=water_nap_m)
        if terrain is None:
            return smooth
        wide = _drawn_to(smooth, terrain)
        rows, columns = (np.arange(n) for n in terrain.nodes.shape)
        x = (columns + terrain.first_column) * terrain.step_m
        y = (rows + terrain.first_row) * terrain.step_m
        places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        return replace(wide, terrain=joined_to(terrain, wide.at(places).reshape(terrain.nodes.shape)))

    @classmethod
    def from_samples(
        cls,
        xy: Floats,
        z_nap: Floats,
        *,
        water_nap_m: float | None = None,
        default_nap_m: float = 0.75,
        clearance_m: float = CLEARANCE_M,
    ) -> GroundHeight:
        """Fit the surface to samples: `xy` (n, 2) in EPSG:28992, `z_nap` (n,) in metres NAP.

        Samples that are not finite, or more than a metre off the middle of their surroundings, are left
        out. Without samples the surface is flat at `default_nap_m`. The ground never comes lower than
        `clearance_m` above `water_nap_m`. Heights are weighted means within 250 m, then limited to a
        slope of 5 % along each axis by the mean of the lower and upper Lipschitz envelopes.
        Raises InputRejected when the samples lie too far apart for one surface.
        """
        floor = -np.inf if water_nap_m is None else water_nap_m + clearance_m
        good = np.isfinite(xy).all(axis=1) & np.isfinite(z_nap)
        xy, z = xy[good], z_nap[good]
        xy, z = (kept[_in_line(xy, z)] for kept in (xy, z))
        default = float(max(np.round(np.median(z), 3) if len(z) else default_nap_m, floor))
        if not len(z):
            return cls(default, CELL_M, 0, 0, np.full((2, 2), default))
        step = _step(xy)
        node = np.rint(xy / step).astype(np.int64)
        reach = int(np.ceil(max(_REACH_M, 3 * step) / step))
        fade = int(np.ceil(np.abs(z - default).max() / (_SLOPE_PER_AXIS * step)))
        first = node.min(axis=0) - reach - fade - 1
        size = node.max(axis=0) + reach + fade + 2 - first
        if size[0] * size[1] > _NODES_MAX:
            raise InputRejected("the height samples lie too far apart for one surface")
        nodes = _spread(node - first, z - default, size, reach)
        nodes = _limit_slope(nodes, _SLOPE_PER_AXIS * step) + default
        nodes = np.round(np.maximum(nodes, floor), 3).astype(np.float64)
        return cls(default, step, int(first[0]), int(first[1]), nodes)

    def at(self, xy: Floats) -> Floats:
        """Street level in metres NAP at `xy`, (n, 2) in EPSG:28992."""
        z = _on_facets(self.nodes, xy / self.step_m - [self.first_column, self.first_row])
        fine = self.terrain
        if fine is not None:
            _, has = fine.square_of(xy)
            z[has] = _on_facets(fine.nodes, xy[has] / fine.step_m - [fine.first_column, fine.first_row])
        return z

    def facts(self) -> Iterator[bytes]:
        """All that decides the heights."""
        fine = self.terrain
        numbers = [self.default_nap_m, self.step_m, self.first_column, self.first_row, *self.nodes.shape]
        yield repr(numbers).encode()
        yield self.nodes.tobytes()
        if fine is not None:
            numbers = [fine.step_m, fine.division, fine.first_column, fine.first_row, *fine.nodes.shape]
            yield repr(numbers).encode()
            yield fine.nodes.tobytes()
            yield fine.squares.tobytes()

    def within(self, min_x: float, min_y: float, max_x: float, max_y: float) -> GroundHeight:
        """The same surface, kept only round this rectangle (EPSG:28992): outside it heights mean nothing."""
        columns = _window(min_x, max_x, self.step_m, self.first_column, self.nodes.shape[1])
        rows = _window(min_y, max_y, self.step_m, self.first_row, self.nodes.shape[0])
        return GroundHeight(
            self.default_nap_m,
            self.step_m,
            self.first_column + columns.start,
            self.first_row + rows.start,
            np.ascontiguousarray(self.nodes[rows, columns]),
            self.terrain.within(min_x, min_y, max_x, max_y) if self.terrain else None,
        )

    def has_terrain(self, xy: Floats) -> NDArray[np.bool_]:
        """Which points (n, 2) lie in a square with measured terrain."""
        if self.terrain is None:
            return np.zeros(len(xy), dtype=bool)
        return self.terrain.square_of(xy)[1]

    def is_level(self, min_x: float, min_y: float, max_x: float, max_y: float) -> bool:
        """Whether the surface is exactly flat in this rectangle (EPSG:28992)."""
        if self.has_terrain(self._origins(min_x, min_y, max_x, max_y) + self.step_m / 2).any():
            return False
        part = self._window(min_x, min_y, max_x, max_y)
        return part.size == 0 or bool(np.ptp(part) == 0 and part[0, 0] == self.default_nap_m)

    def facets(self, min_x: float, min_y: float, max_x: float, max_y: float) -> Floats:
        """The corners of all flat triangles that fill this rectangle, (n, 3, 2) in EPSG:28992."""
        origin = self._origins(min_x, min_y, max_x, max_y)
        fine = self.terrain
        if fine is None:
            return _two_halves(origin, self.step_m)
        has = self.has_terrain(origin + self.step_m / 2)
        inner = np.arange(fine.division) * fine.step_m
        shifts = np.stack(np.meshgrid(inner, inner), axis=-1).reshape(1, -1, 2)
        small = np.round((origin[has][:, None] + shifts).reshape(-1, 2) / fine.step_m) * fine.step_m
        return np.concatenate([_two_halves(origin[~has], self.step_m), _two_halves(small, fine.step_m)])

    def _origins(self, min_x: float, min_y: float, max_x: float, max_y: float) -> Floats:
        """The low corners (n, 2) of the wide squares that fill this rectangle."""
        x = np.arange(np.floor(min_x / self.step_m), np.ceil(max_x / self.step_m)) * self.step_m
        y = np.arange(np.floor(min_y / self.step_m), np.ceil(max_y / self.step_m)) * self.step_m
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)

    def _window(self, min_x: float, min_y: float, max_x: float, max_y: float) -> Floats:
        """The nodes in and on this rectangle."""
        low_i, low_j = (int(np.floor(v / self.step_m + 1e-6)) for v in (min_x, min_y))
        high_i, high_j = (int(np.ceil(v / self.step_m - 1e-6)) for v in (max_x, max_y))
        return self.nodes[
            max(low_j - self.first_row, 0) : max(high_j - self.first_row + 1, 0),
            max(low_i - self.first_column, 0) : max(high_i - self.first_column + 1, 0),
        ]


def _window(low_m: float, high_m: float, step_m: float, first: int, count: int) -> slice:
    """The nodes of one axis that decide heights between `low_m` and `high_m`: two at least."""
    start = min(max(int(np.floor(low_m / step_m)) - first - 1, 0), count - 2)
    return slice(start, min(max(int(np.ceil(high_m / step_m)) - first + 2, start + 2), count))


def _on_facets(nodes: Floats, place: Floats) -> Floats:
    """Heights at places (n, 2) in steps from the first node; outside the grid those of its edge."""
    rows, columns = nodes.shape
    u, v = np.clip(place[:, 0], 0, columns - 1), np.clip(place[:, 1], 0, rows - 1)
    i = np.minimum(u.astype(np.int64), columns - 2)
    j = np.minimum(v.astype(np.int64), rows - 2)
    u, v = u - i, v - j
    low, high = nodes[j, i], nodes[j + 1, i + 1]
    corner = np.where(u >= v, nodes[j, i + 1], nodes[j + 1, i])
    larger, smaller = np.maximum(u, v), np.minimum(u, v)
    z: Floats = low + larger * (corner - low) + smaller * (high - corner)
    return z


def _two_halves(origin: Floats, step_m: float) -> Floats:
    """The two triangles (2 n, 3, 2) of the squares with these low corners."""
    below = np.array([[0, 0], [1, 0], [1, 1]]) * step_m
    above = np.array([[0, 0], [1, 1], [0, 1]]) * step_m
    return np.concatenate([origin[:, None] + below, origin[:, None] + above])


def _drawn_to(height: GroundHeight, terrain: Terrain) -> GroundHeight:
    """The surface, moved to the terrain at its own nodes there, and less and less farther off."""
    rows, columns = np.nonzero(_touched(terrain.squares))
    exact = terrain.nodes[rows * terrain.division, columns * terrain.division]
    rows = rows + terrain.first_row // terrain.division - height.first_row
    columns = columns + terrain.first_column // terrain.division - height.first_column
    shift = exact - height.nodes[rows, columns]
    shape = np.array(height.nodes.shape[::-1])
    reach = int(np.ceil(max(_REACH_M, 3 * height.step_m) / height.step_m))
    nodes = height.nodes + _spread(np.column_stack([columns, rows]), shift, shape, reach)
    nodes[rows, columns] = exact
    return replace(height, nodes=np.round(nodes, 3))


def _touched(squares: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which nodes are a corner of a square that is True."""
    wide = np.pad(squares, 1)
    return np.asarray(wide[1:, 1:] | wide[1:, :-1] | wide[:-1, 1:] | wide[:-1, :-1])


def _block_medians(xy: Floats, z_nap: Floats) -> tuple[Floats, Floats]:
    """The median of the heights in each block of 21 m, at the middle of the block."""
    block = np.floor(xy / _COARSE_M).astype(np.int64)
    keys, index = np.unique(block, axis=0, return_inverse=True)
    order = np.argsort(index.reshape(-1), kind="stable")
    members = np.split(order, np.cumsum(np.bincount(index.reshape(-1)))[:-1])
    medians = np.array([np.median(z_nap[each]) for each in members if len(each)])
    return np.asarray((keys + 0.5) * _COARSE_M), medians


def _apart(xy: Floats, blocks: Floats) -> NDArray[np.bool_]:
    """Which samples do not lie in a block of measured terrain."""
    there = {(int(x), int(y)) for x, y in np.floor(blocks / _COARSE_M)}
    finite = np.where(np.isfinite(xy), xy, 0.0)
    return np.array([(int(x), int(y)) not in there for x, y in np.floor(finite / _COARSE_M)], dtype=bool)


def _in_line(xy: Floats, z: Floats) -> NDArray[np.bool_]:
    """Which samples agree with their surroundings: 3 x 3 blocks of 120 m, 500 m where these hold few."""
    middle = np.full(len(z), np.median(z) if len(z) else 0.0)
    spread = np.full(len(z), np.median(np.abs(z - middle)) if len(z) else 0.0)
    for block_m in (500.0, 120.0):
        block = np.floor(xy / block_m).astype(np.int64)
        keys, index = np.unique(block, axis=0, return_inverse=True)
        index = index.reshape(-1)
        members = np.split(np.argsort(index, kind="stable"), np.cumsum(np.bincount(index))[:-1])
        place = {(int(c), int(r)): n for n, (c, r) in enumerate(keys)}
        for (column, row), own in zip(keys, members, strict=False):
            around = [
                members[place[c, r]]
                for c in range(int(column) - 1, int(column) + 2)
                for r in range(int(row) - 1, int(row) + 2)
                if (c, r) in place
            ]
            heights = z[np.concatenate(around)]
            if len(heights) >= 5:
                middle[own] = np.median(heights)
                spread[own] = np.median(np.abs(heights - middle[own[0]]))
    return np.asarray(np.abs(z - middle) <= np.maximum(_OUTLIER_M, 4 * spread))


def _step(xy: Floats) -> float:
    """The finest division of a cell that keeps the number of facets in hand."""
    occupied = len(np.unique(np.floor(xy / CELL_M).astype(np.int64), axis=0))
    for divisions in _DIVISIONS:
        if 2 * divisions**2 * (occupied + 4 * np.sqrt(occupied)) <= _FACETS_MAX:
            return CELL_M / divisions
    return CELL_M


def _spread(node: NDArray[np.int64], above: Floats, size: NDArray[np.int64], reach: int) -> Floats:
    """Weighted mean of the heights above the default round each node, fading to 0 at `reach` nodes.

    Heights at one node count as at most four samples, so that a tower block of addresses does not
    outweigh its neighbours; a small weight of the default makes the edge fade instead of jump.
    """
    shape = (int(size[1]), int(size[0]))
    flat = node[:, 1] * shape[1] + node[:, 0]
    count = np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    weight = np.minimum(count, 4)
    total = np.bincount(flat, above, minlength=shape[0] * shape[1]).reshape(shape)
    total = np.asarray(total / np.maximum(count, 1) * weight)
    weights, sums = np.full(shape, 0.05), np.zeros(shape)
    for dj in range(-reach, reach + 1):
        for di in range(-reach, reach + 1):
            near = 1 - (di * di + dj * dj) / (reach * reach)
            if near <= 0:
                continue
            to = (slice(max(dj, 0), shape[0] + min(dj, 0)), slice(max(di, 0), shape[1] + min(di, 0)))
            of = (slice(max(-dj, 0), shape[0] + min(-dj, 0)), slice(max(-di, 0), shape[1] + min(-di, 0)))
            weights[to] += near**3 * weight[of]
            sums[to] += near**3 * total[of]
    return np.asarray(sums / weights, dtype=np.float64)


def _limit_slope(nodes: Floats, rise: float) -> Floats:
    """The mean of the largest surface below and the smallest above that rise at most `rise` per step."""
    lower, upper = nodes, -nodes
    for axis in (0, 1):
        steps = np.arange(nodes.shape[axis], dtype=np.float64) * rise
        ramp = steps[:, None] if axis == 0 else steps[None, :]
        lower = _below(lower, ramp, axis)
        upper = _below(upper, ramp, axis)
    return (lower - upper) / 2


def _below(nodes: Floats, ramp: Floats, axis: int) -> Floats:
    """Infimal convolution with |distance| along one axis: two running minima, one per direction."""
    forward = np.minimum.accumulate(nodes - ramp, axis=axis) + ramp
    backward = np.flip(np.minimum.accumulate(np.flip(nodes + ramp, axis), axis=axis), axis) - ramp
    return np.asarray(np.minimum(forward, backward))
