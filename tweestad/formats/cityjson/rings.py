"""The good surfaces of many objects as flat arrays, found with a handful of numpy calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tweestad.formats.cityjson.geometry import FlatSurfaces

SMALLEST_AREA_M2 = 1e-6

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RingSet:
    """The good surfaces of many objects as flat arrays.

    `points`: vertex numbers of all rings; `xyz`: their coordinates (n, 3) in RD and NAP;
    `ring_starts` (rings + 1) in points, `surface_starts` (surfaces + 1) in rings, `object_starts`
    (objects + 1) in surfaces; `normals` (surfaces, 3) of unit length; `kinds` (surfaces,);
    `bounds` (objects, 6): lowest and highest x, y, z before anything was dropped, NaN for no points.
    """

    points: Numbers
    xyz: Floats
    ring_starts: Numbers
    surface_starts: Numbers
    object_starts: Numbers
    normals: Floats
    kinds: NDArray[np.uint8]
    bounds: Floats


@np.errstate(all="ignore")  # numbers that overflow give infinite bounds, which say what is wrong
def collect_rings(parts: list[tuple[FlatSurfaces, ...]], offsets: list[int], vertices: Floats) -> RingSet:
    """Join the surfaces of each object and drop rings without area, with their surface when it is the outer.

    `parts` and `offsets` per object; an offset is added to its vertex numbers, which then point into
    `vertices` (n, 3), EPSG:7415.
    """
    flats = [flat for group in parts for flat in group]
    if not any(flat.kinds for flat in flats):
        return _nothing(len(parts))
    points = np.concatenate(
        [flat.vertices + offset for group, offset in zip(parts, offsets, strict=True) for flat in group]
    )
    ring_lengths = _integers(flat.ring_lengths for flat in flats)
    surface_lengths = _integers(flat.surface_lengths for flat in flats)
    kinds = _integers(flat.kinds for flat in flats).astype(np.uint8)
    surfaces = np.array([sum(len(flat.kinds) for flat in group) for group in parts], dtype=np.int64)
    xyz = vertices[points]
    bounds = _bounds(xyz, ring_lengths, surface_lengths, surfaces)
    points, xyz, ring_lengths = _without_closing_points(points, xyz, ring_lengths)
    areas = _ring_areas(xyz, ring_lengths)
    sizes = np.sqrt((areas**2).sum(axis=1))
    first_rings = _starts(surface_lengths)[:-1]
    kept_rings = sizes > SMALLEST_AREA_M2
    kept = kept_rings[first_rings]
    kept_rings &= np.repeat(kept, surface_lengths)
    kept_points = np.repeat(kept_rings, ring_lengths)
    outer = first_rings[kept]
    return RingSet(
        points=points[kept_points],
        xyz=xyz[kept_points],
        ring_starts=_starts(ring_lengths[kept_rings]),
        surface_starts=_starts(np.add.reduceat(kept_rings.astype(np.int64), first_rings)[kept]),
        object_starts=_starts(_sum_by(kept.astype(np.int64), surfaces)),
        normals=areas[outer] / sizes[outer, None],
        kinds=kinds[kept],
        bounds=bounds,
    )


def _nothing(objects: int) -> RingSet:
    none = np.zeros(0, dtype=np.int64)
    zero = np.zeros(1, dtype=np.int64)
    return RingSet(
        points=none,
        xyz=np.zeros((0, 3)),
        ring_starts=zero,
        surface_starts=zero,
        object_starts=np.zeros(objects + 1, dtype=np.int64),
        normals=np.zeros((0, 3)),
        kinds=none.astype(np.uint8),
        bounds=np.full((objects, 6), np.nan),
    )


def _integers(lists: Iterator[list[int]]) -> Numbers:
    return np.fromiter(chain.from_iterable(lists), dtype=np.int64)


def _starts(lengths: Numbers) -> Numbers:
    starts = np.zeros(lengths.size + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def _sum_by(values: Numbers, lengths: Numbers) -> Numbers:
    """Sum consecutive runs of `lengths` values; a run may be empty."""
    return np.diff(_starts(values)[_starts(lengths)])


def _bounds(xyz: Floats, ring_lengths: Numbers, surface_lengths: Numbers, surfaces: Numbers) -> Floats:
    counts = _sum_by(_sum_by(ring_lengths, surface_lengths), surfaces)
    bounds = np.full((surfaces.size, 6), np.nan)
    filled = counts > 0
    starts = _starts(counts)[:-1][filled]
    bounds[filled, :3] = np.minimum.reduceat(xyz, starts)
    bounds[filled, 3:] = np.maximum.reduceat(xyz, starts)
    return bounds


def _without_closing_points(
    points: Numbers, xyz: Floats, ring_lengths: Numbers
) -> tuple[Numbers, Floats, Numbers]:
    """Drop the last point of rings that repeat their first one there; CityJSON forbids it, files do it."""
    starts = _starts(ring_lengths)
    last = starts[1:] - 1
    closed = (xyz[starts[:-1]] == xyz[last]).all(axis=1) & (ring_lengths > 3)
    if not closed.any():
        return points, xyz, ring_lengths
    kept = np.ones(points.size, dtype=bool)
    kept[last[closed]] = False
    return points[kept], xyz[kept], ring_lengths - closed


def _ring_areas(xyz: Floats, ring_lengths: Numbers) -> Floats:
    """Area vectors (rings, 3) in m2 by Newell's method, relative to each ring's first point."""
    starts = _starts(ring_lengths)
    here = xyz - np.repeat(xyz[starts[:-1]], ring_lengths, axis=0)
    following = np.arange(1, len(xyz) + 1)
    following[starts[1:] - 1] = starts[:-1]
    there = here[following]
    cross = np.empty_like(here)
    for axis, (a, b) in enumerate(((1, 2), (2, 0), (0, 1))):
        cross[:, axis] = here[:, a] * there[:, b] - here[:, b] * there[:, a]
    areas: Floats = np.add.reduceat(cross, starts[:-1]) / 2
    return areas
