"""A server over the small twin: real store, real files, no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from starlette.requests import Request

from tests.api.asgi import Answer, call
from tests.api.small_feeds import NOON, fill_feeds
from tests.api.small_twin import fill
from tweestad.access.actor import ROLES, VISITOR, Actor, Role
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

Get = Callable[..., Answer]


def identify_by_header(request: Request) -> Actor:
    """The tests say who they are in a header; a real twin asks its login."""
    role = request.headers.get("x-test-role", "")
    known: Mapping[str, Role] = {name: name for name in ROLES}
    return Actor("person", "p1", frozenset({known[role]})) if role in known else VISITOR


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("twin")
    tiles = Config(data_dir=folder).tiles_dir
    (tiles / "c").mkdir(parents=True)
    (tiles / "gebouwen" / "3").mkdir(parents=True)
    (tiles / "adressen").mkdir()
    (tiles / "adressen" / "tileset.json").write_text('{"asset": {}}', encoding="utf-8")
    (tiles / "c" / "0123456789abcdef.pmtiles").write_bytes(bytes(range(256)) * 8)
    (tiles / "c" / "0123456789abcdef.glb").write_bytes(b"glTF" + bytes(2000))
    (tiles / "scene.json").write_text('{"version": 1}', encoding="utf-8")
    (tiles / "gebouwen" / "tileset.json").write_text('{"asset": {}}', encoding="utf-8")
    (tiles / "gebouwen" / "3" / "tileset.json").write_text('{"asset": {}}', encoding="utf-8")
    (folder / "secret.json").write_text('{"secret": true}', encoding="utf-8")
    return Config(data_dir=folder)


@pytest.fixture(scope="session")
def store(config: Config) -> Iterator[Store]:
    opened = open_store(config.database_url, config.data_dir)
    fill(opened)
    fill_feeds(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(config: Config, store: Store) -> TwinApp:
    return create_app(config, identify=identify_by_header, store=store, now=lambda: NOON)


@pytest.fixture(scope="session")
def get(app: TwinApp) -> Get:
    """`get(address, role="", method=…, headers=…)` as a visitor or in a role."""

    def ask(
        address: str,
        *,
        role: str = "",
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        scheme: str = "http",
    ) -> Answer:
        given = {**(headers or {}), **({"x-test-role": role} if role else {})}
        return call(app, address, method=method, headers=given, body=body, scheme=scheme)

    return ask


@pytest.fixture(scope="session")
def tiles_dir(config: Config) -> Path:
    return config.tiles_dir
