"""Numbers by which rows know each other inside the store, and lists too long for one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, select

from tweestad.store.backend import Backend
from tweestad.store.intake import storable

CHUNK = 5_000

Item = TypeVar("Item")


def next_number(connection: Connection, table: Table) -> int:
    """A number that no row has; only for who holds the lock on the measurements."""
    return int(connection.scalar(select(func.coalesce(func.max(table.c.number) + 1, 1))) or 1)


def rows_by_id(connection: Connection, table: Table, ids: Iterable[str]) -> Iterator[Any]:
    """The rows with these ids; an id that cannot be stored names nothing."""
    for some in in_chunks(key for key in ids if storable(key)):
        yield from connection.execute(select(table).where(table.c.id.in_(some)))


def rows_by_moment(
    backend: Backend, connection: Connection, table: Table, keys: Sequence[tuple[int, int]]
) -> Iterator[Any]:
    """The rows of a table of values with these (datastream, time)."""
    for some in in_chunks(keys):
        yield from connection.execute(backend.at_moments(table, some))


def in_chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Pieces of as many as one statement can name."""
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
