"""Takes a terrain over: its heights for the drawn ground, and as features what each file covers.

The points themselves are in no table. Columns of a terrain read from: `@file` (name of the file),
`@points` (points or pixels in it), `@used` (those that count for the ground), `@left_out` (the rest) and
`@reasons` (the rest by reason, in words).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from tweestad.build.attributes import Attributes
from tweestad.build.feature_id import feature_id, shape_keys
from tweestad.build.plan import InputFile, LayerPlan
from tweestad.build.taking import Taken
from tweestad.errors import InputRejected
from tweestad.formats.terrain.heights import COVER_M, HeightCounts, Integers, Thinning
from tweestad.formats.terrain.points import read_points
from tweestad.formats.terrain.raster import read_raster
from tweestad.formats.terrain.relief import read_relief
from tweestad.model.feature import Feature, Value
from tweestad.tiles.spool import Spool

_CLOSED_M = 2 * COVER_M


def take_terrain(plan: LayerPlan, on_points: Callable[[int], None] = lambda _: None) -> Taken:
    """Read all files of a terrain; `on_points` hears how many points of the present file have been read.

    The median of each cell is over all files together, so that tiles that meet or overlap leave no seam.
    Raises InputRejected when a file cannot be read or has nothing that counts as ground.
    """
    read = plan.read
    thinning = Thinning(read.clip)
    attributes = Attributes(plan.columns)
    features: dict[str, Feature] = {}
    notes = []
    for file in (read.file, *read.more):
        counts = _read(plan, file, thinning, on_points)
        if not counts.used:
            raise InputRejected(
                f"none of its {counts.read} points is ground: {_reasons(counts)}", where=file.path.name
            )
        feature = _feature(plan, attributes, file, counts, thinning.covered())
        if feature.id in features:
            raise InputRejected(f"there is already a file with id {feature.id}", where=file.path.name)
        features[feature.id] = feature
        notes.append(f"{file.path.name}: {counts.read} points, {counts.used} used, {_reasons(counts)}")
    return Taken(
        plan=plan,
        features=tuple(features[key] for key in sorted(features)),
        solids=Spool(),
        rejected=(),
        read=len(features),
        left_out=0,
        mended=0,
        notes=(*notes, *attributes.notes()),
        terrain=thinning.samples(),
    )


def _read(
    plan: LayerPlan, file: InputFile, thinning: Thinning, on_points: Callable[[int], None]
) -> HeightCounts:
    read = plan.read
    if read.format == "cityjson":
        return read_relief(file.path, thinning, crs=read.crs, on_points=on_points)
    if read.format == "raster":
        return read_raster(file.path, thinning, crs=read.crs, on_points=on_points)
    classes = frozenset(read.classes)
    return read_points(file.path, thinning, classes=classes, crs=read.crs, on_points=on_points)


def _feature(
    plan: LayerPlan, attributes: Attributes, file: InputFile, counts: HeightCounts, squares: Integers
) -> Feature:
    """One file: where it has heights, and what was counted in it."""
    area = _coverage(squares)
    row: dict[str, Value] = {
        "@file": file.path.name,
        "@points": counts.read,
        "@used": counts.used,
        "@left_out": counts.read - counts.used,
        "@reasons": _reasons(counts),
    }
    values = attributes.of(row)
    return Feature(
        layer=plan.layer.id,
        id=feature_id(plan, row, shape_keys(np.array([area], dtype=object))[0]),
        geometry=shapely.to_wkb(area, byte_order=1),
        attributes=values,
        title=(plan.title.fill(row) if plan.title else None) or "",
    )


def _coverage(squares: Integers) -> shapely.Geometry:
    """The area of these squares, with holes of less than 40 m across (buildings) closed."""
    low = squares * COVER_M
    boxes = shapely.box(low[:, 0], low[:, 1], low[:, 0] + COVER_M, low[:, 1] + COVER_M)
    whole = shapely.union_all(boxes).buffer(_CLOSED_M, join_style="mitre")
    area = shapely.normalize(whole.buffer(-_CLOSED_M, join_style="mitre"))
    return shapely.transform(area, lambda xy: xy.round(3))


def _reasons(counts: HeightCounts) -> str:
    """Why points were left out, in words: `class 6: 246753, class 9: 267`."""
    return ", ".join(f"{reason}: {n}" for reason, n in counts.left_out.items()) or "nothing left out"
