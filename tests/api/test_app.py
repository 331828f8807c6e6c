"""The composition: what is opened is closed, and what the caller owns stays the caller's."""

from __future__ import annotations

import ast
import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

from starlette.types import Message

import tweestad.api
from tests.api.asgi import call
from tests.api.small_twin import fill
from tweestad.app import TwinApp, create_app
from tweestad.config import Config
from tweestad.store.opening import open_store


def start_and_stop(app: TwinApp) -> list[str]:
    """Run the server's lifespan once; returns what the app answered."""
    said: list[str] = []
    orders = [{"type": "lifespan.shutdown"}, {"type": "lifespan.startup"}]

    async def receive() -> Message:
        return orders.pop()

    async def send(message: Message) -> None:
        said.append(message["type"])

    scope: dict[str, Any] = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    asyncio.run(app(scope, receive, send))
    return said


def test_a_server_starts_and_stops(tmp_path: Path) -> None:
    app = create_app(Config(data_dir=tmp_path))
    assert start_and_stop(app) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_store_that_was_given_stays_open(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    fill(store)
    start_and_stop(create_app(Config(data_dir=tmp_path), store=store))
    assert call(create_app(Config(data_dir=tmp_path), store=store), "/readyz").status == 200
    store.close()


def test_nothing_happens_at_import(tmp_path: Path) -> None:
    """Importing the app writes nothing and reads no setting."""
    code = "import os; os.environ.clear(); import tweestad.app, tweestad.api.pages.routes"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_the_api_asks_with_where_condition_and_sort_and_never_names_a_store() -> None:
    """The contract in pyproject.toml looks at modules; this looks at the names."""
    taken: set[str] = set()
    for path in Path(tweestad.api.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tweestad"):
                taken |= {f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                taken |= {alias.name for alias in node.names}
    stores = {name for name in taken if name.startswith("tweestad.store")}
    assert stores == {f"tweestad.store.protocol.{name}" for name in ("Condition", "Sort", "Where")}


def test_two_twins_in_one_process_do_not_meet(tmp_path: Path) -> None:
    first = create_app(Config(data_dir=tmp_path / "a"))
    second = create_app(Config(data_dir=tmp_path / "b"))
    (tmp_path / "a" / "tiles").mkdir()
    (tmp_path / "a" / "tiles" / "scene.json").write_text("{}", encoding="utf-8")
    assert call(first, "/tiles/scene.json").status == 200
    assert call(second, "/tiles/scene.json").status == 404
