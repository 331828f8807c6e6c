"""`/lijst` and `/lijst/{layer}`: every layer as a table, also as a fragment for the app and as CSV."""

from __future__ import annotations

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tweestad.api.conditional import caching
from tweestad.api.context import context_of, reader_of, twin_of
from tweestad.api.language import language_of_page
from tweestad.api.measured import sources_now
from tweestad.api.middleware import HEAD_ONLY
from tweestad.api.pages.csv_file import csv_pieces
from tweestad.api.pages.live_lists import listed_layers
from tweestad.api.pages.table import table_of
from tweestad.api.pages.table_query import parse_table_query
from tweestad.model.layer import StoredLayer
from tweestad.model.text import Text


def by_theme(layers: list[StoredLayer]) -> list[tuple[Text, list[StoredLayer]]]:
    """Layers by theme: themes in the order of their first layer, layers in the order of the twin."""
    themes = list(dict.fromkeys(stored.layer.theme for stored in layers))
    ordered = sorted(layers, key=lambda stored: themes.index(stored.layer.theme))
    return [(theme, list(group)) for theme, group in groupby(ordered, key=lambda s: s.layer.theme)]


def show_lists(request: Request) -> Response:
    """What is measured now, and all layers by theme."""
    reader = reader_of(request)
    themes = by_theme(reader.layers())
    live = listed_layers(request, reader, sources_now(request, reader))
    page = context_of(request).drawing.page(request, twin_of(reader), "lists.html", themes=themes, live=live)
    page.headers["Cache-Control"] = caching(request)
    return page


def show_list(request: Request) -> Response:
    """The table of one layer; `?deel=tabel` gives the table alone."""
    reader = reader_of(request)
    stored = reader.layer(request.path_params["layer"])
    query = parse_table_query(request.query_params, stored.layer)
    table = table_of(reader, stored, query, language_of_page(request))
    template = "table.html" if request.query_params.get("deel") == "tabel" else "list.html"
    page = context_of(request).drawing.page(request, twin_of(reader), template, table=table)
    page.headers["Cache-Control"] = caching(request)
    return page


def download_list(request: Request) -> Response:
    """The rows of one layer as CSV: all, or what `q` and `waar` ask for; with `vanaf` the nearest first."""
    reader = reader_of(request)
    stored = reader.layer(request.path_params["layer"])
    query = parse_table_query(request.query_params, stored.layer)
    pieces = iter(()) if HEAD_ONLY in request.scope else csv_pieces(reader, stored, query)
    headers = {
        "Content-Disposition": f'attachment; filename="{stored.layer.id}.csv"',
        "Cache-Control": caching(request),
    }
    return StreamingResponse(pieces, headers=headers, media_type="text/csv; header=present")
