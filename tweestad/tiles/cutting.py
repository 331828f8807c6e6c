"""Spreads buildings over tiles: a level by size, a fixed cell of RD by place, a tree over the cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tweestad.tiles.block import Block, Building, StreetLevel, boxes, prepare
from tweestad.tiles.frame import Frame
from tweestad.tiles.glb import Glb
from tweestad.tiles.plan import Plan
from tweestad.tiles.surfaces import Numbers
from tweestad.tiles.tileset import ROOT_ERROR_M, Tile, Tileset

Cell = tuple[int, int, int]
"""Level, column and row."""
TileDrawer = Callable[[Numbers], Glb | None]
"""Draws the buildings of a block with these numbers, or None when there is nothing to draw."""
Drawer = Callable[[Block], TileDrawer]
"""Looks once at a whole block and then draws its tiles."""

DISTRICT_CELLS = 8
"""So many of the largest cells on a side share a parent, once there are several such parents."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A tileset for each drawer; `undrawn`: ids of buildings whose surfaces have no area."""

    tilesets: tuple[Tileset, ...]
    undrawn: tuple[str, ...]
    lost_surfaces: int


def cut(
    buildings: Sequence[Building],
    frame: Frame,
    plan: Plan,
    base: StreetLevel | None,
    drawers: Sequence[Drawer],
) -> Cut:
    """Draw all buildings with each drawer, one largest cell of the plan after another."""
    contents: list[dict[Cell, Glb]] = [{} for _ in drawers]
    undrawn: list[str] = []
    lost = 0
    for block, cells in _blocks(buildings, frame, plan, base):
        undrawn += [block.buildings[n].feature_id for n in block.undrawn.tolist()]
        lost += block.lost_surfaces
        for drawn, drawer in zip(contents, drawers, strict=True):
            draw = drawer(block)
            for cell, members in cells.items():
                glb = draw(members)
                if glb is not None:
                    drawn[cell] = glb
    tilesets = tuple(tree(frame, plan, drawn) for drawn in contents)
    return Cut(tilesets, tuple(sorted(undrawn)), lost)


def _blocks(
    buildings: Sequence[Building], frame: Frame, plan: Plan, base: StreetLevel | None
) -> Iterator[tuple[Block, dict[Cell, Numbers]]]:
    """The buildings of one largest cell after another, each with the numbers of the buildings per tile."""
    placed = plan.place(*boxes(buildings)).tolist()
    groups: dict[Cell, list[int]] = defaultdict(list)
    for n, (level, column, row) in enumerate(placed):
        groups[_top_cell((level, column, row), plan)].append(n)
    for _, members in sorted(groups.items()):
        cells: dict[Cell, list[int]] = defaultdict(list)
        for number, n in enumerate(members):
            level, column, row = placed[n]
            cells[level, column, row].append(number)
        block = prepare([buildings[n] for n in members], frame, base)
        yield block, {cell: np.array(numbers) for cell, numbers in sorted(cells.items())}


def tree(frame: Frame, plan: Plan, contents: Mapping[Cell, Glb]) -> Tileset:
    """The tileset of these contents: large buildings above small ones, all drawn in addition."""
    children: dict[Cell, set[Cell]] = defaultdict(set)
    for cell in contents:
        below = cell
        while below[0] > 0:
            above = _parent(below, plan)
            children[above].add(below)
            below = above
    tops = sorted({_top_cell(cell, plan) for cell in contents})

    def tile(cell: Cell) -> Tile:
        below = [tile(c) for c in sorted(children.get(cell, ()))]
        content = contents.get(cell)
        if content is not None and not below:
            return Tile.leaf(content)
        return Tile.parent(below, plan.levels[cell[0]].error_m, content)

    districts: dict[tuple[int, int], list[Tile]] = defaultdict(list)
    for _, column, row in tops:
        districts[column // DISTRICT_CELLS, row // DISTRICT_CELLS].append(tile((0, column, row)))
    if len(districts) <= 1:
        return Tileset.of(frame, [t for tiles in districts.values() for t in tiles])
    return Tileset.of(frame, [Tile.parent(tiles, ROOT_ERROR_M / 4) for tiles in districts.values()])


def _top_cell(cell: Cell, plan: Plan) -> Cell:
    while cell[0] > 0:
        cell = _parent(cell, plan)
    return cell


def _parent(cell: Cell, plan: Plan) -> Cell:
    level, column, row = cell
    ratio = plan.levels[level - 1].cell_m // plan.levels[level].cell_m
    return level - 1, column // ratio, row // ratio
