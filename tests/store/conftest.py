"""One store per backend, so that each test of the contract runs on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres_server import Cluster
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store
from tweestad.store.tables import metadata

BACKENDS = ["sqlite", pytest.param("postgis", marks=pytest.mark.postgres)]
Open = Callable[[], Store]


@pytest.fixture(scope="session")
def shared_url(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with tables, for all tests here: emptying it is ten times quicker than making one."""
    url = postgres_cluster.new_database()
    open_store(url, tmp_path_factory.mktemp("shared")).close()
    yield url
    postgres_cluster.drop(url)


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: nothing for SQLite."""
    if request.param == "sqlite":
        return ""
    url: str = request.getfixturevalue("shared_url")
    emptied = ", ".join(table.name for table in metadata.sorted_tables if table.name != "clock")
    with psycopg.connect(url) as connection:
        connection.execute(f"TRUNCATE {emptied} RESTART IDENTITY".encode())
        connection.execute("UPDATE clock SET n = 0")
    return url


@pytest.fixture
def open_again(address: str, tmp_path: Path) -> Iterator[Open]:
    """Opens the same database, as often as asked."""
    opened: list[Store] = []

    def open_it() -> Store:
        opened.append(open_store(address, tmp_path / "twin"))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Open) -> Store:
    return open_again()


@pytest.fixture(scope="module", params=BACKENDS)
def module_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for all tests of a module, with a database of its own."""
    cluster = request.getfixturevalue("postgres_cluster") if request.param == "postgis" else None
    url = cluster.new_database() if cluster else ""
    store = open_store(url, tmp_path_factory.mktemp("module"))
    yield store
    store.close()
    if cluster:
        cluster.drop(url)
