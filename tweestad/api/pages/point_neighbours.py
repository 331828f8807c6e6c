"""What can be shown beside a series: another of the same thing, or the same of a thing near by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tweestad.access.reader import Reader
from tweestad.api.language import speak
from tweestad.api.pages.measured_words import stream_title
from tweestad.api.pages.point_kind import kind_words
from tweestad.api.pages.wording import show_distance
from tweestad.model.reading import ReadingsWhere, StoredDatastream, StoredThing
from tweestad.model.text import Language

NEAR_M = 5_000.0
_NEAR_MAX = 5
_CANDIDATES = 200
# The series that explains another one of the same thing.
_PAIRS = {
    "reistijd": "reistijd-normaal",
    "plaatsen-vrij": "plaatsen-totaal",
    "laadpunten-vrij": "laadpunten-totaal",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A datastream in the same unit, with its words."""

    stream: str
    title: str


def choices_of(
    reader: Reader,
    stored: StoredThing,
    stream: StoredDatastream,
    streams: Sequence[StoredDatastream],
    language: Language,
) -> tuple[Choice, ...]:
    """First those of the thing itself, then the five nearest."""
    unit = stream.datastream.unit
    own = [
        Choice(each.datastream.id, stream_title(each.datastream, language))
        for each in streams
        if each.datastream.unit == unit and each.datastream.id != stream.datastream.id
    ]
    return (*own, *_near(reader, stored, stream, language))


def default_choice(stream: StoredDatastream, streams: Sequence[StoredDatastream]) -> str:
    """The same property by another method (raw beside calibrated), or what the value must be seen against."""
    ours = stream.datastream
    for each in streams:
        other = each.datastream
        same = other.observed == ours.observed and other.method != ours.method
        if (same or other.observed == _PAIRS.get(ours.observed)) and other.unit == ours.unit:
            return other.id
    return ""


def _near(reader: Reader, stored: StoredThing, stream: StoredDatastream, language: Language) -> list[Choice]:
    place = stored.thing.location
    if place is None:
        return []
    box = (place.x - NEAR_M, place.y - NEAR_M, place.x + NEAR_M, place.y + NEAR_M)
    where = ReadingsWhere(bbox=box, observed=(stream.datastream.observed,))
    found = [
        each
        for each in reader.datastreams(where, limit=_CANDIDATES)
        if each.datastream.thing != stored.thing.id and each.datastream.unit == stream.datastream.unit
    ]
    if not found:
        return []
    ids = tuple(dict.fromkeys(each.datastream.thing for each in found))
    things = {
        each.thing.id: each.thing for each in reader.things(ReadingsWhere(things=ids), limit=_CANDIDATES)
    }
    measured = []
    for each in found:
        thing = things.get(each.datastream.thing)
        if thing is not None and thing.location is not None:
            metres = math.hypot(thing.location.x - place.x, thing.location.y - place.y)
            measured.append((metres, each.datastream.id, each.datastream, thing))
    return [
        Choice(
            key,
            speak(
                language,
                "point.compare.near",
                title=stream_title(spoken, language),
                name=thing.name or f"{kind_words(thing.kind, language)} {thing.key}",
                distance=show_distance(metres, language).text,
            ),
        )
        for metres, key, spoken, thing in sorted(measured, key=lambda each: each[:2])[:_NEAR_MAX]
    ]
