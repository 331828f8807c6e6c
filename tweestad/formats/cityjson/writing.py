"""City objects as CityJSONSeq 2.0: the same objects give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.model.city_object import CityObject, Shape, SurfaceKind

MILLIMETRES_PER_METRE = 1000
_TYPE_OF = {
    SurfaceKind.GROUND: "GroundSurface",
    SurfaceKind.WALL: "WallSurface",
    SurfaceKind.ROOF: "RoofSurface",
    SurfaceKind.OTHER: "+OtherSurface",
}
# Vertices are whole millimetres from RD's own origin, so that a line says the same in every file.
_HEADER = {
    "CityObjects": {},
    "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
    "transform": {"scale": [0.001, 0.001, 0.001], "translate": [0.0, 0.0, 0.0]},
    "type": "CityJSON",
    "version": "2.0",
    "vertices": [],
}

Boundaries = list[list[list[int]]]


def write_seq(objects: Iterable[CityObject]) -> bytes:
    """Write objects in the order given; `read_city_bytes` gives them back, coordinates to the mm.

    Raises InputRejected when a key occurs twice.
    """
    lines = [seq_header()]
    seen: set[str] = set()
    for item in objects:
        if item.key in seen:
            raise InputRejected(f"the key '{item.key[:80]}' occurs twice")
        seen.add(item.key)
        lines.append(seq_line(item))
    return b"\n".join((*lines, b""))


def seq_header() -> bytes:
    """The first line of a CityJSONSeq, without its end; the lines of `seq_line` come after it."""
    return orjson.dumps(_HEADER)


def seq_line(item: CityObject) -> bytes:
    """One object as a line of a CityJSONSeq, without its end.

    A shape is written as a MultiSurface with its level of detail, the footprint as LoD 0 at the shape's
    lowest point (0 m without a shape).
    """
    geometries: list[dict[str, Any]] = []
    vertices: list[NDArray[np.float64]] = [np.zeros((0, 3))]
    lowest = 0.0
    if item.shape is not None:
        geometries.append(_shape(item.shape))
        vertices.append(item.shape.vertices)
        lowest = float(item.shape.vertices[:, 2].min())
    if item.footprint is not None:
        boundaries, corners = _footprint(item.footprint, lowest, first=sum(map(len, vertices)))
        geometries.append({"boundaries": boundaries, "lod": "0", "type": "MultiSurface"})
        vertices.append(corners)
    body = {"attributes": dict(item.attributes), "geometry": geometries, "type": item.type}
    feature = {
        "CityObjects": {item.key: body},
        "id": item.key,
        "type": "CityJSONFeature",
        "vertices": np.rint(np.concatenate(vertices) * MILLIMETRES_PER_METRE).astype(np.int64).tolist(),
    }
    return orjson.dumps(feature, option=orjson.OPT_SORT_KEYS)


def _shape(shape: Shape) -> dict[str, Any]:
    points, ring_starts = shape.ring_vertices.tolist(), shape.ring_starts.tolist()
    rings = [points[a:b] for a, b in pairwise(ring_starts)]
    surface_starts = shape.surface_starts.tolist()
    boundaries = [rings[a:b] for a, b in pairwise(surface_starts)]
    geometry: dict[str, Any] = {"boundaries": boundaries, "lod": shape.lod, "type": "MultiSurface"}
    found = [kind for kind in _TYPE_OF if (shape.kinds == kind).any()]
    if found:
        numbers = {int(kind): number for number, kind in enumerate(found)}
        geometry["semantics"] = {
            "surfaces": [{"type": _TYPE_OF[kind]} for kind in found],
            "values": [numbers.get(kind) for kind in shape.kinds.tolist()],
        }
    return geometry


def _footprint(wkb: bytes, height_m: float, first: int) -> tuple[Boundaries, NDArray[np.float64]]:
    corners: list[NDArray[np.float64]] = []
    boundaries: Boundaries = []
    for polygon in shapely.get_parts(shapely.from_wkb(wkb)):
        surface: list[list[int]] = []
        for ring in shapely.get_rings(polygon):
            xy = shapely.get_coordinates(ring)[:-1]
            surface.append(list(range(first, first + len(xy))))
            corners.append(np.column_stack((xy, np.full(len(xy), height_m))))
            first += len(xy)
        boundaries.append(surface)
    return boundaries, np.concatenate(corners)
