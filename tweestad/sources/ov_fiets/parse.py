"""OV-fiets: the rental places of NS with the bicycles that are there.

One object keyed by the code of a place; the number of bicycles is text, and absent where nobody counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    Thing,
    each,
    read_json,
)


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Every place of the list."""
    places = read_json(payload).record("locaties")
    if not places.keys():
        raise InputRejected("it holds no places")
    rows = [Record({"code": code, "place": places.values()[code]}) for code in places.keys()]  # noqa: SIM118
    yield from each(rows, partial(_place, facts))


def _place(facts: Facts, row: Record) -> Iterator[Parsed]:
    place = row.record("place")
    extra = place.record("extra")
    thing = Thing(
        facts.source, row.text("code"), place.find_text("description") or place.text("name"),
        Location(place.number("lng"), place.number("lat")), "hub",
    )  # fmt: skip
    yield thing
    stream = Datastream(thing.id, "fietsen-vrij", "1")
    count = extra.find_number("rentalBikes")
    if count is not None and count < 0:
        raise InputRejected("fewer than none are available")
    yield stream
    yield Observation(
        stream.id, extra.time("fetchTime", "epoch"), count, facts.received,
        original=extra.find_text("rentalBikes") or "",
        flag=Flag.MISSING if count is None else Flag.NOT_EVALUATED,
    )  # fmt: skip
