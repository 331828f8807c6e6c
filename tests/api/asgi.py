"""Calls the server as a web server would, with full say over the bytes of the address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Headers
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def call(
    app: ASGIApp,
    address: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    scheme: str = "http",
) -> Answer:
    """One request. The address goes out as it is written: nothing is tidied up or encoded."""
    return asyncio.run(call_async(app, address, method=method, headers=headers, body=body, scheme=scheme))


async def call_async(
    app: ASGIApp,
    address: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    scheme: str = "http",
    on_start: Callable[[], None] | None = None,
) -> Answer:
    """The same inside a running loop; `on_start` is called once the head of the answer is there."""
    raw_path, _, query = address.partition("?")
    given = {"host": "twin.test", **{k.lower(): v for k, v in (headers or {}).items()}}
    if body:
        given.setdefault("content-length", str(len(body)))
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("utf-8"),
        "query_string": query.encode("utf-8"),
        "root_path": "",
        "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in given.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("twin.test", 80),
        "state": {},
    }
    return await _run(app, scope, body, on_start)


async def _run(
    app: ASGIApp, scope: dict[str, Any], body: bytes, on_start: Callable[[], None] | None
) -> Answer:
    sent: list[Message] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if waiting:
            return waiting.pop()
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if on_start is not None and message["type"] == "http.response.start":
            on_start()

    await app(scope, receive, send)
    start = sent[0]
    assert start["type"] == "http.response.start"
    assert not sent[-1].get("more_body", False)
    parts = [m.get("body", b"") for m in sent[1:]]
    return Answer(start["status"], Headers(raw=start["headers"]), b"".join(parts))
