"""Draws the ground of a city block by block: only what has changed, over several processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tweestad.ground.block import (
    DrawnBlock,
    GroundBlock,
    blocks_of,
    draw_block,
    is_whole,
    read_flat,
    write_block,
)
from tweestad.ground.cutting import Geometries
from tweestad.ground.height import GroundHeight
from tweestad.ground.parts import GroundInput, GroundRole, GroundSurfaces, cells_of
from tweestad.jobs.executor import Executor
from tweestad.jobs.records import Records
from tweestad.tiles.frame import Frame
from tweestad.tiles.tileset import Tile, Tileset

WITHOUT_PROCESSES: Final = 12
"""So few blocks are drawn before another process has even started."""


@dataclass(frozen=True, slots=True, eq=False)
class GroundShop:
    """Where the ground is drawn: what was drawn before, a folder for tasks, and processes."""

    records: Records
    work: Path
    executor: Executor


@dataclass(frozen=True, slots=True, eq=False)
class CityGround:
    """The ground, whose tiles are in the tile folder; `flat` are the files with surfaces for the flat map."""

    blocks: tuple[DrawnBlock, ...]
    flat: tuple[Path, ...]

    def tileset(self, name: str, frame: Frame) -> Tileset:
        """The tileset of a role, or of the quays, its tiles in order of row and column."""
        return Tileset.of(frame, [Tile.leaf(glb) for block in self.blocks for glb in block.tiles[name]])

    def surfaces(self, role: GroundRole) -> Iterator[Geometries]:
        """The surfaces of a role for the flat map, cell by cell."""
        for path in self.flat:
            yield from read_flat(path, role)


def draw_ground(
    given: GroundInput, height: GroundHeight, frame: Frame, water_nap_m: float, tiles: Path, shop: GroundShop
) -> CityGround:
    """Cut and tile everything in the box; of each block only when something in it has changed.

    A block depends on what lies in it alone, and on the heights there. Raises TweestadError when a
    process is killed.
    """
    drawn: dict[int, DrawnBlock] = {}
    flat: list[Path] = []
    tasks: dict[str, int] = {}
    shop.work.mkdir(parents=True, exist_ok=True)
    surfaces = GroundSurfaces(given)
    for number, cells in enumerate(blocks_of(list(cells_of(given.box)))):
        block = GroundBlock(
            tuple(surfaces.of_cell(*cell) for cell in cells),
            given.box,
            given.near,
            height,
            water_nap_m,
            frame,
            shop.records.program,
        )
        flat.append(shop.records.path(f"{block.flat_key()}.flat"))
        path = write_block(block, tiles, shop.work, flat[-1])
        found = _find(shop.records, Path(path).stem, tiles) if is_whole(flat[-1]) else None
        if found is None:
            tasks[path] = number
        else:
            drawn[number] = found
            Path(path).unlink()
    del surfaces
    executor = shop.executor if len(tasks) > WITHOUT_PROCESSES else Executor(1)
    for path, made in executor.map(draw_block, list(tasks)):
        shop.records.put(Path(path).stem, made.as_json())
        drawn[tasks[path]] = made
        Path(path).unlink()
    return CityGround(tuple(drawn[number] for number in sorted(drawn)), tuple(flat))


def _find(records: Records, key: str, tiles: Path) -> DrawnBlock | None:
    try:
        found = DrawnBlock.from_json(records.find(key))
    except (KeyError, TypeError, ValueError):
        return None
    return found if all((tiles / name).is_file() for name in found.names()) else None
