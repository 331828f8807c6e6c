"""Every recording of roads, parking, charging and sharing gives what its description says it holds."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import orjson
import pytest

from tests.sources.recordings import read, reasons, recording, skipped, things, values
from tweestad.feeds.reading import channels_of
from tweestad.model.observation import Flag
from tweestad.model.thing import Datastream

pytestmark = pytest.mark.open_data


def test_one_site_of_ndw_trafficspeed_joins_a_table_that_knows_it() -> None:
    channels = {"PZH01_MST_0690_00@3#1:lane1": ("ndw-verkeer:PZH01_MST_0690_00:verkeersintensiteit",)}
    channels |= {name: (name,) for names in channels.values() for name in names}
    file = "traffic/ndw-v23-trafficspeed-1site-20190110.xml"
    (value,) = values(read("ndw-verkeer", recording(file), "minute", channels=channels))
    assert value.result == 540
    assert value.phenomenon == datetime(2019, 1, 10, 13, 59, tzinfo=UTC)
    without = read("ndw-verkeer", recording(file), "minute")
    assert not values(without)
    assert reasons(without) == {"the site table has not been read, or has no site here": 1}
    moved = {name.replace("@3", "@4"): ids for name, ids in channels.items()}
    assert reasons(read("ndw-verkeer", recording(file), "minute", channels=moved)) == {
        "the site has another version than in the site table": 1
    }


def test_a_travel_time_of_ndw_comes_with_the_usual_one() -> None:
    stream = "ndw-verkeer:RWS09_017:reistijd"
    channels = {
        "RWS09_017@2#1:all": (stream,),
        stream: (stream,),
        f"{stream}-normaal": (f"{stream}-normaal",),
    }
    found = read(
        "ndw-verkeer",
        recording("traffic/ndw-v23-traveltime-1site-20190110.xml"),
        "traveltime",
        channels=channels,
    )
    assert [each.result for each in values(found)] == [288.403, 272.397]


def test_french_loops_without_a_site_table_are_told_apart_by_their_kind() -> None:
    found = read(
        "ndw-verkeer",
        recording("traffic/fr-tipi-v22-speeds-20260725.xml"),
        "minute",
        settings={"without_table": True},
    )
    assert [(each.datastream.split(":", 1)[1], each.result) for each in values(found)] == [
        ("MUM76.h1:verkeersintensiteit", 1010),
        ("MUM76.h1:verkeerssnelheid", 112),
        ("A0001011200:verkeersintensiteit", 1420),
        ("A0001011200:verkeerssnelheid", 85),
    ]


@pytest.mark.parametrize(
    ("file", "count", "kinds"),
    [
        (
            "ndw-v3-actueel-beeld-20260621.xml.gz",
            853,
            {"closure": 520, "detour": 112, "incident": 123, "speed": 97, "bridge": 1},
        ),
        ("ndw-v3-srti-20260724.xml", 1, {"incident": 1}),
        ("ndw-v23-gebeurtenisinfo-20251031.xml.gz", 58, {"queue": 50, "closure": 8}),
        ("ndw-v23-incidents-20251031.xml.gz", 10, {"incident": 10}),
        ("ndw-v23-srti-20251031.xml.gz", 60, {"incident": 60}),
        ("ndw-v3-emissiezones-20260723.xml", 2, {"zone": 2}),
    ],
)
def test_every_traffic_message_of_a_snapshot_is_a_thing(file: str, count: int, kinds: dict[str, int]) -> None:
    found = read("ndw-situaties", recording(f"traffic/{file}"), "situations")
    assert not reasons(found)
    assert Counter(each.kind for each in things(found)) == kinds
    assert len(values(found)) == count
    for each in things(found):
        if each.location is not None:
            assert 2.5 < each.location.x < 7.5
            assert 50.5 < each.location.y < 54


def test_the_snapshot_of_2026_has_open_ends_and_messages_without_a_place() -> None:
    found = things(
        read("ndw-situaties", recording("traffic/ndw-v3-actueel-beeld-20260621.xml.gz"), "situations")
    )
    assert sum(each.until is not None for each in found) == 557
    assert sum(each.location is None for each in found) == 11
    assert len({each.properties["groep"] for each in found}) == 435
    (bridge,) = [each for each in found if each.kind == "bridge"]
    assert bridge.key == "ODS01_NLTNZ001300522000264"


def test_every_matrix_sign_with_a_position_shows_something() -> None:
    positions = read("ndw-matrixborden", recording("traffic/ndw-msi-locaties.csv.gz"), "positions")
    assert not reasons(positions)
    assert len(things(positions)) == 18_200
    streams = [each for each in positions if isinstance(each, Datastream)]
    channels = channels_of(streams)
    file = "traffic/ndw-msi-matrixsignaal-20251022.xml.gz"
    found = read("ndw-matrixborden", recording(file), "signs", channels=channels)
    assert not reasons(found)
    assert sum(skipped(found).values()) == 281
    shown = [each for each in values(found) if each.datastream.endswith(":matrixbeeld")]
    assert len(shown) == 18_416 - 281 == 18_200 - 65
    assert min(each.phenomenon for each in shown).year == 2025


def test_every_route_panel_joins_its_table() -> None:
    table = read("ndw-routeborden", recording("traffic/ndw-v23-vms-table-20251017.xml.gz"), "panels")
    assert sum(reasons(table).values()) == 14  # 13 have no place, and one stands at 0,0
    assert len(things(table)) == 939 - 14
    channels = channels_of([each for each in table if isinstance(each, Datastream)])
    file = "traffic/ndw-v23-vms-status-20251021.xml.gz"
    found = read("ndw-routeborden", recording(file), "status", channels=channels)
    states = Counter(each.result for each in values(found) if each.datastream.endswith(":drip"))
    assert sum(states.values()) + sum(reasons(found).values()) + sum(skipped(found).values()) == 902
    assert states["broken"] == 171 - 1  # one of them has no place
    assert not reasons(found)
    assert sum(each.flag == Flag.SUSPECT for each in values(found)) == 25  # bitmaps that are called PNG


def test_the_garages_of_amsterdam_that_report_a_fault_are_unknown_and_not_full() -> None:
    found = read("parkeergarages", recording("parking/amsterdam-garages-20230223.json"), "amsterdam")
    assert not reasons(found)
    assert len(things(found)) == 66
    free = [each for each in values(found) if each.datastream.endswith(":plaatsen-vrij")]
    assert sum(each.result is None for each in free) == 21
    assert all(each.flag >= Flag.MISSING for each in free if each.result is None)


def test_the_garages_of_aachen_join_on_their_id_although_their_versions_differ() -> None:
    table = read("parkeergarages", recording("parking/aachen-datex2-static.xml"), "datex-table")
    status = read("parkeergarages", recording("parking/aachen-datex2-realtime.xml"), "datex-status")
    assert not reasons(table)
    assert not reasons(status)
    free = [each for each in values(status) if each.datastream.endswith(":plaatsen-vrij")]
    assert len(things(table)) == len(free) == 17
    assert {f"{each.id}:plaatsen-vrij" for each in things(table)} == {each.datastream for each in free}
    assert free[0].result == 412


def test_lorry_parks_that_cannot_be_right_show_no_number() -> None:
    found = values(
        read("parkeergarages", recording("parking/ndw-v3-truckparking-status-20260724.xml"), "datex-status")
    )
    free = {
        each.datastream.split(":")[1]: each for each in found if each.datastream.endswith(":plaatsen-vrij")
    }
    assert len(free) == 8
    assert (free["NL-12_8"].result, free["NL-12_8"].flag) == (None, Flag.FAIL)
    assert (free["NL-12_413"].result, free["NL-12_413"].flag) == (None, Flag.MISSING)
    assert free["NL-12_421"].flag == Flag.SUSPECT


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("amsterdam-parkeervakken-e6a-202212.json", "amsterdam"),
        ("eindhoven-3_disabled_parkings.json", "eindhoven"),
        ("arnhem-e6a-parking.json", "arnhem"),
    ],
)
def test_the_bays_of_a_city_stand_in_that_city_without_a_number_plate(file: str, part: str) -> None:
    found = read("gehandicaptenplaatsen", recording(f"parking/{file}"), part)
    assert not reasons(found)
    assert len(things(found)) == 10
    boxes = {
        "amsterdam": (4.7, 52.2, 5.1, 52.5),
        "eindhoven": (5.3, 51.3, 5.6, 51.6),
        "arnhem": (5.7, 51.8, 6.1, 52.1),
    }
    west, south, east, north = boxes[part]
    for each in things(found):
        assert each.location is not None
        assert west < each.location.x < east
        assert south < each.location.y < north
        assert set(each.properties) <= {"straat", "soort", "plaatsen"}


def test_the_mopeds_of_almere_and_the_bicycles_of_lillestrom() -> None:
    mopeds = read("gbfs", recording("mobility/gbfs3-check-almere__vehicle_status.json"), "vehicles")
    assert not reasons(mopeds)
    assert len(things(mopeds)) == len(values(mopeds)) == 6
    stations = read(
        "gbfs", recording("mobility/gbfs2-lillestrom__station_information.json"), "station-information"
    )
    assert len(things(stations)) == 6
    assert things(stations)[0].name == "TORVGATA"
    channels = channels_of([each for each in stations if isinstance(each, Datastream)])
    status = read(
        "gbfs",
        recording("mobility/gbfs2-lillestrom__station_status.json"),
        "station-status",
        channels=channels,
    )
    assert not reasons(status)
    bicycles = [each for each in values(status) if each.datastream.endswith(":fietsen-vrij")]
    assert len(bicycles) == 6
    assert bicycles[0].result == 10


def test_the_places_of_ov_fiets_as_they_were_scraped() -> None:
    with recording("mobility/ovfiets-20190814.json") as file:
        scraped = orjson.loads(file.read())
    for each in scraped:
        found = read("ov-fiets", orjson.dumps(each["fields"]["data"]), "locations")
        assert not reasons(found)
        assert len(things(found)) == len(each["fields"]["data"]["locaties"])


def test_the_finnish_charging_site_has_its_place_and_points() -> None:
    found = read("laadpunten", recording("charging/fi-afir-datex2-36.json"), "afir")
    (site,) = things(found)
    assert site.location is not None
    assert (site.location.x, site.location.y) == (24.875, 60.1911)
    assert [each.result for each in values(found)] == [2]


def test_departures_at_an_amsterdam_stop_are_on_dutch_clocks() -> None:
    with recording("transit/ovapi-tpc_live.json") as file:
        told = orjson.loads(file.read())
    passes = {
        f"{stop}/{key}": each for stop, inside in told.items() for key, each in inside["Passes"].items()
    }
    found = read("ov-haltes", orjson.dumps(told), "departures")
    assert not reasons(found)
    assert {each.key for each in things(found)} == set(passes)
    first = next(each for each in values(found) if each.datastream.endswith(":vertrek"))
    assert passes[first.datastream.split(":")[1]]["ExpectedDepartureTime"] == "2026-04-21T23:48:29"
    assert first.result == "2026-04-21T21:48:29Z"
    assert not reasons(read("ov-haltes", recording("transit/ovapi-tpc_schiphol.json"), "departures"))


def test_the_stops_of_small_ferries_have_names_and_places() -> None:
    found = read("ov-haltes", recording("transit/gtfs-nl-veren-2018.zip"), "stops")
    assert not reasons(found)
    assert len(things(found)) == 567  # 568 lines with the header
    assert all(each.location is not None and each.name for each in things(found))
