"""Buildings that nobody lives in: sheds, offices, a station, a town hall, barns, a clubhouse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.form.dwellings import part_of
from tweestad.synthetic.form.houses import House
from tweestad.synthetic.form.solids import Solid, gable_across, gable_along, hipped, prism, spire

Points = NDArray[np.float64]


def shed(plot: Points, chance: Chance, built: int) -> House:
    """A big flat hall with an office at its front."""
    top = chance.between(7.5, 11.5)
    share = chance.between(0.14, 0.22)
    wide = chance.one_of(((0.0, 0.45), (0.55, 1.0), (0.0, 1.0)))
    hall = part_of(plot, (0.0, 1.0), (share, 1.0))
    front = part_of(plot, wide, (0.0, share))
    outline = [front[0], front[1]]
    outline += [hall[2], hall[3]] if wide[1] == 1.0 else [front[2], hall[1], hall[2], hall[3]]
    outline += [] if wide[0] == 0.0 else [hall[0], front[3]]
    solids: tuple[Solid, ...] = (prism(hall, 0.0, top), prism(front, 0.0, chance.one_of((3.6, 7.0))))
    if chance.happens(0.3):
        solids = (gable_across(hall, 0.0, top - 1.5, top + 1.0), solids[1])
    use = chance.one_of((("industriefunctie",), ("industriefunctie", "kantoorfunctie"), ("winkelfunctie",)))
    return House(np.array(outline), solids, built, use, 1, "multiple horizontal")


def office(plot: Points, chance: Chance, built: int) -> House:
    """Offices of some storeys, with plant on the roof."""
    top = chance.whole(3, 7) * 3.5
    plant = part_of(plot, (0.25, 0.7), (0.25, 0.7))
    solids = (prism(plot, 0.0, top), prism(plant, top, top + 2.8))
    return House(plot, solids, built, ("kantoorfunctie",), chance.whole(1, 6), "multiple horizontal")


def station(plot: Points) -> House:
    """A station of the time of the first railways: a tall middle between two long wings."""
    wings = [part_of(plot, (0.0, 0.38), (0.2, 1.0)), part_of(plot, (0.62, 1.0), (0.2, 1.0))]
    middle = part_of(plot, (0.38, 0.62), (0.0, 1.0))
    solids = (hipped(middle, 0.0, 11.0, 16.5), *(gable_along(wing, 0.0, 6.5, 10.5) for wing in wings))
    outline = [wings[0][0], wings[0][1], middle[0], middle[1], wings[1][0], *wings[1][1:3], *wings[1][3:]]
    outline += [middle[2], middle[3], wings[0][2], wings[0][3]]
    clean = [p for n, p in enumerate(outline) if n == 0 or float(np.hypot(*(p - outline[n - 1]))) > 0.01]
    return House(np.array(clean), solids, 1868, ("overige gebruiksfunctie", "winkelfunctie"), 2, "slanted")


def town_hall(plot: Points) -> House:
    """A town hall with steep roof and a small tower over its door."""
    tower = part_of(plot, (0.42, 0.58), (0.1, 0.42))
    solids = (hipped(plot, 0.0, 11.5, 18.0), spire(tower, 10.0, 24.0, 31.0))
    return House(plot, solids, 1628, ("bijeenkomstfunctie", "kantoorfunctie"), 1, "slanted")


def barn(plot: Points, chance: Chance) -> House:
    """A low, wide stable."""
    eaves = chance.between(3.2, 4.2)
    shape = gable_across(plot, 0.0, eaves, eaves + 3.4)
    return House(plot, (shape,), chance.whole(1965, 2012), ("industriefunctie",), 1, "slanted")


def sports_hall(plot: Points, built: int) -> House:
    """A hall with changing rooms in front."""
    hall, rooms = part_of(plot, (0.0, 1.0), (0.28, 1.0)), part_of(plot, (0.0, 1.0), (0.0, 0.28))
    solids = (prism(hall, 0.0, 9.2), prism(rooms, 0.0, 3.6))
    return House(plot, solids, built, ("sportfunctie",), 1, "multiple horizontal")
