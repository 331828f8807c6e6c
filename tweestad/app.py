"""Composition: builds the store, the reader behind every request, and the routes. Nobody imports this."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

import tweestad.api
from tweestad.access.actor import VISITOR, Actor
from tweestad.access.reader import Reader
from tweestad.api import health
from tweestad.api.assets import Assets
from tweestad.api.changes import Changes
from tweestad.api.column_facts import FactsShelf
from tweestad.api.compression import Compressed
from tweestad.api.context import Context, wall_clock
from tweestad.api.factory import HANDLERS, Below, make_api
from tweestad.api.files import STATIC_TYPES, TILE_TYPES, FolderFiles, static_caching, tile_caching
from tweestad.api.limits import LIMITS
from tweestad.api.middleware import LastNet, Methods, SafeHeaders, Sizes
from tweestad.api.pages.drawing import Drawing
from tweestad.api.pages.routes import page_routes
from tweestad.api.root import Neighbours, no_neighbours
from tweestad.api.sensorthings.routes import PREFIX as SENSORTHINGS
from tweestad.api.sensorthings.routes import router as sensorthings_router
from tweestad.api.v1.routes import ROUTERS
from tweestad.config import Config
from tweestad.ground.drawn_terrain import find_terrain
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

STATIC_DIR = Path(tweestad.api.__file__).with_name("static")


class TwinApp:
    """The whole server as one ASGI app: the routes inside the middleware. `routes` is for looking only."""

    def __init__(self, inner: Starlette, changes: Changes) -> None:
        self._inner = inner
        self._changes = changes
        self._stack: ASGIApp = SafeHeaders(LastNet(Compressed(Methods(Sizes(inner, LIMITS)))))

    @property
    def routes(self) -> Sequence[BaseRoute]:
        return self._inner.routes

    def end_streams(self) -> None:
        """Let those who follow changes go, so that the server can stop."""
        self._changes.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self._inner
        await self._stack(scope, receive, send)


def create_app(
    config: Config,
    *,
    identify: Callable[[Request], Actor] | None = None,
    store: Store | None = None,
    neighbours: Neighbours = no_neighbours,
    now: Callable[[], datetime] = wall_clock,
) -> TwinApp:
    """The server of one twin.

    `identify` says who is behind a request; without it everybody is a visitor. A store that is given
    stays the caller's; otherwise it is opened here and closed when the server stops. `neighbours` are the
    twins that the chooser in the header offers. `now` is the clock by which ages are told.
    """
    own = store is None
    opened = open_store(config.database_url, config.data_dir) if store is None else store
    assets = Assets(STATIC_DIR)
    changes = Changes(
        partial(Reader, opened),
        most=config.stream_clients,
        most_per_address=config.stream_clients_per_address,
    )
    context = Context(
        identify=identify or _everybody_visits,
        reader=partial(Reader, opened),
        drawing=Drawing(assets, neighbours),
        assets=assets,
        facts=FactsShelf(),
        terrain=partial(find_terrain, config.tiles_dir),
        changes=changes,
        embed_origins=config.embed_origins,
        now=now,
        public_url=config.public_url,
    )

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        yield
        changes.close()
        if own:
            opened.close()

    api = make_api(context, ROUTERS, title="Tweestad")
    sensorthings = make_api(context, [sensorthings_router], title="Tweestad SensorThings")
    routes: list[BaseRoute] = [
        Below("/api/v1", api, api.routes),
        Below("/openapi.json", api, ()),
        Below(SENSORTHINGS, sensorthings, sensorthings.routes),
        Mount("/tiles", FolderFiles(config.tiles_dir, TILE_TYPES, tile_caching), name="tiles"),
        Mount("/static", FolderFiles(STATIC_DIR, STATIC_TYPES, static_caching), name="static"),
        Route("/healthz", health.show_health),
        Route("/readyz", health.show_readiness),
        Route("/robots.txt", health.show_robots),
        *page_routes(),
    ]
    inner = Starlette(routes=routes, exception_handlers=HANDLERS, lifespan=lifespan)
    inner.router.redirect_slashes = False
    inner.state.context = context
    return TwinApp(inner, changes)


def _everybody_visits(_: Request) -> Actor:
    return VISITOR
