"""The boundaries of one CityJSON geometry, checked and flattened without a step per vertex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.model.city_object import SurfaceKind

# How many lists stand around the surfaces of a geometry: none, shells, or solids of shells.
LEVELS_ABOVE_SURFACES = {
    "MultiSurface": 0,
    "CompositeSurface": 0,
    "Solid": 1,
    "MultiSolid": 2,
    "CompositeSolid": 2,
}
WITHOUT_SURFACES = frozenset({"MultiPoint", "MultiLineString"})

_KINDS = {
    "GroundSurface": int(SurfaceKind.GROUND),
    "WallSurface": int(SurfaceKind.WALL),
    "RoofSurface": int(SurfaceKind.ROOF),
}
_UNKNOWN = int(SurfaceKind.UNKNOWN)
_OTHER = int(SurfaceKind.OTHER)


@dataclass(frozen=True, slots=True)
class FlatSurfaces:
    """Surfaces as flat lists; a ring has at least three vertices, the first of a surface is its outer one.

    `vertices`: int64, vertex numbers of all rings after each other. `ring_lengths` in vertices,
    `surface_lengths` in rings, `kinds` one SurfaceKind per surface.
    """

    vertices: NDArray[np.int64]
    ring_lengths: list[int]
    surface_lengths: list[int]
    kinds: list[int]


_NOTHING = FlatSurfaces(np.zeros(0, dtype=np.int64), [], [], [])


def flatten_surfaces(geometry: Mapping[str, object], vertex_count: int) -> FlatSurfaces:
    """Flatten the boundaries of a surface or solid geometry; surfaces without three vertices are left out.

    Raises InputRejected for boundaries of another depth than the type asks, for vertex numbers that are
    not whole numbers below `vertex_count`, and for semantics that do not fit the boundaries.
    """
    boundaries = geometry.get("boundaries")
    if boundaries is None:
        return _NOTHING
    levels = LEVELS_ABOVE_SURFACES[str(geometry["type"])]
    surfaces = _lists(boundaries)
    for _ in range(levels):
        surfaces = _lists(list(chain.from_iterable(surfaces)))
    rings = _lists(list(chain.from_iterable(surfaces)))
    if not any(rings):
        return _NOTHING  # and whatever its semantics say, they cannot fit
    kinds = _surface_kinds(geometry.get("semantics"), boundaries, levels, len(surfaces))
    numbers = vertex_numbers(rings, vertex_count)
    ring_lengths = list(map(len, rings))
    if min(ring_lengths, default=0) < 3 or [] in surfaces:
        surfaces, kinds = _without_stubs(surfaces, kinds)
        rings = list(chain.from_iterable(surfaces))
        numbers = vertex_numbers(rings, vertex_count)
        ring_lengths = list(map(len, rings))
    return FlatSurfaces(numbers, ring_lengths, list(map(len, surfaces)), kinds)


def _lists(value: object) -> list[list[Any]]:
    if not isinstance(value, list) or (value and set(map(type, value)) != {list}):
        raise InputRejected("the boundaries are not nested as deep as the geometry type asks")
    return value


def _without_stubs(surfaces: list[list[Any]], kinds: list[int]) -> tuple[list[list[Any]], list[int]]:
    kept_surfaces: list[list[Any]] = []
    kept_kinds: list[int] = []
    for rings, kind in zip(surfaces, kinds, strict=True):
        if rings and len(rings[0]) >= 3:
            kept_surfaces.append([ring for ring in rings if len(ring) >= 3])
            kept_kinds.append(kind)
    return kept_surfaces, kept_kinds


def vertex_numbers(rings: list[list[Any]], vertex_count: int) -> NDArray[np.int64]:
    """The numbers of all rings after each other; raises InputRejected when one names no vertex."""
    flat = list(chain.from_iterable(rings))
    found = set(map(type, flat))
    if found - {int}:
        if found & {list, dict}:
            raise InputRejected("the boundaries are not nested as deep as the geometry type asks")
        wrong = next(value for value in flat if type(value) is not int)
        raise InputRejected(f"the vertex number {str(wrong)[:40]!r} is not a whole number")
    try:
        numbers = np.array(flat, dtype=np.int64)
    except OverflowError as exc:
        raise InputRejected("a vertex number is far out of range") from exc
    # Seen as unsigned, a negative number is a huge one: one comparison finds both.
    if numbers.size and int(numbers.view(np.uint64).max()) >= vertex_count:
        wrong = numbers[(numbers < 0) | (numbers >= vertex_count)][0]
        raise InputRejected(f"the vertex number {wrong} is out of range: there are {vertex_count} vertices")
    return numbers


def _surface_kinds(semantics: object, boundaries: object, levels: int, count: int) -> list[int]:
    if semantics is None:
        return [_UNKNOWN] * count
    if not isinstance(semantics, dict):
        raise InputRejected("the semantics are not an object")
    surfaces = semantics.get("surfaces") or []
    if not isinstance(surfaces, list) or (surfaces and set(map(type, surfaces)) != {dict}):
        raise InputRejected("the semantic surfaces are not a list of objects")
    names = [surface.get("type") for surface in surfaces]
    if set(map(type, names)) - {str}:
        raise InputRejected("a semantic surface has no type")
    values = _flat_values(semantics.get("values"), boundaries, levels)
    if set(map(type, values)) - {int, NoneType}:
        raise InputRejected("the semantic values are not whole numbers or null")
    kind_of: dict[int | None, int] = {number: _KINDS.get(name, _OTHER) for number, name in enumerate(names)}
    kind_of[None] = _UNKNOWN
    try:
        return [kind_of[value] for value in values]
    except KeyError as exc:
        raise InputRejected(f"the semantic value {exc.args[0]} has no surface") from exc


def _flat_values(values: object, boundaries: object, levels: int) -> list[int | None]:
    """Flatten semantic values along the boundaries; null at any level stands for all below it."""
    parts = _lists(boundaries)
    if values is not None and (not isinstance(values, list) or len(values) != len(parts)):
        raise InputRejected("the semantic values do not fit the boundaries")
    if levels == 0:
        return list(values) if values is not None else [None] * len(parts)
    below = values if values is not None else [None] * len(parts)
    pairs = zip(below, parts, strict=True)
    return [value for inner, part in pairs for value in _flat_values(inner, part, levels - 1)]
