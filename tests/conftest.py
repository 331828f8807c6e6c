"""Fixtures for every test: a throw-away PostgreSQL cluster with PostGIS, and databases in it.

The cluster is started once, on loopback, in a temporary folder, and stopped at the end by its own process
id. Where PostgreSQL is not installed its tests are skipped with what to install; with
TWEESTAD_TESTS_MUST_RUN_POSTGRES=1 they fail instead.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

_BIN = Path("/usr/lib/postgresql/15/bin")
_EXTENSION = Path("/usr/share/postgresql/15/extension/postgis.control")
_INSTALL = (
    "PostgreSQL 15 with PostGIS is not installed: run `apt-get install postgresql-15 postgresql-15-postgis-3`"
)
_START_TIMEOUT_S = 60.0
# Tests lose nothing that anyone needs after a power cut.
_SETTINGS = ("fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=60", "timezone=UTC")
_TEMPLATE = "tweestad_template"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL server; `numbers` names its databases."""

    port: int
    numbers: Iterator[int]

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, *, template: str = _TEMPLATE) -> str:
        """The address of an empty database with PostGIS (or with nothing: template1)."""
        name = f"twin_{next(self.numbers)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        self.run(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')

    def run(self, statement: str, *, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this test run."""
    if not (_BIN / "initdb").exists() or not _EXTENSION.exists():
        if os.environ.get("TWEESTAD_TESTS_MUST_RUN_POSTGRES") == "1":
            pytest.fail(_INSTALL, pytrace=False)
        pytest.skip(_INSTALL)
    folder = Path(tempfile.mkdtemp(prefix="tweestad-postgres-"))
    user = _server_user(folder)
    data, port = str(folder / "data"), _free_port()
    initdb = [str(_BIN / "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
    subprocess.run(
        [*initdb, "--locale=C.UTF-8"], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL
    )
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    command = [str(_BIN / "postgres"), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, *settings], user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=log
        )
    try:
        cluster = Cluster(port, count(1))
        _wait(server, cluster, folder / "log")
        cluster.run(f'CREATE DATABASE "{_TEMPLATE}"')
        cluster.run("CREATE EXTENSION postgis", database=_TEMPLATE)
        yield cluster
    finally:
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for connections to end.
        server.send_signal(signal.SIGINT)
        server.wait(_START_TIMEOUT_S)
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The address of an empty database with PostGIS, of this test alone."""
    url = postgres_cluster.new_database()
    yield url
    postgres_cluster.drop(url)


def _server_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; then the user that Debian made for it owns the folder."""
    if os.geteuid() != 0:
        return None
    pwd.getpwnam("postgres")
    shutil.chown(folder, "postgres")
    return "postgres"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(server: subprocess.Popen[bytes], cluster: Cluster, log: Path) -> None:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while True:
        try:
            cluster.run("SELECT 1")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}", pytrace=False)
            time.sleep(0.05)
        else:
            return


_seconds: dict[str, float] = defaultdict(float)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up the seconds of each group of tests: a folder of tests/, or a file directly in it."""
    parts = report.nodeid.split("::")[0].split("/")
    _seconds["/".join(parts[:2])] += report.duration


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the seconds of each group, so that a slow one is seen on the day it becomes slow."""
    terminalreporter.section("seconds per group")
    for group, seconds in sorted(_seconds.items()):
        terminalreporter.write_line(f"{group:<42} {seconds:6.1f} s")
