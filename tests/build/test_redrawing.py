"""A city with one changed building draws one cell; all the others are as they were."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.build.tiny_city import TinyCity
from tweestad.build.pipeline import build
from tweestad.build.report import Progress
from tweestad.scene import flat
from tweestad.tiles import cell
from tweestad.tiles.cell import DrawnCell


@pytest.fixture
def city(tmp_path: Path) -> TinyCity:
    """Twelve houses, 260 m apart: over three square kilometres."""
    made = TinyCity(tmp_path)
    made.write()
    return made


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[DrawnCell]:
    """The cells that were really drawn."""
    found: list[DrawnCell] = []
    draw = cell.draw_cell

    def watched(key: str) -> DrawnCell:
        found.append(draw(key))
        return found[-1]

    monkeypatch.setattr(cell, "draw_cell", watched)
    return found


def contents(city: TinyCity) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in (city.config.tiles_dir / "c").glob("*.glb")}


def records(city: TinyCity) -> tuple[int, int]:
    folder = city.config.data_dir / "build"
    return len(list((folder / "drawn").iterdir())), len(list((folder / "solids").iterdir()))


def test_building_again_draws_no_cell(city: TinyCity, drawn: list[DrawnCell]) -> None:
    told: list[Progress] = []
    build(city.folder, city.config)
    assert len(drawn) == 3
    before = contents(city)
    drawn.clear()
    report = build(city.folder, city.config, told.append, fresh=True)
    assert drawn == []
    assert contents(city) == before
    assert [tiles.objects for tiles in report.tiles] == [12, 12]
    assert Progress("gebouwen: shapes", 12, 12) in told


def test_one_higher_building_draws_one_cell_and_changes_one_tile_of_walls(
    city: TinyCity, drawn: list[DrawnCell]
) -> None:
    build(city.folder, city.config)
    before = contents(city)
    drawn.clear()
    city.write_houses(tall=5)
    build(city.folder, city.config)
    assert len(drawn) == 1
    made = contents(city).keys() - before.keys()
    walls = [glb for glb in drawn[0].buildings.values() if glb.name.removeprefix("c/") in made]
    lines = [glb for glb in drawn[0].creases.values() if glb.name.removeprefix("c/") in made]
    assert (len(walls), len(lines)) == (1, 1)
    assert records(city) == (3, 3)


def test_one_other_year_draws_one_cell(city: TinyCity, drawn: list[DrawnCell]) -> None:
    build(city.folder, city.config)
    drawn.clear()
    TinyCity(city.root, years={3: 2020}).write()
    build(city.folder, city.config)
    assert len(drawn) == 1


def test_what_is_drawn_cell_by_cell_over_two_builds_is_what_one_build_draws(
    city: TinyCity, tmp_path: Path
) -> None:
    build(city.folder, city.config)
    city.write_houses(tall=5)
    build(city.folder, city.config)
    again = TinyCity(tmp_path / "again")
    again.write()
    again.write_houses(tall=5)
    build(again.folder, again.config)
    # The scene of before keeps its tiles for whoever has it open.
    assert contents(again).items() <= contents(city).items()


def test_a_lost_tile_is_drawn_again(city: TinyCity, drawn: list[DrawnCell]) -> None:
    build(city.folder, city.config)
    before = contents(city)
    lost = next(iter(drawn[2].buildings.values())).name
    (city.config.tiles_dir / lost).unlink()
    drawn.clear()
    build(city.folder, city.config)
    assert len(drawn) == 1
    assert contents(city) == before


@pytest.mark.parametrize("damage", ["", "{}", '{"keys": ["a"], "middles": []}', '{"buildings": [[1]]}'])
def test_damaged_records_are_made_again(city: TinyCity, drawn: list[DrawnCell], damage: str) -> None:
    build(city.folder, city.config)
    before = contents(city)
    for record in (city.config.data_dir / "build").glob("*/*.json"):
        record.write_text(damage, encoding="utf-8")
    drawn.clear()
    build(city.folder, city.config, fresh=True)
    assert len(drawn) == 3
    assert contents(city) == before


def test_what_a_killed_build_left_is_cleared(city: TinyCity) -> None:
    work = city.config.data_dir / "build" / "work"
    (work / "gebouwen").mkdir(parents=True)
    (work / "gebouwen" / "122-486.lines").write_bytes(b"half a li")
    build(city.folder, city.config)
    assert not work.exists()


def flat_maps(city: TinyCity) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in (city.config.tiles_dir / "c").glob("*.pmtiles")}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the flat maps that were really made."""
    found: list[str] = []
    write = flat.write_pmtiles

    def watched(name: str, *given: Any, **options: Any) -> flat.FlatFile | None:
        found.append(name)
        return write(name, *given, **options)

    monkeypatch.setattr(flat, "write_pmtiles", watched)
    return found


def test_only_the_flat_map_that_has_changed_is_made_again(city: TinyCity, made: list[str]) -> None:
    build(city.folder, city.config)
    assert sorted(made) == ["gebouwen", "grond"]
    before = flat_maps(city)
    made.clear()
    build(city.folder, city.config, fresh=True)
    assert made == []
    assert flat_maps(city) == before
    TinyCity(city.root, houses=11).write()
    build(city.folder, city.config)
    assert "gebouwen" in made
    again = TinyCity(city.root / "again", houses=11)
    again.write()
    build(again.folder, again.config)
    assert flat_maps(again).items() <= flat_maps(city).items()


def test_a_lost_flat_map_and_a_damaged_record_of_one_are_made_again(city: TinyCity, made: list[str]) -> None:
    build(city.folder, city.config)
    before = flat_maps(city)
    (city.config.tiles_dir / "c" / sorted(before)[0]).unlink()
    made.clear()
    build(city.folder, city.config, fresh=True)
    assert len(made) == 1
    for record in (city.config.data_dir / "build" / "scene").glob("*.json"):
        record.write_bytes(b'{"uri": "c", "bounds": [1]}')
    made.clear()
    build(city.folder, city.config, fresh=True)
    assert sorted(made) == ["gebouwen", "grond"]
    assert flat_maps(city) == before
