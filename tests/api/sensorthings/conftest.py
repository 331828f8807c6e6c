"""A server over a twin that measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.asgi import Answer, call
from tests.api.conftest import identify_by_header
from tests.api.sensorthings.measured_twin import HOUR, NOON, fill_measurements
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

Ask = Callable[..., Answer]
Read = Callable[..., dict[str, Any]]
BASE = "http://twin.test/sta/v1.1"


def encoded(address: str) -> str:
    """A readable address below the service as it goes out; one with a % in it is encoded already."""
    path, separator, query = address.removeprefix(f"{BASE}/").partition("?")
    if "%" not in address:
        path, query = quote(path, safe="/$()',:@"), quote(query, safe="$=&(),;:/'@")
    return f"/sta/v1.1{'/' * bool(path.strip('/'))}{path}{separator}{query.replace(' ', '%20')}"


@pytest.fixture(scope="package")
def measured_config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(data_dir=tmp_path_factory.mktemp("measured"))


@pytest.fixture(scope="package")
def measured(measured_config: Config) -> Iterator[Store]:
    opened = open_store(measured_config.database_url, measured_config.data_dir)
    fill_measurements(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def measuring_app(measured_config: Config, measured: Store) -> TwinApp:
    tomorrow = NOON + 24 * HOUR
    return create_app(measured_config, identify=identify_by_header, store=measured, now=lambda: tomorrow)


@pytest.fixture(scope="package")
def ask(measuring_app: TwinApp) -> Ask:
    """`ask("Things?$top=1")`: the address below the service, readable; it is encoded here."""

    def get(address: str, *, role: str = "", **headers: str) -> Answer:
        given = {**headers, **({"x-test-role": role} if role else {})}
        return call(measuring_app, encoded(address), headers=given)

    return get


@pytest.fixture(scope="package")
def read(ask: Ask) -> Read:
    """The JSON of an address that must be there."""

    def get(address: str, **more: str) -> dict[str, Any]:
        answer = ask(address, **more)
        assert answer.status == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    return get


def ids(body: dict[str, Any]) -> list[str]:
    return [each["@iot.id"] for each in body["value"]]


def codes(answer: Answer) -> dict[str, str]:
    """Which parameter is wrong, and how."""
    assert answer.status == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {fault["name"]: fault["code"] for fault in answer.json()["errors"]}
