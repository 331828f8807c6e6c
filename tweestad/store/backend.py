"""What a database has to supply: only its differences. All queries are in `queries.py` and `swap.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Engine, Executable, FromClause, Select, Subquery, Table
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tweestad.errors import StoreUnavailable
from tweestad.model.feature import BBox
from tweestad.store.protocol import Sort


@dataclass(frozen=True, slots=True)
class Parts:
    """The values of one attribute of a row, as rows of their own: one for each part of a list, else one.

    Of `text`, `number` and `flag` (0 or 1) at most one is not NULL.
    """

    rows: FromClause
    text: ColumnElement[Any]
    number: ColumnElement[Any]
    flag: ColumnElement[Any]


class Backend(Protocol):
    """The differences between SQLite and PostGIS."""

    @property
    def engine(self) -> Engine:
        """Connections for writing; closed by `SqlStore.close`."""

    @property
    def reader(self) -> Engine:
        """The same connections, on which each statement stands by itself and leaves nothing open."""

    def writing(self, connection: Connection) -> AbstractContextManager[None]:
        """A transaction that is durable once it has ended; writers of one domain wait for each other."""

    def staging(self, connection: Connection) -> AbstractContextManager[None]:
        """A transaction that touches temporary tables only and makes nobody wait."""

    def near(self, bbox: BBox, layer_id: str | None) -> ColumnElement[bool]:
        """Candidates by the spatial index for rows of `feature`: all that touch the box, and a few more.

        `layer_id` is a hint for an index that knows of layers; the caller filters by layer itself.
        """

    def unordered(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The column, written so that the planner does not choose its index over the spatial one."""

    def ordered(self, rows: Subquery, attribute: str, sort: Sort) -> Select[Any]:
        """The rows in order of an attribute in their JSON text `attributes`.

        Numbers (no is 0, yes is 1) come before texts, without regard to capitals, or the other way round;
        what has no value, an empty text or one of `sort.missing` comes last.
        """

    def titled(self, rows: Subquery, sort: Sort) -> Select[Any]:
        """The rows by title, empty ones last, without regard to capitals."""

    def parts(self, attributes: ColumnElement[Any], attribute: str) -> Parts:
        """The values of an attribute in a JSON text of attributes, to look for one among them."""

    def last_before(self, us: int) -> tuple[FromClause, ColumnElement[bool]]:
        """The last row of `observation` of a row of `datastream` at or before a moment: a table with its
        columns to join with, and on what."""

    def at_moments(self, table: Table, keys: Sequence[tuple[int, int]]) -> Select[Any]:
        """The rows of a table of values with these (datastream, time), each found by the key."""

    def bulk(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add many rows, in the order of the columns of the table."""

    def upsert(self, table: Table, values: dict[str, Any]) -> Executable:
        """Insert, or replace the row with the same primary key."""

    def analyse(self, connection: Connection, table: Table) -> None:
        """Tell the planner that a table has changed a lot, where it needs to be told."""


@contextmanager
def faults_translated() -> Iterator[None]:
    """The border: what the driver says about its own troubles becomes StoreUnavailable.

    The text holds neither SQL, values nor the address of the database. An IntegrityError, DataError or
    ProgrammingError is a mistake of ours and passes as it is.
    """
    try:
        yield
    except PoolTimeoutError as exc:
        raise StoreUnavailable("all connections to the database are in use") from exc
    except DBAPIError as exc:
        # A bare DatabaseError is SQLite's for a file that is damaged or is no database.
        if isinstance(exc, OperationalError) or type(exc) is DatabaseError or exc.connection_invalidated:
            raise StoreUnavailable(f"the database did not answer ({type(exc.orig).__name__})") from exc
        raise
