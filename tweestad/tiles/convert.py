"""CityJSON files of any city to a folder of tiles, without a twin around them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tweestad.errors import InputRejected
from tweestad.formats.cityjson import read_city
from tweestad.model.city_object import CityObject
from tweestad.model.feature import FEATURE_ID_MAX, Value
from tweestad.model.layer import Rejected
from tweestad.tiles.block import arrange, boxes
from tweestad.tiles.buildings import Rows
from tweestad.tiles.city import CityTiles, build_city
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.plan import Plan, find_plan, make_plan, schema_of_rows, widen
from tweestad.tiles.tileset import Tileset, write_tileset

BUILDINGS_ID = "gebouwen"
CREASES_ID = "gebouwen-lijnen"
CLASS_ID = "gebouw"
PLAN_FILE = "plan.json"
DRAWN_TYPES = frozenset(
    {"Building", "BuildingPart", "BuildingUnit", "Bridge", "BridgePart", "Tunnel", "OtherConstruction"}
)

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
    how many objects there were of the types that are no constructions. `seconds`: by stage.
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
    on_progress: OnProgress = lambda _: None,
) -> ConvertReport:
    """Read CityJSON files and write tilesets of their constructions and the lines on them to `out`.

    The id of a feature is its `identificatie`, else its key. All attributes become metadata. When
    `out` has a plan.json the tiles are cut by it. `crs` (28992 or 7415) is for files that name none.
    Raises InputRejected for a file that cannot be read at all, and when nothing comes out: then nothing
    is written. A faulty object is in the report.
    """
    clock = _Clock()
    intake = _Intake()
    for path in paths:
        intake.take(read_city(path, crs=crs), path.name)
        on_progress(f"read {path.name}: {intake.taken} objects so far")
    clock.lap("read")
    folder = TileFolder(out)
    plan = _plan(folder, intake)
    clock.lap("plan")
    tiles = build_city(intake.objects, intake.ids, intake.rows, (), plan.frame(), plan, None)
    on_progress(f"drew {tiles.buildings.features} of {intake.taken} objects")
    if not tiles.buildings.features:
        raise InputRejected(_nothing_because(intake, tiles))
    clock.lap("draw")
    folder.put_json(PLAN_FILE, plan.as_json())
    facts = [_write(t, folder, i) for i, t in ((BUILDINGS_ID, tiles.buildings), (CREASES_ID, tiles.creases))]
    on_progress(f"wrote {sum(f.tiles for f in facts)} tiles")
    clock.lap("write")
    return _report(intake, tiles, facts, clock)


@dataclass(slots=True)
class _Intake:
    """The objects taken from all files, each under an id of its own."""

    taken: int = 0
    objects: list[CityObject] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, Value]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    other_types: Counter[str] = field(default_factory=Counter)

    def take(self, objects: Iterable[CityObject | Rejected], name: str) -> None:
        for each in objects:
            self.taken += 1
            if isinstance(each, Rejected):
                self.rejected.append(each)
            elif each.type not in DRAWN_TYPES:
                self.other_types[each.type] += 1
            else:
                self._take_object(each, name)

    def _take_object(self, city_object: CityObject, name: str) -> None:
        feature_id = str(city_object.attributes.get("identificatie") or city_object.key)
        if len(feature_id) > FEATURE_ID_MAX:
            reason = f"its id is longer than {FEATURE_ID_MAX} characters"
            self.rejected.append(Rejected(name, city_object.key, reason))
        elif feature_id in self.rows:
            reason = f"the id {feature_id} was already given to another object"
            self.rejected.append(Rejected(name, city_object.key, reason))
        else:
            # Keys are only unique within a file: `1` may stand for a building in each of them.
            self.objects.append(replace(city_object, key=feature_id))
            self.ids[feature_id] = feature_id
            self.rows[feature_id] = dict(city_object.attributes)


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
    schema = schema_of_rows(CLASS_ID, list(intake.rows.values()))
    found = find_plan(folder.root / PLAN_FILE)
    if found is not None:
        return found.with_schema(widen(found.schema, schema))
    return make_plan(_middle(intake.objects, intake.ids, intake.rows), schema)


def _middle(objects: Sequence[CityObject], ids: dict[str, str], rows: Rows) -> tuple[float, float]:
    lower, upper = boxes(arrange(objects, ids, rows, None)[0])
    if not len(lower):
        # Amersfoort, where RD has its origin: a frame is needed even around nothing.
        return 155_000.0, 463_000.0
    x, y, _ = ((lower.min(0) + upper.max(0)) / 2).tolist()
    return x, y


def _write(tileset: Tileset, folder: TileFolder, tileset_id: str) -> TilesetFacts:
    numbers = [int(p.name) for p in (folder.root / tileset_id).glob("*") if p.name.isdecimal()]
    write_tileset(tileset, folder, tileset_id, max(numbers, default=0) + 1)
    contents = list(tileset.contents())
    packed = [folder.root / (folder.put(glb.data, "glb") + ".gz") for glb in contents]
    return TilesetFacts(
        id=tileset_id,
        tiles=len(contents),
        objects=tileset.features,
        triangles=tileset.triangles,
        lines=tileset.lines,
        bytes=sum(len(glb.data) for glb in contents),
        gzip_bytes=sum(p.stat().st_size for p in packed),
    )


def _nothing_because(intake: _Intake, tiles: CityTiles) -> str:
    """One sentence on why there is nothing to write."""
    if not intake.taken:
        return "there are no objects to draw: nothing was written"
    why = [f"{len(intake.rejected)} rejected"] if intake.rejected else []
    why += [f"{len(tiles.shapeless)} without a shape"] if tiles.shapeless else []
    why += [f"{sum(intake.other_types.values())} of other types"] if intake.other_types else []
    first = intake.rejected[0] if intake.rejected else None
    told = f" (first: {first.file}, {first.object_id[:80]}: {first.reason})" if first else ""
    return f"nothing came out of {intake.taken} objects, {', '.join(why)}{told}: nothing was written"


def _report(intake: _Intake, tiles: CityTiles, facts: Sequence[TilesetFacts], clock: _Clock) -> ConvertReport:
    return ConvertReport(
        objects_in=intake.taken,
        objects_out=tiles.buildings.features,
        rejected=tuple(intake.rejected),
        shapeless=tiles.shapeless,
        other_types=tuple(sorted(intake.other_types.items())),
        extruded=len(tiles.extruded),
        lost_surfaces=tiles.lost_surfaces,
        tilesets=tuple(facts),
        seconds=tuple(clock.laps),
    )
