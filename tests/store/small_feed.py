"""An invented feed: stations beside each other with one datastream, and what they measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tweestad.model.layer import Audience
from tweestad.model.observation import Observation, Result
from tweestad.model.reading import Arrival, Latest, ReadingsWhere
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.store.protocol import Store

EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})
NOW = datetime(2026, 6, 21, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL = ReadingsWhere(audiences=EVERYONE)


def station(key: str = "a", x: float = 120_000.0, **more: Any) -> Thing:
    return Thing("lucht", key, f"Station {key}", Location(x, 487_000.0, 28992), "station", **more)


def stream(key: str = "a", observed: str = "no2", method: str = "", **more: Any) -> Datastream:
    return Datastream(f"lucht:{key}", observed, "ug/m3", method, **more)


def value(
    result: Result = 12.5, at: datetime = NOW, key: str = "lucht:a:no2", received: datetime = NOW, **more: Any
) -> Observation:
    return Observation(key, at, result, received, **more)


def arrival(
    things: Iterable[Thing] = (),
    streams: Iterable[Datastream] = (),
    values: Iterable[Observation] = (),
    **more: Any,
) -> Arrival:
    given = Arrival("lucht", NOW, things=tuple(things), datastreams=tuple(streams))
    return replace(given, observations=tuple(values), **more)


def one_station(store: Store, values: Sequence[Observation] = (), **more: Any) -> None:
    store.put_arrival(arrival([station()], [stream()], values, **more))


def hourly(count: int, *, end: datetime = NOW, key: str = "lucht:a:no2", **more: Any) -> list[Observation]:
    """Values 0, 1, 2 … of whole hours, the last of which ended at `end`."""
    first = end - (count - 1) * HOUR
    return [
        value(float(i), first + i * HOUR, key, phenomenon_start=first + (i - 1) * HOUR, **more)
        for i in range(count)
    ]


def last(store: Store, where: ReadingsWhere = ALL) -> list[tuple[str, Result]]:
    return [(found.datastream.datastream.id, result(found)) for found in store.latest(where, limit=1_000)]


def result(found: Latest) -> Result:
    return found.reading.observation.result


def there(store: Store, where: ReadingsWhere = ALL) -> list[str]:
    return [found.thing.id for found in store.things(where, limit=1_000)]
