"""Sensor.Community: the last five minutes of citizens' sensors for dust, weather and noise.

Numbers are text and times have no zone (UTC). A box on a wall is several sensors at one place: each keeps its
own id. `exact_location` 0 means that the owner had the place rounded: it is never to be snapped to a house.
Sensors that stand indoors are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    Location,
    Observation,
    Parsed,
    Record,
    Skipped,
    Thing,
    each,
    read_json,
)

_ROUNDED_M = 500.0
_KINDS = {
    "P1": ("pm10", "ug/m3", ""), "P2": ("pm25", "ug/m3", ""), "P0": ("pm1", "ug/m3", ""),
    "temperature": ("temperatuur", "Cel", ""), "humidity": ("luchtvochtigheid", "%", ""),
    "pressure": ("luchtdruk", "Pa", ""), "noise_LAeq": ("geluid", "dB(A)", "laeq"),
    "noise_LA_min": ("geluid", "dB(A)", "min"), "noise_LA_max": ("geluid", "dB(A)", "max"),
}  # fmt: skip
# Reckoned by the service from another value.
_DERIVED = frozenset({"pressure_at_sealevel", "P4", "P10"})
_MISSING = ("nan", "NaN", "unavailable", "unknown")


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The list of messages, each of one sensor at one moment."""
    rows = read_json(payload).records("items")
    if not rows:
        yield Skipped("the source has nothing here", 0)
    seen: set[str] = set()
    yield from each(rows, partial(_message, facts, seen))


def _message(facts: Facts, seen: set[str], row: Record) -> Iterator[Parsed]:
    if row.find_flag("location/indoor"):
        yield Skipped("a sensor that stands indoors")
        return
    key = str(row.whole("sensor/id"))
    moment = row.time("timestamp", "UTC")
    place = row.record("location")
    exact = place.whole("exact_location")
    values = row.records("sensordatavalues")
    if key not in seen:
        # Of one sensor several messages may be in the list.
        yield Thing(
            source=facts.source, key=key, name=f"Sensor {key}", kind="sensor",
            location=Location(
                place.number("longitude"), place.number("latitude"), accuracy_m=None if exact else _ROUNDED_M
            ),
            properties={"sensortype": row.text("sensor/sensor_type/name"), "plek": str(place.whole("id"))},
        )  # fmt: skip
        seen.add(key)
    read = partial(_value, facts, f"{facts.source}:{key}", moment)
    yield from each(values, read)


def _value(facts: Facts, thing: str, moment: datetime, row: Record) -> Iterator[Parsed]:
    kind = row.text("value_type")
    if kind not in _KINDS:
        reason = (
            "a value that the service derives" if kind in _DERIVED else "a quantity that is not taken over"
        )
        yield Skipped(reason)
        return
    observed, unit, method = _KINDS[kind]
    stream = Datastream(thing, observed, unit, method=method)
    value = row.measured("value", missing=_MISSING)
    yield stream
    yield Observation(
        stream.id, moment, value, facts.received,
        flag=Flag.MISSING if value is None else Flag.NOT_EVALUATED, original=row.find_text("value") or "",
    )  # fmt: skip
