"""Car and lorry parks in DATEX II v2 and v3: a table of sites, and how full they are.

Status and table are joined on the id alone: their versions differ as a rule. A number is only shown when it
can be true: a negative count, a rate outside 0 to 100 or a status `unknown` means that nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    SourceChanged,
    Thing,
    each,
    read_xml,
)

_ROOTS = ("Envelope", "d2LogicalModel", "messageContainer", "payload")
# A rate and counts that differ more than this cannot both be right.
_RATE_DIFFERS = 10.0


def read_datex(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Every site of a table, and every status."""
    count = 0
    for element in read_xml(payload, ("parkingRecord", "parkingRecordStatus"), _ROOTS):
        count += 1
        read = _site if element.tag.endswith("}parkingRecord") else _status
        yield from each([Record.of(element)], partial(read, facts))
    if not count:
        raise SourceChanged("it holds no car parks")


def _site(facts: Facts, row: Record) -> Iterator[Parsed]:
    where = row.record("parkingLocation/pointByCoordinates/pointCoordinates")
    spaces = row.find_number("parkingNumberOfSpaces")
    thing = Thing(
        facts.source, row.text("@id"), row.text("parkingName/values/value"),
        Location(where.number("longitude"), where.number("latitude")), "parking",
        properties={} if spaces is None else {"plaatsen": int(spaces)},
    )  # fmt: skip
    yield thing
    yield from _streams(thing.id)


def _streams(thing: str) -> Iterator[Datastream]:
    yield Datastream(thing, "plaatsen-vrij", "1")
    yield Datastream(thing, "bezettingsgraad", "%")


def _status(facts: Facts, row: Record) -> Iterator[Parsed]:
    thing = f"{facts.source}:{row.text('parkingRecordReference/@id')}"
    status = row.text("parkingSiteStatus")
    counts = row.record("parkingOccupancy")
    vacant = counts.number("parkingNumberOfVacantSpaces")
    occupied = counts.number("parkingNumberOfOccupiedSpaces")
    rate = counts.number("parkingOccupancy")
    capacity = counts.find_number("parkingNumberOfSpacesOverride")
    flag = _judge(status, vacant, occupied, rate, capacity)
    hidden = flag in (Flag.MISSING, Flag.FAIL)
    moment = row.time("parkingStatusOriginTime")
    numbers = {"plaatsen-vrij": vacant, "bezettingsgraad": rate}
    for stream in _streams(thing):
        number = numbers[stream.observed]
        yield stream
        yield Observation(
            stream.id, moment, None if hidden else number, facts.received, flag=flag, told=status,
            original=f"{number:g}",
        )  # fmt: skip


def _judge(status: str, vacant: float, occupied: float, rate: float, capacity: float | None) -> Flag:
    """Whether the counts can be true together."""
    if status == "unknown":
        return Flag.MISSING
    if vacant < 0 or occupied < 0 or not 0 <= rate <= 100 or (capacity is not None and vacant > capacity):
        return Flag.FAIL
    spaces = vacant + occupied
    if spaces and abs(100 * occupied / spaces - rate) > _RATE_DIFFERS:
        return Flag.SUSPECT
    return Flag.NOT_EVALUATED
