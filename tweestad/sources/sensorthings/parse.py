"""Any OGC SensorThings 1.0 or 1.1 service: things with their places and series, and pages of values.

Ids may be numbers or text. The address of the next page is used as it was given. A time may be an interval
(`a/b`), whose end counts; a result may be a number, text, null or an object, of which only the first is a
value. A thing may have many places, of which the last is taken, or none. Units are free text: what is not
known stays as it was written, and is not converted. Rows come in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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

_ASKED = re.compile(r"/Datastreams\(([^()/]{1,200})\)/Observations")
_NOTHING = ("NaN", "nan", "null", "")


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Things with their series, or values, as `facts.part` says."""
    document = read_json(payload)
    rows = document.records("value")
    if not rows:
        yield Skipped("the source has nothing here", 0)
    read = _thing if facts.part == "things" else _value
    yield from each(rows, partial(read, facts))
    if url := document.find_text("@iot.nextLink"):
        yield Follow(url, facts.part)


def _thing(facts: Facts, row: Record) -> Iterator[Parsed]:
    places = row.records("Locations")
    series = row.records("Datastreams")
    where = _location(places[-1]) if places else None
    thing = Thing(facts.source, row.text("@iot.id"), row.text("name"), where, "station")
    yield thing
    yield from each(series, partial(_stream, facts, thing.id))


def _location(row: Record) -> Location:
    place = row.record("location")
    # Some services wrap the geometry in a feature.
    place = place.find_record("geometry") or place
    if place.text("type") != "Point":
        raise InputRejected("a place that is no point")
    lon, lat = place.numbers("coordinates")[:2]
    return Location(lon, lat)


def _stream(facts: Facts, thing: str, row: Record) -> Iterator[Parsed]:
    key = row.text("@iot.id")
    named = row.find_text("ObservedProperty/name") or row.text("name")
    names = facts.settings.get("observed")
    observed = names.get(named) if isinstance(names, dict) else None
    if not isinstance(observed, str):
        yield Skipped("a series whose observed property the settings do not name")
        return
    unit = row.find_text("unitOfMeasurement/symbol") or ""
    name = row.find_text("name") or ""
    yield Datastream(thing, observed, unit, method=key, name=name, channels=(f"stream/{key}",))


def _of_the_address(url: str) -> str:
    """The datastream whose values were asked for, when the address is `…Datastreams(id)/Observations…`."""
    found = _ASKED.search(url)
    return "" if found is None else found[1].strip("'")


def _value(facts: Facts, row: Record) -> Iterator[Parsed]:
    key = row.find_text("Datastream/@iot.id") or _of_the_address(facts.url) or row.text("Datastream/@iot.id")
    streams = facts.channels.get(f"stream/{key}")
    if streams is None:
        yield Skipped("elsewhere: a value of a series that is not followed")
        return
    told = row.text("phenomenonTime")
    start, _, end = told.rpartition("/")
    times = Record({"start": start, "end": end})
    quality = row.find_text("resultQuality/quality") or row.find_text("resultQuality") or ""
    if "result" not in row:
        raise InputRejected("‘result’ is missing")
    if row.find_record("result") is not None:
        raise InputRejected("a result that is an object")
    value = row.find_number("result", missing=_NOTHING)
    yield Observation(
        streams[0], times.time("end"), value, facts.received, phenomenon_start=times.find_time("start"),
        result_time=row.find_time("resultTime"), told=quality, original=row.find_text("result") or "",
        flag=Flag.MISSING if value is None else Flag.NOT_EVALUATED,
    )  # fmt: skip
