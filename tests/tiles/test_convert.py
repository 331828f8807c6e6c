"""CityJSON to tiles from end to end: `tweestad tiles` without the terminal."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.tiles.shapes import X, Y, courtyard, drawn_up, gabled, only_footprint
from tests.tiles.validator import gltf_faults
from tweestad import crs
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.reading import read_city, write_seq
from tweestad.model.city_object import CityObject
from tweestad.tiles.check import check_tileset
from tweestad.tiles.convert import convert_files
from tweestad.tiles.decode import decode_glb
from tweestad.tiles.plan import Plan

OPEN_DATA = Path(os.environ.get("OPEN_DATA") or Path(__file__).parents[3] / "shared" / "data")
AMSTERDAM = OPEN_DATA / "buildings3d/amsterdam-weesperbuurt_roofer-lod22_2026.city.jsonl.gz"


def seq(path: Path, objects: list[CityObject]) -> Path:
    path.write_bytes(write_seq(objects))
    return path


def town(count: int = 9) -> list[CityObject]:
    """Houses in a row, one with a courtyard and one with only a footprint and a height."""
    houses = [
        gabled(
            str(n),
            X + 90 * n,
            attributes={"identificatie": f"pand-{n}", "bouwjaar": 1900 + n, "naam": "é" * n},
        )
        for n in range(count)
    ]
    return [*houses, drawn_up("hof", courtyard()), only_footprint("plat", {"hoogte_m": 3.5})]


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder with the hash of its bytes."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_every_object_comes_out_as_a_feature_with_its_own_id(tmp_path: Path) -> None:
    report = convert_files([seq(tmp_path / "a.city.jsonl", town())], tmp_path / "out")
    assert (report.objects_in, report.objects_out, report.extruded) == (11, 11, 1)
    assert report.rejected == ()
    ids = {*(f"pand-{n}" for n in range(9)), "hof", "plat"}
    for tileset in ("gebouwen", "gebouwen-lijnen"):
        assert check_tileset(tmp_path / "out" / tileset / "tileset.json", ids).faults == ()
        assert check_tileset(tmp_path / "out" / tileset / "1/tileset.json", ids).faults == ()
    buildings = report.tilesets[0]
    assert buildings.objects == 11
    assert 0 < buildings.gzip_bytes < buildings.bytes
    assert report.triangles == check_tileset(tmp_path / "out/gebouwen/tileset.json").triangles


def test_the_public_validator_finds_no_fault_in_any_tile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tweestad.tiles.plan.FULL_TILE", 0)
    convert_files([seq(tmp_path / "a.city.jsonl", town())], tmp_path / "out")
    tiles = sorted((tmp_path / "out/c").glob("*.glb"))
    assert len(tiles) > 4
    assert gltf_faults(tiles) == []


def test_an_empty_file_is_refused_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputRejected, match="no objects to draw: nothing was written"):
        convert_files([seq(tmp_path / "a.city.jsonl", [])], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_one_building_is_enough(tmp_path: Path) -> None:
    report = convert_files([seq(tmp_path / "a.city.jsonl", [gabled("1")])], tmp_path / "out")
    assert (report.objects_out, report.tilesets[0].tiles) == (1, 1)


def test_keys_that_come_back_in_a_second_file_stand_for_other_buildings(tmp_path: Path) -> None:
    first = [gabled("1", attributes={"identificatie": "a"}), gabled("2", X + 30)]
    second = [gabled("1", X + 60, attributes={"identificatie": "b"}), gabled("2", X + 90)]
    files = [seq(tmp_path / "1.city.jsonl", first), seq(tmp_path / "2.city.jsonl", second)]
    report = convert_files(files, tmp_path / "out")
    assert report.objects_out == 3
    (rejected,) = report.rejected
    assert (rejected.file, rejected.object_id) == ("2.city.jsonl", "2")
    assert check_tileset(tmp_path / "out/gebouwen/tileset.json", ["a", "b", "2"]).faults == ()


def test_what_is_no_construction_or_has_no_shape_is_counted(tmp_path: Path) -> None:
    house = gabled("weg")
    road = CityObject("weg", "Road", {}, None, house.shape, ("2",))
    objects = [gabled("1"), road, only_footprint("plat")]
    report = convert_files([seq(tmp_path / "a.city.jsonl", objects)], tmp_path / "out")
    assert report.other_types == (("Road", 1),)
    assert report.shapeless == ("plat",)
    rest = len(report.rejected) + len(report.shapeless) + sum(n for _, n in report.other_types)
    assert report.objects_in == report.objects_out + rest == 3


def test_a_file_that_is_no_cityjson_leaves_no_tileset(tmp_path: Path) -> None:
    (tmp_path / "a.city.json").write_text('{"type": "FeatureCollection"}')
    with pytest.raises(InputRejected):
        convert_files([tmp_path / "a.city.json"], tmp_path / "out")
    assert not (tmp_path / "out/gebouwen").exists()


def test_a_second_conversion_keeps_the_plan_and_changes_only_what_changed(tmp_path: Path) -> None:
    objects = town()
    out = tmp_path / "out"
    convert_files([seq(tmp_path / "a.city.jsonl", objects)], out)
    plan, before = (out / "plan.json").read_bytes(), contents(out)
    objects[4] = gabled("4", X + 90 * 4 + 1, attributes=objects[4].attributes)
    convert_files([seq(tmp_path / "a.city.jsonl", objects)], out)
    assert (out / "plan.json").read_bytes() == plan
    fresh = [name for name in contents(out) if name not in before and name.endswith(".glb")]
    assert len(fresh) == 2  # one tile of buildings and one of lines
    assert check_tileset(out / "gebouwen/2/tileset.json").faults == ()
    assert check_tileset(out / "gebouwen/1/tileset.json").faults == ()


def test_few_buildings_are_one_tile_and_many_are_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = town(7)  # within one square kilometre
    few = convert_files([seq(tmp_path / "a.city.jsonl", objects)], tmp_path / "few")
    assert [tiles.tiles for tiles in few.tilesets] == [1, 1]
    monkeypatch.setattr("tweestad.tiles.plan.FULL_TILE", len(objects) - 1)
    many = convert_files([seq(tmp_path / "a.city.jsonl", objects)], tmp_path / "many")
    assert [tiles.tiles for tiles in many.tilesets] == [2, 2]
    for out in ("few", "many"):
        assert check_tileset(tmp_path / out / "gebouwen/tileset.json").faults == ()


def test_a_building_where_there_was_none_leaves_all_other_tiles_as_they_were(tmp_path: Path) -> None:
    objects, out = town(), tmp_path / "out"
    convert_files([seq(tmp_path / "a.city.jsonl", objects)], out)
    before = {name for name in contents(out) if name.endswith(".glb")}
    convert_files([seq(tmp_path / "a.city.jsonl", [*objects, gabled("ver", X + 5_000)])], out)
    after = {name for name in contents(out) if name.endswith(".glb")}
    assert before < after
    assert len(after - before) == 2  # one tile of buildings and one of lines


def test_a_new_attribute_widens_the_kept_plan(tmp_path: Path) -> None:
    out = tmp_path / "out"
    convert_files([seq(tmp_path / "a.city.jsonl", [gabled("1", attributes={"jaar": 1900})])], out)
    convert_files(
        [seq(tmp_path / "a.city.jsonl", [gabled("1", attributes={"jaar": 1900.5, "dak": "plat"})])], out
    )
    plan = Plan.from_json(json.loads((out / "plan.json").read_text(encoding="utf-8")))
    assert {p.name: p.storage for p in plan.schema.properties} == {
        "id": "text", "jaar": "number", "vorm": "text", "dak": "text",
    }  # fmt: skip


def test_a_spoilt_plan_stops_the_conversion(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/plan.json").write_text("{")
    with pytest.raises(InputRejected, match=r"plan\.json"):
        convert_files([seq(tmp_path / "a.city.jsonl", town())], tmp_path / "out")


def test_two_runs_with_different_hash_seeds_write_the_same_bytes(tmp_path: Path) -> None:
    source = seq(tmp_path / "a.city.jsonl", town(30))
    script = (
        "import sys; from pathlib import Path; from tweestad.tiles.convert import convert_files;"
        "convert_files([Path(sys.argv[1])], Path(sys.argv[2]))"
    )
    written = []
    for seed in ("1", "2"):
        out = tmp_path / f"out{seed}"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", script, str(source), str(out)], check=True, env=environment)
        written.append(contents(out))
    assert written[0] == written[1]
    assert len(written[0]) > 10


@pytest.mark.open_data
@pytest.mark.skipif(not AMSTERDAM.is_file(), reason="the open-data folder is not there (OPEN_DATA)")
def test_of_the_474_amsterdam_buildings_449_have_a_shape_and_are_where_they_should_be(tmp_path: Path) -> None:
    report = convert_files([AMSTERDAM], tmp_path / "out")
    assert (report.objects_in, report.objects_out, len(report.shapeless)) == (474, 449, 25)
    assert report.rejected == ()
    assert report.lost_surfaces == 0
    assert 39_000 < report.triangles < 41_000
    source = {
        str(o.attributes["identificatie"]): o.shape.vertices
        for o in read_city(AMSTERDAM)
        if isinstance(o, CityObject) and o.shape is not None
    }
    for tileset in ("gebouwen", "gebouwen-lijnen"):
        assert check_tileset(tmp_path / "out" / tileset / "tileset.json", source).faults == ()
    plan = Plan.from_json(json.loads((tmp_path / "out/plan.json").read_text(encoding="utf-8")))
    _every_vertex_is_a_vertex_of_the_source(tmp_path / "out/c", plan, source)
    assert gltf_faults(sorted((tmp_path / "out/c").glob("*.glb"))) == []


def _every_vertex_is_a_vertex_of_the_source(tiles: Path, plan: Plan, source: dict[str, np.ndarray]) -> None:
    frame = plan.frame()
    seen = 0
    for path in sorted(tiles.glob("*.glb")):
        tile = decode_glb(path.read_bytes())
        if tile.mesh.lines:
            continue
        assert tile.mesh.features is not None
        for feature, feature_id in enumerate(tile.columns["id"]):
            drawn = frame.ecef(tile.mesh.positions[tile.mesh.features == feature])
            given = crs.to_ecef(source[str(feature_id)])
            distance = np.sqrt(((drawn[:, None] - given[None]) ** 2).sum(2)).min(1).max()
            assert distance <= tile.step_m * np.sqrt(3) / 2 + 1e-6, feature_id
            seen += 1
    assert seen == len(source)
    assert 121_000 < plan.x < 123_000
    assert Y - 1_000 < plan.y < Y + 1_000
