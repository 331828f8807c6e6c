"""Fixtures for every test: a throw-away PostgreSQL cluster with PostGIS, and databases in it.

The cluster is started once, on loopback, in a temporary folder, and stopped at the end by its own process
id. Where PostgreSQL is not installed its tests are skipped with what to install; with
TWEESTAD_TESTS_MUST_RUN_POSTGRES=1 they fail instead.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.postgres_server import INSTALL, Cluster, is_installed, running_server

# Tests lose nothing that anyone needs after a power cut.
_SETTINGS = ("fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=60", "timezone=UTC")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this test run."""
    if not is_installed():
        if os.environ.get("TWEESTAD_TESTS_MUST_RUN_POSTGRES") == "1":
            pytest.fail(INSTALL, pytrace=False)
        pytest.skip(INSTALL)
    with running_server(_SETTINGS) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The address of an empty database with PostGIS, of this test alone."""
    url = postgres_cluster.new_database()
    yield url
    postgres_cluster.drop(url)


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
