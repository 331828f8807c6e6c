"""The check of a tileset: sound ones pass, and each kind of damage is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tiles.drawing import build_city
from tests.tiles.shapes import X, Y, gabled, level
from tweestad.tiles.check import check_tileset
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.plan import make_plan, schema_of_columns
from tweestad.tiles.tileset import write_tileset

IDS = [f"pand-{n}" for n in range(8)]


@pytest.fixture
def tileset(tmp_path: Path) -> Path:
    """A small sound tileset of eight houses in several cells."""
    plan = make_plan((X, Y), schema_of_columns("gebouw", ()))
    objects = [gabled(i, X + 130 * n, Y + 90 * n) for n, i in enumerate(IDS)]
    city = build_city(objects, {i: i for i in IDS}, {}, (), plan.frame(), plan, level(0.7))
    folder = TileFolder(tmp_path)
    write_tileset(city.creases, folder, "lijnen", 1)
    write_tileset(city.buildings, folder, "gebouwen", 1)
    return tmp_path / "gebouwen/tileset.json"


def damage(path: Path, change: Callable[[dict[str, Any]], None]) -> str:
    """The faults after a change of the JSON, as one text."""
    body = json.loads(path.read_text(encoding="utf-8"))
    change(body)
    path.write_text(json.dumps(body), encoding="utf-8")
    return " ".join(check_tileset(path, IDS).faults)


def first_leaf(body: dict[str, Any]) -> dict[str, Any]:
    tile: dict[str, Any] = body["root"]
    while tile.get("children"):
        tile = tile["children"][0]
    return tile


def test_a_sound_tileset_has_no_faults(tileset: Path) -> None:
    report = check_tileset(tileset, IDS)
    assert report.faults == ()
    assert report.ids == set(IDS)
    assert report.tiles > 3
    assert report.triangles == 8 * 14
    lines = check_tileset(tileset.parents[1] / "lijnen/1/tileset.json", IDS)
    assert lines.faults == ()
    assert (lines.lines, lines.triangles) == (8 * 11, 0)


def test_a_box_moved_by_four_kilometres_is_found(tileset: Path) -> None:
    def move(body: dict[str, Any]) -> None:
        first_leaf(body)["boundingVolume"]["box"][0] += 4000

    faults = damage(tileset, move)
    assert "its content sticks out of its box" in faults
    assert "its box sticks out of that of its parent" in faults


def test_a_box_that_is_a_decimetre_too_small_is_found(tileset: Path) -> None:
    def shrink(body: dict[str, Any]) -> None:
        first_leaf(body)["boundingVolume"]["box"][11] -= 0.1

    assert "its content sticks out of its box" in damage(tileset, shrink)


def test_ids_that_are_missing_unasked_or_double_are_found(tileset: Path) -> None:
    assert check_tileset(tileset, [*IDS, "pand-8"]).faults == ("id pand-8 is missing",)
    assert check_tileset(tileset, IDS[1:]).faults == ("id pand-0 was not asked for",)

    def repeat(body: dict[str, Any]) -> None:
        body["root"]["children"].append(body["root"]["children"][0])

    assert "is in more than one place" in damage(tileset, repeat)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda b: b["root"].pop("transform"), "no transform"),
        (lambda b: b["asset"].update(version="1.0"), "version"),
        (lambda b: first_leaf(b).update(transform=[0] * 16), "only the root may have a transform"),
        (lambda b: first_leaf(b).update(geometricError=1e9), "geometric error is larger"),
        (lambda b: first_leaf(b)["content"].update(uri="../c/0123456789abcdef.glb"), "No such file"),
        (lambda b: first_leaf(b)["content"].update(uri="/etc/hostname"), "not a link within the folder"),
        (lambda b: first_leaf(b)["boundingVolume"].update(box=[0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1]), "axes"),
        (lambda b: b.pop("root"), "cannot be read"),
    ],
)
def test_other_damage_is_found(tileset: Path, change: Callable[[dict[str, Any]], None], fault: str) -> None:
    assert fault in damage(tileset, change)


def test_a_damaged_tile_is_found(tileset: Path) -> None:
    uri = first_leaf(json.loads(tileset.read_text(encoding="utf-8")))["content"]["uri"]
    tile = tileset.parent / uri
    tile.write_bytes(tile.read_bytes()[:-8])
    assert "not a readable GLB" in " ".join(check_tileset(tileset).faults)


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "cannot be read" in check_tileset(tmp_path / "tileset.json").faults[0]
