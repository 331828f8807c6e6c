"""`/api/v1/live`: what is measured now, how old it is, what changed; never an old value as current."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.asgi import Answer, call
from tests.api.conftest import Get, identify_by_header
from tests.api.faults_told import codes
from tests.api.small_feeds import AIR, NOON, STAFF_NAME, STAFF_THING, arrivals, fill_feeds, seen
from tweestad.api.limits import LIMITS
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

ENGLISH = {"Accept-Language": "en"}
AROUND = "4.89,52.36,4.91,52.37"


def features(answer: Answer) -> dict[str, Any]:
    """The features of an answer by id."""
    assert answer.status == 200, answer.text
    body = answer.json()
    assert body["numberReturned"] == len(body["features"])
    return {each["id"]: each for each in body["features"]}


def shown(answer: Answer, thing: str) -> dict[str, Any]:
    found: dict[str, Any] = features(answer)[thing]["properties"]
    return found


def test_only_layers_that_have_things_are_listed_with_legend_and_sources(get: Get) -> None:
    body = get("/api/v1/live").json()
    layers = {each["id"]: each for each in body["layers"]}
    assert list(layers) == [
        "lucht", "verkeer", "incidenten", "waterstand", "laadpunten", "gehandicaptenparkeren"
    ]  # fmt: skip
    air = layers["lucht"]
    assert (air["count"], air["unit"], air["observed"]["nl"]) == (2, "µg/m³", "Fijnstof PM2,5")
    assert [each["id"] for each in air["properties"]] == ["pm25", "no2"]
    assert air["norm"]["limit"] == 15
    assert air["classes"][2] == {
        "from": 10.0, "to": 15.0, "value": None,
        "label": {"nl": "10 tot 15 µg/m³", "en": "10 to 15 µg/m³"},
    }  # fmt: skip
    assert [each["id"] for each in air["sources"]] == ["luchtmeetnet"]
    bays = layers["gehandicaptenparkeren"]
    assert (bays["observed"], bays["classes"], bays["count"]) == (None, [], 4)


def test_a_dead_source_says_so_and_why(get: Get) -> None:
    layers = {each["id"]: each for each in get("/api/v1/live").json()["layers"]}
    source = layers["verkeer"]["sources"][0]
    assert (source["state"], source["failure"]) == ("failing", "De bron geeft een fout.")
    english = {each["id"]: each for each in get("/api/v1/live", headers=ENGLISH).json()["layers"]}
    assert english["verkeer"]["sources"][0]["failure"] == "The source gives an error."


def test_a_value_comes_with_unit_age_quality_and_class(get: Get) -> None:
    answer = get("/api/v1/live/lucht")
    assert answer.headers["content-type"] == "application/geo+json"
    found = shown(answer, AIR)
    assert (found["value"], found["text"], found["ageS"]) == (10.0, "10,0 µg/m³", 0)
    assert (found["quality"], found["class"], found["stale"]) == ("good", 2, False)
    assert found["phenomenon"] == "2026-04-16T12:00:00Z"
    assert found["expires"] == "2026-04-16T15:00:00Z"
    assert features(answer)[AIR]["geometry"]["type"] == "Point"
    assert shown(get("/api/v1/live/lucht", headers=ENGLISH), AIR)["text"] == "10.0 µg/m³"


def test_a_value_past_its_limit_is_not_told_as_current(get: Get) -> None:
    found = shown(get("/api/v1/live/lucht"), "luchtmeetnet:NL2")
    assert (found["stale"], found["text"], found["class"]) == (True, "geen recente meting", None)
    assert (found["value"], found["words"], found["ageS"]) == (55.5, "55,5 µg/m³", 36_000)


def test_another_property_can_be_asked_for(get: Get) -> None:
    found = features(get("/api/v1/live/lucht?observed=no2"))
    assert set(found) == {AIR}
    assert found[AIR]["properties"]["text"] == "30,0 µg/m³"
    assert found[AIR]["properties"]["class"] == 2


def test_a_status_of_days_ago_holds_and_what_cannot_be_true_is_no_value(get: Get) -> None:
    answer = get("/api/v1/live/laadpunten")
    good = shown(answer, "laadpunten:NL*VBS*1")
    assert (good["text"], good["stale"]) == ("3 van 8 laadpunten vrij", False)
    wrong = shown(answer, "laadpunten:NL*VBS/2")
    assert (wrong["value"], wrong["text"], wrong["quality"]) == (None, "onbruikbare meting", "fail")
    assert "110" not in answer.text


def test_only_messages_that_hold_now_are_there(get: Get) -> None:
    found = features(get("/api/v1/live/incidenten"))
    assert set(found) == {"ndw-situaties:M1"}
    layers = {each["id"]: each["count"] for each in get("/api/v1/live").json()["layers"]}
    assert layers["incidenten"] == 1
    assert found["ndw-situaties:M1"]["properties"]["until"] == "2026-04-16T13:00:00Z"


def test_a_recording_is_as_old_as_its_own_clock_says(get: Get) -> None:
    found = shown(get("/api/v1/live/waterstand"), "rws-water:AMS")
    assert (found["stale"], found["ageS"], found["text"]) == (False, 600, "−0,42 m NAP")
    assert found["phenomenon"] == "2024-03-29T08:50:00Z"
    layers = {each["id"]: each for each in get("/api/v1/live").json()["layers"]}
    assert layers["waterstand"]["sources"][0]["recording"] == "2024-03-29"


def test_a_stretch_of_road_is_a_line_with_its_heading(get: Get) -> None:
    found = features(get("/api/v1/live/verkeer"))["ndw-verkeer:G1"]
    assert found["geometry"]["type"] == "LineString"
    assert found["properties"]["heading"] == 90


def test_what_lies_nowhere_has_no_geometry_and_is_in_no_window(get: Get) -> None:
    everything = features(get("/api/v1/live/gehandicaptenparkeren"))
    assert everything["gehandicaptenplaatsen:v9"]["geometry"] is None
    assert everything["gehandicaptenplaatsen:v9"]["properties"]["text"] == ""
    near = features(get(f"/api/v1/live/gehandicaptenparkeren?bbox={AROUND}"))
    assert set(everything) - set(near) == {"gehandicaptenplaatsen:v9"}
    metres = features(
        get("/api/v1/live/gehandicaptenparkeren?bbox=121749,486755,121751,486775&bboxCrs=EPSG:28992")
    )
    assert set(metres) == {"gehandicaptenplaatsen:v1", "gehandicaptenplaatsen:v2"}


def test_one_can_look_back_at_a_moment(get: Get) -> None:
    found = shown(get("/api/v1/live/lucht?at=2026-04-16T09:30:00%2B02:00"), AIR)
    assert (found["phenomenon"], found["value"], found["stale"]) == ("2026-04-16T07:00:00Z", 15.0, False)
    assert found["ageS"] == 1800


def test_a_layer_that_has_nothing_now_is_empty_and_one_that_is_not_there_is_not_found(get: Get) -> None:
    assert features(get("/api/v1/live/geluid")) == {}
    answer = get("/api/v1/live/onzin")
    assert answer.status == 404
    assert answer.json()["detail"] == "Er is geen actuele laag ‘onzin’."


def test_all_faults_of_a_live_layer_come_in_one_answer(get: Get) -> None:
    query = "bbox=1,2,3&at=gisteren&after=-1&observed=geluid&onzin=1"
    assert codes(get(f"/api/v1/live/lucht?{query}")) == {
        "bbox": "bbox",
        "at": "moment",
        "after": "at-least",
        "observed": "observed-unknown",
        "onzin": "unknown",
    }
    assert codes(get("/api/v1/live/lucht?after=1&at=2026-04-16T09:30:00Z")) == {"after": "not-together"}
    assert codes(get("/api/v1/live?x=1")) == {"x": "unknown"}


def test_too_many_things_ask_for_a_smaller_window(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tweestad.api.live_reading.LIMITS", replace(LIMITS, live_features_max=3))
    answer = get("/api/v1/live/gehandicaptenparkeren", headers={"If-None-Match": "x"})
    assert codes(answer) == {"bbox": "live-many"}
    assert "3" in answer.json()["errors"][0]["detail"]


def test_an_answer_that_has_not_changed_is_not_sent_again(get: Get) -> None:
    for address in ("/api/v1/live", "/api/v1/live/lucht", f"/api/v1/things/{AIR}", "/api/v1/things"):
        tag = get(address).headers["etag"]
        assert get(address, headers={"If-None-Match": tag}).status == 304
        assert get(address, headers={"If-None-Match": tag, **ENGLISH}).status == 200
        assert get(address, headers={"If-None-Match": tag}, role="moderator").status == 200


def test_staff_only_things_are_seen_by_staff_alone(get: Get) -> None:
    assert STAFF_THING not in features(get("/api/v1/live/lucht"))
    assert shown(get("/api/v1/live/lucht", role="analyst"), STAFF_THING)["name"] == STAFF_NAME
    assert get("/api/v1/live").json()["layers"][0]["count"] == 2
    assert get("/api/v1/live", role="analyst").json()["layers"][0]["count"] == 3


def app_over(tmp_path: Path) -> tuple[TwinApp, Store]:
    opened = open_store("", tmp_path)
    fill_feeds(opened)
    app = create_app(Config(data_dir=tmp_path), identify=identify_by_header, store=opened, now=lambda: NOON)
    return app, opened


def test_only_what_changed_is_told_after_a_change_number(tmp_path: Path) -> None:
    app, store = app_over(tmp_path)
    try:
        before = call(app, "/api/v1/live/lucht").json()["version"]
        same = call(app, f"/api/v1/live/lucht?after={before}").json()
        assert (same["complete"], same["features"], same["removed"]) == (False, [], [])
        air = arrivals()[0]
        newer = seen("luchtmeetnet:NL2:pm25", 5.0, age=1)
        store.put_arrival(replace(air, observations=(newer,)))
        told = call(app, f"/api/v1/live/lucht?after={before}").json()
        assert [each["properties"]["text"] for each in told["features"]] == ["5,0 µg/m³"]
        assert told["version"] > before
        assert call(app, f"/api/v1/live/waterstand?after={before}").json()["features"] == []
        ahead = call(app, "/api/v1/live/lucht?after=99999").json()
        assert (ahead["complete"], len(ahead["features"])) == (True, 2)
    finally:
        store.close()


def test_what_ended_or_moved_out_of_the_window_is_told_as_removed(tmp_path: Path) -> None:
    app, store = app_over(tmp_path)
    try:
        window = "bbox=121700,486700,121900,486800&bboxCrs=EPSG:28992"
        before = call(app, f"/api/v1/live/laadpunten?{window}").json()
        assert len(before["features"]) == 1
        after = before["version"]
        charging = arrivals()[1]
        place = charging.things[0].location
        assert place is not None
        away = replace(charging.things[0], location=replace(place, x=place.x + 5000))
        store.put_arrival(replace(charging, things=(away,), datastreams=(), observations=()))
        told = call(app, f"/api/v1/live/laadpunten?{window}&after={after}").json()
        assert (told["features"], told["removed"]) == ([], ["laadpunten:NL*VBS*1"])
        # Without a window it is a feature at its new place.
        assert len(call(app, f"/api/v1/live/laadpunten?after={after}").json()["features"]) == 1
        store.end_source("laadpunten", NOON + timedelta(minutes=1))
        told = call(app, f"/api/v1/live/laadpunten?after={after}").json()
        assert told["removed"] == ["laadpunten:NL*VBS*1", "laadpunten:NL*VBS/2"]
        assert call(app, "/api/v1/live/laadpunten").json()["features"] == []
        ended = call(app, f"/api/v1/things/{quote('laadpunten:NL*VBS*1')}")
        assert ended.json()["until"] == "2026-04-16T12:01:00Z"
    finally:
        store.close()


def test_staff_only_changes_are_not_told_to_others(tmp_path: Path) -> None:
    app, store = app_over(tmp_path)
    try:
        before = call(app, "/api/v1/live/lucht").json()["version"]
        secret = arrivals()[-1]
        store.put_arrival(replace(secret, observations=(seen(f"{STAFF_THING}:pm25", 88.5, age=1),)))
        told = call(app, f"/api/v1/live/lucht?after={before}").json()
        assert (told["features"], told["removed"]) == ([], [])
        staff = call(app, f"/api/v1/live/lucht?after={before}", headers={"x-test-role": "moderator"}).json()
        assert [each["id"] for each in staff["features"]] == [STAFF_THING]
        store.end_source("proef", NOON + timedelta(minutes=1))
        assert call(app, f"/api/v1/live/lucht?after={before}").json()["removed"] == []
    finally:
        store.close()
