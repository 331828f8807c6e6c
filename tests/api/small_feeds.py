"""Measurements beside the small twin: a few sources of every kind, one of them for staff only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import shapely

from tweestad.model.feature import Value
from tweestad.model.feed_health import (
    FEED_KIND,
    LIST_KEY,
    LIST_KIND,
    FeedHealth,
    Outage,
    State,
    health_body,
)
from tweestad.model.observation import Flag, Observation, Result
from tweestad.model.reading import Arrival
from tweestad.model.replay_clock import REPLAY_KIND, ReplayClock, clock_body
from tweestad.model.text import Text
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.store.protocol import Store
from tweestad.vocabulary.properties import get_property

NOON = datetime(2026, 4, 16, 12, tzinfo=UTC)
"""What our clock says in these tests."""
RECORDED = datetime(2024, 3, 29, 9, tzinfo=UTC)
STAFF_THING = "proef:P1"
STAFF_NAME = "Geheime meetpaal"
STAFF_SERIES = "proef:P1:pm25"
AIR = "luchtmeetnet:NL1"
SERIES = f"{AIR}:pm25"
X, Y = 121_750.0, 486_750.0


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def seen(
    datastream: str,
    result: Result,
    *,
    age: float = 10,
    flag: Flag = Flag.GOOD,
    now: datetime = NOON,
    told: str = "",
    original: str = "",
) -> Observation:
    """A value that was measured so many minutes ago."""
    moment = now - minutes(age)
    return Observation(
        datastream, moment, result, NOON, flag=flag, told=told, original=original or str(result)
    )


def place(dx: float = 0, dy: float = 0, shape: bytes | None = None) -> Location:
    return Location(X + dx, Y + dy, 28992, shape)


def thing(source: str, key: str, name: str, kind: str, where: Location | None, **more: Value) -> Thing:
    return Thing(source, key, name, where, kind, properties=more)


def series(of: Thing, observed: str, *, period_s: int = 0, method: str = "") -> Datastream:
    return Datastream(of.id, observed, get_property(observed).unit, method=method, period_s=period_s)


def arrivals() -> list[Arrival]:
    return [_air(), _charging(), _traffic(), _messages(), _bays(), _played_back(), _secret()]


def _air() -> Arrival:
    first = thing("luchtmeetnet", "NL1", "Hoofdstraat", "station", place())
    second = thing("luchtmeetnet", "NL2", "Kade", "station", place(500))
    pm, no2, old = series(first, "pm25", period_s=3600), series(first, "no2"), series(second, "pm25")
    hours = [
        replace(
            seen(pm.id, 10.0 + n, age=60 * n),
            phenomenon_start=NOON - minutes(60 * n + 60),
            told="gevalideerd",
        )
        for n in range(48)
    ]
    values = [*hours, seen(no2.id, 30.0), seen(old.id, 55.5, age=600)]
    return _arrival("luchtmeetnet", [first, second], [pm, no2, old], values)


def _charging() -> Arrival:
    good = thing("laadpunten", "NL*VBS*1", "Kerkstraat 1", "charging", place(100), exploitant="=cmd()")
    wrong = thing("laadpunten", "NL*VBS/2", "Kerkstraat 2", "charging", place(200))
    streams = [series(each, f"laadpunten-{of}") for each in (good, wrong) for of in ("vrij", "totaal")]
    values = [
        seen(streams[0].id, 3.0, age=60 * 24 * 3),
        seen(streams[1].id, 8.0, age=60 * 24 * 3),
        seen(streams[2].id, -110.0, flag=Flag.FAIL),
        seen(streams[3].id, 4.0),
    ]
    return _arrival("laadpunten", [good, wrong], streams, values)


def _traffic() -> Arrival:
    line = shapely.LineString([(X, Y), (X + 50, Y + 10)]).wkb
    road = thing("ndw-verkeer", "G1", "N201", "gauge", place(25, 5, line), koers="90", richting="north")
    speed = series(road, "verkeerssnelheid")
    return _arrival("ndw-verkeer", [road], [speed], [seen(speed.id, 47.0, age=2)])


def _messages() -> Arrival:
    now = thing("ndw-situaties", "M1", "Weg dicht", "closure", place(300))
    later = replace(
        thing("ndw-situaties", "M2", "Straks dicht", "closure", place(310)), since=NOON + minutes(60)
    )
    past = replace(thing("ndw-situaties", "M3", "Weer open", "closure", place(320)), until=NOON - minutes(1))
    things = [replace(now, since=NOON - minutes(60), until=NOON + minutes(60)), later, past]
    streams = [series(each, "verkeersmelding") for each in things]
    return _arrival("ndw-situaties", things, streams, [seen(each.id, "closure") for each in streams])


def _bays() -> Arrival:
    bays = [thing("gehandicaptenplaatsen", f"v{n}", "Plein", "bay", place(0, 10 * n)) for n in range(3)]
    nowhere = thing("gehandicaptenplaatsen", "v9", "Zonder plek", "bay", None)
    return _arrival("gehandicaptenplaatsen", [*bays, nowhere], [], [])


def _played_back() -> Arrival:
    gauge = thing("rws-water", "AMS", "IJ", "gauge", place(0, 400))
    level = series(gauge, "waterstand")
    value = seen(level.id, -0.42, now=RECORDED)
    return _arrival("rws-water", [gauge], [level], [value])


def _secret() -> Arrival:
    post = thing("proef", "P1", STAFF_NAME, "station", place(10, 10))
    pm = series(post, "pm25")
    return replace(_arrival("proef", [post], [pm], [seen(pm.id, 99.5)]), audience="staff")


def _arrival(
    source: str, things: Sequence[Thing], streams: Sequence[Datastream], values: Sequence[Observation]
) -> Arrival:
    return Arrival(source, NOON, things=tuple(things), datastreams=tuple(streams), observations=tuple(values))


def health(source: str, state: State = "fresh", **more: object) -> FeedHealth:
    """The health of a source that last told of all it knows a minute ago."""
    found = FeedHealth(
        source, Text(f"Bron {source}", f"Source {source}"), "Uitgever", "CC0 1.0", state,
        last_try=NOON - minutes(1), last_success=NOON - minutes(1), next_try=NOON + minutes(1),
    )  # fmt: skip
    return replace(found, **more)  # type: ignore[arg-type]


def healths() -> list[FeedHealth]:
    broken = Outage(NOON - minutes(300), NOON - minutes(200), "no answer within 30 seconds")
    return [
        health("gehandicaptenplaatsen"),
        health("laadpunten", accepted=12, rejected={"a position outside the country": 2}),
        health("luchtmeetnet", stale_after=timedelta(hours=3), outages=(broken,)),
        health("ndw-situaties"),
        health(
            "ndw-verkeer",
            "failing",
            failure="HTTP 500",
            why=Text("De bron geeft een fout.", "The source gives an error."),
            failing_since=NOON - minutes(4),
        ),
        health("proef", title=Text(STAFF_NAME, STAFF_NAME)),
        health("rws-water", recording=date(2024, 3, 29), stale_after=timedelta(hours=1)),
    ]


def fill_feeds(store: Store) -> None:
    """Put the measurements and the health of their sources in the store."""
    for each in arrivals():
        store.put_arrival(each)
    told = healths()
    for one in told:
        store.put_document(FEED_KIND, one.source, health_body(one))
    store.put_document(LIST_KIND, LIST_KEY, {"ids": [one.source for one in told]})
    clock = ReplayClock(recorded=RECORDED, began=NOON, ends=RECORDED + minutes(600))
    store.put_document(REPLAY_KIND, "rws-water", clock_body(clock))
