"""Energy of the Nationaal Energie Dashboard: what is made in a province, by kind. It knows no municipalities.

JSON-LD, in which other things are named by their path (`/v1/types/2`). Capacity is kW, volume kWh, percentage
a fraction and emission kg. Forecast, current and backcast are apart: only what is current is an observation.
Times are UTC, also when a Dutch day was asked for; `validto` is the end of the interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Follow,
    InputRejected,
    Observation,
    Parsed,
    Record,
    Skipped,
    Thing,
    each,
    read_json,
)

_TYPES = {
    "1": "wind",
    "2": "zon",
    "17": "wind-op-zee",
    "27": "stroommix",
    "57": "hernieuwbaar",
    "58": "fossiel",
}
_ACTIVITIES = {"1": "", "2": "-verbruik"}
_CURRENT = "2"
_FIELDS = {
    "capacity": ("vermogen", "kW"),
    "volume": ("energie", "kW.h"),
    "percentage": ("energieaandeel", "1"),
    "emission": ("co2-uitstoot", "kg"),
}


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """The provinces, or the use of one kind of energy, as `facts.part` says."""
    document = read_json(payload)
    rows = document.records("hydra:member")
    if not rows:
        yield Skipped("the source has no values for the time that was asked", 0)
    read = _point if facts.part == "points" else _used
    yield from each(rows, partial(read, facts))
    if facts.part != "points" and (told := document.record("hydra:view").find_text("hydra:next")):
        yield Follow(f"https://api.ned.nl{told}", facts.part)


def _id(row: Record, name: str) -> str:
    """The last part of a path such as `/v1/points/0`."""
    return row.text(name).rsplit("/", 1)[-1]


def _point(facts: Facts, row: Record) -> Iterator[Parsed]:
    yield Thing(facts.source, _id(row, "@id"), row.text("name"), kind="province")


def _used(facts: Facts, row: Record) -> Iterator[Parsed]:
    if _id(row, "classification") != _CURRENT:
        yield Skipped("a forecast or a backcast")
        return
    kind, activity = _TYPES.get(_id(row, "type")), _ACTIVITIES.get(_id(row, "activity"))
    if kind is None or activity is None:
        raise InputRejected("a kind of energy that is not taken over")
    start, end = row.time("validfrom"), row.time("validto")
    if end <= start:
        raise InputRejected("an interval ends before it begins")
    seconds = int((end - start).total_seconds())
    for field, (observed, unit) in _FIELDS.items():
        thing = f"{facts.source}:{_id(row, 'point')}"
        stream = Datastream(thing, observed, unit, kind + activity, period_s=seconds)
        yield stream
        yield Observation(
            stream.id, end, row.number(field), facts.received, phenomenon_start=start,
            result_time=row.time("lastupdate"), original=row.text(field),
        )  # fmt: skip
