"""A built Voorbeeldstad behind the real server, and one Chromium for all browser tests.

Nothing may leave the machine: every page counts its requests, and a test that makes one to another host
fails, as does one with an error on the page or a breach of the content security policy.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.frame_site import frame_site
from tests.browser.more_layers import write_twin
from tests.browser.screen import Screen, Size
from tweestad.app import create_app
from tweestad.build.pipeline import build
from tweestad.config import Config

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "tweestad" / "api" / "static" / ".vite" / "manifest.json"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_START_TIMEOUT_S = 30.0

OpenScreen = Callable[..., Screen]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests of this folder as browser tests."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    missing = [
        what
        for there, what in (
            (found, "Chromium is not installed: run `apt-get install chromium`"),
            (MANIFEST.exists(), "the web build is not there: run `npm ci && npm run build` in web/"),
            (AXE.exists(), "axe-core is not there: run `npm ci` in web/"),
        )
        if not there
    ]
    if not missing:
        return cast(str, found)
    if os.environ.get("TWEESTAD_TESTS_MUST_RUN_BROWSER"):
        pytest.fail("; ".join(missing))
    pytest.skip("; ".join(missing))


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Voorbeeldstad of 60 buildings with the layers of these tests, built as a municipality would."""
    _chromium()
    config = Config(data_dir=tmp_path_factory.mktemp("voorbeeldstad"))
    twin = (ROOT / "demo" / "voorbeeldstad" / "twin.toml").read_text(encoding="utf-8")
    build(write_twin(tmp_path_factory.mktemp("twin"), twin), config, size=60)
    return config


@contextmanager
def served(config: Config, **app: Any) -> Iterator[str]:
    """The address of the real server over this data, on a free port of 127.0.0.1."""
    made = create_app(config, **app)
    settings = uvicorn.Config(made, host="127.0.0.1", port=0, log_level="warning", ws="none")
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_TIMEOUT_S
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            pytest.fail("the server did not start")
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def host_site() -> Iterator[str]:
    """A website that may show the map in a frame: its page shows the address in its query."""
    with frame_site() as site:
        yield site


@pytest.fixture(scope="session")
def address(town: Config, host_site: str) -> Iterator[str]:
    with served(replace(town, embed_origins=(host_site,))) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = _chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_screen(browser: Browser, address: str) -> Iterator[OpenScreen]:
    """`open_screen(path, size=…, script=True, before=…)`; at the end each screen must have been clean."""
    opened: list[Screen] = []

    def start(
        path: str,
        *,
        size: Size = Size.DESKTOP,
        script: bool = True,
        before: Callable[[Page], None] | None = None,
        **settings: Any,
    ) -> Screen:
        context = browser.new_context(
            viewport={"width": size.width, "height": size.height},
            java_script_enabled=script,
            has_touch=size is Size.PHONE,
            locale="nl-NL",
            **settings,
        )
        screen = Screen(context.new_page(), address)
        opened.append(screen)
        if before is not None:
            before(screen.page)
        screen.go(path)
        return screen

    yield start
    for screen in opened:
        screen.page.context.close()
    for screen in opened:
        assert screen.elsewhere == [], "requests left the machine"
        assert screen.faults == [], "the page had errors"


@pytest.fixture(scope="session")
def axe_source() -> str:
    return AXE.read_text(encoding="utf-8")
