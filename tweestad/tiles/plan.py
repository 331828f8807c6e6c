"""The plan of a tileset: what decides a building's tile, frozen so that later builds cut alike."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.model.feature import Value
from tweestad.model.layer import Column, ColumnType
from tweestad.tiles.frame import Frame
from tweestad.tiles.metadata import Property, Schema, Storage, kind_of, make_schema, storage_of

SHAPE_PROPERTY = "vorm"
FROM_FOOTPRINT = "uit plattegrond"
ONLY_FOOTPRINT = "alleen plattegrond"

_STORAGE: dict[ColumnType, Storage] = {
    "text": "text",
    "date": "text",
    "codes": "text",
    "integer": "integer",
    "number": "number64",
    "boolean": "flag",
}
_WIDTHS: tuple[Storage, ...] = ("integer", "number", "number64")


@dataclass(frozen=True, slots=True)
class Level:
    """Buildings whose box is at least `from_m` across lie in cells of `cell_m` metres of RD.

    `error_m`: the size of what is missing while the levels below are not drawn.
    """

    from_m: float
    cell_m: int
    error_m: float


Place = tuple[int, int]
"""Column and row of one of the largest cells."""

FULL_TILE = 400
"""So many detailed buildings are half a megabyte: with fewer in a tile, requests cost more than bytes do."""

LEVELS = (Level(50.0, 1000, 200.0), Level(20.0, 500, 100.0), Level(0.0, 250, 0.0))
"""With these errors a viewer with a long lens (32°) draws everything from 3 km at a screen error of 16."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the frame stands (EPSG:28992), how buildings are spread over tiles, and the attributes.

    Keep it as plan.json beside the tiles: with the same plan a changed building changes one tile.
    `depths`: the number of the finest level in use within one of the largest cells; where nothing is said,
    all levels are.
    """

    x: float
    y: float
    levels: tuple[Level, ...]
    schema: Schema
    depths: Mapping[Place, int] = field(default_factory=dict)

    def frame(self) -> Frame:
        """The frame of all tiles of this plan."""
        return Frame.at(self.x, self.y)

    def place(self, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.int64]:
        """The level, column and row (n, 3) of objects between `lower` and `upper`, (n, 3) EPSG:7415."""
        across = np.sqrt(((upper - lower) ** 2).sum(1))
        limits = np.array([level.from_m for level in self.levels[:-1]])
        middle = (lower[:, :2] + upper[:, :2]) / 2
        level = np.minimum((across[:, None] < limits).sum(1), self._depths_at(middle))
        cell = np.array([level.cell_m for level in self.levels])[level]
        return np.column_stack([level, np.floor(middle / cell[:, None]).astype(np.int64)])

    def depth(self, top: Place) -> int:
        """The finest level that is in use within one of the largest cells."""
        return self.depths.get(top, len(self.levels) - 1)

    def cut_for(self, counts: Mapping[Place, int]) -> Plan:
        """The same plan, which also says how deep to cut the largest cells with so many objects in each.

        Few objects are not spread over the tiles of finer levels. What a plan says of a cell it goes on
        saying, until there are twice as many objects there as its tiles were meant for.
        """
        depths = dict(self.depths)
        for top, count in counts.items():
            if top not in depths or count > 2 * self._room(depths[top]):
                depths[top] = next(n for n in range(len(self.levels)) if count <= self._room(n))
        return replace(self, depths=depths)

    def only(self, top: Place | None) -> Plan:
        """As much of the plan as decides the tiles of one of the largest cells; all of it for None."""
        if top is None:
            return self
        return replace(self, depths={top: self.depths[top]} if top in self.depths else {})

    def as_json(self) -> dict[str, Any]:
        """The plan as plan.json keeps it."""
        return {
            "plan": 1,
            "centre": [self.x, self.y],
            "levels": [{"fromM": v.from_m, "cellM": v.cell_m, "errorM": v.error_m} for v in self.levels],
            "class": self.schema.class_id,
            "properties": [
                {"id": p.id, "name": p.name, "storage": p.storage} for p in self.schema.properties
            ],
            "depths": [[*top, depth] for top, depth in sorted(self.depths.items())],
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Plan:
        """Read plan.json; raises InputRejected when it is not one."""
        try:
            if body["plan"] != 1:
                raise InputRejected(f"plan.json has version {body['plan']!r}, this program knows version 1")
            levels = tuple(Level(v["fromM"], v["cellM"], v["errorM"]) for v in body["levels"])
            properties = tuple(Property(p["id"], p["name"], p["storage"]) for p in body["properties"])
            x, y = body["centre"]
            depths = {(int(column), int(row)): int(n) for column, row, n in body.get("depths", ())}
            plan = cls(float(x), float(y), levels, Schema(str(body["class"]), properties), depths)
        except (KeyError, TypeError, ValueError) as exc:
            raise InputRejected(f"plan.json cannot be read: {exc!r}") from exc
        _check(plan)
        return plan

    def with_schema(self, schema: Schema) -> Plan:
        """The same frame and cells with other attributes: every tile changes."""
        return replace(self, schema=schema)

    def _room(self, depth: int) -> float:
        """How many objects the tiles down to a level are meant for."""
        if depth == len(self.levels) - 1:
            return math.inf
        top = self.levels[0].cell_m
        return FULL_TILE * sum((top // level.cell_m) ** 2 for level in self.levels[: depth + 1])

    def _depths_at(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        tops = np.floor(points / self.levels[0].cell_m).astype(np.int64)
        return np.array([self.depth((column, row)) for column, row in tops.tolist()], dtype=np.int64)


def find_plan(path: Path) -> Plan | None:
    """The plan that an earlier build froze in this file, or None when there was none.

    Raises InputRejected for a damaged one: a new plan in its place would change every tile unasked.
    """
    try:
        return Plan.from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, InputRejected) as exc:
        reason = exc.reason if isinstance(exc, InputRejected) else "it is not JSON"
    except OSError as exc:
        reason = f"it cannot be read ({exc.strerror})"
    raise InputRejected(
        f"{reason}; put back a copy, or remove it to have the layer cut anew in other tiles", where=str(path)
    )


def make_plan(centre: tuple[float, float], schema: Schema, levels: tuple[Level, ...] = LEVELS) -> Plan:
    """A new plan around an RD point, put on whole hundreds of metres so that it outlives small changes."""
    return Plan(round(centre[0], -2), round(centre[1], -2), levels, schema)


def schema_of_columns(class_id: str, columns: Iterable[Column]) -> Schema:
    """The schema of a layer's declared columns, and `vorm`: how the shape came about."""
    described = [(c.name, _STORAGE[c.type]) for c in columns if c.name != SHAPE_PROPERTY]
    return make_schema(class_id, [*described, (SHAPE_PROPERTY, "text")])


Kinds = tuple[tuple[str, Storage], ...]
"""The columns of a row that have a value, with its kind."""


def kinds_of(row: Mapping[str, Value]) -> Kinds:
    """The kinds of values in a row."""
    return tuple((name, kind_of(value)) for name, value in row.items() if value is not None)


class Columns:
    """The columns of rows that go by one at a time, with the kinds of values in each."""

    def __init__(self) -> None:
        self._kinds: dict[str, set[Storage]] = {}

    def add(self, row: Mapping[str, Value]) -> None:
        """Look at one row."""
        self.add_kinds(kinds_of(row))

    def add_kinds(self, kinds: Kinds) -> None:
        """The same of a row of which only the kinds of values are known."""
        for name, kind in kinds:
            self._kinds.setdefault(name, set()).add(kind)

    def schema(self, class_id: str) -> Schema:
        """A schema wide enough for all rows, columns by name; those without any value are left out."""
        names = sorted(self._kinds.keys() - {SHAPE_PROPERTY})
        described: list[tuple[str, Storage]] = [(name, storage_of(self._kinds[name])) for name in names]
        return make_schema(class_id, [*described, (SHAPE_PROPERTY, "text")])


def widen(frozen: Schema, wanted: Schema) -> Schema:
    """The frozen schema itself when it can hold all that is wanted, else one that can hold both."""
    by_name = {p.name: p.storage for p in frozen.properties[1:]}
    wider = dict(by_name)
    for p in wanted.properties[1:]:
        kept = wider.setdefault(p.name, p.storage)
        if kept != p.storage:
            numbers = [s for s in _WIDTHS if s in (kept, p.storage)]
            wider[p.name] = numbers[-1] if len(numbers) == 2 else "text"
    return frozen if wider == by_name else make_schema(frozen.class_id, wider.items())


def _check(plan: Plan) -> None:
    cells = [level.cell_m for level in plan.levels]
    nested = all(a % b == 0 for a, b in pairwise(cells))
    if not cells or min(cells) <= 0 or not nested:
        raise InputRejected("plan.json: the cells of a level must fit in those of the level above")
    if any(not 0 <= depth < len(cells) for depth in plan.depths.values()):
        raise InputRejected("plan.json: a cell is cut by a level that is not there")
    if any(p.storage not in get_args(Storage) for p in plan.schema.properties):
        raise InputRejected("plan.json: an attribute has an unknown storage")
