"""The ground drawn block by block is the ground drawn as a whole, and only what has changed is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.ground.test_ground_tiles import BOX, HOUSES, WATER_NAP_M, X, Y, array, hilly, town
from tweestad.ground import block, city
from tweestad.ground.city import CityGround, GroundShop, draw_ground
from tweestad.ground.cutting import Geometries
from tweestad.ground.height import GroundHeight, Measured
from tweestad.ground.parts import GROUND_ROLES, GroundInput, cut_ground
from tweestad.ground.tiles import ground_tiles
from tweestad.jobs.executor import Executor
from tweestad.jobs.records import Records
from tweestad.model.feature import BBox
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.frame import Frame
from tweestad.tiles.tileset import write_tileset

FRAME = Frame.at(X, Y)


def drawn(
    root: Path,
    given: GroundInput,
    height: GroundHeight,
    *,
    processes: int = 1,
    program: str = "1",
) -> CityGround:
    """The ground, drawn in a folder that remembers what was drawn there before."""
    shop = GroundShop(Records(root / "kept", program), root / "work", Executor(processes))
    made = draw_ground(given, height, FRAME, WATER_NAP_M, root / "tiles", shop)
    shop.records.forget_others()
    return made


def contents(root: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "tiles" / "c").glob("*.glb")}


def kept(root: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "kept").iterdir()}


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The blocks that were really drawn."""
    found: list[str] = []
    draw = block.draw_block

    def watched(key: str) -> block.DrawnBlock:
        found.append(key)
        return draw(key)

    monkeypatch.setattr(city, "draw_block", watched)
    return found


def measured() -> GroundHeight:
    """A hill of measured terrain in the middle of the town."""
    at = np.arange(-40, 40) * 1.75
    x, y = (each.ravel() for each in np.meshgrid(X + 100 + at, Y + 60 + at))
    given = Measured(np.column_stack([x, y]), 1.2 + np.sin(x / 20) * 0.4)
    rng = np.random.default_rng(3)
    xy = np.array([X, Y]) + rng.uniform(-250, 250, (200, 2))
    return GroundHeight.from_terrain(given, xy, np.full(200, 1.2), water_nap_m=WATER_NAP_M)


@pytest.mark.parametrize("height", [hilly(), measured()], ids=["spread", "measured"])
def test_the_blocks_are_the_bytes_of_the_whole(tmp_path: Path, height: GroundHeight) -> None:
    made = drawn(tmp_path, town(), height)
    whole = ground_tiles(cut_ground(town()), height, FRAME, water_nap_m=WATER_NAP_M)
    for name, tileset in (*whole.roles.items(), ("quay", whole.quays)):
        data = [glb.data for glb in tileset.contents()]
        assert [
            (tmp_path / "tiles" / glb.name).read_bytes() for glb in made.tileset(name, FRAME).contents()
        ] == data
        folder, other = TileFolder(tmp_path / "tiles"), TileFolder(tmp_path / "whole")
        one = write_tileset(made.tileset(name, FRAME), folder, name, 1)
        two = write_tileset(tileset, other, name, 1)
        assert (folder.root / one).read_bytes() == (other.root / two).read_bytes()


def test_two_processes_give_the_bytes_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn(tmp_path / "one", town(), hilly())
    monkeypatch.setattr(city, "WITHOUT_PROCESSES", 0)
    drawn(tmp_path / "two", town(), hilly(), processes=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert kept(tmp_path / "one") == kept(tmp_path / "two")


def test_an_unchanged_town_draws_no_block(tmp_path: Path, blocks: list[str]) -> None:
    first = drawn(tmp_path, town(), hilly())
    assert len(blocks) == len(first.blocks) > 1
    before = contents(tmp_path), kept(tmp_path)
    blocks.clear()
    again = drawn(tmp_path, town(), hilly())
    assert not blocks
    assert (contents(tmp_path), kept(tmp_path)) == before
    assert again.flat == first.flat
    assert [each.as_json() for each in again.blocks] == [each.as_json() for each in first.blocks]


def test_another_program_draws_every_block(tmp_path: Path, blocks: list[str]) -> None:
    first = drawn(tmp_path, town(), hilly())
    blocks.clear()
    drawn(tmp_path, town(), hilly(), program="2")
    assert len(blocks) == len(first.blocks)
    assert len(kept(tmp_path)) == 2 * len(first.blocks)


def test_one_more_house_draws_one_block_and_leaves_the_flat_map(tmp_path: Path, blocks: list[str]) -> None:
    first = drawn(tmp_path, town(), hilly())
    more = replace(town(), footprints=array(*HOUSES, shapely.box(X + 60, Y + 120, X + 75, Y + 135)))
    blocks.clear()
    second = drawn(tmp_path, more, hilly())
    assert len(blocks) == 1
    assert second.flat == first.flat
    drawn(tmp_path / "anew", more, hilly())
    assert kept(tmp_path) == kept(tmp_path / "anew")
    assert contents(tmp_path / "anew").items() <= contents(tmp_path).items()


def test_one_more_path_changes_the_flat_map_of_one_block(tmp_path: Path, blocks: list[str]) -> None:
    first = drawn(tmp_path, town(), hilly())
    lines = [*town().paths, shapely.LineString([(X + 100, Y + 100), (X + 130, Y + 130)])]
    blocks.clear()
    second = drawn(
        tmp_path, replace(town(), paths=array(*lines), path_widths_m=np.array([2.2, 2.2])), hilly()
    )
    assert len(blocks) == 1
    assert sum(one != two for one, two in zip(first.flat, second.flat, strict=True)) == 1


def test_one_other_height_draws_the_blocks_around_it_only(tmp_path: Path, blocks: list[str]) -> None:
    height = hilly()
    first = drawn(tmp_path, town(), height)
    nodes = height.nodes.copy()
    column = round((X + 200) / height.step_m) - height.first_column
    row = round((Y + 200) / height.step_m) - height.first_row
    nodes[row, column] += 0.05
    blocks.clear()
    drawn(tmp_path, town(), replace(height, nodes=nodes))
    assert 1 <= len(blocks) < len(first.blocks)


@pytest.mark.parametrize("damage", [b"", b"{}", b"null", b"x" * 100])
def test_what_is_damaged_is_drawn_again(tmp_path: Path, blocks: list[str], damage: bytes) -> None:
    first = drawn(tmp_path, town(), hilly())
    before = contents(tmp_path), kept(tmp_path)
    (tmp_path / "tiles" / first.blocks[0].tiles["land"][0].name).unlink()
    first.flat[1].write_bytes(damage)
    record = sorted((tmp_path / "kept").glob("*.json"))[0]
    record.write_bytes(damage)
    blocks.clear()
    drawn(tmp_path, town(), hilly())
    assert 2 <= len(blocks) <= 3
    assert (contents(tmp_path), kept(tmp_path)) == before


def test_the_flat_map_fills_the_same_surfaces_as_the_tiles(tmp_path: Path) -> None:
    made, parts = drawn(tmp_path, town(), hilly()), cut_ground(town())
    for role in block.FLAT_ROLES:
        flat: Geometries = np.concatenate(list(made.surfaces(role)))
        assert shapely.area(flat).sum() == pytest.approx(parts.area_m2(role), rel=0.01)
        assert shapely.union_all(flat).symmetric_difference(shapely.union_all(parts.of(role))).area < 20
    assert set(block.FLAT_ROLES) == set(GROUND_ROLES) - {"land"}


def test_a_quay_outside_the_near_box_is_drawn_in_no_block(tmp_path: Path) -> None:
    near = BBox(BOX.max_x - 20, BOX.max_y - 20, BOX.max_x, BOX.max_y)
    made = drawn(tmp_path, replace(town(), near=near), hilly())
    assert not any(each.tiles["quay"] for each in made.blocks)
