"""Where names go on the map: along streets, on the water, in the middle of areas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import shapely
from shapely import affinity

from tweestad.errors import InputRejected
from tweestad.ground.cutting import Geometries, polygons_of
from tweestad.ground.height import GroundHeight
from tweestad.model.feature import BBox

LabelKind = Literal["street", "water", "area"]

MOST_FAR: Final = 60
"""Names outside the near box, per kind: only the largest."""

MOST_AGAIN: Final = 800
"""Names that stand once more on the same street or canal, per kind."""
AGAIN_EVERY_M: Final = 90.0
"""Between two places of one name: about a screen at the closest zoom."""
_FROM_END_M: Final = 40.0

_LEAST_M: Final[dict[LabelKind, float]] = {"street": 40.0, "water": 300.0, "area": 0.0}
_ABOVE_M: Final[dict[LabelKind, float]] = {"street": 3.0, "water": 2.0, "area": 30.0}
_ELONGATED: Final = 3.0
_AROUND_M: Final = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class NamedGeometries:
    """Named shapes of one layer. `names` is parallel to `geometries` (EPSG:28992); "" is no name."""

    layer: str | None = None
    names: Sequence[str] = ()
    geometries: Geometries = field(default_factory=lambda: np.empty(0, dtype=np.object_))

    def __post_init__(self) -> None:
        if len(self.names) != len(self.geometries):
            raise InputRejected("each shape needs one name")


@dataclass(frozen=True, slots=True)
class Label:
    """A name at a place: x, y in EPSG:28992, `z_nap_m` a little above what it names.

    `rank` counts per kind from 1, the most important: inside the near box first, then by size, and last
    the places where a name stands once more.
    `angle_deg` turns the text counter-clockwise from east, above -90 and at most 90.
    """

    text: str
    kind: LabelKind
    layer: str | None
    x: float
    y: float
    z_nap_m: float
    rank: int
    angle_deg: float


@dataclass(frozen=True, slots=True)
class _Spot:
    """A candidate. `size` compares it with others of its kind only."""

    text: str
    x: float
    y: float
    angle_deg: float
    size: float


def place_labels(
    *,
    streets: NamedGeometries,
    waters: NamedGeometries,
    areas: NamedGeometries,
    box: BBox,
    near: BBox,
    height: GroundHeight,
    water_nap_m: float,
) -> list[Label]:
    """A label per name and kind, most important first within a kind; long streets and canals have more.

    Shapes of one name are taken together; water may come as polygons or as centre lines. A name inside
    `near` stands on its part there, and once more every AGAIN_EVERY_M along each of its pieces; of the
    others in `box` only the MOST_FAR largest are kept. A street that is called after the water beside it
    leaves the name to the water.
    """
    labels: list[Label] = []
    watery: set[str] = set()
    kinds: tuple[tuple[LabelKind, NamedGeometries], ...] = (
        ("area", areas),
        ("water", waters),
        ("street", streets),
    )
    for kind, named in kinds:
        spots = [s for s in _spots(kind, named, box, near) if s.text not in watery]
        if not spots:
            continue
        watery |= {s.text for s in spots} if kind == "water" else set()
        level = height.at(np.array([[s.x, s.y] for s in spots]))
        for rank, (spot, z) in enumerate(zip(spots, level.tolist(), strict=True), start=1):
            z_nap_m = (water_nap_m if kind == "water" else z) + _ABOVE_M[kind]
            labels.append(Label(spot.text, kind, named.layer, spot.x, spot.y, z_nap_m, rank, spot.angle_deg))
    return labels


def _spots(kind: LabelKind, named: NamedGeometries, box: BBox, near: BBox) -> list[_Spot]:
    """The spots of one kind in order of rank: those near, then the largest of the others."""
    inside, outside, again = [], [], []
    by_name: dict[str, list[int]] = {}
    for number, name in enumerate(named.names):
        if name and named.geometries[number] is not None:
            by_name.setdefault(name, []).append(number)
    for name in sorted(by_name):
        shapes = named.geometries[by_name[name]]
        if spot := _spot(kind, name, shapes, near):
            inside.append(spot)
            again += _again(kind, spot, shapes, near)
        elif spot := _spot(kind, name, shapes, box):
            outside.append(spot)
    for spots in (inside, outside):
        spots.sort(key=lambda s: (-s.size, s.text))
    again.sort(key=lambda place: (place[0], -place[1].size, place[1].text))
    return inside + outside[:MOST_FAR] + [spot for _, spot in again[:MOST_AGAIN]]


def _spot(kind: LabelKind, name: str, shapes: Geometries, within: BBox) -> _Spot | None:
    """The place of a name inside a box, or None when there is too little of it there."""
    bounds = (within.min_x, within.min_y, within.max_x, within.max_y)
    if not shapely.intersects(shapes, shapely.box(*bounds)).any():
        return None
    if kind != "area" and (spot := _along(name, shapes, bounds)):
        return spot
    polygons = polygons_of(shapes)
    if kind == "street" or not len(polygons):
        return None
    return _in_area(name, polygons, bounds) if kind == "area" else _on_water(name, polygons, bounds)


def _along(name: str, shapes: Geometries, bounds: tuple[float, float, float, float]) -> _Spot | None:
    """The middle of the longest piece of a line, with the direction there; None without lines."""
    pieces = _pieces(shapes, bounds)
    if not len(pieces):
        return None
    longest = pieces[int(np.argmax(np.round(shapely.length(pieces), 3)))]
    if longest.length < _LEAST_M["street"]:
        return None
    return _on_line(name, longest, longest.length / 2, float(shapely.length(pieces).sum()))


def _pieces(shapes: Geometries, bounds: tuple[float, float, float, float]) -> Geometries:
    """What lies of lines inside bounds, put together where ends meet; shape (n,), n may be 0."""
    lines = shapely.get_parts(shapely.clip_by_rect(shapely.force_2d(shapes), *bounds))
    lines = lines[(shapely.get_type_id(lines) == 1) & (shapely.length(lines) > 0)]
    return shapely.get_parts(shapely.line_merge(shapely.union_all(lines))) if len(lines) else lines


def _on_line(name: str, line: shapely.LineString, at_m: float, size: float) -> _Spot:
    """A spot so many metres along a line, with the direction there."""
    middle, before, after = (line.interpolate(at_m + d) for d in (0.0, -_AROUND_M, _AROUND_M))
    return _Spot(name, middle.x, middle.y, _upright(after.x - before.x, after.y - before.y), size)


def _again(kind: LabelKind, first: _Spot, shapes: Geometries, near: BBox) -> list[tuple[int, _Spot]]:
    """Where else in a box a name stands, each with its number from 1: to both sides of the middle of each
    piece, never near another place of the same name."""
    bounds = (near.min_x, near.min_y, near.max_x, near.max_y)
    if kind == "area":
        return []
    pieces = _pieces(shapes, bounds)
    candidates = [spot for piece in _longest_first(pieces) for spot in _every(first, piece)]
    if not len(pieces):
        candidates = _along_channels(first, polygons_of(shapes), bounds)
    taken = [first]
    for spot in candidates:
        if all(math.hypot(spot.x - t.x, spot.y - t.y) > AGAIN_EVERY_M * 0.8 for t in taken):
            taken.append(spot)
    return list(enumerate(taken[1:], start=1))


def _longest_first(pieces: Geometries) -> list[shapely.LineString]:
    """Lines in order of length; of equals as they came."""
    return [pieces[n] for n in np.argsort(-np.round(shapely.length(pieces), 3), kind="stable")]


def _every(first: _Spot, piece: shapely.LineString) -> list[_Spot]:
    """Spots on a line every AGAIN_EVERY_M from its middle, away from its ends."""
    half = piece.length / 2
    if half * 2 < _LEAST_M["street"] * 2:
        return []
    sides = int((half - _FROM_END_M) // AGAIN_EVERY_M) if half > _FROM_END_M else 0
    steps = [0, *(side * n for n in range(1, sides + 1) for side in (-1, 1))]
    return [_on_line(first.text, piece, half + step * AGAIN_EVERY_M, first.size) for step in steps]


def _along_channels(
    first: _Spot, polygons: Geometries, bounds: tuple[float, float, float, float]
) -> list[_Spot]:
    """Spots in the middle of the water, cut across every AGAIN_EVERY_M; only of what is long."""
    spots: list[_Spot] = []
    parts = shapely.get_parts(shapely.clip_by_rect(shapely.union_all(polygons), *bounds))
    for part in (p for p in parts if isinstance(p, shapely.Polygon) and p.area >= _LEAST_M["water"]):
        direction, ratio = _axis(part)
        if ratio < _ELONGATED:
            continue
        middles = _cuts(part, direction, _steps(part, direction))
        for before, (x, y, _), after in zip(middles, middles[1:], middles[2:], strict=False):
            angle = math.atan2(after[1] - before[1], after[0] - before[0])
            spots.append(_Spot(first.text, x, y, _upright(math.cos(angle), math.sin(angle)), first.size))
    return spots


def _steps(polygon: shapely.Polygon, direction: float) -> list[float]:
    """Shares of the length of a polygon, a third of AGAIN_EVERY_M apart."""
    low_x, _, high_x, _ = affinity.rotate(polygon, -direction, origin=(0, 0), use_radians=True).bounds
    count = max(3, int((high_x - low_x) / (AGAIN_EVERY_M / 3)))
    return [float(share) for share in np.linspace(0.05, 0.95, count)]


def _in_area(name: str, polygons: Geometries, bounds: tuple[float, float, float, float]) -> _Spot | None:
    """The centroid of an area when that lies in it, else a point inside; None when it is out of bounds."""
    largest = _largest(shapely.union_all(polygons))
    middle = largest.centroid if largest.contains(largest.centroid) else largest.representative_point()
    if not shapely.box(*bounds).covers(middle):
        return None
    return _Spot(name, middle.x, middle.y, 0.0, float(shapely.area(polygons).sum()))


def _on_water(name: str, polygons: Geometries, bounds: tuple[float, float, float, float]) -> _Spot | None:
    """The middle of a canal with its direction, or the most open spot of a pond."""
    part = _largest(shapely.clip_by_rect(shapely.union_all(polygons), *bounds))
    if part.is_empty or part.area < _LEAST_M["water"]:
        return None
    direction, ratio = _axis(part)
    spot = _mid_channel(part, direction) if ratio >= _ELONGATED else None
    if spot is None:
        centre = shapely.maximum_inscribed_circle(part, tolerance=1.0).coords[0]
        around = part.intersection(shapely.Point(centre).buffer(60.0))
        direction, ratio = _axis(_largest(around))
        spot = (centre[0], centre[1], direction if ratio >= 1.5 else 0.0)
    x, y, angle = spot
    # The root of the area compares with the length of a canal that came as a line.
    size = math.sqrt(float(shapely.area(polygons).sum()))
    return _Spot(name, x, y, _upright(math.cos(angle), math.sin(angle)), size)


def _largest(area: shapely.Geometry) -> shapely.Polygon:
    """The largest polygon of an area; an empty one when there is none."""
    parts = [g for g in shapely.get_parts(area) if isinstance(g, shapely.Polygon)]
    return max(parts, key=lambda g: g.area, default=shapely.Polygon())


def _axis(polygon: shapely.Polygon) -> tuple[float, float]:
    """Direction (radians) of the long side of the tightest rectangle, and length over width."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    if len(corners) < 4:
        return 0.0, 1.0
    sides = corners[1:3] - corners[:2]
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    longer = int(np.argmax(lengths))
    direction = math.atan2(sides[longer, 1], sides[longer, 0])
    return direction, float(lengths[longer] / max(lengths[1 - longer], 1e-6))


def _mid_channel(polygon: shapely.Polygon, direction: float) -> tuple[float, float, float] | None:
    """The middle of the widest of nine cuts across the middle half, with the direction between its
    neighbours; None when the cuts miss the water."""
    middles = _cuts(polygon, direction, [float(share) for share in np.linspace(0.25, 0.75, 9)])
    if len(middles) < 3:
        return None
    # The widest of the inner cuts; of equals the one nearest the middle.
    best = max(
        range(1, len(middles) - 1), key=lambda k: (round(middles[k][2], 2), -abs(k - len(middles) // 2))
    )
    (x0, y0, _), (x, y, _), (x1, y1, _) = middles[best - 1 : best + 2]
    return x, y, math.atan2(y1 - y0, x1 - x0)


def _cuts(
    polygon: shapely.Polygon, direction: float, shares: Sequence[float]
) -> list[tuple[float, float, float]]:
    """The middle and width of the widest piece of water across each share of the length."""
    level = affinity.rotate(polygon, -direction, origin=(0, 0), use_radians=True)
    low_x, low_y, high_x, high_y = level.bounds
    cosine, sine = math.cos(direction), math.sin(direction)
    middles: list[tuple[float, float, float]] = []
    for share in shares:
        x = low_x + share * (high_x - low_x)
        across = shapely.intersection(level, shapely.LineString([(x, low_y - 1), (x, high_y + 1)]))
        widest = max(shapely.get_parts(across), key=lambda g: g.length, default=None)
        if widest is not None and widest.length > 0:
            y = widest.centroid.y
            middles.append((x * cosine - y * sine, x * sine + y * cosine, widest.length))
    return middles


def _upright(dx: float, dy: float) -> float:
    """The angle of a direction in degrees, turned so that text on it is not upside down: (-90, 90]."""
    angle = math.degrees(math.atan2(dy, dx))
    angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
    return round(angle, 1) + 0.0
