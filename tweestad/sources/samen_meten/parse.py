"""RIVM Samen Meten: hourly values of citizens' sensors, raw and calibrated, in a SensorThings dialect.

What a series measures hides in its name: `HLL_hl_device_465-12-pm25_kal`. `…_kal` is calibrated by RIVM with
the nearest official stations, and is a series of its own beside the raw one: it may be higher, and it may be
absent where the raw value is there. −999 is no value, and neither is a 0 beside a humidity of 0. Positions
were rounded by the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    Follow,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    Skipped,
    Thing,
    each,
    read_json,
)

_HOUR = timedelta(hours=1)
_NAME = re.compile(r"(?P<key>.+)-\d+-(?P<kind>[a-z0-9]+)(?P<kal>_kal)?\Z")
_KINDS = {
    "pm10": ("pm10", "ug/m3"), "pm25": ("pm25", "ug/m3"), "no2": ("no2", "ug/m3"),
    "temp": ("temperatuur", "Cel"), "rh": ("luchtvochtigheid", "%"), "pres": ("luchtdruk", "hPa"),
}  # fmt: skip
_MISSING = ("-999", "-999.0")
# Outdoors neither can be 0: a sensor without the part that measures it sends that.
_ZERO_IS_NOTHING = frozenset({"luchtdruk", "luchtvochtigheid"})
_ROUNDED_M = 100.0


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The things of a municipality, or the last values of one thing, as `facts.part` says."""
    document = read_json(payload)
    rows = document.records("value")
    if not rows:
        yield Skipped("the source has nothing here", 0)
    if facts.part == "things":
        yield from each(rows, partial(_thing, facts))
    else:
        yield from each(rows, partial(_series, facts, _placeholders(rows)))
    if url := document.find_text("@iot.nextLink"):
        yield Follow(url, facts.part)


def _thing(facts: Facts, row: Record) -> Iterator[Parsed]:
    key = row.text("name")
    places = row.records("Locations")
    if not places:
        raise InputRejected("it has no location")
    lon, lat = places[-1].record("location").numbers("coordinates")[:2]
    told = {"project": "project", "gemeente": "codegemeente", "referentie": "knmicode"}
    thing = Thing(
        source=facts.source,
        key=key,
        name=key,
        kind="sensor",
        location=Location(lon, lat, accuracy_m=_ROUNDED_M),
        properties={
            ours: text for ours, theirs in told.items() if (text := row.find_text(f"properties/{theirs}"))
        },
    )
    yield thing
    for series in row.find_records("Datastreams"):
        yield from _stream(facts, series)


def _stream(facts: Facts, row: Record) -> Iterator[Datastream]:
    """The datastream that a series' name stands for; one of another kind is none of ours."""
    found = _NAME.match(row.text("name"))
    if found is None:
        raise InputRejected("the name of a series does not tell what it measures")
    if found["kind"] in _KINDS:
        observed, unit = _KINDS[found["kind"]]
        method = "gekalibreerd" if found["kal"] else ""
        yield Datastream(f"{facts.source}:{found['key']}", observed, unit, method=method, period_s=3600)


def _placeholders(rows: list[Record]) -> frozenset[str]:
    """The times at which a thing gives a humidity of exactly 0: what else is 0 then was not measured."""
    return frozenset(
        time
        for row in rows
        if "-rh" in (row.find_text("name") or "")
        for value in row.find_records("Observations")
        if value.find_text("result") == "0" and (time := value.find_text("phenomenonTime"))
    )


def _series(facts: Facts, placeholders: frozenset[str], row: Record) -> Iterator[Parsed]:
    streams = list(_stream(facts, row))
    values = row.records("Observations")
    if not streams:
        yield Skipped("a series of another quantity", max(len(values), 1))
        return
    yield streams[0]
    yield from each(values, partial(_value, facts, streams[0], placeholders))
    if url := row.find_text("Observations@iot.nextLink"):
        yield Follow(url, "values")


def _value(facts: Facts, stream: Datastream, placeholders: frozenset[str], row: Record) -> Iterator[Parsed]:
    end = row.time("phenomenonTime", "UTC")
    value = row.measured("result", missing=_MISSING)
    at_nothing = row.text("phenomenonTime") in placeholders
    if value == 0 and (stream.observed in _ZERO_IS_NOTHING or at_nothing):
        value = None
    yield Observation(
        stream.id, end, value, facts.received, phenomenon_start=end - _HOUR,
        flag=Flag.MISSING if value is None else Flag.NOT_EVALUATED, original=row.find_text("result") or "",
    )  # fmt: skip
