"""Draws layers of trees and tubes from their public rows: tilesets for 3D, simple shapes for the flat map."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.build.object_fields import (
    CARRIES,
    CROWN,
    DEPTH,
    DEPTH_KNOWN,
    DIAMETER,
    END,
    FORM,
    HEIGHT,
    START,
)
from tweestad.build.object_plans import TubePlan
from tweestad.build.public_rows import PublicRows
from tweestad.ground.height import GroundHeight
from tweestad.model.feature import Value
from tweestad.tiles.buildings import known_values
from tweestad.tiles.plan import Plan
from tweestad.tiles.tileset import Tileset
from tweestad.tiles.tree_forms import FORMS, Form, form_of
from tweestad.tiles.trees import Trees, build_trees
from tweestad.tiles.tubes import Tube, build_tubes

Floats = NDArray[np.float64]

FLAT_COLUMNS: Mapping[str, tuple[str, ...]] = {"trees": (CROWN,), "tubes": (CARRIES, DEPTH_KNOWN)}
"""What the flat map needs of a feature to draw it, by the kind of its layer."""

BELOW_STREET_M = 1.5
"""How deep a tube of unknown depth is drawn when twin.toml assumes no level: a convention, not a depth."""
_FOLLOW_M = 25.0


def tree_tileset(public: PublicRows, cut: Plan, height: GroundHeight) -> Tileset:
    """The trees of a layer, standing on the street."""
    there = _drawable(public)
    ids = [public.ids[n] for n in there]
    rows = [public.attributes[n] for n in there]
    known = known_values(dict(zip(ids, rows, strict=True)), public.layer.columns)
    trees = Trees(
        ids=ids,
        xy=shapely.get_coordinates(tree_points(public.geometries[there])),
        heights_m=np.array([_number(row, HEIGHT, 1.0) for row in rows], dtype=np.float64),
        crowns_m=np.array([_number(row, CROWN, 1.0) for row in rows], dtype=np.float64),
        forms=[_form(row, feature_id) for row, feature_id in zip(rows, ids, strict=True)],
        rows=[known[feature_id] for feature_id in ids],
    )
    return build_trees(trees, cut.frame(), cut, height.at)


def tube_tileset(public: PublicRows, tube: TubePlan, cut: Plan, height: GroundHeight) -> Tileset:
    """The tubes of a layer, at their depth or at the level that is assumed."""
    there = _drawable(public)
    rows = {public.ids[n]: public.attributes[n] for n in there}
    known = known_values(rows, public.layer.columns)
    drawn = [
        _tube(feature_id, public.geometries[n], rows[feature_id], known[feature_id], tube, height)
        for n, feature_id in zip(there.tolist(), rows, strict=True)
    ]
    return build_tubes(drawn, cut.frame(), cut)


def tree_points(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Where each tree stands: its point, or the middle of its crown."""
    return np.asarray(shapely.centroid(geometries), dtype=object)


def _drawable(public: PublicRows) -> NDArray[np.intp]:
    empty = shapely.is_missing(public.geometries) | shapely.is_empty(public.geometries)
    return np.flatnonzero(~empty)


def _form(row: Mapping[str, Value], feature_id: str) -> Form:
    form = row.get(FORM)
    return next((each for each in FORMS if each == form), None) or form_of("", feature_id)


def _tube(
    feature_id: str,
    geometry: shapely.Geometry,
    row: Mapping[str, Value],
    known: Mapping[str, Value],
    plan: TubePlan,
    height: GroundHeight,
) -> Tube:
    diameter = _number(row, DIAMETER, plan.diameter_m)
    depth_known = row.get(DEPTH_KNOWN) == "ja"
    parts = [shapely.get_coordinates(part, include_z=plan.z) for part in shapely.get_parts(geometry)]
    lines = [part for part in parts if len(part) > 1]
    if not depth_known:
        level = height.default_nap_m - BELOW_STREET_M if plan.assumed_nap_m is None else plan.assumed_nap_m
        lines = [np.column_stack([line[:, :2], np.full(len(line), level)]) for line in lines]
    elif plan.level is not None:
        lines = _between(
            lines, _number(row, START, 0.0) + diameter / 2, _number(row, END, 0.0) + diameter / 2
        )
    elif not plan.z:
        lines = [_below(line, height, _number(row, DEPTH, 0.0)) for line in lines]
    return Tube(feature_id, tuple(lines), diameter, str(row.get(CARRIES, plan.carries)), depth_known, known)


def _between(lines: list[Floats], start_nap_m: float, end_nap_m: float) -> list[Floats]:
    """The lines falling evenly from start to end, over all parts together."""
    steps = [np.hypot(*np.diff(line, axis=0).T) for line in lines]
    total = max(sum(float(step.sum()) for step in steps), 1e-9)
    fallen, done = [], 0.0
    for line, step in zip(lines, steps, strict=True):
        along = (done + np.concatenate([[0.0], np.cumsum(step)])) / total
        done += float(step.sum())
        fallen.append(np.column_stack([line, start_nap_m + along * (end_nap_m - start_nap_m)]))
    return fallen


def _below(line: Floats, height: GroundHeight, depth_m: float) -> Floats:
    """The line at a depth below the street, with points close enough together to follow it."""
    close = shapely.get_coordinates(shapely.segmentize(shapely.linestrings(line), _FOLLOW_M))
    return np.column_stack([close, height.at(close) - depth_m])


def _number(row: Mapping[str, Value], name: str, otherwise: float) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise
