"""Where addresses lead, what is refused, and who may see what."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from tests.api.asgi import call
from tests.api.sensorthings.conftest import BASE, Ask, Read, codes, ids
from tests.api.sensorthings.measured_twin import AIR, HIDDEN, HIDDEN_NAME, SERIES, STREAMS
from tweestad.access.actor import ROLES, STAFF_ROLES
from tweestad.api.root import moved_below
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.errors import InputRejected
from tweestad.store.protocol import Store


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (f"Things('{AIR}')/Datastreams", STREAMS[1:3]),
        (f"Things('{AIR}')/Datastreams('{SERIES}')/Thing/Locations", [AIR]),
        (f"Locations('{AIR}')/Things", [AIR]),
        (f"Locations('{AIR}')/HistoricalLocations", [AIR]),
        ("ObservedProperties('pm25')/Datastreams", [STREAMS[2], *STREAMS[5:]]),
        ("FeaturesOfInterest('ndw-situaties:B1')/Observations",
         [f"{s}@2026-04-16T12:00:00Z" for s in STREAMS[3:5]]),
    ],
)  # fmt: skip
def test_paths_lead_on_from_entity_to_entity(read: Read, address: str, found: list[str]) -> None:
    assert ids(read(address)) == found


def test_a_path_to_one_leads_to_that_one(read: Read) -> None:
    series = f"Datastreams('{SERIES}')"
    assert read(f"{series}/Thing")["@iot.id"] == AIR
    assert read(f"{series}/Sensor")["@iot.id"] == "luchtmeetnet"
    assert read(f"{series}/ObservedProperty")["@iot.id"] == "no2"
    reading = f"{series}/Observations('{SERIES}@2026-04-16T12:00:00Z')"
    assert read(f"{reading}/Datastream")["@iot.id"] == SERIES
    assert read(f"{reading}/FeatureOfInterest")["@iot.id"] == AIR


def test_a_property_can_be_had_alone_and_its_value_bare(read: Read, ask: Ask) -> None:
    assert read(f"Things('{AIR}')/name") == {"name": "Hoofdstraat"}
    value = ask(f"Things('{AIR}')/name/$value")
    assert (value.text, value.headers["content-type"]) == ("Hoofdstraat", "text/plain; charset=utf-8")
    assert read(f"Things('{AIR}')/properties/$value")["gemeente"] == "GM9999"
    reading = f"Observations('{SERIES}@2026-04-16T12:00:00Z')"
    assert ask(f"{reading}/result/$value").text == "99.0"
    assert ask("Observations('ndw-situaties:B1:brug-open@2026-04-16T12:00:00Z')/result/$value").text == "true"
    assert ask(f"{reading}/phenomenonTime/$value").text == "2026-04-16T11:00:00Z/2026-04-16T12:00:00Z"
    assert read(f"Things('{AIR}')/@iot.id") == {"@iot.id": AIR}
    assert ask(f"{reading}/validTime").status == 204


def test_references_are_addresses_only(read: Read) -> None:
    body = read(f"Things('{AIR}')/Datastreams/$ref?$top=1")
    assert body["value"] == [{"@iot.selfLink": f"{BASE}/Datastreams('{SERIES}')"}]
    following = read(body["@iot.nextLink"])
    assert following["value"] == [{"@iot.selfLink": f"{BASE}/Datastreams('{AIR}:pm25')"}]
    assert read(f"Things('{AIR}')/$ref") == {"@iot.selfLink": f"{BASE}/Things('{AIR}')"}


@pytest.mark.parametrize(
    "address",
    [
        "Onzin",
        "Things('onzin')",
        "Things(5)",
        "Things('a'b')",
        "Things/",
        "//",
        "Things//Datastreams",
        "Things/Datastreams",
        "Things/name",
        f"Things('{AIR}')/onzin",
        f"Things('{AIR}')/Thing",
        f"Things('{AIR}')/name/name",
        f"Things('{AIR}')/$value",
        f"Things('{AIR}')/Datastreams('ndw-situaties:B1:brug-open')",
        f"Datastreams('{SERIES}')/Thing('{AIR}')",
        f"Datastreams('{SERIES}')/Observations('ndw-situaties:B1:brug-open@2026-04-16T12:00:00Z')",
        "Observations('onzin')",
        f"Observations('{SERIES}@2026-04-16T12:00:01Z')",
        "Sensors('onzin')",
        "Things('a')" + "/Datastreams('b')" * 20,
        "../v1.1/Things",
    ],
)
def test_what_is_not_there_is_a_404(ask: Ask, address: str) -> None:
    answer = ask(address)
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address",
    [
        "MultiDatastreams",
        "Tasks",
        "Things?$search=x",
        "Things?$format=xml",
        "Things?$filtr=a",
        "Observations?$resultFormat=CSV",
    ],
)
def test_what_other_servers_have_is_a_501_that_says_so(ask: Ask, address: str) -> None:
    answer = ask(address)
    assert (answer.status, answer.json()["title"]) == (501, "Dit onderdeel is er niet")


def test_what_an_address_does_not_know_is_refused(ask: Ask) -> None:
    assert codes(ask("?x=1")) == {"x": "unknown"}
    assert codes(ask("Things?top=1")) == {"top": "unknown"}
    assert codes(ask("Things?$top=1&$top=2")) == {"$top": "twice"}
    assert codes(ask(f"Things('{AIR}')?$filter=name eq 'a'")) == {"$filter": "unknown"}
    assert codes(ask(f"Things('{AIR}')/name?$select=name")) == {"$select": "unknown"}


def test_nobody_finds_what_is_for_staff(ask: Ask) -> None:
    paths = [
        "Things",
        "Locations",
        "FeaturesOfInterest",
        "HistoricalLocations",
        "Datastreams",
        "Sensors",
        "ObservedProperties",
        "Observations?$filter=result gt 99",
        "Observations?$orderby=result desc",
        "Observations?$orderby=phenomenonTime desc&$top=1000",
        f"Things('{HIDDEN}')",
        f"Things('{HIDDEN}')/Datastreams",
        f"Datastreams('{HIDDEN}:pm10')/Observations",
        f"Observations('{HIDDEN}:pm10@2026-04-16T12:00:00Z')",
        "Sensors('proef')/Datastreams",
        "ObservedProperties('pm10')/Datastreams?$expand=Observations,Thing",
        f"FeaturesOfInterest('{HIDDEN}')/Observations",
        "Things?$filter=Datastreams/Observations/result gt 99&$count=true",
    ]
    for path in paths:
        for role in ("", *ROLES):
            staff = role in STAFF_ROLES
            answer = ask(path, role=role)
            told = any(secret in answer.text for secret in (HIDDEN_NAME, HIDDEN, "proef", "pm10"))
            assert (answer.status == 200 and told) == staff, (path, role)


def test_counts_do_not_tell_of_what_is_for_staff(read: Read) -> None:
    for collection, seen in (("Things", 5), ("Datastreams", 7), ("Observations", 64), ("Sensors", 5)):
        assert read(f"{collection}?$count=true&$top=0")["@iot.count"] == seen
        assert read(f"{collection}?$count=true&$top=0", role="moderator")["@iot.count"] == seen + 1


def test_it_is_open_to_every_site_and_kept_by_nobody_for_staff(ask: Ask) -> None:
    answer = ask("Things", origin="https://elders.test")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-cache"
    assert ask("Things", role="analyst").headers["cache-control"] == "private, no-store"
    again = ask("Things", **{"if-none-match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_addresses_are_those_of_the_setting_or_as_the_client_named_us(
    measured_config: Config, measured: Store, measuring_app: TwinApp
) -> None:
    url = Config.from_environment({"TWEESTAD_URL": "https://tweeling.example.nl"}).public_url
    named = create_app(Config(measured_config.data_dir, public_url=url), store=measured)
    first = call(named, "/sta/v1.1").json()["value"][0]["url"]
    assert first == "https://tweeling.example.nl/sta/v1.1/Things"
    asked = call(measuring_app, "/sta/v1.1", headers={"host": "stad.test:8443"}, scheme="https")
    assert asked.json()["value"][0]["url"] == "https://stad.test:8443/sta/v1.1/Things"
    for host in ("a/b", "a b", 'a"b', ""):
        assert call(measuring_app, "/sta/v1.1", headers={"host": host}).status == 400
    for wrong in ("tweeling.example.nl", "https://tweeling.example.nl/stad", "ftp://x"):
        with pytest.raises(InputRejected):
            Config.from_environment({"TWEESTAD_URL": wrong})


def test_a_twin_below_a_path_names_itself_with_that_path(measuring_app: TwinApp) -> None:
    async def region(scope: Scope, receive: Receive, send: Send) -> None:
        await measuring_app(moved_below(scope, "/stad/klein"), receive, send)

    body = call(region, "/stad/klein/sta/v1.1/Sensors('luchtmeetnet')").json()
    assert body["@iot.selfLink"] == "http://twin.test/stad/klein/sta/v1.1/Sensors('luchtmeetnet')"
    assert body["metadata"] == "http://twin.test/stad/klein/bronnen"


def test_nothing_can_be_written(measuring_app: TwinApp) -> None:
    for method in ("POST", "PATCH", "PUT", "DELETE"):
        answer = call(measuring_app, "/sta/v1.1/Things", method=method)
        assert (answer.status, "GET" in Headers(raw=answer.headers.raw)["allow"]) == (405, True)
