"""CityJSON files of any city to a folder of tiles, without a twin around them."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tweestad.errors import InputRejected
from tweestad.formats.cityjson.choice import CONSTRUCTIONS, counted, left_out_sentence
from tweestad.formats.cityjson.reading import Choice
from tweestad.jobs.executor import Executor
from tweestad.model.layer import Rejected
from tweestad.tiles.cell import CellTask, DrawnCell, by_top_cell, cut_for, draw_all, together, write_task
from tweestad.tiles.cutting import tree
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.intake import Intake, OnProgress
from tweestad.tiles.plan import Plan, find_plan, make_plan, widen
from tweestad.tiles.spool import Spool, Square
from tweestad.tiles.tileset import Tileset, write_tileset

BUILDINGS_ID = "gebouwen"
CREASES_ID = "gebouwen-lijnen"
CLASS_ID = "gebouw"
PLAN_FILE = "plan.json"
DRAWN = Choice(CONSTRUCTIONS)


@dataclass(frozen=True, slots=True)
class TilesetFacts:
    """What a tileset holds and weighs; `gzip_bytes` is what goes over the line."""

    id: str
    tiles: int
    objects: int
    triangles: int
    lines: int
    bytes: int
    gzip_bytes: int


@dataclass(frozen=True, slots=True)
class ConvertReport:
    """What went in and came out: `objects_in` = `objects_out` + rejected + shapeless + other types.

    `shapeless`: ids of features without a shape and without a height to draw one from. `other_types`:
    how many objects there were of the types that are not chosen, most first. `seconds`: by stage.
    """

    objects_in: int
    objects_out: int
    rejected: tuple[Rejected, ...]
    shapeless: tuple[str, ...]
    other_types: tuple[tuple[str, int], ...]
    extruded: int
    lost_surfaces: int
    tilesets: tuple[TilesetFacts, ...]
    seconds: tuple[tuple[str, float], ...]

    @property
    def triangles(self) -> int:
        return sum(t.triangles for t in self.tilesets)

    @property
    def bytes(self) -> int:
        return sum(t.bytes for t in self.tilesets)

    @property
    def gzip_bytes(self) -> int:
        return sum(t.gzip_bytes for t in self.tilesets)


def convert_files(
    paths: Sequence[Path],
    out: Path,
    *,
    crs: int | None = None,
    choice: Choice = DRAWN,
    on_progress: OnProgress = lambda _: None,
    processes: int = 0,
) -> ConvertReport:
    """Read CityJSON files and write tilesets of their objects and the lines on them to `out`.

    `choice` says which objects: constructions, unless told otherwise, each drawn by its own surfaces.
    The id of a feature is its `identificatie`, else its key. All attributes become metadata. When
    `out` has a plan.json the tiles are cut by it. `crs` (28992 or 7415) is for files that name none.
    Objects wait in a temporary folder. `processes` read what is a Seq, and draw (0: one per core, at most
    four).
    Raises InputRejected for a file that cannot be read at all, and when nothing comes out: then nothing
    is written. A faulty object is in the report. Raises TweestadError when a process is killed.
    """
    clock = _Clock()
    with tempfile.TemporaryDirectory(prefix="tweestad-") as temporary:
        work = Path(temporary)
        reading = work / "reading"
        reading.mkdir()
        intake = Intake(Spool(work / "spool"), on_progress)
        intake.take_files(paths, choice, crs, processes, reading)
        clock.lap("read")
        folder = TileFolder(out)
        plan = _plan(folder, intake)
        tasks = _tasks(intake, plan, out, work)
        clock.lap("plan")
        drawn = _draw(tasks, intake, processes, on_progress)
        clock.lap("draw")
    if not drawn.buildings:
        raise InputRejected(_nothing_because(intake, drawn))
    folder.put_json(PLAN_FILE, plan.as_json())
    both = ((BUILDINGS_ID, drawn.buildings), (CREASES_ID, drawn.creases))
    facts = [_write(tree(plan.frame(), plan, contents), folder, i) for i, contents in both]
    on_progress(f"wrote {sum(f.tiles for f in facts):,} tiles")
    clock.lap("write")
    return _report(intake, drawn, facts, clock)


@dataclass(slots=True)
class _Clock:
    started: float = field(default_factory=time.perf_counter)
    laps: list[tuple[str, float]] = field(default_factory=list)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps.append((stage, now - self.started))
        self.started = now


def _plan(folder: TileFolder, intake: Intake) -> Plan:
    """The plan of an earlier conversion into this folder, made wider where needed, or a new one."""
    schema = intake.columns.schema(CLASS_ID)
    found = find_plan(folder.root / PLAN_FILE)
    if found is not None:
        return cut_for(found.with_schema(widen(found.schema, schema)), intake.spool.counts())
    # Amersfoort, where RD has its origin: a frame is needed even around nothing.
    west, south, east, north = intake.bounds or (155_000.0, 463_000.0, 155_000.0, 463_000.0)
    return cut_for(make_plan(((west + east) / 2, (south + north) / 2), schema), intake.spool.counts())


def _tasks(intake: Intake, plan: Plan, out: Path, work: Path) -> dict[str, int]:
    """The key of each task with how many objects it draws."""
    squares: list[tuple[Square, Path, str, int]] = []
    for cell in intake.spool.cells():
        path = work / f"{cell.square[0]}-{cell.square[1]}.city.jsonl"
        path.write_bytes(cell.data)
        squares.append((cell.square, path, hashlib.sha256(cell.data).hexdigest(), len(cell.keys)))
    intake.spool.remove()
    tasks: dict[str, int] = {}
    for top, members in by_top_cell(squares, plan, lambda square: square[0]):
        files, hashes = tuple(m[1] for m in members), tuple(m[2] for m in members)
        key = write_task(CellTask(plan, top, files, hashes), out, work)
        tasks[key] = sum(m[3] for m in members)
    return tasks


def _draw(tasks: Mapping[str, int], intake: Intake, processes: int, on_progress: OnProgress) -> DrawnCell:
    cells = []
    for done, drawn in draw_all(tasks, Executor(processes)):
        cells.append(drawn)
        on_progress(f"drew {done:,} of {sum(tasks.values()):,} objects")
    return together([*cells, DrawnCell({}, {}, tuple(intake.shapeless))])


def _write(tileset: Tileset, folder: TileFolder, tileset_id: str) -> TilesetFacts:
    numbers = [int(p.name) for p in (folder.root / tileset_id).glob("*") if p.name.isdecimal()]
    write_tileset(tileset, folder, tileset_id, max(numbers, default=0) + 1)
    contents = list(tileset.contents())
    packed = [folder.root / (glb.name + ".gz") for glb in contents]
    return TilesetFacts(
        id=tileset_id,
        tiles=len(contents),
        objects=tileset.features,
        triangles=tileset.triangles,
        lines=tileset.lines,
        bytes=sum(glb.size for glb in contents),
        gzip_bytes=sum(p.stat().st_size for p in packed),
    )


def _nothing_because(intake: Intake, drawn: DrawnCell) -> str:
    """One sentence on why there is nothing to write."""
    if not intake.taken:
        return "there are no objects to draw: nothing was written"
    why = [f"{len(intake.rejected)} rejected"] if intake.rejected else []
    why += [f"{len(drawn.shapeless)} without a shape"] if drawn.shapeless else []
    why += [left_out_sentence(counted(intake.other_types))] if intake.other_types else []
    first = intake.rejected[0] if intake.rejected else None
    told = f" (first: {first.file}, {first.object_id[:80]}: {first.reason})" if first else ""
    return f"nothing came out of {intake.taken} objects, {', '.join(why)}{told}: nothing was written"


def _report(intake: Intake, drawn: DrawnCell, facts: Sequence[TilesetFacts], clock: _Clock) -> ConvertReport:
    return ConvertReport(
        objects_in=intake.taken,
        objects_out=sum(glb.features for glb in drawn.buildings.values()),
        rejected=tuple(intake.rejected),
        shapeless=drawn.shapeless,
        other_types=counted(intake.other_types),
        extruded=drawn.extruded,
        lost_surfaces=drawn.lost_surfaces,
        tilesets=tuple(facts),
        seconds=tuple(clock.laps),
    )
