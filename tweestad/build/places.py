"""What can be searched for by name: one place per name of a layer."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely

from tweestad.build.taking import Taken
from tweestad.model.feature import Feature
from tweestad.model.layer import Place


def places_of(taken: Taken) -> list[Place]:
    """The places of a layer, in order of name; empty when the layer is not searchable.

    Features with the same name (the pieces of one street) are one place, on the piece nearest the
    middle of them all.
    """
    search = taken.plan.search
    if search is None:
        return []
    named: defaultdict[str, list[Feature]] = defaultdict(list)
    for feature in taken.features:
        named_by = taken.plan.layer.name_in(search.column, feature.attributes)
        label = named_by if search.column else feature.title.strip()
        if label and feature.geometry:
            named[label].append(feature)
    return [_place(label, search.kind, named[label]) for label in sorted(named)]


def _place(label: str, kind: str, features: list[Feature]) -> Place:
    shapes = shapely.from_wkb(np.array([feature.geometry for feature in features], dtype=object))
    middle = shapely.centroid(shapely.geometrycollections(shapes))
    nearest = int(np.argmin(shapely.distance(shapes, middle)))
    shape = shapes[nearest]
    if shapely.get_dimensions(shape) == 2:
        spot = shapely.point_on_surface(shape)
    else:
        spot = shapely.get_point(shapely.shortest_line(shape, middle), 0)
    chosen = features[nearest]
    return Place(
        label=label,
        kind=kind,
        layer=chosen.layer,
        feature_id=chosen.id,
        x=round(float(spot.x), 3),
        y=round(float(spot.y), 3),
        ref=chosen.ref,
    )
