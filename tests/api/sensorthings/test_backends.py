"""Both databases give the same answers, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.asgi import call
from tests.api.sensorthings.conftest import Ask, encoded
from tests.api.sensorthings.measured_twin import HOUR, NOON, ODD, SERIES, fill_measurements
from tests.postgres_server import Cluster
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.store.opening import open_store

LAST = "Observations($orderby=phenomenonTime desc;$top=1)"
ASKED = (
    "Things?$count=true&$expand=Locations,HistoricalLocations,Datastreams($count=true)",
    f"Datastreams?$top=3&$expand=Thing,Sensor,ObservedProperty,{LAST}",
    "Observations?$top=40&$count=true",
    "Observations?$orderby=phenomenonTime desc&$top=40",
    "Observations?$skiptoken=luchtmeetnet:NL1:no2@2026-04-16T03:00:00Z&$filter=result gt 12",
    "Things?$filter=st_within(Locations/location,geography'POLYGON((4.89 52.3,5 52.3,5 52.4,4.89 52.3))')",
    f"Datastreams?$filter=Thing/id eq '{SERIES.rpartition(':')[0]}' or Thing/properties/kind eq 'bridge'",
    "Things?$skiptoken=samen-meten:b",
    "Things?$filter=name eq 'é' or id eq '"
    + ODD.replace("'", "''").replace("%", "%25").replace("&", "%26")
    + "'",
    "Sensors",
    "Things?$skiptoken=%00",
    "Things?$filter=id eq '%EF%BF%BF'",
)


@pytest.mark.postgres
def test_postgresql_answers_what_sqlite_answers(ask: Ask, postgres_cluster: Cluster, tmp_path: Path) -> None:
    url = postgres_cluster.new_database()
    store = open_store(url, tmp_path)
    try:
        fill_measurements(store)
        app = create_app(Config(data_dir=tmp_path), store=store, now=lambda: NOON + 24 * HOUR)
        for address in ASKED:
            mine, theirs = ask(address), call(app, encoded(address))
            assert mine.status == 200, mine.text
            assert theirs.body == mine.body, address
    finally:
        store.close()
        postgres_cluster.drop(url)
