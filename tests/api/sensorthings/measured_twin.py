"""An invented twin that measures: official and citizens' air, a well, a charging point, and one for staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import shapely

from tweestad.model.feed_health import FEED_KIND, LIST_KEY, LIST_KIND, FeedHealth, health_body
from tweestad.model.observation import Flag, Observation
from tweestad.model.reading import Arrival
from tweestad.model.text import Text
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.store.protocol import Store

NOON = datetime(2026, 4, 16, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURS = 30
AIR = "luchtmeetnet:NL1"
SERIES = f"{AIR}:no2"
ODD = "samen-meten:b/c'd (1) & 50% é"
WELL = "bro-grondwater:GMW1"
HIDDEN_NAME = "Geheime meetpaal"
HIDDEN = "proef:P1"
STREAMS = [
    WELL + ":grondwaterstand",
    SERIES,
    f"{AIR}:pm25",
    "ndw-situaties:B1:brug-open",
    "ndw-situaties:B1:paneeltekst",
    f"{ODD}:pm25",
    f"{ODD}:pm25:kal",
]
# RD of the Dam in Amsterdam and thereabouts.
X, Y = 121_394.0, 487_383.0


def at(dx: float = 0.0, dy: float = 0.0) -> Location:
    return Location(X + dx, Y + dy, 28992)


def air() -> Arrival:
    """An official station with 30 whole hours of two substances, the last revised and doubted."""
    station = Thing("luchtmeetnet", "NL1", "Hoofdstraat", at(), "station", {"gemeente": "GM9999", "hoog": 4})
    streams = [
        Datastream(AIR, "no2", "ug/m3", period_s=3600),
        Datastream(AIR, "pm25", "ug/m3", period_s=3600),
    ]
    values = [
        Observation(stream.id, NOON - n * HOUR, 10.0 + n, NOON, phenomenon_start=NOON - (n + 1) * HOUR,
                    result_time=NOON - n * HOUR + HOUR / 4, flag=Flag.GOOD, original=str(10.0 + n))
        for stream in streams
        for n in range(HOURS)
    ]  # fmt: skip
    return Arrival(
        "luchtmeetnet", NOON, things=(station,), datastreams=tuple(streams), observations=tuple(values)
    )


def revision() -> Arrival:
    """The last hour again: higher than at first, and the source doubts it."""
    later = Observation(SERIES, NOON, 99.0, NOON + HOUR, phenomenon_start=NOON - HOUR,
                        result_time=NOON + HOUR, flag=Flag.SUSPECT, told="twijfel", original="9")  # fmt: skip
    return Arrival("luchtmeetnet", NOON + HOUR, observations=(later,))


def citizens() -> Arrival:
    """A kit with an awkward id and a line for a place, measuring in two ways."""
    line = bytes(shapely.to_wkb(shapely.LineString([(X + 500, Y), (X + 600, Y + 50)])))
    kit = Thing(
        "samen-meten", "b/c'd (1) & 50% é", "Kit 'Zuid'", replace(at(500), shape=line), "station", since=NOON
    )
    raw, better = Datastream(kit.id, "pm25", "ug/m3"), Datastream(kit.id, "pm25", "ug/m3", "kal")
    values = [
        Observation(raw.id, NOON - HOUR, 30.5, NOON, flag=Flag.NOT_EVALUATED),
        Observation(better.id, NOON - HOUR, None, NOON, flag=Flag.MISSING),
    ]
    return Arrival("samen-meten", NOON, things=(kit,), datastreams=(raw, better), observations=tuple(values))


def well() -> Arrival:
    """A well without any value, and one that nobody knows the place of."""
    wells = (
        Thing(
            "bro-grondwater", "GMW1", "Put 1", replace(at(3_000), height_nap_m=1.25, accuracy_m=2.0), "well"
        ),
        Thing("bro-grondwater", "GMW2", "", None, "well", ref="NL.BRO.GMW2"),
    )
    return Arrival(
        "bro-grondwater", NOON, things=wells, datastreams=(Datastream(WELL, "grondwaterstand", "m"),)
    )


def bridge() -> Arrival:
    """A bridge that is open or not, and a sign with words."""
    thing = Thing("ndw-situaties", "B1", "Brug", at(-800), "bridge")
    is_open, sign = Datastream(thing.id, "brug-open", ""), Datastream(thing.id, "paneeltekst", "")
    values = (
        Observation(is_open.id, NOON, True, NOON),
        Observation(sign.id, NOON, "Brug open, volg U12", NOON),
    )
    return Arrival("ndw-situaties", NOON, things=(thing,), datastreams=(is_open, sign), observations=values)


def secret() -> Arrival:
    """A post for staff only."""
    post = Thing("proef", "P1", HIDDEN_NAME, at(10, 10), "station")
    stream = Datastream(post.id, "pm10", "ug/m3")
    value = Observation(stream.id, NOON, 99.5, NOON)
    return Arrival(
        "proef", NOON, audience="staff", things=(post,), datastreams=(stream,), observations=(value,)
    )


def healths() -> tuple[FeedHealth, ...]:
    """How four of the sources are doing: one of them is a recording, and one an invention."""
    air = Text("Luchtmeetnet", "Luchtmeetnet (official air quality)")
    return (
        FeedHealth("bro-grondwater", Text("Grondwater", "Groundwater"), "TNO", "CC0 1.0", invented=True),
        FeedHealth(
            "luchtmeetnet",
            air,
            "RIVM",
            "open",
            "fresh",
            newest=NOON,
            attribution="Luchtmeetnet",
            stale_after=3 * HOUR,
        ),
        FeedHealth("ndw-situaties", Text("NDW"), "NDW", "CC0 1.0", recording=date(2026, 4, 16)),
        FeedHealth("proef", Text(HIDDEN_NAME), "Kleinstad", "none"),
    )


def fill_measurements(store: Store) -> None:
    """Put all of it into the store."""
    for health in healths():
        store.put_document(FEED_KIND, health.source, health_body(health))
    store.put_document(LIST_KIND, LIST_KEY, {"ids": [health.source for health in healths()]})
    for arrival in (air(), revision(), citizens(), well(), bridge(), secret()):
        store.put_arrival(arrival)
