"""Opening the store: the backend that the address names, with its tables up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, make_url, select
from sqlalchemy.exc import ArgumentError

from tweestad.errors import Conflict, InputRejected
from tweestad.store.backend import Backend, faults_translated
from tweestad.store.migrations import migrate
from tweestad.store.protocol import Store
from tweestad.store.queries import SqlStore
from tweestad.store.sqlite import SqliteBackend

SQLITE_NAME = "tweestad.sqlite"
READ_TIMEOUT_S = 30.0
# Any number will do that is not the one of the migrations: it is the name of the lock.
_BUILDING = 289_927_416


def open_store(database_url: str, data_dir: Path, *, read_timeout_s: float = READ_TIMEOUT_S) -> Store:
    """Open the twin's database, making or upgrading its tables first.

    An empty address means the SQLite file in `data_dir`, which is made when it is not there; otherwise
    `postgresql://user:password@host/name` of a database with PostGIS, where a read is stopped after
    `read_timeout_s`. Raises InputRejected for another
    kind of address, and StoreUnavailable when the database does not answer or is of a newer version.
    """
    backend = backend_of(database_url, data_dir, read_timeout_s)
    with faults_translated(), backend.engine.connect() as connection, backend.writing(connection):
        migrate(connection)
    return SqlStore(backend)


def look_into_store(database_url: str, data_dir: Path) -> Store:
    """A store that is known to be there, with its tables as they are: nothing is made or upgraded."""
    return SqlStore(backend_of(database_url, data_dir, READ_TIMEOUT_S))


@contextmanager
def held_for_build(database_url: str, data_dir: Path) -> Iterator[None]:
    """Hold a database server's twin against other builds, wherever they run; raises Conflict if one is on.

    The lock ends with its connection, so also when this process is killed. For a twin in a file the
    lock on the data folder does it.
    """
    if not database_url:
        yield
        return
    backend = backend_of(database_url, data_dir, READ_TIMEOUT_S)
    try:
        with faults_translated(), backend.reader.connect() as connection:
            if not connection.scalar(select(func.pg_try_advisory_lock(_BUILDING))):
                raise Conflict("another build is writing into this database: wait for it to end")
            yield
    finally:
        backend.engine.dispose()


def backend_of(database_url: str, data_dir: Path, read_timeout_s: float = READ_TIMEOUT_S) -> Backend:
    """The backend that an address names; raises InputRejected for one that we do not know."""
    if not database_url:
        return SqliteBackend(data_dir / SQLITE_NAME)
    try:
        url = make_url(database_url)
    except ArgumentError as exc:
        raise InputRejected("the address of the database is not a URL") from exc
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise InputRejected(f"‘{url.get_backend_name()}’ is not a database that Tweestad knows")
    # psycopg comes with the extra `postgres`; without it a twin in a file still opens.
    from tweestad.store.postgis import PostgisBackend  # noqa: PLC0415

    return PostgisBackend(url, read_timeout_s=read_timeout_s)
