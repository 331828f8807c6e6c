"""Lays out the cells of a town, one at a time: borders first, then what its kind draws on the sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from functools import lru_cache

from tweestad.synthetic.form.home_quarters import lay_out_flats, lay_out_garden, lay_out_new, lay_out_woonerf
from tweestad.synthetic.form.land_quarters import (
    lay_out_business,
    lay_out_farm,
    lay_out_park,
    lay_out_sports,
)
from tweestad.synthetic.form.model import DISTRICT, Cell, Quarter, Town
from tweestad.synthetic.form.old_quarters import lay_out_centre, lay_out_station, lay_out_streets
from tweestad.synthetic.form.plan import cells, empty_around, kind_of, spiral
from tweestad.synthetic.form.sheet import HALF, Sheet
from tweestad.synthetic.names import district_name, quarter_name, road_name

_KINDS: dict[str, Callable[[Sheet], None]] = {
    "centre": lay_out_centre,
    "streets": lay_out_streets,
    "station": lay_out_station,
    "garden": lay_out_garden,
    "woonerf": lay_out_woonerf,
    "flats": lay_out_flats,
    "new": lay_out_new,
    "business": lay_out_business,
    "park": lay_out_park,
    "sports": lay_out_sports,
    "farm": lay_out_farm,
}
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def quarters_of(town: Town) -> Iterator[Quarter]:
    """The quarters of a town in order of number, and then the empty land around them.

    Lazy: a quarter is laid out when it is asked for, and only the places of the cells before it are
    kept. Houses are counted until the town is full, so the last quarter may hold more than fit.
    """
    built: set[tuple[int, int]] = set()
    count = 0
    for cell in cells(town.seed):
        quarter = lay_out(town.seed, cell)
        yield quarter
        built.add((cell.column, cell.row))
        count += len(quarter.houses)
        if count >= town.size:
            break
    for cell in empty_around(built):
        yield lay_out(town.seed, cell, built)


def lay_out(seed: int, cell: Cell, built: Set[tuple[int, int]] = frozenset()) -> Quarter:
    """One cell, the same whatever the size of the town; empty land also has the roads around `built`."""
    district = _district_number(cell.district)
    ordinal = _ordinal(seed, cell)
    sheet = Sheet(seed, cell, ordinal, district)
    _borders(sheet, district, built)
    _KINDS[cell.kind](sheet)
    part = _part(cell, district)
    code = _code(cell, district, part)
    return Quarter(
        cell=cell,
        code="BU9999" + code,
        name=quarter_name(cell.kind, ordinal, district),
        district_code="WK9999" + code[:2],
        district=district_name(district, part),
        outline=sheet.outline,
        ways=tuple(sheet.ways),
        edges=tuple(sheet.edges),
        rails=tuple(sheet.rails),
        waters=tuple(sheet.waters),
        parks=tuple(sheet.parks),
        squares=tuple(sheet.squares),
        sites=tuple(sheet.sites),
        tree_rows=tuple(sheet.tree_rows),
        houses=tuple(sheet.houses),
    )


def _borders(sheet: Sheet, district: int, built: Set[tuple[int, int]]) -> None:
    """The main roads around the cell; it draws those on its west and south, its neighbours the others."""
    cell = sheet.cell
    sides = (
        (0, cell.column, (-1, 0), [(-HALF, -HALF), (-HALF, HALF)]),
        (0, cell.column + 1, (1, 0), [(HALF, -HALF), (HALF, HALF)]),
        (1, cell.row, (0, -1), [(-HALF, -HALF), (HALF, -HALF)]),
        (1, cell.row + 1, (0, 1), [(-HALF, HALF), (HALF, HALF)]),
    )
    for axis, line, (dx, dy), points in sides:
        place = (line + DISTRICT // 2) % DISTRICT - DISTRICT // 2
        kind = "secondary" if place in (-1, 2) else "tertiary" if place in (0, 1) else "unclassified"
        # Beyond the town only the ring roads go on, as roads to elsewhere.
        drawn = cell.number >= 0 or kind == "secondary" or (cell.column + dx, cell.row + dy) in built
        sheet.border(points, kind, road_name(axis, place, district), drawn=drawn, own=dx + dy < 0)


def _district_number(district: tuple[int, int]) -> int:
    """The place of a district on the spiral."""
    x, y = district
    ring = max(abs(x), abs(y))
    start = (2 * ring - 1) ** 2 if ring else 0
    return next(n for n in range(start, (2 * ring + 1) ** 2) if spiral(n) == district)


def _part(cell: Cell, district: int) -> int:
    """Which wijk of the town a cell lies in: the middle, the west or the east."""
    if district or abs(cell.column) == 0 or (cell.column, cell.row) == (1, 0):
        return 0
    return 1 if cell.column < 0 else 2


def _code(cell: Cell, district: int, part: int) -> str:
    """Four characters: two for the wijk, two for the buurt, as CBS has them since 2022."""
    wijk = district + 2 if district else part
    half = DISTRICT // 2
    x, y = (cell.column + half) % DISTRICT, (cell.row + half) % DISTRICT
    return f"{_DIGITS[wijk // 36]}{_DIGITS[wijk % 36]}{x * DISTRICT + y + 1:02d}"


@lru_cache(maxsize=64)
def _kinds(seed: int, district: tuple[int, int]) -> tuple[str, ...]:
    """The kinds of the cells of a district, in order of its spiral."""
    steps = (spiral(n) for n in range(DISTRICT**2))
    return tuple(kind_of(seed, district[0] * DISTRICT + x, district[1] * DISTRICT + y) for x, y in steps)


def _ordinal(seed: int, cell: Cell) -> int:
    """How many cells of this kind come before it in its district."""
    if cell.number < 0:
        return 0
    return _kinds(seed, cell.district)[: cell.number % DISTRICT**2].count(cell.kind)
