"""The real ground of Amsterdam: all of it, once, small enough to send."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from tweestad import crs
from tweestad.ground.height import CLEARANCE_M, GroundHeight
from tweestad.ground.parts import GROUND_ROLES, GroundInput, GroundParts, cut_ground
from tweestad.ground.tiles import GroundTilesets, ground_tiles
from tweestad.model.feature import BBox
from tweestad.tiles.frame import Frame

X, Y = 122_350.0, 486_150.0
WATER_NAP_M = -0.4
OPEN_DATA = Path(os.environ.get("OPEN_DATA") or Path(__file__).parents[3] / "shared" / "data")
WIDTHS_M = {
    "motorway": 11.0,
    "trunk": 10.0,
    "primary": 10.0,
    "secondary": 8.5,
    "tertiary": 7.0,
    "residential": 5.0,
    "unclassified": 5.0,
    "service": 3.0,
}
WALKED = ("footway", "cycleway", "pedestrian", "path", "steps")

pytestmark = [
    pytest.mark.open_data,
    pytest.mark.skipif(not OPEN_DATA.is_dir(), reason="the open-data folder is not there (OPEN_DATA)"),
]


def features(path: str, column: str, source: int) -> tuple[np.ndarray, np.ndarray]:
    """Geometries in RD and the values of one column."""
    _, _, wkb, (values,) = pyogrio.raw.read(path, columns=[column])
    return crs.reproject_geometries(shapely.from_wkb(wkb), source), values.astype(str)


def buildings() -> Iterator[tuple[shapely.Polygon, float]]:
    """Footprint and ground height of each building of the neighbourhood."""
    path = OPEN_DATA / "buildings3d/amsterdam-weesperbuurt_roofer-lod22_2026.city.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        transform = json.loads(next(lines))["transform"]
        for text in lines:
            feature: dict[str, Any] = json.loads(text)
            corners = np.array(feature["vertices"]) * transform["scale"] + transform["translate"]
            objects = feature["CityObjects"].values()
            flat = next(g for o in objects for g in o.get("geometry", []) if str(g["lod"]) == "0")
            (ring, *_) = flat["boundaries"][0]
            attributes = next(o["attributes"] for o in objects if o["type"] == "Building")
            yield shapely.Polygon(corners[ring][:, :2]), float(attributes["rf_h_ground"] or np.nan)


@pytest.fixture(scope="module")
def given() -> tuple[GroundInput, GroundHeight]:
    water, tunnel = features(
        f"/vsigzip/{OPEN_DATA}/water/amsterdam_osm-water_2015.geojson.gz", "tunnel", 4326
    )
    parks, _ = features(f"{OPEN_DATA}/green/amsterdam_parken-plantsoenen_2023.gpkg", "Naam", 4326)
    streets, kind = features(f"{OPEN_DATA}/network/amsterdam_osm-roads.fgb", "kind", 3857)
    lines, highway = features(f"{OPEN_DATA}/network/amsterdam-centrum_osm-lijnen_2023.gpkg", "highway", 28992)
    paths = lines[np.isin(highway, WALKED)]
    footprints, ground = zip(*buildings(), strict=True)
    surfaces = GroundInput(
        BBox(X - 4200, Y - 4200, X + 4200, Y + 4200),
        BBox(X - 900, Y - 850, X + 900, Y + 850),
        water=water[tunnel != "yes"],
        streets=streets,
        street_widths_m=np.array([WIDTHS_M.get(k, 4.5) for k in kind]),
        paths=paths,
        path_widths_m=np.full(len(paths), 2.2),
        parks=parks,
        footprints=np.array(footprints, dtype=np.object_),
    )
    middle = shapely.get_coordinates(shapely.centroid(surfaces.footprints))
    return surfaces, GroundHeight.from_samples(middle, np.array(ground), water_nap_m=WATER_NAP_M)


@pytest.fixture(scope="module")
def parts(given: tuple[GroundInput, GroundHeight]) -> GroundParts:
    return cut_ground(given[0])


@pytest.fixture(scope="module")
def made(given: tuple[GroundInput, GroundHeight], parts: GroundParts) -> GroundTilesets:
    return ground_tiles(parts, given[1], Frame.at(X, Y), water_nap_m=WATER_NAP_M)


def test_the_whole_city_lies_side_by_side(parts: GroundParts) -> None:
    assert sum(parts.area_m2(role) for role in GROUND_ROLES) == pytest.approx(8400**2, rel=1e-6)
    assert shapely.is_valid(parts.polygons).all()
    one, two = shapely.STRtree(parts.polygons).query(parts.polygons, predicate="overlaps")
    pair = one < two
    twice = shapely.intersection(parts.polygons[one[pair]], parts.polygons[two[pair]])
    assert shapely.area(twice).sum() < 0.01


def test_there_is_as_much_of_each_as_was_measured(parts: GroundParts) -> None:
    hectares = {role: parts.area_m2(role) / 10_000 for role in GROUND_ROLES}
    assert hectares["water"] == pytest.approx(953, rel=0.02)
    assert hectares["park"] == pytest.approx(492, rel=0.02)
    assert hectares["street"] == pytest.approx(672, rel=0.05)
    assert hectares["path"] == pytest.approx(14, rel=0.05)


def test_the_street_level_is_smooth_and_dry(given: tuple[GroundInput, GroundHeight]) -> None:
    _, height = given
    assert height.nodes.min() >= WATER_NAP_M + CLEARANCE_M - 1e-9
    assert height.nodes.max() < 2.0
    for axis in (0, 1):
        assert np.abs(np.diff(height.nodes, axis=axis)).max() / height.step_m <= 0.0501


def test_the_ground_is_small_enough_to_send(made: GroundTilesets) -> None:
    tilesets = [*made.roles.values(), made.quays]
    sent = sum(len(gzip.compress(c.data, 9)) for tileset in tilesets for c in tileset.contents())
    assert sent <= 1_500_000
    assert made.quays.triangles > 1000
