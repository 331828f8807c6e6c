"""Where a traffic message is: points, lines and areas of DATEX II v2.3 and v3.

`posList` and coordinates are latitude first, although `srsName` says "WGS 84". Flanders writes EPSG:31370, in
metres and x first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pyproj
import shapely

from tweestad.plugin import InputRejected, Location

_DEGREES = ("", "WGS 84", "WGS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326")
_LAMBERT = ("EPSG:31370", "urn:ogc:def:crs:EPSG::31370")
_MOST_POINTS = 50_000


def find_location(element: Any) -> Location | None:
    """The place of a record (longitude first): its areas, else its lines, else its point, else nothing."""
    areas = [shapely.Polygon(line) for line in _lines(element, "exterior") if len(line) > 3]
    lines = [shapely.LineString(line) for line in _lines(element, "gmlLineString") if len(line) > 1]
    shape: shapely.Geometry | None = None
    if areas:
        shape = areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)
    elif lines:
        shape = lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    if shape is None:
        return _point(element)
    at = shapely.point_on_surface(shape)
    return Location(at.x, at.y, shape=shapely.to_wkb(shape))


def _point(element: Any) -> Location | None:
    for name in ("pointCoordinates", "locationForDisplay"):
        for found in element.iter(f"{{*}}{name}"):
            lat, lon = found.find("{*}latitude"), found.find("{*}longitude")
            if lat is None or lon is None:
                raise InputRejected("a position is half there")
            x, y = _finite([lon.text, lat.text])
            return Location(x, y)
    if any(next(element.iter(f"{{*}}{name}"), None) is not None for name in ("posList", "latitude")):
        raise InputRejected("its place is written in a way that is not read")
    return None


def _lines(element: Any, name: str) -> Iterator[list[tuple[float, float]]]:
    for found in element.iter(f"{{*}}{name}"):
        told = found.find(".//{*}posList")
        if told is None or not told.text:
            raise InputRejected("a line or an area has no positions")
        numbers = _finite(told.text.split())
        if len(numbers) % 2 or len(numbers) > 2 * _MOST_POINTS:
            raise InputRejected("the positions of a line do not come in pairs, or are too many")
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        yield _longitude_first(pairs, found.get("srsName") or told.get("srsName") or "")


def _longitude_first(pairs: list[tuple[float, float]], system: str) -> list[tuple[float, float]]:
    if system in _DEGREES:
        for lat, lon in pairs:
            Location(lon, lat)
        return [(lon, lat) for lat, lon in pairs]
    if system in _LAMBERT:
        turn = pyproj.Transformer.from_crs(31370, 4326, always_xy=True)
        return [turn.transform(x, y) for x, y in pairs]
    raise InputRejected("its positions are in a reference system that is not read")


def _finite(told: list[Any]) -> list[float]:
    try:
        numbers = [float(each) for each in told]
    except (TypeError, ValueError) as exc:
        raise InputRejected("a position is not a number") from exc
    if not all(math.isfinite(each) for each in numbers):
        raise InputRejected("a position is not a number")
    return numbers
