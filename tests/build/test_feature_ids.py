"""An id survives a new delivery: it depends on what a thing is, not on where it stands in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from tweestad.build.feature_id import feature_id, shape_keys
from tweestad.build.plan import InputFile, LayerPlan, ReadPlan
from tweestad.build.template import Template
from tweestad.errors import InputRejected
from tweestad.model.layer import Layer
from tweestad.model.text import Text

LAYER = Layer("test", Text("t"), Text("t"), "areas", "s", "l", "A", "2026", "s")
READ = ReadPlan("vector", InputFile("x", Path("x")))


def made_of(template: str) -> LayerPlan:
    return LayerPlan(LAYER, READ, id=Template(template))


def hashed(*columns: str) -> LayerPlan:
    return LayerPlan(LAYER, READ, id_from=columns)


def key(geometry: shapely.Geometry) -> bytes:
    return shape_keys(np.array([geometry]))[0]


@pytest.mark.parametrize(
    ("template", "row", "expected"),
    [
        (
            "NL.IMBAG.Pand.{identificatie}",
            {"identificatie": "0363100012165753"},
            "NL.IMBAG.Pand.0363100012165753",
        ),
        ("osm-{@id}", {"@id": "way/10581163"}, "osm-way-10581163"),
        ("{a}-{b}", {"a": 12.0, "b": True}, "12-True"),
        ("{a}", {"a": "{b}", "b": "x"}, "b"),
    ],
)
def test_a_template_is_filled_from_columns(template: str, row: dict[str, str], expected: str) -> None:
    assert feature_id(made_of(template), row, b"") == expected


@pytest.mark.parametrize("value", [None, "", "///", "x" * 300])
def test_an_id_without_a_usable_column_is_refused(value: str | None) -> None:
    with pytest.raises(InputRejected):
        feature_id(made_of("{a}"), {"a": value}, b"")


def test_a_hash_does_not_depend_on_where_a_ring_starts_or_which_way_it_turns() -> None:
    ring = [(0, 0), (10, 0), (10, 10), (0, 10)]
    turned = shapely.Polygon([*ring[2:], *ring[:2]])
    assert key(shapely.Polygon(ring)) == key(turned) == key(shapely.Polygon(ring[::-1]))


def test_a_hash_changes_with_a_millimetre_and_not_with_less() -> None:
    point = shapely.Point(122_000.0, 486_000.0)
    assert key(point) == key(shapely.Point(122_000.0004, 486_000.0))
    assert key(point) != key(shapely.Point(122_000.001, 486_000.0))


def test_a_hash_covers_the_declared_columns_and_no_other() -> None:
    plan, shape = hashed("naam"), key(shapely.Point(1, 2))
    first = feature_id(plan, {"naam": "a", "n": 1}, shape)
    assert first == feature_id(plan, {"naam": "a", "n": 2}, shape)
    assert first != feature_id(plan, {"naam": "b", "n": 1}, shape)
    assert first.startswith("h-")
    assert len(first) == 18
