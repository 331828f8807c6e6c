"""One entity, as what the twin knows of it; all entities are views of things, datastreams and readings.

A thing's place is its Location, its HistoricalLocation and its FeatureOfInterest, all with the thing's own
id: they are as stable as that. A Sensor is a source with the method by which it measures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tweestad.api.sensorthings.entities import Kind
from tweestad.api.sensorthings.values import find_moment, moment_text
from tweestad.model.observed_property import ObservedProperty
from tweestad.model.reading import Reading, StoredDatastream, StoredThing
from tweestad.model.thing import Thing


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a Sensor is here: a source, and the method of those of its series that have one."""

    source: str
    method: str = ""

    @property
    def id(self) -> str:
        return f"{self.source}:{self.method}" if self.method else self.source


@dataclass(frozen=True, slots=True)
class Placed:
    """That a thing was where it is from `since` on."""

    thing: StoredThing
    since: datetime


@dataclass(frozen=True, slots=True)
class Measured:
    """A reading with the datastream that it belongs to."""

    stream: StoredDatastream
    reading: Reading


Held = StoredThing | Placed | StoredDatastream | Instrument | ObservedProperty | Measured


@dataclass(frozen=True, slots=True)
class Row:
    """An entity of this kind and id, and what it is made of."""

    kind: Kind
    id: str
    held: Held

    @property
    def thing(self) -> Thing:
        """The thing of a row that is one, or its place."""
        if isinstance(self.held, Placed):
            return self.held.thing.thing
        if not isinstance(self.held, StoredThing):
            raise TypeError(f"a {self.kind} is no thing")
        return self.held.thing

    @property
    def stream(self) -> StoredDatastream:
        """The datastream of a row that is one, or a reading of it."""
        if isinstance(self.held, Measured):
            return self.held.stream
        if not isinstance(self.held, StoredDatastream):
            raise TypeError(f"a {self.kind} is no datastream")
        return self.held

    @property
    def reading(self) -> Reading:
        """The reading of a row that is one."""
        if not isinstance(self.held, Measured):
            raise TypeError(f"a {self.kind} is no reading")
        return self.held.reading


def stream_row(stream: StoredDatastream) -> Row:
    return Row("Datastream", stream.datastream.id, stream)


def reading_row(stream: StoredDatastream, reading: Reading) -> Row:
    """An observation is named after its datastream and its moment: a revision has the same id."""
    moment = moment_text(reading.observation.phenomenon)
    return Row("Observation", f"{stream.datastream.id}@{moment}", Measured(stream, reading))


def instrument_of(stream: StoredDatastream) -> Instrument:
    return Instrument(stream.source, stream.datastream.method)


def split_reading_id(text: str) -> tuple[str, datetime] | None:
    """The datastream and moment of an observation's id, or None when it is no such id."""
    stream, separator, when = text.rpartition("@")
    moment = find_moment(when) if separator else None
    return None if moment is None or not stream else (stream, moment)
