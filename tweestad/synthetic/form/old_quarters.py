"""Quarters of before 1914: the centre inside its ring canal, workers' streets, and the station."""

from __future__ import annotations

import numpy as np
import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.form.dwellings import walk_up, workers_house
from tweestad.synthetic.form.houses import canal_house, church, court_house, school, town_house
from tweestad.synthetic.form.rows import Row
from tweestad.synthetic.form.sheet import HALF, Sheet, ring, wavy
from tweestad.synthetic.form.works import office, shed, station, town_hall

CANAL_HOUSES = Row(lambda p, c, _: canal_house(p, c), (5.2, 8.2), (10.5, 13.5), (0, 0))
TOWN_HOUSES = Row(lambda p, c, _: town_house(p, c), (6.2, 9.4), (8.5, 11.0), (0, 0))
COURT_HOUSES = Row(lambda p, c, _: court_house(p, c), (4.9, 4.9), (5.6, 5.6), (0, 0))
WORKERS = Row(workers_house, (5.6, 7.0), (11.0, 12.6), (1878, 1911), (9, 16), (3.0, 6.0))
_RING_M = 104.0


def lay_out_centre(sheet: Sheet) -> None:
    """Canal houses inside a ring canal, a market with church and town hall, a singel around it."""
    canal = wavy((-34, -_RING_M), (-34, _RING_M), 9, 1.0, sheet.chance.between(0, 6))
    loop = ring(_RING_M, _RING_M, power=2.3)
    sheet.water(shapely.difference(_disc(_RING_M + 6.5), _disc(_RING_M - 6.5)), "Singel", "canal")
    inner = shapely.LineString(canal).buffer(5.2, cap_style="flat")
    sheet.water(shapely.intersection(inner, _disc(_RING_M - 6.5)), "Oude Gracht", "canal")
    main = sheet.street(_across(5.0, 6.0), "pedestrian", "Hoofdstraat")
    north = sheet.street(_upright(10.0), "residential", "Kerkstraat")
    quays = [
        (
            sheet.street(_clipped(canal + np.array([8.6 * side, 0]), 92), "residential", name, oneway=True),
            side,
        )
        for side, name in ((-1, "Gracht Westzijde"), (1, "Gracht Oostzijde"))
    ]
    ring_road = sheet.street(loop * ((_RING_M - 12) / _RING_M), "residential", "Binnenring")
    singel = sheet.street(loop * ((_RING_M + 13) / _RING_M), "residential", "Singelweg")
    lanes = [
        sheet.street(_clipped(np.array([[x0, y], [x1, y]]), 92), kind)
        for x0, x1, y, kind in (
            (-100, 100, 60, "pedestrian"), (-100, 100, -46, "residential"), (10, 100, -20, "pedestrian"),
        )
    ]  # fmt: skip
    lanes.append(sheet.street(_clipped(np.array([[62, -100], [62, 5]]), 92), "pedestrian"))
    lanes.append(sheet.street(_clipped(np.array([[-68, -100], [-68, 100]]), 92), "pedestrian"))
    sheet.square(shapely.box(16, 9, 69, 21), "Grote Markt")
    sheet.park(shapely.box(30, -74, 44, -62), "Hofje", "park")
    corners = shapely.difference(shapely.box(-142, -142, 142, 142), _disc(_RING_M + 34))
    for corner in shapely.get_parts(corners.buffer(-7).buffer(7)).tolist():
        if corner.area > 300:
            sheet.park(corner, "Bolwerk", "park")
    spot = sheet.at([[44, 38.5]])[0]
    if sheet.cell.number == 0 or sheet.cell.column % 2 == 0:
        house = church((float(spot[0]), float(spot[1])), Chance(sheet.cell.number, "church"))
        if sheet.fill.take(house.outline):
            sheet.houses.append(house)
    sheet.stand(sheet.plot(79, 21.5, 19, 13, 3), town_hall)
    court = sheet.curve([(44.5, -61.5), (29.5, -61.5), (29.5, -74.5), (44.5, -74.5)])
    sheet.row(court, -1, 1.0, COURT_HOUSES)
    for quay, side in quays:
        sheet.row(quay, 1 if side < 0 else -1, 4.4, CANAL_HOUSES)
    sheet.both(main, 4.6, CANAL_HOUSES)
    sheet.both(north, 4.6, CANAL_HOUSES)
    sheet.row(ring_road, 1, 4.4, TOWN_HOUSES)
    for lane in lanes:
        sheet.both(lane, 4.4, TOWN_HOUSES)
    sheet.row(singel, -1, 6.5, TOWN_HOUSES)
    sheet.trees(ring_road, -4.0)
    sheet.trees(singel, 4.4)


def lay_out_streets(sheet: Sheet) -> None:
    """Long straight streets of workers' houses with a school and a small square between them."""
    lines = [sheet.street(_upright(x, 1.5)) for x in (-75, 0, 75)]
    cross = sheet.street(_across(0.0, 2.0))
    sheet.park(shapely.box(8, 10, 67, 74), "Plantsoen", "park")
    sheet.trees(cross, -4.0, 4.0)
    sheet.stand(sheet.plot(-114, -80, 34, 60), lambda p: shed(p, sheet.chance, 1907))
    sheet.stand(sheet.plot(37.5, -112, 44, 12.5, 2), lambda p: walk_up(p, sheet.chance, 1931))
    spot = sheet.at([[-34, 44]])[0]
    house = school((float(spot[0]), float(spot[1])), sheet.chance)
    if sheet.fill.take(house.outline):
        sheet.houses.append(house)
    sheet.both(cross, 5.0, WORKERS)
    for line in lines:
        sheet.both(line, 5.0, WORKERS)


def lay_out_station(sheet: Sheet) -> None:
    """The station on its square, with rails behind it, offices beside it and streets in front."""
    for y in (126, 131):
        sheet.street([(-HALF, y), (HALF, y)], "rail", "")
    sheet.square(shapely.box(-44, 70, 44, 94), "Stationsplein")
    square_road = sheet.street([(-HALF, 64), (HALF, 64)], "residential", "Spoorstraat")
    axis = sheet.street([(0, -HALF), (0, 64)], "residential", "Stationsstraat")
    sides = [sheet.street([(x, -HALF), (x, 64)]) for x in (-76, 66)]
    cross = sheet.street(_across(-45.0, 2.0))
    sheet.park(shapely.box(92, -30, 138, 40), "Stationspark", "park")
    sheet.stand(sheet.plot(-116, -96, 40, 62), lambda p: shed(p, sheet.chance, 1912))
    sheet.street([(0, 64), (0, 94)], "footway")
    sheet.stand(sheet.plot(0, 104, 78, 16), station)
    for x in (-84, 84):
        sheet.stand(sheet.plot(x, 84, 38, 17), lambda p: office(p, sheet.chance, 1988))
    sheet.stand(sheet.plot(126, 86, 22, 22), lambda p: office(p, sheet.chance, 2011))
    sheet.row(square_road, -1, 5.5, TOWN_HOUSES)
    sheet.both(axis, 7.0, TOWN_HOUSES)
    sheet.both(cross, 5.0, TOWN_HOUSES)
    for line in sides:
        sheet.both(line, 5.0, WORKERS)
    sheet.trees(axis, -5.0, 5.0)


def _disc(radius: float) -> shapely.Polygon:
    return shapely.Polygon(ring(radius, radius, power=2.3))


def _across(y: float, swing: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """From the west to the east border, meeting both where every cell does."""
    middle = wavy((-HALF + 20, y), (HALF - 20, y), swing)
    return np.array([(-HALF, y), *middle, (HALF, y)])


def _upright(x: float, swing: float = 3.0) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """From the south to the north border."""
    middle = wavy((x, -HALF + 20), (x, HALF - 20), swing)
    return np.array([(x, -HALF), *middle, (x, HALF)])


def _clipped(
    points: np.ndarray[tuple[int, int], np.dtype[np.float64]], radius: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The part of a line inside the road along the ring canal."""
    inside = shapely.intersection(shapely.LineString(points), _disc(radius))
    longest = max(shapely.get_parts(inside).tolist(), key=lambda part: float(part.length))
    return np.asarray(shapely.get_coordinates(longest))
