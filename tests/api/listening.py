"""Listeners of the event stream inside a running loop, and a town in which measurements change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import orjson
from starlette.types import Message

from tests.api.small_feeds import arrivals, seen
from tweestad.app import TwinApp
from tweestad.store.protocol import Store

# Long enough for a busy machine: how soon it comes is measured in bench/stream.py.
WITHIN_S = 20.0
AIR = arrivals()[0]


class Listener:
    """One client of the stream, inside a running loop."""

    def __init__(self, app: TwinApp, query: str, headers: Mapping[str, str], address: str) -> None:
        path, _, text = f"/api/v1/stream?{query}".partition("?")
        self._scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": unquote(path), "raw_path": path.encode(),
            "query_string": text.encode(), "root_path": "", "client": (address, 50_000),
            "server": ("twin.test", 80), "state": {},
            "headers": [(k.encode(), v.encode()) for k, v in {"host": "twin.test", **headers}.items()],
        }  # fmt: skip
        self.status = 0
        self.body = b""
        self.headers: dict[str, str] = {}
        self.stuck = False
        self._heard: asyncio.Queue[tuple[str, str, dict[str, Any]]] = asyncio.Queue()
        self._leaves = asyncio.Event()
        self._asked = False
        self.task = asyncio.create_task(app(self._scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self.stuck:
            await asyncio.Event().wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            return
        self.body += message.get("body", b"")
        *whole, rest = self.body.split(b"\n\n")
        if self.status == 200:
            self.body = rest
            for text in whole:
                self._hear(text.decode())

    def _hear(self, text: str) -> None:
        fields = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(":"))
        data = orjson.loads(fields["data"]) if "data" in fields else {}
        self._heard.put_nowait((fields.get("event", "comment"), fields.get("id", ""), data))

    async def next(self) -> tuple[str, str, dict[str, Any]]:
        """The next event; fails when nothing is heard in time."""
        return await asyncio.wait_for(self._heard.get(), WITHIN_S)

    async def layers(self) -> list[str]:
        event, _, data = await self.next()
        assert event == "changed"
        found: list[str] = data["layers"]
        return found

    @property
    def silent(self) -> bool:
        return self._heard.empty()

    async def leave(self) -> None:
        self._leaves.set()
        await asyncio.wait_for(self.task, WITHIN_S)


class Town:
    """An app over measurements, with listeners."""

    def __init__(self, app: TwinApp, store: Store) -> None:
        self.app = app
        self.store = store
        self._number = 0

    @asynccontextmanager
    async def listening(
        self, query: str, *, role: str = "", address: str = "10.0.0.1", **headers: str
    ) -> AsyncIterator[Listener]:
        """A listener that has been greeted."""
        given = {"x-test-role": role, **{k.replace("_", "-"): v for k, v in headers.items()}}
        listener = Listener(self.app, query, given, address)
        event, _, _ = await listener.next()
        assert event == "version"
        try:
            yield listener
        finally:
            await listener.leave()

    async def change(self, *arrivals_of: Any) -> None:
        for each in arrivals_of:
            await asyncio.to_thread(self.store.put_arrival, each)

    def air(self, **more: Any) -> Any:
        """A value that was not there before."""
        self._number += 1
        value = seen("luchtmeetnet:NL2:pm25", 5.0 + self._number, age=1 - self._number / 100)
        return replace(AIR, observations=(value,), **more)


@asynccontextmanager
async def together() -> AsyncIterator[Callable[[Any], Coroutine[Any, Any, Listener]]]:
    """Enters contexts one by one and leaves them all at the end."""
    async with AsyncExitStack() as stack:

        async def enter(context: Any) -> Listener:
            listener: Listener = await stack.enter_async_context(context)
            return listener

        yield enter
