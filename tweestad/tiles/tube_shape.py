"""The surface of a tube along a line: mitred where the line bends, closed at its ends.

It has eight sides, and a thin one four: from where a thin tube can be seen, nobody counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SIDES: Final = 8
THIN_SIDES: Final = 4
THIN_M: Final = 0.25
"""A tube of a smaller radius is thin."""
_SHARPEST: Final = 0.35
"""Where a line turns so far that the mitre would be three radii long, the tube ends and starts anew."""


@dataclass(frozen=True, slots=True, eq=False)
class TubeShape:
    """Corners (n, 3), normals (n, 3) and triangles (3 m,), counter-clockwise from outside.

    `low`: (n,) how far a corner is on the underside, from 0 at the top to 1 at the bottom.
    """

    corners: Floats
    normals: Floats
    triangles: NDArray[np.int64]
    low: Floats


def tube_along(axis: Floats, radius_m: float) -> TubeShape:
    """The tube around an axis (n, 3) in metres, z up, of at least two different points in a row."""
    directions = np.diff(axis, axis=0)
    directions /= np.sqrt((directions**2).sum(1))[:, None]
    frames = _frames(directions)
    # Eight sides lie flat on top; four stand on edge, or a thin tube would be a third too narrow.
    sides, turned = (THIN_SIDES, 0.0) if radius_m < THIN_M else (SIDES, 0.5)
    angles = (np.arange(sides) + turned) * (2 * np.pi / sides)
    ring = np.column_stack([np.cos(angles), np.sin(angles)])
    # (segments, sides, 3): the same directions around every segment, level with the street.
    around = np.einsum("ka,sai->ski", ring, frames)
    starts = axis[:-1, None] + radius_m * around
    ends = axis[1:, None] + radius_m * around
    broken = _mitre(axis, directions, around * radius_m, starts, ends)
    low = np.broadcast_to((1.0 - ring[:, 1]) / 2, around.shape[:2])
    walls = _walls(starts, ends, around, low)
    opened = np.flatnonzero(np.concatenate([[True], broken]))
    closed = np.flatnonzero(np.concatenate([broken, [True]]))
    caps = _caps(starts[opened], -directions[opened], low[opened], outward=-1)
    lids = _caps(ends[closed], directions[closed], low[closed], outward=1)
    return _together([walls, caps, lids])


def _frames(directions: Floats) -> Floats:
    """Two directions across each segment (s, 2, 3): sideways, which is level, and upward."""
    sideways = np.column_stack([directions[:, 1], -directions[:, 0], np.zeros(len(directions))])
    length = np.sqrt((sideways**2).sum(1))
    steep = length < 1e-6
    sideways[steep] = (1.0, 0.0, 0.0)
    length[steep] = 1.0
    sideways /= length[:, None]
    return np.stack([sideways, np.cross(sideways, directions)], axis=1)


def _mitre(
    axis: Floats, directions: Floats, offsets: Floats, starts: Floats, ends: Floats
) -> NDArray[np.bool_]:
    """Bring the ends of segments that meet together in the plane between them, in place.

    Returns which of the bends (segments - 1) are too sharp, or their segments too short, for that.
    """
    before, after = directions[:-1], directions[1:]
    plane = before + after
    length = np.sqrt((plane**2).sum(1))
    plane /= np.maximum(length, 1e-9)[:, None]
    slant = (plane * before).sum(1)
    shortest = np.sqrt((np.diff(axis, axis=0) ** 2).sum(1))
    room = np.minimum(shortest[:-1], shortest[1:])
    radius = np.sqrt((offsets[:1, 0] ** 2).sum()) if len(offsets) else 0.0
    reach = radius * np.sqrt(np.maximum(1.0 / np.maximum(slant, 1e-9) ** 2 - 1.0, 0.0))
    broken = (slant < _SHARPEST) | (reach > room)
    good = np.flatnonzero(~broken)
    shift_in = (offsets[:-1] * plane[:, None]).sum(2) / np.maximum(slant, 1e-9)[:, None]
    shift_out = (offsets[1:] * plane[:, None]).sum(2) / np.maximum(slant, 1e-9)[:, None]
    meet_in = axis[1:-1, None] + offsets[:-1] - shift_in[:, :, None] * before[:, None]
    meet_out = axis[1:-1, None] + offsets[1:] - shift_out[:, :, None] * after[:, None]
    # A line that climbs while it bends turns its sides a little: halfway is where both meet.
    meet = (meet_in + meet_out) / 2
    ends[good] = meet[good]
    starts[good + 1] = meet[good]
    result: NDArray[np.bool_] = broken
    return result


def _walls(starts: Floats, ends: Floats, around: Floats, low: Floats) -> TubeShape:
    segments, sides = starts.shape[:2]
    corners = np.concatenate([starts, ends], axis=1).reshape(-1, 3)
    normals = np.concatenate([around, around], axis=1).reshape(-1, 3)
    k = np.arange(sides)
    right = (k + 1) % sides
    one = np.column_stack([k, k + sides, right + sides, k, right + sides, right]).ravel()
    triangles = (np.arange(segments)[:, None] * 2 * sides + one).ravel()
    return TubeShape(corners, normals, triangles, np.concatenate([low, low], axis=1).ravel())


def _caps(rings: Floats, normals: Floats, low: Floats, *, outward: int) -> TubeShape:
    count, sides = rings.shape[:2]
    fan = np.array([[0, k, k + 1] for k in range(1, sides - 1)])
    # Seen from behind, along the line, the corners go counter-clockwise.
    one = (fan if outward < 0 else fan[:, ::-1]).ravel()
    triangles = (np.arange(count)[:, None] * sides + one).ravel()
    return TubeShape(rings.reshape(-1, 3), np.repeat(normals, sides, 0), triangles, low.ravel())


def _together(parts: list[TubeShape]) -> TubeShape:
    starts = np.cumsum([0, *(len(part.corners) for part in parts)])
    return TubeShape(
        np.concatenate([part.corners for part in parts]),
        np.concatenate([part.normals for part in parts]),
        np.concatenate([part.triangles + n for part, n in zip(parts, starts, strict=False)]),
        np.concatenate([part.low for part in parts]),
    )
