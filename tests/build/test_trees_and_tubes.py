"""Trees and tubes from twin.toml to tiles: what is not measured says so, what is wrong is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.build.tiny_city import TWIN, TinyCity, X, Y
from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.build.pipeline import build
from tweestad.build.twin import read_twin
from tweestad.errors import TwinConfigInvalid
from tweestad.model.feature import Value
from tweestad.store.opening import open_store
from tweestad.store.protocol import Where
from tweestad.tiles.check import CheckReport, check_tileset
from tweestad.tiles.decode import decode_glb
from tweestad.tiles.frame import Frame

HEAD = """
[[layer]]
id = "{id}"
title = "{id}"
theme = "Test"
kind = "{kind}"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
id_template = "{id}-{{nr}}"
read = {{format = "vector", path = "{id}.geojson"{read}}}
"""
TREES = HEAD.format(id="bomen", kind="trees", read="") + (
    'tree = {height_m = "hoogte", crown_m = "kroon", species = "soort"}\n'
    'columns = [{name = "soort", title = "Soort", type = "text"}]\n'
)
CROWNS = HEAD.format(id="kronen", kind="trees", read=', geometry = "polygon"')
SEWERS = HEAD.format(id="riool", kind="tubes", read="") + (
    'tube = {diameter = "breed", diameter_unit = "mm", level = ["bob_begin_nap_m", "bob_eind_nap_m"],'
    ' carries_column = "stelsel", carried = {DWA = "vuilwater", HWA = "hemelwater"}}\n'
)
CABLES = HEAD.format(id="stroom", kind="tubes", read="") + 'tube = {depth_m = 0.6, carries = "elektra"}\n'
METRO = HEAD.format(id="metro", kind="tubes", read="") + (
    'tube = {diameter_m = 6, unknown = true, assumed_nap_m = -13, carries = "metro"}\n'
)
DUCTS = (
    HEAD.format(id="data", kind="tubes", read="") + 'tube = {z = true, diameter_m = 0.2, carries = "data"}\n'
)

TREE_ROWS: list[tuple[dict[str, Any], Any]] = [
    ({"nr": 1, "hoogte": 12.0, "kroon": 7.5, "soort": "Tilia cordata"}, [X + 10, Y + 20]),
    ({"nr": 2, "hoogte": None, "kroon": 6.0, "soort": "Picea abies"}, [X + 30, Y + 20]),
    ({"nr": 3, "hoogte": 10.0, "kroon": None, "soort": None}, [X + 50, Y + 20]),
    ({"nr": 4, "hoogte": None, "kroon": None, "soort": ""}, [X + 70.123, Y + 20.456]),
]


def ring(x: float, side: float) -> list[list[list[float]]]:
    return [[[x, Y], [x + side, Y], [x + side, Y + side], [x, Y + side], [x, Y]]]


SEWER_ROWS: list[tuple[dict[str, Any], Any]] = [
    (
        {"nr": 1, "breed": 400, "bob_begin_nap_m": -1.2, "bob_eind_nap_m": -1.6, "stelsel": "DWA"},
        [[X, Y - 8], [X + 20, Y - 8], [X + 40, Y - 8]],
    ),
    (
        {"nr": 2, "breed": 250, "bob_begin_nap_m": -1.6, "bob_eind_nap_m": None, "stelsel": "HWA"},
        [[X + 40, Y - 8], [X + 80, Y - 8]],
    ),
    (
        {"nr": 3, "breed": None, "bob_begin_nap_m": 999, "bob_eind_nap_m": -1.0, "stelsel": "?"},
        [[X + 80, Y - 8], [X + 120, Y - 8]],
    ),
]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> TinyCity:
    """A town with every kind of tree and tube, built once; a test that changes it builds it again."""
    made = TinyCity(
        tmp_path_factory.mktemp("klein"), twin=TWIN + TREES + CROWNS + SEWERS + CABLES + METRO + DUCTS
    )
    made.write()
    made.write_geojson("bomen", "Point", TREE_ROWS)
    made.write_geojson("kronen", "Polygon", [({"nr": 1}, ring(X + 10, 6.0)), ({"nr": 2}, ring(X + 40, 12.0))])
    made.write_geojson("riool", "LineString", SEWER_ROWS)
    made.write_geojson("stroom", "LineString", [({"nr": 1}, [[X, Y - 5], [X + 300, Y - 5]])])
    made.write_geojson("metro", "LineString", [({"nr": 1}, [[X, Y, 0.0], [X + 90, Y + 90, 0.0]])])
    made.write_geojson("data", "LineString", [({"nr": 1}, [[X, Y - 3, -0.9], [X + 30, Y - 3, -1.4]])])
    build(made.folder, made.config)
    return made


def attributes(city: TinyCity, layer: str) -> dict[str, dict[str, Value]]:
    store = open_store("", city.config.data_dir)
    try:
        found = Reader(store, VISITOR).features(Where(layer=layer), limit=100)
        return {stored.feature.id: dict(stored.feature.attributes) for stored in found}
    finally:
        store.close()


def checked(city: TinyCity, layer: str) -> CheckReport:
    return check_tileset(city.config.tiles_dir / layer / "tileset.json", attributes(city, layer))


def points_of(city: TinyCity, layer: str, feature_id: str) -> np.ndarray:
    """The corners of one feature, east-north-up of the frame of the twin."""
    for path in sorted((city.config.tiles_dir / "c").glob("*.glb")):
        tile = decode_glb(path.read_bytes())
        if feature_id in tile.columns.get("id", ()) and f"../c/{path.name}" in tileset_text(city, layer):
            mesh = tile.mesh
            assert mesh.features is not None
            found: np.ndarray = mesh.positions[mesh.features == tile.columns["id"].index(feature_id)]
            return found
    raise AssertionError(f"{feature_id} is not drawn")


def tileset_text(city: TinyCity, layer: str) -> str:
    return (city.config.tiles_dir / layer / "tileset.json").read_text(encoding="utf-8")


def local(points: list[list[float]]) -> np.ndarray:
    result: np.ndarray = Frame.at(X, Y).local(np.array(points))
    return result


def test_trees_and_tubes_reach_the_scene_whole_and_every_row_is_accounted_for(city: TinyCity) -> None:
    report = build(city.folder, city.config)
    assert report.skipped
    drawn = {tiles.id: (tiles.objects, tiles.undrawn) for tiles in report.tiles}
    wanted = {"bomen": 4, "kronen": 2, "riool": 3, "stroom": 1, "metro": 1, "data": 1}
    for layer, count in wanted.items():
        assert drawn[layer] == (count, 0)
        found = checked(city, layer)
        assert found.faults == ()
        assert len(found.ids) == count
    scene = json.loads((city.config.tiles_dir / "scene.json").read_text(encoding="utf-8"))
    roles = {entry["layer"]: entry["role"] for entry in scene["tilesets"] if entry["layer"] in wanted}
    assert roles == {layer: "trees" if layer in ("bomen", "kronen") else "tubes" for layer in wanted}
    flat = {
        s["layer"]: s["role"] for entry in scene["flat"] for s in entry["sources"] if s["layer"] in wanted
    }
    assert flat == {layer: "tree" if layer in ("bomen", "kronen") else "tube" for layer in wanted}


def test_a_tree_says_what_of_its_size_was_measured(city: TinyCity) -> None:
    trees = attributes(city, "bomen")
    said = {key: (row["hoogte_herkomst"], row["kroon_herkomst"]) for key, row in trees.items()}
    assert said == {
        "bomen-1": ("bron", "bron"),
        "bomen-2": ("kroon", "bron"),
        "bomen-3": ("bron", "hoogte"),
        "bomen-4": ("aanname", "aanname"),
    }
    assert [row["boomhoogte_m"] for row in trees.values()] == [12.0, 8.6, 10.0, 7.5]
    assert [row["boomvorm"] for row in trees.values()] == ["eirond", "kegel", None, None]
    column = read_twin(city.folder, city.config).layer("bomen").layer.column("hoogte_herkomst")
    assert column is not None
    assert column.codes["kroon"].nl == "niet gemeten: geschat uit de kroon"


def test_a_crown_that_is_an_outline_is_as_wide_as_a_circle_of_its_area(city: TinyCity) -> None:
    crowns = attributes(city, "kronen")
    assert [row["kroon_m"] for row in crowns.values()] == [6.77, 13.54]
    assert {row["kroon_herkomst"] for row in crowns.values()} == {"omtrek"}
    points = points_of(city, "kronen", "kronen-2")
    middle = local([[X + 46, Y + 6, 0.8]])[0]
    assert np.abs((points.min(0) + points.max(0))[:2] / 2 - middle[:2]).max() < 0.02
    assert np.ptp(points[:, 0]) == pytest.approx(13.54, abs=0.02)


def test_a_tree_stands_on_the_street_at_its_place(city: TinyCity) -> None:
    points = points_of(city, "bomen", "bomen-4")
    foot = local([[X + 70.123, Y + 20.456, 0.8]])[0]
    assert points[:, 2].max() == pytest.approx(foot[2] + 7.5, abs=0.01)
    assert np.abs((points.min(0) + points.max(0))[:2] / 2 - foot[:2]).max() < 0.01


def test_a_sewer_lies_at_its_invert_levels_and_says_when_one_is_missing(city: TinyCity) -> None:
    sewers = attributes(city, "riool")
    assert [row["diepte_bekend"] for row in sewers.values()] == ["ja", "nee", "nee"]
    assert [row["leiding"] for row in sewers.values()] == ["vuilwater", "hemelwater", "overig"]
    assert [row["diameter_m"] for row in sewers.values()] == [0.4, 0.25, None]
    points = points_of(city, "riool", "riool-1")
    start, end = local([[X, Y - 8, -1.0], [X + 40, Y - 8, -1.4]])
    for axis in (start, end):
        near = points[np.abs(points[:, 0] - axis[0]) < 0.1]
        assert near.mean(0) == pytest.approx(axis, abs=0.01)
        assert np.ptp(near[:, 1]) == pytest.approx(0.4, abs=0.02)


def test_a_depth_below_the_ground_follows_the_street_and_a_line_with_heights_keeps_them(
    city: TinyCity,
) -> None:
    cable = points_of(city, "stroom", "stroom-1")
    assert cable[:, 2].mean() == pytest.approx(local([[X + 150, Y - 5, 0.2]])[0][2], abs=0.02)
    duct = points_of(city, "data", "data-1")
    start, end = local([[X, Y - 3, -0.9], [X + 30, Y - 3, -1.4]])
    assert duct[duct[:, 0] < 1].mean(0) == pytest.approx(start, abs=0.02)
    assert duct[duct[:, 0] > 29].mean(0) == pytest.approx(end, abs=0.02)
    assert attributes(city, "data")["data-1"]["diepte_bekend"] == "ja"


def test_an_unknown_depth_is_drawn_in_pieces_at_the_assumed_level_and_the_legend_says_so(
    city: TinyCity,
) -> None:
    assert attributes(city, "metro")["metro-1"]["diepte_bekend"] == "nee"
    points = points_of(city, "metro", "metro-1")
    level = local([[X + 45, Y + 45, -13.0]])[0][2]
    assert points[:, 2].mean() == pytest.approx(level, abs=0.02)
    along = np.unique(points[:, :2].sum(1).round(0))
    assert (np.diff(along) > 5).any(), "there are no gaps"
    layer = read_twin(city.folder, city.config).layer("metro").layer
    (only,) = layer.style.classes["leiding"]
    assert (only.colour, only.label.nl) == ("#c58a5c", "metro (diepte onbekend)")


def test_one_changed_tree_changes_one_file_and_no_other_kind(city: TinyCity) -> None:
    before = {layer: tileset_text(city, layer) for layer in ("bomen", "riool", "gebouwen")}
    rows = [({**row, "hoogte": 14.0} if row["nr"] == 1 else row, place) for row, place in TREE_ROWS]
    city.write_geojson("bomen", "Point", rows)
    build(city.folder, city.config)
    after = {layer: tileset_text(city, layer) for layer in before}
    assert {layer for layer in before if before[layer] != after[layer]} == {"bomen"}


FAULTS = [
    (TREES.replace("hoogte", "hoogste").replace("height_m", "heigth_m"), "did you mean ‘height_m’"),
    (
        TREES.replace('species = "soort"', 'crown_area_m2 = "soort"'),
        "give crown_m or crown_area_m2, not both",
    ),
    (METRO.replace("unknown = true, ", ""), "say how deep: level, z, depth, depth_m or unknown = true"),
    (METRO.replace("unknown = true", "unknown = true, depth_m = 3"), "say how deep"),
    (
        METRO.replace('carries = "metro"', 'carries = "metron"'),
        "cannot carry ‘metron’ (did you mean ‘metro’?)",
    ),
    (METRO.replace("diameter_m = 6", "diameter_m = 600"), "between 0.01 and 20 metres"),
    (SEWERS.replace(', "bob_eind_nap_m"', ""), "level must name two columns"),
    (HEAD.format(id="metro", kind="tubes", read=""), "needs [layer.tube] that says how deep they lie"),
    (METRO.replace('kind = "tubes"', 'kind = "lines"'), 'tube is for kind = "tubes"'),
    (
        TREES.replace('name = "soort"', 'name = "kroon_m"'),
        "there are two columns called ‘kroon_m’",
    ),
]


@pytest.mark.parametrize(("layer", "sentence"), FAULTS)
def test_a_wrong_table_is_told_with_its_line(tmp_path: Path, layer: str, sentence: str) -> None:
    city = TinyCity(tmp_path, twin=TWIN + layer)
    city.write()
    for name in ("bomen", "metro", "riool"):
        city.write_geojson(name, "Point", TREE_ROWS)
    with pytest.raises(TwinConfigInvalid) as caught:
        read_twin(city.folder, city.config)
    assert sentence in str(caught.value)
    assert "twin.toml:" in str(caught.value)
