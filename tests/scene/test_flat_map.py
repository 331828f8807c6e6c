"""Vector tiles hold every feature, say nothing of the machine, and are equal when the features are."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pmtiles import reader as pmtiles_reader

from tweestad.errors import InputRejected
from tweestad.model.feature import Value
from tweestad.scene.flat import ALL_KEPT_ZOOM, MAX_ZOOM, MIN_ZOOM, FlatSource, write_pmtiles
from tweestad.scene.pmtiles_file import facts_of, with_plain_metadata
from tweestad.tiles.folder import TileFolder

X, Y = 122_350.0, 486_150.0

# The package has no types.
MemorySource: Any = pmtiles_reader.MemorySource
Reader: Any = pmtiles_reader.Reader
all_tiles: Any = pmtiles_reader.all_tiles


def varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Field numbers and values of one protobuf message: integers or bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
            yield key >> 3, value
        else:
            size = {1: 8, 5: 4}.get(key & 7)
            if size is None:
                size, at = varint(data, at)
            yield key >> 3, data[at : at + size]
            at += size


def value_of(data: bytes) -> object:
    (number, raw) = next(iter(fields(data)))
    if number == 1:
        return raw.decode()
    if number in (2, 3):
        return float(np.frombuffer(raw, "<f4" if number == 2 else "<f8")[0])
    if number == 6:
        return (raw >> 1) ^ -(raw & 1)
    return bool(raw) if number == 7 else raw


def features(tile: bytes) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Layer name and attributes of each feature of a vector tile (Mapbox Vector Tile 2.1)."""
    for number, layer in fields(gzip.decompress(tile)):
        assert number == 3
        parts = list(fields(layer))
        name = next(v for n, v in parts if n == 1).decode()
        keys = [v.decode() for n, v in parts if n == 3]
        values = [value_of(v) for n, v in parts if n == 4]
        for feature in (v for n, v in parts if n == 2):
            tags: list[int] = []
            for number_in, raw in fields(feature):
                at = 0
                while number_in == 2 and at < len(raw):
                    tag, at = varint(raw, at)
                    tags.append(tag)
            yield name, {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}


def read(out: TileFolder, uri: str, zoom: int) -> list[tuple[str, Mapping[str, object]]]:
    """All features at one zoom, those on a tile border more than once."""
    source = MemorySource((out.root / uri).read_bytes())
    return [f for (z, _, _), tile in all_tiles(source) if z == zoom for f in features(tile)]


def houses(count: int = 200) -> FlatSource:
    rng = np.random.default_rng(1)
    corner = np.array([X, Y]) + rng.uniform(-800, 800, (count, 2))
    geometries = np.asarray(shapely.box(*corner.T, *(corner + rng.uniform(1, 12, (count, 2))).T))
    ids = [f"NL.IMBAG.Pand.{k:016}" for k in range(count)]
    attributes: list[Mapping[str, Value]] = [
        {"bouwjaar": 1900 + k, "naam": "", "soort": ("wonen", "winkel")} for k in range(count)
    ]
    return FlatSource("gebouwen", geometries, ids, attributes)


@pytest.fixture
def out(tmp_path: Path) -> TileFolder:
    return TileFolder(tmp_path / "tiles")


@pytest.mark.parametrize("zoom", [MAX_ZOOM, ALL_KEPT_ZOOM])
def test_every_building_is_there_from_zoom_14_on(out: TileFolder, zoom: int) -> None:
    given = houses()
    made = write_pmtiles("gebouwen", [given], out)
    assert made is not None
    assert (made.min_zoom, made.max_zoom) == (MIN_ZOOM, MAX_ZOOM)
    assert {f["id"] for _, f in read(out, made.uri, zoom)} == set(given.ids)


def test_attributes_travel_and_empty_ones_stay_behind(out: TileFolder) -> None:
    made = write_pmtiles("gebouwen", [houses()], out)
    assert made is not None
    by_id = {f["id"]: (layer, f) for layer, f in read(out, made.uri, MAX_ZOOM)}
    assert by_id["NL.IMBAG.Pand.0000000000000012"] == (
        "gebouwen",
        {"id": "NL.IMBAG.Pand.0000000000000012", "bouwjaar": 1912, "soort": "wonen,winkel"},
    )


def test_the_bounds_are_those_of_the_features(out: TileFolder) -> None:
    made = write_pmtiles("gebouwen", [houses()], out)
    assert made is not None
    west, south, east, north = made.bounds
    assert (west, east) == pytest.approx((4.896, 4.920), abs=0.002)
    assert (south, north) == pytest.approx((52.355, 52.3695), abs=0.002)


def test_lines_points_and_ground_share_one_file(out: TileFolder) -> None:
    line = np.array([shapely.LineString([(X, Y), (X + 500, Y + 20)])], dtype=np.object_)
    point = np.array([shapely.Point(X, Y, 3.0), None, shapely.Polygon()], dtype=np.object_)
    made = write_pmtiles(
        "alles", [FlatSource("straten", line, ["s1"]), FlatSource("palen", point, ["p1", "p2", "p3"])], out
    )
    assert made is not None
    assert {(layer, f["id"]) for layer, f in read(out, made.uri, MAX_ZOOM)} == {
        ("straten", "s1"),
        ("palen", "p1"),
    }


def test_many_points_thin_out_only_when_zoomed_out(out: TileFolder) -> None:
    count = 6000
    points = shapely.points(np.array([X, Y]) + np.random.default_rng(3).uniform(-2000, 2000, (count, 2)))
    ids = [f"boom-{k}" for k in range(count)]
    made = write_pmtiles("bomen", [FlatSource("bomen", np.asarray(points), ids)], out, max_zoom=15)
    assert made is not None
    assert {f["id"] for _, f in read(out, made.uri, ALL_KEPT_ZOOM)} == set(ids)
    assert len({str(f["id"]) for _, f in read(out, made.uri, MIN_ZOOM)}) < count / 4


def test_no_feature_is_no_file(out: TileFolder) -> None:
    assert write_pmtiles("leeg", [FlatSource("leeg", np.empty(0, dtype=np.object_))], out) is None
    assert not (out.root / "c").exists()


def test_equal_features_give_equal_bytes_without_a_trace_of_the_machine(
    out: TileFolder, tmp_path: Path
) -> None:
    one = write_pmtiles("gebouwen", [houses()], out)
    two = write_pmtiles("gebouwen", [houses()], TileFolder(tmp_path / "other"))
    assert one is not None
    assert one == two
    data = (out.root / one.uri).read_bytes()
    metadata = Reader(MemorySource(data)).metadata()
    assert sorted(metadata) == ["format", "name", "type", "vector_layers"]
    assert metadata["name"] == "gebouwen"
    told = str(metadata).encode() + data
    assert b"tmp" not in str(metadata).encode()
    assert b"tippecanoe" not in told


def test_plain_metadata_leaves_the_tiles_as_they_are(out: TileFolder) -> None:
    made = write_pmtiles("gebouwen", [houses()], out)
    assert made is not None
    data = (out.root / made.uri).read_bytes()
    again = with_plain_metadata(data)
    assert list(all_tiles(MemorySource(again))) == list(all_tiles(MemorySource(data)))
    assert math.isclose(facts_of(again).bounds[0], made.bounds[0])


def test_what_is_no_pmtiles_file_is_refused() -> None:
    with pytest.raises(InputRejected, match="not a PMTiles file"):
        facts_of(b"PMTiles\x02" + bytes(200))


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(InputRejected, match="differ in length"):
        FlatSource("straten", houses().geometries, ["one"])
