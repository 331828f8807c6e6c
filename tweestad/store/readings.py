"""The store of measurements over a relational database: every query once, for SQLite and PostGIS."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, delete, func, select

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
from tweestad.store import tables
from tweestad.store.arrival import end_things, hold_readings, store_arrival
from tweestad.store.backend import Backend
from tweestad.store.buckets import buckets, steps, sums
from tweestad.store.connected import Connected
from tweestad.store.intake import storable
from tweestad.store.last_values import LastValues, Version
from tweestad.store.numbers import in_chunks
from tweestad.store.reading_clauses import datastreams_of, last_values, last_versions, things_of, values_of
from tweestad.store.readings_protocol import PUBLIC
from tweestad.store.swap import take_number
from tweestad.store.thing_rows import stored_body, stored_datastream
from tweestad.store.values import Moments, from_us, stored_reading, to_us

_FEW = 1_000


class SqlReadings(Connected):
    """Keeps things, datastreams and observations in the database behind a Backend."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._last = LastValues()

    # Writing

    def put_arrival(self, arrival: Arrival) -> Kept:
        """Store what one answer gave; see `Readings.put_arrival`."""
        with self._writer() as connection, self._backend.writing(connection):
            last = hold_readings(connection)
            return store_arrival(self._backend, connection, arrival, last)

    def end_source(self, source: str, at: datetime) -> int:
        """End all things of a source that are there."""
        row = tables.thing.c
        with self._writer() as connection, self._backend.writing(connection):
            hold_readings(connection)
            there = select(row.number).where(row.source == source, row.ended.is_(None))
            numbers = list(connection.scalars(there))
            if numbers:
                end_things(connection, numbers, to_us(at), take_number(connection, "readings"))
        return len(numbers)

    def erase_thing(self, thing: str) -> int:
        """Remove a thing with all its values, present and past, for good."""
        if not storable(thing):
            return 0
        gone = 0
        with self._writer() as connection, self._backend.writing(connection):
            hold_readings(connection)
            number = connection.scalar(select(tables.thing.c.number).where(tables.thing.c.id == thing))
            if number is None:
                return 0
            row = tables.datastream.c
            streams = list(connection.scalars(select(row.number).where(row.thing == number)))
            for some in in_chunks(streams):
                for table in (tables.observation, tables.observation_first, tables.latest):
                    erased = connection.execute(delete(table).where(table.c.datastream.in_(some)))
                    gone += erased.rowcount
            for table, owner in (
                (tables.datastream, row.thing),
                (tables.thing_past, tables.thing_past.c.thing),
                (tables.thing, tables.thing.c.number),
            ):
                gone += connection.execute(delete(table).where(owner == number)).rowcount
            take_number(connection, "readings")
        self._last.forget()
        return gone

    # Reading

    def things(self, where: ReadingsWhere, *, limit: int, after: str | None = None) -> list[StoredThing]:
        """One page of the things that are there, in order of id."""
        found = things_of(where)
        if after is not None:
            if not storable(after):
                return []
            found = found.where(found.selected_columns.id > after)
        with self._reader() as connection:
            rows = connection.execute(found.limit(limit)).all()
        return [
            StoredThing(stored_body(source, kind, body, shape, ended), audience, part, n)
            for source, kind, body, shape, ended, audience, part, n, _ in rows
        ]

    def count_things(self, where: ReadingsWhere) -> int:
        """How many things there are."""
        counted = things_of(where).order_by(None).subquery()
        with self._reader() as connection:
            return int(connection.scalar(select(func.count()).select_from(counted)) or 0)

    def datastreams(
        self, where: ReadingsWhere, *, limit: int, after: str | None = None
    ) -> list[StoredDatastream]:
        """One page of the datastreams of those things, in order of id."""
        found = datastreams_of(where)
        if after is not None:
            if not storable(after):
                return []
            found = found.where(tables.datastream.c.id > after)
        with self._reader() as connection:
            rows = connection.execute(found.limit(limit)).all()
        return [_stored_datastream(row) for row in rows]

    def latest(self, where: ReadingsWhere, *, limit: int) -> list[Latest]:
        """The last value of each of those datastreams, in order of datastream id.

        What did not change since it was last asked for is not read again: a map asks all day.
        """
        with self._reader() as connection:
            if where.at is not None:
                asked = last_values(self._backend, where).limit(limit)
                return [value for _, value in _read(connection, asked)]
            n = connection.scalar(select(tables.clock.c.n).where(tables.clock.c.domain == "readings")) or 0
            answer = self._last.answer((where, limit), n)
            if answer is None:
                answer = self._changed_values(connection, where, limit)
                self._last.keep_answer((where, limit), n, answer)
        return answer

    def _changed_values(self, connection: Connection, where: ReadingsWhere, limit: int) -> list[Latest]:
        """Read what is not known any more, and take the others as they are known."""
        versions = [tuple(row) for row in connection.execute(last_versions(where).limit(limit))]
        found = self._last.known(versions)
        missing = [version[0] for version in versions if version[0] not in found]
        if missing:
            asked = last_values(self._backend, where).limit(limit)
            if len(missing) <= _FEW:
                asked = asked.where(tables.datastream.c.number.in_(missing))
            read = _read(connection, asked)
            self._last.keep(read)
            found |= {version[0]: value for version, value in read}
        return [found[number] for number, *_ in versions if number in found]

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
        if not storable(datastream):
            return []
        time = tables.observation.c.time
        found = values_of(datastream, audiences).where(*_between(start, end))
        found = found.order_by(time.desc() if descending else time).limit(limit)
        with self._reader() as connection:
            rows = connection.execute(found).all()
        moments = Moments()
        return [stored_reading(datastream, row, moments) for row in rows]

    def count_readings(
        self,
        datastream: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        audiences: frozenset[Audience] = PUBLIC,
    ) -> int:
        """How many values there are with start <= phenomenon < end."""
        if not storable(datastream):
            return 0
        found = values_of(datastream, audiences).where(*_between(start, end))
        with self._reader() as connection:
            counted = found.with_only_columns(func.count(), maintain_column_froms=True)
            return int(connection.scalar(counted) or 0)

    def aggregate(
        self,
        datastream: str,
        *,
        start: datetime,
        end: datetime,
        step: Step,
        audiences: frozenset[Audience] = PUBLIC,
    ) -> list[Bucket]:
        """Numbers per hour, day, month or year of Europe/Amsterdam, of whole steps."""
        bounds = steps(start, end, step)
        if not storable(datastream):
            return []
        with self._reader() as connection:
            rows = connection.execute(sums(datastream, audiences, bounds)).all()
        return buckets(list(rows), bounds)

    def channels(self, source: str) -> Mapping[str, tuple[str, ...]]:
        """The channels of the datastreams of things of a source that are there, each with its ids.

        The id of a datastream is a channel of it too.
        """
        row, owner = tables.datastream.c, tables.thing.c
        spoken = (
            select(row.id, row.channels)
            .join_from(tables.datastream, tables.thing, owner.number == row.thing)
            .where(owner.source == source, owner.ended.is_(None))
            .order_by(row.id)
        )
        found: dict[str, list[str]] = {}
        with self._reader() as connection:
            for key, channels in connection.execute(spoken):
                told = () if channels is None else orjson.loads(channels)
                for channel in dict.fromkeys((key, *told)):
                    found.setdefault(channel, []).append(key)
        return {channel: tuple(keys) for channel, keys in found.items()}


def _between(start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    time = tables.observation.c.time
    bounds = [time >= to_us(start)] if start is not None else []
    return bounds + ([time < to_us(end)] if end is not None else [])


def _stored_datastream(row: Any) -> StoredDatastream:
    thing, source, owned, audience, *stream, first, last = row
    return StoredDatastream(
        stored_datastream(thing, tuple(stream)),
        source,
        # What hides the thing hides its datastreams.
        "staff" if "staff" in (owned, audience) else "public",
        None if first is None else from_us(first),
        None if last is None else from_us(last),
    )


def _read(connection: Connection, asked: Select[Any]) -> list[tuple[Version, Latest]]:
    """What `last_values` asks for, each with the numbers that tell whether it still holds."""
    moments, found = Moments(), []
    for row in connection.execute(asked):
        version, stream = row[:5], _stored_datastream((*row[5:15], row[4], row[15]))
        reading = stored_reading(stream.datastream.id, row[16:], moments)
        found.append((version, Latest(stream, reading, row[1])))
    return found
