"""What the routes share: how to read for the person behind a request, and how pages are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import cast

from starlette.requests import Request

from tweestad.access.actor import Actor
from tweestad.access.reader import Reader
from tweestad.api.assets import Assets
from tweestad.api.changes import Changes
from tweestad.api.column_facts import FactsShelf
from tweestad.api.finding import place_kinds
from tweestad.api.live_shelf import LiveShelf
from tweestad.api.pages.drawing import Drawing
from tweestad.ground.drawn_terrain import DrawnTerrain
from tweestad.model.layer import Twin
from tweestad.model.text import Text
from tweestad.model.twin_document import parse_twin

EMPTY_TWIN = Twin(id="tweestad", title=Text("Tweestad"), municipality="", centre=(155_000.0, 463_000.0))


def wall_clock() -> datetime:
    """What our own clock says, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """`identify` says who asks; `reader` gives what that actor may see. There is no store in here.

    `terrain` is the ground as it is drawn now, where it was measured. `embed_origins` are the websites
    that may show the map in a frame. `now` is our clock: what time it is for a source is told by its health.
    that may show the map in a frame. `public_url` is where the server is reached, empty when nobody said.
    """

    identify: Callable[[Request], Actor]
    reader: Callable[[Actor], Reader]
    drawing: Drawing
    assets: Assets
    facts: FactsShelf
    terrain: Callable[[], DrawnTerrain | None]
    changes: Changes
    embed_origins: tuple[str, ...] = ()
    live: LiveShelf = field(default_factory=LiveShelf)
    now: Callable[[], datetime] = wall_clock
    public_url: str = ""


def context_of(request: Request) -> Context:
    return cast(Context, request.app.state.context)


def actor_of(request: Request) -> Actor:
    return context_of(request).identify(request)


def reader_of(request: Request) -> Reader:
    """Everything a route reads goes through this."""
    return context_of(request).reader(actor_of(request))


def twin_of(reader: Reader) -> Twin:
    """The twin's own facts, with what can be searched for here; a nameless one before the first build."""
    body = reader.twin_facts()
    if body is None:
        return EMPTY_TWIN
    return replace(parse_twin(body), place_kinds=place_kinds(reader.layers()))
