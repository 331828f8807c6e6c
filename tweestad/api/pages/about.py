"""`/`, `/bronnen` and `/toegankelijkheid`: the app's frame, and what a reader must be able to look up."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import caching
from tweestad.api.context import context_of, reader_of, twin_of
from tweestad.api.pages.drawing import feature_path
from tweestad.api.pages.lists import by_theme
from tweestad.model.feature import LAYER_ID

APP = "src/main.ts"


def show_home(request: Request) -> Response:
    """The frame of the app. What is in it works without a script, which replaces it."""
    app = context_of(request).assets.entry(APP)
    reader = reader_of(request)
    return _draw(request, "home.html", app=app, layers=reader.layers(), chosen=_chosen(request))


def _chosen(request: Request) -> str:
    """The page of the object that a shared link chooses (`keuze=layer/id`); empty when there is none."""
    layer, _, feature = request.query_params.get("keuze", "").partition("/")
    return feature_path(layer, feature) if feature and LAYER_ID.match(layer) else ""


def show_sources(request: Request) -> Response:
    """Every layer with its source, date, licence, steward, and what is missing."""
    return _draw(request, "sources.html", themes=by_theme(reader_of(request).layers()))


def show_accessibility(request: Request) -> Response:
    return _draw(request, "accessibility.html")


def _draw(request: Request, template: str, **values: Any) -> Response:
    twin = twin_of(reader_of(request))
    page = context_of(request).drawing.page(request, twin, template, **values)
    page.headers["Cache-Control"] = caching(request)
    return page
