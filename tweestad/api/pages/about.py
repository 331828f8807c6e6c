"""`/`, `/inbedden`, `/bronnen` and `/toegankelijkheid`: the app's frame, and what a reader must look up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.api.conditional import caching
from tweestad.api.context import actor_of, context_of, reader_of, twin_of
from tweestad.api.language import language_of_page
from tweestad.api.measured import sources_now
from tweestad.api.middleware import FRAMED_BY, IMAGES_FROM
from tweestad.api.pages.drawing import feature_path
from tweestad.api.pages.feeds import feeds_of
from tweestad.api.pages.lists import by_theme
from tweestad.api.pages.point import point_path
from tweestad.model.feature import LAYER_ID
from tweestad.model.layer import QUESTIONS, BaseMap, StoredLayer

APP = "src/main.ts"
# What stands for a layer where a measuring point is chosen.
MEASURED = "meetpunt"


def show_home(request: Request) -> Response:
    """The frame of the app. What is in it works without a script, which replaces it."""
    app = context_of(request).assets.entry(APP)
    reader = reader_of(request)
    layers = reader.layers()
    page = _draw(request, "home.html", app=app, layers=layers, asked=_asked(layers), chosen=_chosen(request))
    _let_pictures_through(page, twin_of(reader).bases)
    return page


def _asked(layers: Sequence[StoredLayer]) -> list[tuple[str, list[StoredLayer]]]:
    """The questions of the first screen with the layers that bear on each; what can be answered first."""
    about = [
        (question, [each for each in layers if each.count and question in each.layer.questions])
        for question in QUESTIONS
    ]
    return sorted(about, key=lambda one: not one[1])


def _let_pictures_through(page: Response, bases: tuple[BaseMap, ...]) -> None:
    """Of the origins (scheme, host and port) of base maps from elsewhere."""
    parts = [urlsplit(base.url) for base in bases]
    if parts:
        page.headers[IMAGES_FROM] = " ".join(sorted({f"{each.scheme}://{each.netloc}" for each in parts}))


def show_embedded(request: Request) -> Response:
    """The app alone, for a frame on the websites that the administrator named, and for nobody else."""
    context = context_of(request)
    # Whoever is signed in here is a visitor on another website.
    reader = context.reader(VISITOR)
    page = _draw_for(
        reader,
        request,
        "embedded.html",
        app=context.assets.entry(APP),
        layers=reader.layers(),
        asked=[],
        chosen=_chosen(request),
        origins=" ".join(context.embed_origins),
    )
    page.headers[FRAMED_BY] = " ".join(context.embed_origins) or "'none'"
    _let_pictures_through(page, twin_of(reader).bases)
    return page


def _chosen(request: Request) -> str:
    """The page of what a shared link chooses (`keuze=layer/id`, `keuze=meetpunt/id`); empty without one."""
    layer, _, feature = request.query_params.get("keuze", "").partition("/")
    if feature and layer == MEASURED:
        return point_path(feature)
    return feature_path(layer, feature) if feature and LAYER_ID.match(layer) else ""


def show_sources(request: Request) -> Response:
    """How every live source is doing, and every layer with its source, date, licence and what is missing."""
    reader = reader_of(request)
    staff = "staff" in actor_of(request).audiences
    feeds = feeds_of(sources_now(request, reader), language_of_page(request), staff=staff)
    return _draw_for(reader, request, "sources.html", themes=by_theme(reader.layers()), feeds=feeds)


def show_accessibility(request: Request) -> Response:
    return _draw(request, "accessibility.html")


def _draw(request: Request, template: str, **values: Any) -> Response:
    return _draw_for(reader_of(request), request, template, **values)


def _draw_for(reader: Reader, request: Request, template: str, **values: Any) -> Response:
    twin = twin_of(reader)
    page = context_of(request).drawing.page(request, twin, template, **values)
    page.headers["Cache-Control"] = caching(request)
    return page
