"""Polygons with holes to triangles: the common shapes all at once, the rest by ear clipping."""

from __future__ import annotations

from functools import cache

import mapbox_earcut
import numpy as np
from numpy.typing import NDArray

from tweestad.tiles.surfaces import (
    Numbers,
    Points,
    Surfaces,
    corner_columns,
    cross_columns,
    next_corners,
)

MOST_FANNED = 8
_TURN = 1e-9


def triangulate(surfaces: Surfaces, local: Points, normals: Points) -> tuple[Numbers, Numbers]:
    """Triangles of all surfaces: corner numbers (t, 3) and the surface of each (t,), by surface.

    `local`: vertices (v, 3); `normals`: (surfaces, 3) from `newell_normals`; a surface with a zero
    normal gives no triangles. Triangles turn as their ring does. Small rings with at most one corner
    that is not convex are cut for the whole array at once, the others one by one with earcut.
    """
    if not len(surfaces.objects):
        return np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
    drawable: NDArray[np.bool_] = (normals != 0).any(axis=1)
    fans, fan_owners = _fans(surfaces, local, normals, drawable)
    drawable[fan_owners] = False
    clipped, clipped_owners = _clipped(surfaces, local[surfaces.corners], normals, np.flatnonzero(drawable))
    owners = np.concatenate([fan_owners, clipped_owners])
    order = np.argsort(owners, kind="stable")
    return np.concatenate([fans, clipped])[order], owners[order]


def _fans(
    surfaces: Surfaces, local: Points, normals: Points, drawable: NDArray[np.bool_]
) -> tuple[Numbers, Numbers]:
    """Triangles and their surfaces for rings that are seen whole from one of their corners.

    A convex ring is, from any corner. A ring with one corner that is dented, or lies on a straight
    side, is from that corner.
    """
    points = corner_columns(surfaces, local)
    sine, around = _turns(surfaces, points, normals)
    starts, lengths = surfaces.corner_starts[:-1], np.diff(surfaces.corner_starts)
    dents = np.flatnonzero(sine <= _TURN)
    dented = np.bincount(surfaces.corner_surfaces[dents], minlength=len(starts))
    pivots = starts.copy()
    pivots[surfaces.corner_surfaces[dents]] = dents
    # A star turns one way as well, but twice around; a bow tie not at all.
    once = (dented <= 1) & (np.abs(around - 2 * np.pi) < 1.0)
    plain = drawable & (np.diff(surfaces.surface_starts) == 1)
    triangles, owners = [], []
    for size in range(3, MOST_FANNED + 1):
        which = np.flatnonzero(plain & (lengths == size) & (once | (size == 3)))
        turned = (pivots[which] - starts[which])[:, None, None] + _fan(size)
        fan = starts[which][:, None, None] + turned % size
        sound = _all_face(points, fan, normals[which]) | (size == 3)
        triangles.append(fan[sound].reshape(-1, 3))
        owners.append(np.repeat(which[sound], size - 2))
    return np.concatenate(triangles), np.concatenate(owners)


def _fan(size: int) -> Numbers:
    return np.array([(0, i, i + 1) for i in range(1, size - 1)])


def _turns(surfaces: Surfaces, points: Points, normals: Points) -> tuple[Points, Points]:
    """How much each corner turns to the left (c,), times its sides, and the angle around each surface."""
    following = next_corners(surfaces)
    edges = points[:, following] - points
    ahead = edges[:, following]
    facing = np.ascontiguousarray(normals.T)[:, surfaces.corner_surfaces]
    before = (cross_columns(edges, ahead) * facing).sum(0)
    angles = np.arctan2(before, (edges * ahead).sum(0))
    sine = np.empty_like(before)
    sine[following] = before
    return sine, np.add.reduceat(angles, surfaces.corner_starts[:-1])


def _all_face(points: Points, fan: Numbers, normals: Points) -> NDArray[np.bool_]:
    """Whether all triangles of each fan (n, triangles, 3) face the way of its surface."""
    a, b, c = (points[:, fan[:, :, i]] for i in range(3))
    facing = (cross_columns(b - a, c - a) * normals.T[:, :, None]).sum(0)
    return np.asarray((facing > 0).all(axis=1), dtype=bool)


def _clipped(surfaces: Surfaces, points: Points, normals: Points, which: Numbers) -> tuple[Numbers, Numbers]:
    flat = _projected(surfaces, points, normals)
    starts = surfaces.corner_starts.tolist()
    rings, ring_starts = surfaces.surface_starts.tolist(), surfaces.ring_starts
    triangles, counts = [np.zeros(0, np.uint32)], []
    for surface in which.tolist():
        start, end = starts[surface], starts[surface + 1]
        first, last = rings[surface], rings[surface + 1]
        if last - first == 1:
            ends = _one_ring(end - start)
        else:
            ends = (ring_starts[first + 1 : last + 1] - start).astype(np.uint32)
        cut = mapbox_earcut.triangulate_float64(flat[start:end], ends)
        triangles.append(cut)
        counts.append(len(cut) // 3)
    owners = np.repeat(which, counts)
    corners = np.concatenate(triangles).reshape(-1, 3) + surfaces.corner_starts[owners][:, None]
    return _counter_clockwise(flat, corners), owners


def _counter_clockwise(flat: Points, triangles: Numbers) -> Numbers:
    """The triangles (t, 3), those that turn the other way in the plane turned round."""
    a, b, c = (flat[triangles[:, i]] for i in range(3))
    ab, ac = b - a, c - a
    turned = ab[:, 0] * ac[:, 1] < ab[:, 1] * ac[:, 0]
    return np.where(turned[:, None], triangles[:, ::-1], triangles)


@cache
def _one_ring(size: int) -> NDArray[np.uint32]:
    return np.array([size], np.uint32)


def _projected(surfaces: Surfaces, points: Points, normals: Points) -> Points:
    """Each corner in the coordinate plane its surface faces most, turning as the ring does, (c, 2)."""
    axis = np.abs(normals).argmax(1)
    first, second = np.array([1, 2, 0])[axis], np.array([2, 0, 1])[axis]
    back = normals[np.arange(len(axis)), axis] < 0
    first, second = np.where(back, second, first), np.where(back, first, second)
    owners = surfaces.corner_surfaces
    rows = np.arange(len(points))
    flat = np.empty((len(points), 2))
    flat[:, 0] = points[rows, first[owners]]
    flat[:, 1] = points[rows, second[owners]]
    return flat
