"""`/api/v1/things`, `/datastreams` and `/feeds`: what measures, its series over time, and how sources do."""

from __future__ import annotations

import pytest

from tests.api.conftest import Get
from tests.api.faults_told import codes
from tests.api.small_feeds import AIR, SERIES, STAFF_THING


def test_things_turn_page_by_page(get: Get) -> None:
    found: list[str] = []
    address = "/api/v1/things?limit=4"
    while address:
        body = get(address).json()
        found += [each["id"] for each in body["things"]]
        address = next((link["href"] for link in body["links"] if link["rel"] == "next"), "")
    assert found == sorted(found)
    assert len(found) == len(set(found)) == 13
    assert STAFF_THING not in found


def test_things_can_be_asked_by_kind_source_property_window_and_moment(get: Get) -> None:
    def ids(query: str) -> list[str]:
        return [each["key"] for each in get(f"/api/v1/things?{query}").json()["things"]]

    assert ids("kind=station,gauge") == ["NL1", "NL2", "G1", "AMS"]
    assert ids("source=luchtmeetnet&observed=no2") == ["NL1"]
    assert ids("observed=waterstand") == ["AMS"]
    assert ids("kind=onzin") == []
    assert ids("kind=station&bbox=121700,486700,121800,486800&bboxCrs=EPSG:28992") == ["NL1"]
    assert ids("kind=station&at=2026-01-01T00:00:00Z") == []


def test_all_faults_of_things_come_in_one_answer(get: Get) -> None:
    query = "limit=1001&observed=fijnstof&at=nu&cursor=abc&bbox=5,52,4,53&x=1"
    assert codes(get(f"/api/v1/things?{query}")) == {
        "limit": "at-most",
        "observed": "observed-unknown",
        "at": "moment",
        "cursor": "cursor",
        "bbox": "bbox-order",
        "x": "unknown",
    }


def test_a_thing_comes_with_its_series_their_last_values_and_its_source(get: Get) -> None:
    body = get(f"/api/v1/things/{AIR}").json()
    assert (body["name"], body["kind"], body["layers"]) == ("Hoofdstraat", "station", ["lucht"])
    assert body["sourceFacts"]["title"]["nl"] == "Bron luchtmeetnet"
    assert body["place"]["x"] == 121_750.0
    assert round(body["place"]["lon"], 3) == 4.899
    series = {each["observed"]: each for each in body["datastreams"]}
    latest = series["pm25"]["latest"]
    assert (latest["value"], latest["text"]["nl"], latest["age"]["nl"]) == (10.0, "10,0 µg/m³", "zojuist")
    assert (latest["quality"], latest["flag"], latest["told"]) == ("good", 1, "gevalideerd")
    assert (latest["original"], latest["phenomenonStart"]) == ("10.0", "2026-04-16T11:00:00Z")
    assert {each["source"][:3] for each in series["pm25"]["norms"]} == {"WHO", "EU,"}
    assert get(series["pm25"]["links"][0]["href"]).json()["id"] == SERIES


@pytest.mark.parametrize("thing", ["laadpunten:NL*VBS*1", "laadpunten:NL*VBS/2"])
def test_ids_with_odd_characters_lead_to_their_thing_and_series(get: Get, thing: str) -> None:
    for listed in get("/api/v1/things?kind=charging").json()["things"]:
        if listed["id"] == thing:
            body = get(listed["links"][0]["href"]).json()
            assert body["id"] == thing
            for series in body["datastreams"]:
                assert get(series["links"][0]["href"]).json()["thing"] == thing
                for name in ("readings", "readings.csv", "statistics"):
                    assert get(f"{series['links'][0]['href']}/{name}").status == 200
            return
    pytest.fail("the thing is not listed")


def test_values_turn_page_by_page_in_both_orders(get: Get) -> None:
    for order, first in (("asc", 57.0), ("desc", 10.0)):
        address = f"/api/v1/datastreams/{SERIES}/readings?limit=7&order={order}"
        found: list[float] = []
        while address:
            body = get(address).json()
            assert len(body["values"]) <= 7
            found += [each["value"] for each in body["values"]]
            address = next((link["href"] for link in body["links"] if link["rel"] == "next"), "")
        assert len(found) == len(set(found)) == 48
        assert found[0] == first
        assert found == sorted(found, reverse=order == "asc")


def test_values_of_a_span_include_its_start_and_not_its_end(get: Get) -> None:
    span = "start=2026-04-16T10:00:00Z&end=2026-04-16T14:00:00%2B02:00"
    values = get(f"/api/v1/datastreams/{SERIES}/readings?{span}").json()["values"]
    assert [each["phenomenon"] for each in values] == ["2026-04-16T10:00:00Z", "2026-04-16T11:00:00Z"]


def test_values_come_as_csv_that_no_spreadsheet_runs(get: Get) -> None:
    answer = get(f"/api/v1/datastreams/{SERIES}/readings.csv?limit=2&order=desc")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.body.decode("utf-8-sig").splitlines()
    assert lines[0] == (
        "phenomenon,phenomenonStart,value,unit,quality,flag,told,original,resultTime,received,first"
    )
    assert lines[1].startswith(
        "2026-04-16T12:00:00Z,2026-04-16T11:00:00Z,10.0,µg/m³,good,1,gevalideerd,10.0,"
    )
    following = answer.headers["link"].split(">")[0].removeprefix("<")
    assert get(following).text.splitlines()[1].startswith("2026-04-16T10:00:00Z")


def test_statistics_are_numbers_per_step(get: Get) -> None:
    span = "start=2026-04-14T22:00:00Z&end=2026-04-16T22:00:00Z"
    body = get(f"/api/v1/datastreams/{SERIES}/statistics?step=day&{span}").json()
    assert [(each["start"], each["count"]) for each in body["buckets"]] == [
        ("2026-04-14T22:00:00Z", 24),
        ("2026-04-15T22:00:00Z", 14),
    ]
    assert body["buckets"][1]["low"] == 10.0
    assert body["unit"] == "µg/m³"
    without = get(f"/api/v1/datastreams/{SERIES}/statistics").json()
    assert (without["step"], len(without["buckets"])) == ("hour", 48)


def test_all_faults_of_values_and_statistics_come_in_one_answer(get: Get) -> None:
    address = f"/api/v1/datastreams/{SERIES}"
    assert codes(get(f"{address}/readings?start=x&end=2026-04-16&limit=10001&order=up&y=1")) == {
        "start": "moment",
        "end": "moment",
        "limit": "at-most",
        "order": "one-of",
        "y": "unknown",
    }
    assert codes(get(f"{address}/statistics?step=week")) == {"step": "one-of"}
    backwards = "start=2026-04-16T10:00:00Z&end=2026-04-16T09:00:00Z"
    assert codes(get(f"{address}/readings.csv?{backwards}")) == {"end": "span-order"}
    long = "start=2020-01-01T00:00:00Z&end=2026-04-16T09:00:00Z"
    assert codes(get(f"{address}/statistics?{long}")) == {"start": "span-long"}
    assert get(f"{address}/statistics?step=day&{long}").status == 200


@pytest.mark.parametrize(
    "address",
    ["things/onzin", "things/%00", "datastreams/onzin", "datastreams/onzin/readings",
     "datastreams/onzin/readings.csv", "datastreams/onzin/statistics", "things/" + "a" * 300],
)  # fmt: skip
def test_what_is_not_measured_is_not_found(get: Get, address: str) -> None:
    answer = get(f"/api/v1/{address}")
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_health_of_every_source_is_told(get: Get) -> None:
    answer = get("/api/v1/feeds")
    feeds = {each["id"]: each for each in answer.json()["feeds"]}
    assert "proef" not in feeds
    assert "proef" in {each["id"] for each in get("/api/v1/feeds", role="moderator").json()["feeds"]}
    assert feeds["laadpunten"]["rejected"] == {"a position outside the country": 2}
    assert feeds["luchtmeetnet"]["outages"][0]["why"] == "no answer within 30 seconds"
    assert (feeds["ndw-verkeer"]["state"], feeds["ndw-verkeer"]["detail"]) == ("failing", "HTTP 500")
    assert get("/api/v1/feeds", headers={"If-None-Match": answer.headers["etag"]}).status == 304
