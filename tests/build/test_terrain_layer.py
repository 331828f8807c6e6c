"""A layer of kind terrain: its heights carry the ground, its files are its features, its faults are told."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from urllib.parse import urljoin

import laspy
import numpy as np
import pytest

from tests.api.asgi import call_async
from tests.build.test_build import stored
from tests.build.tiny_city import TWIN, TinyCity, X, Y
from tests.formats.terrain_samples import write_cloud, write_raster
from tweestad.api.files import TILE_TYPES, FolderFiles, tile_caching
from tweestad.build.pipeline import build
from tweestad.build.twin import read_twin
from tweestad.errors import InputRejected, TwinConfigInvalid
from tweestad.tiles.decode import decode_glb

TERRAIN = """
[[layer]]
id = "hoogte"
title = {nl = "Hoogte", en = "Height"}
theme = "Ondergrond"
kind = "terrain"
source = "AHN"
licence = "CC0-1.0"
licence_class = "A"
date = "2026"
steward = "test"
read = {format = "pointcloud", paths = ["a.laz", "b.laz"], crs = "EPSG:7415"}
id_template = "{@file}"
columns = [
  {name = "punten", term = "punten", from = "@points"},
  {name = "grondpunten", term = "grondpunten", from = "@used"},
  {name = "weggelaten", term = "weggelaten-punten", from = "@reasons"},
]
"""
WITH_TERRAIN = TWIN.replace("water_nap_m = -0.4", 'water_nap_m = -0.4\nterrain = "hoogte"') + TERRAIN


@pytest.fixture
def city(tmp_path: Path) -> TinyCity:
    """The tiny city, with a hill of 4 m at its first houses in two tiles of a cloud."""
    made = TinyCity(tmp_path, twin=WITH_TERRAIN, houses=3)
    made.write()
    write_hill(made)
    return made


def write_hill(city: TinyCity, top_m: float = 4.0) -> None:
    """Write `a.laz` (west) and `b.laz` (east): a cone of 4 m on flat land, and a roof of class 6."""
    along = np.arange(0.2, 168, 0.8)
    xy = np.stack(np.meshgrid(along + X - 84, along + Y - 84), axis=-1).reshape(-1, 2)
    z = 0.8 + np.clip(top_m - np.hypot(*(xy - [X, Y]).T) / 12, 0, top_m)
    kinds = np.where(np.arange(len(z)) % 5 == 0, 6, 2).astype(np.uint8)
    points = np.column_stack([xy, np.where(kinds == 6, z + 9, z)])
    west = xy[:, 0] < X
    write_cloud(city.folder / "a.laz", points[west], kinds[west])
    write_cloud(city.folder / "b.laz", points[~west], kinds[~west])


def relief_m(city: TinyCity) -> float:
    """The difference between the highest and the lowest corner of the drawn land round the first house."""
    folder = city.config.tiles_dir
    text = (folder / "grond-land/tileset.json").read_text(encoding="utf-8")
    names = [part.split('"')[0] for part in text.split("../c/")[1:]]
    corners = np.concatenate([decode_glb((folder / "c" / n).read_bytes()).mesh.positions for n in names])
    # East, north and up of the middle of the twin.
    near = np.abs(corners[:, :2]).max(axis=1) < 70
    return float(np.ptp(corners[near, 2]))


def scene(city: TinyCity) -> dict[str, object]:
    return dict(json.loads((city.config.tiles_dir / "scene.json").read_text(encoding="utf-8")))


def test_each_file_is_a_feature_with_its_coverage_and_its_counts(city: TinyCity) -> None:
    report = build(city.folder, city.config)
    layer = next(each for each in report.layers if each.id == "hoogte")
    assert (layer.read, layer.out, layer.left_out, layer.rejected) == (2, 2, 0, ())
    assert layer.notes[0].startswith("a.laz: 22050 points, 17640 used, class 6: 4410")
    found = stored(city, "hoogte")
    assert sorted(found) == ["a.laz", "b.laz"]
    assert found["a.laz"].feature.attributes == {
        "punten": 22050,
        "grondpunten": 17640,
        "weggelaten": "class 6: 4410",
    }


def test_the_drawn_ground_is_the_measured_one(city: TinyCity) -> None:
    build(city.folder, city.config)
    before = scene(city)
    assert before["terrain"] == {"layer": "hoogte", "url": "/tiles/terrain/layer.json"}
    assert relief_m(city) == pytest.approx(4.0, abs=0.3)
    write_hill(city, top_m=1.0)
    report = build(city.folder, city.config)
    assert any("a.laz has changed" in change for change in report.changed_inputs)
    assert relief_m(city) == pytest.approx(1.0, abs=0.3)


def test_terrain_is_served_to_other_viewers_and_goes_with_its_layer(city: TinyCity) -> None:
    build(city.folder, city.config)
    folder = city.config.tiles_dir
    layer = json.loads((folder / "terrain/layer.json").read_text(encoding="utf-8"))
    deepest = layer["available"][-1][0]
    address = layer["tiles"][0].format(z=layer["maxzoom"], x=deepest["startX"], y=deepest["startY"])
    files = FolderFiles(folder, TILE_TYPES, tile_caching)
    answer = asyncio.run(call_async(files, urljoin("/terrain/layer.json", address)))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/vnd.quantized-mesh"
    assert "immutable" in answer.headers["cache-control"]
    TinyCity(city.root, twin=TWIN, houses=3).write()
    build(city.folder, city.config)
    assert "terrain" not in scene(city)
    TinyCity(city.root, twin=TWIN, houses=3, years={1: 1950}).write()
    build(city.folder, city.config)
    assert not (folder / "terrain").exists()
    assert not list(folder.rglob("*.terrain"))


def terrain_address(city: TinyCity) -> str:
    """Where the tiles of the terrain are."""
    text = (city.config.tiles_dir / "terrain/layer.json").read_text(encoding="utf-8")
    return urljoin("/terrain/layer.json", str(json.loads(text)["tiles"][0]))


def test_equal_terrain_keeps_its_address_and_other_terrain_gets_another(city: TinyCity) -> None:
    first = build(city.folder, city.config)
    before = terrain_address(city)
    again = build(city.folder, city.config, fresh=True)
    assert again.version > first.version
    assert terrain_address(city) == before
    elsewhere = TinyCity(city.root.with_name("elsewhere"), twin=WITH_TERRAIN, houses=3)
    elsewhere.write()
    write_hill(elsewhere)
    build(elsewhere.folder, elsewhere.config)
    assert terrain_address(elsewhere) == before
    write_hill(city, top_m=1.0)
    build(city.folder, city.config)
    assert terrain_address(city) != before
    # Whoever has the scene before open still gets its terrain; the one before that goes.
    folders = [path for path in (city.config.tiles_dir / "c").iterdir() if path.is_dir()]
    assert len(folders) == 2
    write_hill(city, top_m=2.0)
    build(city.folder, city.config)
    assert not (city.config.tiles_dir / before.removeprefix("/").split("/{")[0]).exists()


def test_terrain_that_is_lost_is_made_again(city: TinyCity) -> None:
    build(city.folder, city.config)
    folder = city.config.tiles_dir / terrain_address(city).removeprefix("/").split("/{")[0]
    count = len(list(folder.rglob("*.terrain")))
    shutil.rmtree(folder)
    assert not build(city.folder, city.config).skipped
    assert len(list(folder.rglob("*.terrain"))) == count > 10


def test_a_raster_is_a_terrain_as_well(city: TinyCity) -> None:
    heights = np.full((336, 336), 2.5, dtype=np.float32)
    write_raster(city.folder / "dtm.tif", heights, west=X - 84, north=Y + 84)
    twin = WITH_TERRAIN.replace(
        'format = "pointcloud", paths = ["a.laz", "b.laz"], crs = "EPSG:7415"',
        'format = "raster", path = "dtm.tif"',
    )
    (city.folder / "twin.toml").write_text(twin, encoding="utf-8")
    report = build(city.folder, city.config)
    assert next(each for each in report.layers if each.id == "hoogte").out == 1


def test_a_cloud_that_is_cut_off_leaves_the_served_twin_as_it_was(city: TinyCity) -> None:
    build(city.folder, city.config)
    before = (city.config.tiles_dir / "scene.json").read_bytes()
    whole = (city.folder / "b.laz").read_bytes()
    (city.folder / "b.laz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputRejected, match=r"b\.laz: layer ‘hoogte’: the file is damaged or not complete"):
        build(city.folder, city.config)
    assert (city.config.tiles_dir / "scene.json").read_bytes() == before


def test_a_cloud_without_ground_is_refused_with_what_is_in_it(city: TinyCity) -> None:
    with laspy.open(city.folder / "a.laz") as reader:
        las = reader.read()
    las.classification[:] = 6
    las.write(str(city.folder / "a.laz"))
    with pytest.raises(InputRejected, match="none of its 22050 points is ground: class 6: 22050"):
        build(city.folder, city.config)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('terrain = "hoogte"', 'terrain = "hoogten"', "there is no layer ‘hoogten’ (did you mean ‘hoogte’?)"),
        ('terrain = "hoogte"', 'terrain = "water"', "the layer ‘water’ is not of kind terrain"),
        ('kind = "terrain"', 'kind = "terrain"\naudience = "staff"', "its terrain may not be for staff"),
        ('kind = "terrain"', 'kind = "areas"', 'format = "pointcloud" is for kind = "terrain"'),
        ('paths = ["a.laz", "b.laz"]', 'paths = ["a.laz", "a.laz"]', "paths names a file twice"),
        ('paths = ["a.laz", "b.laz"]', "paths = []", "give path, or paths with at least one file"),
        ('paths = ["a.laz", "b.laz"]', 'paths = ["a.laz", "c.laz"]', "there is no file c.laz"),
        ('paths = ["a.laz", "b.laz"]', 'paths = ["../a.laz"]', "leads out of its folder"),
        ('crs = "EPSG:7415"', "classes = [2, 900]", "classes must be a list of whole numbers"),
        ('crs = "EPSG:7415"', 'sublayer = "x"', 'sublayer is not for format = "pointcloud"'),
    ],
)
def test_a_fault_in_the_terrain_is_told(city: TinyCity, old: str, new: str, sentence: str) -> None:
    assert old in WITH_TERRAIN
    (city.folder / "twin.toml").write_text(WITH_TERRAIN.replace(old, new), encoding="utf-8")
    with pytest.raises(TwinConfigInvalid) as caught:
        read_twin(city.folder, city.config)
    assert sentence in str(caught.value)
