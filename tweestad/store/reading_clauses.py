"""Which things, datastreams and values are asked for: the conditions and the columns of those queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, null, or_, select, union_all

from tweestad.errors import LimitExceeded
from tweestad.model.layer import Audience
from tweestad.model.reading import ReadingsWhere
from tweestad.store.backend import Backend
from tweestad.store.intake import INTEGER_MAX, storable
from tweestad.store.tables import datastream, latest, observation, observation_first, thing, thing_past
from tweestad.store.thing_rows import BODY_COLUMNS
from tweestad.store.values import VALUE_COLUMNS, to_us

NAMES_MAX = 10_000
STREAM_COLUMNS = ("observed", "period_s", "unit", "method", "name", "channels")
_OF_THE_THING = ("number", "id", "source", "part", "audience", "n")


def versions(where: ReadingsWhere) -> FromClause:
    """The things that are there, or were there at a moment, as they were then.

    Raises LimitExceeded for a question that names more than NAMES_MAX things, datastreams and so on.
    """
    named = (where.sources, where.kinds, where.things, where.datastreams, where.observed)
    if sum(len(names or ()) for names in named) > NAMES_MAX:
        raise LimitExceeded(f"Hoogstens {NAMES_MAX} namen in één vraag.")
    if where.at is None:
        return thing
    at = to_us(where.at)
    version = ("since", "ended", *BODY_COLUMNS)
    now = select(*(thing.c[name] for name in (*_OF_THE_THING, *version))).where(
        thing.c.since <= at,
        or_(thing.c.ended.is_(None), thing.c.ended > at),
        or_(thing.c.until.is_(None), thing.c.until > at),
    )
    then = (
        select(*(thing.c[name] for name in _OF_THE_THING), *(thing_past.c[name] for name in version))
        .join_from(thing, thing_past, thing_past.c.thing == thing.c.number)
        .where(thing_past.c.since <= at, thing_past.c.ended > at)
    )
    return union_all(now, then).subquery("version")


def of_things(there: FromClause, where: ReadingsWhere) -> Iterator[ColumnElement[bool]]:
    """The conditions on things; `there` is what `versions` gave."""
    row = there.c
    yield row.audience.in_(sorted(where.audiences))
    if where.at is None and not where.ended:
        yield row.ended.is_(None)
    for column, names in ((row.source, where.sources), (row.kind, where.kinds), (row.id, where.things)):
        if names is not None:
            yield column.in_(_nameable(names))
    if where.bbox is not None:
        min_x, min_y, max_x, max_y = where.bbox
        yield and_(row.min_x <= max_x, row.max_x >= min_x, row.min_y <= max_y, row.max_y >= min_y)


def of_datastreams(where: ReadingsWhere) -> Iterator[ColumnElement[bool]]:
    """The conditions on datastreams themselves."""
    yield datastream.c.audience.in_(sorted(where.audiences))
    for column, names in ((datastream.c.id, where.datastreams), (datastream.c.observed, where.observed)):
        if names is not None:
            yield column.in_(_nameable(names))


def having_datastreams(there: FromClause, where: ReadingsWhere) -> Iterator[ColumnElement[bool]]:
    """Things with such a datastream, when datastreams are asked for."""
    if where.datastreams is None and where.observed is None:
        return
    one = select(datastream.c.number).where(datastream.c.thing == there.c.number, *of_datastreams(where))
    yield one.correlate(there).exists()


def changed_after(column: ColumnElement[Any], where: ReadingsWhere) -> Iterator[ColumnElement[bool]]:
    if where.changed_after is not None:
        yield column > max(min(where.changed_after, INTEGER_MAX), -INTEGER_MAX)


def values_of(key: str, audiences: frozenset[Audience]) -> Select[Any]:
    """The values of a datastream: time, VALUE_COLUMNS, and the kind, value and text that it had at first."""
    listed = sorted(audiences)
    row, first = observation.c, observation_first.c
    return (
        select(row.time, *(row[name] for name in VALUE_COLUMNS), first.kind, first.value, first.text)
        .join_from(datastream, thing, thing.c.number == datastream.c.thing)
        .join(observation, row.datastream == datastream.c.number)
        .outerjoin(observation_first, (first.datastream == row.datastream) & (first.time == row.time))
        .where(datastream.c.id == key, datastream.c.audience.in_(listed), thing.c.audience.in_(listed))
    )


def last_values(backend: Backend, where: ReadingsWhere) -> Select[Any]:
    """Of each datastream the columns of `last_versions` and `datastreams_of`, and its last value as above."""
    there = versions(where)
    given: FromClause = latest
    if where.at is not None:
        given, last = backend.last_before(to_us(where.at))
    time = given.c.time
    first = observation_first.c
    found = (
        select(
            *_versions(there),
            *_told(there),
            latest.c.time,
            time,
            *(given.c[name] for name in VALUE_COLUMNS),
            first.kind,
            first.value,
            first.text,
        )
        .join_from(there, datastream, datastream.c.thing == there.c.number)
        .join(latest, latest.c.datastream == datastream.c.number)
    )
    if given is not latest:
        found = found.join(given, last)
    found = found.outerjoin(
        observation_first, (first.datastream == datastream.c.number) & (first.time == time)
    )
    return found.where(
        *of_things(there, where), *of_datastreams(where), *changed_after(latest.c.n, where)
    ).order_by(datastream.c.id)


def last_versions(where: ReadingsWhere) -> Select[Any]:
    """Of each of those datastreams with a value its number, and four numbers that tell whether what is
    known of it still holds: of the last value, of the datastream and its thing, and its first moment."""
    there = versions(where)
    return (
        select(*_versions(there))
        .join_from(there, datastream, datastream.c.thing == there.c.number)
        .join(latest, latest.c.datastream == datastream.c.number)
        .where(*of_things(there, where), *of_datastreams(where), *changed_after(latest.c.n, where))
        .order_by(datastream.c.id)
    )


def datastreams_of(where: ReadingsWhere) -> Select[Any]:
    """Of each datastream its thing, source, the audiences of both, STREAM_COLUMNS and bounds in time."""
    there = versions(where)
    return (
        select(*_told(there), latest.c.first, latest.c.time)
        .join_from(there, datastream, datastream.c.thing == there.c.number)
        .outerjoin(latest, latest.c.datastream == datastream.c.number)
        .where(*of_things(there, where), *of_datastreams(where), *changed_after(datastream.c.n, where))
        .order_by(datastream.c.id)
    )


def things_of(where: ReadingsWhere) -> Select[Any]:
    """Of each thing its row as `stored_body` wants it, in order of id."""
    there = versions(where)
    row = there.c
    ended = row.ended if where.at is None else null().label("ended")
    return (
        select(row.source, row.kind, row.body, row.shape, ended, row.audience, row.part, row.n, row.id)
        .where(*of_things(there, where), *having_datastreams(there, where), *changed_after(row.n, where))
        .order_by(row.id)
    )


def _versions(there: FromClause) -> tuple[ColumnElement[Any], ...]:
    return datastream.c.number, latest.c.n, datastream.c.n, there.c.n, latest.c.first


def _told(there: FromClause) -> tuple[ColumnElement[Any], ...]:
    stream = datastream.c
    told = (stream[name] for name in STREAM_COLUMNS)
    return there.c.id, there.c.source, there.c.audience, stream.audience.label("stream_audience"), *told


def _nameable(names: tuple[str, ...]) -> list[str]:
    """Those that can be stored: another one names nothing."""
    return [name for name in names if storable(name)]
