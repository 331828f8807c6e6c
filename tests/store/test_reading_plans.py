"""What a map, a chart and a source ask all day goes by the keys that were made for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.small_feed import ALL, HOUR, NOW, arrival, station, stream, value
from tests.store.test_plans import plan
from tweestad.store.protocol import Store
from tweestad.store.queries import SqlStore
from tweestad.store.tables import observation

KEYS = [f"s{i:04d}" for i in range(600)]
CHART = "lucht:s0007:no2"


@pytest.fixture(scope="module")
def city(module_store: Store) -> SqlStore:
    """600 stations with 40 values each, so that a planner with statistics has a reason to choose."""
    store = module_store
    assert isinstance(store, SqlStore)
    values = [
        value(float(i), NOW + i * timedelta(minutes=1), f"lucht:{key}:no2") for i in range(40) for key in KEYS
    ]
    things = [station(key, 120_000.0 + i * 10) for i, key in enumerate(KEYS)]
    store.put_arrival(arrival(things, [stream(key) for key in KEYS], values))
    with store._backend.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return store


def whole_tables(found: str) -> set[str]:
    """The tables that a plan reads from end to end."""
    lines = [line.strip(" ->") for line in found.splitlines()]
    scanned = [line for line in lines if line.startswith(("SCAN ", "Seq Scan on "))]
    return {line.removeprefix("SCAN ").removeprefix("Seq Scan on ").split()[0] for line in scanned}


def test_a_chart_reads_its_own_values_in_order(city: SqlStore) -> None:
    for descending in (False, True):
        found = plan(
            city,
            lambda store, d=descending: store.readings(  # type: ignore[misc]
                CHART, start=NOW, end=NOW + HOUR, limit=20, descending=d
            ),
        )
        assert "observation" not in whole_tables(found)
        assert "observation_pkey" in found or "SEARCH observation USING PRIMARY KEY" in found
        assert "TEMP B-TREE" not in found


def test_numbers_of_a_chart_read_its_own_values(city: SqlStore) -> None:
    found = plan(city, lambda store: store.aggregate(CHART, start=NOW, end=NOW + HOUR, step="hour"))
    assert "observation" not in whole_tables(found)
    assert "observation_pkey" in found or "SEARCH observation USING PRIMARY KEY" in found
    assert "time>? AND time<?" in found or '"time" >=' in found or "observation_pkey" in found


def test_the_last_values_are_not_looked_for_among_all(city: SqlStore) -> None:
    found = plan(city, lambda store: store.latest(ALL, limit=1_000))
    assert "observation" not in found.replace("observation_first", "")


def test_values_that_are_known_already_are_found_by_the_key(city: SqlStore) -> None:
    keys = [(number, 1_000_000 * number) for number in range(1, 300)]
    statement = city._backend.at_moments(observation, keys)

    def ask(_store: Store) -> object:
        with city._reader() as connection:
            return connection.execute(statement).all()

    found = plan(city, ask)
    assert "observation" not in whole_tables(found), found
    assert "BitmapOr" not in found


def test_the_last_values_of_then_are_found_by_the_key(city: SqlStore) -> None:
    found = plan(city, lambda store: store.latest(replace(ALL, at=NOW + HOUR / 3), limit=1_000))
    assert "observation" not in whole_tables(found)


def test_one_thing_and_its_datastreams_are_found_by_id(city: SqlStore) -> None:
    one = replace(ALL, things=("lucht:s0007",))
    for ask in (lambda store: store.things(one, limit=5), lambda store: store.datastreams(one, limit=5)):
        found = plan(city, ask)
        assert not whole_tables(found) & {"thing", "datastream", "latest"}, found
