"""The ground of a scene: land, street, path, park and water, cut against each other in cells.

Streets and paths cross water at street level, so that bridges come for free; a path gives way to a
street, a park to street, path and water; land is what is left of the box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.ground.cutting import (
    Bounds,
    Geometries,
    Pieces,
    Stock,
    cut_cell,
    joined,
    polygons_of,
    rings_of,
    strips_of,
)
from tweestad.ground.height import CELL_M
from tweestad.model.feature import BBox

GroundRole = Literal["land", "street", "path", "park", "water"]
GROUND_ROLES: tuple[GroundRole, ...] = ("land", "street", "path", "park", "water")

_PRECEDENCE: Final[tuple[GroundRole, ...]] = ("street", "path", "water", "park")

_NEAR_M: Final = 0.2
"""Near the centre only corners of less than 0.04 m2 go, which no one can see: round ends have many."""

_TRIANGLE: Final = 2.5
"""Borders are simplified by the area of a corner: 6 m2, on shapes that moved up to a metre already."""


def no_geometries() -> Geometries:
    """An empty array of geometries, for a layer that the city does not have."""
    return np.empty(0, dtype=np.object_)


def no_widths() -> NDArray[np.float64]:
    """An empty array of widths, for a layer that the city does not have."""
    return np.empty(0, dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class GroundInput:
    """The surfaces of a city before they are cut against each other, all in EPSG:28992, metres.

    `box` is what is drawn; inside `near` shapes keep their corners and get contact shade and quay walls,
    outside it shapes are simplified by `far_tolerance_m`. The arrays hold shapely geometries of any
    kind and validity: what is not a polygon is dropped, what is invalid is repaired. Streets and paths
    are centre lines (polygons among them are taken as the surface itself); `street_widths_m` and
    `path_widths_m` give the full width of each, in metres. Raises InputRejected when these are not
    all above 0.
    """

    box: BBox
    near: BBox
    water: Geometries = field(default_factory=no_geometries)
    streets: Geometries = field(default_factory=no_geometries)
    street_widths_m: NDArray[np.float64] = field(default_factory=no_widths)
    paths: Geometries = field(default_factory=no_geometries)
    path_widths_m: NDArray[np.float64] = field(default_factory=no_widths)
    parks: Geometries = field(default_factory=no_geometries)
    footprints: Geometries = field(default_factory=no_geometries)
    far_tolerance_m: float = 1.0

    def __post_init__(self) -> None:
        for lines, widths_m in ((self.streets, self.street_widths_m), (self.paths, self.path_widths_m)):
            if len(lines) != len(widths_m) or not (np.isfinite(widths_m) & (widths_m > 0)).all():
                raise InputRejected("each street and each path needs one width above 0 m")
        if self.box.max_x - self.box.min_x < 1 or self.box.max_y - self.box.min_y < 1:
            raise InputRejected("the box of the ground is smaller than a metre")


@dataclass(frozen=True, slots=True, eq=False)
class GroundParts:
    """The ground cut up: no two polygons overlap and together they fill the box.

    Parallel arrays, in order of cell: `polygons` (shapely polygons, EPSG:28992), `roles` (number of the
    role in GROUND_ROLES, uint8), `shades` (0 = unshaded, 1…4 = contact shade from the outermost ring
    to the wall, uint8) and `cells` ((n, 2) column and row of the 420 m cell of the RD grid, int32).
    """

    box: BBox
    near: BBox
    polygons: Geometries
    roles: NDArray[np.uint8]
    shades: NDArray[np.uint8]
    cells: NDArray[np.int32]

    def of(self, role: GroundRole) -> Geometries:
        """The polygons of one role."""
        return np.asarray(self.polygons[self.roles == GROUND_ROLES.index(role)])

    def area_m2(self, role: GroundRole) -> float:
        """The area of one role in square metres."""
        return float(shapely.area(self.of(role)).sum())


@dataclass(frozen=True, slots=True, eq=False)
class CellSurfaces:
    """All that decides how one cell is cut, EPSG:28992, and nothing that lies elsewhere.

    `owners`: the surfaces of each role in order of precedence, clipped to `bounds`; they may overlap.
    `standing`: the footprints whose contact shade reaches into it. `tolerance_m`: how much borders are
    simplified, by the area of a corner.
    """

    column: int
    row: int
    bounds: Bounds
    owners: tuple[Geometries, ...]
    standing: Geometries
    tolerance_m: float

    def cut(self) -> Pieces:
        """Its pieces; an owner is a number of the role in GROUND_ROLES."""
        return self._cut(rings_of(self.standing, self.bounds))

    def cut_unshaded(self) -> Pieces:
        """The same without contact shade: these pieces do not change with the buildings."""
        return self._cut([])

    def _cut(self, rings: list[shapely.Geometry]) -> Pieces:
        pieces = cut_cell(
            self.bounds,
            [shapely.union_all(owner) if len(owner) else shapely.Polygon() for owner in self.owners],
            rings,
            unshaded=1 + _PRECEDENCE.index("water"),
            tolerance_m=self.tolerance_m,
        )
        # A face is owned by the k-th surface in order of precedence; 0 is what is left: land.
        role_of = np.array([GROUND_ROLES.index(r) for r in ("land", *_PRECEDENCE)], dtype=np.uint8)
        return Pieces(pieces.polygons, role_of[pieces.owners], pieces.shades)


class GroundSurfaces:
    """The surfaces of a whole city with a spatial index, to be handed out cell by cell."""

    def __init__(self, given: GroundInput) -> None:
        self._near = rectangle(given.near)
        self._far_tolerance_m = given.far_tolerance_m
        self._stocks = _stocks(given, self._near)
        footprints = polygons_of(given.footprints)
        self._standing = Stock(footprints[shapely.intersects(footprints, self._near)])

    def of_cell(self, column: int, row: int, bounds: Bounds) -> CellSurfaces:
        """What lies in this cell."""
        is_near = shapely.box(*bounds).intersects(self._near)
        return CellSurfaces(
            column,
            row,
            bounds,
            tuple(stock.within(bounds) for stock in self._stocks),
            self._standing.around(bounds),
            _NEAR_M if is_near else _TRIANGLE * self._far_tolerance_m,
        )


def cut_ground(given: GroundInput) -> GroundParts:
    """Cut everything in the box against each other, cell by cell of the RD grid.

    A cell depends only on what lies in it, so that a changed street changes only its own cells.
    """
    surfaces = GroundSurfaces(given)
    return parts_of((surfaces.of_cell(*cell) for cell in cells_of(given.box)), given.box, given.near)


def parts_of(cells: Iterable[CellSurfaces], box: BBox, near: BBox) -> GroundParts:
    """These cells, one at least, cut up; `box` and `near` as in GroundInput."""
    polygons, roles, shades, places = [], [], [], []
    for cell in cells:
        pieces = cell.cut()
        polygons.append(pieces.polygons)
        roles.append(pieces.owners)
        shades.append(pieces.shades)
        places.append(np.tile(np.array([[cell.column, cell.row]], dtype=np.int32), (len(pieces.owners), 1)))
    return GroundParts(
        box,
        near,
        np.concatenate(polygons),
        np.concatenate(roles),
        np.concatenate(shades),
        np.concatenate(places),
    )


def cells_of(box: BBox) -> Iterator[tuple[int, int, Bounds]]:
    """Column, row and bounds of every cell of the RD grid in the box, clipped to it."""
    for row in range(int(box.min_y // CELL_M), int(np.ceil(box.max_y / CELL_M))):
        for column in range(int(box.min_x // CELL_M), int(np.ceil(box.max_x / CELL_M))):
            x, y = column * CELL_M, row * CELL_M
            yield (
                column,
                row,
                (
                    max(x, box.min_x),
                    max(y, box.min_y),
                    min(x + CELL_M, box.max_x),
                    min(y + CELL_M, box.max_y),
                ),
            )


def rectangle(box: BBox) -> shapely.Polygon:
    """A box as a polygon, EPSG:28992."""
    return shapely.box(box.min_x, box.min_y, box.max_x, box.max_y)


def _stocks(given: GroundInput, near: shapely.Polygon) -> list[Stock]:
    """The surfaces of each role, in order of precedence."""
    box, tolerance = rectangle(given.box), given.far_tolerance_m
    water = polygons_of(given.water)
    surfaces = (
        strips_of(given.streets, given.street_widths_m, near, tolerance),
        strips_of(given.paths, given.path_widths_m, near, tolerance),
        joined(water[shapely.intersects(water, box)], near, tolerance),
        polygons_of(given.parks),
    )
    return [Stock(s) for s in surfaces]
