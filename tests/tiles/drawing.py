"""Whole tilesets of a handful of objects, in memory: what a build draws cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tweestad.model.city_object import CityObject
from tweestad.model.layer import Column
from tweestad.tiles.block import StreetLevel, arrange
from tweestad.tiles.buildings import Rows, building_drawer
from tweestad.tiles.creases import crease_drawer
from tweestad.tiles.cutting import draw_tiles, tree
from tweestad.tiles.frame import Frame
from tweestad.tiles.plan import Plan
from tweestad.tiles.tileset import Tileset


@dataclass(frozen=True, slots=True, eq=False)
class CityTiles:
    """The two tilesets of a layer of buildings, and what they leave out.

    `shapeless`: ids of features without a shape or a height to draw one from; `extruded`: ids drawn
    from their footprint; `lost_surfaces`: outlines that could not be cut into triangles.
    """

    buildings: Tileset
    creases: Tileset
    shapeless: tuple[str, ...]
    extruded: tuple[str, ...]
    lost_surfaces: int


def build_city(
    objects: Sequence[CityObject],
    ids: Mapping[str, str],
    rows: Rows,
    columns: Sequence[Column],
    frame: Frame,
    plan: Plan,
    base: StreetLevel | None,
) -> CityTiles:
    """The buildings and the lines on them; `base` tells the street level, NAP."""
    buildings, shapeless = arrange(objects, ids, rows, base)
    drawers = [building_drawer(plan, rows, columns), crease_drawer(plan, rows, columns)]
    result = draw_tiles(buildings, frame, plan, base, drawers)
    on_buildings, on_creases = (tree(frame, plan, contents) for contents in result.contents)
    return CityTiles(
        buildings=on_buildings,
        creases=on_creases,
        shapeless=tuple(sorted({*shapeless, *result.undrawn})),
        extruded=tuple(b.feature_id for b in buildings if b.extruded),
        lost_surfaces=result.lost_surfaces,
    )
