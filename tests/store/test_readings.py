"""The contract of measurements: what one answer of a source gives is kept, and comes out as it went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import shapely

from tests.store.small_feed import (
    ALL,
    HOUR,
    NOW,
    arrival,
    hourly,
    last,
    one_station,
    station,
    stream,
    there,
    value,
)
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.model.observation import Flag, Observation, Result
from tweestad.model.reading import Arrival, Kept, ReadingsWhere
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.store.protocol import Store


def test_a_thing_its_datastream_and_a_value_come_out_as_they_went_in(store: Store) -> None:
    line = shapely.to_wkb(shapely.from_wkt("LINESTRING (120000 487000, 120100 487050)"))
    thing = Thing(
        "lucht",
        "NL 10/a",
        "Station ‘Überlijk’",
        Location(120_050.0, 487_020.0, 28992, line, height_nap_m=-1.5, accuracy_m=25.0),
        "station",
        {"fabrikant": "X", "hoogte": 3.5, "aantal": 2, "open": True, "soorten": ("a", "b"), "leeg": None},
        ref="NL.X.1",
        since=datetime(2020, 1, 1, tzinfo=UTC),
        until=datetime(2030, 1, 1, tzinfo=UTC),
    )
    measured = Datastream(thing.id, "no2", "ug/m3", "gekalibreerd", "Stikstofdioxide", 3600, ("k1", "k2"))
    observed = Observation(
        measured.id,
        NOW,
        12.34,
        NOW + HOUR,
        NOW - HOUR,
        NOW + timedelta(microseconds=1),
        Flag.SUSPECT,
        told="voorlopig",
        original="12,34 µg/m³",
    )
    kept = store.put_arrival(arrival([thing], [measured], [observed], part="stations", audience="staff"))
    assert kept == Kept(1, things=1, added=1)
    (found,) = store.things(ALL, limit=10)
    assert (found.thing, found.audience, found.part, found.n) == (thing, "staff", "stations", 1)
    (known,) = store.datastreams(ALL, limit=10)
    assert (known.datastream, known.source, known.audience) == (measured, "lucht", "staff")
    assert (known.first, known.last) == (NOW, NOW)
    (newest,) = store.latest(ALL, limit=10)
    assert (newest.datastream, newest.reading.observation, newest.n) == (known, observed, 1)
    (read,) = store.readings(measured.id, limit=10, audiences=ALL.audiences)
    assert (read.observation, read.revised, read.first) == (observed, False, None)
    assert store.clock("readings") == 1
    assert store.clock("city") == 0


@pytest.mark.parametrize(
    "result", [0.0, -15.8, 1e-300, 12.0, 2.0**60, "open", "", "3", True, False, None, "é\U0001f6b2"]
)
@pytest.mark.parametrize("original", ["", "12", "12.0", "-15.8", "open", "nvt"])
def test_any_kind_of_value_comes_out_as_it_went_in(store: Store, result: Result, original: str) -> None:
    told = value(result, original=original)
    one_station(store, [told])
    (found,) = store.readings("lucht:a:no2", limit=2)
    assert found.observation == told
    assert type(found.observation.result) is type(result)
    assert store.latest(ALL, limit=2)[0].reading == found


def test_moments_of_other_time_zones_and_before_1970_are_kept_to_the_microsecond(store: Store) -> None:
    early = datetime(1893, 4, 14, 8, 0, 0, 1, tzinfo=UTC)
    summer = datetime(2026, 6, 21, 14, 0, 0, 999_999, tzinfo=timezone(2 * HOUR))
    one_station(store, [value(1.0, early), value(2.0, summer)])
    found = [r.observation.phenomenon for r in store.readings("lucht:a:no2", limit=5)]
    assert found == [early, summer]
    assert all(moment.tzinfo is UTC for moment in found)


def test_the_same_answer_twice_writes_nothing(store: Store) -> None:
    told = arrival([station()], [stream(channels=("k",))], hourly(30))
    assert store.put_arrival(told) == Kept(1, things=1, added=30)
    later = replace(told, received=NOW + HOUR)
    assert store.put_arrival(later) == Kept(1, unchanged=30)
    assert store.clock("readings") == 1
    assert store.count_readings("lucht:a:no2") == 30


def test_a_later_revision_wins_and_the_first_value_is_kept(store: Store) -> None:
    for result, published in ((10.0, 1), (11.0, 2), (12.0, 3), (9.0, 1), (8.0, 3)):
        one_station(store, [value(result, result_time=NOW + published * HOUR)])
    (found,) = store.readings("lucht:a:no2", limit=5)
    assert (found.observation.result, found.revised, found.first) == (12.0, True, 10.0)
    assert store.latest(ALL, limit=5)[0].reading == found
    assert store.clock("readings") == 3


def test_a_revision_without_a_time_of_publishing_wins(store: Store) -> None:
    one_station(store, [value(10.0, result_time=NOW)])
    kept = store.put_arrival(arrival(values=[value(None)]))
    assert (kept.revised, kept.added, kept.n) == (1, 0, 2)
    (found,) = store.readings("lucht:a:no2", limit=5)
    assert (found.observation.result, found.revised, found.first) == (None, True, 10.0)


def test_a_value_that_is_confirmed_is_not_called_revised(store: Store) -> None:
    one_station(store, [value(10.0, told="voorlopig")])
    kept = store.put_arrival(arrival(values=[value(10.0, told="gevalideerd", flag=Flag.GOOD)]))
    assert kept.revised == 1
    (found,) = store.readings("lucht:a:no2", limit=5)
    assert (found.observation.told, found.observation.flag) == ("gevalideerd", Flag.GOOD)
    assert (found.revised, found.first) == (False, None)


def test_revisions_far_back_are_found_however_many(store: Store) -> None:
    told = hourly(100)
    one_station(store, told)
    few = [replace(o, result=-1.0) for o in told[3:8]]
    assert store.put_arrival(arrival(values=few)).revised == 5
    many = [replace(o, result=-2.0) for o in told[:90]]
    assert store.put_arrival(arrival(values=many)).revised == 90
    found = store.readings("lucht:a:no2", limit=200)
    assert [r.observation.result for r in found] == [-2.0] * 90 + [float(i) for i in range(90, 100)]
    assert [r.first for r in found[:90]] == [float(i) for i in range(90)]
    assert last(store) == [("lucht:a:no2", 99.0)]


def test_a_value_that_arrives_late_does_not_become_the_last_one(store: Store) -> None:
    one_station(store, [value(10.0)])
    store.put_arrival(arrival(values=[value(3.0, NOW - 5 * HOUR)]))
    assert last(store) == [("lucht:a:no2", 10.0)]
    (known,) = store.datastreams(ALL, limit=5)
    assert (known.first, known.last) == (NOW - 5 * HOUR, NOW)
    assert store.latest(ALL, limit=5)[0].n == 1


def test_a_moment_that_comes_twice_in_one_answer_is_one_value(store: Store) -> None:
    early, late = value(1.0, result_time=NOW), value(2.0, result_time=NOW + HOUR)
    one_station(store, [late, early, late])
    (found,) = store.readings("lucht:a:no2", limit=5)
    assert found.observation.result == 2.0


def test_values_of_datastreams_that_nobody_knows_are_counted_and_not_stored(store: Store) -> None:
    other = Thing("water", "w", "Peilschaal", Location(1.0, 2.0, 28992), "gauge")
    level = Datastream("water:w", "water_level", "m")
    store.put_arrival(Arrival("water", NOW, things=(other,), datastreams=(level,)))
    strange = [value(1.0, key="lucht:zzz:no2"), value(1.0, key=level.id)]
    kept = store.put_arrival(arrival([station()], [stream()], [value(), *strange]))
    assert (kept.added, kept.late) == (1, 2)
    assert store.count_readings(level.id) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        arrival(streams=[stream("nobody")]),
        arrival([station(), replace(station("b"), source="water")]),
        arrival([station()], [Datastream("water:w", "no2", "ug/m3")]),
        arrival([station(), replace(station("b"), location=Location(4.9, 52.4))]),
        arrival([station(), replace(station("b"), location=Location(1.0, 2.0, 28992, b"wkb"))]),
        arrival([station(), station("b", properties={"x": float("nan")})]),
        arrival([station(), station("b\ud800")]),
        arrival([station()], [stream()], [value(1.0), value(float("inf"), NOW - HOUR)]),
        arrival([station()], [stream()], [value(1.0), value("\0", NOW - HOUR)]),
        arrival([station()], [stream()], [value(1.0, NOW.replace(tzinfo=None))]),
        arrival([station()], [stream()], [value(1.0, phenomenon_start=NOW + HOUR)]),
        arrival([station()], [stream(period_s=-1)]),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_stored(store: Store, wrong: Arrival) -> None:
    with pytest.raises(InputRejected):
        store.put_arrival(wrong)
    assert there(store) == []
    assert store.clock("readings") == 0


def test_pages_go_on_after_an_id(store: Store) -> None:
    keys = [f"s{i}" for i in range(7)]
    store.put_arrival(
        arrival([station(k) for k in keys], [stream(k, o) for k in keys for o in ("no2", "pm10")])
    )
    seen: list[str] = []
    while page := store.things(ALL, limit=3, after=seen[-1] if seen else None):
        seen += [found.thing.id for found in page]
    assert seen == [f"lucht:{k}" for k in keys]
    streams: list[str] = []
    while listed := store.datastreams(ALL, limit=4, after=streams[-1] if streams else None):
        streams += [found.datastream.id for found in listed]
    assert streams == [f"lucht:{k}:{o}" for k in keys for o in ("no2", "pm10")]
    assert store.count_things(ALL) == 7


def test_a_question_names_sources_kinds_things_properties_and_a_box(store: Store) -> None:
    things = [station("a"), replace(station("b", 121_000.0), kind="gauge"), station("c", 122_000.0)]
    placeless = replace(station("d"), location=None)
    streams = [stream("a"), stream("a", "pm10"), stream("b"), stream("c", "pm10")]
    values = [value(float(i), key=s.id) for i, s in enumerate(streams)]
    store.put_arrival(arrival([*things, placeless], streams, values))
    assert there(store) == ["lucht:a", "lucht:b", "lucht:c", "lucht:d"]
    assert there(store, replace(ALL, sources=("lucht",), kinds=("gauge",))) == ["lucht:b"]
    assert there(store, replace(ALL, sources=())) == []
    assert there(store, replace(ALL, things=("lucht:c", "lucht:\0"))) == ["lucht:c"]
    assert there(store, replace(ALL, observed=("pm10",))) == ["lucht:a", "lucht:c"]
    assert there(store, replace(ALL, datastreams=("lucht:b:no2",))) == ["lucht:b"]
    assert there(store, replace(ALL, bbox=(120_000.0, 487_000.0, 121_000.0, 488_000.0))) == [
        "lucht:a",
        "lucht:b",
    ]
    assert last(store, replace(ALL, observed=("pm10",))) == [("lucht:a:pm10", 1.0), ("lucht:c:pm10", 3.0)]
    assert last(store, replace(ALL, kinds=("gauge",))) == [("lucht:b:no2", 2.0)]
    assert last(store, replace(ALL, datastreams=("lucht:a:no2",), bbox=(0.0, 0.0, 1.0, 1.0))) == []
    assert store.count_things(replace(ALL, observed=("no2",))) == 2
    with pytest.raises(LimitExceeded):
        store.things(replace(ALL, things=("x",) * 10_001), limit=1)
    many = replace(ALL, things=("x",) * 5_001, datastreams=("x",) * 5_000)
    for ask in (store.things, store.datastreams, store.latest):
        with pytest.raises(LimitExceeded):
            ask(many, limit=1)


def test_readings_are_bounded_ordered_and_counted(store: Store) -> None:
    one_station(store, hourly(10))
    key, start, end = "lucht:a:no2", NOW - 5 * HOUR, NOW - 2 * HOUR

    def results(**more: object) -> list[Result]:
        found = store.readings(key, **{"limit": 99, **more})  # type: ignore[arg-type]
        return [r.observation.result for r in found]

    assert results(start=start, end=end) == [4.0, 5.0, 6.0]
    assert results(limit=2) == [0.0, 1.0]
    assert results(limit=2, descending=True) == [9.0, 8.0]
    assert results(start=end, descending=True) == [9.0, 8.0, 7.0]
    assert store.count_readings(key, start=start, end=end) == 3
    assert store.count_readings(key, end=start) == 4
    assert store.readings("lucht:a:\0", limit=5) == []
    assert store.readings("lucht:a:pm10", limit=5) == []


def test_what_changed_after_a_number_is_told(store: Store) -> None:
    store.put_arrival(arrival([station("a"), station("b")], [stream("a"), stream("b")], [value()]))
    store.put_arrival(arrival(values=[value(3.0, key="lucht:b:no2")]))
    store.put_arrival(arrival([replace(station("b"), name="Anders")]))

    def after(n: int) -> ReadingsWhere:
        return replace(ALL, changed_after=n)

    assert there(store, after(0)) == ["lucht:a", "lucht:b"]
    assert there(store, after(1)) == ["lucht:b"]
    assert there(store, after(3)) == []
    assert last(store, after(1)) == [("lucht:b:no2", 3.0)]
    assert last(store, after(2)) == []
    assert there(store, after(2**63)) == []


def test_channels_lead_to_the_datastreams_that_were_made_for_them(store: Store) -> None:
    streams = [stream("a", channels=("1", "2")), stream("a", "pm10", channels=("2",)), stream("b")]
    store.put_arrival(arrival([station("a"), station("b")], streams))
    own = {key: (key,) for key in ("lucht:a:no2", "lucht:a:pm10", "lucht:b:no2")}
    assert store.channels("lucht") == own | {"1": ("lucht:a:no2",), "2": ("lucht:a:no2", "lucht:a:pm10")}
    assert store.channels("water") == {}


def test_nobody_else_sees_half_an_answer(store: Store, open_again: object) -> None:
    with pytest.raises(InputRejected):
        store.put_arrival(arrival([station()], [stream()], [value(), value(float("nan"), NOW + HOUR)]))
    assert there(store) == []
    assert store.put_arrival(arrival([station()], [stream()], [value()])).n == 1


def test_a_public_question_never_gets_what_is_for_staff(store: Store) -> None:
    store.put_arrival(arrival([station("a")], [stream("a")], [value()], audience="staff"))
    store.put_arrival(arrival([station("b")], [stream("b")], [value(key="lucht:b:no2")]))
    # A datastream for staff on a public thing.
    store.put_arrival(
        arrival(streams=[stream("b", "pm10")], values=[value(key="lucht:b:pm10")], audience="staff")
    )
    seen = ReadingsWhere()
    for where in (seen, ReadingsWhere(at=NOW), ReadingsWhere(changed_after=0), ReadingsWhere(ended=True)):
        assert there(store, where) == ["lucht:b"]
        assert last(store, where) == [("lucht:b:no2", 12.5)]
        assert [d.datastream.id for d in store.datastreams(where, limit=9)] == ["lucht:b:no2"]
        assert store.count_things(where) == 1
        assert there(store, replace(where, observed=("pm10",))) == []
        assert there(store, replace(where, datastreams=("lucht:a:no2",))) == []
    for key in ("lucht:a:no2", "lucht:b:pm10"):
        assert store.readings(key, limit=5) == []
        assert store.count_readings(key) == 0
        assert store.count_readings(key, audiences=ALL.audiences) == 1
