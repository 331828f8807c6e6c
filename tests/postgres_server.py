"""A throw-away PostgreSQL server with PostGIS, on loopback, in a temporary folder, for tests and benches."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

_BIN = Path("/usr/lib/postgresql/15/bin")
_EXTENSION = Path("/usr/share/postgresql/15/extension/postgis.control")
INSTALL = (
    "PostgreSQL 15 with PostGIS is not installed: run `apt-get install postgresql-15 postgresql-15-postgis-3`"
)
_START_TIMEOUT_S = 60.0
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


def is_installed() -> bool:
    return (_BIN / "initdb").exists() and _EXTENSION.exists()


@contextmanager
def running_server(settings: Sequence[str]) -> Iterator[Cluster]:
    """A PostgreSQL server with these settings, stopped by its own process id; its data go with it."""
    folder = Path(tempfile.mkdtemp(prefix="tweestad-postgres-"))
    user = _server_user(folder)
    data, port = str(folder / "data"), _free_port()
    initdb = [str(_BIN / "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]
    subprocess.run(
        [*initdb, "--locale=C.UTF-8"], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL
    )
    given = [part for setting in settings for part in ("-c", setting)]
    command = [str(_BIN / "postgres"), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, *given], user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=log
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
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return
