"""Trees as copies of a few meshes, at their real size, each one pickable.

A tree's tile depends on its own crown and place only: the width of the crown gives the level, its trunk
the fixed cell of RD. From afar the wide crowns are drawn, from nearby the others in addition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tweestad.model.feature import Value
from tweestad.tiles.block import StreetLevel
from tweestad.tiles.cutting import Cell, tree
from tweestad.tiles.frame import Frame
from tweestad.tiles.glb import Glb
from tweestad.tiles.glb_instances import Copies, write_instances
from tweestad.tiles.metadata import encode_table
from tweestad.tiles.plan import SHAPE_PROPERTY, Level, Plan
from tweestad.tiles.tileset import Tileset
from tweestad.tiles.tree_forms import SLENDERNESS, Form, Look, tint_of, tree_mesh

TREE_LEVELS: Final = (Level(9.0, 1000, 20.0), Level(0.0, 500, 0.0))
"""Crowns of 9 m and more from afar; smaller ones, then under five pixels wide, up to some 4 km (32° lens)."""

CROWN_M: Final = (0.5, 40.0)
HEIGHT_M: Final = (0.5, 60.0)
"""Sizes outside these are not those of a tree and count as unknown."""

_USUAL_CROWN_M: Final = 5.0
_LOWEST_M, _HIGHEST_M = 3.0, 22.0


@dataclass(frozen=True, slots=True)
class Size:
    """How large a tree is drawn, metres. `height_from` and `crown_from` say where that comes from.

    "bron": the source says so. "omtrek": from the outline of the crown. "kroon", "hoogte": not measured, from
    the other one. "aanname": nothing is known.
    """

    height_m: float
    crown_m: float
    height_from: str
    crown_from: str


def size_of(height_m: float | None, crown_m: float | None, form: Form, *, outlined: bool = False) -> Size:
    """The size of a tree of which height or crown or both may be unknown.

    An unknown height is 2 m and 1.1 times the crown, between 3 and 22 m; an unknown crown is a part of the
    height that belongs to the form (9/10 for a round tree, a quarter for a columnar one); without either
    the crown is 5 m. Values that no tree has count as unknown.
    """
    height = height_m if height_m is not None and HEIGHT_M[0] <= height_m <= HEIGHT_M[1] else None
    crown = crown_m if crown_m is not None and CROWN_M[0] <= crown_m <= CROWN_M[1] else None
    if height is not None and crown is not None:
        return Size(height, crown, "bron", "omtrek" if outlined else "bron")
    if height is not None:
        return Size(height, max(CROWN_M[0], round(height * SLENDERNESS[form], 2)), "bron", "hoogte")
    if crown is not None:
        return Size(_height_for(crown), crown, "kroon", "omtrek" if outlined else "bron")
    return Size(_height_for(_USUAL_CROWN_M), _USUAL_CROWN_M, "aanname", "aanname")


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees to draw, parallel. `xy`: (n, 2) EPSG:28992. `heights_m`, `crowns_m`: (n,), measured or not."""

    ids: Sequence[str]
    xy: NDArray[np.float64]
    heights_m: NDArray[np.float64]
    crowns_m: NDArray[np.float64]
    forms: Sequence[Form]
    rows: Sequence[Mapping[str, Value]]


def build_trees(trees: Trees, frame: Frame, plan: Plan, base: StreetLevel) -> Tileset:
    """The tileset of all trees; they stand at street level, which `base` tells."""
    if not len(trees.ids):
        return Tileset(frame, None)
    points = np.column_stack([trees.xy, base(trees.xy)])
    local = frame.local(points)
    half = trees.crowns_m / 2
    sideways = np.column_stack([half, np.zeros_like(half), np.zeros_like(half)])
    cells: dict[Cell, list[int]] = defaultdict(list)
    for n, (level, column, row) in enumerate(plan.place(points - sideways, points + sideways).tolist()):
        cells[level, column, row].append(n)
    contents = {cell: _tile(trees, local, cells[cell], plan) for cell in sorted(cells)}
    return tree(frame, plan, contents)


def _tile(trees: Trees, local: NDArray[np.float64], members: Sequence[int], plan: Plan) -> Glb:
    """One tile: its trees in the order of their ids, whatever the order of the file."""
    ordered = sorted(members, key=lambda n: trees.ids[n])
    looks: dict[Look, list[int]] = defaultdict(list)
    for row, n in enumerate(ordered):
        looks[_look(trees, n)].append(row)
    numbers = np.array(ordered)
    groups = []
    for look in sorted(looks, key=lambda each: (each.form, each.tint)):
        rows = np.array(looks[look], np.uint32)
        of = numbers[rows]
        scales = np.column_stack([trees.crowns_m[of], trees.crowns_m[of], trees.heights_m[of]])
        groups.append(Copies(tree_mesh(look), local[of], scales, rows))
    described = [{**trees.rows[n], SHAPE_PROPERTY: trees.forms[n]} for n in ordered]
    return write_instances(groups, encode_table(plan.schema, [trees.ids[n] for n in ordered], described))


def _look(trees: Trees, n: int) -> Look:
    form = trees.forms[n]
    # Few enough to have one green each.
    return Look(form, 0 if form in ("zuil", "kegel") else tint_of(trees.ids[n]))


def _height_for(crown_m: float) -> float:
    return round(min(max(2.0 + 1.1 * crown_m, _LOWEST_M), _HIGHEST_M), 2)
