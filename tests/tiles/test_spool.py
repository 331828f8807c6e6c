"""The spool: what goes in comes out by square kilometre, in order, from memory or from disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.tiles.shapes import X, Y, gabled, only_footprint
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.reading import read_city_bytes
from tweestad.model.city_object import CityObject
from tweestad.tiles import spool
from tweestad.tiles.spool import Spool, middle_of

HOUSES = [gabled(f"huis-{n:03}", X + 300 * (n % 9), Y + 7 * n) for n in range(40)]


def keys_in(data: bytes) -> list[str]:
    found = list(read_city_bytes(data, "a.city.jsonl"))
    return [each.key for each in found if isinstance(each, CityObject)]


@pytest.mark.parametrize("on_disk", [False, True])
def test_every_object_comes_back_once_in_its_own_square(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_disk: bool
) -> None:
    monkeypatch.setattr(spool, "BUFFER_BYTES", 4_000)
    held = Spool(tmp_path / "spool" if on_disk else None)
    for house in reversed(HOUSES):
        held.add(house)
    assert (tmp_path / "spool").exists() == on_disk
    cells = list(held.cells())
    assert [cell.square for cell in cells] == [(122, 486), (123, 486), (124, 486)]
    for cell in cells:
        assert list(cell.keys) == keys_in(cell.data) == sorted(cell.keys)
        assert (np.floor(cell.middles / 1000) == cell.square).all()
    assert sorted(key for cell in cells for key in cell.keys) == [house.key for house in HOUSES]
    held.remove()
    assert not (tmp_path / "spool").exists()


def test_memory_and_disk_give_the_same_bytes_in_whatever_order_objects_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory, on_disk = Spool(), Spool(tmp_path / "spool")
    monkeypatch.setattr(spool, "BUFFER_BYTES", 2_000)
    for house, other in zip(HOUSES, reversed(HOUSES), strict=True):
        in_memory.add(house)
        on_disk.add(other)
    assert [c.data for c in in_memory.cells()] == [c.data for c in on_disk.cells()]
    assert len(in_memory) == len(on_disk) == 40


def test_objects_that_are_not_kept_leave_no_trace() -> None:
    held = Spool()
    for house in HOUSES:
        held.add(house)
    kept = {"huis-003", "huis-012"}
    cells = list(held.cells(kept))
    assert {key for cell in cells for key in cell.keys} == kept
    assert all(b"huis-004" not in cell.data for cell in cells)


def test_an_object_without_a_shape_lies_where_its_footprint_does() -> None:
    assert middle_of(only_footprint("plat")) == (X + 5, Y + 3)


def test_an_object_without_anything_lies_nowhere() -> None:
    with pytest.raises(InputRejected, match="lies nowhere"):
        Spool().add(CityObject("leeg", "Building", {}, None, None))
