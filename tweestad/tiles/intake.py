"""Takes the objects of city models in: numbered ids, columns and bounds stay in memory, shapes go to disk.

A CityJSONSeq is read in pieces, over several processes when there is enough; any other file as a whole, in
this process. What comes in, and in which order, does not depend on how many processes read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

import orjson

from tweestad.errors import InputRejected
from tweestad.formats.cityjson.pieces import SeqPiece, cut_seq, is_seq
from tweestad.formats.cityjson.reading import Choice, Passed, read_chosen, read_piece
from tweestad.formats.cityjson.writing import seq_line
from tweestad.formats.safe_json import DEFAULT_LIMITS
from tweestad.jobs.executor import Executor
from tweestad.model.city_object import CityObject
from tweestad.model.feature import FEATURE_ID_MAX
from tweestad.model.layer import Rejected
from tweestad.tiles.box import extent
from tweestad.tiles.extrude import extrude
from tweestad.tiles.plan import Columns, Kinds, kinds_of
from tweestad.tiles.spool import Spool, middle_of

TOLD_EVERY: Final = 1_000
WITHOUT_PROCESSES_BYTES: Final = 12_000_000
"""So much is read before another process has even started."""

OnProgress = Callable[[str], None]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Item:
    """One object without its shape: taken when it has an id, else `reason` or `passed` says why not.

    `box` are west, south, east and north of what is drawn, EPSG:28992, and `line` the object as a line of a
    CityJSONSeq under its id; both are empty when there is nothing to draw.
    """

    key: str
    feature_id: str = ""
    reason: str = ""
    passed: str = ""
    kinds: Kinds = ()
    middle: Point = (0.0, 0.0)
    box: tuple[float, ...] = ()
    line: bytes = b""


@dataclass(frozen=True, slots=True)
class PieceRead:
    """What a process found in a piece: items whose lines are in the file `lines`, in their order.

    `keys` are all that the piece uses up. `fault`: the file is no good, and this is why.
    """

    name: str
    items: tuple[Item, ...]
    lines: str
    keys: frozenset[str]
    fault: InputRejected | None


def items_of(objects: Iterable[CityObject | Rejected | Passed]) -> Iterator[Item]:
    """What there is to remember of each object; equal kinds of columns are one value."""
    known: dict[Kinds, Kinds] = {}
    for each in objects:
        if isinstance(each, Rejected):
            yield Item(each.object_id, reason=each.reason)
        elif isinstance(each, Passed):
            yield Item(each.object_id, passed=each.type)
        else:
            kinds = kinds_of(each.attributes)
            yield _item(each, known.setdefault(kinds, kinds))


def _item(found: CityObject, kinds: Kinds) -> Item:
    feature_id = str(found.attributes.get("identificatie") or found.key)
    if len(feature_id) > FEATURE_ID_MAX:
        return Item(found.key, reason=f"its id is longer than {FEATURE_ID_MAX} characters")
    shape = found.shape
    if shape is None or not len(shape.kinds) or not len(shape.vertices):
        shape = extrude(found, {}, 0.0)
    if shape is None:
        return Item(found.key, feature_id, kinds=kinds)
    # Keys are only unique within a file: `1` may stand for a building in each of them.
    named = replace(found, key=feature_id)
    lower, upper = (side[:2].tolist() for side in extent(shape.vertices))
    return Item(
        found.key,
        feature_id,
        kinds=kinds,
        middle=middle_of(named),
        box=(*lower, *upper),
        line=seq_line(named),
    )


@dataclass(slots=True)
class Intake:
    """The objects taken from all files, each under an id of its own; only what they are called stays here."""

    spool: Spool
    on_progress: OnProgress
    taken: int = 0
    ids: set[str] = field(default_factory=set)
    columns: Columns = field(default_factory=Columns)
    bounds: list[float] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    other_types: Counter[str] = field(default_factory=Counter)
    shapeless: list[str] = field(default_factory=list)

    def take_files(
        self, paths: Sequence[Path], choice: Choice, crs: int | None, processes: int, work: Path
    ) -> None:
        """Take all files in their order; raises InputRejected for the first that cannot be read at all."""
        pieces = self._pieces(paths, choice, crs, work)
        keys = [key for own in pieces for key in own]
        total = sum(path.stat().st_size for path, own in zip(paths, pieces, strict=True) if own)
        executor = Executor(processes if total > WITHOUT_PROCESSES_BYTES else 1)
        found = _in_order(executor.map(take_piece, keys), keys)
        for path, own in zip(paths, pieces, strict=True):
            if own:
                self._take_pieces(islice(found, len(own)))
            else:
                self._take(items_of(read_chosen(path, choice, crs=crs)), path.name)
            self.on_progress(f"read {path.name}: {self.taken:,} objects so far")

    def _pieces(self, paths: Sequence[Path], choice: Choice, crs: int | None, work: Path) -> list[list[str]]:
        """The tasks of each file; none for one that does not come in pieces."""
        pieces: list[list[str]] = []
        for number, path in enumerate(paths):
            cut = cut_seq(path, work / f"unpacked-{number}", DEFAULT_LIMITS) if is_seq(path) else []
            pieces.append(
                [_write_task(piece, choice, crs, work / f"{number}-{n}") for n, piece in enumerate(cut)]
            )
        return pieces

    def _take_pieces(self, pieces: Iterable[PieceRead]) -> None:
        """Take the pieces of one file, in which no key may come twice."""
        seen: set[str] = set()
        for piece in pieces:
            if piece.fault is not None:
                raise piece.fault
            self._take(_with_lines(piece, seen), piece.name)
            Path(piece.lines).unlink()
            seen |= piece.keys

    def _take(self, items: Iterable[Item], name: str) -> None:
        for item in items:
            self.taken += 1
            if self.taken % TOLD_EVERY == 0:
                self.on_progress(f"read {name}: {self.taken:,} objects so far")
            if item.reason:
                self.rejected.append(Rejected(name, item.key, item.reason))
            elif item.passed:
                self.other_types[item.passed] += 1
            elif item.feature_id in self.ids:
                reason = f"the id {item.feature_id} was already given to another object"
                self.rejected.append(Rejected(name, item.key, reason))
            else:
                self._take_object(item)

    def _take_object(self, item: Item) -> None:
        self.ids.add(item.feature_id)
        self.columns.add_kinds(item.kinds)
        if not item.line:
            self.shapeless.append(item.feature_id)
            return
        west, south, east, north = self.bounds or item.box
        low_x, low_y, high_x, high_y = item.box
        self.bounds = [min(west, low_x), min(south, low_y), max(east, high_x), max(north, high_y)]
        self.spool.add_line(item.feature_id, item.middle, item.line)


def take_piece(key: str) -> PieceRead:
    """Read the piece of a task, here or in a process of its own, and write its lines beside the task."""
    task = orjson.loads(Path(key).read_bytes())
    piece = SeqPiece(**{**task["piece"], "header": tuple(task["piece"]["header"])})
    choice = Choice(None if task["types"] is None else frozenset(task["types"]), task["lod"])
    seen: set[str] = set()
    items: list[Item] = []
    lines = f"{key}.lines"
    fault: InputRejected | None = None
    with Path(lines).open("wb") as file:
        try:
            for item in items_of(read_piece(piece, choice, seen, crs=task["crs"])):
                if item.line:
                    file.write(item.line + b"\n")
                    item = replace(item, line=b"\n")  # noqa: PLW2901 - it is on disk now
                items.append(item)
        except InputRejected as exc:
            # A value, so that of two faults the first in the file is told and not the first that was met.
            fault = exc
    return PieceRead(piece.name, tuple(items), lines, frozenset(seen), fault)


def _write_task(piece: SeqPiece, choice: Choice, crs: int | None, path: Path) -> str:
    types = None if choice.types is None else sorted(choice.types)
    path.write_bytes(orjson.dumps({"piece": asdict(piece), "types": types, "lod": choice.lod, "crs": crs}))
    return str(path)


def _with_lines(piece: PieceRead, seen: set[str]) -> Iterator[Item]:
    """The items with their lines again; one whose key an earlier piece of the file has is rejected."""
    with Path(piece.lines).open("rb") as file:
        for item in piece.items:
            line = file.readline().rstrip(b"\n") if item.line else b""
            if item.key in seen:
                yield Item(item.key, reason="this key was given before")
            else:
                yield replace(item, line=line)


def _in_order(found: Iterable[tuple[str, PieceRead]], keys: Sequence[str]) -> Iterator[PieceRead]:
    """The results in the order of the keys, each as soon as those before it are there."""
    waiting: dict[str, PieceRead] = {}
    wanted = iter(keys)
    turn = next(wanted, None)
    for key, result in found:
        waiting[key] = result
        while turn is not None and turn in waiting:
            yield waiting.pop(turn)
            turn = next(wanted, None)
