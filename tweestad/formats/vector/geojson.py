"""Reads GeoJSON without GDAL, which would follow a `crs` link in the file to the network."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.json_faults import TRUNCATED, syntax_fault
from tweestad.formats.safe_json import (
    BYTE_ORDER_MARK,
    DEFAULT_LIMITS,
    RATIO_COUNTS_FROM_BYTES,
    check_depth,
)
from tweestad.formats.vector.query import listed
from tweestad.formats.vector.rows import BATCH_ROWS, RawRows
from tweestad.model.feature import Value

MAX_UNPACKED = 500_000_000
MAX_RATIO = 100
# Each vertex is a list, and parsed it takes 100 bytes and more.
MAX_LISTS = 8_000_000
MAX_PARSED_BYTES = 3_000_000_000
# What parsing makes of each (Python 3.11 on 64 bits), measured and rounded up; a text has two quotes.
_PARSED_BYTES = {b"[": 100, b"{": 240, b",": 40, b'"': 40}
_CHUNK = 1 << 20


def read_geojson(
    path: Path,
    name: str,
    columns: tuple[str, ...],
    agree: Callable[[str], int],
    *,
    keep_z: bool = False,
) -> Iterator[RawRows]:
    """The features of a FeatureCollection, plain or gzipped, in batches; `name` stands for the file.

    `agree` gets the name of the CRS in the file ("" when there is none, which by RFC 7946 is WGS 84) and
    returns the one to use. A column that a feature does not have is None there; one that no feature
    has is InputRejected, as is a file that is not a FeatureCollection.
    """
    features, crs_name = _parse(path, name)
    crs = agree(crs_name)
    _check_columns(features, columns, name)
    for start in range(0, len(features), BATCH_ROWS):
        part = features[start : start + BATCH_ROWS]
        yield _rows(part, start, columns, crs, keep_z=keep_z)


def _rows(features: list[Any], start: int, columns: tuple[str, ...], crs: int, *, keep_z: bool) -> RawRows:
    texts = [_geometry_text(feature) for feature in features]
    empty = np.array([text is None for text in texts], dtype=bool)
    with np.errstate(all="ignore"):  # what is not finite the row check says
        geometries = shapely.from_geojson(texts, on_invalid="ignore")
    found = np.asarray(geometries, dtype=object)
    properties = [_properties(feature) for feature in features]
    return RawRows(
        names=tuple(f"row {start + n + 1}" for n in range(len(features))),
        geometries=found if keep_z else shapely.force_2d(found),
        empty=empty,
        values={column: [_value(row.get(column)) for row in properties] for column in columns},
        crs=crs,
    )


def _parse(path: Path, name: str) -> tuple[list[Any], str]:
    text = _bytes(path, name).removeprefix(BYTE_ORDER_MARK)
    if text.count(b"[") > MAX_LISTS:
        raise LimitExceeded(f"more than {MAX_LISTS:,} vertices and lists in one file", where=name)
    if parsed_bytes(text) > MAX_PARSED_BYTES:
        raise LimitExceeded(
            f"read as a whole it would take more than {MAX_PARSED_BYTES / 1e9:g} GB of memory:"
            " give a GeoPackage or FlatGeobuf, which are read piece by piece",
            where=name,
        )
    check_depth(text, name, DEFAULT_LIMITS.depth)
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError as exc:
        reason, code = syntax_fault(text, exc)
        if code == TRUNCATED:
            reason = "this is not complete JSON: it stops halfway"
        raise InputRejected(reason, where=name) from exc
    features = body.get("features") if isinstance(body, dict) else None
    if not isinstance(features, list) or body.get("type") != "FeatureCollection":
        raise InputRejected("this JSON is not a GeoJSON FeatureCollection", where=name)
    return features, _crs_name(body.get("crs"), name)


def parsed_bytes(text: bytes) -> int:
    """How much memory this JSON takes at most when it is parsed; what stands in a text counts as well."""
    return len(text) + sum(size * text.count(mark) for mark, size in _PARSED_BYTES.items())


def _bytes(path: Path, name: str) -> bytes:
    with path.open("rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    if not packed:
        if path.stat().st_size > MAX_UNPACKED:
            raise LimitExceeded(f"larger than {MAX_UNPACKED:,} bytes", where=name)
        return path.read_bytes()
    out = bytearray()
    try:
        with gzip.open(path) as unpacked:
            while chunk := unpacked.read(_CHUNK):
                out += chunk
                if len(out) > MAX_UNPACKED:
                    raise LimitExceeded(f"unpacked larger than {MAX_UNPACKED:,} bytes", where=name)
                if len(out) > RATIO_COUNTS_FROM_BYTES and len(out) > MAX_RATIO * path.stat().st_size:
                    raise LimitExceeded(f"unpacks to more than {MAX_RATIO} times its size", where=name)
    except (EOFError, OSError, zlib.error) as exc:
        raise InputRejected(f"the gzip is damaged or not complete ({exc})", where=name) from exc
    return bytes(out)


def _crs_name(crs: object, file: str) -> str:
    """The name in the `crs` member that GeoJSON had before 2016; a link is refused, never followed."""
    if crs is None:
        return ""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        raise InputRejected("its `crs` is not a name", where=file)
    return name


def _geometry_text(feature: object) -> str | None:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    return orjson.dumps(geometry).decode() if geometry is not None else None


def _properties(feature: object) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _check_columns(features: list[Any], columns: tuple[str, ...], file: str) -> None:
    missing = set(columns)
    seen: set[str] = set()
    for feature in features:
        if not missing:
            return
        names = _properties(feature).keys()
        missing -= names
        seen |= names
    if missing and features:
        there = listed(sorted(seen))
        raise InputRejected(f"there is no column ‘{sorted(missing)[0]}’ (it has: {there})", where=file)


def _value(value: object) -> Value:
    """A plain value: lists of texts as a tuple, other structures as JSON text."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return orjson.dumps(value).decode()
