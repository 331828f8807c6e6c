"""Features as GeoJSON: pages, windows, coordinate systems, and the past."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import shapely
from shapely.geometry import shape as to_shape

from tests.api.asgi import call
from tests.api.conftest import Get
from tests.api.small_twin import SCRIPT, SHARED_REF, STREETS, X, Y, fill, streets
from tweestad import crs
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.store.opening import open_store

ALL = {"gebouwen": 5, "water": 5, "straten": 5, "adressen": 5}


def walk(get: Get, address: str) -> list[dict[str, Any]]:
    """All features of a list, by following its links."""
    found: list[dict[str, Any]] = []
    following: str | None = address
    while following is not None:
        body = get(following).json()
        assert body["numberReturned"] == len(body["features"])
        found.extend(body["features"])
        following = next((k["href"] for k in body["links"] if k["rel"] == "next"), None)
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
@pytest.mark.parametrize("layer", ALL)
def test_following_the_links_gives_every_feature_once(get: Get, layer: str, limit: int) -> None:
    found = [f["id"] for f in walk(get, f"/api/v1/layers/{layer}/features?limit={limit}")]
    assert found == sorted(found)
    assert len(set(found)) == len(found) == ALL[layer]


def test_a_feature_has_its_own_members(get: Get) -> None:
    feature = get("/api/v1/layers/gebouwen/features").json()["features"][1]
    assert feature["type"] == "Feature"
    assert feature["layer"] == "gebouwen"
    assert feature["ref"] == feature["id"] == "NL.IMBAG.Pand.0363100012000002"
    assert feature["title"] == SCRIPT
    assert feature["properties"] == {"bouwjaar": 1005, "gebruik": ["w"], "hoogte": None}


def test_a_feature_alone_is_the_same_as_in_the_list(get: Get) -> None:
    for layer in ALL:
        for feature in get(f"/api/v1/layers/{layer}/features").json()["features"]:
            alone = get(f"/api/v1/layers/{layer}/features/{quote(feature['id'])}")
            assert alone.json() == feature
            assert alone.headers["content-type"] == "application/geo+json"


def test_what_has_no_place_has_no_geometry(get: Get) -> None:
    assert get("/api/v1/layers/adressen/features/a5").json()["geometry"] is None


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("EPSG:28992", "http://www.opengis.net/def/crs/EPSG/0/28992"),
        ("https://www.opengis.net/def/crs/EPSG/0/28992", "http://www.opengis.net/def/crs/EPSG/0/28992"),
        ("urn:ogc:def:crs:EPSG::7415", "http://www.opengis.net/def/crs/EPSG/0/7415"),
    ],
)
def test_the_answer_says_its_coordinate_system(get: Get, spelling: str, address: str) -> None:
    query = f"?crs={quote(spelling)}" if spelling else ""
    answer = get(f"/api/v1/layers/gebouwen/features{query}")
    assert answer.headers["content-crs"] == f"<{address}>"


def test_rd_comes_back_to_the_millimetre_and_degrees_within_a_centimetre(get: Get) -> None:
    for layer in ALL:
        rd = get(f"/api/v1/layers/{layer}/features?crs=EPSG:28992").json()["features"]
        degrees = get(f"/api/v1/layers/{layer}/features").json()["features"]
        for in_rd, in_degrees in zip(rd, degrees, strict=True):
            if in_rd["geometry"] is None:
                assert in_degrees["geometry"] is None
                continue
            there = shapely.get_coordinates(to_shape(in_rd["geometry"]))
            back = crs.from_lonlat(shapely.get_coordinates(to_shape(in_degrees["geometry"])))
            assert np.array_equal(there, there.round(3))
            assert np.abs(there - back).max() < 0.002


def test_a_known_point_is_where_the_kadaster_says(get: Get) -> None:
    """The tower of Amersfoort, origin of RD, is the centre of the grid: 155000, 463000."""
    lon, lat = crs.to_lonlat(np.array([[155_000.0, 463_000.0]]))[0]
    assert (lon, lat) == pytest.approx((5.38720621, 52.15517440), abs=2e-5)


def test_height_is_given_in_rd_with_nap_only(get: Get) -> None:
    with_z = get("/api/v1/layers/gebouwen/features?crs=EPSG:7415").json()["features"]
    assert with_z[0]["geometry"]["coordinates"][0][0] == [X + 20, Y, 1.25]
    assert with_z[1]["geometry"]["coordinates"][0][0] == [X + 40, Y]
    assert "7415" in get("/api/v1/layers/gebouwen/features?crs=EPSG:7415").headers["content-crs"]
    for name in ("CRS84", "EPSG:28992"):
        flat = get(f"/api/v1/layers/gebouwen/features?crs={name}").json()["features"]
        assert len(flat[0]["geometry"]["coordinates"][0][0]) == 2


def test_outer_rings_run_counter_clockwise(get: Get) -> None:
    for feature in get("/api/v1/layers/water/features").json()["features"]:
        assert shapely.is_ccw(shapely.get_exterior_ring(to_shape(feature["geometry"])))


@pytest.mark.parametrize(
    "window",
    [
        (X + 20, Y, X + 30, Y + 10),
        (X + 30, Y + 10, X + 31, Y + 11),
        (X + 31, Y, X + 39, Y + 10),
        (X - 1000, Y - 1000, X + 3000, Y + 3000),
        (X, Y - 30, X + 1, Y - 29),
        (0, 300_000, 1, 300_001),
    ],
)
def test_a_window_gives_what_touches_it_in_both_systems(
    get: Get, window: tuple[float, float, float, float]
) -> None:
    box = shapely.box(*window)
    text = ",".join(str(v) for v in window)
    for layer in ALL:
        everything = walk(get, f"/api/v1/layers/{layer}/features?crs=EPSG:28992")
        shapes = [(f["id"], to_shape(f["geometry"])) for f in everything if f["geometry"]]
        expected = [name for name, s in shapes if s.intersects(box)]
        found = walk(get, f"/api/v1/layers/{layer}/features?bbox={text}&bboxCrs=EPSG:28992&limit=2")
        assert [f["id"] for f in found] == expected


def test_a_window_in_degrees_follows_its_own_sides(get: Get) -> None:
    """Its box in RD is larger than itself: a corner of that box lies outside the window."""
    west, south, east, north = 4.9015, 52.3650, 4.9025, 52.3656
    found = walk(get, f"/api/v1/layers/gebouwen/features?bbox={west},{south},{east},{north}")
    box = shapely.box(west, south, east, north)
    everything = walk(get, "/api/v1/layers/gebouwen/features")
    expected = [f["id"] for f in everything if to_shape(f["geometry"]).intersects(box)]
    assert [f["id"] for f in found] == expected
    assert 0 < len(expected) < 5


@pytest.mark.parametrize(("bbox", "count"), [("-180,-90,180,90", 5), ("0,0,180,90", 5)])
def test_a_window_may_be_larger_than_the_country(get: Get, bbox: str, count: int) -> None:
    assert len(walk(get, f"/api/v1/layers/gebouwen/features?bbox={bbox}")) == count


def test_a_cursor_of_another_list_is_refused(get: Get) -> None:
    first = get("/api/v1/layers/gebouwen/features?limit=1").json()
    cursor = next(k["href"] for k in first["links"] if k["rel"] == "next").split("cursor=")[1]
    assert get(f"/api/v1/layers/water/features?cursor={cursor}").status == 400
    assert get(f"/api/v1/layers/gebouwen/features?cursor={cursor}&at=1").status == 400
    assert get(f"/api/v1/layers/gebouwen/features?cursor={cursor}").status == 200


def test_who_has_an_answer_already_gets_only_that_news(get: Get) -> None:
    for address in ("/api/v1", "/api/v1/layers", "/api/v1/layers/water/features", "/api/v1/limits"):
        first = get(address)
        again = get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        assert get(address, headers={"If-None-Match": '"something-else"'}).status == 200


def test_one_walk_stays_at_one_moment_while_the_city_changes(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    try:
        fill(store)
        app = create_app(Config(data_dir=tmp_path), store=store)
        first = call(app, "/api/v1/layers/straten/features?limit=2").json()
        renamed = [replace(f, title="Nieuwe naam") for f in streets()[1:]]
        store.put_layer(STREETS, renamed)
        following = next(k["href"] for k in first["links"] if k["rel"] == "next")
        rest = call(app, following).json()["features"]
        last = call(app, following.replace("limit=2", "limit=9")).json()["features"]
        now = call(app, "/api/v1/layers/straten/features").json()
        then = call(app, f"/api/v1/layers/straten/features?at={first['at']}").json()
        gone = call(app, "/api/v1/layers/straten/features/s0")
        was = call(app, f"/api/v1/layers/straten/features/s0?at={first['at']}")
    finally:
        store.close()
    assert [f["title"] for f in rest] == ["2e Dwarsstraat", "3e Dwarsstraat"]
    assert [f["title"] for f in last] == ["2e Dwarsstraat", "3e Dwarsstraat", "4e Dwarsstraat"]
    assert {f["title"] for f in now["features"]} == {"Nieuwe naam"}
    assert [f["title"] for f in then["features"]] == [f"{n}e Dwarsstraat" for n in range(5)]
    assert now["at"] == first["at"] + 1
    assert (gone.status, was.status) == (404, 200)


def test_an_object_is_what_all_layers_know_of_it(get: Get) -> None:
    body = get("/api/v1/objects/NL.IMBAG.Pand.0363100012000001").json()
    assert {f["layer"] for f in body["features"]} == {"gebouwen", "adressen"}
    assert {f["ref"] for f in body["features"]} == {body["ref"]}


def test_the_landing_page_gives_the_twins_facts(get: Get) -> None:
    body = get("/api/v1").json()
    assert body["id"] == "kleinstad"
    assert body["title"] == {"nl": "Tweestad Kleinstad", "en": "Tweestad Smalltown"}
    assert body["invented"] is True
    assert body["centre"]["x"] == X
    assert body["centre"]["lon"] == pytest.approx(4.9012, abs=0.001)
    assert body["version"] == 5


def test_a_layer_says_where_it_comes_from_and_what_its_values_mean(get: Get) -> None:
    body = get("/api/v1/layers/gebouwen").json()
    assert body["licenceClass"] == "A"
    assert body["count"] == 5
    columns = {c["name"]: c for c in body["columns"]}
    assert columns["bouwjaar"]["missing"] == [1005]
    assert columns["gebruik"]["codes"]["w"] == {"nl": "wonen", "en": "living"}
    assert body["style"]["classes"]["bouwjaar"][0]["upper"] == 1850
    west, south, east, north = body["bbox"]
    for feature in get("/api/v1/layers/gebouwen/features").json()["features"]:
        assert shapely.box(west, south, east, north).covers(to_shape(feature["geometry"]))


RD_ADDRESS = "<http://www.opengis.net/def/crs/EPSG/0/28992>"


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/layers/water/features",
        "/api/v1/layers/gebouwen/features/NL.IMBAG.Pand.0363100012000002",
        "/api/v1/layers/adressen/features/a5",
        "/api/v1/objects/NL.IMBAG.Pand.0363100012000003",
    ],
)
def test_without_any_height_the_answer_is_said_to_be_flat(get: Get, address: str) -> None:
    answer = get(f"{address}?crs=EPSG:7415")
    assert answer.status == 200
    assert answer.headers["content-crs"] == RD_ADDRESS


def test_a_page_of_nothing_is_said_to_be_flat(get: Get) -> None:
    nothing = f"bbox={X - 9000},{Y - 9000},{X - 8000},{Y - 8000}&bboxCrs=EPSG:28992"
    answer = get(f"/api/v1/layers/gebouwen/features?crs=EPSG:7415&{nothing}")
    assert (answer.json()["features"], answer.headers["content-crs"]) == ([], RD_ADDRESS)


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/layers/gebouwen/features/NL.IMBAG.Pand.0363100012000001",
        f"/api/v1/objects/{SHARED_REF}",
    ],
)
def test_an_answer_with_a_height_is_said_to_have_it(get: Get, address: str) -> None:
    assert "7415" in get(f"{address}?crs=EPSG:7415").headers["content-crs"]
