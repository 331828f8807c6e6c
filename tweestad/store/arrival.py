"""Storing what one answer of one source gave: compare, take a number only if something differs, write.

Runs inside `Backend.writing` after `hold_readings`, so that what it compares with cannot change before the
end of the transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, func, select, update

from tweestad.errors import InputRejected
from tweestad.model.layer import Audience
from tweestad.model.reading import Arrival, Kept
from tweestad.model.thing import Datastream
from tweestad.store.arriving_values import ArrivingValues
from tweestad.store.backend import Backend
from tweestad.store.numbers import in_chunks, next_number, rows_by_id
from tweestad.store.swap import take_number
from tweestad.store.tables import clock, datastream, thing, thing_past
from tweestad.store.thing_rows import BODY_COLUMNS, body_hash, datastream_row, thing_body
from tweestad.store.values import to_us

_VERSION = ("since", "ended", *BODY_COLUMNS)
_STREAM = ("observed", "period_s", "unit", "method", "name", "channels")


def hold_readings(connection: Connection) -> int:
    """Wait for other writers of measurements, let later ones wait, and return the last change number."""
    last = select(clock.c.n).where(clock.c.domain == "readings").with_for_update()
    return int(connection.execute(last).scalar_one())


def store_arrival(backend: Backend, connection: Connection, arrival: Arrival, last: int) -> Kept:
    """Make the store say what the arrival says; `last` is the number that was taken last."""
    things = ArrivingThings(connection, arrival)
    streams = ArrivingDatastreams(connection, arrival, things)
    values = ArrivingValues(backend, connection, arrival.observations, streams.numbers(arrival))
    counts = {"unchanged": values.unchanged, "late": values.late}
    if not (things.differ or streams.differ or values.differ):
        return Kept(last, **counts)
    n = take_number(connection, "readings")
    things.write(backend, connection, n)
    streams.write(backend, connection, n)
    values.write(backend, connection, n)
    lower_beginnings(connection, streams.first_moments(values.first_moments()))
    return Kept(
        n,
        things=len(things.new) + len(things.changed),
        ended=len(things.ending),
        added=values.added,
        revised=values.revised,
        **counts,
    )


class ArrivingThings:
    """How the things of an arrival differ from those that are stored."""

    def __init__(self, connection: Connection, arrival: Arrival) -> None:
        self._arrival = arrival
        self._at = to_us(arrival.received)
        told = {t.id: t for t in arrival.things}
        known = {row.id: row for row in rows_by_id(connection, thing, told)}
        first = _first_moments(arrival)
        self.numbers: dict[str, int] = {key: row.number for key, row in known.items()}
        self.new: list[tuple[Any, ...]] = []
        self.changed: list[tuple[Any, Any]] = []
        self._moved: list[dict[str, Any]] = []
        self._hidden: list[dict[str, Any]] = []
        fresh = next_number(connection, thing)
        for key, item in told.items():
            if item.source != arrival.source:
                raise InputRejected("a thing of another source was offered", where=key[:200])
            body = thing_body(item)
            row = known.get(key)
            since = None if item.since is None else to_us(item.since)
            until = None if item.until is None else to_us(item.until)
            if row is None:
                began = min(self._at, first.get(key, self._at)) if since is None else since
                self.numbers[key] = fresh + len(self.new)
                self.new.append((self.numbers[key], key, began, until, body))
                continue
            if self._at >= row.heard and (row.ended is not None or row.hash != body_hash(body)):
                # Its new version holds from now, or from when it begins by its own word.
                began = self._at if since is None else max(self._at, since)
                self.changed.append((row, (began, until, body)))
            if row.part != arrival.part:
                self._moved.append({"which": row.number, "part": arrival.part})
            if arrival.audience == "staff" and row.audience != "staff":
                self._hidden.append({"which": row.number, "audience": "staff"})
        self.ending = self._missing(connection, told) if arrival.whole else []

    @property
    def differ(self) -> bool:
        return bool(self.new or self.changed or self._moved or self._hidden or self.ending)

    def write(self, backend: Backend, connection: Connection, n: int) -> None:
        arrival = self._arrival
        rows = []
        for number, key, since, until, body in self.new:
            kept = (since, None, *body, until, body_hash(body), self._at)
            rows.append((number, key, arrival.source, arrival.part, arrival.audience, n, *kept))
        backend.bulk(connection, thing, rows)
        self._write_changed(backend, connection, n)
        which = update(thing).where(thing.c.number == bindparam("which"))
        if self._moved:
            connection.execute(which.values(part=bindparam("part")), self._moved)
        if self._hidden:
            connection.execute(which.values(audience=bindparam("audience"), n=n), self._hidden)
        if self.ending:
            end_things(connection, self.ending, self._at, n)

    def _write_changed(self, backend: Backend, connection: Connection, n: int) -> None:
        """The old version moves to the past, up to when the new one came or the thing had ended."""
        past, present = [], []
        for row, (since, until, body) in self.changed:
            over = min([self._at, *(m for m in (row.ended, row.until) if m is not None)])
            if row.since < over:
                past.append((row.number, row.since, over, *(getattr(row, c) for c in BODY_COLUMNS)))
            values = dict(zip(BODY_COLUMNS, body, strict=True))
            values |= {"which": row.number, "since": since, "ended": None, "until": until, "n": n}
            present.append(values | {"hash": body_hash(body), "heard": self._at})
        backend.bulk(connection, thing_past, past)
        if present:
            names = [name for name in present[0] if name != "which"]
            which = update(thing).where(thing.c.number == bindparam("which"))
            connection.execute(which.values({name: bindparam(name) for name in names}), present)

    def _missing(self, connection: Connection, told: dict[str, Any]) -> list[int]:
        """The things of this part that are there and are not in the snapshot."""
        row, arrival = thing.c, self._arrival
        there = select(row.number, row.id).where(
            row.source == arrival.source,
            row.part == arrival.part,
            row.ended.is_(None),
            row.heard <= self._at,
        )
        return [number for number, key in connection.execute(there) if key not in told]


class ArrivingDatastreams:
    """How the datastreams of an arrival differ from those that are stored."""

    def __init__(self, connection: Connection, arrival: Arrival, things: ArrivingThings) -> None:
        self._arrival = arrival
        told = {stream.id: stream for stream in arrival.datastreams}
        wanted = dict.fromkeys([*told, *(o.datastream for o in arrival.observations)])
        known = {row.id: row for row in rows_by_id(connection, datastream, wanted)}
        self._numbers: dict[str, int] = {key: row.number for key, row in known.items()}
        self._owners: dict[int, int] = {row.number: row.thing for row in known.values()}
        self._new: list[tuple[Any, ...]] = []
        self._changed: list[dict[str, Any]] = []
        fresh = next_number(connection, datastream)
        owners = self._things(connection, told, arrival.source, things.numbers)
        for key, stream in told.items():
            values, row = datastream_row(stream), known.get(key)
            if row is None:
                number = self._numbers[key] = fresh + len(self._new)
                self._owners[number] = owners[stream.thing]
                self._new.append((number, key, owners[stream.thing], values))
                continue
            hidden = arrival.audience == "staff" and row.audience != "staff"
            if hidden or values != tuple(getattr(row, c) for c in _STREAM):
                audience = "staff" if hidden else row.audience
                told_now = dict(zip(_STREAM, values, strict=True))
                self._changed.append({"which": row.number, "audience": audience, **told_now})

    @property
    def differ(self) -> bool:
        return bool(self._new or self._changed)

    def numbers(self, arrival: Arrival) -> dict[str, int]:
        """The number of each datastream by which values may come; those of other sources are not known."""
        mine = f"{arrival.source}:"
        return {key: number for key, number in self._numbers.items() if key.startswith(mine)}

    def first_moments(self, first: Mapping[int, int]) -> dict[int, int]:
        """The earliest moment by thing, of moments by datastream."""
        owned: dict[int, int] = {}
        for number, moment in first.items():
            owner = self._owners[number]
            owned[owner] = min(moment, owned.get(owner, moment))
        return owned

    def write(self, backend: Backend, connection: Connection, n: int) -> None:
        audience: Audience = self._arrival.audience
        rows = []
        for number, key, owner, (observed, *rest) in self._new:
            rows.append((number, key, owner, observed, audience, n, *rest))
        backend.bulk(connection, datastream, rows)
        if self._changed:
            names = ("audience", *_STREAM)
            which = update(datastream).where(datastream.c.number == bindparam("which"))
            told: dict[str, Any] = {name: bindparam(name) for name in names}
            connection.execute(which.values(told | {"n": n}), self._changed)

    @staticmethod
    def _things(
        connection: Connection, told: Mapping[str, Datastream], source: str, known: Mapping[str, int]
    ) -> dict[str, int]:
        """The numbers of the things of the datastreams; raises InputRejected for one nobody knows."""
        owners = dict(known)
        absent = {stream.thing for stream in told.values()} - owners.keys()
        owners.update({row.id: row.number for row in rows_by_id(connection, thing, sorted(absent))})
        for stream in told.values():
            if stream.thing not in owners:
                raise InputRejected("a datastream of a thing that is not known", where=stream.id[:200])
            if not stream.thing.startswith(f"{source}:"):
                raise InputRejected("a datastream of another source was offered", where=stream.id[:200])
        return owners


def _first_moments(arrival: Arrival) -> dict[str, int]:
    """The moment of the first value on each thing whose datastreams are in the arrival."""
    owners = {stream.id: stream.thing for stream in arrival.datastreams}
    first: dict[str, int] = {}
    for one in arrival.observations:
        owner = owners.get(one.datastream)
        if owner is not None:
            moment = to_us(one.phenomenon)
            first[owner] = min(moment, first.get(owner, moment))
    return first


def end_things(connection: Connection, numbers: Sequence[int], at: int, n: int) -> None:
    """Note that things have ended at a moment, or right away when they began later."""
    for some in in_chunks(numbers):
        ended = update(thing).where(thing.c.number.in_(some))
        connection.execute(ended.values(ended=at, n=n))


def lower_beginnings(connection: Connection, moments: Mapping[int, int]) -> None:
    """A thing that does not say since when it is there, was there when the first value was measured on it.

    `moments` gives the first moment of measuring, by number of the thing.
    """
    for some in in_chunks(moments):
        rows = connection.execute(
            select(thing.c.number, thing.c.since, thing.c.body).where(thing.c.number.in_(some))
        ).all()
        past = thing_past.c
        older = select(past.thing, func.min(past.since)).where(past.thing.in_(some)).group_by(past.thing)
        oldest = {row[0]: row[1] for row in connection.execute(older)}
        for number, since, body in rows:
            moment = moments[number]
            if moment >= oldest.get(number, since) or orjson.loads(body)["since"] is not None:
                continue
            lowered = (
                update(thing_past).where(past.thing == number, past.since == oldest[number])
                if number in oldest
                else update(thing).where(thing.c.number == number)
            )
            connection.execute(lowered.values(since=moment))
