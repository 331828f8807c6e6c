"""Makes the API apps: the same errors, version and strictness in each of them.

A mounted app inherits neither exception handlers nor middleware, so each one is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from tweestad.api.context import Context
from tweestad.api.language import quality
from tweestad.api.middleware import API_VERSION
from tweestad.api.problems import RawFault, answer
from tweestad.errors import TweestadError

# The only key that may come more than once: each is a condition of its own.
REPEATED = "where"
JSON_KINDS = frozenset(
    {"*/*", "application/*", "application/json", "application/geo+json", "application/problem+json"}
)
NO_TELEMETRY: Any = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}

HANDLERS: dict[Any, Any] = {
    HTTPException: answer,
    RequestValidationError: answer,
    TweestadError: answer,
    Exception: answer,
}


Late = Callable[[Request], list[RawFault]]


class StrictRoute(APIRoute):
    """A route that also refuses a query key given twice, together with all other faults.

    `late` looks for the faults that show only next to the twin; the route itself asks for them too.
    """

    @staticmethod
    def late(_: Request) -> list[RawFault]:
        return []

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        lenient = super().get_route_handler()
        late = self.late

        async def strict(request: Request) -> Response:
            keys = [key for key, _ in request.query_params.multi_items()]
            twice = [
                {"type": "twice", "loc": ("query", key)}
                for key in sorted(set(keys) - {REPEATED})
                if keys.count(key) > 1
            ]
            try:
                response = await lenient(request)
            except RequestValidationError as exc:
                found = [*exc.errors(), *twice]
                told = {fault["loc"][-1] for fault in found}
                # A fault of the same parameter that was found first is enough.
                after = await to_thread.run_sync(late, request)
                more = [fault for fault in after if fault["loc"][-1] not in told]
                raise RequestValidationError([*found, *more]) from exc
            if twice:
                raise RequestValidationError(twice)
            return response

        return strict


async def wants_json(request: Request) -> None:
    """406 when the client says that it takes something, and that is not JSON (RFC 9110, 12.5.1)."""
    accept = request.headers.get("accept", "")
    if not accept.strip():
        return
    for part in accept.split(","):
        kind, _, parameters = part.strip().partition(";")
        if kind.strip().lower() in JSON_KINDS and quality(parameters) > 0:
            return
    raise HTTPException(406)


def json_router(prefix: str, *, late: Late | None = None) -> APIRouter:
    """A router of strict JSON routes; `late` finds the faults that show only next to the twin."""
    members = {} if late is None else {"late": staticmethod(late)}
    route_class = type("StrictJsonRoute", (StrictRoute,), members)
    return APIRouter(prefix=prefix, route_class=route_class, dependencies=[Depends(wants_json)])


def refuse_late(request: Request, late: Late) -> None:
    """Raises RequestValidationError with all late faults of the request."""
    if faults := late(request):
        raise RequestValidationError(faults)


def make_api(context: Context, routers: Sequence[APIRouter], *, title: str) -> FastAPI:
    """An API app whose addresses are whole (`/api/v1/…`), so that it needs no mount and no redirects."""
    app = FastAPI(
        title=title,
        version=API_VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=HANDLERS,
        telemetry=NO_TELEMETRY,
    )
    for router in routers:
        app.include_router(router)
    app.state.context = context
    return app


class Below(BaseRoute):
    """Hands a prefix and everything below it to an app, with the address untouched.

    Starlette's Mount does not match the prefix itself (`/api/v1`) without a slash behind it.
    """

    def __init__(self, prefix: str, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.path = prefix
        self.app = app
        self.routes = routes

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope.get("path", "")
        inside = scope["type"] == "http" and (path == self.path or path.startswith(self.path + "/"))
        return (Match.FULL if inside else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
