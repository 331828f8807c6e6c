"""`/lijst/{layer}/{feature}` and `/object/{ref}`: one object with all that is known, and its card."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.reader import OBJECT_FEATURES_MAX, Reader
from tweestad.api.conditional import caching
from tweestad.api.context import context_of, reader_of, twin_of
from tweestad.api.language import language_of_page
from tweestad.api.names import checked_name
from tweestad.api.pages.card import Part, part_of
from tweestad.api.pages.relations import areas_around, same_thing
from tweestad.errors import NotFound
from tweestad.model.feature import StoredFeature
from tweestad.store.protocol import Where


def show_feature(request: Request) -> Response:
    """One feature of one layer; `?deel=kaart` gives the card alone."""
    reader = reader_of(request)
    layer = reader.layer(request.path_params["layer"])
    row = reader.feature(layer.layer.id, checked_name(request.path_params["feature"]))
    return _draw(request, reader, [part_of(row, layer, language_of_page(request))], total=1)


def show_object(request: Request) -> Response:
    """All features with one national id together; `?deel=kaart` gives the card alone."""
    reader = reader_of(request)
    ref = checked_name(request.path_params["ref"])
    rows = reader.objects(ref)
    total = len(rows) if len(rows) < OBJECT_FEATURES_MAX else reader.count(Where(ref=ref))
    return _draw(request, reader, _parts(request, reader, rows), total=total)


def _parts(request: Request, reader: Reader, rows: list[StoredFeature]) -> list[Part]:
    """In the order in which the twin lists its layers; a layer that is going away just now is left out."""
    language = language_of_page(request)
    parts = [
        part_of(row, stored, language)
        for stored in reader.layers()
        for row in rows
        if row.feature.layer == stored.layer.id
    ]
    if not parts:
        raise NotFound("")
    return parts


def _draw(request: Request, reader: Reader, parts: list[Part], *, total: int) -> Response:
    """`total` counts the parts that there are; `parts` may be the first of them."""
    template = "card.html" if request.query_params.get("deel") == "kaart" else "object.html"
    together = len(parts) > 1 or "ref" in request.path_params
    language = language_of_page(request)
    first = parts[0].feature
    page = context_of(request).drawing.page(
        request,
        twin_of(reader),
        template,
        # All that is known of one national id stands on its page already, part by part.
        also=() if "ref" in request.path_params else same_thing(reader, first, language),
        inside=areas_around(reader, first, language),
        parts=parts,
        title=parts[0].title,
        ref=parts[0].feature.feature.ref,
        together=together,
        total=total,
    )
    page.headers["Cache-Control"] = caching(request)
    return page
