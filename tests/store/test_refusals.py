"""What the store refuses, and that a refusal leaves everything as it was."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from tests.store.small_city import cell, feature, grid, layer, place, snapshot
from tweestad.errors import InputRejected
from tweestad.model.feature import Feature
from tweestad.store.protocol import Store


def with_wkb(wkb: bytes) -> Feature:
    return Feature("gebouwen", "b", wkb)


def point(*coordinates: float, kind: int = 1) -> bytes:
    return struct.pack(f"<BI{len(coordinates)}d", 1, kind, *coordinates)


NAN, INF = float("nan"), float("inf")
HALF = "\ud800"

REFUSED = {
    "empty id": feature(""),
    "long id": feature("x" * 201),
    "id with a NUL": feature("a\x00"),
    "id with a line end": feature("a\n"),
    "id with half a character": feature(HALF),
    "another layer": feature("b", layer_id="water"),
    "long ref": feature("b", ref="x" * 201),
    "ref with a NUL": feature("b", ref="\x00"),
    "odd state": feature("b", state="Draft; --"),
    "title with a NUL": feature("b", title="\x00"),
    "long title": feature("b", title="x" * 10_001),
    "NaN": feature("b", v=NAN),
    "infinity": feature("b", v=-INF),
    "whole number of 64 bits": feature("b", v=2**63),
    "text with a NUL": feature("b", v="a\x00b"),
    "half a character": feature("b", v=HALF),
    "half a character in a list": feature("b", v=("a", HALF)),
    "long text": feature("b", v="x" * 10_001),
    "much text": feature("b", {f"v{i}": "x" * 9_999 for i in range(30)}),
    "name with a quote": feature("b", {'v"': 1}),
    "name with a backslash": feature("b", {"v\\": 1}),
    "empty name": feature("b", {"": 1}),
    "long name": feature("b", {"x" * 201: 1}),
    "no WKB": with_wkb(b"POINT(1 2)"),
    "empty bytes": with_wkb(b""),
    "cut WKB": with_wkb(point(1.0, 2.0)[:-1]),
    "empty point": with_wkb(shapely.to_wkb(shapely.Point())),
    "empty polygon": with_wkb(shapely.to_wkb(shapely.Polygon())),
    "NaN in a coordinate": with_wkb(point(NAN, 1.0)),
    "infinite coordinate": with_wkb(point(1.0, INF)),
    "NaN in a height": with_wkb(point(1.0, 1.0, NAN, kind=1001)),
    "infinite height": with_wkb(point(1.0, 1.0, INF, kind=1001)),
    "off the map": with_wkb(point(1e300, 1.0)),
    "another coordinate system": with_wkb(struct.pack("<BII2d", 1, 0x20000001, 4326, 4.9, 52.3)),
    "NaN in one of many points": with_wkb(shapely.to_wkb(shapely.MultiPoint([(0, 0), (1, NAN)]))),
}
WRONG_TYPES: dict[str, Any] = {
    "list": [1],
    "mapping": {"a": 1},
    "numpy number": np.int64(1),
    "bytes": b"x",
    "numbers in a tuple": (1, 2),
}


@pytest.mark.parametrize("wrong", REFUSED.values(), ids=REFUSED.keys())
def test_a_feature_that_cannot_be_kept_exactly_is_refused(module_store: Store, wrong: Feature) -> None:
    module_store.put_layer(layer(), [feature("a")])
    before = snapshot(module_store)
    with pytest.raises(InputRejected) as caught:
        module_store.put_layer(layer(title="Anders"), [feature("c"), wrong])
    assert caught.value.where.startswith("gebouwen/")
    assert snapshot(module_store) == before


@pytest.mark.parametrize("value", WRONG_TYPES.values(), ids=WRONG_TYPES.keys())
def test_a_value_of_another_type_is_refused_with_its_name(module_store: Store, value: Any) -> None:
    with pytest.raises(InputRejected, match="gebouwen/b: attribute ‘v’"):
        module_store.put_layer(layer(), [feature("b", v=value)])


@pytest.mark.parametrize("many", [2, 5_001, 12_000])
def test_an_id_that_comes_twice_is_refused_by_name(module_store: Store, many: int) -> None:
    module_store.put_layer(layer(), grid(3))
    before = snapshot(module_store)
    twice = [*grid(many), next(grid(1))]
    with pytest.raises(InputRejected, match="p000000"):
        module_store.put_layer(layer(), twice)
    assert snapshot(module_store) == before


@pytest.mark.parametrize("layer_id", ["", "Gebouwen", "1a", "a_b", "a" * 64, "a\n", "é"])
def test_a_wrong_name_of_a_layer_is_refused(module_store: Store, layer_id: str) -> None:
    with pytest.raises(InputRejected):
        module_store.put_layer(layer(layer_id), [])


def test_a_layer_for_nobody_known_is_refused(module_store: Store) -> None:
    everyone: Any = "everyone"
    with pytest.raises(InputRejected):
        module_store.put_layer(layer(audience=everyone), [])


def test_words_of_a_layer_that_are_no_text_are_refused(module_store: Store) -> None:
    with pytest.raises(InputRejected):
        module_store.put_layer(replace(layer(), source=HALF), [])


def test_places_and_cells_that_are_wrong_are_refused(module_store: Store) -> None:
    module_store.put_layer(layer(), [feature("a")])
    before = snapshot(module_store)
    places = [
        place("Dam", layer_id="water"),
        place("Dam", ""),
        place("Dam\x00"),
        place("x" * 10_001),
        replace(place("Dam"), x=NAN),
        replace(place("Dam"), y=1e300),
        replace(place("Dam"), ref="\x00"),
        place("Dam", kind=""),
    ]
    for wrong in places:
        with pytest.raises(InputRejected):
            module_store.put_layer(layer(), [feature("a")], places=[place("Goed"), wrong])
    for cells in (
        [cell("1", "a", layer_id="water")],
        [cell("1", "g")],
        [cell("", "a")],
        [cell("1", "a")] * 2,
    ):
        with pytest.raises(InputRejected):
            module_store.put_layer(layer(), [feature("a")], cells=cells)
    assert snapshot(module_store) == before
