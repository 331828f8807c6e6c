"""The connections of a store, and what is said when the database does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from tweestad.store.backend import Backend, faults_translated


class Connected:
    """Holds a Backend. Raises StoreUnavailable when the database does not answer."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def close(self) -> None:
        """Let go of connections."""
        self._backend.engine.dispose()

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        with faults_translated(), self._backend.reader.connect() as connection:
            yield connection

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        with faults_translated(), self._backend.engine.connect() as connection:
            yield connection
