"""Coordinates in another system, or with their axes exchanged, are recognised and said to be so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.vector_samples import read, refusal
from tweestad.crs import to_lonlat
from tweestad.errors import LimitExceeded
from tweestad.formats.crs_doubt import crs_doubts
from tweestad.formats.vector import geojson, reading
from tweestad.formats.vector.reading import VectorQuery, read_vector
from tweestad.formats.vector.rows import RawRows, Wanted, clean_rows
from tweestad.model.layer import Rejected

RD_XY = (122_000.0, 486_000.0)
DEGREES = (4.9041, 52.3612)
MERCATOR = (545_900.0, 6_867_000.0)
FLIP = "its coordinates look like latitude and longitude exchanged"
RD_FLIP = "its coordinates look like RD (EPSG:28992) with x and y exchanged"


def points(folder: Path, *places: Any, crs: str | None = "EPSG:28992") -> Path:
    body: dict[str, Any] = {"type": "FeatureCollection"}
    if crs:
        body["crs"] = {"type": "name", "properties": {"name": crs}}
    body["features"] = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": list(place)}}
        for place in places
    ]
    path = folder / "p.geojson"
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


WRONG: list[tuple[int, tuple[float, float], str]] = [
    (4326, DEGREES[::-1], FLIP),
    (28992, DEGREES[::-1], FLIP),
    (28992, RD_XY[::-1], RD_FLIP),
    (4326, RD_XY, "its coordinates look like RD (EPSG:28992), but they were given as EPSG:4326"),
    (28992, DEGREES,
     "its coordinates look like longitude and latitude (EPSG:4326), but they were given as EPSG:28992"),
    (28992, MERCATOR, "its coordinates look like EPSG:3857, but they were given as EPSG:28992"),
    (3857, RD_XY, "its coordinates look like RD (EPSG:28992), but they were given as EPSG:3857"),
    (3857, DEGREES,
     "its coordinates look like longitude and latitude (EPSG:4326), but they were given as EPSG:3857"),
]  # fmt: skip


@pytest.mark.parametrize(("crs", "place", "said"), WRONG)
def test_a_wrong_system_is_recognised(
    tmp_path: Path, crs: int, place: tuple[float, float], said: str
) -> None:
    batch = read(points(tmp_path, place, crs=f"EPSG:{crs}"))
    assert [each.reason for each in batch.rejected] == [said]


@pytest.mark.parametrize(("crs", "place"), [(28992, RD_XY), (4326, DEGREES), (3857, MERCATOR), (7415, RD_XY)])
def test_what_is_right_is_not_doubted(tmp_path: Path, crs: int, place: tuple[float, float]) -> None:
    batch = read(points(tmp_path, place, crs=f"EPSG:{crs}"))
    assert len(batch.rows) == 1
    assert shapely.get_coordinates(batch.geometries)[0] == pytest.approx(RD_XY, abs=1000)


@settings(max_examples=50, deadline=None)
@given(st.floats(13_000, 280_000), st.floats(306_000, 620_000))
def test_every_place_in_the_country_is_known_in_each_system_and_when_exchanged(x: float, y: float) -> None:
    lon, lat = to_lonlat(np.array([[x, y]]))[0]
    for crs, (a, b) in ((28992, (x, y)), (4326, (lon, lat))):
        right, wrong = np.array([[a, b, a, b]]), np.array([[b, a, b, a]])
        assert crs_doubts(right, crs) == {}
        assert list(crs_doubts(wrong, crs)) == [0]
        assert "exchanged" in crs_doubts(wrong, crs)[0]
        assert "but they were given as" in crs_doubts(right, 28992 if crs == 4326 else 4326)[0]


NUMBERS = st.one_of(
    st.floats(),
    st.sampled_from([0.0, -0.0, 1e308, -1e308, 5e-324, 4.9, 52.3, 122_000.0, 486_000.0]),
    st.floats(121_000, 123_000),
)
RINGS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=4, max_size=9)


@settings(max_examples=120, deadline=None)
@given(st.lists(RINGS, min_size=1, max_size=4), st.sampled_from([28992, 4326, 3857]))
def test_any_polygon_becomes_a_valid_one_in_the_country_or_a_reason(
    rings: list[list[tuple[float, float]]], crs: int
) -> None:
    with np.errstate(invalid="ignore"):
        # A ring cannot be closed at a NaN: all others may be anything.
        closed = [[RD_XY, *ring, RD_XY] for ring in rings]
        polygons = np.array([shapely.Polygon(ring) for ring in closed], dtype=object)
    names = tuple(str(n) for n in range(len(rings)))
    raw = RawRows(names, polygons, np.zeros(len(rings), dtype=bool), {}, crs)
    clean = clean_rows(raw, Wanted("polygon", {}, {}, None), "x")
    assert sorted([*clean.rows, *(each.object_id for each in clean.rejected)]) == list(names)
    assert all(isinstance(each, Rejected) and each.reason for each in clean.rejected)
    assert shapely.is_valid(clean.geometries).all()
    assert (shapely.area(clean.geometries) > 0).all()


def test_ten_million_vertices_are_refused_before_they_are_parsed(tmp_path: Path) -> None:
    path = tmp_path / "many.geojson"
    ring = b"[1,2]," * 10_000_000
    head = b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":'
    path.write_bytes(head + b'{"type":"Polygon","coordinates":[[' + ring + b"[1,2]]]}}]}")
    assert "more than 8,000,000 vertices and lists in one file" in refusal(path)


def test_the_vertices_of_a_file_are_counted_over_all_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = points(tmp_path, *([RD_XY] * 30))
    assert len(read(path).rows) == 30
    monkeypatch.setattr(reading, "MAX_FILE_VERTICES", 29)
    with pytest.raises(LimitExceeded, match="more than 29 vertices"):
        list(read_vector(path, VectorQuery("point")))
    monkeypatch.setattr(geojson, "MAX_LISTS", 30)
    with pytest.raises(LimitExceeded, match="more than 30 vertices and lists"):
        list(read_vector(path, VectorQuery("point")))


@pytest.mark.parametrize("piece", [b"{},", b"[],", b"1.5,"], ids=["objects", "lists", "numbers"])
def test_a_geojson_that_grows_when_it_is_parsed_is_refused_before_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: bytes
) -> None:
    path = tmp_path / "small.geojson"
    path.write_bytes(b'{"type":"FeatureCollection","features":[' + piece * 100_000 + b"{}]}")
    monkeypatch.setattr(geojson, "MAX_PARSED_BYTES", 4_000_000)
    monkeypatch.setattr("orjson.loads", lambda _: pytest.fail("it was parsed"))
    assert "it would take more than 0.004 GB of memory: give a GeoPackage" in refusal(path)


def test_forty_megabytes_of_empty_objects_are_too_much(tmp_path: Path) -> None:
    path = tmp_path / "empty.geojson"
    path.write_bytes(b'{"type":"FeatureCollection","features":[' + b"{}," * 13_000_000 + b"{}]}")
    assert "it would take more than 3 GB of memory" in refusal(path)
