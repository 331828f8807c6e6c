"""Reads vector files in batches, checked row by row.

GeoJSON, GeoPackage, SpatiaLite, FlatGeobuf, BGT and other flat GML, CSV; text also gzipped, any of them in a
zip, and there a shapefile too. What a row may be: one geometry of the wanted kind, with finite coordinates
that fall inside the Dutch RD grid. A row that is not is a `Rejected` with its reason; the others are kept. A
file that cannot be read at all raises InputRejected. The format is told from the bytes, never from the name
(only a CSV has to be called one), and nothing else is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.json_faults import is_utf16
from tweestad.formats.safe_json import BYTE_ORDER_MARK, GZIP_MAGIC, open_chunks
from tweestad.formats.vector.csv_points import read_csv_rows
from tweestad.formats.vector.gdal import DATABASES, gdal_batches
from tweestad.formats.vector.geojson import read_geojson
from tweestad.formats.vector.gml import read_gml
from tweestad.formats.vector.query import CsvLayout, Geometry, VectorQuery, agreed_crs
from tweestad.formats.vector.rows import RawRows, Wanted, clean_rows
from tweestad.formats.zip_member import READABLE, unpacked
from tweestad.model.feature import Value
from tweestad.model.layer import Rejected

__all__ = ["Batch", "CsvLayout", "Geometry", "VectorQuery", "read_vector"]

MAX_FILE_VERTICES = 10_000_000
_SQLITE = b"SQLite format 3\x00"
_FLATGEOBUF = b"fgb"
_ZIP = b"PK\x03\x04"
_SHAPEFILE = b"\x00\x00\x27\x0a"
_MAX_BYTES = 4_000_000_000
_HEAD_BYTES = 64


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """At most 10,000 rows of a file. `read` = `left_out` + rejected + the rows that are here.

    `rows` names each row as a person would find it in the file ("row 12"). `geometries` are shapely, 2D,
    EPSG:28992, rounded to mm, valid, None for a row without a place. `values` is parallel, by column.
    `mended` counts invalid polygons that were made valid. `ended`, part of `left_out`, counts records that
    the file itself calls history.
    """

    rows: tuple[str, ...]
    geometries: NDArray[np.object_]
    values: Mapping[str, list[Value]]
    rejected: tuple[Rejected, ...]
    read: int
    left_out: int
    mended: int
    ended: int

    def row(self, n: int) -> dict[str, Value]:
        """The values of one row by column."""
        return {name: column[n] for name, column in self.values.items()}


def read_vector(path: Path, query: VectorQuery) -> Iterator[Batch]:
    """All rows of the file in batches, in file order.

    Raises InputRejected (LimitExceeded when too large) with one sentence that names the file.
    """
    wanted = Wanted(query.geometry, query.keep, query.drop, query.clip, query.placeless)
    vertices = 0
    for rows in _raw_batches(path, path.name, query):
        vertices += int(shapely.get_num_coordinates(rows.geometries).sum())
        if vertices > MAX_FILE_VERTICES:
            raise LimitExceeded(f"the file has more than {MAX_FILE_VERTICES:,} vertices", where=path.name)
        cleaned = clean_rows(rows, wanted, path.name)
        yield Batch(
            cleaned.rows,
            cleaned.geometries,
            {name: cleaned.values[name] for name in query.columns},
            cleaned.rejected,
            len(rows.names) + rows.ended,
            cleaned.left_out + rows.ended,
            cleaned.mended,
            rows.ended,
        )


def _raw_batches(path: Path, name: str, query: VectorQuery) -> Iterator[RawRows]:
    """The rows as they stand in the file; `name` is what the file is called in sentences."""
    head = _head(path, name)
    if head.startswith(_ZIP):
        suffixes = (".csv", ".txt", ".tsv") if query.csv else READABLE
        with unpacked(path, query.member, suffixes, stem=query.sublayer) as inner:
            yield from _raw_batches(inner, name, query)
        return
    if query.csv is not None:
        yield from read_csv_rows(path, name, query, query.csv)
        return
    if head.startswith(_SQLITE):
        yield from gdal_batches(path, name, DATABASES, query)
        return
    if head.startswith(_FLATGEOBUF):
        yield from gdal_batches(path, name, ("FlatGeobuf",), query)
        return
    if head.startswith(_SHAPEFILE) and path.suffix == ".shp":
        yield from gdal_batches(path, name, ("ESRI Shapefile",), query)
        return
    packed = head.startswith(GZIP_MAGIC)
    text = _text_head(path) if packed else head
    start = text.removeprefix(BYTE_ORDER_MARK).lstrip()
    if start.startswith(b"<"):
        yield from read_gml(path, name, query)
    elif packed or start.startswith(b"{") or is_utf16(text):
        yield from read_geojson(
            path,
            name,
            query.needs,
            lambda told: agreed_crs(told, query.crs, name, 4326),
            keep_z=query.keep_z,
        )
    else:
        raise InputRejected(
            "this is not GeoJSON, GeoPackage, SpatiaLite, FlatGeobuf, GML or a zip with one of these or a"
            ' shapefile (a CSV needs format = "csv")',
            where=name,
        )


def _text_head(path: Path) -> bytes:
    """The first bytes of what is inside a gzip; nothing when it is damaged, which its reader will say."""
    try:
        return next(open_chunks(path), b"")[:_HEAD_BYTES]
    except InputRejected:
        return b""


def _head(path: Path, name: str) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            head = handle.read(_HEAD_BYTES)
    except OSError as exc:
        raise InputRejected(f"the file cannot be read ({exc.strerror})", where=name) from exc
    if size == 0:
        raise InputRejected("the file is empty", where=name)
    if size > _MAX_BYTES:
        raise LimitExceeded(f"the file is larger than {_MAX_BYTES:,} bytes", where=name)
    return head
