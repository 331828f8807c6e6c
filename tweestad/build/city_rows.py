"""What an object of a city model is on a map: its outline, its place or its line, and what it says itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import shapely

from tweestad.build.plan import LayerPlan
from tweestad.crs import RD_NAP, inside_rd
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.choice import CONSTRUCTIONS, Choice
from tweestad.formats.crs_doubt import crs_doubts
from tweestad.model.city_object import CityObject
from tweestad.model.feature import Value

_USUAL_TYPES: Mapping[str, frozenset[str]] = {
    "buildings": CONSTRUCTIONS,
    "trees": frozenset({"SolitaryVegetationObject"}),
}
_POINT_KINDS = ("points", "trees")
_LINE_KINDS = ("lines", "tubes")
# What CityGML calls the measures of a tree.
_TREE_HEIGHT, _TREE_CROWN = "height", "crownDiameter"


def choice_of(plan: LayerPlan) -> Choice:
    """The objects that a layer takes: of the types it names, else what its kind is made of."""
    read = plan.read
    types = frozenset(read.types) if read.types else _USUAL_TYPES.get(plan.layer.kind)
    return Choice(types, read.lod)


def with_own_measures(plan: LayerPlan) -> LayerPlan:
    """The plan of a layer of trees with the measures of their shapes, where it names no others."""
    tree = plan.tree
    if tree is None:
        return plan
    crown = tree.crown if tree.crown or tree.crown_area else "@crown"
    return replace(plan, tree=replace(tree, height=tree.height or "@height", crown=crown))


def geometry_of(found: CityObject, kind: str) -> bytes | None:
    """The WKB (2D, EPSG:28992) of an object in a layer of this kind.

    Buildings and areas: the outline, which a building may lack. Points and trees: the middle of what the
    object covers. Lines: its lines. Raises InputRejected when it has nothing of the kind.
    """
    geometry = _geometry(found, kind)
    if geometry is None:
        return None
    if doubt := crs_doubts(shapely.bounds(geometry).reshape(1, 4), RD_NAP).get(0):
        raise InputRejected(doubt)
    if not inside_rd(shapely.get_coordinates(geometry)).all():
        raise InputRejected("its footprint is outside the Dutch RD grid")
    return bytes(shapely.to_wkb(geometry, output_dimension=2, byte_order=1))


def _geometry(found: CityObject, kind: str) -> shapely.Geometry | None:
    loose = None if found.loose is None else shapely.from_wkb(found.loose)
    if kind in _POINT_KINDS:
        return _middle(found, loose)
    if kind in _LINE_KINDS:
        if not isinstance(loose, shapely.MultiLineString):
            raise InputRejected("it has surfaces or points, where this layer takes lines")
        return loose.geoms[0] if len(loose.geoms) == 1 else loose
    if loose is not None:
        raise InputRejected("it has only points or lines, where this layer takes surfaces")
    if found.footprint is None and kind == "areas":
        raise InputRejected("it covers no ground: all of its surfaces stand upright")
    return None if found.footprint is None else shapely.from_wkb(found.footprint)


def _middle(found: CityObject, loose: shapely.Geometry | None) -> shapely.Geometry:
    if isinstance(loose, shapely.MultiLineString):
        raise InputRejected("it has lines, where this layer takes points")
    if loose is None and found.shape is not None and len(found.shape.vertices):
        xy = found.shape.vertices[:, :2]
        middle = (xy.min(axis=0) + xy.max(axis=0)) / 2
    else:
        covered = shapely.from_wkb(found.footprint) if loose is None else loose
        middle = shapely.get_coordinates(shapely.centroid(covered))[0]
    return shapely.Point(*middle.round(3).tolist())


def city_values(found: CityObject, faults: Mapping[str, tuple[str, ...]]) -> dict[str, Value]:
    """The attributes, with what the file says in other ways under names that start with @.

    `@height` and `@crown` (the mean width) are in metres, `@foot` (the lowest point) in NAP metres; a tree's
    own attributes go before what its shape measures. `faults`: what val3dity found, by key.
    """
    codes = faults.get(found.key)
    # A footprint alone is valid too, but says nothing about a shape in 3D.
    valid: Value = None if codes is None or found.shape is None else not codes
    own: dict[str, Value] = {
        "@key": found.key,
        "@type": found.type,
        "@lod": found.shape.lod if found.shape is not None else "0",
        "@valid": valid,
        "@faults": codes or None,
    }
    if found.shape is not None and len(found.shape.vertices):
        x, y, z = np.ptp(found.shape.vertices, axis=0).tolist()
        own |= {"@height": z, "@crown": (x + y) / 2, "@foot": float(found.shape.vertices[:, 2].min())}
    if found.type == "SolitaryVegetationObject":
        for name, attribute in (("@height", _TREE_HEIGHT), ("@crown", _TREE_CROWN)):
            measured = found.attributes.get(attribute)
            if isinstance(measured, int | float) and not isinstance(measured, bool) and measured > 0:
                own[name] = measured
    return {**found.attributes, **own}
