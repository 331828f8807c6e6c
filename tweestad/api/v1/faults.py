"""Faults of a query string that show only next to the twin: a moment to come, a place outside the country.

They are looked for in the text of the query, so that they come in one answer with all other faults.
"""

from __future__ import annotations

from starlette.requests import Request

from tweestad.api.context import reader_of
from tweestad.api.problems import RawFault, raw_fault
from tweestad.api.v1.positions import find_crs, inside_grid, meets_grid
from tweestad.api.v1.query import find_number, find_whole, parse_bbox


def late_faults(request: Request) -> list[RawFault]:
    """What is wrong with `at`, `bbox`, `lon` and `lat`, and `layers`, as far as their texts can be read."""
    return [*_moment(request), *_rectangle(request), *_point(request), *_layers(request)]


def _moment(request: Request) -> list[RawFault]:
    at = find_whole(request.query_params.get("at", ""))
    if at is None or at <= (version := reader_of(request).version):
        return []
    return [raw_fault("at", "at_future", version=version)]


def _rectangle(request: Request) -> list[RawFault]:
    """Metres read as degrees would find nothing and say nothing."""
    asked = request.query_params
    corners = parse_bbox(asked.get("bbox", ""))
    if corners is None or find_crs(asked.get("bboxCrs", "CRS84")) != "CRS84" or meets_grid(corners):
        return []
    unsaid = "crs" in asked and "bboxCrs" not in asked
    return [raw_fault("bboxCrs", "bbox_crs_unsaid" if unsaid else "bbox_degrees")]


def _point(request: Request) -> list[RawFault]:
    lon, lat = (find_number(request.query_params.get(name, "")) for name in ("lon", "lat"))
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90 or inside_grid(lon, lat):
        return []
    return [raw_fault("lon", "outside")]


def _layers(request: Request) -> list[RawFault]:
    """A layer that this actor may not see is as unknown as one that is not there."""
    asked = request.query_params.get("layers")
    if asked is None:
        return []
    known = {stored.layer.id for stored in reader_of(request).layers()}
    unknown = [name for part in asked.split(",") if (name := part.strip()) not in known]
    return [raw_fault("layers", "layer_unknown", layer=unknown[0])] if unknown else []
