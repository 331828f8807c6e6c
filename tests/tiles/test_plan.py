"""The plan: it decides where a building goes, and stays the same."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tweestad.errors import InputRejected
from tweestad.model.feature import Value
from tweestad.model.layer import Column
from tweestad.model.text import Text
from tweestad.tiles.metadata import Storage, make_schema
from tweestad.tiles.plan import Columns, Plan, make_plan, schema_of_columns, widen

PLAN = make_plan((122_310.0, 486_040.0), make_schema("gebouw", [("bouwjaar", "integer")]))


def place(x: float, y: float, across: float) -> list[int]:
    lower = np.array([[x, y, 0.0]])
    placed: list[int] = PLAN.place(lower, lower + np.array([across, 0, 0]))[0].tolist()
    return placed


@pytest.mark.parametrize(
    ("across", "level"), [(200.0, 0), (50.0, 0), (49.9, 1), (20.0, 1), (19.9, 2), (0.1, 2)]
)
def test_size_decides_the_level(across: float, level: int) -> None:
    assert place(122_310, 486_040, across)[0] == level


def test_the_middle_decides_the_cell_of_rd() -> None:
    assert place(122_249.0, 486_040.0, 1.0) == [2, 488, 1944]
    assert place(122_249.6, 486_040.0, 1.0) == [2, 489, 1944]
    assert place(-10.0, 486_040.0, 1.0) == [2, -1, 1944]


HERE, THERE = (122, 486), (123, 486)


@pytest.mark.parametrize(
    ("count", "depth"), [(1, 0), (400, 0), (401, 1), (2_000, 1), (2_001, 2), (90_000, 2)]
)
def test_many_buildings_in_a_square_are_cut_into_finer_cells(count: int, depth: int) -> None:
    assert PLAN.cut_for({HERE: count}).depths == {HERE: depth}


def test_small_buildings_go_no_deeper_than_their_square_is_cut() -> None:
    lower = np.array([[122_310.0, 486_040.0, 0.0], [123_310.0, 486_040.0, 0.0]])
    placed = PLAN.cut_for({HERE: 9, THERE: 900}).place(lower, lower + 1.0)
    assert placed.tolist() == [[0, 122, 486], [1, 246, 972]]
    assert PLAN.place(lower[:0], lower[:0]).tolist() == []


def test_a_square_is_cut_anew_only_when_its_tiles_hold_twice_what_they_are_meant_for() -> None:
    plan = PLAN.cut_for({HERE: 10})
    assert plan.cut_for({HERE: 800, THERE: 9}).depths == {HERE: 0, THERE: 0}
    assert plan.cut_for({HERE: 801}).depths == {HERE: 1}
    assert PLAN.cut_for({HERE: 90_000}).cut_for({HERE: 1}).depths == {HERE: 2}


def test_what_is_cut_elsewhere_does_not_decide_the_tiles_of_a_square() -> None:
    alone, both = PLAN.cut_for({HERE: 9}), PLAN.cut_for({HERE: 9, THERE: 9})
    assert alone.only(HERE) == both.only(HERE) == alone
    assert both.only(None) == both


def test_a_plan_of_before_cells_had_depths_is_cut_to_all_levels() -> None:
    old = PLAN.as_json()
    del old["depths"]
    assert Plan.from_json(old) == PLAN


def test_a_plan_survives_being_kept_as_json() -> None:
    cut = PLAN.cut_for({HERE: 9, THERE: 900})
    assert Plan.from_json(json.loads(json.dumps(cut.as_json()))) == cut


def test_a_small_change_of_the_city_leaves_a_new_plan_where_it_was() -> None:
    assert make_plan((122_326.4, 486_012.9), PLAN.schema) == PLAN


@pytest.mark.parametrize(
    "change",
    [
        {"plan": 2},
        {"centre": [1]},
        {"centre": None},
        {"levels": [{"fromM": 1}]},
        {"levels": []},
        {"levels": [{"fromM": 9, "cellM": 300, "errorM": 1}, {"fromM": 0, "cellM": 200, "errorM": 0}]},
        {"properties": [{"id": "a", "name": "a", "storage": "blob"}]},
        {"properties": 3},
        {"depths": [[122, 486, 3]]},
        {"depths": [[122, 486, -1]]},
        {"depths": [[122, 486]]},
        {"depths": 3},
    ],
)
def test_a_spoilt_plan_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InputRejected):
        Plan.from_json({**PLAN.as_json(), **change})


def test_the_columns_of_a_layer_become_the_schema_with_how_the_shape_came_about() -> None:
    columns = (
        Column("bouwjaar", Text("Bouwjaar"), "integer"),
        Column("oppervlakte", Text("Oppervlakte"), "number"),
        Column("kas", Text("Kas"), "boolean"),
        Column("datum", Text("Datum"), "date"),
        Column("vorm", Text("Vorm"), "codes"),
    )
    schema = schema_of_columns("gebouw", columns)
    stored = [(p.id, p.storage) for p in schema.properties]
    assert stored == [
        ("id", "text"),
        ("bouwjaar", "integer"),
        ("oppervlakte", "number64"),
        ("kas", "flag"),
        ("datum", "text"),
        ("vorm", "text"),
    ]


def test_the_attributes_found_become_the_schema_in_one_order() -> None:
    rows: list[dict[str, Value]] = [{"b": 1, "a": "x", "leeg": None}, {"c": 2.5, "b": -7}]
    found, turned = Columns(), Columns()
    for row in rows:
        found.add(row)
        turned.add(dict(reversed(row.items())))
    assert found.schema("gebouw") == turned.schema("gebouw")
    assert [p.name for p in found.schema("gebouw").properties] == ["id", "a", "b", "c", "vorm"]


@pytest.mark.parametrize(
    ("frozen", "wanted", "result"),
    [
        ("integer", "integer", "integer"),
        ("integer", "number", "number"),
        ("number64", "integer", "number64"),
        ("flag", "integer", "text"),
        ("text", "number", "text"),
    ],
)
def test_a_frozen_schema_becomes_only_as_wide_as_it_must(
    frozen: Storage, wanted: Storage, result: Storage
) -> None:
    before = make_schema("gebouw", [("a", frozen), ("b", "text")])
    after = widen(before, make_schema("gebouw", [("a", wanted)]))
    assert [p.storage for p in after.properties] == ["text", result, "text"]
    assert (after is before) == (frozen == result)


def test_a_new_attribute_comes_after_the_frozen_ones() -> None:
    before = make_schema("gebouw", [("b", "text")])
    after = widen(before, make_schema("gebouw", [("a", "integer"), ("b", "text")]))
    assert [p.name for p in after.properties] == ["id", "b", "a"]
