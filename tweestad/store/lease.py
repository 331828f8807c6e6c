"""One worker fetches for a twin: a lease that ends with the process that holds it, also when it is killed.

In a twin in a file it is a lock on the data folder, on a database server a lock of its own connection.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from tweestad.errors import Conflict
from tweestad.store.backend import Backend, faults_translated
from tweestad.store.opening import backend_of

# Any number will do that is not another lock's: it is the name of the lock.
_FETCHING = 289_927_417
_HELD = "another worker fetches for this twin already"


@contextmanager
def held_for_feeds(database_url: str, data_dir: Path) -> Iterator[Callable[[], bool]]:
    """Hold the feeds of a twin; raises Conflict when somebody else does.

    What it gives tells whether the lease is still held: a connection to a server can be lost.
    """
    if database_url:
        with _on_server(backend_of(database_url, data_dir)) as still:
            yield still
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "feeds.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise Conflict(_HELD) from exc
        yield lambda: True


@contextmanager
def _on_server(backend: Backend) -> Iterator[Callable[[], bool]]:
    try:
        with faults_translated(), backend.reader.connect() as connection:
            if not connection.scalar(select(func.pg_try_advisory_lock(_FETCHING))):
                raise Conflict(_HELD)

            def still() -> bool:
                try:
                    return connection.scalar(select(1)) == 1
                except DBAPIError:
                    return False

            yield still
    finally:
        backend.engine.dispose()
