"""Car parks with what is free: Amsterdam (GeoJSON), the national register (NPR of RDW) and DATEX II.

Amsterdam writes numbers as text, and empty text for unknown; a garage whose sensors are out says "0" free of
"0", which is not full: only the status VOL is. In the register names of keys differ by operator, times are
seconds since 1970 and often years old, and what has limited access is left aside.
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
from tweestad.sources.parkeergarages.datex import read_datex

_INDEX = ("ParkingFacilities", "parkingFacilities")
_STATIC = ("parkingFacilityInformation", "parkingFacilityStaticInformation")
_COUNTING, _FULL = "GETAL", "VOL"
_LONGEST_ADDRESS = 500


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The garages of Amsterdam, a reply of the register, or a DATEX file, as `facts.part` says."""
    if facts.part.startswith("datex"):
        yield from read_datex(payload, facts)
        return
    document = read_json(payload)
    if facts.part == "amsterdam":
        yield from each(document.records("features"), partial(_garage, facts))
    elif facts.part == "index":
        yield from each(document.records(_one_of(document, _INDEX)), _facility)
    elif facts.part == "static":
        yield from each([document.record(_one_of(document, _STATIC))], partial(_static, facts))
    else:
        yield from each([document.record("parkingFacilityDynamicInformation")], partial(_dynamic, facts))


def _one_of(document: Record, names: tuple[str, ...]) -> str:
    for name in names:
        if name in document:
            return name
    raise InputRejected(f"‘{names[0]}’ is missing")


def _garage(facts: Facts, row: Record) -> Iterator[Parsed]:
    told = row.record("properties")
    lon, lat = row.record("geometry").numbers("coordinates")[:2]
    # P+R and garages stand in one list with the panels that point to them.
    thing = Thing(facts.source, row.text("Id"), told.text("Name"), Location(lon, lat), "parking")
    moment = told.time("PubDate")
    state, status = told.text("State"), told.text("Status")
    works = state == "ok" and status in (_COUNTING, _FULL)
    free = told.measured("FreeSpaceShort")
    total = told.measured("ShortCapacity")
    if status == _FULL and works:
        free = 0.0
    yield thing
    word = f"{state}; {status}"
    if not works:
        free = total = None
    yield from _counts(facts, thing.id, free, total or None, moment, word)


def _counts(
    facts: Facts, thing: str, free: float | None, total: float | None, moment: datetime, word: str
) -> Iterator[Parsed]:
    """What is free and what there is; a number of free places that cannot be is no number."""
    impossible = free is not None and (free < 0 or (total is not None and free > total))
    for observed, number in (("plaatsen-vrij", free), ("plaatsen-totaal", total)):
        stream = Datastream(thing, observed, "1")
        flag = Flag.NOT_EVALUATED if number is not None else Flag.MISSING
        if observed == "plaatsen-vrij" and impossible:
            flag = Flag.FAIL
        yield stream
        yield Observation(
            stream.id, moment, None if flag == Flag.FAIL else number, facts.received, flag=flag, told=word,
            original="" if number is None else f"{number:g}",
        )  # fmt: skip


def _facility(row: Record) -> Iterator[Parsed]:
    row.text("identifier")
    if row.find_flag("limitedAccess"):
        yield Skipped("a car park with limited access")
        return
    dynamic = row.find_text("dynamicDataUrl")
    if dynamic is None:
        yield Skipped("a car park without live numbers")
        return
    yield Follow(row.text("staticDataUrl")[:_LONGEST_ADDRESS], "static")
    yield Follow(dynamic[:_LONGEST_ADDRESS], "dynamic")


def _static(facts: Facts, row: Record) -> Iterator[Parsed]:
    where = row.find_record("locationForDisplay") or row.record("accessPoints/accessPointLocation")
    thing = Thing(
        facts.source, row.text("identifier"), row.text("name"),
        Location(where.number("longitude"), where.number("latitude")), "parking",
    )  # fmt: skip
    yield thing


def _dynamic(facts: Facts, row: Record) -> Iterator[Parsed]:
    status = row.record("facilityActualStatus")
    thing = f"{facts.source}:{row.text('identifier')}"
    moment = status.time("lastUpdated", "epoch")
    full, is_open = status.find_flag("full"), status.find_flag("open")
    if full is None or is_open is None:
        raise InputRejected("it does not say whether it is open or full")
    free = status.number("vacantSpaces")
    word = "; ".join(name for name, so in (("full", full), ("closed", not is_open)) if so)
    total = status.find_number("parkingCapacity")
    yield from _counts(facts, thing, 0.0 if full else free, total, moment, word)
