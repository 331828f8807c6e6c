"""One neighbourhood of 640 m: an old town inside a ring canal, with a garden quarter and flats outside.

Its main street leaves in the middle of the west and east side and its canal in the middle of the north and
south side, so that neighbourhoods laid side by side are one town.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.curves import Curve, arc_around, ring_around
from tweestad.synthetic.houses import House, church, flats, mill, school, sector
from tweestad.synthetic.rows import Fill, plots_along

Points = NDArray[np.float64]

SIDE_M = 640.0
HOUSES = 200
DESIGNS = 25
_HALF = SIDE_M / 2
CANAL_M = 10.0
RING_CANAL_M = 14.0


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A street or path: its centre line, OSM's word for its kind, and its width in metres.

    `part` says which part of a neighbourhood it is, from which its name follows; "" has no name.
    """

    line: Curve
    highway: str
    part: str
    width_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A piece of land or water; `part` as for a way, `kind` is OSM's word for it."""

    polygon: shapely.Geometry
    part: str
    kind: str


@dataclass(slots=True)
class Neighbourhood:
    """Everything in one design, in metres around its own middle; houses the most important first."""

    design: int
    ways: list[Way] = field(default_factory=list)
    waters: list[Area] = field(default_factory=list)
    parks: list[Area] = field(default_factory=list)
    quarters: list[Area] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Skeleton:
    canal: Curve
    main: Curve
    radius: float
    wobble: tuple[float, float, float]

    def out(self, metres: float) -> Curve:
        """The ring that lies this far outside the middle of the ring canal."""
        return ring_around(lambda a: self.at(a) + metres)

    def arc(self, metres: float, start_deg: float, end_deg: float) -> Curve:
        return arc_around(lambda a: self.at(a) + metres, start_deg, end_deg)

    def at(self, angle: float) -> float:
        """The radius of the ring canal at an angle."""
        size, first, second = self.wobble
        return self.radius * (
            1 + size * math.cos(2 * angle + first) + 0.6 * size * math.cos(3 * angle + second)
        )

    def point(self, angle_deg: float, metres: float) -> tuple[float, float]:
        angle = math.radians(angle_deg)
        r = self.at(angle) + metres
        return r * math.cos(angle), r * math.sin(angle)


def design_of(number: int) -> int:
    """Which design a neighbourhood of a large town has: the old town once, and then the others by turns."""
    return number if number < DESIGNS else 1 + (number - 1) % (DESIGNS - 1)


def lay_out(seed: int, design: int) -> Neighbourhood:
    """A design; the same seed gives the same one, whatever the size of the town."""
    chance = Chance(seed, "neighbourhood", design)
    bones = _skeleton(chance)
    place = Neighbourhood(design)
    _add_water(place, bones)
    _add_ways(place, bones)
    _add_park(place, bones)
    _add_quarters(place, bones)
    place.houses = list(_houses(place, bones, chance))
    return place


def _skeleton(chance: Chance) -> _Skeleton:
    bend, phase = chance.between(16, 26), chance.between(0, 2 * math.pi)
    sway, shift = chance.between(8, 16), chance.between(0, 2 * math.pi)

    def still_at_the_edge(t: float) -> float:
        return math.cos(math.pi * t / SIDE_M) ** 2

    def canal(y: float) -> tuple[float, float]:
        return bend * math.sin(2 * math.pi * y / 430 + phase) * still_at_the_edge(y), y

    def main(x: float) -> tuple[float, float]:
        return x, sway * math.sin(2 * math.pi * x / 370 + shift) * still_at_the_edge(x)

    wobble = (chance.between(0.03, 0.07), chance.between(0, 6.28), chance.between(0, 6.28))
    return _Skeleton(
        Curve.along(canal, -_HALF, _HALF, 160),
        Curve.along(main, -_HALF, _HALF, 160),
        chance.between(118, 128),
        wobble,
    )


def _add_water(place: Neighbourhood, bones: _Skeleton) -> None:
    half = RING_CANAL_M / 2
    ring = shapely.Polygon(bones.out(half).points, [bones.out(-half).points])
    canal = bones.canal.line().buffer(CANAL_M / 2, cap_style="flat")
    place.waters += [
        Area(ring, "ring canal", "canal"),
        Area(canal, "canal", "canal"),
    ]


def _add_ways(place: Neighbourhood, bones: _Skeleton) -> None:
    inside = shapely.Polygon(bones.out(-14).points)
    quays = [("quay west", bones.canal.shifted(8.8)), ("quay east", bones.canal.shifted(-8.8))]
    ways = [("main", bones.main, "tertiary", 7.5)]
    for part, line in quays:
        pieces = _lines(line.line().intersection(inside))
        ways += [(part, Curve(shapely.get_coordinates(piece)), "residential", 5.5) for piece in pieces]
    ways += [
        ("ring", bones.out(-12.5), "residential", 5.5),
        ("outer", bones.out(12.5), "residential", 6.0),
        ("west arc", bones.arc(62, 106, 254), "residential", 5.5),
        ("east arc", bones.arc(66, -72, 16), "residential", 6.0),
        ("radial north-west", _radial(bones, 146, -12.5, 62), "residential", 5.0),
        ("radial south-west", _radial(bones, 214, 12.5, 62), "residential", 5.0),
        ("radial north-east", _radial(bones, 16, 12.5, 66), "residential", 5.0),
        ("radial south-east", _radial(bones, -48, -12.5, 66), "residential", 5.0),
        ("radial north-west", _radial(bones, 128, 62, 116), "footway", 2.4),
    ]
    quay_at = bones.canal.shifted(8.8).at(_HALF - 25)[0]
    ways += [
        ("lane east", Curve(np.array([[38.0, 24.0], [78.0, 24.0]])), "pedestrian", 18.0),
        ("lane west", Curve(np.array([[-54.0, -25.0], quay_at])), "footway", 2.4),
    ]
    place.ways += [Way(line, kind, part, width) for part, line, kind, width in ways]


def _add_park(place: Neighbourhood, bones: _Skeleton) -> None:
    inner, outer = bones.arc(24, 26, 70), bones.arc(118, 32, 66)
    green = shapely.Polygon(sector(inner, outer)).buffer(-14).buffer(14)
    pond_at = bones.point(48, 74)
    pond = shapely.Point(pond_at).buffer(17, quad_segs=12)
    bulge = shapely.Point(pond_at[0] + 17, pond_at[1] - 9).buffer(13, quad_segs=12)
    pond = shapely.union(pond, bulge).buffer(-3).buffer(3)
    around = shapely.get_exterior_ring(shapely.simplify(shapely.buffer(pond, 7, quad_segs=12), 0.2))
    place.parks.append(Area(green, "park", "park"))
    place.waters.append(Area(pond, "pond", "pond"))
    path = Curve(shapely.get_coordinates(around), closed=True)
    place.ways.append(Way(path, "footway", "", 2.4))
    for angle in (30, 49, 66):
        # From the road along the ring canal to the path around the pond.
        start = bones.point(angle, 12.5)
        end = shapely.get_coordinates(shapely.shortest_line(around, shapely.Point(start)))[0]
        place.ways.append(Way(Curve(np.array([start, end])), "footway", "", 2.4))
    court = shapely.box(-78, -36, -54, -14)
    place.parks.append(Area(court, "court", "park"))


def _add_quarters(place: Neighbourhood, bones: _Skeleton) -> None:
    square = shapely.box(-_HALF, -_HALF, _HALF, _HALF)
    centre = shapely.Polygon(bones.out(0).points)
    canal = bones.canal.points
    west_half = shapely.Polygon([*canal, (-_HALF, _HALF), (-_HALF, -_HALF)])
    west = shapely.difference(west_half, centre)
    east = shapely.difference(shapely.difference(square, west_half), centre)
    for part, shape in (("centre", centre), ("west", west), ("east", east)):
        place.quarters.append(Area(shape, part, part))


def _houses(place: Neighbourhood, bones: _Skeleton, chance: Chance) -> Iterator[House]:
    fill = Fill(
        [way.line.line().buffer(way.width_m / 2 + 0.7) for way in place.ways]
        + [shapely.buffer(area.polygon, 1.5) for area in (*place.waters, *place.parks)]
    )
    if place.design % 4 == 0:
        # The first spot that is free: how much room there is depends on the bend of the canal.
        spots = [church((x, y), Chance(place.design, "church")) for y in (52, 56) for x in (50, 55, 60)]
        for house in spots:
            if fill.take(house.outline):
                yield house
                break
    special = [school(bones.point(-62, 106), chance)] if place.design % 3 == 0 else []
    special += [mill(bones.point(127, 128), chance)] if place.design % 7 == 0 else []
    special += [_flats(bones, start, end, chance) for start, end in ((-44, -26), (-22, -6), (-72, -53))]
    yield from (house for house in special if fill.take(house.outline))
    yield from _old_town(bones, fill, chance)
    yield from _garden_quarter(bones, fill, chance)


def _flats(bones: _Skeleton, start: float, end: float, chance: Chance) -> House:
    inset = 4.5
    outline = sector(bones.arc(19, start, end), bones.arc(57, start, end))
    court = sector(bones.arc(30, start + inset, end - inset), bones.arc(46, start + inset, end - inset))
    return flats(outline, court[::-1], chance)


def _old_town(bones: _Skeleton, fill: Fill, chance: Chance) -> Iterator[House]:
    for side in (1, -1):
        quay = bones.canal.part(_HALF - 104, _HALF + 104)
        front = (quay if side > 0 else quay.reversed()).shifted(12.5)
        yield from plots_along(front, fill, chance, "canal")
    for street in (bones.main, bones.main.reversed()):
        yield from plots_along(street.part(_HALF - 88, _HALF + 88).shifted(4.6), fill, chance, "canal")
    yield from plots_along(bones.out(-16.3), fill, chance, "town")
    for corners in (
        [(-80, -38), (-80, -12)],
        [(-80, -12), (-52, -12)],
        [(-52, -38), (-80, -38)],
    ):
        outside = Curve(np.linspace(corners[0], corners[1], 8)).shifted(0.5)
        yield from plots_along(outside, fill, chance, "court")


def _garden_quarter(bones: _Skeleton, fill: Fill, chance: Chance) -> Iterator[House]:
    yield from plots_along(bones.arc(67.5, 108, 252).reversed(), fill, chance, "villa")
    yield from plots_along(bones.arc(71, -70, 14).reversed(), fill, chance, "terrace")
    yield from plots_along(bones.arc(54.5, 108, 252), fill, chance, "villa")
    yield from plots_along(bones.arc(19, 100, 260).reversed(), fill, chance, "villa")


def _radial(bones: _Skeleton, angle: float, start: float, end: float) -> Curve:
    return Curve(np.array([bones.point(angle, start + (end - start) * t / 6) for t in range(7)]))


def _lines(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
