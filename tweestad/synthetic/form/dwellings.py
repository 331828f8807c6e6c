"""Houses and flats since 1860: rows with roofs of their time, villas, gallery flats, a new quarter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.form.houses import House
from tweestad.synthetic.form.solids import Solid, gable_across, gable_along, hipped, mansard, prism

Points = NDArray[np.float64]
_HOME = ("woonfunctie",)
_STOREY_M = 2.9


def part_of(plot: Points, across: tuple[float, float], deep: tuple[float, float]) -> Points:
    """A part of a plot of four corners, in shares of its width from the left and its depth from the front."""
    left, right, back_right, back_left = plot

    def at(u: float, v: float) -> Points:
        front, back = left + (right - left) * u, back_left + (back_right - back_left) * u
        corner: Points = front + (back - front) * v
        return corner

    (u0, u1), (v0, v1) = across, deep
    return np.array([at(u0, v0), at(u1, v0), at(u1, v1), at(u0, v1)])


def depth_of(plot: Points) -> float:
    """How deep a plot is on its left side, in metres."""
    return float(np.hypot(*(plot[3] - plot[0])))


def with_extension(plot: Points, body: Points, chance: Chance) -> tuple[Points, tuple[Solid, ...]]:
    """The outline of a house whose plot is deeper than its body, with a low extension behind it."""
    start = chance.one_of((0.0, 0.35, 0.0))
    end = 1.0 if start else chance.one_of((0.6, 1.0))
    share = depth_of(body) / depth_of(plot)
    low = part_of(plot, (start, end), (share, 1.0))
    left, right, back_right, back_left = body
    outline = [left, right, back_right]
    outline += [low[2], low[3]] if end == 1.0 else [low[1], low[2], low[3]]
    outline += [low[0], back_left] if start else [back_left]
    return np.array(outline), (prism(low, 0.0, chance.between(2.8, 3.1)),)


def _dormer(body: Points, eaves: float, ridge: float, chance: Chance) -> Solid:
    """A flat-roofed dormer in the slope at the street or behind."""
    behind = chance.happens(0.6)
    deep = (0.56, 0.86) if behind else (0.14, 0.44)
    wide = chance.one_of(((0.2, 0.8), (0.28, 0.72), (0.1, 0.9)))
    return prism(part_of(body, wide, deep), eaves + 0.25, min(eaves + 2.3, ridge - 0.35))


def _body(plot: Points, chance: Chance, share: float, extended: float) -> tuple[Points, Points, list[Solid]]:
    """The main part of a house, its outline, and its extension if it has one."""
    body = part_of(plot, (0.0, 1.0), (0.0, share))
    if not chance.happens(extended):
        return body, body, []
    outline, solids = with_extension(plot, body, chance)
    return body, outline, list(solids)


def workers_house(plot: Points, chance: Chance, built: int) -> House:
    """A narrow house of before 1914: a slope, a mansard or a flat cornice at the street."""
    body, outline, solids = _body(plot, chance, 0.74, 0.6)
    kind = chance.one_of(("along", "mansard", "mansard", "flat", "across"))
    eaves = chance.between(5.8, 7.0) if kind != "mansard" else chance.between(4.2, 6.6)
    if kind == "flat":
        solids.insert(0, prism(body, 0.0, eaves + 2.6))
    elif kind == "mansard":
        solids.insert(0, mansard(body, 0.0, eaves, eaves + 2.4, eaves + 3.3))
    else:
        shape = gable_along if kind == "along" else gable_across
        solids.insert(0, shape(body, 0.0, eaves, eaves + 3.0))
    shop = chance.happens(0.08)
    uses = ("winkelfunctie", "woonfunctie") if shop else _HOME
    roof = "horizontal" if kind == "flat" else "slanted"
    year = built + chance.whole(-3, 3)
    return House(outline, tuple(solids), year, uses, chance.one_of((1, 1, 1, 2)), roof)


def garden_house(plot: Points, chance: Chance, built: int) -> House:
    """A house of the 1930s: brick, under a steep roof with wide eaves."""
    body, outline, solids = _body(plot, chance, 0.76, 0.45)
    eaves = 5.4 if built % 2 else 4.6
    ridge = eaves + 4.2
    solids.insert(0, gable_along(body, 0.0, eaves, ridge))
    if chance.happens(0.35):
        solids.append(_dormer(body, eaves, ridge, chance))
    return House(outline, tuple(solids), built, _HOME, 1, "slanted")


def semi_detached(plot: Points, chance: Chance, built: int) -> House:
    """One half of a pair under one hipped roof; drawn as a house with a hip on all sides."""
    body, outline, solids = _body(plot, chance, 0.8, 0.6)
    eaves = chance.between(4.8, 5.6)
    solids.insert(0, hipped(body, 0.0, eaves, eaves + chance.between(3.4, 4.2)))
    return House(outline, tuple(solids), built, _HOME, 1, "slanted")


def villa(plot: Points, chance: Chance, built: int) -> House:
    """A house in its own garden, with a roof to four sides or a gable, many with a low wing."""
    body, outline, solids = _body(plot, chance, 0.78, 0.7)
    eaves = chance.between(3.4, 5.8)
    shape = hipped if chance.happens(0.65) else gable_across
    solids.insert(0, shape(body, 0.0, eaves, eaves + chance.between(3.2, 4.6)))
    return House(outline, tuple(solids), built, _HOME, 1, "slanted")


def terrace_house(plot: Points, chance: Chance, built: int) -> House:
    """One of a row of the 1960s to 1980s: the slope of its roof faces the street."""
    body, outline, solids = _body(plot, chance, 0.78, 0.3)
    eaves = 5.6 if built % 3 else 5.2
    ridge = eaves + (3.0 if built % 2 else 3.6)
    solids.insert(0, gable_along(body, 0.0, eaves, ridge))
    if chance.happens(0.3):
        solids.append(_dormer(body, eaves, ridge, chance))
    return House(outline, tuple(solids), built, _HOME, 1, "slanted")


def new_house(plot: Points, chance: Chance, built: int) -> House:
    """A house of after 2020: three storeys and a flat roof, or a steep gable at the street."""
    body = part_of(plot, (0.0, 1.0), (0.0, 0.84))
    kind = built * 7 % 3
    if kind == 0:
        solids: tuple[Solid, ...] = (
            prism(body, 0.0, 6.3),
            prism(part_of(body, (0.0, 1.0), (0.28, 1.0)), 6.3, 9.4),
        )
    elif kind == 1:
        solids = (gable_across(body, 0.0, 6.0, 10.4),)
    else:
        solids = (prism(body, 0.0, chance.one_of((9.4, 9.4, 6.6))),)
    house = House(body, solids, built, _HOME, 1, "slanted" if kind == 1 else "multiple horizontal")
    if built > 2026:
        return replace(house, status="Bouwvergunning verleend")
    return replace(house, status="Bouw gestart" if built == 2026 else "Pand in gebruik")


def gallery_flat(plot: Points, storeys: int, built: int) -> House:
    """A long flat with galleries, a lift shaft on its roof and stairs at its end."""
    top = storeys * _STOREY_M + 0.6
    body = part_of(plot, (0.0, 0.94), (0.0, 1.0))
    stairs = part_of(plot, (0.94, 1.0), (0.2, 0.8))
    shaft = part_of(plot, (0.44, 0.56), (0.3, 0.75))
    outline = np.array([body[0], body[1], stairs[0], stairs[1], stairs[2], stairs[3], body[2], body[3]])
    solids = (prism(body, 0.0, top), prism(stairs, 0.0, top + 1.6), prism(shaft, top, top + 2.6))
    homes = round(float(np.hypot(*(plot[1] - plot[0]))) / 7.5)
    return House(outline, solids, built, _HOME, storeys * homes, "multiple horizontal")


def walk_up(plot: Points, chance: Chance, built: int) -> House:
    """A block of four storeys around shared stairs, of the years of rebuilding."""
    homes = max(2, round(float(np.hypot(*(plot[1] - plot[0]))) / 8))
    eaves = 4 * _STOREY_M
    if chance.happens(0.5):
        return House(plot, (gable_along(plot, 0.0, eaves, eaves + 2.2),), built, _HOME, 4 * homes, "slanted")
    return House(plot, (prism(plot, 0.0, eaves + 0.5),), built, _HOME, 4 * homes, "horizontal")


def tower_block(plot: Points, storeys: int, built: int) -> House:
    """Homes stacked high on a plinth that is a little wider."""
    core = part_of(plot, (0.12, 0.88), (0.12, 0.88))
    foot, top = 4.2, storeys * 3.0 + 4.2
    shaft = part_of(core, (0.3, 0.7), (0.3, 0.7))
    solids = (prism(plot, 0.0, foot), prism(core, foot, top), prism(shaft, top, top + 2.4))
    status = "Bouw gestart" if built >= 2026 else "Pand in gebruik"
    uses = ("woonfunctie", "winkelfunctie")
    return House(plot, solids, built, uses, storeys * 4, "multiple horizontal", status=status)


def farmhouse(plot: Points, chance: Chance) -> House:
    """A stolp: one great pyramid of a roof over house, hay and cows."""
    eaves = chance.between(2.4, 3.0)
    roof = hipped(plot, 0.0, eaves, eaves + chance.between(7.5, 9.5))
    return House(plot, (roof,), chance.whole(1780, 1905), _HOME, 1, "slanted")
