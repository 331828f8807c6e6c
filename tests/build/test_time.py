"""In which years an object is there: declared in twin.toml, kept in the store, and told by the API."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.asgi import call
from tests.build.tiny_city import X, Y
from tests.scene.test_flat_map import read
from tweestad.app import create_app
from tweestad.build.pipeline import build
from tweestad.build.report import silent
from tweestad.build.twin import read_twin
from tweestad.config import Config
from tweestad.errors import TwinConfigInvalid
from tweestad.model.layer import Audience, LayerTime, StoredLayer
from tweestad.store.opening import open_store
from tweestad.store.protocol import Where
from tweestad.tiles.folder import TileFolder

TWIN = """
[twin]
id = "klein"
title = "Klein"
municipality = "GM9999"
centre = [122000, 486000]

[[layer]]
id = "plannen"
title = "Plannen"
theme = "Plannen"
kind = "points"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
id_template = "plan-{nr}"
read = {format = "vector", path = "plannen.geojson", geometry = "point"}
columns = [
  {name = "begin", title = "Begin", type = "integer", from = "start"},
  {name = "einde", title = "Einde", type = "integer"},
  {name = "vroeg", title = "Vroeg", type = "integer", from = "OP2024"},
  {name = "laat", title = "Laat", type = "integer", from = "OP2030"},
  {name = "naam", title = "Naam", type = "text"},
]
TIME
"""
ROWS: tuple[dict[str, object], ...] = (
    {"nr": 1, "OP2024": 12, "OP2030": 30},
    {"nr": 2, "OP2024": 0, "OP2030": 5},
    {"nr": 3, "OP2024": None, "OP2030": "veel"},
)


def write(folder: Path, time: str) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"start": 2026, "einde": 2030, "naam": "x", **row},
            "geometry": {"type": "Point", "coordinates": [X + n, Y]},
        }
        for n, row in enumerate(ROWS)
    ]
    crs = {"type": "name", "properties": {"name": "EPSG:28992"}}
    folder.mkdir(exist_ok=True)
    body = {"type": "FeatureCollection", "crs": crs, "features": features}
    (folder / "plannen.geojson").write_text(json.dumps(body), encoding="utf-8")
    (folder / "twin.toml").write_text(TWIN.replace("TIME", time), encoding="utf-8")
    return folder


def built(tmp_path: Path, time: str) -> tuple[StoredLayer, dict[str, object]]:
    """The layer as it is kept, and the first phase of each of its features."""
    config = Config(tmp_path / "data")
    build(write(tmp_path / "twin", time), config, silent)
    store = open_store("", config.data_dir)
    try:
        audiences: frozenset[Audience] = frozenset({"public"})
        (layer,) = store.layers(audiences)
        found = store.features(Where(layer="plannen", audiences=audiences), limit=10)
        return layer, {each.feature.id: each.feature.attributes.get("eerste_fase") for each in found}
    finally:
        store.close()


def test_years_of_columns_are_kept_and_told(tmp_path: Path) -> None:
    stored, _ = built(tmp_path, 'time = {from = "begin", until = "einde", planned = true}')
    assert stored.layer.time == LayerTime("begin", "einde", planned=True)
    (told,) = call(create_app(Config(tmp_path / "data")), "/api/v1/layers").json()["layers"]
    assert told["time"] == {"from": "begin", "until": "einde", "planned": True}


def test_the_flat_map_carries_the_years(tmp_path: Path) -> None:
    built(tmp_path, 'time = {from = "begin", until = "einde"}')
    tiles = tmp_path / "data" / "tiles"
    scene = json.loads((tiles / "scene.json").read_text(encoding="utf-8"))
    (flat,) = [each for each in scene["flat"] if each["id"] == "plannen"]
    found = [row for _, row in read(TileFolder(tiles), flat["url"].removeprefix("/tiles/"), flat["maxZoom"])]
    assert {row["begin"] for row in found} == {2026}
    assert {row["einde"] for row in found} == {2030}


def test_the_first_phase_with_a_number_above_zero_is_the_year(tmp_path: Path) -> None:
    stored, phases = built(tmp_path, "time = {phases = {laat = 2030, vroeg = 2024}}")
    assert stored.layer.time == LayerTime("eerste_fase")
    assert phases == {"plan-1": 2024, "plan-2": 2030, "plan-3": None}
    made = stored.layer.column("eerste_fase")
    assert made is not None
    assert made.title.nl == "Eerste fase vanaf"


def test_a_year_of_building_needs_no_declaration_and_no_years_is_no_time(tmp_path: Path) -> None:
    stored, _ = built(tmp_path, "")
    assert stored.layer.in_time is None
    (tmp_path / "twin" / "twin.toml").write_text(
        TWIN.replace("TIME", "").replace('title = "Begin", type = "integer"', 'term = "bouwjaar"'), "utf-8"
    )
    plan = read_twin(tmp_path / "twin", Config(tmp_path / "data"))
    assert plan.layer("plannen").layer.in_time == LayerTime("begin")


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ('time = {form = "begin"}', "unknown key ‘form’ in layer.time (did you mean ‘from’?)"),
        ('time = {from = "begn"}', "there is no column ‘begn’ in this layer (did you mean ‘begin’?)"),
        ('time = {from = "naam"}', "the column ‘naam’ must be of type integer or number"),
        ("time = {planned = true}", "time needs from, phases or until"),
        ('time = {from = "begin", phases = {laat = 2030}}', "give from or phases, not both"),
        ("time = {phases = {laat = 12}}", "laat must be the year in which the phase starts"),
        ("time = {phases = {}}", "phases names at least one column"),
        ("time = 2030", "time must be a table"),
    ],
)
def test_a_fault_in_time_is_told(tmp_path: Path, time: str, said: str) -> None:
    with pytest.raises(TwinConfigInvalid, match=r"twin\.toml:") as caught:
        read_twin(write(tmp_path / "twin", time), Config(tmp_path / "data"))
    assert said in str(caught.value)
