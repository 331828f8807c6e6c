"""`/zoek?q=`: places by their words and objects by their number, as a page with links."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import caching
from tweestad.api.context import context_of, reader_of, twin_of
from tweestad.api.finding import find
from tweestad.api.language import language_of_page
from tweestad.api.limits import LIMITS
from tweestad.api.pages.drawing import feature_path, map_path


@dataclass(frozen=True, slots=True)
class Result:
    label: str
    layer: str
    address: str
    choice: str


def show_search(request: Request) -> Response:
    """At most 50 results, best first; without words only the form."""
    q = request.query_params.get("q", "").strip()
    if len(q) > LIMITS.search_characters:
        limit = {"max_length": LIMITS.search_characters}
        raise RequestValidationError([{"type": "string_too_long", "loc": ("query", "q"), "ctx": limit}])
    reader = reader_of(request)
    language = language_of_page(request)
    layers = {stored.layer.id: stored.layer.title.in_language(language) for stored in reader.layers()}
    found = find(reader, q, limit=LIMITS.search_results_max)
    results = [
        Result(
            label=place.label,
            layer=layers.get(place.layer, place.layer),
            address=feature_path(place.layer, place.feature_id),
            choice=map_path(place.layer, place.feature_id),
        )
        for place in found.places
    ]
    page = context_of(request).drawing.page(
        request, twin_of(reader), "search.html", q=q, results=results, note=found.note
    )
    page.headers["Cache-Control"] = caching(request)
    return page
