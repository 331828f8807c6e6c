"""How high the ground lies: what is drawn comes back, and what was not measured stays unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from tests.api.asgi import Answer, call
from tests.api.conftest import Get, identify_by_header
from tests.api.small_twin import COMPANIES, WATER
from tests.formats.terrain_samples import X, Y
from tests.ground.test_terrain import NO_SAMPLES, SIZE, measured
from tweestad import crs
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.ground.height import GroundHeight
from tweestad.ground.quantized import plan_terrain, terrain_tiles
from tweestad.model.feature import BBox, Feature
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

NAME = "0123456789abcdef"
BOX = BBox(X - 300, Y - 300, X + 500, Y + 500)


@pytest.fixture(scope="module")
def ground() -> GroundHeight:
    return GroundHeight.from_terrain(measured(), *NO_SAMPLES)


def _put(store: Store, audience: str) -> None:
    layer = replace(COMPANIES if audience == "staff" else WATER, id="hoogte", kind="terrain")
    cover = shapely.to_wkb(shapely.box(X, Y, X + SIZE, Y + SIZE))
    store.put_layer(layer, [Feature("hoogte", "h1", cover, {})], places=[])


@pytest.fixture(scope="module", params=["public", "staff"])
def hilly(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, ground: GroundHeight
) -> Iterator[TwinApp]:
    """A twin with the dyke as its terrain, public or for staff."""
    config = Config(data_dir=tmp_path_factory.mktemp("heights"))
    files = plan_terrain(BOX, "AHN")
    folder = config.tiles_dir / "terrain"
    folder.mkdir(parents=True)
    (folder / "layer.json").write_text(json.dumps(files.layer_json(f"../c/{NAME}")), encoding="utf-8")
    for name, data in terrain_tiles(ground, BOX, files.names):
        path = config.tiles_dir / "c" / NAME / str(name.level) / str(name.column) / f"{name.row}.terrain"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (config.tiles_dir / "scene.json").write_text('{"terrain": {"layer": "hoogte"}}', encoding="utf-8")
    store = open_store(config.database_url, config.data_dir)
    _put(store, request.param)
    yield create_app(config, identify=identify_by_header, store=store)
    store.close()


def _asked(app: TwinApp, xy: NDArray[np.float64], **headers: str) -> Answer:
    lonlat = crs.to_lonlat(xy)
    points = ";".join(f"{lon:.7f},{lat:.7f}" for lon, lat in lonlat)
    answer = call(app, f"/api/v1/heights?points={points}", headers=headers)
    assert answer.status == 200
    return answer


def test_the_heights_are_those_of_the_drawn_ground(hilly: TwinApp, ground: GroundHeight) -> None:
    xy = np.array([X, Y]) + np.random.default_rng(5).uniform(15, SIZE - 15, (150, 2))
    body = _asked(hilly, xy, **{"x-test-role": "administrator"}).json()
    assert body["layer"] == "hoogte"
    found = np.array([each["napM"] for each in body["heights"]], dtype=float)
    off = np.abs(found - ground.at(xy))
    # The corners of a tile lie 5 to 9 m apart, and the dyke rises 1 in 6.
    assert off.max() < 0.6
    assert np.median(off) < 0.05
    assert np.ptp(found) > 2.5


def test_a_place_that_was_not_measured_has_no_height(hilly: TwinApp) -> None:
    xy = np.array([[X + 20.0, Y + 20.0], [X - 250.0, Y - 250.0], [X + 40_000.0, Y]])
    heights = _asked(hilly, xy, **{"x-test-role": "administrator"}).json()["heights"]
    assert [each["napM"] is None for each in heights] == [False, True, True]


def test_points_come_back_in_their_order(hilly: TwinApp) -> None:
    xy = np.array([[X + 100.0, Y + 20.0], [X + 20.0, Y + 20.0], [X + 100.0, Y + 20.0]])
    first, other, again = _asked(hilly, xy, **{"x-test-role": "administrator"}).json()["heights"]
    assert first == again
    assert first["lon"] > other["lon"]


def test_a_terrain_for_staff_is_unknown_to_visitors(hilly: TwinApp) -> None:
    xy = np.array([[X + 20.0, Y + 20.0]])
    visitor = _asked(hilly, xy).json()
    public = "hoogte" in [each["id"] for each in call(hilly, "/api/v1/layers").json()["layers"]]
    assert (visitor["layer"] == "hoogte") is public
    assert (visitor["heights"][0]["napM"] is not None) is public


def test_a_twin_without_terrain_answers_with_unknown_heights(get: Get) -> None:
    body = get("/api/v1/heights?points=4.9,52.36;4.91,52.36").json()
    assert body == {
        "layer": None,
        "heights": [{"lon": 4.9, "lat": 52.36, "napM": None}, {"lon": 4.91, "lat": 52.36, "napM": None}],
    }


@pytest.mark.parametrize("damage", [b"", b"\0" * 400, b"\xff" * 20_000])
def test_a_damaged_tile_is_a_failure_and_never_a_height(
    tmp_path: Path, ground: GroundHeight, damage: bytes
) -> None:
    config = Config(data_dir=tmp_path)
    files = plan_terrain(BOX, "AHN")
    deepest = max(files.names)
    path = config.tiles_dir / "c" / NAME / str(deepest.level) / str(deepest.column)
    path.mkdir(parents=True)
    (config.tiles_dir / "terrain").mkdir()
    (config.tiles_dir / "terrain" / "layer.json").write_text(
        json.dumps(files.layer_json(f"../c/{NAME}")), encoding="utf-8"
    )
    (config.tiles_dir / "scene.json").write_text('{"terrain": {"layer": "hoogte"}}', encoding="utf-8")
    (path / f"{deepest.row}.terrain").write_bytes(damage)
    store = open_store(config.database_url, config.data_dir)
    _put(store, "public")
    west, south, east, north = deepest.bounds
    answer = call(
        create_app(config, store=store), f"/api/v1/heights?points={(west + east) / 2},{(south + north) / 2}"
    )
    store.close()
    assert answer.status == 500
    assert "napM" not in answer.text


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "missing"),
        ("?points=", "points"),
        ("?points=4.9", "points"),
        ("?points=4.9,52.3,1", "points"),
        ("?points=4.9,nan;4.9,52.3", "points"),
        ("?points=4.9,52.3;", "points"),
        ("?points=52.3,4.9", "points-outside"),
        ("?points=" + ";".join(["5,52"] * 201), "points-many"),
        ("?points=" + ";".join(["5,52"] * 1_601), "too-long"),
    ],
)
def test_a_list_that_is_no_list_of_points_is_refused_with_the_reason(get: Get, query: str, code: str) -> None:
    answer = get(f"/api/v1/heights{query}")
    assert answer.status == 400
    assert [(each["name"], each["code"]) for each in answer.json()["errors"]] == [("points", code)]


def test_two_hundred_points_go_in_one_question(get: Get) -> None:
    answer = get("/api/v1/heights?points=" + ";".join(f"5.{n:07d},52.1234567" for n in range(200)))
    assert len(answer.json()["heights"]) == 200
