"""Measurements in the middle of Voorbeeldstad, as if its sources had just given them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import shapely

from tests.browser.more_layers import MIDDLE
from tweestad.model.feed_health import FEED_KIND, LIST_KEY, LIST_KIND, FeedHealth, health_body
from tweestad.model.observation import Flag, Observation
from tweestad.model.reading import Arrival
from tweestad.model.text import Text
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.store.protocol import Store

X, Y = MIDDLE
GOOD, HIGH, OLD, ROAD = "Lage Meetweg", "Hoge Meetweg", "Stille Meetweg", "Snelle Meetweg"
AIR, TRAFFIC = "luchtmeetnet", "ndw-verkeer"


def station(number: int, name: str, dx: float, dy: float = 0) -> Thing:
    return Thing(AIR, f"M{number}", name, Location(X + dx, Y + dy, 28992), "station")


STATIONS = (station(1, GOOD, 0), station(2, HIGH, 90), station(3, OLD, -90))
GAUGE = Thing(
    TRAFFIC,
    "W1",
    ROAD,
    Location(X, Y + 60, 28992, shapely.LineString([(X - 90, Y + 60), (X + 90, Y + 60)]).wkb),
    "segment",
)


def air(values: dict[int, float], *, hours: float = 0.1) -> Arrival:
    """What some of the stations measured, so many hours ago."""
    now = datetime.now(UTC)
    streams = tuple(Datastream(each.id, "pm25", "ug/m3") for each in STATIONS)
    measured = tuple(
        Observation(streams[n].id, now - timedelta(hours=hours), value, now, flag=Flag.GOOD)
        for n, value in values.items()
    )
    return Arrival(AIR, now, things=STATIONS, datastreams=streams, observations=measured)


def traffic(speed: float) -> Arrival:
    now = datetime.now(UTC)
    stream = Datastream(GAUGE.id, "verkeerssnelheid", "km/h")
    value = Observation(stream.id, now - timedelta(minutes=1), speed, now, flag=Flag.GOOD)
    return Arrival(TRAFFIC, now, things=(GAUGE,), datastreams=(stream,), observations=(value,))


def fill(store: Store) -> None:
    """A week of one station, a value above the norm, one that is too old, and a road."""
    for hours in (150, 48, 25):
        store.put_arrival(air({0: 40.0}, hours=hours))
    store.put_arrival(air({2: 8.0}, hours=20))
    store.put_arrival(air({0: 7.0, 1: 31.0}))
    store.put_arrival(traffic(47.0))
    now = datetime.now(UTC)
    told = [
        FeedHealth(AIR, Text("Luchtproef", "Air trial"), "Proefmeters", "CC0-1.0", "fresh", last_success=now),
        FeedHealth(
            TRAFFIC,
            Text("Wegproef", "Road trial"),
            "Proefmeters",
            "CC0-1.0",
            "failing",
            last_success=now,
            failure="HTTP 503",
            why=Text("De server geeft een fout.", "The server gives an error."),
            failing_since=now,
        ),
    ]
    for one in told:
        store.put_document(FEED_KIND, one.source, health_body(one))
    store.put_document(LIST_KIND, LIST_KEY, {"ids": [one.source for one in told]})
