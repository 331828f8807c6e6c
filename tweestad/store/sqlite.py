"""SQLite: one file beside the tiles, for a twin on one machine.

Write-ahead log: readers in any thread or process go on while one writer writes. `synchronous=FULL`,
because with NORMAL a commit that was acknowledged can be gone after a power cut; it costs one fsync per
commit. `secure_delete` overwrites what is erased instead of only forgetting where it was.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Double,
    Engine,
    Executable,
    FromClause,
    Integer,
    Select,
    Subquery,
    Table,
    case,
    collate,
    column,
    create_engine,
    event,
    func,
    null,
    select,
    table,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.expression import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from tweestad.model.feature import BBox
from tweestad.store.backend import Parts
from tweestad.store.protocol import Sort
from tweestad.store.tables import datastream, feature, layer, observation

# How long a writer waits for one in another process: a swap of a very large layer takes seconds.
BUSY_TIMEOUT_S = 60.0
_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -32000",
    "PRAGMA mmap_size = 268435456",
    "PRAGMA journal_size_limit = 67108864",
)

# An R*Tree of SQLite itself; its numbers are float32, rounded outwards, so it never misses a row.
_box = table(
    "feature_box",
    column("number", Integer),
    column("min_x", Double),
    column("max_x", Double),
    column("min_y", Double),
    column("max_y", Double),
    column("min_layer", Double),
    column("max_layer", Double),
)
_PAD_M = 0.001


class SqliteBackend:
    """A SQLite file. One writer at a time in this process by a lock, in others by SQLite's own."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(
            URL.create("sqlite", database=str(path)),
            poolclass=QueuePool,
            pool_size=8,
            max_overflow=56,
            pool_timeout=10,
            connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        )
        event.listen(self._engine, "connect", _prepare)
        self._one_writer = Lock()

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def reader(self) -> Engine:
        return self._engine

    @contextmanager
    def writing(self, connection: Connection) -> Iterator[None]:
        """BEGIN IMMEDIATE: a write that starts as a read cannot be overtaken and then refused."""
        with self._one_writer, connection.begin():
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def staging(self, connection: Connection) -> Iterator[None]:
        """A plain BEGIN locks nothing before the main file is touched, and staging never touches it."""
        with connection.begin():
            connection.exec_driver_sql("BEGIN")
            yield

    def near(self, bbox: BBox, layer_id: str | None) -> ColumnElement[bool]:
        inside = select(_box.c.number).where(
            # The tree is in single precision, which rounds the smallest numbers to zero: ask for a
            # little more, and the columns decide.
            _box.c.min_x <= bbox.max_x + _PAD_M,
            _box.c.max_x >= bbox.min_x - _PAD_M,
            _box.c.min_y <= bbox.max_y + _PAD_M,
            _box.c.max_y >= bbox.min_y - _PAD_M,
        )
        if layer_id is not None:
            # The layer is the third dimension of the tree; see the first revision of the tables.
            number = select(layer.c.number).where(layer.c.id == layer_id).scalar_subquery()
            low = number * 4096
            inside = inside.where(_box.c.min_layer <= low + 1024, _box.c.max_layer >= low)
        return feature.c.number.in_(inside)

    def unordered(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """A plus sign before a column keeps SQLite from using an index for it; the R*Tree is left."""
        return UnaryExpression(column, operator=custom_op("+"), type_=column.type)

    def ordered(self, rows: Subquery, attribute: str, sort: Sort) -> Select[Any]:
        """SQLite itself puts numbers before texts; NOCASE leaves numbers alone, lower() would not."""
        value = func.json_extract(rows.c.attributes, f'$."{attribute}"')
        return _by(rows, value, sort)

    def titled(self, rows: Subquery, sort: Sort) -> Select[Any]:
        """By title, in the same way."""
        return _by(rows, rows.c.title, sort)

    def parts(self, attributes: ColumnElement[Any], attribute: str) -> Parts:
        """`json_each` gives the parts of a list, and any other value as it is."""
        each = func.json_each(attributes, f'$."{attribute}"').table_valued("value", "type")
        kind, value = each.c.type, each.c.value
        return Parts(
            each,
            text=case((kind == "text", value)),
            number=case((kind.in_(("integer", "real")), value)),
            flag=case((kind.in_(("true", "false")), value)),
        )

    def last_before(self, us: int) -> tuple[FromClause, ColumnElement[bool]]:
        row = observation.alias("others").c
        newest = select(func.max(row.time)).where(row.datastream == datastream.c.number, row.time <= us)
        found = observation.c.time == newest.correlate(datastream).scalar_subquery()
        return observation, (observation.c.datastream == datastream.c.number) & found

    def at_moments(self, table: Table, keys: Sequence[tuple[int, int]]) -> Select[Any]:
        """By a join with a list in JSON: for a list of pairs SQLite reads the whole table."""
        wanted = func.json_each(json.dumps(keys)).table_valued("value")
        number, time = (func.json_extract(wanted.c.value, f"$[{place}]") for place in (0, 1))
        found = (table.c.datastream == number) & (table.c.time == time)
        return select(table).join_from(wanted, table, found)

    def bulk(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            marks = ", ".join("?" * len(table.columns))
            names = ", ".join(f'"{c.name}"' for c in table.columns)
            statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 (names are ours)
            connection.exec_driver_sql(statement, list(rows))

    def upsert(self, table: Table, values: dict[str, Any]) -> Executable:
        key = [c.name for c in table.primary_key]
        rest = {name: value for name, value in values.items() if name not in key}
        return insert(table).values(values).on_conflict_do_update(index_elements=key, set_=rest)

    def analyse(self, connection: Connection, table: Table) -> None:
        """Nothing: the queries say themselves which index they mean, so statistics change no plan."""


def _by(rows: Subquery, value: ColumnElement[Any], sort: Sort) -> Select[Any]:
    key = collate(case((value.in_(["", *sort.missing]), null()), else_=value), "NOCASE")
    return select(rows).order_by((key.desc() if sort.descending else key.asc()).nulls_last())


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions are begun by `writing` and `staging` alone; Python's own would start too late.
    connection.isolation_level = None
    for setting in _SETTINGS:
        connection.execute(setting)
