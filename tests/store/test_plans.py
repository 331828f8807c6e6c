"""The queries that a map and a table ask all day use the index that was made for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from tests.store.small_city import PUBLIC, grid, layer, place
from tweestad.model.feature import BBox
from tweestad.store.protocol import Sort, Store, Where
from tweestad.store.queries import SqlStore

WINDOW = BBox(113_000, 481_000, 113_300, 481_300)
Ask = Callable[[Store], object]


@pytest.fixture(scope="module")
def city(module_store: Store) -> SqlStore:
    """6,000 features of two layers with history, so that a planner with statistics has a reason to choose."""
    store = module_store
    assert isinstance(store, SqlStore)
    for name in ("bomen", "gebouwen"):
        store.put_layer(layer(name), grid(3_000, layer_id=name))
        kept = (f for i, f in enumerate(grid(3_000, layer_id=name)) if i % 2)
        places = [place(f"Nieuwestraat {i}", f"p{i:06d}", layer_id=name) for i in range(1_500)]
        store.put_layer(layer(name), kept, places=places)
        store.put_layer(layer(name), grid(3_000, layer_id=name), places=places)
    return store


def plan(store: SqlStore, ask: Ask) -> str:
    """What the database says it did for the last statement of a question, found by asking it."""
    engine = store._backend.engine
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    ask(store)
    event.remove(engine, "before_cursor_execute", note)
    statement, parameters = asked[-1]
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("layer_id", ["gebouwen", None])
@pytest.mark.parametrize("at", [None, 3])
def test_a_window_goes_by_the_spatial_index(city: SqlStore, layer_id: str | None, at: int | None) -> None:
    where = Where(layer=layer_id, bbox=WINDOW, at=at)
    for ask in (
        lambda store: store.features(where, limit=100),
        lambda store: store.features(where, limit=10_000, after="p001000" if layer_id else None),
        lambda store: store.sorted_features(where, Sort("bouwjaar"), limit=10, offset=0),
    ):
        found = plan(city, ask)
        if "VIRTUAL TABLE" in found:
            assert "SCAN feature_box VIRTUAL TABLE INDEX 2:" in found
            assert "SEARCH feature USING INTEGER PRIMARY KEY" in found
        else:
            assert "feature_geom" in found
        assert "SCAN feature\n" not in found
        assert "Seq Scan on feature " not in found


@pytest.mark.parametrize("at", [None, 3])
def test_a_page_goes_by_the_key_and_is_not_sorted(city: SqlStore, at: int | None) -> None:
    found = plan(city, lambda store: store.features(Where("gebouwen", at=at), limit=50, after="p001000"))
    assert "feature_key" in found
    assert "feature_past_key" in found or at is None
    if at is None:
        assert "Sort" not in found
        assert "TEMP B-TREE" not in found


def test_named_features_go_by_the_key(city: SqlStore) -> None:
    found = plan(city, lambda store: store.features(Where("gebouwen", ids=("p000001", "p000002")), limit=5))
    assert "feature_key" in found


@pytest.mark.parametrize("at", [None, 3])
def test_a_national_id_goes_by_its_index(city: SqlStore, at: int | None) -> None:
    found = plan(city, lambda store: store.features(Where(ref="NL.000017", at=at), limit=100))
    assert "feature_ref" in found
    assert "feature_past_ref" in found or at is None


def test_a_search_goes_by_the_tokens_and_the_key_of_places(city: SqlStore) -> None:
    found = plan(city, lambda store: store.find_places(["nieuwe", "77"], audiences=PUBLIC, limit=10))
    assert "place_token" in found
    assert "SCAN place" not in found
    assert "Seq Scan on place_token" not in found
