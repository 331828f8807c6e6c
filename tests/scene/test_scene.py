"""One call writes all that a map needs, the same bytes every time, and scene.json names it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tweestad.ground.height import GroundHeight
from tweestad.ground.parts import GroundInput
from tweestad.model.feature import BBox
from tweestad.scene.flat import FlatSource
from tweestad.scene.labels import NamedGeometries
from tweestad.scene.manifest import (
    FlatLayer,
    SceneInput,
    SceneManifest,
    TilesetEntry,
    View,
    build_scene_files,
)
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.frame import Frame

X, Y = 122_350.0, 486_150.0
CANAL = shapely.box(X - 15, Y - 450, X + 15, Y + 450)
STREET = shapely.LineString([(X - 480, Y), (X + 480, Y)])
PARK = shapely.box(X + 100, Y + 100, X + 200, Y + 200)
HOUSE = shapely.box(X + 50, Y + 50, X + 60, Y + 62)


def array(*geometries: shapely.Geometry) -> np.ndarray:
    made = np.empty(len(geometries), dtype=np.object_)
    made[:] = geometries
    return made


def town(*, bare: bool = False) -> SceneInput:
    box = BBox(X - 500, Y - 500, X + 500, Y + 500)
    near = BBox(X - 250, Y - 250, X + 250, Y + 250)
    rng = np.random.default_rng(2)
    xy = np.array([X, Y]) + rng.uniform(-200, 200, (80, 2))
    z = 0.8 + rng.normal(0, 0.2, 80)
    common: dict[str, Any] = {
        "version": 7,
        "frame": Frame.at(X, Y),
        "water_nap_m": -0.4,
        "view": View(X, Y),
    }
    if bare:
        nowhere = GroundHeight.from_samples(np.zeros((0, 2)), np.zeros(0), water_nap_m=-0.4)
        return SceneInput(height=nowhere, ground=GroundInput(box, near), **common)
    return SceneInput(
        height=GroundHeight.from_samples(xy, z, water_nap_m=-0.4),
        ground=GroundInput(
            box,
            near,
            water=array(CANAL),
            streets=array(STREET),
            street_widths_m=np.array([7.0]),
            parks=array(PARK),
            footprints=array(HOUSE),
        ),
        ground_layers={"street": "straten", "water": "water", "park": "parken"},
        tilesets=(TilesetEntry("gebouwen", "buildings", "gebouwen", "/tiles/gebouwen/7/tileset.json"),),
        flat=(
            FlatLayer("gebouwen", "buildings", "gebouwen", ["pand-1"], array(HOUSE), [{"bouwjaar": 1912}]),
        ),
        streets=NamedGeometries("straten", ["Dwarsstraat"], array(STREET)),
        waters=NamedGeometries("water", ["Nieuwe Gracht"], array(CANAL)),
        areas=NamedGeometries(
            "buurten", ["Voorbeeldbuurt"], array(shapely.box(X - 200, Y - 200, X + 200, Y + 200))
        ),
        **common,
    )


def digest(root: Path) -> str:
    """One number for all files below a folder, with their names."""
    total = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        total.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SceneManifest, dict[str, Any]]:
    root = tmp_path_factory.mktemp("tiles")
    manifest = build_scene_files(town(), TileFolder(root))
    return root, manifest, json.loads((root / "scene.json").read_text(encoding="utf-8"))


def test_the_scene_has_the_shape_that_the_map_reads(
    built: tuple[Path, SceneManifest, dict[str, Any]],
) -> None:
    _, _, scene = built
    assert list(scene) == [
        "version",
        "origin",
        "groundNapM",
        "waterNapM",
        "geoidM",
        "background",
        "tilesets",
        "flat",
        "labels",
        "view",
    ]
    assert scene["version"] == 7
    assert scene["origin"] == {"lon": 4.9078744, "lat": 52.362269, "heightM": pytest.approx(42.995, abs=0.01)}
    assert scene["geoidM"] == pytest.approx(42.995, abs=0.01)
    assert scene["waterNapM"] == -0.4
    assert 0.6 < scene["groundNapM"] < 1.0
    assert scene["background"] == "#eeeae1"
    assert scene["view"] == {
        "lon": 4.9078744,
        "lat": 52.362269,
        "heightM": pytest.approx(47.995, abs=0.01),
        "headingDeg": 28.0,
        "pitchDeg": -31.0,
        "distanceM": 1180.0,
    }


def test_each_role_has_its_tileset_and_layer(built: tuple[Path, SceneManifest, dict[str, Any]]) -> None:
    _, _, scene = built
    assert [(t["id"], t["role"], t["layer"]) for t in scene["tilesets"]] == [
        ("gebouwen", "buildings", "gebouwen"),
        ("grond-land", "land", None),
        ("grond-straten", "street", "straten"),
        ("grond-parken", "park", "parken"),
        ("grond-water", "water", "water"),
        ("kades", "quay", "water"),
    ]


def test_every_url_is_a_file_and_every_content_too(built: tuple[Path, SceneManifest, dict[str, Any]]) -> None:
    root, _, scene = built
    for entry in scene["tilesets"][1:]:
        path = root / entry["url"].removeprefix("/tiles/")
        root_tile = json.loads(path.read_text())["root"]
        contents = [child["content"]["uri"] for child in root_tile["children"]]
        assert contents
        assert all((path.parent / uri).resolve().is_file() for uri in contents)
    assert len(scene["flat"]) == 2
    assert all((root / entry["url"].removeprefix("/tiles/")).is_file() for entry in scene["flat"])


def test_the_flat_ground_has_a_source_per_role(built: tuple[Path, SceneManifest, dict[str, Any]]) -> None:
    _, _, scene = built
    ground, houses = scene["flat"]
    assert (ground["id"], ground["minZoom"], ground["maxZoom"]) == ("grond", 11, 16)
    assert [(s["name"], s["role"], s["layer"]) for s in ground["sources"]] == [
        ("land", "land", None),
        ("park", "park", "parken"),
        ("water", "water", "water"),
        ("street", "street", "straten"),
    ]
    assert houses["sources"] == [{"name": "gebouwen", "role": "buildings", "layer": "gebouwen"}]
    assert len(houses["bounds"]) == 4


def test_labels_carry_their_place_on_earth(built: tuple[Path, SceneManifest, dict[str, Any]]) -> None:
    _, _, scene = built
    first = [(la["text"], la["kind"], la["layer"]) for la in scene["labels"] if la["rank"] == 1]
    assert first == [
        ("Voorbeeldbuurt", "area", "buurten"),
        ("Nieuwe Gracht", "water", "water"),
        ("Dwarsstraat", "street", "straten"),
    ]
    water = scene["labels"][1]
    assert (water["lon"], water["lat"]) == pytest.approx((4.9078, 52.3623), abs=0.002)
    assert water["heightM"] == pytest.approx(42.995 - 0.4 + 2, abs=0.02)
    assert water["angleDeg"] == pytest.approx(90.0)


def test_a_city_with_nothing_but_a_box_is_a_scene_too(tmp_path: Path) -> None:
    manifest = build_scene_files(town(bare=True), TileFolder(tmp_path))
    assert [t.role for t in manifest.tilesets] == ["land"]
    assert [s.name for entry in manifest.flat for s in entry.sources] == ["land"]
    assert manifest.labels == ()


def test_building_twice_gives_equal_bytes_whatever_the_hash_seed(
    built: tuple[Path, SceneManifest, dict[str, Any]],
) -> None:
    script = (
        "import sys, tempfile, pathlib\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "import test_scene as t\n"
        "with tempfile.TemporaryDirectory() as d:\n"
        "    t.build_scene_files(t.town(), t.TileFolder(pathlib.Path(d)))\n"
        "    print(t.digest(pathlib.Path(d)))\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONHASHSEED"}
    for seed in ("1", "2"):
        ended = subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__).parent)],
            env=environment | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ended.stdout.strip() == digest(built[0])


def test_no_file_names_a_folder_of_this_machine(built: tuple[Path, SceneManifest, dict[str, Any]]) -> None:
    root, _, _ = built
    named = str(root).encode(), str(Path.home()).encode() + b"/", str(Path(__file__).parents[2]).encode()
    for path in (p for p in root.rglob("*") if p.is_file()):
        data = path.read_bytes()
        assert not any(name in data for name in named)


def test_the_ground_polygons_need_no_ids() -> None:
    assert FlatSource("land", array(HOUSE)).ids == ()
