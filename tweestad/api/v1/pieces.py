"""`/api/v1/layers/{layer}/pieces/{feature}`: all pieces of one street or canal."""

from __future__ import annotations

from typing import Annotated, cast

import numpy as np
import shapely
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.reader import Reader
from tweestad.api.context import reader_of
from tweestad.api.factory import json_router, refuse_late
from tweestad.api.limits import LIMITS
from tweestad.api.names import checked_name
from tweestad.api.v1.faults import late_faults
from tweestad.api.v1.features import geojson_answer, geojson_response
from tweestad.api.v1.geojson import collection, geometries, true_crs
from tweestad.api.v1.positions import CrsName, find_crs
from tweestad.api.v1.query import ObjectQuery
from tweestad.model.feature import BBox, StoredFeature
from tweestad.store.protocol import Where

router = json_router("/api/v1/layers/{layer}/pieces", late=late_faults)

# A crossing or a bridge may lie between two pieces; a street of the same name in another town lies further.
GAP_M = 250.0
ROUNDS_MAX = 12


@router.get(
    "/{feature:path}",
    response_class=Response,
    responses=geojson_response("FeatureCollection"),
    operation_id="listPieces",
    tags=["features"],
)
def list_pieces(
    request: Request, layer: str, feature: str, query: Annotated[ObjectQuery, Query()]
) -> Response:
    """The feature, and those of its layer with the same title that go on from it within 250 metres.

    A street lies in the register as many pieces, a canal as many waters; a person means all of it. What
    has no title has one piece. At most `piecesMax` of `/api/v1/limits`.
    """
    reader = reader_of(request)
    name = cast(CrsName, find_crs(query.crs))
    refuse_late(request, late_faults)
    first = reader.feature(checked_name(layer), checked_name(feature))
    rows = pieces_of(reader, first)
    body = collection(rows, name, {"layer": layer, "at": reader.version, "links": []})
    return geojson_answer(request, body, true_crs(rows, name))


def pieces_of(reader: Reader, first: StoredFeature) -> list[StoredFeature]:
    """The pieces in order of id. Looks around what was found, until nothing is added."""
    found = {first.feature.id: first}
    title = first.feature.title
    if not title or first.feature.geometry is None:
        return [first]
    for _ in range(ROUNDS_MAX):
        where = Where(layer=first.feature.layer, bbox=_around(list(found.values())))
        near = reader.features(where, limit=LIMITS.pick_candidates_max)
        fresh = [row for row in near if row.feature.title == title and row.feature.id not in found]
        if not fresh or len(found) >= LIMITS.pieces_max:
            break
        found.update({row.feature.id: row for row in fresh})
    return [found[key] for key in sorted(found)][: LIMITS.pieces_max]


def _around(rows: list[StoredFeature]) -> BBox:
    west, south, east, north = shapely.total_bounds(np.asarray(geometries(rows)))
    return BBox(west - GAP_M, south - GAP_M, east + GAP_M, north + GAP_M)
