"""One city model, many layers: every object is in one, left out by its type, or rejected with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.build.tiny_city import X, Y
from tests.formats.design_samples import WALL_ID, gltf, ifc, obj, written
from tweestad.build.pipeline import build
from tweestad.build.report import BuildReport, silent
from tweestad.build.telling import report_lines
from tweestad.build.twin import read_twin
from tweestad.config import Config
from tweestad.errors import TwinConfigInvalid
from tweestad.model.feature import Feature
from tweestad.model.layer import Audience
from tweestad.store.opening import open_store
from tweestad.store.protocol import Where

HEAD = """
[twin]
id = "klein"
title = "Klein"
municipality = "GM9999"
centre = [122000, 486000]
"""
LAYER = """
[[layer]]
id = "{id}"
title = "{id}"
theme = "Model"
kind = "{kind}"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
id_template = "{id}-{{@key}}"
read = {{format = "cityjson", path = "stad.city.json"{more}}}
columns = [
  {{name = "soort", title = "Soort", type = "text", from = "@type"}},
  {{name = "hoogte", title = "Hoogte", type = "number", from = "@height"}},
  {{name = "kroon", title = "Kroon", type = "number", from = "@crown"}},
  {{name = "voet_nap_m", title = "Voet", type = "number", from = "@foot"}},
]
"""
BOX = [[x, y, z] for z in (0, 6) for x, y in ((0, 0), (10, 0), (10, 10), (0, 10))]
SHELL = [[[3, 2, 1, 0]], [[4, 5, 6, 7]], [[0, 1, 5, 4]], [[1, 2, 6, 5]], [[2, 3, 7, 6]], [[3, 0, 4, 7]]]


def thing(kind: str, geometry: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "attributes": attributes, "geometry": [geometry]}


SOLID = {"type": "Solid", "lod": "2", "boundaries": [SHELL]}
FLAT = {"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 2, 3]]]}
UPRIGHT = {"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 5, 4]]]}
CITY = {
    "huis": thing("Building", SOLID),
    "brug": thing("Bridge", SOLID),
    "weg": thing("Road", FLAT),
    "berm": thing("PlantCover", FLAT),
    "muur": thing("LandUse", UPRIGHT),
    "boom": thing("SolitaryVegetationObject", SOLID),
    "eik": thing("SolitaryVegetationObject", SOLID, height=14.5, crownDiameter=9),
    "paal": thing("CityFurniture", {"type": "MultiPoint", "lod": "1", "boundaries": [6]}),
    "as": thing("Railway", {"type": "MultiLineString", "lod": "0", "boundaries": [[0, 1, 2]]}),
    "stal": thing("+Stal", SOLID),
}


def write(folder: Path, *layers: tuple[str, str, str]) -> Path:
    body = {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
        "transform": {"scale": [1, 1, 1], "translate": [X, Y, 1]},
        "CityObjects": CITY,
        "vertices": BOX,
    }
    folder.mkdir(exist_ok=True)
    (folder / "stad.city.json").write_text(json.dumps(body), encoding="utf-8")
    text = HEAD + "".join(LAYER.format(id=i, kind=kind, more=more) for i, kind, more in layers)
    (folder / "twin.toml").write_text(text, encoding="utf-8")
    return folder


def built(tmp_path: Path, *layers: tuple[str, str, str]) -> tuple[BuildReport, dict[str, Feature]]:
    """Build, and return the report with all features by id."""
    config = Config(tmp_path / "data")
    report = build(write(tmp_path / "twin", *layers), config, silent)
    for layer in report.layers:
        assert layer.read == len(CITY) == layer.out + layer.left_out + len(layer.rejected)
        assert layer.left_out == sum(count for _, count in layer.left_types)
    store = open_store("", config.data_dir)
    everyone: frozenset[Audience] = frozenset({"public", "staff"})
    try:
        found = [
            stored.feature
            for layer in report.layers
            for stored in store.features(Where(layer=layer.id, audiences=everyone), limit=100)
        ]
    finally:
        store.close()
    return report, {feature.id: feature for feature in found}


def wkt(feature: Feature) -> str:
    return str(shapely.to_wkt(shapely.from_wkb(feature.geometry), rounding_precision=3))


def test_a_buildings_layer_takes_constructions_and_counts_the_rest_by_type(tmp_path: Path) -> None:
    report, found = built(tmp_path, ("bouw", "buildings", ""))
    assert sorted(found) == ["bouw-brug", "bouw-huis"]
    assert dict(report.layers[0].left_types) == {
        "SolitaryVegetationObject": 2,
        "Road": 1,
        "PlantCover": 1,
        "LandUse": 1,
        "CityFurniture": 1,
        "Railway": 1,
        "+Stal": 1,
    }
    lines = report_lines(report, tmp_path)
    assert any("left out: 2 SolitaryVegetationObject, 1 +Stal, 1 CityFurniture" in line for line in lines)
    assert report.as_json(public_only=True)["layers"][0]["leftTypes"][0] == {
        "type": "SolitaryVegetationObject",
        "count": 2,
    }


def test_solids_of_any_type_asked_for_are_drawn(tmp_path: Path) -> None:
    report, found = built(tmp_path, ("stal", "buildings", ', types = ["+Stal", "SolitaryVegetationObject"]'))
    assert sorted(found) == ["stal-boom", "stal-eik", "stal-stal"]
    assert report.tiles[0].objects == 3


def test_surfaces_become_areas_and_what_stands_upright_is_rejected(tmp_path: Path) -> None:
    types = ', types = ["Road", "PlantCover", "LandUse", "CityFurniture"]'
    report, found = built(tmp_path, ("vlak", "areas", types))
    square = shapely.box(X, Y, X + 10, Y + 10)
    assert sorted(found) == ["vlak-berm", "vlak-weg"]
    assert all(shapely.equals(shapely.from_wkb(each.geometry), square) for each in found.values())
    assert {each.object_id: each.reason for each in report.layers[0].rejected} == {
        "muur": "it covers no ground: all of its surfaces stand upright",
        "paal": "it has only points or lines, where this layer takes surfaces",
    }


def test_a_tree_is_a_point_with_its_own_measures_or_those_of_its_shape(tmp_path: Path) -> None:
    _, found = built(tmp_path, ("bomen", "trees", ""))
    assert {wkt(each) for each in found.values()} == {"POINT (122005 486005)"}
    tree = {"soort": "SolitaryVegetationObject", "voet_nap_m": 1.0}
    box = {**tree, "hoogte": 6.0, "kroon": 10.0}
    oak = {**tree, "hoogte": 14.5, "kroon": 9.0}
    assert box.items() <= found["bomen-boom"].attributes.items()
    assert oak.items() <= found["bomen-eik"].attributes.items()
    # And so it is drawn, without a word in twin.toml.
    drawn = [found[key].attributes for key in ("bomen-boom", "bomen-eik")]
    assert [(each["boomhoogte_m"], each["kroon_m"]) for each in drawn] == [(6.0, 10.0), (14.5, 9.0)]


def test_points_and_lines_of_a_model_are_taken_as_such(tmp_path: Path) -> None:
    _, found = built(
        tmp_path,
        ("palen", "points", ', types = ["CityFurniture"]'),
        ("assen", "lines", ', types = ["Railway"]'),
    )
    assert wkt(found["palen-paal"]) == "POINT (122010 486010)"
    assert wkt(found["assen-as"]) == "LINESTRING (122000 486000, 122010 486000, 122010 486010)"


DESIGN = """
[[layer]]
id = "plan"
title = "Plan"
theme = "Plannen"
kind = "buildings"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
id_template = "plan-{{@key}}"
title_template = "{{name}}"
read = {{format = "{format}", path = "{path}"{place}}}
columns = [{{name = "klasse", title = "Klasse", type = "text", from = "@type"}}]
"""


def write_design(folder: Path, kind: str, path: str, place: str = "") -> Path:
    folder.mkdir()
    text = HEAD + DESIGN.format(format=kind, path=path, place=place)
    (folder / "twin.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_design_in_millimetres_is_a_layer_with_a_row_and_a_shape_per_product(tmp_path: Path) -> None:
    folder = write_design(tmp_path / "twin", "ifc", "plan.ifc")
    written(folder, "plan.ifc", ifc(conversion=(X * 1000, Y * 1000, 1000.0)))
    config = Config(tmp_path / "data")
    report = build(folder, config, silent)
    layer = report.layers[0]
    assert (layer.read, layer.out, layer.left_types) == (2, 1, (("IfcSpace", 1),))
    assert layer.notes[0].startswith("map conversion read in units of 0.001 m")
    assert (report.tiles[0].objects, report.tiles[0].undrawn) == (1, 0)
    store = open_store("", config.data_dir)
    try:
        [found] = store.features(Where(layer="plan", audiences=frozenset({"public"})), limit=10)
    finally:
        store.close()
    assert (found.feature.id, found.feature.title) == (f"plan-{WALL_ID}", "Muur")
    assert found.feature.attributes == {"klasse": "IfcWall"}
    assert shapely.area(shapely.from_wkb(found.feature.geometry)) == pytest.approx(60.0, abs=0.1)


def test_a_gltf_and_an_obj_stand_where_twin_toml_says(tmp_path: Path) -> None:
    for kind, content in (("gltf", gltf()), ("obj", obj())):
        place = f", place = {{x = {X}, y = {Y}, nap = 1.0, rotation_deg = 45}}"
        folder = write_design(tmp_path / kind, kind, "plan.bin", place)
        written(folder, "plan.bin", content)
        report = build(folder, Config(tmp_path / f"data-{kind}"), silent)
        assert (report.layers[0].out, report.tiles[0].objects) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "place", "said"),
    [
        ("obj", "", "place is missing: obj does not say where it stands"),
        ("ifc", ", place = {x = 1, y = 2}", "nap is missing in layer.read.place"),
        ("ifc", ", place = {x = 1, y = 2, nap = 0, scale = 0}", "scale must be between"),
        ("ifc", ", place = {x = 1, y = 2, nap = 0, draai = 3}", "unknown key ‘draai’"),
        ("ifc", ', place = {x = 1, y = 2, nap = 0, up = "y"}', "up is not for ifc"),
        ("ifc", ', types = ["Road"]', 'types is not for format = "ifc", but for "cityjson"'),
        (
            "cityjson",
            ", place = {x = 1, y = 2, nap = 0}",
            'place is not for format = "cityjson", but for "ifc" or "gltf" or "obj"',
        ),
    ],
)
def test_a_wrong_place_is_a_fault_of_twin_toml(tmp_path: Path, kind: str, place: str, said: str) -> None:
    folder = write_design(tmp_path / "twin", kind, "plan.bin", place)
    written(folder, "plan.bin", "x")
    with pytest.raises(TwinConfigInvalid) as caught:
        read_twin(folder, Config(tmp_path / "data"))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (', types = ["Raod"]', "CityJSON has no type ‘Raod’ (did you mean ‘Road’?)"),
        (', lod = "2.9"', "lod ‘2.9’ must be 0 to 4"),
        (', types = "Road"', "types must be a list of texts"),
    ],
)
def test_a_wrong_choice_is_a_fault_of_twin_toml(tmp_path: Path, more: str, said: str) -> None:
    folder = write(tmp_path / "twin", ("bouw", "buildings", more))
    with pytest.raises(TwinConfigInvalid, match=r"twin\.toml:") as caught:
        read_twin(folder, Config(tmp_path / "data"))
    assert said in str(caught.value)


def test_types_are_for_a_city_model(tmp_path: Path) -> None:
    folder = write(tmp_path / "twin", ("bouw", "areas", ', types = ["Road"]'))
    file = folder / "twin.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"cityjson"', '"vector"'), encoding="utf-8")
    with pytest.raises(TwinConfigInvalid, match='types is not for format = "vector", but for "cityjson"'):
        read_twin(folder, Config(tmp_path / "data"))
