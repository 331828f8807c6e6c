"""What the rows of a layer of trees or tubes say about size and depth, under names that start with MADE."""

from __future__ import annotations

import math
from collections.abc import Mapping

import shapely

from tweestad.build.object_fields import (
    CARRIES,
    CROWN,
    CROWN_FROM,
    DEPTH,
    DEPTH_KNOWN,
    DIAMETER,
    END,
    FORM,
    HEIGHT,
    HEIGHT_FROM,
    START,
)
from tweestad.build.object_plans import MADE, TreePlan, TubePlan
from tweestad.build.plan import LayerPlan
from tweestad.model.feature import Value
from tweestad.tiles.tree_forms import form_of
from tweestad.tiles.trees import size_of
from tweestad.tiles.tubes import DIAMETER_M

_LEVELS_NAP_M = (-60.0, 330.0)
_DEPTHS_M = (0.0, 100.0)


def object_values(plan: LayerPlan, row: Mapping[str, Value], geometry: shapely.Geometry) -> dict[str, Value]:
    """The values of a row that its drawing needs; none for layers of another kind."""
    if plan.tree is not None:
        return _tree(plan.tree, row, geometry)
    if plan.tube is not None:
        return _tube(plan.tube, row, geometry)
    return {}


def _tree(plan: TreePlan, row: Mapping[str, Value], geometry: shapely.Geometry) -> dict[str, Value]:
    outlined = False
    crown = _number(row.get(plan.crown))
    area = _number(row.get(plan.crown_area))
    outline_m2 = float(shapely.area(geometry))
    if crown is None and area is None and outline_m2 > 0:
        area, outlined = outline_m2, True
    if crown is None and area is not None and area > 0:
        crown = 2.0 * math.sqrt(area / math.pi)
    species = _text(row.get(plan.species))
    form = form_of(species, "")
    size = size_of(_number(row.get(plan.height)), crown, form, outlined=outlined)
    return {
        # Of an unknown species the id chooses the form when it is drawn.
        f"{MADE}{FORM}": form if species.strip() else None,
        f"{MADE}{HEIGHT}": size.height_m,
        f"{MADE}{HEIGHT_FROM}": size.height_from,
        f"{MADE}{CROWN}": size.crown_m,
        f"{MADE}{CROWN_FROM}": size.crown_from,
    }


def _tube(plan: TubePlan, row: Mapping[str, Value], geometry: shapely.Geometry) -> dict[str, Value]:
    diameter = _number(row.get(plan.diameter))
    if diameter is not None:
        diameter /= plan.per_metre
    depth = plan.depth_m if plan.depth_m is not None else _within(_number(row.get(plan.depth)), _DEPTHS_M)
    start, end = (_within(_number(row.get(name)), _LEVELS_NAP_M) for name in plan.level or ("", ""))
    upright = plan.z and bool(shapely.has_z(geometry))
    known = (start is not None and end is not None) or depth is not None or upright
    return {
        f"{MADE}{CARRIES}": plan.carried.get(_text(row.get(plan.carries_column)), plan.carries),
        f"{MADE}{DIAMETER}": _within(diameter, DIAMETER_M),
        f"{MADE}{DEPTH_KNOWN}": "ja" if known else "nee",
        f"{MADE}{START}": start,
        f"{MADE}{END}": end,
        f"{MADE}{DEPTH}": depth,
    }


def _number(value: Value) -> float | None:
    if value is None or isinstance(value, bool | tuple):
        return None
    try:
        number = float(value.replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _within(number: float | None, bounds: tuple[float, float]) -> float | None:
    return number if number is not None and bounds[0] <= number <= bounds[1] else None


def _text(value: Value) -> str:
    return "" if value is None or isinstance(value, tuple) else str(value)
