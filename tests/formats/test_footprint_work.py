"""Outlines cost no more than they are worth: equal shapes once, and what would take minutes not at all."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import shapely
from shapely.affinity import translate

from tests.formats.city_samples import document
from tweestad.formats.cityjson.reading import read_city_bytes
from tweestad.model.city_object import CityObject


def tangle(corners: int, *, seed: int = 1) -> list[list[float]]:
    """A ring that crosses itself nearly everywhere, within 20 by 20 m."""
    chosen = random.Random(seed)  # noqa: S311 - not for secrets
    return [[round(chosen.uniform(0, 20), 3), round(chosen.uniform(0, 20), 3), 0.0] for _ in range(corners)]


def placed(corners: int, places: list[tuple[int, int]], *, turned: bool = False) -> bytes:
    """A file with a tangle as template and an object for each place, in metres; each turned a bit more."""
    body = {"type": "MultiSurface", "lod": "2", "boundaries": [[list(range(corners))]]}
    objects = {}
    for n, _ in enumerate(places):
        wide = 1 + n / 1000 if turned else 1
        matrix = [wide, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
        one = {"type": "GeometryInstance", "template": 0, "boundaries": [n], "transformationMatrix": matrix}
        objects[f"boom{n}"] = {"type": "SolitaryVegetationObject", "geometry": [one]}
    templates = {"templates": [body], "vertices-templates": tangle(corners)}
    whole = document(
        objects,
        vertices=[[x * 1000, y * 1000, 0] for x, y in places],
        **{"geometry-templates": templates},
    )
    return json.dumps(whole).encode()


def read(data: bytes) -> list[CityObject]:
    found = list(read_city_bytes(data, "bomen.city.json"))
    assert all(isinstance(each, CityObject) for each in found)
    return [each for each in found if isinstance(each, CityObject)]


@pytest.fixture
def repairs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The corners of each outline that is repaired while the test runs."""
    seen: list[int] = []
    repair: Any = shapely.make_valid

    def counted(given: Any, **options: object) -> Any:
        seen.append(int(shapely.get_num_coordinates(given).sum()))
        return repair(given, **options)

    monkeypatch.setattr(shapely, "make_valid", counted)
    return seen


def test_a_template_that_stands_in_a_hundred_places_is_outlined_once(repairs: list[int]) -> None:
    places = [(n * 7, n * 3) for n in range(100)]
    found = read(placed(60, places))
    assert len(repairs) == 1
    outlines: list[Any] = [shapely.from_wkb(each.footprint) for each in found]
    first = outlines[0]
    assert first.is_valid
    assert first.area > 100
    for (x, y), outline in zip(places, outlines, strict=True):
        moved = translate(first, x, y)
        assert shapely.equals_exact(moved, outline, tolerance=1e-6)


def test_an_outline_is_the_same_whatever_stands_before_it() -> None:
    alone = read(placed(60, [(13, 5)]))[0].footprint
    last = read(placed(60, [(0, 0), (100, 0), (13, 5)]))[-1].footprint
    assert alone == last


def test_repairs_of_many_broken_outlines_end_and_the_objects_keep_their_shape(repairs: list[int]) -> None:
    found = read(placed(300, [(n * 30, 0) for n in range(40)], turned=True))
    assert len(found) == 40
    assert all(each.shape is not None for each in found)
    # Each takes a third of a second.
    assert 1 <= len(repairs) <= 5
    assert sum(each.footprint is not None for each in found) == len(repairs)
