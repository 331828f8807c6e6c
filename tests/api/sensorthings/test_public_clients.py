"""Programs of others read the service over HTTP: the FROST client."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import frost_sta_client as frost
import pytest
import uvicorn

from tests.api.sensorthings.measured_twin import AIR, HIDDEN, HOURS, ODD, SERIES, WELL
from tests.api.sensorthings.test_documentation import PAGE
from tweestad.app import TwinApp

START_TIMEOUT_S = 20.0
# The client uses an old name of its own library; that is its own affair.
pytestmark = pytest.mark.filterwarnings("ignore:furl.pathstr is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def server(measuring_app: TwinApp) -> Iterator[str]:
    """The address of the service on loopback."""
    settings = uvicorn.Config(
        measuring_app, host="127.0.0.1", port=0, log_level="warning", ws="none", lifespan="off"
    )
    running = uvicorn.Server(settings)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    until = time.monotonic() + START_TIMEOUT_S
    while not running.started and time.monotonic() < until:
        time.sleep(0.01)
    (listening,) = running.servers[0].sockets
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/sta/v1.1"
    running.should_exit = True
    thread.join(START_TIMEOUT_S)


@pytest.fixture(scope="module")
def service(server: str) -> frost.SensorThingsService:
    return frost.SensorThingsService(server)


def test_the_frost_client_lists_every_collection(service: frost.SensorThingsService) -> None:
    things = list(service.things().query().list())
    assert {thing.id for thing in things} >= {AIR, ODD, WELL}
    assert HIDDEN not in {thing.id for thing in things}
    found = {
        name: [each.id for each in getattr(service, name)().query().list()]
        for name in ("locations", "historical_locations", "datastreams", "sensors", "observed_properties",
                     "features_of_interest", "observations")
    }  # fmt: skip
    assert all(found.values()), found
    assert SERIES in found["datastreams"]


def test_the_frost_client_follows_the_pages(service: frost.SensorThingsService) -> None:
    page = service.observations().query().top(10).count().list()
    assert (len(page.entities), page.count) == (10, 64)
    every = list(page)
    assert len(every) == 64
    assert len({each.id for each in every}) == 64


def test_the_frost_client_filters_orders_selects_and_expands(service: frost.SensorThingsService) -> None:
    query = service.datastreams().query().filter(f"Thing/@iot.id eq '{AIR}' and ObservedProperty/id eq 'no2'")
    (stream,) = query.expand("Thing($expand=Locations),Sensor,ObservedProperty,Observations($top=2)").list()
    assert (stream.id, stream.thing.name, stream.sensor.name) == (SERIES, "Hoofdstraat", "Luchtmeetnet")
    assert stream.unit_of_measurement.symbol == "ug/m3"
    assert stream.observed_property.definition.startswith("http")
    assert len(stream.observations.entities) == 2
    newest = stream.get_observations().query().orderby("phenomenonTime").top(1).list().get(0)
    assert (newest.result, newest.result_quality["code"]) == (99.0, 3)
    lowest = stream.get_observations().query().orderby("result", "ASC").top(1).list().get(0)
    assert lowest.result == 11.0
    names = service.things().query().select("name").filter("substringof('straat',name)").list()
    assert [thing.name for thing in names] == ["Hoofdstraat"]


def test_the_program_on_the_page_of_documentation_runs(
    server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert "http://localhost:8000/sta/v1.1" in program
    exec(program.replace("http://localhost:8000/sta/v1.1", server), {})  # noqa: S102
    assert capsys.readouterr().out == "Hoofdstraat 2026-04-16T11:00:00Z/2026-04-16T12:00:00Z 99.0 ug/m3\n"


def test_the_frost_client_finds_one_by_its_id(service: frost.SensorThingsService) -> None:
    thing = service.things().find(AIR)
    assert thing.properties["gemeente"] == "GM9999"
    assert [stream.id for stream in thing.get_datastreams().query().list()] == [SERIES, f"{AIR}:pm25"]
    place = thing.get_locations().query().list().get(0)
    assert place.location["type"] == "Point"
    reading = service.observations().find(f"{SERIES}@2026-04-16T12:00:00Z")
    assert reading.phenomenon_time == "2026-04-16T11:00:00Z/2026-04-16T12:00:00Z"
    assert len(list(service.datastreams().find(SERIES).get_observations().query().top(7).list())) == HOURS
