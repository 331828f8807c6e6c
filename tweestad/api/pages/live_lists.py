"""`/lijst/live/{layer}`: a live layer as a table, also as a fragment for the app and as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tweestad.access.reader import Reader
from tweestad.api.conditional import caching
from tweestad.api.context import actor_of, context_of, reader_of, twin_of
from tweestad.api.language import language_of_page
from tweestad.api.live_shelf import ListedLayer
from tweestad.api.measured import Sources, sources_now
from tweestad.api.middleware import HEAD_ONLY
from tweestad.api.pages.csv_file import BYTE_ORDER_MARK, csv_lines, safe
from tweestad.api.pages.live_query import LiveQuery, parse_live_query
from tweestad.api.pages.live_table import Found, found_values, live_table
from tweestad.api.pages.moments import moment_words
from tweestad.errors import NotFound
from tweestad.vocabulary.properties import get_property

HEAD = (
    "id", "name", "kind", "x_rd", "y_rd", "observed", "value", "unit", "phenomenon", "age_s", "stale",
    "quality", "source", "recording",
)  # fmt: skip


def listed_layers(request: Request, reader: Reader, sources: Sources) -> tuple[ListedLayer, ...]:
    """The live layers that have things for this actor."""
    return context_of(request).live.of(reader, actor_of(request).audiences, sources.health)


def show_live_list(request: Request) -> Response:
    """The table of one live layer; `?deel=tabel` gives the table alone."""
    reader = reader_of(request)
    sources = sources_now(request, reader)
    listed = _listed(request, reader, sources)
    query = parse_live_query(request.query_params, listed.measured)
    table = live_table(reader, listed, query, sources, language_of_page(request))
    alone = request.query_params.get("deel") == "tabel"
    page = context_of(request).drawing.page(
        request,
        twin_of(reader),
        "live_table.html" if alone else "live_list.html",
        table=table,
        alone=alone,
        looking_back="" if query.at is None else moment_words(query.at, language_of_page(request)),
    )
    page.headers["Cache-Control"] = caching(request)
    return page


def download_live_list(request: Request) -> Response:
    """The same rows as CSV, all pages of them."""
    reader = reader_of(request)
    sources = sources_now(request, reader)
    listed = _listed(request, reader, sources)
    query = parse_live_query(request.query_params, listed.measured)
    pieces = iter(()) if HEAD_ONLY in request.scope else _pieces(reader, listed, query, sources)
    headers = {
        "Content-Disposition": f'attachment; filename="{listed.layer.id}.csv"',
        "Cache-Control": caching(request),
    }
    return StreamingResponse(pieces, headers=headers, media_type="text/csv; header=present")


def _listed(request: Request, reader: Reader, sources: Sources) -> ListedLayer:
    """The layer of the address; NotFound when it has nothing for this actor."""
    wanted = request.path_params["layer"]
    for each in listed_layers(request, reader, sources):
        if each.layer.id == wanted:
            return each
    raise NotFound(f"Er is geen actuele laag ‘{wanted[:80]}’.")


def _pieces(reader: Reader, listed: ListedLayer, query: LiveQuery, sources: Sources) -> Iterator[bytes]:
    measured = [] if query.origin is None else ["afstand_m"]
    yield (BYTE_ORDER_MARK + csv_lines([[*HEAD, *measured]])).encode()
    for each in found_values(reader, listed, query, sources):
        far = [] if query.origin is None else [safe(each.metres if each.metres != float("inf") else None)]
        yield csv_lines([[*_row(each, sources), *far]]).encode()


def _row(found: Found, sources: Sources) -> list[str]:
    value = found.value
    thing = value.thing.thing
    place, seen = thing.location, value.phenomenon
    health = sources.health.get(thing.source)
    unit = get_property(value.observed).unit if value.observed else ""
    return [
        safe(thing.id),
        safe(thing.name),
        thing.kind,
        safe(None if place is None else round(place.x, 3)),
        safe(None if place is None else round(place.y, 3)),
        value.observed,
        safe(value.value),
        unit,
        "" if seen is None else seen.isoformat().replace("+00:00", "Z"),
        safe(value.age_s),
        safe(value.stale),
        value.quality if value.observed else "",
        thing.source,
        "" if health is None or health.recording is None else health.recording.isoformat(),
    ]
