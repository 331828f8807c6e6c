"""What the process that read a design hands back is not believed, also where it looks like a design."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from tests.formats.runaway_parsers import one_triangle
from tweestad.errors import InputRejected
from tweestad.formats.cityjson.choice import Passed
from tweestad.formats.design import placed
from tweestad.formats.design.model import MOST_PASSED, Design, Place, pack_design, unpack_design
from tweestad.formats.design.outline import with_outlines
from tweestad.model.city_object import CityObject
from tweestad.model.layer import Rejected

HERE = Place(122_000, 486_000, 1.0)
SIMPLE = with_outlines(one_triangle({}))
SQUARE = shapely.box(0, 0, 1, 1)


def read(monkeypatch: pytest.MonkeyPatch, design: Design) -> list[CityObject | Rejected | Passed]:
    monkeypatch.setattr(placed, "read_apart", lambda *_: design)
    return list(placed.read_placed(Path("blok.obj"), "obj", HERE))


def _nested(depth: int) -> bytes:
    return (b"\x01" + struct.pack("<II", 7, 1)) * depth + shapely.to_wkb(SQUARE, byte_order=1)


@pytest.mark.parametrize(
    "outline",
    [
        _nested(300_000),
        _nested(1),
        b"\x01" + struct.pack("<II", 6, 1) + _nested(300_000),
        b"\x01" + struct.pack("<II", 6, 2**32 - 1),
        b"\x01" + struct.pack("<III", 3, 1, 2**32 - 1),
        shapely.to_wkb(SQUARE, byte_order=1)[:-8],
        shapely.to_wkb(SQUARE, byte_order=1) + b"\x00",
        shapely.to_wkb(SQUARE.exterior, byte_order=1),
        b"",
    ],
    ids=["deep", "collection", "deep in a multi", "many", "long", "cut off", "more", "a line", "none"],
)
def test_an_outline_that_is_no_polygon_is_left_out(monkeypatch: pytest.MonkeyPatch, outline: bytes) -> None:
    [found] = read(monkeypatch, replace(SIMPLE, outlines=(outline,)))
    assert isinstance(found, CityObject)
    assert found.footprint is None


@pytest.mark.parametrize("shape", [SQUARE, shapely.MultiPolygon([SQUARE, shapely.box(2, 0, 3, 1)])])
def test_an_outline_of_polygons_is_put_on_the_map(
    monkeypatch: pytest.MonkeyPatch, shape: shapely.Geometry
) -> None:
    [found] = read(monkeypatch, replace(SIMPLE, outlines=(shapely.to_wkb(shape, byte_order=1),)))
    assert isinstance(found, CityObject)
    assert shapely.area(shapely.from_wkb(found.footprint)) == pytest.approx(shapely.area(shape))


@pytest.mark.parametrize(
    "design",
    [
        replace(SIMPLE, passed=tuple((f"Ifc{n}", 0) for n in range(100_000))),
        replace(SIMPLE, passed=(("IfcSpace", MOST_PASSED), ("IfcGrid", 1))),
        replace(SIMPLE, passed=(("IfcSpace", 2**62),)),
        replace(SIMPLE, place_notes=("x",) * 100_000),
    ],
    ids=["types", "together", "one", "notes"],
)
def test_what_is_told_beside_the_parts_has_an_end(design: Design) -> None:
    with pytest.raises(InputRejected, match="handed back is damaged"):
        unpack_design(pack_design(design))


def test_all_that_is_passed_over_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, replace(SIMPLE, passed=(("IfcSpace", 20_001),)))
    assert sum(isinstance(each, Passed) for each in found) == 20_001


def test_what_was_assumed_of_a_place_is_told_when_that_place_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    design = replace(SIMPLE, matrix=HERE.matrix(), place_notes=("in metres",))
    monkeypatch.setattr(placed, "read_apart", lambda *_: design)
    told: dict[bool, list[str]] = {True: [], False: []}
    for given, notes in told.items():
        list(placed.read_placed(Path("blok.obj"), "obj", HERE if given else None, notes=notes))
    assert told == {True: [], False: ["in metres"]}
