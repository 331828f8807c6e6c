"""The seam of the store for measurements: what every backend promises of things and their values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from tweestad.model.layer import Audience
from tweestad.model.reading import (
    Arrival,
    Bucket,
    Kept,
    Latest,
    Reading,
    ReadingsWhere,
    Step,
    StoredDatastream,
    StoredThing,
)

PUBLIC: frozenset[Audience] = frozenset({"public"})


class Readings(Protocol):
    """The verbs over things, datastreams and observations. Writes are idempotent on (datastream, time)."""

    def put_arrival(self, arrival: Arrival) -> Kept:
        """Store what one answer gave in one transaction; equal values write nothing.

        A value for a moment that is known replaces it when its `result_time` is later or absent; the first
        value is kept. An arrival for staff also hides what is known; none makes public what was not.
        Raises InputRejected for a datastream of a thing that neither the arrival nor the store knows.
        """

    def things(self, where: ReadingsWhere, *, limit: int, after: str | None = None) -> list[StoredThing]:
        """One page of the things that are there (at `where.at`), in order of id."""

    def count_things(self, where: ReadingsWhere) -> int:
        """How many things there are."""

    def datastreams(
        self, where: ReadingsWhere, *, limit: int, after: str | None = None
    ) -> list[StoredDatastream]:
        """One page of the datastreams of those things, in order of id."""

    def latest(self, where: ReadingsWhere, *, limit: int) -> list[Latest]:
        """The last value of each of those datastreams, in order of datastream id; those without
        one are left out."""

    def readings(
        self,
        datastream: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int,
        descending: bool = False,
        audiences: frozenset[Audience] = PUBLIC,
    ) -> list[Reading]:
        """The values with start <= phenomenon < end, in order of time."""

    def count_readings(
        self,
        datastream: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        audiences: frozenset[Audience] = PUBLIC,
    ) -> int:
        """How many values there are with start <= phenomenon < end."""

    def aggregate(
        self,
        datastream: str,
        *,
        start: datetime,
        end: datetime,
        step: Step,
        audiences: frozenset[Audience] = PUBLIC,
    ) -> list[Bucket]:
        """Numbers per hour, day, month or year of Europe/Amsterdam; a step without values is left out.

        A value belongs to the step that holds the start of its interval, or its moment when it has none.
        Steps are whole: those that hold `start` and `end` count wholly. Raises InputRejected for an
        empty time.
        """

    def channels(self, source: str) -> Mapping[str, tuple[str, ...]]:
        """The channels of a source's datastreams and the ids they stand for, as `Facts.channels`
        has them."""

    def end_source(self, source: str, at: datetime) -> int:
        """End all things of a source that was taken out; their values stay. Returns how many ended."""

    def erase_thing(self, thing: str) -> int:
        """Remove a thing with its datastreams and all their values for good; returns how many rows went."""
