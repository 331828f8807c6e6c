"""Buildings as paper models: light walls that darken towards the foot, roofs a tone darker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from tweestad.model.city_object import SurfaceKind
from tweestad.model.feature import Value
from tweestad.model.layer import Column
from tweestad.tiles import colour
from tweestad.tiles.block import Block, Building
from tweestad.tiles.cutting import Drawer
from tweestad.tiles.glb import Glb, Mesh, write_glb
from tweestad.tiles.metadata import PropertyTable, Schema, encode_table
from tweestad.tiles.plan import FROM_FOOTPRINT, ONLY_FOOTPRINT, SHAPE_PROPERTY, Plan
from tweestad.tiles.surfaces import Numbers, Points

Rows = Mapping[str, Mapping[str, Value]]
"""The attributes of each feature, by feature id."""


def building_drawer(plan: Plan, rows: Rows, columns: Sequence[Column]) -> Drawer:
    """Draws buildings with the attributes of the plan."""
    known = known_values(rows, columns)
    return lambda block: partial(building_glb, block, schema=plan.schema, rows=known)


def building_glb(block: Block, members: Numbers, *, schema: Schema, rows: Rows) -> Glb | None:
    """One tile with the buildings of these numbers in the block; None when none has a triangle."""
    triangle_objects = block.surfaces.objects[block.triangle_surfaces]
    members = members[np.isin(members, triangle_objects)]
    if not len(members):
        return None
    feature_of = np.full(len(block.buildings), -1, np.int64)
    feature_of[members] = np.arange(len(members))
    triangles = block.triangles[feature_of[triangle_objects] >= 0]
    used = np.zeros(len(block.surfaces.corners), bool)
    used[triangles] = True
    corners, number_of = np.flatnonzero(used), np.cumsum(used) - 1
    owners = block.corner_surfaces[corners]
    features = feature_of[block.surfaces.objects[owners]].astype(np.uint32)
    drawn = [block.buildings[n] for n in members.tolist()]
    lightness = np.array([colour.lightness(b.feature_id) for b in drawn])
    mesh = Mesh(
        positions=block.local[block.surfaces.corners[corners]],
        colours=_colours(block, corners, owners) * lightness[features][:, None],
        indices=number_of[triangles].ravel().astype(np.uint32),
        normals=block.normals[owners],
        features=features,
    )
    return write_glb(mesh, building_table(drawn, schema, rows))


def known_values(rows: Rows, columns: Sequence[Column]) -> Rows:
    """The same rows without the values that mean "unknown" at their source."""
    doubtful = {c.name: c for c in columns if c.missing}
    if not doubtful:
        return rows
    return {
        feature_id: {
            name: v for name, v in row.items() if name not in doubtful or not doubtful[name].means_unknown(v)
        }
        for feature_id, row in rows.items()
    }


def _colours(block: Block, corners: Numbers, owners: Numbers) -> Points:
    surfaces = block.surfaces
    objects = surfaces.objects[owners]
    heights = surfaces.vertices[surfaces.corners[corners], 2]
    shade = colour.wall_shade(heights - block.street[objects])[:, None]
    roof = (surfaces.kinds[owners] == SurfaceKind.ROOF)[:, None]
    return np.where(roof, np.array(colour.linear(colour.ROOF)), shade * colour.linear(colour.WALL_TOP))


def building_table(buildings: Sequence[Building], schema: Schema, rows: Rows) -> PropertyTable:
    """The attributes of these buildings, in their order."""
    described: list[Mapping[str, Value]] = []
    for building in buildings:
        row = rows.get(building.feature_id, {})
        if building.flat or building.extruded:
            row = {**row, SHAPE_PROPERTY: ONLY_FOOTPRINT if building.flat else FROM_FOOTPRINT}
        described.append(row)
    return encode_table(schema, [b.feature_id for b in buildings], described)
