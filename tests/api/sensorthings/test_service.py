"""What the service has: every entity, what it says, and where its links lead."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.datastructures import Headers

from tests.api.asgi import call
from tests.api.sensorthings.conftest import BASE, Ask, Read, codes, ids
from tests.api.sensorthings.measured_twin import AIR, HIDDEN, HIDDEN_NAME, NOON, ODD, SERIES, WELL
from tweestad.access.actor import ROLES, STAFF_ROLES
from tweestad.api.sensorthings.around import Around
from tweestad.api.sensorthings.entities import TYPES
from tweestad.api.sensorthings.properties import value_of
from tweestad.api.sensorthings.rows import reading_row, stream_row
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.errors import InputRejected
from tweestad.model.observation import Observation
from tweestad.model.reading import Reading, StoredDatastream
from tweestad.model.thing import Datastream
from tweestad.store.protocol import Store

OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"

STREAMS = [
    WELL + ":grondwaterstand",
    SERIES,
    f"{AIR}:pm25",
    "ndw-situaties:B1:brug-open",
    "ndw-situaties:B1:paneeltekst",
    f"{ODD}:pm25",
    f"{ODD}:pm25:kal",
]


def test_the_service_lists_its_collections_and_what_it_conforms_to(read: Read) -> None:
    body = read("")
    assert body["value"] == [{"name": each.plural, "url": f"{BASE}/{each.plural}"} for each in TYPES.values()]
    # Clients write the root in both ways.
    assert read("/") == body
    for each in body["value"]:
        assert read(each["url"])["value"], each
    conformance = body["serverSettings"]["conformance"]
    assert "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel" in conformance
    # It cannot be written to, and no class is claimed of which writing is a part.
    assert not [each for each in conformance if any(w in each for w in ("create", "mqtt", "array", "multi"))]


def test_a_thing_says_what_it_is(read: Read) -> None:
    assert read(f"Things('{AIR}')") == {
        "@iot.id": AIR,
        "@iot.selfLink": f"{BASE}/Things('{AIR}')",
        "name": "Hoofdstraat",
        "description": "station, Luchtmeetnet (official air quality)",
        "properties": {
            "gemeente": "GM9999",
            "hoog": 4,
            "source": "luchtmeetnet",
            "kind": "station",
            "key": "NL1",
        },
        "Locations@iot.navigationLink": f"{BASE}/Things('{AIR}')/Locations",
        "HistoricalLocations@iot.navigationLink": f"{BASE}/Things('{AIR}')/HistoricalLocations",
        "Datastreams@iot.navigationLink": f"{BASE}/Things('{AIR}')/Datastreams",
    }


def test_a_place_is_in_degrees_and_says_how_sure_it_is(read: Read) -> None:
    place = read(f"Locations('{WELL}')")
    assert place["encodingType"] == "application/geo+json"
    assert place["location"]["type"] == "Point"
    lon, lat = place["location"]["coordinates"]
    assert (round(lon, 4), round(lat, 4)) == (4.9378, 52.3735)
    assert place["properties"] == {"heightNapM": 1.25, "accuracyM": 2.0, "invented": True}
    assert (
        read("Things('samen-meten:b/c''d (1) & 50% é')/Locations")["value"][0]["location"]["type"]
        == "LineString"
    )


def test_a_thing_without_a_place_has_no_location_and_is_still_a_thing(read: Read) -> None:
    lost = "Things('bro-grondwater:GMW2')"
    assert read(lost)["name"] == "GMW2"
    assert read(lost)["properties"]["ref"] == "NL.BRO.GMW2"
    assert read(f"{lost}/Locations")["value"] == []
    assert read(f"{lost}/HistoricalLocations")["value"] == []
    assert read("FeaturesOfInterest('bro-grondwater:GMW2')")["feature"] is None


def test_a_thing_was_where_it_is_since_it_is_there_or_since_it_measures(read: Read) -> None:
    times = {row["@iot.id"]: row["time"] for row in read("HistoricalLocations")["value"]}
    assert times[ODD] == "2026-04-16T12:00:00Z"
    assert times[AIR] == "2026-04-15T07:00:00Z"
    # What never measured and does not say since when it is there has no history.
    assert WELL not in times
    assert ids(read(f"HistoricalLocations('{AIR}')/Locations")) == [AIR]


def test_a_datastream_says_what_is_measured_in_which_unit(read: Read) -> None:
    stream = read(f"Datastreams('{SERIES}')")
    assert stream["name"] == "Stikstofdioxide (NO₂)"
    assert stream["unitOfMeasurement"] == {
        "name": "µg/m³",
        "symbol": "ug/m3",
        "definition": "https://ucum.org/ucum#ug/m3",
    }
    assert stream["phenomenonTime"] == "2026-04-15T07:00:00Z/2026-04-16T12:00:00Z"
    assert stream["properties"] == {"source": "luchtmeetnet", "observed": "no2", "periodS": 3600}
    assert "observedArea" not in stream
    never = read(f"Datastreams('{WELL}:grondwaterstand')")
    assert "phenomenonTime" not in never


@pytest.mark.parametrize(
    ("stream", "kind", "unit"),
    [
        (SERIES, "OM_Measurement", "ug/m3"),
        ("ndw-situaties:B1:brug-open", "OM_TruthObservation", None),
        ("ndw-situaties:B1:paneeltekst", "OM_Observation", None),
    ],
)
def test_the_type_of_an_observation_follows_from_its_property(
    read: Read, stream: str, kind: str, unit: str | None
) -> None:
    body = read(f"Datastreams('{stream}')")
    assert body["observationType"] == f"{OM}{kind}"
    assert body["unitOfMeasurement"]["symbol"] == unit


def test_results_keep_their_type(read: Read) -> None:
    found = read("Observations?$filter=Datastream/properties/source ne 'luchtmeetnet'")["value"]
    assert [row["result"] for row in found] == [True, "Brug open, volg U12", 30.5, None]


def test_what_is_counted_is_a_whole_number() -> None:
    stream = StoredDatastream(Datastream("laadpunten:1", "laadpunten-vrij", ""), "laadpunten", "public")
    row = reading_row(stream, Reading(Observation(stream.datastream.id, NOON, 3.0, NOON)))
    assert repr(value_of(row, "result", Around(""))) == "3"
    assert value_of(stream_row(stream), "observationType", Around("")) == f"{OM}OM_CountObservation"


def test_an_observation_has_its_times_its_quality_and_its_past(read: Read) -> None:
    last = read(f"Observations('{SERIES}@2026-04-16T12:00:00Z')")
    assert last["phenomenonTime"] == "2026-04-16T11:00:00Z/2026-04-16T12:00:00Z"
    assert last["resultTime"] == "2026-04-16T13:00:00Z"
    assert last["result"] == 99.0
    assert last["resultQuality"] == {"scheme": "QARTOD", "code": 3, "word": "suspect", "told": "twijfel"}
    assert last["parameters"] == {
        "received": "2026-04-16T13:00:00Z",
        "original": "9",
        "revised": True,
        "firstResult": 10.0,
    }
    moment = read("Datastreams('ndw-situaties:B1:brug-open')/Observations")["value"][0]
    assert moment["phenomenonTime"] == "2026-04-16T12:00:00Z"
    assert moment["resultTime"] is None


def test_a_sensor_is_a_source_with_its_method(read: Read) -> None:
    assert ids(read("Sensors")) == [
        "bro-grondwater",
        "luchtmeetnet",
        "ndw-situaties",
        "samen-meten",
        "samen-meten:kal",
    ]
    sensor = read("Sensors('luchtmeetnet')")
    assert sensor["name"] == "Luchtmeetnet"
    assert sensor["metadata"] == "http://twin.test/bronnen"
    assert sensor["properties"] == {
        "source": "luchtmeetnet",
        "method": "",
        "publisher": "RIVM",
        "licence": "open",
        "attribution": "Luchtmeetnet",
        "state": "silent",
        "staleAfterS": 10_800,
    }
    # Of this one nobody said how it is doing.
    assert read("Sensors('samen-meten:kal')")["name"] == "samen-meten (kal)"
    assert ids(read("Sensors('samen-meten:kal')/Datastreams")) == [f"{ODD}:pm25:kal"]
    assert ids(read("Sensors('samen-meten')/Datastreams")) == [f"{ODD}:pm25"]


@pytest.mark.parametrize(
    ("source", "label", "words"),
    [
        ("ndw-situaties", {"recording": "2026-04-16"}, "recording of 2026-04-16 for demonstration"),
        ("bro-grondwater", {"invented": True}, "invented"),
    ],
)
def test_a_recording_and_an_invention_say_so_wherever_they_are_told(
    read: Read, source: str, label: dict[str, Any], words: str
) -> None:
    wanted = f"$filter=properties/source eq '{source}'"
    rows = [
        *read(f"Things?{wanted}")["value"],
        *read(f"Datastreams?{wanted}")["value"],
        *read(f"Sensors?{wanted}")["value"],
        *read(f"Things?{wanted}&$expand=Locations&$top=1")["value"][0]["Locations"],
    ]
    for row in rows:
        assert words in row["description"]
        assert label.items() <= row["properties"].items()
    for row in read(f"Observations?$filter=Datastream/properties/source eq '{source}'")["value"]:
        assert label.items() <= row["parameters"].items()
    official = read(f"Things('{AIR}')")
    assert not {"recording", "invented"} & official["properties"].keys()


def test_an_observed_property_has_its_definition_and_norms(read: Read) -> None:
    known = read("ObservedProperties('no2')")
    assert known["definition"] == "http://dd.eionet.europa.eu/vocabulary/aq/pollutant/8"
    assert known["properties"]["unit"] == "ug/m3"
    assert {"limit": 10.0, "period": "year"}.items() <= known["properties"]["norms"][0].items()
    own = read("ObservedProperties('brug-open')")
    assert own["definition"].startswith(("http://", "https://"))


def links_in(body: dict[str, Any]) -> list[str]:
    return [link for name, link in body.items() if name.endswith("@iot.navigationLink")]


def test_every_link_of_every_entity_leads_to_entities(read: Read, ask: Ask) -> None:
    for kind in TYPES.values():
        for row in read(f"{kind.plural}?$top=3")["value"]:
            assert ask(row["@iot.selfLink"]).json() == row
            for link in links_in(row):
                body = read(link)
                for other in body.get("value", [body]):
                    assert ask(other["@iot.selfLink"]).json()["@iot.id"] == other["@iot.id"]


def test_an_id_may_hold_anything(read: Read) -> None:
    thing = next(row for row in read("Things")["value"] if row["@iot.id"] == ODD)
    assert "%2F" in thing["@iot.selfLink"]
    assert "''" in thing["@iot.selfLink"].replace("%27", "'")
    assert read(thing["@iot.selfLink"]) == thing
    assert ids(read(thing["Datastreams@iot.navigationLink"])) == STREAMS[5:]
    assert ids(read("Things('samen-meten:b/c''d (1) & 50% é')/Datastreams")) == STREAMS[5:]


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


def test_nothing_can_be_written(measuring_app: TwinApp) -> None:
    for method in ("POST", "PATCH", "PUT", "DELETE"):
        answer = call(measuring_app, "/sta/v1.1/Things", method=method)
        assert (answer.status, "GET" in Headers(raw=answer.headers.raw)["allow"]) == (405, True)
