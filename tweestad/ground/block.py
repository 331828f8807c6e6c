"""Draws one block of the ground, a tile of two by two cells, here or in a process of its own, from a task.

A task holds all that decides the tiles, and nothing else: its hash tells whether they must be drawn anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import orjson

from tweestad.files import write_atomically
from tweestad.ground.cutting import Bounds, Geometries
from tweestad.ground.height import CELL_M, GroundHeight
from tweestad.ground.packed import geometries_from, geometry_bytes, packed, unpacked
from tweestad.ground.parts import GROUND_ROLES, CellSurfaces, GroundRole, parts_of
from tweestad.ground.terrain import Terrain
from tweestad.ground.tiles import TILE_CELLS, ground_tiles
from tweestad.model.feature import BBox
from tweestad.tiles.folder import TileFolder
from tweestad.tiles.frame import Frame
from tweestad.tiles.glb import Glb

FLAT_ROLES: Final[tuple[GroundRole, ...]] = ("park", "water", "street", "path")
"""What is cut for the flat map, in the order in which it is drawn: land lies below everything there."""

_NOWHERE: Final = BBox(-1e9, -1e9, -1e9, -1e9)


@dataclass(frozen=True, slots=True, eq=False)
class GroundBlock:
    """What to draw in one block: its cells, and the heights, boxes (as in GroundInput) and frame around.

    `program` changes when the code does.
    """

    cells: tuple[CellSurfaces, ...]
    box: BBox
    near: BBox
    height: GroundHeight
    water_nap_m: float
    frame: Frame
    program: str

    @property
    def bounds(self) -> Bounds:
        """The block as a rectangle, EPSG:28992, also where it sticks out of the box."""
        side = CELL_M * TILE_CELLS
        column, row = self.cells[0].column // TILE_CELLS, self.cells[0].row // TILE_CELLS
        return column * side, row * side, (column + 1) * side, (row + 1) * side

    def flat_key(self) -> str:
        """A hash of all that decides the surfaces of the flat map: no building and no height."""
        return _hash(self.program, [_cell_facts(c) for c in self.cells], _owners(self.cells))

    def facts(self) -> bytes:
        """All that decides the tiles, as bytes; what lies outside the block is not in it."""
        fine = (height := self.height.within(*self.bounds)).terrain
        terrain = None if fine is None else [fine.step_m, fine.division, fine.first_column, fine.first_row]
        facts = {
            "cells": [_cell_facts(cell) for cell in self.cells],
            "box": _box(_cut_to(self.box, self.bounds)),
            "near": _box(_cut_to(self.near, self.bounds)),
            "height": [height.default_nap_m, height.step_m, height.first_column, height.first_row],
            "nodes": height.nodes.shape,
            "terrain": terrain,
            "fine": [] if fine is None else [fine.nodes.shape, fine.squares.shape],
            "water": self.water_nap_m,
            "frame": asdict(self.frame),
            "program": self.program,
        }
        grids = [height.nodes.tobytes()]
        grids += [] if fine is None else [fine.nodes.tobytes(), fine.squares.tobytes()]
        standing = [geometry_bytes(cell.standing) for cell in self.cells]
        return packed(facts, [*grids, *standing, *_owners(self.cells)])


@dataclass(frozen=True, slots=True, eq=False)
class DrawnBlock:
    """The tiles of a block per tileset (a role or "quay"), which are in the tile folder already."""

    tiles: Mapping[str, tuple[Glb, ...]]

    def names(self) -> frozenset[str]:
        """The files of the tile folder that it needs."""
        return frozenset(glb.name for glbs in self.tiles.values() for glb in glbs)

    def as_json(self) -> dict[str, Any]:
        """The block as a record keeps it."""
        return {name: [glb.as_json() for glb in glbs] for name, glbs in self.tiles.items()}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> DrawnBlock:
        """Read what `as_json` gave; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            {name: tuple(Glb.from_json(*each) for each in body[name]) for name in (*GROUND_ROLES, QUAY)}
        )


QUAY: Final = "quay"


def write_block(block: GroundBlock, tiles: Path, folder: Path, flat: Path) -> str:
    """Write the task for `draw_block` in `folder` and return its key, the path of the file.

    `flat` is the file that it writes the surfaces of the flat map to, unless that is there.
    """
    facts = block.facts()
    path = folder / f"{hashlib.sha256(facts).hexdigest()}.ground"
    where = orjson.dumps({"tiles": str(tiles), "flat": str(flat)})
    path.write_bytes(where + b"\n" + facts)
    return str(path)


def draw_block(key: str) -> DrawnBlock:
    """Draw the block of a task and put its tiles in the folder; what is there already stays as it is."""
    line, _, facts = Path(key).read_bytes().partition(b"\n")
    where = orjson.loads(line)
    block = _block(*unpacked(facts))
    flat = Path(where["flat"])
    if not is_whole(flat):
        write_atomically(flat, _flat_surfaces(block.cells))
    folder = TileFolder(Path(where["tiles"]))
    parts = parts_of(block.cells, block.box, block.near)
    made = ground_tiles(parts, block.height, block.frame, water_nap_m=block.water_nap_m)
    drawn: dict[str, tuple[Glb, ...]] = {}
    for name, tileset in (*made.roles.items(), (QUAY, made.quays)):
        drawn[name] = tuple(glb.kept_as(folder.put(glb.data, "glb")) for glb in tileset.contents())
    return DrawnBlock(drawn)


def is_whole(flat: Path) -> bool:
    """Whether the surfaces of the flat map in a block are there as they were written."""
    try:
        unpacked(flat.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def read_flat(flat: Path, role: GroundRole) -> list[Geometries]:
    """The surfaces of a role for the flat map in a block, per cell; raises ValueError for damaged ones."""
    _, blocks = unpacked(flat.read_bytes())
    return [geometries_from(data) for data in blocks[FLAT_ROLES.index(role) :: len(FLAT_ROLES)]]


def blocks_of(cells: Sequence[tuple[int, int, Bounds]]) -> list[list[tuple[int, int, Bounds]]]:
    """Cells by block, in order of row and column."""
    blocks: dict[tuple[int, int], list[tuple[int, int, Bounds]]] = {}
    for column, row, bounds in cells:
        blocks.setdefault((row // TILE_CELLS, column // TILE_CELLS), []).append((column, row, bounds))
    return [blocks[place] for place in sorted(blocks)]


def _flat_surfaces(cells: Sequence[CellSurfaces]) -> bytes:
    found: list[bytes] = []
    for cell in cells:
        pieces = cell.cut_unshaded()
        numbers = [GROUND_ROLES.index(role) for role in FLAT_ROLES]
        found += [geometry_bytes(pieces.polygons[pieces.owners == number]) for number in numbers]
    return packed(None, found)


def _block(facts: Any, blocks: Sequence[bytes]) -> GroundBlock:
    rest = iter(blocks)
    nodes = np.frombuffer(next(rest)).reshape(facts["nodes"])
    terrain = None
    if facts["terrain"] is not None:
        of_nodes, of_squares = facts["fine"]
        fine = np.frombuffer(next(rest)).reshape(of_nodes)
        squares = np.frombuffer(next(rest), dtype=np.bool_).reshape(of_squares)
        fine_m, division, first_column, first_row = facts["terrain"]
        terrain = Terrain(fine_m, division, first_column, first_row, fine, squares)
    standing = [geometries_from(next(rest)) for _ in facts["cells"]]
    owners = [geometries_from(each) for each in rest]
    cells = []
    for n, (column, row, bounds, tolerance_m, count) in enumerate(facts["cells"]):
        mine, owners = tuple(owners[:count]), owners[count:]
        cells.append(CellSurfaces(column, row, cast("Bounds", tuple(bounds)), mine, standing[n], tolerance_m))
    default_nap_m, step_m, first_column, first_row = facts["height"]
    frame = facts["frame"] | {"origin_ecef": tuple(facts["frame"]["origin_ecef"])}
    return GroundBlock(
        tuple(cells),
        BBox(*facts["box"]),
        BBox(*facts["near"]),
        GroundHeight(default_nap_m, step_m, first_column, first_row, nodes, terrain),
        facts["water"],
        Frame(**frame),
        facts["program"],
    )


def _cell_facts(cell: CellSurfaces) -> tuple[int, int, Bounds, float, int]:
    return cell.column, cell.row, cell.bounds, cell.tolerance_m, len(cell.owners)


def _owners(cells: Sequence[CellSurfaces]) -> Iterator[bytes]:
    return (geometry_bytes(owner) for cell in cells for owner in cell.owners)


def _hash(program: str, facts: object, blocks: Iterator[bytes]) -> str:
    digest = hashlib.sha256(orjson.dumps([program, facts]))
    for block in blocks:
        digest.update(hashlib.sha256(block).digest())
    return digest.hexdigest()


def _cut_to(box: BBox, bounds: Bounds) -> BBox:
    """The part of a box that lies in the block; nowhere when none does."""
    west, south = max(box.min_x, bounds[0]), max(box.min_y, bounds[1])
    east, north = min(box.max_x, bounds[2]), min(box.max_y, bounds[3])
    return BBox(west, south, east, north) if west <= east and south <= north else _NOWHERE


def _box(box: BBox) -> tuple[float, float, float, float]:
    return box.min_x, box.min_y, box.max_x, box.max_y
