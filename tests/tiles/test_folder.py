"""The folder of tiles: what a visitor may fetch at any moment of a build."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tweestad.errors import InputRejected
from tweestad.tiles.folder import TileFolder


def test_a_tile_is_named_after_its_bytes_and_has_a_compressed_twin(tmp_path: Path) -> None:
    folder = TileFolder(tmp_path)
    name = folder.put(b"tile" * 100, "glb")
    assert name == folder.put(b"tile" * 100, "glb")
    assert name != folder.put(b"other", "glb")
    assert name.startswith("c/")
    assert len(Path(name).stem) == 16
    assert (tmp_path / name).read_bytes() == b"tile" * 100
    assert gzip.decompress((tmp_path / (name + ".gz")).read_bytes()) == b"tile" * 100


def test_compressed_twins_hold_no_time_and_no_name(tmp_path: Path) -> None:
    name = TileFolder(tmp_path).put(b"tile" * 100, "glb")
    header = (tmp_path / (name + ".gz")).read_bytes()[:9]
    assert header[3] == 0
    assert header[4:8] == b"\0\0\0\0"


def test_a_map_that_is_read_in_pieces_has_no_compressed_twin(tmp_path: Path) -> None:
    name = TileFolder(tmp_path).put(b"PMTiles", "pmtiles")
    assert [p.name for p in (tmp_path / "c").iterdir()] == [Path(name).name]


def test_a_tileset_finds_its_tiles_from_both_of_its_places(tmp_path: Path) -> None:
    folder = TileFolder(tmp_path)
    tile = folder.put(b"tile", "glb")
    body = {"root": {"content": {"uri": tile}, "children": [{"content": {"uri": tile}}], "uris": ["c/x"]}}
    assert folder.put_tileset("gebouwen", 7, body) == "gebouwen/7/tileset.json"
    for place in ("gebouwen/7/tileset.json", "gebouwen/tileset.json"):
        written = json.loads((tmp_path / place).read_text(encoding="utf-8"))
        for node in (written["root"], written["root"]["children"][0]):
            assert ((tmp_path / place).parent / node["content"]["uri"]).read_bytes() == b"tile"
    assert body["root"]["content"] == {"uri": tile}


def test_no_half_written_files_stay_behind(tmp_path: Path) -> None:
    folder = TileFolder(tmp_path)
    folder.put_tileset("gebouwen", 1, {"root": {"content": {"uri": folder.put(b"tile", "glb")}}})
    assert not [p for p in tmp_path.rglob("*") if p.name.endswith(".part")]


@pytest.mark.parametrize("name", ["../plan.json", "/etc/plan.json", "a/../../plan.json"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputRejected):
        TileFolder(tmp_path / "tiles").put_json(name, {})


@pytest.mark.parametrize("name", ["../x", "Gebouwen", "", "a/b"])
def test_a_tileset_has_the_name_of_a_layer(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputRejected):
        TileFolder(tmp_path).put_tileset(name, 1, {})


@pytest.mark.parametrize("extension", ["../x", "", "a.b"])
def test_an_extension_is_letters_and_digits(tmp_path: Path, extension: str) -> None:
    with pytest.raises(InputRejected):
        TileFolder(tmp_path).put(b"tile", extension)
