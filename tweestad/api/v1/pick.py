"""`/api/v1/pick`: what is at a point, exactly and the same for every engine."""

from __future__ import annotations

from typing import Annotated

import shapely
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.reader import Reader
from tweestad.api.conditional import json_answer
from tweestad.api.context import reader_of
from tweestad.api.factory import json_router, refuse_late
from tweestad.api.legend import in_both
from tweestad.api.limits import LIMITS
from tweestad.api.pages.card import told_apart
from tweestad.api.v1.answers import PickAnswer, PickedAnswer, Words
from tweestad.api.v1.faults import late_faults
from tweestad.api.v1.geojson import geometries
from tweestad.api.v1.positions import point_in_rd
from tweestad.api.v1.query import PickQuery
from tweestad.model.feature import BBox, StoredFeature
from tweestad.model.layer import StoredLayer
from tweestad.store.protocol import Where

router = json_router("/api/v1/pick", late=late_faults)

PAGE = 1000


@router.get("", response_model=PickAnswer, operation_id="pick", tags=["objects"])
def pick(request: Request, query: Annotated[PickQuery, Query()]) -> Response:
    """Objects within `radius` metres of a point: nearest first, and of those equally near the smallest."""
    reader = reader_of(request)
    refuse_late(request, late_faults)
    layers = _layers(reader, query.layers)
    x, y = point_in_rd(query.lon, query.lat)
    found = sorted(hit for layer in layers for hit in _hits(reader, layer, x, y, query.radius))
    objects = [hit.answer for hit in found[: LIMITS.pick_results_max]]
    return json_answer(request, PickAnswer(objects=objects))


class _Hit:
    """One object near the point; hits order by distance, then area, then name.

    Distances count to the millimetre, as coordinates do: below that, conversion noise would decide.
    """

    __slots__ = ("answer", "order")

    def __init__(self, row: StoredFeature, layer: StoredLayer, distance_m: float, area_m2: float) -> None:
        feature = row.feature
        distance_m = round(distance_m, 3)
        self.order = (distance_m, area_m2, feature.layer, feature.id)
        self.answer = PickedAnswer(
            layer=feature.layer,
            id=feature.id,
            ref=feature.ref,
            title=feature.title,
            label=Words.of(in_both(lambda language: told_apart(row, layer, language))),
            distance_m=distance_m,
        )

    def __lt__(self, other: _Hit) -> bool:
        return self.order < other.order


def _layers(reader: Reader, asked: str | None) -> list[StoredLayer]:
    """The layers to look in, in the twin's order."""
    known = reader.layers()
    if asked is None:
        return known
    wanted = [name.strip() for name in asked.split(",")]
    return [stored for stored in known if stored.layer.id in wanted]


def _hits(reader: Reader, layer: StoredLayer, x: float, y: float, radius_m: float) -> list[_Hit]:
    """The store gives candidates by their boxes; shapely measures."""
    point = shapely.Point(x, y)
    where = Where(layer=layer.layer.id, bbox=BBox(x - radius_m, y - radius_m, x + radius_m, y + radius_m))
    hits: list[_Hit] = []
    after: str | None = None
    for _ in range(LIMITS.pick_candidates_max // PAGE):
        rows = reader.features(where, limit=PAGE, after=after)
        if rows:
            shapes = shapely.force_2d(geometries(rows))
            distances = shapely.distance(shapes, point)
            areas = shapely.area(shapes)
            near = (distances <= radius_m).nonzero()[0]
            hits.extend(_Hit(rows[i], layer, float(distances[i]), float(areas[i])) for i in near)
        if len(rows) < PAGE:
            break
        after = rows[-1].feature.id
    return hits
