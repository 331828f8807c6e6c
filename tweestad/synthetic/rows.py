"""Rows of plots along a street, each kept free of water, streets and other houses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.curves import Curve
from tweestad.synthetic.houses import House, canal_house, court_house, terrace_house, town_house, villa

Points = NDArray[np.float64]
RowKind = Literal["canal", "town", "court", "villa", "terrace"]


class Fill:
    """The ground that is taken: first by water and streets, then by each house."""

    def __init__(self, taken: Sequence[shapely.Geometry]) -> None:
        self._taken = shapely.union_all(list(taken))
        shapely.prepare(self._taken)
        self._houses: list[tuple[shapely.Polygon, float, float, float, float]] = []

    def take(self, outline: Points) -> bool:
        """Take the ground of a house when it is free; neighbours may share a wall."""
        shape = shapely.Polygon(outline)
        if not shape.is_valid or shape.intersects(self._taken):
            return False
        inner = shape.buffer(-0.05)
        west, south, east, north = shape.bounds
        near = [h for h, w, s, e, n in self._houses if w < east and e > west and s < north and n > south]
        if any(house.intersects(inner) for house in near):
            return False
        self._houses.append((shape, west, south, east, north))
        return True


@dataclass(frozen=True, slots=True)
class _Row:
    width_m: tuple[float, float]
    depth_m: tuple[float, float]
    gap_m: tuple[float, float]
    together: int
    setback_m: float = 0.0


_ROWS: dict[RowKind, _Row] = {
    "canal": _Row((5.4, 8.6), (11.0, 14.5), (0.0, 0.0), 1000),
    "town": _Row((5.6, 8.4), (9.0, 11.0), (0.0, 0.0), 1000),
    "court": _Row((4.9, 4.9), (5.6, 5.6), (0.0, 0.0), 1000),
    "villa": _Row((8.5, 11.5), (8.5, 10.5), (5.0, 9.0), 1, 3.0),
    "terrace": _Row((5.7, 5.7), (9.4, 9.4), (4.0, 6.0), 6, 3.0),
}


def plots_along(front: Curve, fill: Fill, chance: Chance, kind: RowKind) -> Iterator[House]:
    """Houses on the left of `front`, where there is room; a crooked plot follows the curve of its street."""
    row = _ROWS[kind]
    line = front.shifted(row.setback_m)
    at, in_row, built = 0.0, 0, chance.whole(1948, 2016)
    while True:
        width, depth = chance.between(*row.width_m), chance.between(*row.depth_m)
        if at + width > line.length:
            return
        plot = _plot(line, at, width, depth)
        if fill.take(plot):
            yield _house(kind, plot, chance, built)
            at, in_row = at + width, in_row + 1
            if in_row % row.together == 0:
                at, built = at + chance.between(*row.gap_m), chance.whole(1948, 2016)
        else:
            at += 0.8


def _plot(line: Curve, at: float, width: float, depth: float) -> Points:
    (left, left_in), (right, right_in) = line.at(at), line.at(at + width)
    return np.array([left, right, right + right_in * depth, left + left_in * depth])


def _house(kind: RowKind, plot: Points, chance: Chance, built: int) -> House:
    if kind == "canal":
        return canal_house(plot, chance)
    if kind == "town":
        return town_house(plot, chance)
    if kind == "court":
        return court_house(plot, chance)
    if kind == "villa":
        return villa(plot, chance)
    return terrace_house(plot, chance, built)
