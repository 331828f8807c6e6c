"""Spreads buildings over tiles: a level by size, a fixed cell of RD by place, a tree over the cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tweestad.tiles.block import Block, Building, StreetLevel, boxes, prepare
from tweestad.tiles.frame import Frame
from tweestad.tiles.glb import Glb
from tweestad.tiles.plan import Place, Plan
from tweestad.tiles.surfaces import Numbers
from tweestad.tiles.tileset import ROOT_ERROR_M, Tile, Tileset

Cell = tuple[int, int, int]
"""Level, column and row."""
TileDrawer = Callable[[Numbers], Glb | None]
"""Draws the buildings of a block with these numbers, or None when there is nothing to draw."""
Drawer = Callable[[Block], TileDrawer]
"""Looks once at a whole block and then draws its tiles."""

BLOCK_CORNERS = 250_000
"""About 1,500 detailed buildings: more at once is not faster and takes memory."""
DISTRICT_CELLS = 8
"""So many of the largest cells on a side share a parent, once there are several such parents."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The content of each cell for each drawer; `undrawn`: ids of buildings whose surfaces have no area."""

    contents: tuple[dict[Cell, Glb], ...]
    undrawn: tuple[str, ...]
    lost_surfaces: int


def draw_tiles(
    buildings: Sequence[Building],
    frame: Frame,
    plan: Plan,
    base: StreetLevel | None,
    drawers: Sequence[Drawer],
    *,
    top: Place | None = None,
    keep: Callable[[Glb], Glb] = lambda glb: glb,
) -> Drawn:
    """Draw the tiles of these buildings with each drawer; `keep` may put each away as soon as it is made.

    `top` is the largest cell that all the buildings are known to lie in: one that seems to stick out by a
    rounded digit is drawn at its edge, so that no tile is ever made in two halves.
    """
    contents: list[dict[Cell, Glb]] = [{} for _ in drawers]
    undrawn: list[str] = []
    lost = 0
    for block, cells in _blocks(buildings, frame, plan, base, top):
        undrawn += [block.buildings[n].feature_id for n in block.undrawn.tolist()]
        lost += block.lost_surfaces
        for drawn, drawer in zip(contents, drawers, strict=True):
            draw = drawer(block)
            for cell, members in cells.items():
                glb = draw(members)
                if glb is not None:
                    drawn[cell] = keep(glb)
    return Drawn(tuple(contents), tuple(sorted(undrawn)), lost)


def _blocks(
    buildings: Sequence[Building], frame: Frame, plan: Plan, base: StreetLevel | None, top: Place | None
) -> Iterator[tuple[Block, dict[Cell, Numbers]]]:
    """One handful of tiles after another, each with the numbers of its buildings per tile."""
    cells: dict[Cell, list[int]] = defaultdict(list)
    for n, (level, column, row) in enumerate(plan.place(*boxes(buildings)).tolist()):
        cell = (level, column, row)
        cells[cell if top is None else _inside(cell, top, plan)].append(n)
    corners = [len(b.shape.ring_vertices) for b in buildings]
    members: list[int] = []
    numbers: dict[Cell, Numbers] = {}
    weight = 0
    # Neighbouring tiles come together: in order of place first, then of level.
    for cell in sorted(cells, key=lambda c: (_top_cell(c, plan), c)):
        own = cells[cell]
        numbers[cell] = np.arange(len(members), len(members) + len(own))
        members += own
        weight += sum(corners[n] for n in own)
        if weight > BLOCK_CORNERS:
            yield prepare([buildings[n] for n in members], frame, base), numbers
            members, numbers, weight = [], {}, 0
    if members:
        yield prepare([buildings[n] for n in members], frame, base), numbers


def _inside(cell: Cell, top: Place, plan: Plan) -> Cell:
    """The cell itself, or the nearest one of its level in the largest cell, no finer than that is cut."""
    while cell[0] > plan.depth(top):
        cell = _parent(cell, plan)
    level, *place = cell
    ratio = plan.levels[0].cell_m // plan.levels[level].cell_m
    column, row = (min(max(at, t * ratio), (t + 1) * ratio - 1) for at, t in zip(place, top, strict=True))
    return level, column, row


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
