"""The drawing sheet of one cell: streets, areas and rows are drawn straight and come out bent, in RD."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.form.curves import Curve
from tweestad.synthetic.form.ground import bent
from tweestad.synthetic.form.houses import House
from tweestad.synthetic.form.model import CELL_M, Area, Cell, Way
from tweestad.synthetic.form.rows import Fill, Row, plots_along
from tweestad.synthetic.names import street_name

Points = NDArray[np.float64]
HALF = CELL_M / 2
_STEP_M = 5.0
_WIDTHS = {
    "secondary": 8.5, "tertiary": 7.0, "unclassified": 6.0, "residential": 5.5, "living_street": 5.0,
    "pedestrian": 7.0, "service": 4.5, "cycleway": 3.0, "footway": 2.4, "rail": 9.0,
}  # fmt: skip
_SPEEDS = {"secondary": 70, "tertiary": 50, "unclassified": 60, "residential": 30, "living_street": 15}


class Sheet:
    """Everything drawn in a cell so far. Points are metres from the middle of the cell, x east, y north."""

    def __init__(self, seed: int, cell: Cell, ordinal: int, district: int) -> None:
        self.cell = cell
        self.chance = Chance(seed, "cell", cell.column, cell.row)
        self.ways: list[Way] = []
        self.edges: list[Way] = []
        self.rails: list[Way] = []
        self.waters: list[Area] = []
        self.parks: list[Area] = []
        self.squares: list[Area] = []
        self.sites: list[Area] = []
        self.tree_rows: list[Curve] = []
        self.houses: list[House] = []
        self.outline = self.bend(shapely.box(-HALF, -HALF, HALF, HALF))
        self._borders: list[shapely.Geometry] = []
        self._reserved: list[shapely.Geometry] = []
        self._fill: Fill | None = None
        self._ordinal, self._district = ordinal, district
        self._named = 0

    def at(self, points: Sequence[Sequence[float]] | Points) -> Points:
        """Points of the sheet in RD."""
        middle = np.array([self.cell.column, self.cell.row]) * CELL_M
        return bent(np.asarray(points, dtype=np.float64) + middle)

    def bend(self, shape: shapely.Geometry) -> shapely.Polygon:
        """A shape of the sheet in RD, with corners every few metres so that it bends."""
        return cast(shapely.Polygon, shapely.transform(shapely.segmentize(shape, _STEP_M), self.at))

    def curve(self, points: Sequence[Sequence[float]] | Points) -> Curve:
        """A line of the sheet in RD."""
        line = shapely.segmentize(shapely.LineString(points), _STEP_M)
        return Curve(self.at(shapely.get_coordinates(line)))

    def name(self) -> str:
        """The next name for a street here."""
        self._named += 1
        return street_name(self.cell.kind, self._ordinal, self._district, self._named - 1)

    def street(
        self,
        points: Sequence[Sequence[float]] | Points,
        kind: str = "residential",
        name: str | None = None,
        *,
        width_m: float | None = None,
        oneway: bool = False,
    ) -> Curve:
        """Draw a street; without a name given it gets the next one, unless it is a path."""
        line = self.curve(points)
        if name is None:
            name = "" if kind in ("footway", "cycleway", "service", "rail") else self.name()
        way = Way(line, kind, name, width_m or _WIDTHS[kind], _SPEEDS.get(kind, 0), oneway)
        (self.rails if kind == "rail" else self.ways).append(way)
        return line

    def border(
        self, points: Sequence[Sequence[float]], kind: str, name: str, *, drawn: bool, own: bool
    ) -> None:
        """A main road on the edge of the cell: one of its own, or its neighbour's, or only room for one."""
        line = self.curve(points)
        self._borders.append(line.line().buffer(_WIDTHS[kind] / 2 + 2.2))
        if drawn:
            way = Way(line, kind, name, _WIDTHS[kind], _SPEEDS[kind])
            (self.ways if own else self.edges).append(way)

    def water(self, shape: shapely.Geometry, name: str, kind: str) -> None:
        self.waters.append(Area(self.bend(shape), name, kind))

    def park(self, shape: shapely.Geometry, name: str, kind: str = "park") -> None:
        self.parks.append(Area(self.bend(shape), name, kind))

    def square(self, shape: shapely.Geometry, name: str) -> None:
        self.squares.append(Area(self.bend(shape), name, "square"))

    def site(self, shape: shapely.Geometry, name: str) -> None:
        self.sites.append(Area(self.bend(shape), name, "construction"))

    def reserve(self, shape: shapely.Geometry) -> None:
        """Keep this ground free of houses; for what is neither street nor park."""
        self._reserved.append(self.bend(shape))

    @property
    def fill(self) -> Fill:
        """The free ground; streets, water and parks must be drawn before it is first asked for."""
        if self._fill is None:
            taken = [way.line.line().buffer(way.width_m / 2 + 0.7) for way in (*self.ways, *self.rails)]
            areas = (*self.waters, *self.parks, *self.squares)
            taken += [shapely.buffer(area.polygon, 1.2) for area in areas]
            self._fill = Fill(self.outline, [*taken, *self._borders, *self._reserved])
        return self._fill

    def row(self, line: Curve, side: int, off_m: float, row: Row) -> None:
        """Build up a street on its left (1) or right (-1); fronts stand `off_m` from its centre line."""
        front = (line if side > 0 else line.reversed()).shifted(off_m)
        self.houses.extend(plots_along(front, self.fill, self.chance, row))

    def both(self, line: Curve, off_m: float, row: Row) -> None:
        """Build up both sides of a street."""
        self.row(line, 1, off_m, row)
        self.row(line, -1, off_m, row)

    def plot(self, x: float, y: float, wide: float, deep: float, turn: int = 0) -> Points:
        """A rectangle around a point with its front to the south, turned counter-clockwise by quarters."""
        a, b = wide / 2, deep / 2
        corners = np.array([[-a, -b], [a, -b], [a, b], [-a, b]])
        for _ in range(turn % 4):
            corners = np.column_stack([-corners[:, 1], corners[:, 0]])
        # Moved whole, not bent: walls of large buildings are straight. Turned along the bent streets.
        here, east = self.at([[x, y], [x + 10, y]])
        along = (east - here) / np.hypot(*(east - here))
        turned: Points = here + corners @ np.array([along, [-along[1], along[0]]])
        return turned

    def stand(self, plot: Points, make: Callable[[Points], House]) -> bool:
        """Put one building on a plot when the ground is free."""
        house = make(plot)
        if not self.fill.take(house.outline):
            return False
        self.houses.append(house)
        return True

    def trees(self, line: Curve, *offsets_m: float) -> None:
        """Rows of trees beside a line."""
        self.tree_rows.extend(line.shifted(off) for off in offsets_m)


def ring(radius_x: float, radius_y: float, *, power: float = 2.0, steps: int = 72) -> Points:
    """A closed loop around the middle of the sheet, counter-clockwise; a power above 2 is squarer."""
    angles = np.linspace(0, 2 * np.pi, steps + 1)
    c, s = np.cos(angles), np.sin(angles)
    x = radius_x * np.sign(c) * np.abs(c) ** (2 / power)
    y = radius_y * np.sign(s) * np.abs(s) ** (2 / power)
    points: Points = np.column_stack([x, y])
    points[-1] = points[0]
    return points


def wavy(
    start: tuple[float, float],
    end: tuple[float, float],
    size_m: float,
    waves: float = 1.0,
    phase: float = 0.0,
) -> Points:
    """A line from start to end that swings to both sides and is straight at its ends."""
    t = np.linspace(0, 1, 33)
    a, b = np.array(start), np.array(end)
    along = b - a
    left = np.array([-along[1], along[0]]) / np.hypot(*along)
    swing = size_m * np.sin(2 * np.pi * waves * t + phase) * np.sin(np.pi * t)
    points: Points = a + t[:, None] * along + swing[:, None] * left
    points[0], points[-1] = a, b
    return points
