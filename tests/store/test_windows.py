"""A window on the map gives the same features on both backends, to the last bit of a coordinate."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.store.small_city import EVERYONE, feature, grid, ids, layer
from tweestad.model.feature import BBox, Feature, Value
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store, Where


def window(*corners: float, at: int | None = None, layer_id: str | None = "gebouwen") -> Where:
    return Where(layer=layer_id, bbox=BBox(*corners), at=at)


# 487,000.001 is no float32: the nearest ones are 487,000.0 and 487,000.03125.
X, Y = 120_000.001, 487_000.001


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ((X, Y, X, Y), True),
        ((X - 1, Y - 1, X, Y), True),
        ((X, Y, X + 1, Y + 1), True),
        ((X - 1, Y - 1, math.nextafter(X, 0), Y + 1), False),
        ((math.nextafter(X, math.inf), Y - 1, X + 1, Y + 1), False),
        ((X - 1, Y - 1, X + 1, math.nextafter(Y, 0)), False),
        ((X - 1, math.nextafter(Y, math.inf), X + 1, Y + 1), False),
    ],
)
def test_touching_the_edge_of_a_window_counts_and_a_hair_beyond_does_not(
    store: Store, box: tuple[float, float, float, float], found: bool
) -> None:
    far = feature("far", at=(0.0, 0.0))
    store.put_layer(layer(), [feature("a", at=(X, Y)), far])
    store.put_layer(layer(), [feature("a", at=(X, Y), jaar=1), far])
    for where in (window(*box), window(*box, layer_id=None), window(*box, at=1), window(*box, at=2)):
        assert ids(store, where) == (["a"] if found else [])
        assert store.count(where) == int(found)


def test_a_window_goes_by_the_envelope_of_each_feature(store: Store) -> None:
    line = shapely.to_wkb(shapely.LineString([(0, 0), (100, 100)]))
    store.put_layer(layer(), [Feature("gebouwen", "line", line), feature("far", at=(900.0, 900.0))])
    assert ids(store, window(80, 0, 90, 10)) == ["line"]


def test_features_without_a_geometry_are_in_no_window(store: Store) -> None:
    store.put_layer(layer(), [feature("a", at=None), feature("b")])
    assert ids(store, window(-1e6, -1e6, 1e6, 1e6)) == ["b"]
    assert ids(store) == ["a", "b"]


def test_pages_of_a_window_follow_each_other(store: Store) -> None:
    store.put_layer(layer(), grid(500))
    where = window(110_000, 480_000, 115_000, 480_200)
    whole = ids(store, where)
    assert len(whole) == 51 * 3
    parts: list[str] = []
    while page := store.features(where, limit=20, after=parts[-1] if parts else None):
        parts += [found.feature.id for found in page]
    assert parts == whole


def test_a_window_over_the_whole_layer_gives_all_of_it_in_pages(store: Store) -> None:
    store.put_layer(layer(), grid(30))
    store.put_layer(layer("water"), [feature("w", layer_id="water", at=(110_005.0, 480_005.0))])
    where = window(0, 0, 300_000, 600_000)
    assert ids(store, where, limit=10) == [f"p{i:06d}" for i in range(10)]
    assert store.count(where) == 30
    assert len(ids(store, window(0, 0, 300_000, 600_000, layer_id=None))) == 31


def test_a_window_follows_features_that_move_and_go(store: Store) -> None:
    here, there = window(0, 0, 10, 10), window(20, 20, 30, 30)
    other = feature("z", at=(500.0, 500.0))
    store.put_layer(layer(), [feature("a", at=(5.0, 5.0)), other])
    store.put_layer(layer(), [feature("a", at=(25.0, 25.0)), other])
    assert (ids(store, here), ids(store, there)) == ([], ["a"])
    store.put_layer(layer(), [feature("a", at=None), other])
    assert (ids(store, here), ids(store, there)) == ([], [])
    assert ids(store, window(0, 0, 10, 10, at=1)) == ["a"]
    store.put_layer(layer(), [feature("a", at=(5.0, 5.0)), other])
    store.erase("gebouwen", "a")
    assert ids(store, here) == []


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Store]]:
    """The same two stores for all examples: each example replaces the layer."""
    cluster = request.getfixturevalue("postgres_cluster")
    url = cluster.new_database()
    folder: Path = tmp_path_factory.mktemp("both")
    stores = [open_store("", folder), open_store(url, folder)]
    yield stores
    for store in stores:
        store.close()
    cluster.drop(url)


millimetres = st.integers(0, 3).map(lambda n: 120_000 + n / 1000) | st.floats(-1e6, 1e6, width=64)
points = st.tuples(millimetres, millimetres)
values = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(-1e9, 1e9)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
ATTRIBUTES = st.fixed_dictionaries({"v": values | texts | st.lists(texts, max_size=2).map(tuple)})


@pytest.mark.postgres
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(
    located=[((120_000.0, 0.0), {"v": None}), ((120_000.0, 5.05e-249), {"v": None})],
    corners=((120_000.0, 120_000.0), (120_000.0, 2.7e-261)),
)
@given(
    located=st.lists(st.tuples(st.none() | points, ATTRIBUTES), min_size=1, max_size=12),
    corners=st.tuples(points, points),
)
def test_both_backends_give_the_same_answer(
    both: list[Store],
    located: list[tuple[tuple[float, float] | None, dict[str, Value]]],
    corners: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    features = [feature(f"f{i}", attributes, at=at) for i, (at, attributes) in enumerate(located)]
    (x1, y1), (x2, y2) = corners
    where = window(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    inside = [
        f"f{i}"
        for i, (at, _) in enumerate(located)
        if at
        and where.bbox
        and where.bbox.min_x <= at[0] <= where.bbox.max_x
        and where.bbox.min_y <= at[1] <= where.bbox.max_y
    ]
    for store in both:
        store.put_layer(layer(), features)
        assert ids(store, where) == sorted(inside)
        found = store.features(Where(layer="gebouwen", audiences=EVERYONE), limit=100)
        assert sorted(f.feature.id for f in found) == sorted(f.id for f in features)
        assert all(f.feature in features for f in found)


@pytest.mark.parametrize("at", [None, 1, 2])
def test_features_can_be_asked_by_their_exact_title(store: Store, at: int | None) -> None:
    def row(key: str, title: str) -> Feature:
        return feature(key, at=(X, Y), title=title)

    store.put_layer(layer(), [row("a", "Dijk"), row("b", "dijk"), row("c", "Dijk "), row("d", "Dijk")])
    store.put_layer(layer(), [row("a", "Dijk"), row("b", "dijk"), row("c", "Dijk "), row("d", "Kade")])
    for box in (None, BBox(X - 1, Y - 1, X + 1, Y + 1), BBox(X, Y, X, Y)):
        where = Where(layer="gebouwen", title="Dijk", bbox=box, at=at)
        assert ids(store, where) == (["a", "d"] if at == 1 else ["a"])
        assert store.count(where) == (2 if at == 1 else 1)
    assert ids(store, Where(layer="gebouwen", title="Di\x00jk")) == []
