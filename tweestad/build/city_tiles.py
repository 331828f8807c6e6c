"""Draws the public part of the city into the tile folder: buildings, ground, flat map, labels, scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.access.reader import Reader
from tweestad.build.building_tiles import Workshop, count_by_square, draw_buildings
from tweestad.build.ground_layers import ground_height, ground_input, ground_roles
from tweestad.build.object_tiles import FLAT_COLUMNS, tree_points, tree_tileset, tube_tileset
from tweestad.build.plan import LayerPlan, TwinPlan
from tweestad.build.public_rows import PublicRows, read_public
from tweestad.build.report import OnProgress, Progress, TilesReport
from tweestad.build.shown import Shown
from tweestad.build.twin import CREASES_SUFFIX
from tweestad.formats.terrain.heights import HeightSamples
from tweestad.ground.height import GroundHeight
from tweestad.legend.facts import count_columns
from tweestad.model.layer import Layer
from tweestad.scene.labels import NamedGeometries
from tweestad.scene.manifest import (
    FlatLayer,
    FlatRole,
    SceneInput,
    TerrainSource,
    TilesetEntry,
    TilesetRole,
    View,
    build_scene_files,
)
from tweestad.store.protocol import Cell, Store
from tweestad.tiles.buildings import known_values
from tweestad.tiles.cell import cut_for
from tweestad.tiles.cutting import tree
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.frame import Frame
from tweestad.tiles.plan import LEVELS, Level, Plan, find_plan, make_plan, schema_of_columns
from tweestad.tiles.spool import Square
from tweestad.tiles.tileset import Tileset, write_tileset
from tweestad.tiles.trees import TREE_LEVELS
from tweestad.tiles.tubes import TUBE_LEVELS

_FLAT_BY_KIND: Mapping[str, FlatRole] = {
    "buildings": "buildings",
    "areas": "area",
    "lines": "line",
    "tubes": "tube",
    "points": "point",
    "terrain": "boundary",
    "trees": "tree",
}
_LEVELS: Mapping[str, tuple[Level, ...]] = {
    "buildings": LEVELS,
    "trees": TREE_LEVELS,
    "tubes": TUBE_LEVELS,
}
"""The kinds of layers that have tiles in 3D, with the way they are cut."""
# Neighbours may differ by this on their border.
_BORDER_GRID_M = 0.1
PLAN_FILE = "plan.json"


@dataclass(frozen=True, slots=True, eq=False)
class _Drawing:
    plan: TwinPlan
    folder: TileFolder
    version: int
    height: GroundHeight
    on_progress: OnProgress

    def base(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return self.height.at(xy)


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """The tilesets of a layer; how many of its objects have nothing to draw, and how many lie flat."""

    tilesets: tuple[tuple[str, TilesetRole, Tileset], ...]
    undrawn: int = 0
    flat: int = 0


def draw_city(  # noqa: PLR0913 - the places it reads from and writes to
    plan: TwinPlan,
    store: Store,
    reader: Reader,
    shop: Workshop,
    folder: TileFolder,
    *,
    version: int,
    terrain: Mapping[str, HeightSamples],
    on_progress: OnProgress,
) -> tuple[tuple[TilesReport, ...], Shown]:
    """Write every tileset and flat map for what `reader` may see, and scene.json last; says what is shown.

    `reader` must be a visitor's: whatever it sees becomes public. `version` goes into the addresses.
    `terrain` are the heights of the layers of that kind, by layer.
    """
    rows = {stored.layer.id: read_public(reader, stored.layer) for stored in reader.layers()}
    height = ground_height(plan.ground, rows, terrain)
    drawing = _Drawing(plan, folder, version, height, on_progress)
    entries: list[TilesetEntry] = []
    reports: list[TilesReport] = []
    shown: set[str] = set()
    drawn: set[str] = set()
    for layer_plan in plan.layers:
        public = rows.get(layer_plan.layer.id)
        if public is None or public.layer.kind not in _LEVELS:
            continue
        if public.layer.kind == "buildings":
            cells = store.cells(public.layer.id)
            shown |= {cell.blob_sha for cell in cells}
            # The same building may be in two layers, with and without its roof: the first one is drawn.
            new = public.only([ref is None or ref not in drawn for ref in public.refs])
            drawn.update(ref for ref in public.refs if ref is not None)
            made = _building_tilesets(drawing, shop, new, cells)
        else:
            made = _object_tilesets(drawing, layer_plan, public)
        for tileset_id, role, tileset in made.tilesets:
            url = "/tiles/" + write_tileset(tileset, folder, tileset_id, version)
            entries.append(TilesetEntry(tileset_id, role, public.layer.id, url))
            size = sum(glb.size for glb in tileset.contents())
            left, flat = (0, 0) if role == "creases" else (made.undrawn, made.flat)
            reports.append(TilesReport(tileset_id, tileset.features, tileset.triangles, size, left, flat))
    shop.drawn.forget_others()
    shop.solids.forget_others(shown)
    on_progress(Progress("ground and flat map", 0, 1))
    build_scene_files(_scene(drawing, rows, entries), folder, shop.ground)
    shop.ground.records.forget_others()
    on_progress(Progress("ground and flat map", 1, 1))
    return tuple(reports), Shown(version, {key: frozenset(each.ids) for key, each in rows.items()})


def _building_tilesets(drawing: _Drawing, shop: Workshop, public: PublicRows, cells: list[Cell]) -> _Made:
    layer = public.layer
    cut = _frozen_plan(drawing, layer, count_by_square(shop, public, cells))
    drawn = draw_buildings(shop, public, cells, cut, drawing.base, drawing.on_progress)
    frame, creases = cut.frame(), f"{layer.id}{CREASES_SUFFIX}"
    return _Made(
        (
            (layer.id, "buildings", tree(frame, cut, drawn.buildings)),
            (creases, "creases", tree(frame, cut, drawn.creases)),
        ),
        len(drawn.shapeless),
        drawn.flat,
    )


def _object_tilesets(drawing: _Drawing, layer_plan: LayerPlan, public: PublicRows) -> _Made:
    layer = public.layer
    cut = _frozen_plan(drawing, layer)
    step = f"{layer.id}: shapes"
    drawing.on_progress(Progress(step, 0, len(public.ids)))
    role: TilesetRole = "trees"
    if layer_plan.tube is not None:
        role, tileset = "tubes", tube_tileset(public, layer_plan.tube, cut, drawing.height)
    else:
        tileset = tree_tileset(public, cut, drawing.height)
    drawing.on_progress(Progress(step, len(public.ids), len(public.ids)))
    undrawn = len(public.ids) - tileset.features
    return _Made(((layer.id, role, tileset),) if tileset.root is not None else (), undrawn)


def _frozen_plan(drawing: _Drawing, layer: Layer, counts: Mapping[Square, int] | None = None) -> Plan:
    """The plan that the first build of this layer froze, with the columns of now.

    `counts`: how many objects there are per square, where tiles with few are to be taken together.
    """
    schema = schema_of_columns(layer.id, layer.columns)
    found = find_plan(_plan_path(drawing.folder, layer))
    fresh = make_plan(drawing.plan.twin.centre, schema, _LEVELS[layer.kind])
    cut = cut_for(fresh if found is None else found.with_schema(schema), counts or {})
    drawing.folder.put_json(f"{layer.id}/{PLAN_FILE}", cut.as_json())
    return cut


def check_plans(plan: TwinPlan, folder: TileFolder) -> None:
    """Raise InputRejected when a plan that an earlier build froze cannot be read."""
    for each in plan.layers:
        if each.layer.kind in _LEVELS:
            find_plan(_plan_path(folder, each.layer))


def _plan_path(folder: TileFolder, layer: Layer) -> Path:
    return folder.root / layer.id / PLAN_FILE


def _scene(drawing: _Drawing, rows: Mapping[str, PublicRows], entries: list[TilesetEntry]) -> SceneInput:
    plan = drawing.plan
    roles = ground_roles(plan.ground, rows)
    lines = plan.ground.lines if plan.ground else ()
    on_the_ground = {*roles.values(), *(each.layer for each in lines)}
    view = plan.view
    return SceneInput(
        version=drawing.version,
        frame=Frame.at(*(round(c, -2) for c in plan.twin.centre)),
        height=drawing.height,
        water_nap_m=plan.ground.water_nap_m if plan.ground else 0.0,
        ground=ground_input(plan, rows),
        view=View(
            view.x,
            view.y,
            heading_deg=view.heading_deg,
            pitch_deg=view.pitch_deg,
            distance_m=view.distance_m,
        ),
        ground_layers=roles,
        tilesets=entries,
        flat=[
            _flat(public)
            for layer_id, public in rows.items()
            if layer_id not in on_the_ground and public.layer.kind in _FLAT_BY_KIND
        ],
        streets=_named(rows, lines[0].layer if lines else ""),
        waters=_named(rows, plan.ground.water if plan.ground else ""),
        areas=_named(rows, plan.area_labels),
        terrain=_terrain(plan, rows),
    )


def _terrain(plan: TwinPlan, rows: Mapping[str, PublicRows]) -> TerrainSource | None:
    public = rows.get(plan.ground.terrain) if plan.ground else None
    return TerrainSource(public.layer.id, public.layer.source) if public else None


def _flat(public: PublicRows) -> FlatLayer:
    layer = public.layer
    role: FlatRole = "boundary" if layer.style.role == "boundary" else _FLAT_BY_KIND[layer.kind]
    wanted = flat_columns(public)
    # A value that means "unknown" at its source has no class of a legend.
    rows = known_values(dict(zip(public.ids, public.attributes, strict=True)), layer.columns)
    there = np.array([g is not None for g in public.geometries], dtype=bool)
    if role == "boundary" and layer.kind == "areas" and not layer.style.classes:
        lines = _borders(public.geometries[there])
        ids = [f"{layer.id}-{n}" for n in range(len(lines))]
        return FlatLayer(layer.id, role, layer.id, ids, lines, [{} for _ in ids])
    kept = np.flatnonzero(there)
    time = layer.in_time
    # Also where all objects are of one year, which parts nothing from anything else.
    wanted = frozenset({*wanted, time.since, time.until}) if time else wanted
    return FlatLayer(
        id=layer.id,
        role=role,
        layer=layer.id,
        ids=[public.ids[n] for n in kept],
        geometries=tree_points(public.geometries[there]) if role == "tree" else public.geometries[there],
        attributes=[{k: v for k, v in rows[public.ids[n]].items() if k in wanted} for n in kept],
    )


def flat_columns(public: PublicRows) -> frozenset[str]:
    """The columns that go into the flat map: what one can colour or filter by, name or draw with.

    Free texts stay out: they would be most of the bytes of a tile, and no legend speaks of them.
    """
    layer = public.layer
    counted = count_columns(layer, public.attributes)
    telling = [each.name for each in counted if each.parts_objects]
    drawn = FLAT_COLUMNS.get(layer.kind, ())
    return frozenset((*telling, *layer.style.classes, layer.style.label_column, *drawn))


def _borders(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """The borders of areas, each once: two neighbours that both draw theirs turn dashes into a solid line."""
    outlines = np.where(shapely.get_dimensions(areas) == 2, shapely.boundary(areas), areas)
    merged = shapely.line_merge(shapely.union_all(outlines, grid_size=_BORDER_GRID_M))
    lines: NDArray[np.object_] = shapely.get_parts(merged)
    return lines


def _named(rows: Mapping[str, PublicRows], layer_id: str) -> NamedGeometries:
    public = rows.get(layer_id)
    if public is None:
        return NamedGeometries()
    return NamedGeometries(layer_id, public.names(), public.geometries)
