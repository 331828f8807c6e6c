"""What the service has: every entity, what it says, and where its links lead."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.sensorthings.conftest import BASE, Ask, Read, ids
from tests.api.sensorthings.measured_twin import AIR, NOON, ODD, SERIES, STREAMS, WELL
from tweestad.api.sensorthings.around import Around
from tweestad.api.sensorthings.entities import TYPES
from tweestad.api.sensorthings.properties import value_of
from tweestad.api.sensorthings.rows import reading_row, stream_row
from tweestad.model.observation import Observation
from tweestad.model.reading import Reading, StoredDatastream
from tweestad.model.thing import Datastream

OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"


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
        for row in read(f"{kind.plural}?$top=2")["value"]:
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
