"""Cells with few homes: a business area, a park with villas, sports fields, and farmland with ditches."""

from __future__ import annotations

import numpy as np
import shapely

from tweestad.synthetic.form.dwellings import farmhouse
from tweestad.synthetic.form.ground import river_width_m
from tweestad.synthetic.form.home_quarters import VILLAS
from tweestad.synthetic.form.houses import mill, school
from tweestad.synthetic.form.rows import Row
from tweestad.synthetic.form.sheet import HALF, Sheet, ring, wavy
from tweestad.synthetic.form.works import barn, office, shed, sports_hall

SHEDS = Row(shed, (28.0, 50.0), (34.0, 46.0), (1978, 2021), (1, 1), (8.0, 16.0))


def lay_out_business(sheet: Sheet) -> None:
    """Wide roads with big flat halls, two offices at the entrance."""
    rails = sheet.cell.row % 5 == 1
    roads = [sheet.street([(-HALF, y), (HALF, y)], "unclassified") for y in (-75, 35)]
    spine = sheet.street([(0, -HALF), (0, 35)], "unclassified")
    if rails:
        for y in (126, 131):
            sheet.street([(-HALF, y), (HALF, y)], "rail", "")
    for x, y in ((-128, -120), (22, -112)):
        sheet.stand(sheet.plot(x, y, 26, 17), lambda p: office(p, sheet.chance, 2004))
    for line in roads:
        sheet.both(line, 9.0, SHEDS)
    sheet.both(spine, 9.0, SHEDS)
    sheet.trees(spine, -6.0, 6.0)


def lay_out_park(sheet: Sheet) -> None:
    """A town park with a pond and winding paths, villas along its edges, a school and a mill."""
    lane = sheet.street([(-HALF, -100), *wavy((-130, -100), (130, -100), 8), (HALF, -100)], "residential")
    west = sheet.street(wavy((-100, -HALF), (-100, HALF), 6), "residential")
    pond = shapely.Polygon(ring(36, 17)).buffer(0)
    pond = shapely.union(pond, shapely.Polygon(ring(20, 24) + np.array([30, 16]))).buffer(-4).buffer(4)
    pond = shapely.transform(pond, lambda xy: xy + np.array([28, 14]))
    sheet.water(pond, "Parkvijver", "pond")
    green = shapely.box(-62, -58, 132, 132).buffer(-26).buffer(26)
    sheet.park(shapely.difference(green, pond), "Stadspark")
    walk = ring(74, 62, power=2.4) + np.array([34, 30])
    sheet.street(walk, "footway")
    sheet.street(wavy((-100, 30), (-40, 30), 4), "footway")
    sheet.street(wavy((108, 30), (HALF, 30), 4), "footway")
    sheet.street(wavy((34, 92), (34, HALF), 4), "footway")
    sheet.street(wavy((34, -32), (34, -97), 5), "footway")
    spot = sheet.at([[122, -72]])[0]
    house = mill((float(spot[0]), float(spot[1])), sheet.chance)
    sheet.reserve(shapely.box(112, -84, 132, -62))
    sheet.houses.append(house)
    spot = sheet.at([[-20, -125]])[0]
    house = school((float(spot[0]), float(spot[1])), sheet.chance)
    if sheet.fill.take(house.outline):
        sheet.houses.append(house)
    sheet.both(west, 8.0, VILLAS)
    sheet.both(lane, 8.0, VILLAS)
    sheet.trees(lane, -4.4, 4.4)


def lay_out_sports(sheet: Sheet) -> None:
    """Pitches with a clubhouse and a hall."""
    road = sheet.street([(-HALF, 0), (HALF, 0)])
    sheet.street([(0, 0), (0, 128)], "footway")
    for x in (-75, 75):
        sheet.park(shapely.box(x - 52, 30, x + 52, 98), "", "pitch")
        sheet.park(shapely.box(x - 52, -132, x + 52, -64), "", "pitch")
    for n, x in enumerate((-110, -70)):
        sheet.stand(sheet.plot(x, -30 + n, 34, 22, 2), lambda p: sports_hall(p, 1996))
    sheet.stand(sheet.plot(40, -28, 46, 30, 2), lambda p: sports_hall(p, 2009))
    sheet.trees(road, -4.4, 4.4)


def lay_out_farm(sheet: Sheet) -> None:
    """Meadows between ditches, a farm on the road, and in the south of a district the river."""
    river = sheet.cell.row % 5 == 3
    low, high = -HALF + 6, HALF - 6
    if river:
        wide = river_width_m((sheet.cell.row + 2) // 5)
        sheet.water(
            shapely.box(-HALF, -wide / 2, HALF, wide / 2), "Stadsrivier" if wide > 20 else "Wetering", "river"
        )
        low = wide / 2 + 34
    homes = shapely.box(-40, HALF - 70, 40, HALF)
    for x in np.arange(-HALF + 22, HALF - 10, 37.5):
        ditch = shapely.LineString([(x, low), (x, high - 8)]).buffer(1.3, cap_style="flat")
        _ditch(sheet, shapely.difference(ditch, homes))
        if river:
            ditch = shapely.LineString([(x, -low), (x, -HALF + 14)]).buffer(1.3, cap_style="flat")
            _ditch(sheet, ditch)
    if sheet.cell.number < 0:
        return
    road = sheet.street([(0, HALF), (0, HALF - 40)], "service")
    sheet.stand(sheet.plot(-18, HALF - 30, 19, 19), lambda p: farmhouse(p, sheet.chance))
    sheet.stand(sheet.plot(22, HALF - 34, 18, 38), lambda p: barn(p, sheet.chance))
    sheet.trees(road, -4.0)


def _ditch(sheet: Sheet, shape: shapely.Geometry) -> None:
    for part in shapely.get_parts(shape).tolist():
        if part.area > 40:
            sheet.water(part, "", "ditch")
