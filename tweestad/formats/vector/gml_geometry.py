"""Turns a GML 3 geometry into a flat shapely one; arcs and circles become short straight lines.

The kinds are those of GML 3.1 and 3.2 that Dutch registers use (simple features with arcs, as in the
"GML Simple Features" of NEN 3610). Coordinates are taken as they are, x first: the caller knows the CRS.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import shapely
from lxml import etree
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tweestad.errors import InputRejected

STROKE_TOLERANCE_M = 0.01
_MOST_PER_ARC = 2_000
_ONE_LINE_M = 1e-5
_STRAIGHT_M = 1e13
"""On a circle of this radius no arc of this country bends by a centimetre."""
_CLOSE_ENOUGH_M = 0.001
_DEEPEST = 16

Points = NDArray[np.float64]
Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements
_NAMESPACES = ("{http://www.opengis.net/gml}", "{http://www.opengis.net/gml/3.2}")


def is_gml(element: Element) -> bool:
    """Is this an element of GML itself?"""
    return isinstance(element.tag, str) and element.tag.startswith(_NAMESPACES)


def local_name(element: Element) -> str:
    """The name without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read_geometry(element: Element) -> BaseGeometry:
    """The geometry of a GML element such as `gml:Polygon`, 2D: a z is left out.

    An arc is given by three points on it and is replaced by points that are nowhere further from it than
    1 cm; the three themselves stay. Raises InputRejected, in the words of a fault of one row, for a kind
    that is not known and for coordinates that make no geometry.
    """
    try:
        return _geometry(element, 0)
    except (ValueError, TypeError, shapely.errors.GEOSException) as exc:
        raise InputRejected("its geometry cannot be read (too few points, or a ring that is open)") from exc


def _geometry(element: Element, depth: int) -> BaseGeometry:
    kind = local_name(element)
    if depth > _DEEPEST:
        raise InputRejected(f"its geometry is nested deeper than {_DEEPEST} levels")
    if kind == "Point":
        points = _points(element)
        if len(points) != 1:
            raise ValueError
        return shapely.Point(points[0])
    if kind in _CURVES:
        return shapely.LineString(_curve(element, depth))
    if kind in ("Polygon", "PolygonPatch"):
        return _polygon(element, depth)
    parts = [_geometry(each, depth + 1) for each in _members(element, kind)]
    if kind == "MultiPoint":
        return shapely.MultiPoint([part.coords[0] for part in parts])
    if kind in ("MultiCurve", "MultiLineString"):
        return shapely.MultiLineString([part.coords for part in parts])
    flat = [polygon for part in parts for polygon in shapely.get_parts(part).tolist()]
    return flat[0] if len(flat) == 1 else shapely.MultiPolygon(flat)


def _members(element: Element, kind: str) -> Iterator[Element]:
    """What the collection `kind` holds: the elements inside its member properties."""
    if kind not in _MEMBERS:
        raise InputRejected(f"its geometry is a {kind[:40]}, which is not read")
    for prop in element:
        if local_name(prop) in _MEMBERS[kind]:
            yield from (each for each in prop if is_gml(each))


_MEMBERS: dict[str, tuple[str, ...]] = {
    "MultiPoint": ("pointMember", "pointMembers"),
    "MultiCurve": ("curveMember", "curveMembers"),
    "MultiLineString": ("lineStringMember",),
    "MultiSurface": ("surfaceMember", "surfaceMembers"),
    "CompositeSurface": ("surfaceMember",),
    "MultiPolygon": ("polygonMember",),
    "Surface": ("patches",),
}


def _polygon(element: Element, depth: int) -> BaseGeometry:
    shell: Points | None = None
    holes: list[Points] = []
    for side in element:
        name = local_name(side)
        rings = [each for each in side if is_gml(each)]
        if name in ("exterior", "outerBoundaryIs") and shell is None and len(rings) == 1:
            shell = _ring(rings[0], depth)
        elif name in ("interior", "innerBoundaryIs"):
            holes += [_ring(each, depth) for each in rings]
    if shell is None:
        raise ValueError
    return shapely.Polygon(shell, holes)


def _ring(element: Element, depth: int) -> Points:
    points = _curve(element, depth)
    if len(points) < 4 or not np.allclose(points[0], points[-1], rtol=0, atol=_CLOSE_ENOUGH_M):
        raise ValueError
    points[-1] = points[0]
    return points


def _curve(element: Element, depth: int) -> Points:
    """The points of one connected curve, (n, 2); where parts meet, their common point is there once."""
    kind = local_name(element)
    if depth > _DEEPEST:
        raise InputRejected(f"its geometry is nested deeper than {_DEEPEST} levels")
    if kind in _STROKES:
        return _STROKES[kind](_points(element))
    if kind not in ("Curve", "Ring", "CompositeCurve"):
        raise InputRejected(f"its geometry has a {kind[:40]}, which is not read")
    parts: list[Points] = []
    for prop in element:
        if local_name(prop) in ("segments", "curveMember"):
            parts += [_curve(each, depth + 1) for each in prop if is_gml(each)]
    if not parts:
        raise ValueError
    for n in range(1, len(parts)):
        if len(parts[n]) and np.array_equal(parts[n][0], parts[n - 1][-1]):
            parts[n] = parts[n][1:]
    return np.concatenate(parts)


def _points(element: Element) -> Points:
    """The coordinates inside an element, (n, 2)."""
    blocks = [_numbers(each) for each in element.iter("{*}posList", "{*}pos", "{*}coordinates")]
    if not blocks:
        raise ValueError
    return np.concatenate(blocks)


def _numbers(element: Element) -> Points:
    text = element.text or ""
    if local_name(element) == "coordinates":
        size = len(text.split(maxsplit=1)[0].split(",")) if text.strip() else 2
        flat = np.array(text.replace(",", " ").split(), dtype=np.float64)
    else:
        flat = np.array(text.split(), dtype=np.float64)
        size = _dimension(element, len(flat))
    if size not in (2, 3):
        raise ValueError
    if not np.isfinite(flat).all():
        raise InputRejected("a coordinate is not a finite number")
    return flat.reshape(-1, size)[:, :2].copy()


def _dimension(element: Element, count: int) -> int:
    if local_name(element) == "pos":
        return count
    for each in (element, *element.iterancestors()):
        told = each.get("srsDimension")
        if told is not None:
            return int(told) if told in ("2", "3") else 0
    return 2


def _arcs(points: Points) -> Points:
    """A string of arcs: points 0, 1, 2 are the first arc, 2, 3, 4 the next."""
    if len(points) < 3 or len(points) % 2 == 0:
        raise ValueError
    arcs = [_along(points[n : n + 3], points[n : n + 3])[1:] for n in range(0, len(points) - 2, 2)]
    return np.concatenate([points[:1], *arcs])


def _circle(points: Points) -> Points:
    """A whole circle through three points, back to the first."""
    if len(points) != 3:
        raise ValueError
    return _along(points, np.concatenate([points, points[:1]]))


def _along(three: Points, stops: Points) -> Points:
    """From stop to stop along the circle through `three`, in their order; all stops are kept.

    The straight pieces are at most STROKE_TOLERANCE_M from the circle. Points on one line stay as they are.
    """
    circle = _circle_through(three)
    if circle is None:
        return stops
    centre, radius = circle
    angles = [math.atan2(y, x) for x, y in (stops - centre).tolist()]
    anticlockwise = _cross(three[1] - three[0], three[2] - three[0]) > 0
    # The sagitta of a chord over the angle a is r (1 - cos(a / 2)).
    step = 2 * math.acos(max(0.0, 1 - STROKE_TOLERANCE_M / radius))
    out = [stops[:1]]
    for n in range(len(stops) - 1):
        turn = (angles[n + 1] - angles[n]) % math.tau
        turn = turn if anticlockwise else turn - math.tau
        count = min(max(math.ceil(abs(turn) / step), 1), _MOST_PER_ARC)
        between = angles[n] + turn * np.arange(1, count) / count
        out.append(centre + radius * np.column_stack((np.cos(between), np.sin(between))))
        out.append(stops[n + 1 : n + 2])
    return np.concatenate(out)


def _circle_through(three: Points) -> tuple[Points, float] | None:
    """Centre and radius; None when the points are on one line, to a hundredth of a millimetre.

    A thin triangle alone says nothing of a bend: its ends may be close because the arc nearly closes.
    """
    if not np.isfinite(three).all() or np.abs(three).max() > 1e9:
        return None
    (bx, by), (cx, cy) = (three[1:] - three[0]).tolist()
    double_area = bx * cy - by * cx
    longest = max(math.hypot(bx, by), math.hypot(cx, cy), math.hypot(bx - cx, by - cy))
    if abs(double_area) <= longest * _ONE_LINE_M:
        return None
    b, c = bx * bx + by * by, cx * cx + cy * cy
    ux = (cy * b - by * c) / (2 * double_area)
    uy = (bx * c - cx * b) / (2 * double_area)
    radius = math.hypot(ux, uy)
    return None if radius > _STRAIGHT_M else (three[0] + np.array([ux, uy]), radius)


def _cross(a: Points, b: Points) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


_STROKES: dict[str, Callable[[Points], Points]] = {
    "LineString": lambda points: points,
    "LineStringSegment": lambda points: points,
    "LinearRing": lambda points: points,
    "Arc": _arcs,
    "ArcString": _arcs,
    "Circle": _circle,
}
_CURVES = frozenset({*_STROKES, "Curve", "Ring", "CompositeCurve"})
