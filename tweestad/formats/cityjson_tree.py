"""The objects of one CityJSON document: which belong together, which geometry is used, what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.cityjson_geometry import (
    LEVELS_ABOVE_SURFACES,
    WITHOUT_SURFACES,
    FlatSurfaces,
    flatten_surfaces,
)
from tweestad.formats.safe_json import Limits
from tweestad.model.feature import Value
from tweestad.model.layer import Rejected

_GROUP = "CityObjectGroup"  # holds other objects by name: they keep standing on their own
_LOD = re.compile(r"[0-4](\.[0-3])?\Z")


@dataclass(frozen=True, slots=True)
class Tree:
    """A root object with the names of all below it; `children` maps a name to the names right below it."""

    key: str
    names: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A root object with its surfaces in vertex numbers: `solid` of the best LoD >= 1, `plan` of LoD 0."""

    key: str
    type: str
    attributes: Mapping[str, Value]
    lods: tuple[str, ...]
    lod: str
    solid: tuple[FlatSurfaces, ...]
    plan: tuple[FlatSurfaces, ...]


@dataclass(frozen=True, slots=True)
class _Geometry:
    lod: str
    body: Mapping[str, object]


def pieces_of(
    objects: Mapping[str, object], vertex_count: int, file: str, limits: Limits
) -> Iterator[Piece | Rejected]:
    """Go through the root objects in the order of the file; what is wrong with one does not hurt another."""
    for tree in _trees(objects, file, limits):
        if isinstance(tree, Rejected):
            yield tree
            continue
        try:
            yield _piece(tree, objects, vertex_count)
        except InputRejected as exc:
            yield Rejected(file, tree.key, exc.reason)


def _trees(objects: Mapping[str, object], file: str, limits: Limits) -> Iterator[Tree | Rejected]:
    children, faults = _family(objects)
    below = {name for names in children.values() for name in names}
    seen: set[str] = set()
    for key in objects:
        if key in faults:
            yield Rejected(file, key, faults[key])
        elif key not in below:
            try:
                yield Tree(key, _descend(key, objects, children, seen, limits), children)
            except InputRejected as exc:
                yield Rejected(file, key, exc.reason)
    for key in objects:
        if key in below and key not in seen and key not in faults:
            yield Rejected(file, key, "its parents run in a circle, or the object they lead to was rejected")


def _family(objects: Mapping[str, object]) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Children by name, from both what parents and what children say, and what is wrong with an object."""
    children: dict[str, dict[str, None]] = {}
    faults: dict[str, str] = {}
    groups = {key for key, body in objects.items() if isinstance(body, dict) and body.get("type") == _GROUP}
    for key, body in objects.items():
        try:
            if not isinstance(body, dict):
                raise InputRejected("this is not an object")
            _type_of(body, "its type is not text", "it has no type")
            for name in () if key in groups else _names(body, "children"):
                children.setdefault(key, {})[name] = None
            for name in _names(body, "parents"):
                if name not in objects:
                    raise InputRejected(f"its parent '{name[:80]}' is not in the file")
                if name not in groups:
                    children.setdefault(name, {})[key] = None
        except InputRejected as exc:
            faults[key] = exc.reason
    return {key: tuple(names) for key, names in children.items()}, faults


def _type_of(body: Mapping[str, object], wrong: str, absent: str) -> str:
    kind = body.get("type")
    if not isinstance(kind, str):
        raise InputRejected(absent if kind is None else wrong)
    return kind


def _names(body: Mapping[str, object], key: str) -> list[str]:
    names = body.get(key)
    if names is None:
        names = [body["parent"]] if key == "parents" and "parent" in body else []  # CityJSON 0.8
    if not isinstance(names, list) or set(map(type, names)) - {str}:
        raise InputRejected(f"'{key}' is not a list of names")
    return names


def _descend(
    root: str,
    objects: Mapping[str, object],
    children: Mapping[str, tuple[str, ...]],
    seen: set[str],
    limits: Limits,
) -> tuple[str, ...]:
    names: list[str] = []
    generation, depth = [root], 0
    while generation:
        depth += 1
        if depth > limits.generations or len(names) + len(generation) > limits.parts:
            seen.update(generation)
            raise LimitExceeded(f"more than {limits.generations} generations or {limits.parts} parts")
        for name in generation:
            if name not in objects:
                raise InputRejected(f"its part '{name[:80]}' is not in the file")
            if not isinstance(objects[name], dict):
                raise InputRejected(f"its part '{name[:80]}' is not an object")
            if name in seen:
                raise InputRejected(f"its part '{name[:80]}' belongs to two objects, or to itself")
            seen.add(name)
        names += generation
        generation = [child for name in generation for child in children.get(name, ())]
    return tuple(names)


def _piece(tree: Tree, objects: Mapping[str, object], vertex_count: int) -> Piece:
    bodies: dict[str, dict[str, Any]] = {n: b for n in tree.names if isinstance(b := objects[n], dict)}
    geometries = {name: _geometries(body) for name, body in bodies.items()}
    lods = sorted({g.lod for found in geometries.values() for g in found}, key=float)
    if not lods:
        raise InputRejected("it has no geometry with surfaces")
    best = lods[-1]
    used = _best(tree.key, tree.children, geometries) if float(best) >= 1 else []
    plan = [g for found in geometries.values() for g in found if g.lod.startswith("0")]
    root = bodies[tree.key]
    piece = Piece(
        key=tree.key,
        type=str(root["type"]),
        attributes=read_attributes(root.get("attributes")),
        lods=tuple(lods),
        lod=best if used else "",
        solid=tuple(flatten_surfaces(g.body, vertex_count) for g in used),
        plan=tuple(flatten_surfaces(g.body, vertex_count) for g in plan),
    )
    if not any(flat.kinds for flat in piece.solid + piece.plan):
        raise InputRejected("it has an empty geometry: no surface has three vertices")
    return piece


def _geometries(body: Mapping[str, object]) -> list[_Geometry]:
    given = body.get("geometry")
    if given is None:
        return []
    if not isinstance(given, list):
        raise InputRejected("'geometry' is not a list")
    return [found for geometry in given if (found := _geometry(geometry))]


def _geometry(geometry: object) -> _Geometry | None:
    """Return a geometry that has surfaces, None for points and lines."""
    if not isinstance(geometry, dict):
        raise InputRejected("a geometry is not an object")
    kind = _type_of(geometry, "the type of a geometry is not text", "a geometry has no type")
    if kind == "GeometryInstance":
        raise InputRejected("it uses a geometry template, which is not supported")
    if kind in WITHOUT_SURFACES:
        return None
    if kind not in LEVELS_ABOVE_SURFACES:
        raise InputRejected(f"the geometry type '{kind[:40]}' is unknown")
    return _Geometry(_lod(geometry.get("lod")), geometry)


def _lod(value: object) -> str:
    text = f"{value:g}" if type(value) in (int, float) else value
    if not isinstance(text, str) or not _LOD.match(text):
        raise InputRejected(f"the level of detail {str(value)[:40]!r} is not one of 0 to 4, 1.0 to 3.3")
    return text


def _best(
    name: str, children: Mapping[str, tuple[str, ...]], geometries: Mapping[str, list[_Geometry]]
) -> list[_Geometry]:
    """The finest geometries of an object and its parts, none of them twice.

    What has the finest level of the tree is used; a coarser one only for a branch that has nothing finer,
    neither above it nor below it: a coarse parent is the generalisation of its fine parts.
    """
    inner = [_best(child, children, geometries) for child in children.get(name, ())]
    below = max((float(g.lod) for found in inner for g in found), default=0.0)
    own = max((float(g.lod) for g in geometries[name]), default=0.0)
    if own < 1 or own < below:
        return [g for found in inner for g in found]
    same = [g for g in geometries[name] if float(g.lod) == own]
    return same + [g for found in inner for g in found if float(g.lod) == own]


def read_attributes(given: object) -> dict[str, Value]:
    """Take the attributes over: lists of text become tuples, other nested values their JSON text.

    Raises InputRejected when they are not an object.
    """
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise InputRejected("the attributes are not an object")
    if {list, dict}.isdisjoint(map(type, given.values())):
        return given
    return {key: _value(value) for key, value in given.items()}


def _value(value: object) -> Value:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list) and not set(map(type, value)) - {str}:
        return tuple(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
