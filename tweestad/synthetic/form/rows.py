"""Rows of plots along a street, each kept free of water, streets and other houses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.form.curves import Curve
from tweestad.synthetic.form.houses import House

Points = NDArray[np.float64]
Make = Callable[[Points, Chance, int], House]


class Fill:
    """The ground of one cell that is still free: first less water and streets, then less each house."""

    def __init__(self, cell: shapely.Polygon, taken: Sequence[shapely.Geometry]) -> None:
        self._free = shapely.difference(cell, shapely.union_all(list(taken)))
        shapely.prepare(self._free)
        self._houses: list[tuple[shapely.Polygon, float, float, float, float]] = []

    def take(self, outline: Points) -> bool:
        """Take the ground of a house when it is free; neighbours may share a wall."""
        shape = shapely.Polygon(outline)
        if not self._free.contains(shape) or not shape.is_valid:
            return False
        west, south, east, north = shape.bounds
        near = [h for h, w, s, e, n in self._houses if w < east and e > west and s < north and n > south]
        if near:
            inner = shape.buffer(-0.05)
            if any(house.intersects(inner) for house in near):
                return False
        self._houses.append((shape, west, south, east, north))
        return True


@dataclass(frozen=True, slots=True)
class Row:
    """How a kind of street is built up: plots of some width and depth, so many together, then a gap.

    `stagger_m` moves each house back by up to so much; `built` are the first and last year of a row.
    """

    make: Make
    width_m: tuple[float, float]
    depth_m: tuple[float, float]
    built: tuple[int, int]
    together: tuple[int, int] = (1000, 1000)
    gap_m: tuple[float, float] = (0.0, 0.0)
    stagger_m: float = 0.0
    same_depth: bool = False


def plots_along(front: Curve, fill: Fill, chance: Chance, row: Row) -> Iterator[House]:
    """Houses on the left of `front`, where there is room; a crooked plot follows the curve of its street."""
    at, left, built = 0.0, chance.whole(*row.together), chance.whole(*row.built)
    shared = chance.between(*row.width_m), chance.between(*row.depth_m)
    while True:
        fixed = row.same_depth
        width = shared[0] if fixed else chance.between(*row.width_m)
        depth = shared[1] if fixed else chance.between(*row.depth_m)
        back = chance.one_of((0.0, 0.0, row.stagger_m)) if row.stagger_m else 0.0
        if at + width > front.length:
            return
        plot = _plot(front, at, width, depth, back)
        if not fill.take(plot):
            at += 1.2
            continue
        yield row.make(plot, chance, built)
        at, left = at + width, left - 1
        if left == 0:
            at += chance.between(*row.gap_m)
            left, built = chance.whole(*row.together), chance.whole(*row.built)


def _plot(line: Curve, at: float, width: float, depth: float, back: float) -> Points:
    (left, left_in), (right, right_in) = line.at(at), line.at(at + width)
    return np.array(
        [
            left + left_in * back,
            right + right_in * back,
            right + right_in * (depth + back),
            left + left_in * (depth + back),
        ]
    )
