"""Quarters to live in since 1920: a garden quarter, woonerven, flats in the green, and one being built."""

from __future__ import annotations

import math

import shapely

from tweestad.synthetic.form.dwellings import (
    gallery_flat,
    garden_house,
    new_house,
    semi_detached,
    terrace_house,
    tower_block,
    villa,
    walk_up,
)
from tweestad.synthetic.form.houses import school
from tweestad.synthetic.form.rows import Row
from tweestad.synthetic.form.sheet import HALF, Sheet, ring, wavy

GARDEN = Row(garden_house, (6.2, 7.2), (11.5, 12.5), (1927, 1938), (4, 7), (5.0, 8.0), 0.0, True)
PAIRS = Row(semi_detached, (7.0, 8.0), (11.0, 12.0), (1924, 1939), (2, 2), (6.0, 9.0), 0.0, True)
VILLAS = Row(villa, (9.0, 12.0), (11.0, 13.0), (1919, 1939), (1, 1), (6.0, 11.0))
TERRACES = Row(terrace_house, (5.7, 6.0), (11.8, 12.4), (1968, 1984), (4, 7), (3.5, 5.0), 2.4, True)
NEW = Row(new_house, (5.7, 6.6), (11.5, 12.5), (2022, 2028), (4, 7), (4.5, 8.0), 0.0, True)
WALK_UPS = Row(walk_up, (44.0, 52.0), (10.5, 11.0), (1956, 1966), (1, 1), (12.0, 16.0), 0.0, True)


def lay_out_garden(sheet: Sheet) -> None:
    """Lanes that bend around a green, with rows and pairs of the 1930s in their gardens."""
    brink = ring(34, 26)
    sheet.park(shapely.Polygon(brink), "Brink")
    around = sheet.street(brink * (42 / 34))
    outer = sheet.street(ring(104, 100, power=2.6), "residential")
    spokes = [
        sheet.street(wavy(start, end, 5))
        for start, end in (
            ((0, -HALF), (0, -32)), ((0, 32.5), (0, HALF)), ((-HALF, 0), (-42, 0)), ((42, 0), (HALF, 0)),
        )
    ]  # fmt: skip
    sheet.street([(-42, 0), (42, 0)], "footway")
    sheet.street([(0, -32), (0, 32)], "footway")
    for line in spokes:
        sheet.trees(line, -4.2, 4.2)
    sheet.row(around, -1, 6.5, PAIRS)
    for line in spokes:
        sheet.both(line, 6.8, GARDEN)
    sheet.row(outer, 1, 6.8, GARDEN)
    sheet.row(outer, -1, 7.0, PAIRS if sheet.cell.column % 2 else GARDEN)


def lay_out_woonerf(sheet: Sheet) -> None:
    """A loop road with winding dead-end woonerven, short staggered rows, and two gallery flats."""
    loop = sheet.street([(-HALF, -60), *wavy((-128, -60), (128, -60), 9, 1.0), (HALF, -60)], "residential")
    upper = sheet.street([(-HALF, 60), *wavy((-128, 60), (128, 60), 9, 1.0, math.pi), (HALF, 60)])
    phase = sheet.chance.between(0, 6)
    yards = []
    for n, x in enumerate((-98, -28, 42)):
        y0 = _swing_at(x, -60, 0.0)
        y1 = _swing_at(x, 60, math.pi)
        yards.append(sheet.street(wavy((x, y0), (x, y1), 7, 1.0, phase + n), "living_street"))
        yards.append(sheet.street(wavy((x, y0), (x + 8, -136), 6, 1.0, phase - n), "living_street"))
        yards.append(sheet.street(wavy((x, y1), (x - 6, 136), 6, 1.0, phase + 2 * n), "living_street"))
        sheet.street([(x + 8, -136), (x + 10, -HALF)], "footway")
        sheet.street([(x - 6, 136), (x - 5, HALF)], "footway")
    green = shapely.box(86, -44, 140, 44).buffer(-6).buffer(6)
    sheet.park(green, "Speelveld")
    for y in (-26, 26):
        sheet.stand(
            sheet.plot(106, y * 3.75, 50, 12.5), lambda p: gallery_flat(p, sheet.chance.whole(6, 9), 1973)
        )
    sheet.trees(loop, -4.5, 4.5)
    for line in yards:
        sheet.both(line, 6.0, TERRACES)
    sheet.both(loop, 7.5, TERRACES)
    sheet.both(upper, 7.5, TERRACES)


def lay_out_flats(sheet: Sheet) -> None:
    """Strips of four storeys in the green of the years of rebuilding, with two high flats."""
    lines = [sheet.street([(-HALF, y), (HALF, y)]) for y in (-90, 0, 90)]
    sheet.street([(0, -HALF), (0, HALF)])
    for x in (-74, 74):
        sheet.park(shapely.box(x - 40, 26, x + 40, 62).buffer(-6).buffer(6), "Plantsoen")
    for x, y in ((-118, -44), (118, -44)):
        sheet.stand(sheet.plot(x, y, 52, 13, 1), lambda p: gallery_flat(p, 10, 1967))
    spot = sheet.at([[-60, -52]])[0]
    house = school((float(spot[0]), float(spot[1])), sheet.chance)
    if sheet.fill.take(house.outline):
        sheet.houses.append(house)
    for line in lines:
        sheet.trees(line, -4.5, 4.5)
        sheet.both(line, 10.0, WALK_UPS)
    for line in lines:
        sheet.both(line, 8.0, TERRACES)


def lay_out_new(sheet: Sheet) -> None:
    """Straight streets along new water; the eastern part is still sand, foundations and plans."""
    sheet.water(shapely.box(-58, -HALF + 14, -48, HALF - 14), "Nieuwe Vaart", "canal")
    sheet.water(shapely.box(-48, -6, 96, 4), "Nieuwe Vaart", "canal")
    uprights = [sheet.street([(x, -HALF), (x, HALF)]) for x in (-105, -34, 32)]
    for y in (-95, 70):
        sheet.street([(-HALF, y), (HALF, y)])
    sheet.street([(-105, 20), (-36, 20)], "cycleway", "")
    sheet.park(shapely.box(-96, -84, -66, -10), "Nieuw Park")
    sheet.site(shapely.box(62, -84, 138, 60), "Bouwterrein")
    for x, y, storeys, built in ((112, 96, 14, 2026), (112, -118, 11, 2024)):
        sheet.stand(sheet.plot(x, y, 26, 22), lambda p, s=storeys, b=built: tower_block(p, s, b))  # type: ignore[misc]
    for line in uprights:
        sheet.trees(line, -4.2)
    for line in uprights:
        sheet.both(line, 6.2, NEW)


def _swing_at(x: float, y: float, phase: float) -> float:
    """Where the loop of a woonerf is at x."""
    t = (x + 128) / 256
    return y + 9 * math.sin(2 * math.pi * t + phase) * math.sin(math.pi * t)
