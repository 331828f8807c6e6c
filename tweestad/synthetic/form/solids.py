"""Closed shapes of houses: walls, roofs and a floor, as faces with outward normals.

A plot is four corners (4, 2) counter-clockwise: front left, front right, back right, back left as seen
from above with the street in front. Heights are metres above the ground of the house.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
FaceKind = Literal["GroundSurface", "WallSurface", "RoofSurface"]


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A flat polygon: its outer ring (n, 3) and holes, counter-clockwise as seen from outside."""

    kind: FaceKind
    ring: Points
    holes: tuple[Points, ...] = ()


Solid = tuple[Face, ...]


def prism(plan: Points, low: float, high: float, holes: Sequence[Points] = ()) -> Solid:
    """An upright block on a counter-clockwise outline; `holes` are clockwise courtyards."""
    faces = [
        Face("GroundSurface", _lift(plan[::-1], low), tuple(_lift(h[::-1], low) for h in holes)),
        Face("RoofSurface", _lift(plan, high), tuple(_lift(h, high) for h in holes)),
    ]
    for ring in (plan, *holes):
        faces += [_wall(a, b, low, high) for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True)]
    return tuple(faces)


def gable_across(plot: Points, low: float, eaves: float, ridge: float) -> Solid:
    """A roof whose ridge runs from front to back: the pointed wall stands on the street."""
    left, right, back_right, back_left = plot
    front, back = (left + right) / 2, (back_left + back_right) / 2
    return (
        Face("GroundSurface", _lift(plot[::-1], low)),
        _gable(left, right, front, low, eaves, ridge),
        _gable(back_right, back_left, back, low, eaves, ridge),
        _wall(right, back_right, low, eaves),
        _wall(back_left, left, low, eaves),
        *_slope([(right, eaves), (back_right, eaves), (back, ridge), (front, ridge)]),
        *_slope([(back_left, eaves), (left, eaves), (front, ridge), (back, ridge)]),
    )


def gable_along(plot: Points, low: float, eaves: float, ridge: float) -> Solid:
    """A roof whose ridge runs along the street: the slope faces it."""
    left, right, back_right, back_left = plot
    return gable_across(np.array([right, back_right, back_left, left]), low, eaves, ridge)


def hipped(plot: Points, low: float, eaves: float, ridge: float) -> Solid:
    """A roof that slopes to all four sides, with a short ridge along the longer side."""
    left, right, back_right, back_left = plot
    if np.hypot(*(right - left)) < np.hypot(*(back_right - right)):
        left, right, back_right, back_left = right, back_right, back_left, left
    start, end = (left + back_left) / 2, (right + back_right) / 2
    width = float(np.hypot(*(back_left - left)))
    inset = min(0.45, 0.5 * width / max(float(np.hypot(*(end - start))), 0.1))
    start, end = start + (end - start) * inset, end + (start - end) * inset
    corners = [left, right, back_right, back_left]
    walls = [_wall(a, b, low, eaves) for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)]
    return (
        Face("GroundSurface", _lift(np.array(corners)[::-1], low)),
        *walls,
        *_slope([(left, eaves), (right, eaves), (end, ridge), (start, ridge)]),
        *_slope([(right, eaves), (back_right, eaves), (end, ridge)]),
        *_slope([(back_right, eaves), (back_left, eaves), (start, ridge), (end, ridge)]),
        *_slope([(back_left, eaves), (left, eaves), (start, ridge)]),
    )


def mansard(plot: Points, low: float, eaves: float, knee: float, ridge: float) -> Solid:
    """A roof in two slopes along the street, the lower one steep; its side walls follow the slopes."""
    left, right, back_right, back_left = plot

    def rung(a: Points, b: Points) -> tuple[Points, Points, Points]:
        return a + (b - a) * 0.14, (a + b) / 2, b + (a - b) * 0.14

    (l_front, l_top, l_back), (r_front, r_top, r_back) = rung(left, back_left), rung(right, back_right)
    sides = []
    for a, b, front, top, back in (
        (right, back_right, r_front, r_top, r_back),
        (back_left, left, l_back, l_top, l_front),
    ):
        ring = [(a, low), (b, low), (b, eaves), (back, knee), (top, ridge), (front, knee), (a, eaves)]
        sides.append(Face("WallSurface", np.array([[*at, z] for at, z in ring])))
    return (
        Face("GroundSurface", _lift(plot[::-1], low)),
        *sides,
        _wall(left, right, low, eaves),
        _wall(back_right, back_left, low, eaves),
        *_slope([(left, eaves), (right, eaves), (r_front, knee), (l_front, knee)]),
        *_slope([(l_front, knee), (r_front, knee), (r_top, ridge), (l_top, ridge)]),
        *_slope([(l_top, ridge), (r_top, ridge), (r_back, knee), (l_back, knee)]),
        *_slope([(l_back, knee), (r_back, knee), (back_right, eaves), (back_left, eaves)]),
    )


def spire(plan: Points, low: float, eaves: float, top: float, waist: float = 1.0) -> Solid:
    """A tower on a counter-clockwise outline with a pointed roof; `waist` < 1 narrows it upwards."""
    middle = plan.mean(axis=0)
    upper = middle + (plan - middle) * waist
    faces = [Face("GroundSurface", _lift(plan[::-1], low))]
    for n in range(len(plan)):
        m = (n + 1) % len(plan)
        around = [(plan[n], low), (plan[m], low), (upper[m], eaves), (upper[n], eaves)]
        faces += [Face("WallSurface", face.ring) for face in _slope(around)]
        faces += _slope([(upper[n], eaves), (upper[m], eaves), (middle, top)])
    return tuple(faces)


def facade(left: Points, right: Points, outline: Sequence[tuple[float, float]], thick_m: float) -> Solid:
    """An upright slab with a shaped top, standing from `left` to `right` and `thick_m` deep behind them.

    `outline`: (share of the width from 0 to 1, height NAP), from the foot at the left over the top to the
    foot at the right.
    """
    along = right - left
    back = np.array([-along[1], along[0]]) / np.hypot(*along) * thick_m
    front = np.array([[*(left + along * share), z] for share, z in outline])
    rear = front + np.array([back[0], back[1], 0.0])
    faces = [Face("WallSurface", front[::-1]), Face("WallSurface", rear)]
    count = len(front)
    for n in range(count):
        m = (n + 1) % count
        ring = np.array([front[n], front[m], rear[m], rear[n]])
        kind: FaceKind = "GroundSurface" if m == 0 else "WallSurface"
        faces.append(Face(kind, ring))
    return tuple(faces)


def highest(solids: Sequence[Solid]) -> float:
    """The highest point of some solids."""
    return max(float(face.ring[:, 2].max()) for solid in solids for face in solid)


def _lift(plan: Points, z: float) -> Points:
    return np.column_stack([plan, np.full(len(plan), z)])


def _wall(a: Points, b: Points, low: float, high: float) -> Face:
    ring = np.array([[*a, low], [*b, low], [*b, high], [*a, high]])
    return Face("WallSurface", ring)


def _gable(a: Points, b: Points, top: Points, low: float, eaves: float, ridge: float) -> Face:
    ring = np.array([[*a, low], [*b, low], [*b, eaves], [*top, ridge], [*a, eaves]])
    return Face("WallSurface", ring)


def _slope(corners: Sequence[tuple[Points, float]]) -> list[Face]:
    """A roof plane; four corners of a crooked plot are not flat and become two triangles."""
    ring = np.array([[*at, z] for at, z in corners])
    if len(ring) == 3 or _flat(ring):
        return [Face("RoofSurface", ring)]
    return [Face("RoofSurface", ring[[0, 1, 2]]), Face("RoofSurface", ring[[0, 2, 3]])]


def _flat(ring: Points) -> bool:
    normal = np.cross(ring[1] - ring[0], ring[2] - ring[0])
    length = float(np.linalg.norm(normal))
    return length == 0 or abs(float((ring[3] - ring[0]) @ normal) / length) < 0.002
