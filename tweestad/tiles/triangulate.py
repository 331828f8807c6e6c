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
    normal gives no triangles. Triangles turn as their ring does. Three and four corners and convex
    rings are cut for the whole array at once, others one by one with earcut (Held 2001).
    """
    if not len(surfaces.objects):
        return np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
    points = local[surfaces.corners]
    lengths = np.diff(surfaces.corner_starts)
    starts = surfaces.corner_starts[:-1]
    simple = (np.diff(surfaces.surface_starts) == 1) & normals.any(1)
    convex = _convex(surfaces, corner_columns(surfaces, local), normals)
    parts: list[tuple[Numbers, Numbers]] = []
    done: NDArray[np.bool_] = (normals == 0).all(axis=1)
    for size in range(3, MOST_FANNED + 1):
        fan = np.flatnonzero(simple & (lengths == size) & (convex | (size == 3)))
        parts.append(_fans(starts[fan], fan, size))
        done[fan] = True
    split = np.flatnonzero(simple & (lengths == 4) & ~done)
    ok, quads = _dented_quads(points, starts[split], normals[split])
    parts.append((quads, np.repeat(split[ok], 2)))
    done[split[ok]] = True
    parts.append(_clipped(surfaces, points, normals, np.flatnonzero(~done)))
    triangles = np.concatenate([p[0] for p in parts])
    owners = np.concatenate([p[1] for p in parts])
    order = np.argsort(owners, kind="stable")
    return triangles[order], owners[order]


def _convex(surfaces: Surfaces, points: Points, normals: Points) -> NDArray[np.bool_]:
    """Whether the ring of each surface turns strictly one way, and only once around; `points`: (3, c)."""
    following = next_corners(surfaces)
    edges = points[:, following] - points
    ahead = edges[:, following]
    facing = np.ascontiguousarray(normals.T)[:, surfaces.corner_surfaces]
    sine = (cross_columns(edges, ahead) * facing).sum(0)
    cosine = (edges * ahead).sum(0)
    starts = surfaces.corner_starts[:-1]
    total = np.add.reduceat(np.arctan2(sine, cosine), starts)
    # A star turns one way as well, but twice around.
    return (np.minimum.reduceat(sine, starts) > _TURN) & (np.abs(total) < 1.5 * 2 * np.pi)


def _fans(starts: Numbers, owners: Numbers, size: int) -> tuple[Numbers, Numbers]:
    corners = np.array([(0, i, i + 1) for i in range(1, size - 1)])
    triangles = (starts[:, None, None] + corners).reshape(-1, 3)
    return triangles, np.repeat(owners, size - 2)


def _dented_quads(points: Points, starts: Numbers, normals: Points) -> tuple[NDArray[np.bool_], Numbers]:
    """Cut four-corner rings along the diagonal that leaves both halves the right way round.

    Returns which of them could be cut, and two triangles for each of those.
    """
    a, b, c, d = (points[starts + i] for i in range(4))

    def faces(p: Points, q: Points, r: Points) -> NDArray[np.bool_]:
        result: NDArray[np.bool_] = (np.cross(q - p, r - p) * normals).sum(1) > 0
        return result

    first = faces(a, b, c) & faces(a, c, d)
    second = ~first & faces(b, c, d) & faces(b, d, a)
    halves = np.where(first[:, None, None], [[0, 1, 2], [0, 2, 3]], [[1, 2, 3], [1, 3, 0]])
    ok = first | second
    return ok, (starts[:, None, None] + halves)[ok].reshape(-1, 3)


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
