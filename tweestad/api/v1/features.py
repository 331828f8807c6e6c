"""`/api/v1/layers/{layer}/features`: the objects of a layer as GeoJSON, page by page."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, cast
from urllib.parse import quote, urlencode

import shapely
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.reader import Reader
from tweestad.api.conditional import json_answer
from tweestad.api.conditions import read_conditions
from tweestad.api.context import reader_of
from tweestad.api.factory import json_router, refuse_late
from tweestad.api.names import checked_name
from tweestad.api.problems import RawFault, refuse
from tweestad.api.root import below
from tweestad.api.v1.cursor import Cursor, find_cursor
from tweestad.api.v1.faults import late_faults
from tweestad.api.v1.geojson import collection, feature_texts, geometries, true_crs
from tweestad.api.v1.positions import ADDRESSES, CrsName, Window, find_crs, window
from tweestad.api.v1.query import CrsQuery, FeaturesQuery, parse_bbox
from tweestad.model.feature import StoredFeature
from tweestad.store.protocol import Where


def late_faults_here(request: Request) -> list[RawFault]:
    """Also those of conditions, which name columns of the layer."""
    layer = reader_of(request).find_layer(request.path_params["layer"])
    texts = request.query_params.getlist("where")
    wrong = read_conditions(texts, layer.layer, "where")[1] if layer and texts else []
    return [*late_faults(request), *wrong]


router = json_router("/api/v1/layers/{layer}/features", late=late_faults_here)

GEOJSON = "application/geo+json"
CONTENT_CRS = (
    "CRS of the coordinates. EPSG:28992 after asking for EPSG:7415 when no geometry in the answer has z"
)


def geojson_response(schema: str) -> dict[int | str, dict[str, Any]]:
    """How a GeoJSON answer is described in OpenAPI; its body is written as bytes, not through models."""
    reference = {"$ref": f"#/components/schemas/{schema}"}
    header = {"schema": {"type": "string"}, "description": CONTENT_CRS}
    return {
        200: {
            "description": "GeoJSON (RFC 7946) in the CRS that was asked for",
            "content": {GEOJSON: {"schema": reference}},
            "headers": {"Content-Crs": header},
        }
    }


@router.get(
    "",
    response_class=Response,
    responses=geojson_response("FeatureCollection"),
    operation_id="listFeatures",
    tags=["features"],
)
def list_features(request: Request, layer: str, query: Annotated[FeaturesQuery, Query()]) -> Response:
    """One page of features in order of id. Follow `links` with rel `next` for the rest.

    All pages of one walk show the city at the same change number, `at`. With conditions and without bbox
    the first page tells in `numberMatched` how many features pass.
    """
    reader = reader_of(request)
    stored = reader.layer(layer)
    refuse_late(request, late_faults_here)
    name = cast(CrsName, find_crs(query.crs))
    at, after = _start(reader, layer, query)
    asked, _ = read_conditions(query.where, stored.layer, "where")
    where = Where(layer=layer, at=at, conditions=tuple(each.condition() for each in asked))
    rows = _page(reader, where, _window(query), limit=query.limit + 1, after=after)
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    address = below(request, f"/api/v1/layers/{quote(layer)}/features")
    links = _links(address, query, Cursor(layer, at, rows[-1].feature.id) if more else None)
    members: dict[str, object] = {"layer": layer, "at": at, "links": links}
    if asked and after is None and query.bbox is None:
        # Without conditions the layer says how many there are; a window is not counted, only walked.
        members["numberMatched"] = reader.count(where)
    body = collection(rows, name, members)
    return geojson_answer(request, body, true_crs(rows, name))


@router.get(
    "/{feature:path}",
    response_class=Response,
    responses=geojson_response("Feature"),
    operation_id="getFeature",
    tags=["features"],
)
def get_feature(request: Request, layer: str, feature: str, query: Annotated[CrsQuery, Query()]) -> Response:
    """One feature by its id."""
    reader = reader_of(request)
    name = cast(CrsName, find_crs(query.crs))
    refuse_late(request, late_faults)
    row = reader.feature(checked_name(layer), checked_name(feature), at=query.at)
    return geojson_answer(request, feature_texts([row], name)[0], true_crs([row], name))


def geojson_answer(request: Request, body: bytes, name: CrsName) -> Response:
    return json_answer(request, body, media_type=GEOJSON, headers={"Content-Crs": f"<{ADDRESSES[name]}>"})


def _start(reader: Reader, layer: str, query: FeaturesQuery) -> tuple[int, str | None]:
    """The change number to read at and the id to start after."""
    cursor = find_cursor(query.cursor) if query.cursor is not None else None
    if cursor is None:
        return (reader.version if query.at is None else query.at), None
    if (
        cursor.layer != layer
        or (query.at is not None and query.at != cursor.at)
        or cursor.at > reader.version
    ):
        raise refuse("cursor", "cursor")
    return cursor.at, cursor.after


def _window(query: FeaturesQuery) -> Window | None:
    if query.bbox is None:
        return None
    corners = parse_bbox(query.bbox)
    assert corners is not None, "the query model has parsed it before"  # noqa: S101
    return window(corners, cast(CrsName, find_crs(query.bbox_crs)))


def _page(
    reader: Reader, where: Where, box: Window | None, *, limit: int, after: str | None
) -> list[StoredFeature]:
    """Up to `limit` features after an id; with a window only those that touch its outline.

    The store answers with candidates whose box touches; the shapes themselves decide here, so that
    both databases give the same answer.
    """
    if box is None:
        return reader.features(where, limit=limit, after=after)
    inside: list[StoredFeature] = []
    where = replace(where, bbox=box.box)
    shapely.prepare(box.outline)
    while len(inside) < limit:
        candidates = reader.features(where, limit=limit, after=after)
        if candidates:
            touches = shapely.intersects(box.outline, geometries(candidates))
            inside.extend(candidates[i] for i in touches.nonzero()[0])
        if len(candidates) < limit:
            break
        after = candidates[-1].feature.id
    return inside[:limit]


def _links(address: str, query: FeaturesQuery, following: Cursor | None) -> list[dict[str, str]]:
    asked = query.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
    links = [{"rel": "self", "href": _address(address, asked), "type": GEOJSON}]
    if following is not None:
        onward = {**asked, "cursor": following.text()}
        links.append({"rel": "next", "href": _address(address, onward), "type": GEOJSON})
    return links


def _address(path: str, query: dict[str, Any]) -> str:
    return f"{path}?{urlencode(query, doseq=True)}" if query else path
