"""The surfaces of many objects in flat arrays, so that a whole neighbourhood is one computation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tweestad.model.city_object import Shape, SurfaceKind

Points = NDArray[np.float64]
Numbers = NDArray[np.int64]

STEEP_ROOF_UP = math.cos(math.radians(78.0))
"""A roof whose normal rises less than this is drawn as a wall."""
BASE_BELOW_STREET_M = 1.35
"""How far the foot of a building is pulled below the street, so that no slit of light shows."""
AT_GROUND_M = 0.01
FLAT_AREA_M2 = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Surfaces:
    """The rings of all objects after each other. Corners are ring vertices, in ring order.

    `vertices`: (v, 3), EPSG:7415. `corners`: (c,) vertex numbers. `ring_starts`: (rings + 1,) in
    corners. `surface_starts`: (surfaces + 1,) in rings, outer ring first. `kinds`: SurfaceKind of
    each surface. `objects`: object number of each surface, ascending. `vertex_objects`: of each vertex.
    """

    vertices: Points
    vertex_objects: Numbers
    corners: Numbers
    ring_starts: Numbers
    surface_starts: Numbers
    kinds: NDArray[np.uint8]
    objects: Numbers

    @property
    def corner_starts(self) -> Numbers:
        """Where each surface starts in the corners, (surfaces + 1,)."""
        return self.ring_starts[self.surface_starts]

    @property
    def corner_surfaces(self) -> Numbers:
        """The surface of each corner."""
        return np.repeat(np.arange(len(self.objects)), np.diff(self.corner_starts))

    def only(self, keep: NDArray[np.bool_]) -> Surfaces:
        """The same without the surfaces that are not kept; vertices stay where they are."""
        if keep.all():
            return self
        ring_keep = np.repeat(keep, np.diff(self.surface_starts))
        ring_lengths = np.diff(self.ring_starts)
        return replace(
            self,
            corners=self.corners[np.repeat(ring_keep, ring_lengths)],
            ring_starts=starts_of(ring_lengths[ring_keep]),
            surface_starts=starts_of(np.diff(self.surface_starts)[keep]),
            kinds=self.kinds[keep],
            objects=self.objects[keep],
        )


def starts_of(lengths: NDArray[np.integer]) -> Numbers:
    """Where pieces of these lengths start when laid end to end, and where the last one ends."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def join_shapes(shapes: Sequence[Shape]) -> Surfaces:
    """Lay the surfaces of all shapes end to end; rings of fewer than three vertices are left out."""
    vertex_starts = starts_of(np.array([len(s.vertices) for s in shapes], np.int64))
    corner_starts = starts_of(np.array([len(s.ring_vertices) for s in shapes], np.int64))
    ring_starts = starts_of(np.array([len(s.ring_starts) - 1 for s in shapes], np.int64))
    surface_counts = np.array([len(s.surface_starts) - 1 for s in shapes], np.int64)

    def shifted(parts: list[NDArray[np.int32]], shifts: Numbers) -> Numbers:
        lengths = [len(p) for p in parts]
        return np.concatenate([*parts, np.zeros(0, np.int32)]) + np.repeat(shifts[: len(parts)], lengths)

    rings = shifted([s.ring_starts[:-1] for s in shapes], corner_starts)
    surfaces = shifted([s.surface_starts[:-1] for s in shapes], ring_starts)
    joined = Surfaces(
        vertices=np.concatenate([*(s.vertices for s in shapes), np.zeros((0, 3))]),
        vertex_objects=np.repeat(np.arange(len(shapes)), np.diff(vertex_starts)),
        corners=shifted([s.ring_vertices for s in shapes], vertex_starts),
        ring_starts=np.append(rings, corner_starts[-1]),
        surface_starts=np.append(surfaces, ring_starts[-1]),
        kinds=np.concatenate([*(s.kinds for s in shapes), np.zeros(0, np.uint8)]),
        objects=np.repeat(np.arange(len(shapes)), surface_counts),
    )
    return _without_stubs(joined)


def _without_stubs(surfaces: Surfaces) -> Surfaces:
    lengths = np.diff(surfaces.ring_starts)
    whole = lengths >= 3
    counts = np.diff(surfaces.surface_starts)
    if whole.all() and counts.all():
        return surfaces
    outer = np.minimum(surfaces.surface_starts[:-1], max(len(whole) - 1, 0))
    keep = (counts > 0) & (whole[outer] if len(whole) else False)
    ring_keep = whole & np.repeat(keep, counts)
    ring_surfaces = np.repeat(np.arange(len(counts)), counts)
    return replace(
        surfaces,
        corners=surfaces.corners[np.repeat(ring_keep, lengths)],
        ring_starts=starts_of(lengths[ring_keep]),
        surface_starts=starts_of(np.bincount(ring_surfaces[ring_keep], minlength=len(counts))[keep]),
        kinds=surfaces.kinds[keep],
        objects=surfaces.objects[keep],
    )


def lowest(surfaces: Surfaces, count: int) -> Points:
    """The lowest vertex of each of `count` objects, NAP metres, (count,)."""
    low = np.full(count, np.inf)
    np.minimum.at(low, surfaces.vertex_objects, surfaces.vertices[:, 2])
    return low


def lower_base(surfaces: Surfaces, ground: Points, street: Points) -> Surfaces:
    """Pull every vertex at its object's `ground` (NAP, per object) below the `street` (same shape)."""
    heights = surfaces.vertices[:, 2]
    at_ground = heights <= ground[surfaces.vertex_objects] + AT_GROUND_M
    foot = street[surfaces.vertex_objects] - BASE_BELOW_STREET_M
    vertices = surfaces.vertices.copy()
    vertices[:, 2] = np.where(at_ground, np.minimum(heights, foot), heights)
    return replace(surfaces, vertices=vertices)


def newell_normals(surfaces: Surfaces, local: Points) -> tuple[Points, Points]:
    """The unit normal (surfaces, 3) and area (surfaces,) of each outer ring; `local`: vertices (v, 3).

    Newell's method (Sutherland, Sproull and Schumacker 1974) for all rings at once; a ring without
    area gets a zero normal.
    """
    if not len(surfaces.objects):
        return np.zeros((0, 3)), np.zeros(0)
    points = corner_columns(surfaces, local)
    starts = surfaces.ring_starts[:-1]
    # Far from the frame's centre the products are large: measure from the ring's own first corner.
    points -= np.repeat(points[:, starts], np.diff(surfaces.ring_starts), axis=1)
    turning = cross_columns(points, points[:, next_corners(surfaces)])
    outer = surfaces.surface_starts[:-1]
    normals = np.column_stack([np.add.reduceat(column, starts)[outer] for column in turning])
    doubled = np.sqrt((normals**2).sum(1))
    normals = normals / np.where(doubled > 2 * FLAT_AREA_M2, doubled, np.inf)[:, None]
    return normals, doubled / 2


def corner_columns(surfaces: Surfaces, local: Points) -> Points:
    """The corners as three long columns (3, c), which numpy works through much faster than rows of three."""
    return np.ascontiguousarray(local[surfaces.corners].T)


def cross_columns(a: Points, b: Points) -> Points:
    """The cross products of vectors in columns, (3, n) each."""
    return np.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def next_corners(surfaces: Surfaces) -> Numbers:
    """The number of the corner that follows each corner in its ring."""
    following = np.arange(1, len(surfaces.corners) + 1)
    following[surfaces.ring_starts[1:] - 1] = surfaces.ring_starts[:-1]
    return following


def drawn_kinds(surfaces: Surfaces, normals: Points, ground: Points) -> NDArray[np.uint8]:
    """ROOF, WALL or GROUND for each surface, where the file says nothing from its normal.

    Steep roofs are walls. A nameless surface that looks down is ground only at its object's foot
    (`ground`: NAP per object, before lowering): the underside of a balcony is a wall.
    """
    kinds = surfaces.kinds.copy()
    nameless = (kinds == SurfaceKind.UNKNOWN) | (kinds == SurfaceKind.OTHER)
    up = normals[:, 2]
    corner_heights = surfaces.vertices[surfaces.corners, 2]
    top = np.maximum.reduceat(corner_heights, surfaces.corner_starts[:-1]) if len(kinds) else np.zeros(0)
    foot = (up < -0.9) & (top <= ground[surfaces.objects] + 0.5) & (surfaces.kinds == SurfaceKind.UNKNOWN)
    guessed = np.where(up > 0.3, SurfaceKind.ROOF, np.where(foot, SurfaceKind.GROUND, SurfaceKind.WALL))
    kinds[nameless] = guessed[nameless]
    kinds[(kinds == SurfaceKind.ROOF) & (up < STEEP_ROOF_UP)] = SurfaceKind.WALL
    return kinds
