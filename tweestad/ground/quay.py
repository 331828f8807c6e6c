"""Quay walls: the upright face between the water and the street, along every shore near the centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.ground.height import CELL_M, GroundHeight
from tweestad.ground.parts import GroundParts
from tweestad.model.feature import BBox

Floats = NDArray[np.float64]

FOOT_BELOW_WATER_M: Final = 0.3
"""A wall starts below the water, so that no light shows under it."""

_ON_EDGE_M: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class QuayWalls:
    """`corners`: (n, 4, 3), RD and NAP metres.

    Two at the foot and two at the top, counter-clockwise as seen from the water.
    """

    corners: Floats


def quay_walls(parts: GroundParts, height: GroundHeight, *, water_nap_m: float) -> QuayWalls:
    """A wall on every shore that reaches into `parts.near`, from below `water_nap_m` up to the street.

    Where the ground bends the wall is split, so that its top lies on the ground exactly. Edges on the
    border of a cell or of the box are no shore: there the water goes on.
    """
    start, end = _shores(parts)
    if not len(start):
        return QuayWalls(np.zeros((0, 4, 3)))
    start, end = _split(start, end, height.step_m)
    fine = height.has_terrain((start + end) / 2)
    if height.terrain is not None and fine.any():
        small = _split(start[fine], end[fine], height.terrain.step_m)
        start, end = (np.concatenate([a[~fine], b]) for a, b in zip((start, end), small, strict=True))
    foot = np.full((len(start), 1), water_nap_m - FOOT_BELOW_WATER_M)
    # The water lies left of start to end, so from the water the wall runs from end to start.
    corners = np.stack(
        [
            np.hstack([end, foot]),
            np.hstack([start, foot]),
            np.hstack([start, height.at(start)[:, None]]),
            np.hstack([end, height.at(end)[:, None]]),
        ],
        axis=1,
    )
    return QuayWalls(corners)


def _shores(parts: GroundParts) -> tuple[Floats, Floats]:
    """Start and end of each shore segment near the centre, with the water to the left."""
    rings = shapely.get_rings(shapely.orient_polygons(parts.of("water")))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = points[:-1][same], points[1:][same]
    kept = ~_on_cell_edge(start, end) & ~_on_box_edge(start, end, parts.box)
    kept &= _reach(start, end, parts.near)
    return start[kept], end[kept]


def _reach(start: Floats, end: Floats, box: BBox) -> NDArray[np.bool_]:
    """Which segments have something of their own box in this one: a long wall may stick out."""
    low, high = np.array([box.min_x, box.min_y]), np.array([box.max_x, box.max_y])
    meets = (np.minimum(start, end) <= high) & (np.maximum(start, end) >= low)
    return np.asarray(meets.all(axis=1))


def _on_cell_edge(start: Floats, end: Floats) -> NDArray[np.bool_]:
    line = np.round(start / CELL_M) * CELL_M
    on = (np.abs(start - line) < _ON_EDGE_M) & (np.abs(end - line) < _ON_EDGE_M)
    return np.asarray(on.any(axis=1))


def _on_box_edge(start: Floats, end: Floats, box: BBox) -> NDArray[np.bool_]:
    on = np.zeros(len(start), dtype=bool)
    for line in (np.array([box.min_x, box.min_y]), np.array([box.max_x, box.max_y])):
        on |= ((np.abs(start - line) < _ON_EDGE_M) & (np.abs(end - line) < _ON_EDGE_M)).any(axis=1)
    return on


def _split(start: Floats, end: Floats, step_m: float) -> tuple[Floats, Floats]:
    """Split segments where they cross a line of the height grid: columns, rows and diagonals."""
    numbers, places = [np.arange(len(start))] * 2, [np.zeros(len(start)), np.ones(len(start))]
    for axis in (np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([1.0, -1.0])):
        first, last = start @ axis / step_m, end @ axis / step_m
        lowest = np.ceil(np.minimum(first, last))
        count = np.maximum(np.floor(np.maximum(first, last)) - lowest + 1, 0).astype(np.int64)
        number = np.repeat(np.arange(len(start)), count)
        line = np.repeat(lowest, count) + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        span = (last - first)[number]
        crossed = np.abs(span) > 1e-9
        numbers.append(number[crossed])
        places.append((line[crossed] - first[number[crossed]]) / span[crossed])
    number, place = np.concatenate(numbers), np.concatenate(places)
    order = np.lexsort((place, number))
    number, place = number[order], np.clip(place[order], 0.0, 1.0)
    points = start[number] + place[:, None] * (end - start)[number]
    whole = (number[1:] == number[:-1]) & (np.hypot(*(points[1:] - points[:-1]).T) > _ON_EDGE_M)
    return points[:-1][whole], points[1:][whole]
