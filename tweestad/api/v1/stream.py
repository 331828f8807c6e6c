"""`/api/v1/stream`: says that something changed in the layers and the window that somebody looks at.

Server-sent events. It never says what changed: `/api/v1/live/{layer}?after=` does.
"""

from __future__ import annotations

import asyncio
from ipaddress import IPv6Address, ip_network
from typing import Annotated

import anyio
import orjson
from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tweestad.api.changes import Changes, Client
from tweestad.api.context import actor_of, context_of
from tweestad.api.factory import StrictRoute, refuse_late
from tweestad.api.limits import LIMITS
from tweestad.api.middleware import HEAD_ONLY
from tweestad.api.problems import RawFault, raw_fault
from tweestad.api.v1.faults import late_faults
from tweestad.api.v1.live import WindowQuery, asked_window
from tweestad.api.v1.query import find_whole
from tweestad.vocabulary.live_layers import find_live_layer

EVENT_STREAM = "text/event-stream"
# Who does not take a message for so long is not looking.
SEND_TIMEOUT_S = 10.0
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_RETRY_MS = 3_000


class StreamQuery(WindowQuery):
    layers: str = Field(max_length=1_000, description="Ids of live layers with commas between.")


def late_faults_here(request: Request) -> list[RawFault]:
    """Also of a layer that cannot be there, and of too many."""
    found = [fault for fault in late_faults(request) if fault["loc"][-1] != "layers"]
    names = layer_names(request.query_params.get("layers", ""))
    unknown = [name for name in names if find_live_layer(name) is None]
    if "layers" in request.query_params and (unknown or not names):
        found.append(raw_fault("layers", "layer_unknown", layer=unknown[0] if unknown else ""))
    elif len(names) > LIMITS.stream_layers_max:
        found.append(raw_fault("layers", "layers_many", most=LIMITS.stream_layers_max))
    return found


router = APIRouter(
    prefix="/api/v1",
    route_class=type("StrictStream", (StrictRoute,), {"late": staticmethod(late_faults_here)}),
)


@router.get(
    "/stream",
    response_class=Response,
    responses={
        200: {
            "description": "Events `changed` with the change number and the layers; a comment every 15 s",
            "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
        }
    },
    operation_id="followChanges",
    tags=["stream"],
)
def follow_changes(request: Request, query: Annotated[StreamQuery, Query()]) -> Response:
    """Server-sent events: that something changed in these layers, within `bbox` when it is given.

    Ask what changed with `after` at the layer. The first event, `version`, tells the change number that
    holds; after a break the header `Last-Event-ID` makes up for what was missed.
    """
    refuse_late(request, late_faults_here)
    window = asked_window(query)
    box = None if window is None else window.box
    client = Client(
        layers=frozenset(layer_names(query.layers)),
        box=None if box is None else (box.min_x, box.min_y, box.max_x, box.max_y),
        audiences=actor_of(request).audiences,
        address=network_of(request.client.host if request.client else ""),
    )
    return EventStream(context_of(request).changes, client, _last_heard(request))


def layer_names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))


def network_of(host: str) -> str:
    """Who counts as one: an IPv4 address, or the /64 that one customer has of IPv6."""
    try:
        address = IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))


def _last_heard(request: Request) -> int | None:
    """The change number of measurements in `Last-Event-ID` (`city.readings`), or None."""
    return find_whole(request.headers.get("last-event-id", "").rpartition(".")[2])


class EventStream(Response):
    """Speaks to one client until it leaves, is too slow, or the server stops."""

    media_type = EVENT_STREAM

    def __init__(self, changes: Changes, client: Client, heard: int | None) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._changes = changes
        self._client = client
        self._heard = heard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get(HEAD_ONLY):
            await self._start(send)
            await send({"type": "http.response.body", "body": b""})
            return
        # Both may raise before anything is sent, so that the answer is a problem.
        with self._changes.with_client(self._client):
            city, version = await self._changes.greet(self._client)
            async with anyio.create_task_group() as together:
                together.start_soon(self._until_gone, receive, together.cancel_scope)
                await self._speak(send, city, version)
                together.cancel_scope.cancel()

    @staticmethod
    async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        scope.cancel()

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})

    async def _speak(self, send: Send, city: int, version: int) -> None:
        client = self._client
        await self._start(send)
        first = f"retry: {_RETRY_MS}\n".encode() + _event("version", city, version, {"version": version})
        if self._heard is not None and self._heard != version:
            told = {"version": version, "layers": sorted(client.layers)}
            first += _event("changed", city, version, told)
        if not await _said(send, first):
            return
        while not client.ends:
            try:
                async with asyncio.timeout(LIMITS.stream_heartbeat_s):
                    await client.wakes.wait()
            except TimeoutError:
                if not await _said(send, b": still here\n\n"):
                    return
                continue
            if layers := client.take():
                told = {"version": client.version, "layers": list(layers)}
                if not await _said(send, _event("changed", client.city, client.version, told)):
                    return
        await send({"type": "http.response.body", "body": b""})


async def _said(send: Send, text: bytes) -> bool:
    """Send a piece; False when the client did not take it in time."""
    try:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            await send({"type": "http.response.body", "body": text, "more_body": True})
    except TimeoutError:
        return False
    return True


def _event(name: str, city: int, version: int, data: dict[str, object]) -> bytes:
    return f"id: {city}.{version}\nevent: {name}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"
