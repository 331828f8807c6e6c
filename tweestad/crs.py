"""Coordinates: Dutch RD and NAP to and from what the rest of the world uses, by RDNAPTRANS2018.

Inside Tweestad everything is EPSG:28992 (x east, y north, metres), with z in NAP metres where there is
one (together EPSG:7415). ETRS89 counts as WGS 84: the two drift apart by 2.5 cm a year, which no city
data set accounts for. The axis order is always x or longitude first, whatever the register says.

Every function that computes raises GridsMissing when the official grids cannot be had, and
InputRejected when a point lies outside them: never a silent guess, never infinity.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError, ProjError

from tweestad import grids
from tweestad.errors import GridsMissing, InputRejected

RD = 28992
RD_NAP = 7415
WGS84 = 4326
ETRS89 = 4258
WEB_MERCATOR = 3857
SUPPORTED = (RD, RD_NAP, WGS84, ETRS89, WEB_MERCATOR)

Points = NDArray[np.float64]

# Wholly inside the grids; what lies here needs no transformation to know that it is valid.
_SURELY_INSIDE = (-7_000.0, 289_000.0, 300_000.0, 629_000.0)

# RDNAPTRANS2018, variant 1 (NSGI): back from the projection, correct on the grid, then the similarity at
# height 0 on Bessel (43 m on GRS80 the other way), and the geoid for the height alone.
_RD_TO_ETRS89 = (
    "+proj=pipeline"
    " +step +inv +proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889"
    " +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel"
    ' +step +proj=hgridshift +grids="{correction}"'
    " +step +proj=push +v_3 +step +proj=set +v_3=0 +omit_inv"
    " +step +proj=cart +ellps=bessel"
    " +step +proj=helmert +x=565.7381 +y=50.4018 +z=465.2904 +rx=0.395025981036064"
    " +ry=-0.330772431242031 +rz=1.87607329462821 +s=4.07244 +convention=coordinate_frame"
    " +step +inv +proj=cart +ellps=GRS80"
    " +step +proj=set +v_3=43 +omit_fwd +step +proj=pop +v_3"
    ' +step +proj=vgridshift +grids="{geoid}" +multiplier=1'
)
_DEGREES = " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
_CARTESIAN = " +step +proj=cart +ellps=GRS80"

_CODE = re.compile(
    r"(?:EPSG:{1,2}|urn:(?:ogc|x-ogc):def:crs:EPSG:[\w.]*:|https?://www\.opengis\.net/def/crs/EPSG/[\w.]+/"
    r"|https?://www\.opengis\.net/gml/srs/epsg\.xml#|https?://(?:www\.)?epsg\.io/)?(\d{1,6})\Z",
    re.IGNORECASE,
)
_CRS84 = re.compile(
    r"(?:urn:ogc:def:crs:OGC:[\w.]*:|https?://www\.opengis\.net/def/crs/OGC/[\w.]+/|OGC:)?CRS84\Z",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r"(?:EPSG:|urn:ogc:def:crs,crs:EPSG:[\w.]*:)28992(?:\+|,crs:EPSG:[\w.]*:)5709\Z", re.I)
_WKT = re.compile(r"\s*(?:PROJ|GEOG|COMPD|BOUND|COMPOUND)\w*\s*\[", re.IGNORECASE)
_LONGEST_CRS_TEXT = 20_000


def to_geodetic(points: Points) -> Points:
    """Turn RD and NAP, (n, 3) EPSG:7415, into longitude, latitude (degrees) and ellipsoidal height (m)."""
    return _transform(_pipeline(_DEGREES), points, "RD")


def to_ecef(points: Points) -> Points:
    """Turn RD and NAP, (n, 3) EPSG:7415, into geocentric x, y, z in metres, (n, 3) EPSG:4978."""
    return _transform(_pipeline(_CARTESIAN), points, "RD")


def to_lonlat(xy: Points) -> Points:
    """Turn RD, (n, 2), into longitude and latitude in degrees, (n, 2)."""
    return _transform(_pipeline(_DEGREES), _at_nap_zero(xy), "RD")[:, :2]


def from_lonlat(lonlat: Points) -> Points:
    """Turn longitude and latitude in degrees, (n, 2), into RD, (n, 2); exact inverse of to_lonlat."""
    pipeline = _pipeline(_DEGREES)
    return _transform(pipeline, _at_nap_zero(lonlat), "lon/lat", TransformDirection.INVERSE)[:, :2]


def from_geodetic(points: Points) -> Points:
    """Turn longitude, latitude (degrees) and ellipsoidal height (m), (n, 3), into RD and NAP, (n, 3)."""
    return _transform(_pipeline(_DEGREES), points, "lon/lat", TransformDirection.INVERSE)


def project(xy: Points, source: int) -> Points:
    """Turn (n, 2) of `source` (28992, 7415, 4326, 4258, 3857; x or longitude first) into RD, (n, 2).

    RD itself is returned as it is, also outside the grids: ask `inside_rd` for that.
    """
    if source in (RD, RD_NAP):
        return np.asarray(xy, dtype=np.float64)
    if source in (WGS84, ETRS89):
        return from_lonlat(xy)
    if source == WEB_MERCATOR:
        return from_lonlat(_transform(_mercator(), np.asarray(xy, dtype=np.float64), "web Mercator"))
    raise InputRejected(f"EPSG:{source} is not supported; supported are {_listed(SUPPORTED)}", code="crs")


def inside_rd(xy: Points) -> NDArray[np.bool_]:
    """Tell for each point of (n, 2) or (n, 3) whether it lies within the RD correction grid; NaN does not."""
    points = np.asarray(xy, dtype=np.float64)[:, :2]
    west, south, east, north = _SURELY_INSIDE
    x, y = points[:, 0], points[:, 1]
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    doubtful = ~inside & np.isfinite(points).all(axis=1)
    if doubtful.any():
        inside[doubtful] = np.isfinite(_raw(_pipeline(_DEGREES), _at_nap_zero(points[doubtful]))).all(axis=1)
    return inside


def reproject_geometries(geometries: NDArray[np.object_], source: int) -> NDArray[np.object_]:
    """Turn shapely geometries of `source` into RD, rounded to mm; None stays None.

    z is kept, rounded, when the source is RD (then it is NAP), and dropped otherwise.
    Raises InputRejected when any coordinate is not finite or falls outside the RD grid.
    """
    found = np.asarray(geometries, dtype=object)
    result = np.array(found, dtype=object)
    with_z = shapely.has_z(found) & (source in (RD, RD_NAP))

    def flat(xy: Points) -> Points:
        projected = project(xy, source)
        outside = ~inside_rd(projected)
        if outside.any():
            raise InputRejected(_outside(xy[int(np.argmax(outside))], f"EPSG:{source}"), code="outside-rd")
        return projected.round(3)

    def upright(xyz: Points) -> Points:
        return np.column_stack((flat(xyz[:, :2]), xyz[:, 2].round(3)))

    result[~with_z] = shapely.transform(found[~with_z], flat)
    result[with_z] = shapely.transform(found[with_z], upright, include_z=True)
    return result


def parse_crs(text: str, among: tuple[int, ...] = SUPPORTED) -> int:
    """Read a coordinate system's name as its EPSG number; OGC's CRS84 is 4326, in the same axis order.

    Takes "EPSG:28992", URNs, OGC and EPSG addresses, RD with NAP as a pair, and WKT.
    Raises InputRejected for anything that is not in `among`, naming only those.
    """
    code = epsg_of(text)
    if code is None or code not in among:
        raise InputRejected(
            f"the coordinate system '{text.strip()[:80]}' is not supported; supported are {_listed(among)}",
            code="crs",
        )
    return code


def epsg_of(text: str) -> int | None:
    """Read a coordinate system's name as its EPSG number, supported or not; None when unknown."""
    name = text.strip()
    if found := _CODE.match(name):
        return int(found[1])
    if _CRS84.match(name):
        return WGS84
    if _COMPOUND.match(name):
        return RD_NAP
    if len(name) <= _LONGEST_CRS_TEXT and _WKT.match(name):
        try:
            return pyproj.CRS.from_wkt(name).to_epsg()
        except CRSError:
            return None
    return None


def _listed(codes: tuple[int, ...]) -> str:
    return ", ".join(f"EPSG:{code}" for code in codes)


@cache
def _pipeline(last_step: str) -> pyproj.Transformer:
    files = grids.grid_files()
    definition = _RD_TO_ETRS89.format(correction=_quoted(files.correction), geoid=_quoted(files.geoid))
    try:
        return pyproj.Transformer.from_pipeline(definition + last_step)
    except ProjError as exc:
        raise GridsMissing(f"PROJ cannot read the RDNAPTRANS2018 grids in {files.geoid.parent}") from exc


def _quoted(path: Path) -> str:
    text = str(path)
    if "," in text or '"' in text:
        raise GridsMissing(f"PROJ cannot read grids from a folder with a comma or quote in it: {path.parent}")
    return text


@cache
def _mercator() -> pyproj.Transformer:
    # The definition of EPSG:3857 itself: spherical formulas on WGS 84 coordinates, without a datum shift.
    return pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=webmerc +ellps=WGS84 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def _at_nap_zero(xy: Points) -> Points:
    points = np.zeros((len(xy), 3))
    points[:, :2] = xy
    return points


def _transform(
    transformer: pyproj.Transformer,
    points: Points,
    system: str,
    direction: TransformDirection = TransformDirection.FORWARD,
) -> Points:
    given = np.asarray(points, dtype=np.float64)
    result = _raw(transformer, given, direction)
    failed = ~np.isfinite(result).all(axis=1)
    if failed.any():
        raise InputRejected(_outside(given[int(np.argmax(failed))], system), code="outside-rd")
    return result


def _raw(
    transformer: pyproj.Transformer,
    points: Points,
    direction: TransformDirection = TransformDirection.FORWARD,
) -> Points:
    x, y = points[:, 0], points[:, 1]
    if points.shape[1] == 2:
        return np.column_stack(transformer.transform(x, y, direction=direction))
    return np.column_stack(transformer.transform(x, y, points[:, 2], direction=direction))


def _outside(point: Points, system: str) -> str:
    place = ", ".join(f"{value:g}" if abs(value) > 1e9 else f"{value:.3f}" for value in point[:2])
    return f"coordinates ({place}) in {system} are outside the Dutch RD grid: is this another CRS?"
