"""`/api/v1/layers/{layer}/pieces/{feature}`: all pieces of one street or canal."""

from __future__ import annotations

from dataclasses import dataclass
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
# Each round looks twice as far ahead as the one before it, up to this: 36 km in all.
AHEAD_MAX_M = 4_000.0
ROUNDS_MAX = 12


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces in order of id, and whether there may be more of them."""

    rows: list[StoredFeature]
    truncated: bool


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
    has no title has one piece. At most `piecesMax` of `/api/v1/limits`, the feature itself and what lies
    nearest to it; `truncated` tells whether there may be more.
    """
    reader = reader_of(request)
    name = cast(CrsName, find_crs(query.crs))
    refuse_late(request, late_faults)
    first = reader.feature(checked_name(layer), checked_name(feature))
    pieces = pieces_of(reader, first)
    members = {"layer": layer, "at": reader.version, "truncated": pieces.truncated, "links": []}
    body = collection(pieces.rows, name, members)
    return geojson_answer(request, body, true_crs(pieces.rows, name))


def pieces_of(reader: Reader, first: StoredFeature) -> Pieces:
    """The feature and what goes on from it. Looks around what was added last, until nothing is added.

    A window holds what lies inside the bend of a street too; the distance to a found piece decides.
    """
    title = first.feature.title
    if not title or first.feature.geometry is None:
        return Pieces([first], truncated=False)
    found, fresh, ahead_m = {first.feature.id: first}, [first], GAP_M
    for _ in range(ROUNDS_MAX):
        where = Where(layer=first.feature.layer, title=title, bbox=_around(fresh, ahead_m))
        near = reader.features(where, limit=LIMITS.piece_candidates_max)
        fresh = _going_on(fresh, [row for row in near if row.feature.id not in found])
        found.update({row.feature.id: row for row in fresh})
        cut = len(near) == LIMITS.piece_candidates_max or len(found) > LIMITS.pieces_max
        if cut or not fresh:
            return Pieces(_nearest(first, list(found.values())), truncated=cut)
        ahead_m = min(2 * ahead_m, AHEAD_MAX_M)
    return Pieces(_nearest(first, list(found.values())), truncated=True)


def _going_on(rows: list[StoredFeature], others: list[StoredFeature]) -> list[StoredFeature]:
    """Of the others those that are at most GAP_M from one of the rows, or from one that is."""
    if not others:
        return []
    shapes = geometries(others)
    tree = shapely.STRtree(shapes)
    added = np.zeros(len(others), dtype=bool)
    around = geometries(rows)
    while len(around):
        hit = np.unique(tree.query(around, predicate="dwithin", distance=GAP_M)[1])
        hit = hit[~added[hit]]
        added[hit] = True
        around = shapes[hit]
    return [others[i] for i in added.nonzero()[0]]


def _nearest(first: StoredFeature, rows: list[StoredFeature]) -> list[StoredFeature]:
    """At most `pieces_max` of the rows, in order of id; the first one always, for it lies nearest."""
    if len(rows) > LIMITS.pieces_max:
        metres = shapely.distance(geometries([first])[0], geometries(rows)).tolist()
        order = sorted(range(len(rows)), key=lambda i: (rows[i].feature.id != first.feature.id, metres[i], i))
        rows = [rows[i] for i in order[: LIMITS.pieces_max]]
    return sorted(rows, key=lambda row: row.feature.id)


def _around(rows: list[StoredFeature], ahead_m: float) -> BBox:
    west, south, east, north = shapely.total_bounds(np.asarray(geometries(rows)))
    return BBox(west - ahead_m, south - ahead_m, east + ahead_m, north + ahead_m)
