"""What one actor may see of things and their values; the half of Reader that is about measurements."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tweestad.access.actor import Actor
from tweestad.errors import NotFound
from tweestad.model.reading import (
    Bucket,
    Latest,
    Reading,
    ReadingsWhere,
    Step,
    StoredDatastream,
    StoredThing,
)
from tweestad.store.protocol import Store


class MeasurementReader:
    """Reads measurements on behalf of one actor; every answer is filtered by audience."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor

    @property
    def readings_version(self) -> int:
        """The change number of the last change of measurements."""
        return self._store.clock("readings")

    def things(self, where: ReadingsWhere, *, limit: int, after: str | None = None) -> list[StoredThing]:
        return self._store.things(self._audible(where), limit=limit, after=after)

    def count_things(self, where: ReadingsWhere) -> int:
        return self._store.count_things(self._audible(where))

    def thing(self, thing_id: str) -> StoredThing:
        """One thing, also when it has ended; NotFound when it is not there or not for this actor."""
        found = self.things(ReadingsWhere(things=(thing_id,), ended=True), limit=1)
        if not found:
            raise NotFound(f"Er is geen meetpunt ‘{thing_id[:200]}’.")
        return found[0]

    def datastreams(
        self, where: ReadingsWhere, *, limit: int, after: str | None = None
    ) -> list[StoredDatastream]:
        return self._store.datastreams(self._audible(where), limit=limit, after=after)

    def datastream(self, datastream_id: str) -> StoredDatastream:
        """One datastream; NotFound when it is not there or not for this actor."""
        found = self.datastreams(ReadingsWhere(datastreams=(datastream_id,), ended=True), limit=1)
        if not found:
            raise NotFound(f"Er is geen meetreeks ‘{datastream_id[:200]}’.")
        return found[0]

    def latest(self, where: ReadingsWhere, *, limit: int) -> list[Latest]:
        return self._store.latest(self._audible(where), limit=limit)

    def readings(
        self,
        datastream: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int,
        descending: bool = False,
    ) -> list[Reading]:
        """The values of a datastream in order of time; none when it is not for this actor."""
        return self._store.readings(
            datastream,
            start=start,
            end=end,
            limit=limit,
            descending=descending,
            audiences=self._actor.audiences,
        )

    def aggregate(self, datastream: str, *, start: datetime, end: datetime, step: Step) -> list[Bucket]:
        """Numbers per step of a datastream; none when it is not for this actor."""
        return self._store.aggregate(
            datastream, start=start, end=end, step=step, audiences=self._actor.audiences
        )

    def _audible(self, where: ReadingsWhere) -> ReadingsWhere:
        return replace(where, audiences=self._actor.audiences)
