"""What lies beside an object in other layers: what they say of the same thing, and the areas it lies in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from tweestad.access.reader import Reader
from tweestad.api.pages.card import capitalised, title_of
from tweestad.api.pages.drawing import feature_path
from tweestad.model.feature import BBox, StoredFeature
from tweestad.model.layer import StoredLayer
from tweestad.model.text import Language
from tweestad.store.protocol import Where

MOST = 20
_CANDIDATES = 200
# A register names other objects by their national ids, such as a dwelling its building.
_NATIONAL = re.compile(r"NL\.IMBAG\.[A-Za-z]+\.[0-9]{16}")
_REFS_MAX = 8
# Surfaces of the map itself: that a building stands on land says nothing.
_GROUND = frozenset({"water", "street", "path", "building"})


@dataclass(frozen=True, slots=True)
class Relation:
    """An object of another layer, with what its layer calls it."""

    layer: str
    title: str
    address: str


def same_thing(reader: Reader, row: StoredFeature, language: Language) -> tuple[Relation, ...]:
    """What other layers know of the same national id, or of one that the object names; at most MOST."""
    named = [v for v in row.feature.attributes.values() if isinstance(v, str) and _NATIONAL.fullmatch(v)]
    refs = dict.fromkeys([*([row.feature.ref] if row.feature.ref else []), *named])
    found: dict[tuple[str, str], StoredFeature] = {}
    for ref in list(refs)[:_REFS_MAX]:
        for other in reader.features(Where(ref=ref), limit=MOST + 1):
            found[other.feature.layer, other.feature.id] = other
    found.pop((row.feature.layer, row.feature.id), None)
    return _relations(reader.layers(), list(found.values())[:MOST], language)


def areas_around(reader: Reader, row: StoredFeature, language: Language) -> tuple[Relation, ...]:
    """The named areas of other layers that a point inside the object lies in, in the order of the twin."""
    if row.feature.geometry is None:
        return ()
    shape = shapely.force_2d(shapely.from_wkb(row.feature.geometry))
    spot = shapely.point_on_surface(shape)
    box = BBox(spot.x, spot.y, spot.x, spot.y)
    found: list[StoredFeature] = []
    layers = [stored for stored in reader.layers() if _is_of_areas(stored, row)]
    for stored in layers:
        near = reader.features(Where(layer=stored.layer.id, bbox=box), limit=_CANDIDATES)
        found += [
            other
            for other in near
            if other.feature.title
            and other.feature.geometry
            and shapely.covers(shapely.from_wkb(other.feature.geometry), spot)
        ]
    return _relations(layers, found[:MOST], language)


def _is_of_areas(stored: StoredLayer, row: StoredFeature) -> bool:
    layer = stored.layer
    return layer.kind == "areas" and layer.style.role not in _GROUND and layer.id != row.feature.layer


def _relations(
    layers: Iterable[StoredLayer], rows: list[StoredFeature], language: Language
) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            layer=capitalised(stored.layer.called.one.in_language(language)),
            title=title_of(row, stored, language),
            address=feature_path(row.feature.layer, row.feature.id),
        )
        for stored in layers
        for row in rows
        if row.feature.layer == stored.layer.id
    )
