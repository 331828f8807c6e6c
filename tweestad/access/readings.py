"""What one actor may see of things, their datastreams and values: a part of `Reader`."""

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


class ReadingsReader:
    """Reads measurements on behalf of one actor; what it may not see is answered like what does not exist."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor

    @property
    def readings_version(self) -> int:
        """The change number of the measurements as they are now."""
        return self._store.clock("readings")

    def things(self, where: ReadingsWhere, *, limit: int, after: str | None = None) -> list[StoredThing]:
        return self._store.things(self._for_actor(where), limit=limit, after=after)

    def count_things(self, where: ReadingsWhere) -> int:
        return self._store.count_things(self._for_actor(where))

    def thing(self, thing: str, *, at: datetime | None = None) -> StoredThing:
        """One thing, also when it has ended; raises NotFound when it is not there or not for this actor."""
        found = self.things(ReadingsWhere(things=(thing,), at=at, ended=True), limit=1)
        if not found:
            raise NotFound(f"Er is geen meetpunt ‘{thing[:200]}’.")
        return found[0]

    def datastreams(
        self, where: ReadingsWhere, *, limit: int, after: str | None = None
    ) -> list[StoredDatastream]:
        return self._store.datastreams(self._for_actor(where), limit=limit, after=after)

    def datastream(self, datastream: str) -> StoredDatastream:
        """One datastream, also of what has ended; raises NotFound like `thing`."""
        found = self.datastreams(ReadingsWhere(datastreams=(datastream,), ended=True), limit=1)
        if not found:
            raise NotFound(f"Er is geen meetreeks ‘{datastream[:200]}’.")
        return found[0]

    def latest(self, where: ReadingsWhere, *, limit: int) -> list[Latest]:
        return self._store.latest(self._for_actor(where), limit=limit)

    def readings(
        self,
        datastream: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int,
        descending: bool = False,
    ) -> list[Reading]:
        """The values with start <= phenomenon < end; nothing of a datastream that is not for this actor."""
        return self._store.readings(
            datastream,
            start=start,
            end=end,
            limit=limit,
            descending=descending,
            audiences=self._actor.audiences,
        )

    def count_readings(
        self, datastream: str, *, start: datetime | None = None, end: datetime | None = None
    ) -> int:
        audiences = self._actor.audiences
        return self._store.count_readings(datastream, start=start, end=end, audiences=audiences)

    def aggregate(self, datastream: str, *, start: datetime, end: datetime, step: Step) -> list[Bucket]:
        audiences = self._actor.audiences
        return self._store.aggregate(datastream, start=start, end=end, step=step, audiences=audiences)

    def _for_actor(self, where: ReadingsWhere) -> ReadingsWhere:
        return replace(where, audiences=self._actor.audiences)
