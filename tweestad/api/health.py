"""`/healthz`: the process lives. `/readyz`: the database answers too."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tweestad.api.context import reader_of

HEADERS = {"Cache-Control": "no-store"}


async def show_health(_: Request) -> Response:
    return PlainTextResponse("ok\n", headers=HEADERS)


def show_readiness(request: Request) -> Response:
    """503 (by the table of errors) when the store does not answer."""
    version = reader_of(request).version
    return PlainTextResponse(f"ok {version}\n", headers=HEADERS)
