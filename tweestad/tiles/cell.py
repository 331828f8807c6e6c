"""Draws one largest cell of a plan by itself, here or in a process of its own, from a task in a file.

A task holds all that decides the tiles, and nothing else: its hash tells whether they must be drawn anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson

from tweestad.errors import InputRejected
from tweestad.formats.cityjson.reading import read_city
from tweestad.jobs.executor import Executor
from tweestad.model.city_object import CityObject
from tweestad.model.feature import Value
from tweestad.model.layer import Rejected
from tweestad.tiles.block import arrange
from tweestad.tiles.buildings import building_drawer
from tweestad.tiles.creases import crease_drawer
from tweestad.tiles.cutting import Cell, draw_tiles
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.glb import Glb
from tweestad.tiles.plan import Place, Plan
from tweestad.tiles.spool import CELL_M, Square

WITHOUT_PROCESSES = 2_000
"""So few buildings are drawn before another process has even started."""


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, eq=False)
class CellTask:
    """What to draw in one cell of a plan.

    `solids`: CityJSONSeq files, in the order of their squares, with the hash of each in `hashes`. `rows`:
    the attributes by feature id, of the features to draw; without it every object is drawn under its key
    with its own attributes. `streets`: street level, NAP, by feature id. `program`: changes when the code
    does. `top` is None when the squares are no division of the cells: then they are drawn as one.
    """

    plan: Plan
    top: Place | None
    solids: tuple[Path, ...]
    hashes: tuple[str, ...]
    rows: Mapping[str, Mapping[str, Value]] | None = None
    streets: Mapping[str, float] | None = None
    program: str = ""

    def facts(self) -> bytes:
        """All that decides the tiles, as JSON."""
        return orjson.dumps(
            {
                "plan": self.plan.only(self.top).as_json(),
                "top": self.top,
                "hashes": self.hashes,
                "rows": self.rows,
                "streets": self.streets,
                "program": self.program,
            },
            option=orjson.OPT_SORT_KEYS,
        )


@dataclass(frozen=True, slots=True, eq=False)
class DrawnCell:
    """The tiles of a cell, of buildings and of the lines on them, which are in the tile folder already.

    `shapeless`: ids of features of which there is nothing to draw. `extruded`: how many are drawn from
    their footprint and a height, `flat`: how many as a plate, because no height is known.
    """

    buildings: Mapping[Cell, Glb]
    creases: Mapping[Cell, Glb]
    shapeless: tuple[str, ...] = ()
    extruded: int = 0
    flat: int = 0
    lost_surfaces: int = 0

    def names(self) -> frozenset[str]:
        """The files of the tile folder that it needs."""
        return frozenset(glb.name for glb in (*self.buildings.values(), *self.creases.values()))

    def as_json(self) -> dict[str, Any]:
        """The cell as a record keeps it."""
        return {
            "buildings": [[cell, *glb.as_json()] for cell, glb in self.buildings.items()],
            "creases": [[cell, *glb.as_json()] for cell, glb in self.creases.items()],
            "shapeless": self.shapeless,
            "extruded": self.extruded,
            "flat": self.flat,
            "lostSurfaces": self.lost_surfaces,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> DrawnCell:
        """Read what `as_json` gave; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            {_cell(cell): Glb.from_json(*facts) for cell, *facts in body["buildings"]},
            {_cell(cell): Glb.from_json(*facts) for cell, *facts in body["creases"]},
            tuple(body["shapeless"]),
            int(body["extruded"]),
            int(body["flat"]),
            int(body["lostSurfaces"]),
        )


def write_task(task: CellTask, tiles: Path, folder: Path) -> str:
    """Write the task for `draw_cell` and return its key, the path of the file."""
    facts = task.facts()
    path = folder / f"{hashlib.sha256(facts).hexdigest()}.task"
    where = {"solids": [str(file) for file in task.solids], "tiles": str(tiles)}
    path.write_bytes(facts + b"\n" + orjson.dumps(where))
    return str(path)


def draw_cell(key: str) -> DrawnCell:
    """Draw the cell of a task and put its tiles in the folder; what is there already stays as it is.

    Raises InputRejected when the solids cannot be read.
    """
    facts, where = (orjson.loads(line) for line in Path(key).read_bytes().split(b"\n"))
    plan = Plan.from_json(facts["plan"])
    folder = TileFolder(Path(where["tiles"]))
    streets: dict[str, float] | None = facts["streets"]
    objects = _objects(where["solids"], facts["rows"])
    rows = {o.key: o.attributes for o in objects} if facts["rows"] is None else _rows(facts["rows"])
    buildings, shapeless = arrange(objects, {o.key: o.key for o in objects}, rows, None, streets)
    drawn = draw_tiles(
        buildings,
        plan.frame(),
        plan,
        None,
        [building_drawer(plan, rows, ()), crease_drawer(plan, rows, ())],
        top=None if facts["top"] is None else (facts["top"][0], facts["top"][1]),
        keep=lambda glb: glb.kept_as(folder.put(glb.data, "glb")),
    )
    on_buildings, on_creases = drawn.contents
    return DrawnCell(
        on_buildings,
        on_creases,
        shapeless=tuple(sorted({*shapeless, *drawn.undrawn})),
        extruded=sum(b.extruded for b in buildings),
        flat=sum(b.flat for b in buildings),
        lost_surfaces=drawn.lost_surfaces,
    )


def by_top_cell(
    squares: Iterable[Item], plan: Plan, square_of: Callable[[Item], Square]
) -> Iterator[tuple[Place | None, list[Item]]]:
    """What belongs to one square kilometre each, by the largest cell of the plan that they lie in.

    All come together, without a cell, when the largest cells are no whole squares.
    """
    groups: dict[Place | None, list[Item]] = {}
    side, rest = divmod(plan.levels[0].cell_m, int(CELL_M))
    for item in squares:
        column, row = square_of(item)
        top = None if rest else (column // side, row // side)
        groups.setdefault(top, []).append(item)
    yield from groups.items()


def cut_for(plan: Plan, counts: Mapping[Square, int]) -> Plan:
    """The plan, which also says how deep the cells with these objects are cut: so many per square."""
    groups = by_top_cell(counts.items(), plan, lambda item: item[0])
    return plan.cut_for({top: sum(n for _, n in items) for top, items in groups if top is not None})


def draw_all(
    tasks: Mapping[str, int],
    executor: Executor,
    on_drawn: Callable[[str, DrawnCell], None] = lambda _key, _drawn: None,
) -> Iterator[tuple[int, DrawnCell]]:
    """Draw tasks (each with how many objects it has), the largest first, and say how many are done.

    Few objects are drawn in this process: another would not even have started.
    """
    total, done = sum(tasks.values()), 0
    chosen = executor if total > WITHOUT_PROCESSES else Executor(1)
    for key, drawn in chosen.map(draw_cell, sorted(tasks, key=lambda key: (-tasks[key], key))):
        on_drawn(key, drawn)
        done += tasks[key]
        yield done, drawn


def together(cells: Sequence[DrawnCell]) -> DrawnCell:
    """All cells of a layer as one."""
    return DrawnCell(
        {cell: glb for each in cells for cell, glb in each.buildings.items()},
        {cell: glb for each in cells for cell, glb in each.creases.items()},
        tuple(sorted(key for each in cells for key in each.shapeless)),
        sum(each.extruded for each in cells),
        sum(each.flat for each in cells),
        sum(each.lost_surfaces for each in cells),
    )


def _objects(files: Sequence[str], wanted: Mapping[str, Any] | None) -> list[CityObject]:
    objects: list[CityObject] = []
    for file in files:
        for found in read_city(Path(file)):
            if isinstance(found, Rejected):
                raise InputRejected(f"{found.object_id}: {found.reason}", where=found.file)
            if wanted is None or found.key in wanted:
                objects.append(found)
    return objects


def _rows(given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Value]]:
    """The rows of a task, lists of text as tuples again."""
    return {
        key: {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
        for key, row in given.items()
    }


def _cell(given: Sequence[int]) -> Cell:
    level, column, row = given
    return int(level), int(column), int(row)
