"""Rows with a shape as FlatGeobuf or GeoJSON, and rows without one as CSV: equal rows give equal bytes."""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from tweestad import crs
from tweestad.files import write_atomically

Row = Mapping[str, Any]
Shapes = Sequence[shapely.Geometry] | NDArray[np.object_]
_STAMP = (2026, 1, 1, 0, 0, 0)
_EMPTY_OF = {int: 0, float: np.nan, str: None, bool: False}
SAID = "Voorbeeldstad: invented"


def write_flatgeobuf(path: Path, columns: Mapping[str, type], rows: Iterable[Row], shapes: Shapes) -> None:
    """Write rows with shapes in EPSG:28992. `columns` says which there are, in order: str, int or float.

    Rows may come one at a time: only their values are kept.
    """
    from pyogrio.raw import write  # noqa: PLC0415 - GDAL takes half a second to load

    found: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name, column in found.items():
            column.append(row[name])
    data, masks = [], []
    for name, kind in columns.items():
        told = found.pop(name)
        empty = np.array([value is None for value in told], dtype=bool)
        dtype = {int: np.int64, float: np.float64}.get(kind, object)
        data.append(np.array([_EMPTY_OF[kind] if v is None else kind(v) for v in told], dtype=dtype))
        masks.append(empty)
    geometry = np.asarray(shapes, dtype=object)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.fgb")
    try:
        write(
            temporary,
            shapely.to_wkb(geometry),
            data,
            list(columns),
            field_mask=masks,
            layer=path.stem,
            driver="FlatGeobuf",
            geometry_type=geometry[0].geom_type,
            crs="EPSG:28992",
        )
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_geojson(
    path: Path, rows: Sequence[Row], shapes: Shapes, *, ids: Sequence[str] = (), **members: Any
) -> None:
    """Write a FeatureCollection in longitude and latitude from shapes in EPSG:28992.

    `ids` become the ids of the features, `members` stand beside `features`.
    """
    moved = lonlat_shapes(shapes)
    features = [
        {
            "type": "Feature",
            **({"id": ids[n]} if ids else {}),
            "geometry": orjson.loads(shapely.to_geojson(shape)),
            "properties": dict(row),
        }
        for n, (row, shape) in enumerate(zip(rows, moved, strict=True))
    ]
    write_json(path, {"type": "FeatureCollection", "name": SAID, **members, "features": features})


def lonlat_shapes(shapes: Shapes) -> list[shapely.Geometry]:
    """The shapes (EPSG:28992) in longitude and latitude, to about a centimetre."""
    return [shapely.transform(shape, lambda xy: crs.to_lonlat(xy).round(7)) for shape in shapes]


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point in EPSG:28992, to about a centimetre."""
    lon, lat = crs.to_lonlat(np.array([[x, y]]))[0].round(7)
    return float(lon), float(lat)


def write_json(path: Path, body: Any) -> None:
    """Write JSON; gzipped when the name ends in .gz."""
    write_bytes(path, orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY))


def write_lines(path: Path, rows: Iterable[Any]) -> None:
    """Write one JSON object per line."""
    write_bytes(path, b"".join(orjson.dumps(row) + b"\n" for row in rows))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row], *, separator: str = ",") -> None:
    """Write a CSV with a header; None is an empty field."""
    write_bytes(path, csv_text(columns, rows, separator=separator).encode())


def csv_text(columns: Sequence[str], rows: Iterable[Row], *, separator: str = ",") -> str:
    """The text of such a CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_zip(path: Path, members: Mapping[str, bytes]) -> None:
    """Write a zip whose members all have the same time, so that equal members give equal bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    write_bytes(path, body.getvalue())


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file in a folder that may not be there yet; gzipped when the name ends in .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, gzip.compress(data, 6, mtime=0) if path.suffix == ".gz" else data)
