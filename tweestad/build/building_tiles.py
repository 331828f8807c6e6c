"""Draws the layers of buildings, cell by cell: only what has changed, over several processes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tweestad.build.cells import CellIndex, SolidCells, square_of
from tweestad.build.drawn_cells import DrawnCells
from tweestad.build.inputs import code_key
from tweestad.build.public_rows import PublicRows
from tweestad.build.report import OnProgress, Progress
from tweestad.ground.city import GroundShop
from tweestad.jobs.executor import Executor
from tweestad.jobs.records import Records
from tweestad.model.feature import Value
from tweestad.store.blobs import BlobFolder
from tweestad.store.protocol import Cell
from tweestad.tiles.block import StreetLevel
from tweestad.tiles.buildings import known_values
from tweestad.tiles.cell import CellTask, DrawnCell, by_top_cell, draw_all, together, write_task
from tweestad.tiles.plan import Plan
from tweestad.tiles.spool import Square

Rows = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True, slots=True, eq=False)
class Workshop:
    """Where buildings are drawn: solids and what was drawn before, a folder for tasks, and processes."""

    solids: SolidCells
    drawn: DrawnCells
    work: Path
    tiles: Path
    executor: Executor
    ground: GroundShop

    @classmethod
    def below(cls, build: Path, blobs: BlobFolder, tiles: Path, processes: int) -> Workshop:
        """The workshop of a data folder, in its folder `build`, which is not public."""
        work, executor = build / "work", Executor(processes)
        return cls(
            solids=SolidCells(blobs, build / "solids"),
            drawn=DrawnCells(build / "drawn", tiles),
            work=work,
            tiles=tiles,
            executor=executor,
            ground=GroundShop(Records(build / "scene", code_key()), work / "ground", executor),
        )

    def clear(self) -> None:
        """Remove what a build leaves lying about, also one that was killed."""
        shutil.rmtree(self.work, ignore_errors=True)


def count_by_square(shop: Workshop, public: PublicRows, cells: Sequence[Cell]) -> dict[Square, int]:
    """How many of the features have a solid in each square."""
    ids = frozenset(public.ids)
    return {square_of(cell): sum(key in ids for key in shop.solids.index(cell).keys) for cell in cells}


def draw_buildings(
    shop: Workshop,
    public: PublicRows,
    cells: Sequence[Cell],
    cut: Plan,
    street: StreetLevel,
    on_progress: OnProgress,
) -> DrawnCell:
    """All tiles of a layer, put in the tile folder; of each cell only when something in it has changed.

    Raises InputRejected when a blob does not hold what was put in, and TweestadError when a process is
    killed.
    """
    rows = _known_rows(public, cut)
    shop.work.mkdir(parents=True, exist_ok=True)
    drawn: list[DrawnCell] = []
    tasks: dict[str, int] = {}
    total = 0
    for top, members in by_top_cell(cells, cut, square_of):
        indexes = [shop.solids.index(cell) for cell in members]
        here, streets = _here(indexes, rows, street)
        task = CellTask(
            plan=cut,
            top=top,
            solids=tuple(shop.solids.path(cell) for cell in members),
            hashes=tuple(cell.blob_sha for cell in members),
            rows=here,
            streets=streets,
            program=code_key(),
        )
        total += len(here)
        path = write_task(task, shop.tiles, shop.work)
        found = shop.drawn.find(Path(path).stem)
        if found is None:
            tasks[path] = len(here)
        else:
            drawn.append(found)
            Path(path).unlink()
    step = f"{public.layer.id}: shapes"
    before = total - sum(tasks.values())
    on_progress(Progress(step, before, total))
    for done, made in draw_all(
        tasks, shop.executor, lambda path, made: shop.drawn.put(Path(path).stem, made)
    ):
        drawn.append(made)
        on_progress(Progress(step, before + done, total))
    return together(drawn)


def _here(
    indexes: Sequence[CellIndex], rows: Rows, street: StreetLevel
) -> tuple[dict[str, Mapping[str, Value]], dict[str, float]]:
    """The rows of the features that have a solid here, and the street before each, NAP."""
    keys = [key for index in indexes for key in index.keys]
    middles = np.concatenate([np.zeros((0, 2)), *(index.middles for index in indexes)])
    kept = [n for n, key in enumerate(keys) if key in rows]
    levels = np.asarray(street(middles[kept]), dtype=np.float64).tolist() if kept else []
    here = {keys[n]: rows[keys[n]] for n in kept}
    return here, {keys[n]: level for n, level in zip(kept, levels, strict=True)}


def _known_rows(public: PublicRows, cut: Plan) -> Rows:
    """What the tiles tell of each feature: the columns of the plan, without what means "unknown"."""
    names = {p.name for p in cut.schema.properties}
    rows = known_values(dict(zip(public.ids, public.attributes, strict=True)), public.layer.columns)
    return {
        key: {name: value for name, value in row.items() if name in names and value is not None}
        for key, row in rows.items()
    }
