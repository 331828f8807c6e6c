"""Public transport: stops of a GTFS file, and departures of OVapi (v0, KV7 and KV8).

One reply writes times in three ways: departures in Dutch clock time without a zone, the last update with
`+0200`. A stop without a position carries RD 0,0 in degrees: it is kept, and placed nowhere. `unknown` and 0
coaches mean that nobody knows. Each passing of a stop is a thing of its own, which is gone when the next
reply no longer has it.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    Skipped,
    SourceChanged,
    Thing,
    each,
    read_csv,
    read_json,
)

_STATUSES = {
    "PLANNED": "planned", "DRIVING": "driving", "ARRIVED": "arrived", "PASSED": "passed",
    "CANCEL": "cancelled", "OFFROUTE": "offroute", "UNKNOWN": "unknown",
}  # fmt: skip
_NOWHERE = (47.974766, 3.3135424)
_PACKED_MAX, _STOPS_MAX = 400_000_000, 60_000_000


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The stops of a GTFS file, or the departures of some stops, as `facts.part` says."""
    if facts.part == "stops":
        with _member(payload, "stops.txt") as stops:
            columns = ("stop_id", "stop_code", "stop_name", "stop_lat", "stop_lon", "location_type")
            yield from each(read_csv(stops, columns), partial(_stop, facts))
        return
    document = read_json(payload)
    stops_of = [Record({"code": code, "stop": document.values()[code]}) for code in document.keys()]  # noqa: SIM118
    yield from each(stops_of, partial(_departures, facts))


def _member(payload: BinaryIO, name: str) -> BinaryIO:
    """One file of a zip, in memory; refused when it is larger than 60 MB or is not there."""
    data = payload.read(_PACKED_MAX + 1)
    if len(data) > _PACKED_MAX:
        raise SourceChanged("the zip is too large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as file:
            text = file.read(_STOPS_MAX + 1)
    except (
        zipfile.BadZipFile,
        KeyError,
        RuntimeError,
        NotImplementedError,
        zlib.error,
        EOFError,
        OSError,
    ) as exc:
        raise SourceChanged(f"this is not a zip with a sound {name}") from exc
    if len(text) > _STOPS_MAX:
        raise SourceChanged(f"{name} is too large")
    return io.BytesIO(text)


def _place(lat: float, lon: float) -> Location | None:
    if abs(lat - _NOWHERE[0]) < 1e-3 and abs(lon - _NOWHERE[1]) < 1e-3:
        return None
    return Location(lon, lat)


def _stop(facts: Facts, row: Record) -> Iterator[Parsed]:
    if (row.find_text("location_type") or "0") != "0":
        yield Skipped("a station or an entrance, not a stop")
        return
    key = row.find_text("stop_code") or row.text("stop_id")
    yield Thing(
        facts.source,
        key,
        row.text("stop_name"),
        _place(row.number("stop_lat"), row.number("stop_lon")),
        "stop",
    )


def _departures(facts: Facts, row: Record) -> Iterator[Parsed]:
    told = row.record("stop/Stop")
    passes = row.record("stop/Passes")
    where = _place(told.number("Latitude"), told.number("Longitude"))
    stop = Thing(facts.source, told.text("TimingPointCode"), told.text("TimingPointName"), where, "stop")
    found = [Record({"key": key, "pass": passes.values()[key]}) for key in passes.keys()]  # noqa: SIM118
    if not found:
        yield Skipped("no departures at the moment", 0)
    yield from each(found, partial(_pass, facts, stop))


def _pass(facts: Facts, stop: Thing, row: Record) -> Iterator[Parsed]:
    told = row.record("pass")
    status = _STATUSES.get(told.text("TripStopStatus"))
    if status is None:
        raise InputRejected("a status that OVapi does not have")
    line, destination = told.text("LinePublicNumber"), told.text("DestinationName50")
    expected = told.time("ExpectedDepartureTime", "Europe/Amsterdam")
    planned = told.time("TargetDepartureTime", "Europe/Amsterdam")
    moment = told.time("LastUpdateTimeStamp")
    thing = Thing(
        facts.source, f"{stop.key}/{row.text('key')}", f"{line} {destination}", stop.location, "departure",
        properties={
            "halte": stop.key,
            "lijn": line,
            "bestemming": destination,
            "vervoer": told.text("TransportType"),
        },
    )  # fmt: skip
    yield thing
    delay = (expected - planned).total_seconds()
    for observed, unit, result in (
        ("vertrek", "", expected.isoformat().replace("+00:00", "Z")),
        ("vertraging", "s", delay),
        ("ritstatus", "", status),
    ):
        stream = Datastream(thing.id, observed, unit)
        yield stream
        yield Observation(
            stream.id, moment, result, facts.received, original=told.text("ExpectedDepartureTime")
        )
