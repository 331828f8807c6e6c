"""The objects of one CityJSON document: which belong together, which geometry is used, what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.cityjson.choice import LOD, Choice, Passed
from tweestad.formats.cityjson.geometry import LEVELS_ABOVE_SURFACES, WITHOUT_SURFACES, FlatSurfaces
from tweestad.formats.cityjson.instances import Pool
from tweestad.formats.cityjson.loose import Loose, read_loose
from tweestad.formats.safe_json import Limits
from tweestad.model.feature import Value
from tweestad.model.layer import Rejected

_GROUP = "CityObjectGroup"  # holds other objects by name: they keep standing on their own


@dataclass(frozen=True, slots=True)
class Tree:
    """A root object with the names of all below it; `children` maps a name to the names right below it."""

    key: str
    names: tuple[str, ...]
    children: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A root object with its surfaces in vertex numbers: `solid` of the best LoD >= 1, `plan` of LoD 0.

    `loose` are its points or lines, when it has no surfaces at all.
    """

    key: str
    type: str
    attributes: Mapping[str, Value]
    lods: tuple[str, ...]
    lod: str
    solid: tuple[FlatSurfaces, ...]
    plan: tuple[FlatSurfaces, ...]
    loose: Loose | None = None


Entry = Piece | Rejected | Passed


@dataclass(frozen=True, slots=True)
class _Geometry:
    """`instance` places `body`, which is then a template."""

    lod: str
    body: Mapping[str, object]
    instance: Mapping[str, object] | None = None


def pieces_of(objects: Mapping[str, object], pool: Pool, file: str, choice: Choice) -> Iterator[Entry]:
    """Go through the root objects in the order of the file; what is wrong with one does not hurt another."""
    for tree in _trees(objects, file, choice, pool.limits):
        if isinstance(tree, Rejected):
            yield tree
            continue
        kind = _type_at(objects, tree.key)
        if not choice.takes(kind):
            yield Passed(tree.key, kind)
            continue
        try:
            yield _piece(tree, objects, pool, choice)
        except InputRejected as exc:
            yield Rejected(file, tree.key, exc.reason)


def _trees(
    objects: Mapping[str, object], file: str, choice: Choice, limits: Limits
) -> Iterator[Tree | Rejected]:
    children, faults = _family(objects)
    children = _cut(children, objects, choice)
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


def _cut(
    children: dict[str, tuple[str, ...]], objects: Mapping[str, object], choice: Choice
) -> dict[str, tuple[str, ...]]:
    """The same without the parts that are asked for while what they are part of is not."""
    if choice.types is None:
        return children
    return {
        key: names
        if choice.takes(_type_at(objects, key))
        else tuple(name for name in names if not choice.takes(_type_at(objects, name)))
        for key, names in children.items()
    }


def _type_at(objects: Mapping[str, object], key: str) -> str:
    """The type of an object, empty when it has none."""
    body = objects.get(key)
    kind = body.get("type") if isinstance(body, dict) else None
    return kind if isinstance(kind, str) else ""


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


def _piece(tree: Tree, objects: Mapping[str, object], pool: Pool, choice: Choice) -> Piece:
    bodies: dict[str, dict[str, Any]] = {n: b for n in tree.names if isinstance(b := objects[n], dict)}
    geometries = {name: _geometries(body, pool) for name, body in bodies.items()}
    lods = sorted({g.lod for found in geometries.values() for g in found}, key=float)
    root = bodies[tree.key]
    kind, attributes = str(root["type"]), _attributes(tree.key, bodies)
    if not lods:
        loose = read_loose((g for body in bodies.values() for g in body.get("geometry") or ()), pool.count)
        if loose is None:
            raise InputRejected("it has no geometry with surfaces")
        return Piece(tree.key, kind, attributes, (), "", (), (), loose)
    plan = [g for found in geometries.values() for g in found if g.lod.startswith("0")]
    used = _chosen(tree, geometries, lods, choice.lod)
    piece = Piece(
        key=tree.key,
        type=kind,
        attributes=attributes,
        lods=tuple(lods),
        lod=max((g.lod for g in used), key=float, default=""),
        solid=tuple(pool.flatten(g.body, g.instance) for g in used),
        plan=tuple(pool.flatten(g.body, g.instance) for g in plan),
    )
    if not any(flat.kinds for flat in piece.solid + piece.plan):
        raise InputRejected("it has an empty geometry: no surface has three vertices")
    return piece


def _chosen(
    tree: Tree, geometries: Mapping[str, list[_Geometry]], lods: list[str], lod: str
) -> list[_Geometry]:
    """The geometries at LoD 1 or finer to draw: the finest, or only those of the level asked for."""
    if not lod:
        return _best(tree.key, tree.children, geometries) if float(lods[-1]) >= 1 else []
    wanted = float(lod)
    if wanted not in map(float, lods):
        raise InputRejected(f"it has no level of detail {lod}, only {', '.join(lods)}")
    return [g for found in geometries.values() for g in found if wanted >= 1 and float(g.lod) == wanted]


def _geometries(body: Mapping[str, object], pool: Pool) -> list[_Geometry]:
    given = body.get("geometry")
    if given is None:
        return []
    if not isinstance(given, list):
        raise InputRejected("'geometry' is not a list")
    return [found for geometry in given if (found := _geometry(geometry, pool))]


def _geometry(geometry: object, pool: Pool) -> _Geometry | None:
    """Return a geometry that has surfaces, None for points and lines."""
    if not isinstance(geometry, dict):
        raise InputRejected("a geometry is not an object")
    kind = _type_of(geometry, "the type of a geometry is not text", "a geometry has no type")
    body: Mapping[str, object] = geometry
    instance: Mapping[str, object] | None = None
    if kind == "GeometryInstance":
        body, instance = pool.template(geometry), geometry
        kind = str(body["type"])
    if kind in WITHOUT_SURFACES:
        return None
    if kind not in LEVELS_ABOVE_SURFACES:
        raise InputRejected(f"the geometry type '{kind[:40]}' is unknown")
    return _Geometry(_lod(body.get("lod")), body, instance)


def _lod(value: object) -> str:
    text = f"{value:g}" if type(value) in (int, float) else value
    if not isinstance(text, str) or not LOD.match(text):
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


def _attributes(root: str, bodies: Mapping[str, Mapping[str, Any]]) -> dict[str, Value]:
    """The attributes of the root, and those that it lacks but all of its parts say alike.

    Only parts such as BuildingPart speak for the whole: the year of a dormer is not that of the house.
    """
    own = read_attributes(bodies[root].get("attributes"))
    others = [
        (body, read_attributes(body.get("attributes"))) for name, body in bodies.items() if name != root
    ]
    parts = [said for body, said in others if str(body.get("type")).endswith("Part")]
    if not parts:
        return own
    first, *rest = parts
    alike = {k: v for k, v in first.items() if all(k in said and said[k] == v for said in rest)}
    return alike | own


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
