"""Which cell of the plan gets which kind of quarter, and the cells in their order, one at a time."""

from __future__ import annotations

from collections.abc import Iterator

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.form.model import DISTRICT, Cell

_TOWN = {
    (0, 0): "centre", (1, 0): "streets", (1, 1): "business", (0, 1): "station", (-1, 1): "sports",
    (-1, 0): "garden", (-1, -1): "woonerf", (0, -1): "park", (1, -1): "new",
    (2, -1): "woonerf", (2, 0): "flats", (2, 1): "business", (2, 2): "farm", (1, 2): "flats",
    (0, 2): "woonerf", (-1, 2): "garden", (-2, 2): "farm", (-2, 1): "garden", (-2, 0): "woonerf",
    (-2, -1): "woonerf", (-2, -2): "farm", (-1, -2): "farm", (0, -2): "farm", (1, -2): "farm",
    (2, -2): "farm",
}  # fmt: skip
_AROUND = ("streets", "garden", "woonerf", "park", "new", "flats", "business", "woonerf")
_EDGE = ("woonerf", "garden", "farm", "sports", "woonerf", "new", "flats", "business")
_MARGIN = 2


def spiral(number: int) -> tuple[int, int]:
    """The column and row of a step on a square spiral that starts at (0, 0)."""
    if number == 0:
        return 0, 0
    ring = 1
    while (2 * ring + 1) ** 2 <= number:
        ring += 1
    side, step = divmod(number - (2 * ring - 1) ** 2, 2 * ring)
    walks = (
        (ring, 1 - ring + step),
        (ring - 1 - step, ring),
        (-ring, ring - 1 - step),
        (1 - ring + step, -ring),
    )
    return walks[side]


def cells(seed: int) -> Iterator[Cell]:
    """All cells from the middle outwards, without end: district after district, each from its own core."""
    number = 0
    district = 0
    while True:
        column, row = spiral(district)
        for step in range(DISTRICT**2):
            dx, dy = spiral(step)
            place = column * DISTRICT + dx, row * DISTRICT + dy
            yield Cell(number, *place, kind_of(seed, *place))
            number += 1
        district += 1


def kind_of(seed: int, column: int, row: int) -> str:
    """What is built in a cell."""
    half = DISTRICT // 2
    district = (column + half) // DISTRICT, (row + half) // DISTRICT
    at = column - district[0] * DISTRICT, row - district[1] * DISTRICT
    if district == (0, 0):
        return _TOWN[at]
    if at == (0, 0):
        return "centre" if (district[0] + district[1]) % 2 == 0 else "streets"
    if at[1] == -half:
        return "farm"
    if at == (0, 1):
        return "station"
    return Chance(seed, "kind", column, row).one_of(_EDGE if half in (abs(at[0]), abs(at[1])) else _AROUND)


def empty_around(built: set[tuple[int, int]]) -> list[Cell]:
    """The cells around the town, in order of place: farmland, where a larger town would go on."""
    near = {
        (column + dx, row + dy)
        for column, row in built
        for dx in range(-_MARGIN, _MARGIN + 1)
        for dy in range(-_MARGIN, _MARGIN + 1)
    }
    return [Cell(-1, column, row, "farm") for column, row in sorted(near - built)]
