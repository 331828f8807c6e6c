"""Shared bicycles, mopeds and cars in GBFS 2 and 3: stations with what is free, and loose vehicles.

Each file says its own version, because systems differ file by file: seconds since 1970 and plain names in 2,
RFC 3339 and names per language in 3. A vehicle that is reserved or disabled is not available. Vehicle ids
change after every ride by rule: no trip can be followed, and none may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Follow,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    Skipped,
    SourceChanged,
    Thing,
    each,
    read_json,
)

_PARTS = {
    "station_information": "station-information",
    "station_status": "station-status",
    "free_bike_status": "vehicles",
    "vehicle_status": "vehicles",
}


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The list of files, or one of them, as `facts.part` says."""
    document = read_json(payload)
    version = document.find_text("version") or "1.0"
    if version[:2] not in ("1.", "2.", "3."):
        raise SourceChanged(f"GBFS {version[:20]} is not read")
    updated = _time(document, "last_updated", version)
    data = document.record("data")
    if facts.part == "index":
        yield from each(_files(data), _follow)
        return
    name = "stations" if facts.part.startswith("station") else "bikes" if version[0] < "3" else "vehicles"
    rows = data.records(name)
    if not rows:
        yield Skipped("there are none at the moment", 0)
    read = {"station-information": _station, "station-status": _status}.get(facts.part, _vehicle)
    yield from each(rows, partial(read, facts, version, updated))


def _files(data: Record) -> list[Record]:
    """The files of a system: at once in version 3, below a language in version 2."""
    if "feeds" in data:
        return data.records("feeds")
    languages = data.keys()
    if not languages:
        raise InputRejected("it lists no files")
    return data.record("nl" if "nl" in languages else languages[0]).records("feeds")


def _follow(row: Record) -> Iterator[Parsed]:
    name, url = row.text("name"), row.text("url")
    if name in _PARTS:
        yield Follow(url, _PARTS[name])
    else:
        yield Skipped("a file that is not needed")


def _time(row: Record, name: str, version: str) -> datetime:
    return row.time(name, "epoch" if version[0] < "3" else "")


def _station(facts: Facts, version: str, _: datetime, row: Record) -> Iterator[Parsed]:
    name = row.text("name") if version[0] < "3" else row.text("name/text")
    capacity = row.find_number("capacity")
    thing = Thing(
        facts.source, row.text("station_id"), name, Location(row.number("lon"), row.number("lat")), "hub",
        properties={} if capacity is None else {"capaciteit": int(capacity)},
    )  # fmt: skip
    yield thing
    yield Datastream(thing.id, "fietsen-vrij", "1")
    yield Datastream(thing.id, "dokken-vrij", "1")


def _status(facts: Facts, version: str, updated: datetime, row: Record) -> Iterator[Parsed]:
    thing = f"{facts.source}:{row.text('station_id')}"
    moment = _time(row, "last_reported", version)
    vehicles = row.number("num_bikes_available" if version[0] < "3" else "num_vehicles_available")
    docks = row.find_number("num_docks_available")
    renting, returning = row.find_flag("is_renting"), row.find_flag("is_returning")
    if renting is None or returning is None:
        raise InputRejected("it does not say whether it rents and takes back")
    if vehicles < 0 or (docks is not None and docks < 0):
        raise InputRejected("fewer than none are available")
    for observed, number, works in (("fietsen-vrij", vehicles, renting), ("dokken-vrij", docks, returning)):
        if number is None:
            # A hub without racks has no docks.
            yield Skipped("a station without docks")
            continue
        stream = Datastream(thing, observed, "1")
        yield stream
        yield Observation(
            stream.id, moment, number if works else 0.0, facts.received, result_time=updated,
            told="" if works else "buiten gebruik", original=f"{number:g}",
        )  # fmt: skip


def _vehicle(facts: Facts, version: str, updated: datetime, row: Record) -> Iterator[Parsed]:
    key = row.text("bike_id" if version[0] < "3" else "vehicle_id")
    reserved, disabled = row.find_flag("is_reserved"), row.find_flag("is_disabled")
    if reserved is None or disabled is None:
        raise InputRejected("it does not say whether it is reserved or disabled")
    if "lat" not in row and row.find_text("station_id"):
        yield Skipped("a vehicle that stands at a station")
        return
    told = {"type": row.find_text("vehicle_type_id"), "bereik-m": row.find_number("current_range_meters")}
    thing = Thing(
        facts.source, key, location=Location(row.number("lon"), row.number("lat")), kind="vehicle",
        properties={name: value for name, value in told.items() if value is not None},
    )  # fmt: skip
    yield thing
    stream = Datastream(thing.id, "beschikbaar", "")
    yield stream
    yield Observation(stream.id, updated, not (reserved or disabled), facts.received)
