"""GeoJSON (RFC 7946) straight from rows: coordinates of a whole page are converted at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from tweestad import crs
from tweestad.api.v1.positions import CrsName
from tweestad.model.feature import StoredFeature

DEGREE_DECIMALS = 8  # 1 mm, the precision of the store
METRE_DECIMALS = 3


def geometries(rows: Sequence[StoredFeature]) -> NDArray[np.object_]:
    """The shapes of a page in EPSG:28992 (z in NAP where there is one); None where there is none."""
    shapes: NDArray[np.object_] = shapely.from_wkb(np.array([r.feature.geometry for r in rows], dtype=object))
    return shapes


def geometry_texts(shapes: NDArray[np.object_], name: CrsName) -> list[str]:
    """GeoJSON of each shape in the CRS asked for, `null` where there is none; 3D only in EPSG:7415.

    Outer rings run counter-clockwise, as RFC 7946, 3.1.6 wants.
    """
    shapes = shapely.orient_polygons(shapes)
    if name == "CRS84":
        shapes = shapely.transform(shapely.force_2d(shapes), _to_degrees)
    elif name == "EPSG:28992":
        shapes = shapely.transform(shapely.force_2d(shapes), _to_millimetres)
    else:
        shapes = np.where(
            shapely.has_z(shapes),
            shapely.transform(shapes, _to_millimetres, include_z=True),
            shapely.transform(shapes, _to_millimetres),
        )
    texts: list[str | None] = shapely.to_geojson(shapes).tolist()
    return ["null" if text is None else text for text in texts]


def _to_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(xy) == 0:
        return xy
    rounded: NDArray[np.float64] = np.round(crs.to_lonlat(xy), DEGREE_DECIMALS)
    return rounded


def _to_millimetres(points: NDArray[np.float64]) -> NDArray[np.float64]:
    rounded: NDArray[np.float64] = np.round(points, METRE_DECIMALS)
    return rounded


def true_crs(rows: Sequence[StoredFeature], name: CrsName) -> CrsName:
    """The CRS that the coordinates of these rows are in: without any z, EPSG:7415 is EPSG:28992."""
    if name == "EPSG:7415" and not (rows and shapely.has_z(geometries(rows)).any()):
        return "EPSG:28992"
    return name


def feature_texts(rows: Sequence[StoredFeature], name: CrsName) -> list[bytes]:
    """One GeoJSON Feature per row, with the twin's own members `layer`, `ref` and `title`."""
    shapes = geometry_texts(geometries(rows), name) if rows else []
    return [_feature(row, shape) for row, shape in zip(rows, shapes, strict=True)]


def _feature(row: StoredFeature, geometry: str) -> bytes:
    feature = row.feature
    members = orjson.dumps(
        {
            "type": "Feature",
            "id": feature.id,
            "layer": feature.layer,
            "ref": feature.ref,
            "title": feature.title,
            "since": row.since,
            "properties": dict(feature.attributes),
        }
    )
    return members[:-1] + b',"geometry":' + geometry.encode() + b"}"


def collection(rows: Sequence[StoredFeature], name: CrsName, members: dict[str, object]) -> bytes:
    """A FeatureCollection with the other members after its type, and the features last."""
    head = orjson.dumps({"type": "FeatureCollection", **members, "numberReturned": len(rows)})
    return head[:-1] + b',"features":[' + b",".join(feature_texts(rows, name)) + b"]}"
