"""PostgreSQL with PostGIS: for more writers, larger cities, and QGIS on the same tables.

`synchronous_commit` stays on whatever the server says: an acknowledged write survives a crash. Reads
run outside transactions and stop after `read_timeout_s`; writes take as long as they need.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    FromClause,
    Numeric,
    Select,
    String,
    Subquery,
    Table,
    case,
    cast,
    create_engine,
    func,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, insert
from sqlalchemy.types import BigInteger, Double, LargeBinary, SmallInteger, TypeEngine

from tweestad.errors import StoreUnavailable
from tweestad.model.feature import BBox
from tweestad.store.backend import Parts
from tweestad.store.protocol import Sort
from tweestad.store.tables import datastream, observation

_CONNECT_TIMEOUT_S = 10
# The column that PostGIS derives from `wkb`; SQLite does not have it, so `tables.py` does not name it.
_GEOM: ColumnElement[Any] = literal_column("feature.geom")


class PostgisBackend:
    """A PostgreSQL database; writers of the city wait for each other on its row of `clock`."""

    def __init__(self, url: URL, *, read_timeout_s: float) -> None:
        self._engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=8,
            max_overflow=24,
            pool_timeout=10,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": _CONNECT_TIMEOUT_S,
                "application_name": "tweestad",
                "options": f"-c statement_timeout={int(read_timeout_s * 1000)} -c synchronous_commit=on",
            },
        )
        self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def reader(self) -> Engine:
        return self._reader

    @contextmanager
    def writing(self, connection: Connection) -> Iterator[None]:
        """A transaction without a time limit for its statements."""
        with connection.begin():
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            yield

    @contextmanager
    def staging(self, connection: Connection) -> Iterator[None]:
        """The same: temporary tables lock nothing that others see."""
        with self.writing(connection):
            yield

    def near(self, bbox: BBox, layer_id: str | None) -> ColumnElement[bool]:
        del layer_id  # GiST would need the extension btree_gist to know of layers
        box = func.ST_MakeEnvelope(bbox.min_x, bbox.min_y, bbox.max_x, bbox.max_y, 28992)
        found: ColumnElement[bool] = _GEOM.bool_op("&&")(box)
        return found

    def unordered(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The column as it is: the planner has statistics and needs no push."""
        return column

    def ordered(self, rows: Subquery, attribute: str, sort: Sort) -> Select[Any]:
        """OFFSET 0 keeps the planner from taking the JSON apart anew for each mention of the value."""
        found = cast(rows.c.attributes, JSON)[attribute]
        inner = select(rows, found.label("sort_value")).offset(0).subquery("valued")
        text, number = _text_and_number(inner.c.sort_value, sort.missing)
        keys = [text.desc(), number.desc()] if sort.descending else [number.asc(), text.asc()]
        chosen = select(*(inner.c[column.name] for column in rows.c))
        return chosen.order_by(*(key.nulls_last() for key in keys))

    def titled(self, rows: Subquery, sort: Sort) -> Select[Any]:
        """By title, without regard to capitals, as texts are sorted."""
        key = func.nullif(func.lower(rows.c.title.collate("C")), "")
        return select(rows).order_by((key.desc() if sort.descending else key.asc()).nulls_last())

    def parts(self, attributes: ColumnElement[Any], attribute: str) -> Parts:
        """A value that is no list is made a list of one."""
        found = cast(attributes, JSON)[attribute]
        several = case((func.json_typeof(found) == "array", found), else_=func.json_build_array(found))
        each = func.json_array_elements(several).table_valued("value")
        value = cast(each.c.value, JSON)
        kind, plain = func.json_typeof(value), value.op("#>>", return_type=String())(literal_column("'{}'"))
        return Parts(
            each,
            text=case((kind == "string", plain)),
            number=case((kind == "number", cast(plain, Numeric))),
            flag=case((kind == "boolean", case((plain == "true", 1), else_=0))),
        )

    def last_before(self, us: int) -> tuple[FromClause, ColumnElement[bool]]:
        """Sideways, one step down the key for each: a join would read all values of all time."""
        row = observation.c
        newest = select(observation).where(row.datastream == datastream.c.number, row.time <= us)
        return newest.order_by(row.time.desc()).limit(1).correlate(datastream).lateral("then"), true()

    def at_moments(self, table: Table, keys: Sequence[tuple[int, int]]) -> Select[Any]:
        """Sideways again: for a list of pairs PostgreSQL makes as many conditions, which takes seconds."""
        numbers, times = (cast(list(some), ARRAY(BigInteger)) for some in zip(*keys, strict=True))
        wanted = func.unnest(numbers, times).table_valued("datastream", "time").render_derived("wanted")
        same = (table.c.datastream == wanted.c.datastream) & (table.c.time == wanted.c.time)
        found = select(table).where(same).limit(1).correlate(wanted).lateral("found")
        return select(*found.c).join_from(wanted, found, true())

    def bulk(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Binary COPY, which takes bytes as they are."""
        names = ", ".join(f'"{c.name}"' for c in table.columns)
        types = [_copy_type(c.type) for c in table.columns]
        driver = typing.cast("psycopg.Connection", connection.connection.dbapi_connection)
        command = f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)"
        try:
            with driver.cursor() as cursor, cursor.copy(command.encode()) as copy:
                copy.set_types(types)
                for row in rows:
                    copy.write_row(row)
        except psycopg.OperationalError as exc:
            # SQLAlchemy does not see this cursor, so `faults_translated` would not know the error.
            raise StoreUnavailable(f"the database did not answer ({type(exc).__name__})") from exc

    def upsert(self, table: Table, values: dict[str, Any]) -> Executable:
        key = [c.name for c in table.primary_key]
        rest = {name: value for name, value in values.items() if name not in key}
        return insert(table).values(values).on_conflict_do_update(index_elements=key, set_=rest)

    def analyse(self, connection: Connection, table: Table) -> None:
        connection.execute(text(f"ANALYZE {table.name}"))


def _copy_type(column: TypeEngine[Any]) -> str:
    """The name that binary COPY wants; there it converts nothing by itself."""
    kinds = ((LargeBinary, "bytea"), (Double, "float8"), (BigInteger, "int8"), (SmallInteger, "int2"))
    for kind, name in kinds:
        if isinstance(column, kind):
            return name
    return "text"


def _text_and_number(value: ColumnElement[Any], missing: Sequence[Any]) -> list[ColumnElement[Any]]:
    """A JSON value as a text and as a number; at most one of the two is not NULL."""
    kind = func.json_typeof(value)
    plain = value.op("#>>", return_type=String())(literal_column("'{}'")).collate("C")
    no_text = ["", *(m for m in missing if isinstance(m, str))]
    text = case((kind.in_(("string", "array")) & plain.not_in(no_text), func.lower(plain)))
    number = case(
        (kind == "number", cast(plain, Numeric)),
        (kind == "boolean", case((plain == "true", 1), else_=0)),
    )
    no_number = [m for m in missing if isinstance(m, int | float)]
    return [text, case((number.not_in(no_number), number)) if no_number else number]
