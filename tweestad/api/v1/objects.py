"""`/api/v1/objects/{ref}`: everything that the layers know about one object with a national id."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.reader import OBJECT_FEATURES_MAX
from tweestad.api.context import reader_of
from tweestad.api.factory import json_router
from tweestad.api.names import checked_name
from tweestad.api.v1.features import geojson_answer, geojson_response
from tweestad.api.v1.geojson import collection, true_crs
from tweestad.api.v1.positions import CrsName, find_crs
from tweestad.api.v1.query import ObjectQuery
from tweestad.store.protocol import Where

router = json_router("/api/v1/objects")


@router.get(
    "/{ref:path}",
    response_class=Response,
    responses=geojson_response("FeatureCollection"),
    operation_id="getObject",
    tags=["objects"],
)
def get_object(request: Request, ref: str, query: Annotated[ObjectQuery, Query()]) -> Response:
    """The features of all layers with this national id, such as NL.IMBAG.Pand.…

    At most 1,000; `numberMatched` tells how many there are.
    """
    reader = reader_of(request)
    rows = reader.objects(checked_name(ref))
    matched = len(rows) if len(rows) < OBJECT_FEATURES_MAX else reader.count(Where(ref=ref))
    name = cast(CrsName, find_crs(query.crs))
    body = collection(rows, name, {"ref": ref, "numberMatched": matched, "links": []})
    return geojson_answer(request, body, true_crs(rows, name))
