"""Everything a map needs to start: tilesets, flat maps, labels and the opening view, in one scene.json."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import shapely

from tweestad import crs
from tweestad.ground.block import FLAT_ROLES, QUAY
from tweestad.ground.city import CityGround, GroundShop, draw_ground
from tweestad.ground.cutting import Geometries
from tweestad.ground.height import GroundHeight
from tweestad.ground.parts import GROUND_ROLES, GroundInput, GroundRole, rectangle
from tweestad.ground.quantized import LAYER_FILE, TERRAIN_ID, plan_terrain, remembered_tiles
from tweestad.ground.tiles import QUAY_ID, TILESET_IDS
from tweestad.jobs.executor import Executor
from tweestad.jobs.records import Records
from tweestad.model.feature import Value
from tweestad.scene.flat import MAX_ZOOM, FlatSource, remembered_pmtiles
from tweestad.scene.labels import Label, NamedGeometries, place_labels
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.frame import Frame
from tweestad.tiles.tileset import write_tileset

TilesetRole = Literal[
    "buildings", "creases", "land", "street", "path", "park", "water", "quay", "trees", "tubes"
]
FlatRole = Literal[
    "buildings",
    "land",
    "street",
    "path",
    "park",
    "water",
    "area",
    "boundary",
    "line",
    "tube",
    "point",
    "tree",
    "plain",
]

SCENE_FILE: Final = "scene.json"

GROUND_MAX_ZOOM: Final = 16
"""A corner of the ground is 9 cm sharp there; one zoom more doubles the file and shows nothing new."""

AREA_MAX_ZOOM: Final = 15
"""Areas are wide: each zoom more is four times as many tiles with nothing but a straight line in them."""

FLAT_GROUND_ID: Final = "grond"
_TERRAIN_FILE: Final = f"{TERRAIN_ID}/{LAYER_FILE}"


@dataclass(frozen=True, slots=True)
class TilesetEntry:
    """A tileset that is in the tile folder. `layer` is the layer whose objects it shows, if any."""

    id: str
    role: TilesetRole
    layer: str | None
    url: str


@dataclass(frozen=True, slots=True)
class TerrainSource:
    """The layer of measured terrain that the ground follows, and who made it."""

    layer: str
    attribution: str


@dataclass(frozen=True, slots=True, eq=False)
class FlatLayer:
    """The features of one layer for the flat map; becomes one PMTiles with one source named `id`.

    Parallel: `ids` (feature ids), `geometries` (shapely, EPSG:28992; any type) and `attributes`
    (the columns that a legend, filter or label speaks of; None and empty values are left out).
    """

    id: str
    role: FlatRole
    layer: str | None
    ids: Sequence[str]
    geometries: Geometries
    attributes: Sequence[Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class View:
    """The opening pose: the camera looks at (x, y) in EPSG:28992 at `z_nap_m`."""

    x: float
    y: float
    z_nap_m: float = 5.0
    heading_deg: float = 28.0
    pitch_deg: float = -31.0
    distance_m: float = 1180.0


@dataclass(frozen=True, slots=True, eq=False)
class SceneInput:
    """What `build_scene_files` needs; plain values, so that the pipeline decides what is public.

    `version` is the change number in the urls. `height` was made with the same `water_nap_m` as floor
    (`GroundHeight.from_samples(xy, z, water_nap_m=…)`) and is also the `base` of the buildings.
    `ground_layers` names the layer behind a role ({"street": "straten", "water": "water"}); a role
    without one gets null. `tilesets` are entries of tilesets that are in the folder already
    (buildings and creases). With `terrain` the ground is also written as quantized mesh.
    `streets`, `waters` and `areas` get labels.
    """

    version: int
    frame: Frame
    height: GroundHeight
    water_nap_m: float
    ground: GroundInput
    view: View
    ground_layers: Mapping[GroundRole, str] = field(default_factory=dict)
    tilesets: Sequence[TilesetEntry] = ()
    flat: Sequence[FlatLayer] = ()
    streets: NamedGeometries = field(default_factory=NamedGeometries)
    waters: NamedGeometries = field(default_factory=NamedGeometries)
    areas: NamedGeometries = field(default_factory=NamedGeometries)
    background: str = "#eeeae1"
    terrain: TerrainSource | None = None


@dataclass(frozen=True, slots=True)
class FlatSourceEntry:
    """One kind of features inside a PMTiles file."""

    name: str
    role: FlatRole
    layer: str | None


@dataclass(frozen=True, slots=True)
class FlatEntry:
    """A PMTiles file. `bounds`: west, south, east, north in degrees."""

    id: str
    url: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    sources: tuple[FlatSourceEntry, ...]


@dataclass(frozen=True, slots=True)
class Place3D:
    """A place in degrees (ETRS89 = WGS 84) and metres above the ellipsoid."""

    lon: float
    lat: float
    height_m: float


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """A label with its place on earth."""

    label: Label
    place: Place3D


@dataclass(frozen=True, slots=True)
class SceneManifest:
    """What scene.json says. `geoid_m` is the ellipsoidal height of NAP 0 where the view looks."""

    version: int
    origin: Place3D
    ground_nap_m: float
    water_nap_m: float
    geoid_m: float
    background: str
    tilesets: tuple[TilesetEntry, ...]
    flat: tuple[FlatEntry, ...]
    labels: tuple[LabelEntry, ...]
    view: View
    target: Place3D
    terrain: TerrainSource | None = None


def build_scene_files(given: SceneInput, out: TileFolder, shop: GroundShop | None = None) -> SceneManifest:
    """Write the ground, the flat maps and scene.json into the folder, scene.json last.

    What `shop` remembers is not made again; without one nothing is remembered and all happens in this
    process. Raises TweestadError when the flat tiles cannot be made or a process is killed.
    """
    if shop is None:
        with tempfile.TemporaryDirectory(prefix="tweestad-ground-") as folder:
            shop = GroundShop(Records(Path(folder, "kept")), Path(folder, "work"), Executor(1))
            return build_scene_files(given, out, shop)
    # Most of the time goes to other processes, and tippecanoe uses all cores by itself.
    with ThreadPoolExecutor(max_workers=1) as beside:
        layers = [beside.submit(_flat_layer, layer, out, shop.records) for layer in given.flat]
        drawn = draw_ground(given.ground, given.height, given.frame, given.water_nap_m, out.root, shop)
        tilesets = (*given.tilesets, *_ground_entries(given, drawn, out))
        flat = [layer.result() for layer in layers]
    flat.insert(0, _flat_ground(given, drawn, out, shop.records))
    labels = place_labels(
        streets=given.streets,
        waters=given.waters,
        areas=given.areas,
        box=given.ground.box,
        near=given.ground.near,
        height=given.height,
        water_nap_m=given.water_nap_m,
    )
    view = given.view
    target, nap = _on_earth([(view.x, view.y, view.z_nap_m), (view.x, view.y, 0.0)])
    frame = given.frame
    manifest = SceneManifest(
        version=given.version,
        origin=Place3D(frame.lon, frame.lat, frame.height_m),
        ground_nap_m=given.height.default_nap_m,
        water_nap_m=given.water_nap_m,
        geoid_m=nap.height_m,
        background=given.background,
        tilesets=tilesets,
        flat=tuple(entry for entry in flat if entry is not None),
        labels=tuple(
            LabelEntry(label, place)
            for label, place in zip(
                labels, _on_earth([(la.x, la.y, la.z_nap_m) for la in labels]), strict=True
            )
        ),
        view=view,
        target=target,
        terrain=given.terrain,
    )
    if given.terrain is not None:
        _write_terrain(given, given.terrain, out, shop.records)
    out.put_json(SCENE_FILE, scene_json(manifest))
    return manifest


def scene_json(manifest: SceneManifest) -> dict[str, Any]:
    """The manifest as the map reads it; degrees to 1 cm, heights to 1 mm."""
    view = manifest.view
    source = manifest.terrain
    terrain = {} if source is None else {"terrain": {"layer": source.layer, "url": _url(_TERRAIN_FILE)}}
    return {
        "version": manifest.version,
        "origin": _place_json(manifest.origin),
        "groundNapM": round(manifest.ground_nap_m, 3),
        "waterNapM": round(manifest.water_nap_m, 3),
        "geoidM": round(manifest.geoid_m, 3),
        "background": manifest.background,
        "tilesets": [{"id": t.id, "role": t.role, "layer": t.layer, "url": t.url} for t in manifest.tilesets],
        "flat": [_flat_json(entry) for entry in manifest.flat],
        "labels": [_label_json(entry) for entry in manifest.labels],
        **terrain,
        "view": {
            **_place_json(manifest.target),
            "headingDeg": view.heading_deg,
            "pitchDeg": view.pitch_deg,
            "distanceM": view.distance_m,
        },
    }


def _write_terrain(given: SceneInput, source: TerrainSource, out: TileFolder, records: Records) -> None:
    """Write the ground as quantized mesh, its layer.json last; that of each version stays with its scene."""
    planned = plan_terrain(given.ground.box, source.attribution)
    tiles = remembered_tiles(given.height, given.ground.box, planned, out, records)
    out.put_json(f"{TERRAIN_ID}/{given.version}/{LAYER_FILE}", planned.layer_json(f"../../{tiles}"))
    out.put_json(_TERRAIN_FILE, planned.layer_json(f"../{tiles}"))


def _ground_entries(given: SceneInput, drawn: CityGround, out: TileFolder) -> list[TilesetEntry]:
    """Write the tilesets of the ground; a role that the city does not have gets none."""
    wanted: list[tuple[str, TilesetRole, str | None]] = [
        (TILESET_IDS[role], role, given.ground_layers.get(role)) for role in GROUND_ROLES
    ]
    wanted.append((QUAY_ID, QUAY, given.ground_layers.get("water")))
    made = [(*each, drawn.tileset(each[1], given.frame)) for each in wanted]
    return [
        TilesetEntry(id_, role, layer, _url(write_tileset(tileset, out, id_, given.version)))
        for id_, role, layer, tileset in made
        if tileset.root is not None
    ]


def _flat_ground(given: SceneInput, drawn: CityGround, out: TileFolder, records: Records) -> FlatEntry | None:
    """The ground as one file. Land is the whole box, below all others: a canvas draws the seam between
    two polygons lighter than both, and this way it is land that shows there."""
    land = FlatSource("land", np.array([rectangle(given.ground.box)], dtype=np.object_))

    def sources() -> Iterator[FlatSource]:
        yield land
        for role in FLAT_ROLES:
            # Cells are dissolved for the same reason.
            whole = shapely.union_all(np.concatenate(list(drawn.surfaces(role))))
            yield FlatSource(role, np.asarray(shapely.get_parts(whole), dtype=np.object_))

    facts = [*land.facts(), *(path.name.encode() for path in drawn.flat)]
    made = remembered_pmtiles(FLAT_GROUND_ID, sources, facts, out, records, max_zoom=GROUND_MAX_ZOOM)
    if made is None:
        return None
    there = [role for role in FLAT_ROLES if any(block.tiles[role] for block in drawn.blocks)]
    entries = tuple(FlatSourceEntry(role, role, given.ground_layers.get(role)) for role in ("land", *there))
    return FlatEntry(FLAT_GROUND_ID, _url(made.uri), made.min_zoom, made.max_zoom, made.bounds, entries)


def _flat_layer(layer: FlatLayer, out: TileFolder, records: Records) -> FlatEntry | None:
    source = FlatSource(layer.id, layer.geometries, layer.ids, layer.attributes)
    wide = layer.role in ("area", "boundary", "tree", "tube")
    zoom = AREA_MAX_ZOOM if wide else MAX_ZOOM
    made = remembered_pmtiles(layer.id, lambda: [source], source.facts(), out, records, max_zoom=zoom)
    if made is None:
        return None
    entries = (FlatSourceEntry(layer.id, layer.role, layer.layer),)
    return FlatEntry(layer.id, _url(made.uri), made.min_zoom, made.max_zoom, made.bounds, entries)


def _url(uri: str) -> str:
    return f"/tiles/{uri}"


def _on_earth(points: Sequence[tuple[float, float, float]]) -> list[Place3D]:
    """Places of points in EPSG:7415 (RD x, y and NAP z, metres)."""
    if not points:
        return []
    return [Place3D(*place) for place in crs.to_geodetic(np.array(points, dtype=np.float64)).tolist()]


def _place_json(place: Place3D) -> dict[str, float]:
    return {"lon": round(place.lon, 7), "lat": round(place.lat, 7), "heightM": round(place.height_m, 3)}


def _flat_json(entry: FlatEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "minZoom": entry.min_zoom,
        "maxZoom": entry.max_zoom,
        "bounds": list(entry.bounds),
        "sources": [{"name": s.name, "role": s.role, "layer": s.layer} for s in entry.sources],
    }


def _label_json(entry: LabelEntry) -> dict[str, Any]:
    label = entry.label
    return {
        "text": label.text,
        "kind": label.kind,
        "layer": label.layer,
        **_place_json(entry.place),
        "rank": label.rank,
        "angleDeg": label.angle_deg,
    }
