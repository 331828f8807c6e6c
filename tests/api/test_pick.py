"""What is at a point: exact distances, nearest first, smallest first of those equally near."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely

from tests.api.conftest import Get
from tests.api.small_twin import X, Y, addresses, buildings, streets, water
from tweestad import crs


def lonlat(x: float, y: float) -> str:
    lon, lat = crs.to_lonlat(np.array([[x, y]]))[0]
    return f"lon={lon:.12f}&lat={lat:.12f}"


def picked(get: Get, x: float, y: float, rest: str = "") -> list[tuple[str, str]]:
    answer = get(f"/api/v1/pick?{lonlat(x, y)}{rest}")
    assert answer.status == 200
    return [(o["layer"], o["id"]) for o in answer.json()["objects"]]


def test_the_smallest_object_at_a_point_comes_first(get: Get) -> None:
    found = picked(get, X + 25, Y + 5, "&radius=1")
    assert found == [("adressen", "a1"), ("gebouwen", "NL.IMBAG.Pand.0363100012000001"), ("water", "w/0")]


def test_distance_is_measured_to_the_shape_not_to_its_box(get: Get) -> None:
    body = get(f"/api/v1/pick?{lonlat(X + 33, Y + 14)}&radius=10&layers=gebouwen").json()
    assert body["objects"][0]["distanceM"] == pytest.approx(5.0, abs=0.01)


def test_the_radius_counts_to_the_edge(get: Get) -> None:
    assert picked(get, X + 100, Y - 15, "&radius=4.9&layers=straten") == []
    assert picked(get, X + 100, Y - 15, "&radius=5.1&layers=straten") == [("straten", "s0")]


def test_only_the_layers_asked_for_are_looked_in(get: Get) -> None:
    assert picked(get, X + 25, Y + 5, "&layers=water") == [("water", "w/0")]
    assert {layer for layer, _ in picked(get, X + 25, Y + 5, "&layers=water,gebouwen")} == {
        "water",
        "gebouwen",
    }


def test_without_a_radius_ten_metres_is_meant(get: Get) -> None:
    assert picked(get, X + 100, Y - 11, "&layers=straten") == [("straten", "s0")]
    assert picked(get, X + 100, Y - 9, "&layers=straten") == []


def test_the_answer_is_the_one_of_measuring_everything(get: Get) -> None:
    features = [*buildings(), *water(), *streets(), *addresses()]
    shapes = [(f, shapely.force_2d(shapely.from_wkb(f.geometry))) for f in features if f.geometry]
    chance = random.Random(7)  # noqa: S311
    for _ in range(40):
        x, y = X + chance.uniform(-50, 250), Y + chance.uniform(-80, 60)
        radius = chance.choice([0.5, 3.0, 25.0, 100.0])
        point = shapely.Point(x, y)
        order = sorted(
            (round(s.distance(point), 3), round(s.area, 6), f.layer, f.id)
            for f, s in shapes
            if s.distance(point) <= radius
        )
        assert picked(get, x, y, f"&radius={radius}") == [(layer, name) for _, _, layer, name in order]
