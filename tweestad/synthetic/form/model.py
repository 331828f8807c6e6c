"""The nouns of the town's form. All coordinates are EPSG:28992 in metres, all heights metres NAP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.synthetic.form.curves import Curve
from tweestad.synthetic.form.houses import House

Points = NDArray[np.float64]

CELL_M = 300.0
"""The side of a cell before the town is bent; one cell is one buurt."""

DISTRICT = 5
"""A district is this many cells wide and high, with a core of its own; one district is one wijk."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the plan: its place on the grid, what is built there, and whether it is built at all.

    `number` counts the built cells from the middle of the town outwards; an empty one at the edge has -1.
    """

    number: int
    column: int
    row: int
    kind: str

    @property
    def district(self) -> tuple[int, int]:
        """The column and row of the district; (0, 0) is the town itself."""
        return ((self.column + DISTRICT // 2) // DISTRICT, (self.row + DISTRICT // 2) // DISTRICT)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A street, path or rail: centre line, OSM's word for its kind, name ("" has none), full width."""

    line: Curve
    highway: str
    name: str
    width_m: float
    maxspeed: int
    oneway: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A park, square, water or pitch; `kind` is OSM's word for it."""

    polygon: shapely.Polygon | shapely.MultiPolygon
    name: str
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Quarter:
    """One cell of the town, laid out: everything in it, houses in order of their number.

    `code` is BU9999…, `district_code` WK9999…; `outline` is the buurt's boundary. `edges` are
    the main roads on its east and north side, which belong to its neighbours. `tree_rows` are lines
    along which trees stand, `sites` are plots where building is going on.
    """

    cell: Cell
    code: str
    name: str
    district_code: str
    district: str
    outline: shapely.Polygon
    ways: tuple[Way, ...]
    edges: tuple[Way, ...]
    rails: tuple[Way, ...]
    waters: tuple[Area, ...]
    parks: tuple[Area, ...]
    squares: tuple[Area, ...]
    sites: tuple[Area, ...]
    tree_rows: tuple[Curve, ...]
    houses: tuple[House, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """A town of `size` buildings that follows from `seed`; `layout.quarters_of` lays it out, cell by cell.

    A larger town with the same seed holds the smaller one: cells are filled from the middle outwards.
    """

    seed: int
    size: int
