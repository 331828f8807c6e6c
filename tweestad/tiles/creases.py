"""Thin lines on every fold of a building: eaves, ridges, corners, party walls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tweestad.model.layer import Column
from tweestad.tiles import colour
from tweestad.tiles.block import Block
from tweestad.tiles.buildings import Rows, building_table, known_values
from tweestad.tiles.cutting import Drawer, TileDrawer
from tweestad.tiles.glb import Glb, Mesh, write_glb
from tweestad.tiles.metadata import Schema
from tweestad.tiles.plan import Plan
from tweestad.tiles.surfaces import AT_GROUND_M, Numbers, Points, next_corners

FOLD_COSINE = math.cos(math.radians(20.0))
"""Faces whose normals are closer than this make one plane to the eye."""
OUTWARD_M = 0.08
"""On the wall itself a line is half inside it and comes out dotted."""


@dataclass(frozen=True, slots=True, eq=False)
class Creases:
    """Lines of a block: both ends (n, 2, 3) in the frame, and the building of each (n,)."""

    ends: Points
    objects: Numbers


def crease_drawer(plan: Plan, rows: Rows, columns: Sequence[Column]) -> Drawer:
    """Draws the lines of buildings with the same attributes: what hides a building hides its lines."""
    known = known_values(rows, columns)

    def look_at(block: Block) -> TileDrawer:
        creases = find_creases(block)
        return lambda members: crease_glb(block, creases, members, plan.schema, known)

    return look_at


def crease_glb(block: Block, creases: Creases, members: Numbers, schema: Schema, rows: Rows) -> Glb | None:
    """One tile with the lines of the buildings of these numbers; None when there are none."""
    members = members[np.isin(members, creases.objects)]
    if not len(members):
        return None
    feature_of = np.full(len(block.buildings), -1, np.int64)
    feature_of[members] = np.arange(len(members))
    features = feature_of[creases.objects]
    ends = creases.ends[features >= 0].reshape(-1, 3)
    mesh = Mesh(
        positions=ends,
        colours=np.broadcast_to(colour.linear(colour.CREASE), ends.shape),
        indices=np.arange(len(ends), dtype=np.uint32),
        features=np.repeat(features[features >= 0], 2).astype(np.uint32),
        lines=True,
        unlit=True,
    )
    drawn = [block.buildings[n] for n in members.tolist()]
    return write_glb(mesh, building_table(drawn, schema, rows))


def find_creases(block: Block) -> Creases:
    """Edges with one face, or whose faces differ by more than 20°, not those at street level.

    Each line is moved 8 cm outward along the mean of the normals of its faces.
    """
    surfaces = block.surfaces
    if not len(surfaces.corners):
        return Creases(np.zeros((0, 2, 3)), np.zeros(0, np.int64))
    points = _same_place(block)
    start = points[surfaces.corners]
    end = start[next_corners(surfaces)]
    owners = block.corner_surfaces
    one, other = np.minimum(start, end), np.maximum(start, end)
    order = np.argsort(one * len(points) + other, kind="stable")
    order = order[one[order] != other[order]]
    one, other, owners = one[order], other[order], owners[order]
    if not len(order):
        return Creases(np.zeros((0, 2, 3)), np.zeros(0, np.int64))
    first = np.flatnonzero(np.append(True, (np.diff(one) != 0) | (np.diff(other) != 0)))
    faces = np.diff(np.append(first, len(order)))
    normals = np.ascontiguousarray(block.normals[owners].T)
    agreement = np.abs((normals * np.repeat(normals[:, first], faces, axis=1)).sum(0))
    folded = (faces == 1) | (np.minimum.reduceat(agreement, first) < FOLD_COSINE)
    one, other, objects = one[first], other[first], surfaces.objects[owners[first]]
    limit = block.street[objects] + AT_GROUND_M
    heights = surfaces.vertices[:, 2]
    kept = folded & ((heights[one] > limit) | (heights[other] > limit))
    outward = np.column_stack([np.add.reduceat(column, first)[kept] for column in normals])
    length = np.sqrt((outward**2).sum(1))
    outward *= (OUTWARD_M / np.where(length > 1e-6, length, np.inf))[:, None]
    ends = np.stack([block.local[one[kept]] + outward, block.local[other[kept]] + outward], axis=1)
    return Creases(ends, objects[kept])


def _same_place(block: Block) -> Numbers:
    """For each vertex the first vertex of the same building within the same millimetre.

    Parts of a building often repeat the corners they share, and would each draw the line between them.
    """
    surfaces = block.surfaces
    x, y, z = np.round(surfaces.vertices * 1000).astype(np.int64).T
    order = np.lexsort((z, y, x, surfaces.vertex_objects))
    columns = (surfaces.vertex_objects, x, y, z)
    fresh = np.append(True, np.any([np.diff(c[order]) != 0 for c in columns], axis=0))
    first = np.empty(len(order), np.int64)
    first[order] = order[np.flatnonzero(fresh)][np.cumsum(fresh) - 1]
    return first
