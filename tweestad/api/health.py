"""`/healthz`: the process lives. `/readyz`: the twin can be read. `/robots.txt`: everybody may look."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tweestad.api.context import reader_of
from tweestad.errors import StoreUnavailable
from tweestad.store.protocol import Where

HEADERS = {"Cache-Control": "no-store"}
ROBOTS = "User-agent: *\nAllow: /\n"


async def show_health(_: Request) -> Response:
    return PlainTextResponse("ok\n", headers=HEADERS)


def show_readiness(request: Request) -> Response:
    """503 (by the table of errors) without a built twin, and when a layer cannot be read."""
    reader = reader_of(request)
    version = reader.version
    layers = reader.layers()
    if reader.twin_facts() is None or not layers:
        raise StoreUnavailable("the twin has not been built")
    for stored in layers:
        reader.features(Where(layer=stored.layer.id), limit=1)
    return PlainTextResponse(f"ok {version}\n", headers=HEADERS)


async def show_robots(_: Request) -> Response:
    return PlainTextResponse(ROBOTS)
