"""What a filter says that the store can do: fewer things, fewer datastreams, a shorter time.

The whole filter is still asked of every row that comes back, so this may leave out what it does not know;
it must never leave out a row for which the filter holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import shapely

from tweestad.api.sensorthings.entities import ID_NAMES, Kind
from tweestad.api.sensorthings.evaluation import constant
from tweestad.api.sensorthings.expression import Call, Compare, Join, Node, Path, paths_in
from tweestad.api.sensorthings.merging import just_after
from tweestad.api.sensorthings.reach import Reach
from tweestad.api.sensorthings.rows import split_reading_id
from tweestad.api.sensorthings.values import Value, find_moment
from tweestad.api.v1.positions import meets_grid, window

_FLIPPED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq"}
# What holds only for places that touch the area.
_MEETING = frozenset({"st_within", "st_intersects", "geo.intersects"})
_MARGIN_M = 20.0  # the sides of a rectangle in degrees are followed in steps
Roles = Mapping[tuple[str, ...], str]


def _below(prefix: tuple[str, ...], roles: Roles) -> Roles:
    return {(*prefix, *path): role for path, role in roles.items()}


# Which paths the store knows, and as what.
_THING: Roles = {
    ("id",): "things",
    ("properties", "kind"): "kinds",
    ("properties", "source"): "sources",
    ("Locations", "id"): "things",
    ("Locations", "location"): "place",
}
_STREAM: Roles = {
    ("id",): "datastreams",
    ("properties", "source"): "sources",
    ("properties", "observed"): "observed",
    ("ObservedProperty", "id"): "observed",
    **_below(("Thing",), _THING),
}
_ROLES: Mapping[Kind, Roles] = {
    "Thing": _THING,
    "Location": {("id",): "things", ("location",): "place", **_below(("Things",), _THING)},
    "HistoricalLocation": {("id",): "things", **_below(("Thing",), _THING)},
    "FeatureOfInterest": {("id",): "things", ("feature",): "place"},
    "Datastream": _STREAM,
    "Sensor": {},
    "ObservedProperty": {},
    "Observation": {
        ("id",): "reading",
        ("phenomenonTime",): "time",
        ("FeatureOfInterest", "id"): "things",
        ("FeatureOfInterest", "feature"): "place",
        **_below(("Datastream",), _STREAM),
    },
}


def narrowed(node: Node | None, kind: Kind) -> Reach:
    """Reach of the rows of this kind for which the filter can hold."""
    reach = Reach()
    for part in _conjuncts(node):
        reach = reach.meet(_reach_of(part, kind))
    return reach


def _conjuncts(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Join) and node.operator == "and":
        for part in node.parts:
            yield from _conjuncts(part)
    elif node is not None:
        yield node


def _reach_of(part: Node, kind: Kind) -> Reach:
    match part:
        case Compare(operator, Path(steps), right) if operator in _FLIPPED and not any(paths_in(right)):
            return _compared(_role(kind, steps), operator, constant(right))
        case Compare(operator, left, Path(steps)) if operator in _FLIPPED and not any(paths_in(left)):
            return _compared(_role(kind, steps), _FLIPPED[operator], constant(left))
        case Call(name, (Path(steps), area)) if name in _MEETING and not any(paths_in(area)):
            return _near(constant(area)) if _role(kind, steps) == "place" else Reach()
        case Join("or", parts):
            return _one_of([_reach_of(each, kind) for each in parts])
    return Reach()


def _role(kind: Kind, steps: tuple[str, ...]) -> str:
    plain = tuple("id" if step in ID_NAMES else step for step in steps)
    return _ROLES[kind].get(plain, "")


def _compared(role: str, operator: str, value: Value) -> Reach:
    if role == "time":
        return _timed(operator, find_moment(value) if isinstance(value, str) else value)
    if operator != "eq" or not isinstance(value, str) or not role or role == "place":
        return Reach()
    if role == "reading":
        parts = split_reading_id(value)
        if parts is None:
            return Reach(datastreams=())
        return Reach(datastreams=(parts[0],), start=parts[1], end=just_after(parts[1]))
    return _named(role, (value,))


def _timed(operator: str, moment: Value) -> Reach:
    """A reading of an interval counts at its end, which is never before what the interval is after."""
    if not isinstance(moment, datetime):
        return Reach()
    start = moment if operator in {"ge", "gt", "eq"} else None
    return Reach(start=start, end=just_after(moment) if operator in {"le", "lt", "eq"} else None)


def _near(area: Value) -> Reach:
    """The rectangle around an area; a thing is in it when the rectangle around its place touches it."""
    if not isinstance(area, shapely.Geometry):
        return Reach()
    world = np.array([-180.0, -90.0, 180.0, 90.0])
    west, south, east, north = np.clip(
        shapely.bounds(area), world[[0, 1, 0, 1]], world[[2, 3, 2, 3]]
    ).tolist()
    if not meets_grid((west, south, east, north)):
        return Reach(things=())
    box = window((west, south, east, north), "CRS84").box
    return Reach(
        bbox=(box.min_x - _MARGIN_M, box.min_y - _MARGIN_M, box.max_x + _MARGIN_M, box.max_y + _MARGIN_M)
    )


def _one_of(reaches: list[Reach]) -> Reach:
    """`a eq 'x' or a eq 'y'`: when all narrow the same names and nothing else, their names together."""
    for name in ("things", "datastreams", "sources", "kinds", "observed"):
        lists = [getattr(reach, name) for reach in reaches]
        if all(names and _named(name, names) == reach for names, reach in zip(lists, reaches, strict=True)):
            return _named(name, tuple(sorted({each for names in lists for each in names})))
    return Reach()


def _named(name: str, values: tuple[str, ...]) -> Reach:
    given: dict[str, Any] = {name: values}
    return Reach(**given)
