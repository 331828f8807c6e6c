"""Buildings that are only footprints: drawn up by a height where there is one, else a plate on the street."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pmtiles import reader as pmtiles_reader

from tests.build.tiny_city import TWIN, TinyCity, X, Y
from tweestad.build.pipeline import build
from tweestad.tiles.decode import decode_glb
from tweestad.tiles.extrude import PLATE_M

all_tiles: Any = pmtiles_reader.all_tiles
MemorySource: Any = pmtiles_reader.MemorySource
_LEGEND = (
    '  {name = "maaiveld_nap_m", term = "maaiveld", from = "rf_h_ground"},\n]',
    '  {name = "maaiveld_nap_m", term = "maaiveld", from = "rf_h_ground"},\n]\n'
    'style = {classes = {bouwjaar = [{colour = "#41568c", upper = 1950, label = {nl = "oud"}}]}}',
)
SHEDS = """
[[layer]]
id = "schuren"
title = {nl = "Schuren", en = "Sheds"}
theme = "Gebouwen"
kind = "buildings"
source = "test"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
read = {format = "vector", path = "schuren.geojson"}
id_template = "schuur-{nr}"
columns = [{name = "hoogte_m", term = "hoogte"}]
style = {role = "building"}
"""
HEIGHTS: Mapping[str, float | None] = {"1": 7.5, "2": None, "3": 9000.0}


@pytest.fixture
def city(tmp_path: Path) -> TinyCity:
    made = replace(TinyCity(tmp_path), twin=TWIN + SHEDS)
    made.write()
    rows = []
    for n, (name, height) in enumerate(HEIGHTS.items()):
        west = X + 300 * n
        ring = [[west, Y + 40], [west + 6, Y + 40], [west + 6, Y + 44], [west, Y + 44], [west, Y + 40]]
        rows.append(({"nr": name, "hoogte_m": height}, [ring]))
    made.write_geojson("schuren", "Polygon", rows)
    return made


def drawn(city: TinyCity) -> dict[str, tuple[str, float]]:
    """How the shape of each shed came about, and the height of its top in the frame (m), by id."""
    folder = city.config.tiles_dir
    tileset = (folder / "schuren" / "tileset.json").read_text(encoding="utf-8")
    found: dict[str, tuple[str, float]] = {}
    for name in {part.split('"')[0] for part in tileset.split("../c/")[1:]}:
        tile = decode_glb((folder / "c" / name).read_bytes())
        assert tile.mesh.features is not None
        for row, key in enumerate(tile.columns["id"]):
            top = float(tile.mesh.positions[tile.mesh.features == row, 2].max())
            found[str(key)] = (str(tile.columns["vorm"][row]), top)
    return found


def test_a_footprint_with_a_height_is_drawn_up_and_one_without_is_a_plate(city: TinyCity) -> None:
    report = build(city.folder, city.config)
    sheds = next(tiles for tiles in report.tiles if tiles.id == "schuren")
    assert (sheds.objects, sheds.undrawn, sheds.flat) == (3, 0, 2)
    shapes = drawn(city)
    assert {key: how for key, (how, _) in shapes.items()} == {
        "schuur-1": "uit plattegrond",
        "schuur-2": "alleen plattegrond",
        "schuur-3": "alleen plattegrond",
    }
    # The street is level here; over 300 m the frame bends away from it by less than a centimetre.
    assert shapes["schuur-1"][1] - shapes["schuur-2"][1] == pytest.approx(7.5 - PLATE_M, abs=0.03)


def test_a_value_that_means_unknown_has_no_class_on_the_flat_map(tmp_path: Path) -> None:
    city = TinyCity(tmp_path, years={0: 1005}, houses=2)
    city = replace(city, twin=city.twin.replace(*_LEGEND))
    city.write()
    build(city.folder, city.config)
    scene = json.loads((city.config.tiles_dir / "scene.json").read_text(encoding="utf-8"))
    (flat,) = [entry["url"] for entry in scene["flat"] if entry["id"] == "gebouwen"]
    data = (city.config.data_dir / flat.lstrip("/")).read_bytes()
    tiles = [gzip.decompress(tile) for _, tile in all_tiles(MemorySource(data))]
    assert any(_number(1901) in tile for tile in tiles)
    assert not any(_number(1005) in tile for tile in tiles)


def _number(value: int) -> bytes:
    """A whole number as a vector tile holds it: field 4 of a value, in groups of seven bits."""
    return bytes([0x20, value & 0x7F | 0x80, value >> 7])
