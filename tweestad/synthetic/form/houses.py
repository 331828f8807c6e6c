"""What stands in and near an old centre: canal houses with gables, a church, a mill, a school, a hofje."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.form.solids import (
    Solid,
    facade,
    gable_across,
    gable_along,
    prism,
    spire,
)

Points = NDArray[np.float64]
IN_USE = "Pand in gebruik"
_FACADE_M = 0.45
_STOREY_M = 3.1


@dataclass(frozen=True, slots=True, eq=False)
class House:
    """One building with what a register would say of it.

    `outline` (n, 2) in EPSG:28992 counter-clockwise, `courtyards` clockwise; `solids` with z above the
    ground. `status` is the BAG's.
    """

    outline: Points
    solids: tuple[Solid, ...]
    built: int
    uses: tuple[str, ...]
    units: int
    roof: str
    courtyards: tuple[Points, ...] = ()
    status: str = IN_USE


def canal_house(plot: Points, chance: Chance) -> House:
    """A narrow, deep house with its gable on the quay: stepped, neck, bell, pointed, or a cornice."""
    eaves = chance.between(7.4, 11.4)
    ridge = eaves + chance.between(3.0, 4.4)
    built = chance.whole(1612, 1795) if chance.happens(0.8) else chance.whole(1868, 1908)
    style = chance.one_of(("stepped", "stepped", "neck", "bell", "pointed", "cornice", "cornice"))
    uses = (
        ("woonfunctie",)
        if chance.happens(0.66)
        else chance.one_of(
            (("winkelfunctie", "woonfunctie"), ("kantoorfunctie",), ("bijeenkomstfunctie", "woonfunctie"))
        )
    )
    units = chance.whole(1, 4)
    if style == "pointed":
        return House(plot, (gable_across(plot, 0.0, eaves, ridge),), built, uses, units, "slanted")
    left, right, back_right, back_left = plot
    deep = np.hypot(*(back_left - left))
    share = _FACADE_M / deep
    behind = np.array(
        [left + (back_left - left) * share, right + (back_right - right) * share, back_right, back_left]
    )
    front = facade(left, right, gable_outline(style, eaves, ridge), _FACADE_M * 0.98)
    return House(plot, (gable_across(behind, 0.0, eaves, ridge), front), built, uses, units, "slanted")


def gable_outline(style: str, eaves: float, ridge: float) -> list[tuple[float, float]]:
    """The outline of a façade as (share of the width, height), from the left foot over the top."""
    top = ridge + 0.7
    if style == "cornice":
        return [(0, 0), (0, eaves + 1.1), (1, eaves + 1.1), (1, 0)]
    if style == "stepped":
        heights = [eaves + 0.5 + (top - eaves - 0.5) * n / 3 for n in range(4)]
        left: list[tuple[float, float]] = [(0, 0), (0, heights[0])]
        for n in range(1, 4):
            left += [(0.115 * n, heights[n - 1]), (0.115 * n, heights[n])]
    elif style == "neck":
        left = [
            (0, 0),
            (0, eaves + 0.4),
            (0.14, eaves + 0.7),
            (0.27, eaves + 1.6),
            (0.29, top),
            (0.5, top + 0.8),
        ]
    else:
        curve = [(0.0, 0.35), (0.07, 0.42), (0.15, 0.62), (0.24, 0.84), (0.36, 0.97)]
        left = [(0, 0), *((s, eaves + (top - eaves) * h) for s, h in curve), (0.5, top + 0.35)]
    mirrored = [(1 - share, height) for share, height in reversed(left) if share < 0.5]
    return [*left, *mirrored]


def town_house(plot: Points, chance: Chance) -> House:
    """A house on the ring street, of every century."""
    eaves = chance.between(5.6, 8.6)
    ridge = eaves + chance.between(2.4, 3.6)
    built = chance.one_of((chance.whole(1640, 1790), chance.whole(1840, 1899), chance.whole(1900, 1932)))
    uses = ("woonfunctie",) if chance.happens(0.8) else ("winkelfunctie", "woonfunctie")
    kind = chance.one_of(("along", "along", "across", "flat"))
    if kind == "flat":
        return House(plot, (prism(plot, 0.0, eaves + 1.6),), built, uses, chance.whole(2, 4), "horizontal")
    shape = gable_along if kind == "along" else gable_across
    return House(plot, (shape(plot, 0.0, eaves, ridge),), built, uses, chance.whole(1, 3), "slanted")


def court_house(plot: Points, chance: Chance) -> House:
    """A very small house around the garden of a hofje."""
    eaves = chance.between(2.9, 3.2)
    return House(plot, (gable_along(plot, 0.0, eaves, eaves + 2.6),), 1687, ("woonfunctie",), 1, "slanted")


def flats(outline: Points, courtyard: Points, chance: Chance) -> House:
    """A closed block of flats around a shared garden."""
    storeys = chance.whole(4, 5)
    solid = prism(outline, 0.0, storeys * _STOREY_M + 0.6, [courtyard])
    uses = ("woonfunctie",) if chance.happens(0.5) else ("winkelfunctie", "woonfunctie")
    units = storeys * chance.whole(9, 14)
    built = chance.one_of((1926, 1931, 1958, 1983, 1999, 2019))
    return House(outline, (solid,), built, uses, units, "horizontal", (courtyard,))


def church(middle: tuple[float, float], chance: Chance) -> House:
    """A nave, an apse, and a tower with a spire that shows from everywhere."""
    x, y = middle
    nave = box(x, y, 34, 14)
    aisle = box(x + 3, y, 9, 25)
    tower = box(x - 20.5, y, 7.6, 7.6)
    apse = np.array(
        [[x + 17 + 6 * math.cos(a), y + 6 * math.sin(a)] for a in np.linspace(-math.pi / 2, math.pi / 2, 6)]
    )
    top = chance.between(50, 58)
    # The ridge of a box whose front is its short, western side runs from west to east.
    solids = (
        gable_across(np.array([nave[3], nave[0], nave[1], nave[2]]), 0.0, 11.5, 19.5),
        gable_across(aisle, 0.0, 10.5, 16.5),
        spire(apse, 0.0, 10.0, 15.0),
        spire(tower, 0.0, 29.0, top, 0.96),
    )
    outline = np.array([tower[3], tower[0], *_hull_tail(nave, aisle, apse, tower)])
    return House(outline, solids, chance.whole(1424, 1546), ("bijeenkomstfunctie",), 1, "slanted")


def _hull_tail(nave: Points, aisle: Points, apse: Points, tower: Points) -> list[Points]:
    """The rest of the church's outline after the west side of its tower, counter-clockwise."""
    south = [np.array([nave[0][0], tower[1][1]]), nave[0], np.array([aisle[0][0], nave[0][1]])]
    south += [aisle[0], aisle[1], np.array([aisle[1][0], nave[0][1]]), nave[1]]
    north = [nave[2], np.array([aisle[1][0], nave[2][1]]), aisle[2], aisle[3]]
    north += [np.array([aisle[0][0], nave[2][1]]), nave[3], np.array([nave[0][0], tower[2][1]])]
    return [*south, *apse, *north]


def mill(middle: tuple[float, float], chance: Chance) -> House:
    """A tower mill with its sails crosswise."""
    x, y = middle
    angles = [math.pi / 4 * n + math.pi / 8 for n in range(8)]
    foot = np.array([[x + 5.2 * math.cos(a), y + 5.2 * math.sin(a)] for a in angles])
    hub = 15.0
    body = spire(foot, 0.0, 16.0, 19.0, 0.55)
    sails = [_sail(x, y - 4.4, hub, math.radians(20 + 90 * n)) for n in range(4)]
    return House(foot, (body, *sails), chance.whole(1722, 1781), ("bijeenkomstfunctie",), 1, "slanted")


def _sail(x: float, y: float, hub: float, angle: float) -> Solid:
    """A thin board from the hub outwards, in the plane of the sails."""
    reach, half = 11.0, 0.9
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    corners = [(1.0, -half), (1.0, half), (reach, half), (reach, -half)]
    outline = [(a * along[0] + b * across[0], hub + a * along[1] + b * across[1]) for a, b in corners]
    return facade(np.array([x, y]), np.array([x + 1.0, y]), outline, 0.25)


def school(middle: tuple[float, float], chance: Chance) -> House:
    """Two flat wings at a right angle, one of them a storey higher."""
    x, y = middle
    long, short = box(x, y, 42, 12), box(x - 15, y + 15, 12, 18)
    solids = (prism(long, 0.0, 7.4), prism(short, 0.0, 4.2))
    outline = np.array([long[0], long[1], long[2], [short[1][0], long[2][1]], short[2], short[3]])
    return House(
        outline, solids, chance.one_of((1957, 1974, 2008)), ("onderwijsfunctie",), 1, "multiple horizontal"
    )


def box(x: float, y: float, wide: float, deep: float) -> Points:
    return np.array(
        [
            [x - wide / 2, y - deep / 2],
            [x + wide / 2, y - deep / 2],
            [x + wide / 2, y + deep / 2],
            [x - wide / 2, y + deep / 2],
        ]
    )
