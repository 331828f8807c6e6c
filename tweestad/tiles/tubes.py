"""Pipes, cables and tunnels as tubes of their own diameter, at their depth, in the colour of what they carry.

Where the depth is unknown the tube is drawn in pieces, on a level that is only a convention.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tweestad.model.feature import Value
from tweestad.tiles import colour
from tweestad.tiles.cutting import Cell, tree
from tweestad.tiles.frame import Frame
from tweestad.tiles.glb import Glb, Mesh, write_glb
from tweestad.tiles.metadata import encode_table
from tweestad.tiles.plan import Level, Plan
from tweestad.tiles.tileset import Tileset
from tweestad.tiles.tube_shape import tube_along

Floats = NDArray[np.float64]

TUBE_LEVELS: Final = (Level(400.0, 2000, 60.0), Level(0.0, 500, 0.0))
"""A line that is 400 m across or more would make the small cells overlap each other."""

DIAMETER_M: Final = (0.01, 20.0)
"""Diameters outside these are not those of a pipe or tunnel and count as unknown."""

DASH_M: Final = 12.0
GAP_M: Final = 4.8
"""A dash with a gap, and the gap alone, for a thin tube."""
_DASH_DIAMETERS: Final = 8.0
_GAP_DIAMETERS: Final = 1.5
"""The same for a wide one, in its own diameters: shorter, a tunnel looks like barrels that lie about."""
_STRAIGHT: Final = 0.02
_STRAIGHT_M: Final = 0.02
"""A bend that is flatter than this part of the radius, or than 2 cm, is drawn straight: the grid of a tile
has steps of 16 mm, and pipes are surveyed less sharply."""
_LONGEST_STRETCH: Final = 1000
"""Points that are looked at together: a hostile line costs the square of it, not of all its points."""


@dataclass(frozen=True, slots=True, eq=False)
class Tube:
    """One feature. `lines`: axes (n, 3) each, EPSG:7415, metres; `carries` is a key of `colour.TUBES`."""

    feature_id: str
    lines: tuple[Floats, ...]
    diameter_m: float
    carries: str
    depth_known: bool
    row: Mapping[str, Value]


def build_tubes(tubes: Sequence[Tube], frame: Frame, plan: Plan) -> Tileset:
    """The tileset of all tubes that have a length; a tube's tile depends on itself only."""
    drawn = [tube for tube in tubes if any(len(_distinct(line)) > 1 for line in tube.lines)]
    if not drawn:
        return Tileset(frame, None)
    lower = np.array([np.concatenate(tube.lines).min(0) for tube in drawn])
    upper = np.array([np.concatenate(tube.lines).max(0) for tube in drawn])
    cells: dict[Cell, list[Tube]] = defaultdict(list)
    for tube, (level, column, row) in zip(drawn, plan.place(lower, upper).tolist(), strict=True):
        cells[level, column, row].append(tube)
    contents = {cell: _tile(cells[cell], frame, plan) for cell in sorted(cells)}
    return tree(frame, plan, contents)


def _tile(tubes: Sequence[Tube], frame: Frame, plan: Plan) -> Glb:
    ordered = sorted(tubes, key=lambda tube: tube.feature_id)
    corners, normals, colours, features, triangles = [], [], [], [], []
    count = 0
    for row, tube in enumerate(ordered):
        tint = np.array(colour.linear(colour.TUBES[tube.carries])) * colour.lightness(tube.feature_id)
        for axis in _axes(tube, frame):
            shape = tube_along(axis, tube.diameter_m / 2)
            corners.append(shape.corners)
            normals.append(shape.normals)
            colours.append((1.0 - (1.0 - colour.TUBE_SHADE) * shape.low)[:, None] * tint)
            features.append(np.full(len(shape.corners), row, np.uint32))
            triangles.append(shape.triangles + count)
            count += len(shape.corners)
    mesh = Mesh(
        positions=np.concatenate(corners),
        normals=np.concatenate(normals),
        colours=np.concatenate(colours),
        indices=np.concatenate(triangles).astype(np.uint32),
        features=np.concatenate(features),
    )
    table = encode_table(plan.schema, [tube.feature_id for tube in ordered], [tube.row for tube in ordered])
    return write_glb(mesh, table)


def _axes(tube: Tube, frame: Frame) -> list[Floats]:
    """The axes to draw, local: whole, or in dashes where the depth is unknown."""
    axes = []
    for line in tube.lines:
        axis = _distinct(line)
        if len(axis) < 2:
            continue
        axis = _distinct(frame.local(simplified(axis, max(_STRAIGHT * tube.diameter_m / 2, _STRAIGHT_M))))
        axes += [axis] if tube.depth_known else _dashed(axis, tube.diameter_m)
    return [axis for axis in axes if len(axis) > 1]


def _dashed(axis: Floats, diameter_m: float) -> list[Floats]:
    return dashes(axis, max(DASH_M, _DASH_DIAMETERS * diameter_m), max(GAP_M, _GAP_DIAMETERS * diameter_m))


def simplified(axis: Floats, tolerance_m: float) -> Floats:
    """The line (n, 3) without the points that lie within the tolerance of it (Douglas and Peucker, in 3D)."""
    kept = np.zeros(len(axis), bool)
    ends = [*range(0, len(axis) - 1, _LONGEST_STRETCH), len(axis) - 1]
    kept[ends] = True
    stretches = list(pairwise(ends))
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        away = _off_line(axis[first + 1 : last], axis[first], axis[last])
        farthest = int(away.argmax())
        if away[farthest] > tolerance_m:
            middle = first + 1 + farthest
            kept[middle] = True
            stretches += [(first, middle), (middle, last)]
    return axis[kept]


def dashes(axis: Floats, period_m: float, gap_m: float) -> list[Floats]:
    """Pieces of a line (n, 3), one in the middle of each period: a whole number of periods fills the line.

    Where periods come out shorter or longer, gaps do as well.
    """
    steps = np.sqrt((np.diff(axis, axis=0) ** 2).sum(1))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    periods = max(1, round(along[-1] / period_m))
    period = along[-1] / periods
    gap = gap_m / period_m
    starts = (np.arange(periods) + gap / 2) * period
    ends = starts + (1 - gap) * period
    firsts = np.searchsorted(along, starts + 1e-6).tolist()
    lasts = np.searchsorted(along, ends - 1e-6).tolist()
    # All at once: one by one each would go over the whole line.
    heads, tails = _at(axis, along, starts), _at(axis, along, ends)
    return [
        np.concatenate([heads[n : n + 1], axis[first:last], tails[n : n + 1]])
        for n, (first, last) in enumerate(zip(firsts, lasts, strict=True))
    ]


def _at(axis: Floats, along: Floats, distances_m: Floats) -> Floats:
    """The points (n, 3) at distances (n,) along a line."""
    return np.column_stack([np.interp(distances_m, along, axis[:, k]) for k in range(3)])


def _off_line(points: Floats, start: Floats, end: Floats) -> Floats:
    """How far each point (n, 3) is from the stretch between two points."""
    stretch = end - start
    length = float((stretch**2).sum())
    part = np.clip(((points - start) @ stretch) / length, 0.0, 1.0) if length else np.zeros(len(points))
    away: Floats = np.sqrt(((points - start - part[:, None] * stretch) ** 2).sum(1))
    return away


def _distinct(axis: Floats) -> Floats:
    """The line without points that repeat the one before."""
    kept = np.ones(len(axis), bool)
    kept[1:] = (np.abs(np.diff(axis, axis=0)) > 1e-4).any(1)
    return axis[kept]
