"""Every recording of air, ground water, water and weather gives what its description says it holds."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import cast

import orjson
import pytest

from tests.sources.recordings import read, reasons, recording, rows, skipped, things, values
from tweestad.model.observation import Flag, Observation
from tweestad.model.thing import Thing

pytestmark = pytest.mark.open_data


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


def test_a_day_of_sun_of_ned_in_slots_of_ten_minutes() -> None:
    found = read("ned", recording("energy/ned-utilizations.json"), "sun")
    assert not reasons(found)
    assert len(values(found)) == 143 * 4
    first = values(found)[0]
    assert first.datastream == "ned:0:vermogen:zon"
    assert first.phenomenon == datetime(2024, 3, 28, 23, 20, tzinfo=UTC)
    assert len(things(read("ned", recording("energy/ned-points.json"), "points"))) == 23


def test_the_pages_of_a_british_sensorthings_service() -> None:
    stream = "sensorthings:7:grondwaterstand:1"
    channels = {"stream/1": (stream,), stream: (stream,)}
    address = "https://sta.voorbeeld.invalid/v1.1/Datastreams(1)/Observations?$top=500"
    page = recording("sensorthings/bgs-observations-page.json")
    found = read("sensorthings", page, "values", url=address, channels=channels)
    assert len(values(found)) == 3
    assert {each.told for each in values(found)} == {"Good"}
    # The next page is on a host that this manifest does not name.
    assert reasons(found) == {"it refers to an address that the manifest does not name": 1}
    more = recording("sensorthings/bgs-observations.json")
    found = read("sensorthings", more, "values", url=address, channels=channels)
    assert len(values(found)) + sum(reasons(found).values()) == 101
    assert set(reasons(found)) <= {
        "the same value is given twice",
        "two values for one moment: the first is kept",
    }


@pytest.mark.parametrize(
    ("file", "levels", "told"),
    [
        ("dino-B33F0080001_1-2015.csv", 3988, {}),
        ("dino-P58A0001-peilschaal-2018.csv", 775, {}),
        ("dino2024-B02H0089001.csv", 246, {}),
        ("dino2024-B31H0759001.csv", 393, {}),
        (
            "dino2024-B44H0400001.csv",
            0,
            {"a level that is not told to NAP": 14, "a well whose place is not told": 1},
        ),
        ("dino2024-B31H0137001.csv", 0, {}),
    ],
)
def test_a_download_of_dino_in_both_layouts(file: str, levels: int, told: dict[str, int]) -> None:
    found = read("dino-grondwater", recording(f"groundwater/{file}"), "levels")
    assert (len(values(found)), reasons(found)) == (levels, told)
    assert bool(things(found)) == bool(levels)
    assert all(each.result is None or -1 < cast(float, each.result) < 40 for each in values(found))
