"""CityJSON files of any city to a folder of tiles, without a twin around them."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tweestad.errors import InputRejected
from tweestad.formats.cityjson.choice import CONSTRUCTIONS, counted, left_out_sentence
from tweestad.formats.cityjson.reading import Choice, Passed, read_chosen
from tweestad.jobs.executor import Executor
from tweestad.model.city_object import CityObject
from tweestad.model.feature import FEATURE_ID_MAX
from tweestad.model.layer import Rejected
from tweestad.tiles.box import extent
from tweestad.tiles.cell import CellTask, DrawnCell, by_top_cell, draw_all, together, write_task
from tweestad.tiles.cutting import tree
from tweestad.tiles.extrude import extrude
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.plan import Columns, Plan, find_plan, make_plan, widen
from tweestad.tiles.spool import Spool, Square
from tweestad.tiles.tileset import Tileset, write_tileset

TOLD_EVERY = 1_000
BUILDINGS_ID = "gebouwen"
CREASES_ID = "gebouwen-lijnen"
CLASS_ID = "gebouw"
PLAN_FILE = "plan.json"
DRAWN = Choice(CONSTRUCTIONS)

OnProgress = Callable[[str], None]


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
    Objects wait in a temporary folder, and `processes` of them draw (0: one per core, at most four).
    Raises InputRejected for a file that cannot be read at all, and when nothing comes out: then nothing
    is written. A faulty object is in the report. Raises TweestadError when a process is killed.
    """
    clock = _Clock()
    with tempfile.TemporaryDirectory(prefix="tweestad-") as temporary:
        work = Path(temporary)
        intake = _Intake(Spool(work / "spool"))
        for path in paths:
            intake.take(read_chosen(path, choice, crs=crs), path.name, on_progress)
            on_progress(f"read {path.name}: {intake.taken:,} objects so far")
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
class _Intake:
    """The objects taken from all files, each under an id of its own; only what they are called stays here."""

    spool: Spool
    taken: int = 0
    ids: set[str] = field(default_factory=set)
    columns: Columns = field(default_factory=Columns)
    bounds: list[float] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    other_types: Counter[str] = field(default_factory=Counter)
    shapeless: list[str] = field(default_factory=list)

    def take(
        self, objects: Iterable[CityObject | Rejected | Passed], name: str, on_progress: OnProgress
    ) -> None:
        for each in objects:
            self.taken += 1
            if self.taken % TOLD_EVERY == 0:
                on_progress(f"read {name}: {self.taken:,} objects so far")
            if isinstance(each, Rejected):
                self.rejected.append(each)
            elif isinstance(each, Passed):
                self.other_types[each.type] += 1
            else:
                self._take_object(each, name)

    def _take_object(self, city_object: CityObject, name: str) -> None:
        feature_id = str(city_object.attributes.get("identificatie") or city_object.key)
        if len(feature_id) > FEATURE_ID_MAX:
            reason = f"its id is longer than {FEATURE_ID_MAX} characters"
            self.rejected.append(Rejected(name, city_object.key, reason))
        elif feature_id in self.ids:
            reason = f"the id {feature_id} was already given to another object"
            self.rejected.append(Rejected(name, city_object.key, reason))
        else:
            # Keys are only unique within a file: `1` may stand for a building in each of them.
            self.ids.add(feature_id)
            self.columns.add(city_object.attributes)
            self._spool(replace(city_object, key=feature_id))

    def _spool(self, city_object: CityObject) -> None:
        shape = city_object.shape
        if shape is None or not len(shape.kinds) or not len(shape.vertices):
            shape = extrude(city_object, {}, 0.0)
        if shape is None:
            self.shapeless.append(city_object.key)
            return
        lower, upper = (side[:2].tolist() for side in extent(shape.vertices))
        west, south, east, north = self.bounds or (*lower, *upper)
        self.bounds = [min(west, lower[0]), min(south, lower[1]), max(east, upper[0]), max(north, upper[1])]
        self.spool.add(city_object)


@dataclass(slots=True)
class _Clock:
    started: float = field(default_factory=time.perf_counter)
    laps: list[tuple[str, float]] = field(default_factory=list)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps.append((stage, now - self.started))
        self.started = now


def _plan(folder: TileFolder, intake: _Intake) -> Plan:
    """The plan of an earlier conversion into this folder, made wider where needed, or a new one."""
    schema = intake.columns.schema(CLASS_ID)
    found = find_plan(folder.root / PLAN_FILE)
    if found is not None:
        return found.with_schema(widen(found.schema, schema))
    # Amersfoort, where RD has its origin: a frame is needed even around nothing.
    west, south, east, north = intake.bounds or (155_000.0, 463_000.0, 155_000.0, 463_000.0)
    return make_plan(((west + east) / 2, (south + north) / 2), schema)


def _tasks(intake: _Intake, plan: Plan, out: Path, work: Path) -> dict[str, int]:
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


def _draw(tasks: Mapping[str, int], intake: _Intake, processes: int, on_progress: OnProgress) -> DrawnCell:
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


def _nothing_because(intake: _Intake, drawn: DrawnCell) -> str:
    """One sentence on why there is nothing to write."""
    if not intake.taken:
        return "there are no objects to draw: nothing was written"
    why = [f"{len(intake.rejected)} rejected"] if intake.rejected else []
    why += [f"{len(drawn.shapeless)} without a shape"] if drawn.shapeless else []
    why += [left_out_sentence(counted(intake.other_types))] if intake.other_types else []
    first = intake.rejected[0] if intake.rejected else None
    told = f" (first: {first.file}, {first.object_id[:80]}: {first.reason})" if first else ""
    return f"nothing came out of {intake.taken} objects, {', '.join(why)}{told}: nothing was written"


def _report(intake: _Intake, drawn: DrawnCell, facts: Sequence[TilesetFacts], clock: _Clock) -> ConvertReport:
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
