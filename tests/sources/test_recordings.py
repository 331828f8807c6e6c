"""Every recording of the open-data folder that a source can read gives what its description says it holds."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import orjson
import pytest

from tweestad.feeds.reading import channels_of, read_payload
from tweestad.feeds.sources import get_source
from tweestad.model.observation import Flag, Observation
from tweestad.model.received import Facts, Parsed, Rejected, Skipped
from tweestad.model.thing import Datastream, Thing

pytestmark = pytest.mark.open_data

LIVE = Path(os.environ.get("OPEN_DATA") or Path(__file__).resolve().parents[3] / "shared/data") / "live"
LATER = datetime(2026, 11, 1, tzinfo=UTC)


def recording(name: str) -> BinaryIO:
    """A recording, unpacked; the test is skipped when the open-data folder is not there."""
    path = LIVE / name
    if not path.exists():
        pytest.skip("needs the open-data folder (OPEN_DATA)")
    return cast(BinaryIO, gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


def read(
    source_id: str,
    data: BinaryIO | bytes,
    part: str,
    *,
    url: str = "",
    channels: Mapping[str, tuple[str, ...]] | None = None,
    settings: Mapping[str, object] | None = None,
) -> list[Parsed]:
    """What comes out of one payload of a source."""
    source = get_source(source_id)
    told = settings if settings is not None else source.manifest.settings
    facts = Facts(source_id, LATER, part, url, channels=channels or {}, settings=told)
    payload = io.BytesIO(data) if isinstance(data, bytes) else data
    with payload:
        return list(read_payload(source, payload, facts))


def values(found: list[Parsed]) -> list[Observation]:
    return [each for each in found if isinstance(each, Observation)]


def things(found: list[Parsed]) -> list[Thing]:
    return [each for each in found if isinstance(each, Thing)]


def reasons(found: list[Parsed]) -> Counter[str]:
    return Counter(each.reason for each in found if isinstance(each, Rejected))


def skipped(found: list[Parsed]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for each in found:
        if isinstance(each, Skipped):
            counts[each.reason] += each.count
    return counts


def rows(name: str) -> Iterator[dict[str, str]]:
    with recording(name) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8"))


def test_a_station_of_luchtmeetnet_as_it_was_answered() -> None:
    (thing,) = read(
        "luchtmeetnet", recording("air/luchtmeetnet-station-geleen.json"), "station", url="http://x/NL50009"
    )
    assert isinstance(thing, Thing)
    assert thing.id == "luchtmeetnet:NL50009"
    assert thing.location is not None
    assert (thing.location.x, thing.location.y) == (5.82224, 50.98445)
    assert thing.properties["sinds"] == "1986"


def test_three_weeks_of_luchtmeetnet_keep_every_value_also_below_zero() -> None:
    """The recording is a table made from the replies: here it is written back as replies."""
    formulas = {"pm10": "PM10", "pm25": "PM25"}
    data, missing, negative = [], 0, 0
    count = 0
    for row in rows("air/luchtmeetnet-hll-20191223-20200113.csv.gz"):
        count += 1
        station, when = row.pop("station_number"), row.pop("date")
        for name, told in row.items():
            value = None if told == "NA" else float(told)
            missing += value is None
            negative += value is not None and value < 0
            formula = formulas.get(name, name)
            data.append(
                {"station_number": station, "value": value, "timestamp_measured": when, "formula": formula}
            )
    assert count == 4354
    body = orjson.dumps({"pagination": {"current_page": 1, "last_page": 1}, "data": data})
    found = values(read("luchtmeetnet", body, "measurements"))
    assert len(found) == len(data) == 4354 * 11
    assert sum(each.flag == Flag.MISSING for each in found) == missing
    assert sum(isinstance(each.result, float) and each.result < 0 for each in found) == negative > 0
    dust = [each for each in found if each.datastream.endswith(":pm25") and each.result is not None]
    assert min(cast(float, each.result) for each in dust) == -15.8
    assert (
        sum(each.flag == Flag.SUSPECT for each in dust)
        == sum(cast(float, each.result) < -5 for each in dust)
        > 0
    )


def test_samen_meten_keeps_raw_and_calibrated_apart_and_knows_its_placeholders() -> None:
    """The recording is a table made from the replies: here each kit is written back as a reply."""
    names = ("pm10_kal", "pm10", "pm25_kal", "pm25", "no2", "rh", "temp")
    kits: dict[str, list[dict[str, str]]] = {}
    errors = 0
    for row in rows("air/rivm-samenmeten-hll-20191223-20200108.csv.gz"):
        if row["error"] != "NA" or row["date"] == "NA":
            errors += 1
        else:
            kits.setdefault(row["kit_id"], []).append(row)
    assert (errors, len(kits), sum(map(len, kits.values()))) == (475, 125, 41_152)
    found: list[Observation] = []
    for kit, hours in kits.items():
        series = [
            {"name": f"{kit}-12-{name}", "Observations": [
                {"phenomenonTime": hour["date"].replace(" ", "T") + "Z", "result": float(hour[name])}
                for hour in hours if hour[name] != "NA"
            ]}
            for name in names
        ]  # fmt: skip
        found += values(read("samen-meten", orjson.dumps({"value": series}), "values"))

    def of(name: str) -> dict[tuple[str, datetime], float]:
        return {
            (each.datastream.split(":")[1], each.phenomenon): each.result
            for each in found
            if each.datastream.partition(":")[2].partition(":")[2] == name and isinstance(each.result, float)
        }

    raw, calibrated = of("pm25"), of("pm25:gekalibreerd")
    assert len(raw) - len(raw.keys() & calibrated.keys()) == 1391
    both = raw.keys() & calibrated.keys()
    assert sum(calibrated[key] > raw[key] for key in both) == 15_377
    assert max(raw.values()) == pytest.approx(592, abs=1)
    no2 = [each for each in found if each.datastream.endswith(":no2")]
    assert sum(each.flag == Flag.MISSING for each in no2) == 2892
    damp, warm = of("luchtvochtigheid"), of("temperatuur")
    assert damp
    assert not any(value == 0 for value in damp.values())
    assert not any(value == 0 for key, value in warm.items() if key not in damp)


def test_the_messages_of_sensor_community_in_berlin() -> None:
    found = read("sensor-community", recording("air/sensor-community-berlin-20190425.json"), "values")
    assert not reasons(found)
    assert len(things(found)) == 3
    assert len(values(found)) == 10
    assert {each.location.accuracy_m for each in things(found) if each.location} <= {None, 500.0}
    assert values(found)[0].result == 19.13
    assert values(found)[0].phenomenon == datetime(2019, 4, 25, 1, 51, 12, tzinfo=UTC)


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


def test_a_well_of_the_bro_stands_in_rd_with_its_screen() -> None:
    found = read("bro-grondwater", recording("groundwater/bro-GMW000000036287.xml"), "well")
    (well,) = things(found)
    assert well.key == "GMW000000036287-1"
    assert well.location is not None
    assert (well.location.x, well.location.y, well.location.crs) == (118300.381, 439767.501, 28992)
    assert well.properties["filter-boven"] == 0.142
    assert well.properties["maaiveld"] == 1.932


def test_a_file_of_levels_gives_every_moment_once_with_its_status() -> None:
    found = read("bro-grondwater", recording("groundwater/bro-GLD000000012893-full.csv.gz"), "levels")
    assert not reasons(found)
    assert skipped(found) == {"a moment that overlapping blocks give twice": 277}
    assert len(values(found)) == 13_299 + 17 - 277
    flags = Counter(each.flag for each in values(found))
    assert flags[Flag.FAIL] == 17
    assert {each.datastream for each in values(found)} == {"bro-grondwater:GMW000000036287-1:grondwaterstand"}
    assert values(found)[0].phenomenon == datetime(2020, 9, 14, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("file", "measured", "computed"),
    [
        ("rws-waterinfo-scheveningen-20200507-expert.csv.gz", 144, 144),
        ("rws-waterinfo-dodewaard-1990.csv", 4, 0),
        ("rws-waterinfo-krimpen-2022.csv", 5, 0),
    ],
)
def test_an_export_of_waterinfo_gives_only_what_was_measured(file: str, measured: int, computed: int) -> None:
    found = read("rws-water", recording(f"water/{file}"), "export")
    assert not reasons(found)
    assert len(values(found)) == measured
    assert sum(skipped(found).values()) == computed
    assert all(isinstance(each.result, float) and -1 < each.result < 8 for each in values(found))
    (place,) = things(found)
    assert place.location is not None
    assert 4 < place.location.x < 6
    assert 51 < place.location.y < 53


def test_a_year_of_hours_of_the_knmi() -> None:
    found = read("knmi", recording("weather/knmi-uur-260-2000.txt.gz"), "hours")
    assert not reasons(found)
    assert len(values(found)) == 366 * 24 * 10
    warm = [each for each in values(found) if each.datastream == "knmi:260:temperatuur"]
    assert warm[0].phenomenon == datetime(2000, 1, 1, 1, tzinfo=UTC)
    assert warm[23].phenomenon == datetime(2000, 1, 2, tzinfo=UTC)
    assert warm[0].result == pytest.approx(4.9)


def test_seventy_years_of_rain_of_the_knmi_have_no_snow_of_ten_metres() -> None:
    found = read("knmi", recording("weather/knmi-neerslag-ESBEEK-831.txt.gz"), "rain")
    assert not reasons(found)
    rain = [each for each in values(found) if each.datastream.endswith(":neerslag:dag")]
    assert 24_000 < len(rain) < 24_251
    snow = [each for each in values(found) if each.datastream.endswith(":sneeuwdek:dag")]
    assert max(each.result for each in snow if isinstance(each.result, float)) < 100


def test_the_stations_of_buienradar_say_what_they_do_not_measure() -> None:
    found = read("knmi", recording("weather/buienradar-20190204.json"), "stations")
    assert len(things(found)) + sum(reasons(found).values()) == 52
    assert not reasons(found)
    missing = Counter(each.datastream.split(":")[2] for each in values(found) if each.flag == Flag.MISSING)
    assert (missing["zicht"], missing["luchtdruk"]) == (25, 24)


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
