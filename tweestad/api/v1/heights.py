"""`/api/v1/heights`: how high the ground lies, read from the terrain that is drawn."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import shapely
from fastapi import Query
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from tweestad import crs
from tweestad.access.reader import Reader
from tweestad.api.conditional import json_answer
from tweestad.api.context import context_of, reader_of
from tweestad.api.factory import json_router
from tweestad.api.v1.answers import HeightAnswer, HeightsAnswer
from tweestad.api.v1.geojson import geometries
from tweestad.api.v1.query import HeightsQuery, parse_points
from tweestad.errors import NotFound
from tweestad.ground.drawn_terrain import DrawnTerrain
from tweestad.model.feature import BBox
from tweestad.store.protocol import Where

router = json_router("/api/v1/heights")

# What a terrain covers is a shape for each of its files.
_COVERS_MAX = 1000


@router.get("", response_model=HeightsAnswer, operation_id="listHeights", tags=["objects"])
def list_heights(request: Request, query: Annotated[HeightsQuery, Query()]) -> Response:
    """The height of the ground at each point, in the same order, metres NAP.

    `napM` is null where the ground was not measured: outside the terrain of the twin, and everywhere when
    it has none (then `layer` is null too). Under a building it is the ground as it is drawn there.
    """
    points = np.array(parse_points(query.points), dtype=np.float64)
    reader = reader_of(request)
    terrain = context_of(request).terrain()
    seen = terrain is not None and _is_seen(reader, terrain.layer)
    heights = _heights(reader, terrain, points) if terrain is not None and seen else _unknown(points)
    answers = [
        HeightAnswer(lon=lon, lat=lat, nap_m=_known(float(heights[n])))
        for n, (lon, lat) in enumerate(points.tolist())
    ]
    return json_answer(
        request, HeightsAnswer(layer=terrain.layer if terrain and seen else None, heights=answers)
    )


def _is_seen(reader: Reader, layer: str) -> bool:
    try:
        reader.layer(layer)
    except NotFound:
        return False
    return True


def _known(height: float) -> float | None:
    return round(height, 2) if np.isfinite(height) else None


def _unknown(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.full(len(points), np.nan)


def _heights(reader: Reader, terrain: DrawnTerrain, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres NAP (n,) at (n, 2) degrees; NaN where nothing was measured."""
    xy = crs.from_lonlat(lonlat)
    heights = terrain.heights(lonlat)
    known = np.isfinite(heights) & _covered(reader, terrain.layer, xy)
    result = _unknown(lonlat)
    if known.any():
        result[known] = crs.from_geodetic(np.column_stack([lonlat[known], heights[known]]))[:, 2]
    return result


def _covered(reader: Reader, layer: str, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie where the terrain was measured: elsewhere the tiles only go on as drawn."""
    low, high = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    rows = reader.features(Where(layer=layer, bbox=BBox(*low, *high)), limit=_COVERS_MAX)
    if not rows:
        return np.zeros(len(xy), dtype=bool)
    covers = shapely.union_all(shapely.force_2d(geometries(rows)))
    return np.asarray(shapely.intersects_xy(covers, xy[:, 0], xy[:, 1]))
