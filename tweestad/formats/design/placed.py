"""A design put on the map: every part a city object with its triangles, its footprint and its attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.crs import inside_rd
from tweestad.errors import InputRejected, TweestadError
from tweestad.formats.cityjson.choice import Passed
from tweestad.formats.design.isolated import DEFAULT_ALLOWANCE, Allowance, read_apart
from tweestad.formats.design.model import Design, Matrix, Part, Place
from tweestad.formats.design.outline import is_outline
from tweestad.model.city_object import CityObject, Shape, SurfaceKind
from tweestad.model.layer import Rejected

DesignFormat = Literal["ifc", "gltf", "obj"]
DESIGN_FORMATS: tuple[DesignFormat, ...] = ("ifc", "gltf", "obj")
LOWEST_M, HIGHEST_M = -1_000.0, 10_000.0
SMALLEST_AREA_M2 = 1e-6
MOST_OUTLINE_POINTS = 100_000
_PARSERS: Mapping[DesignFormat, tuple[str, str, str]] = {
    "ifc": ("tweestad.formats.design.ifc:parse_ifc", "ifcopenshell", "ifc"),
    "gltf": ("tweestad.formats.design.mesh_model:parse_gltf", "trimesh", "mesh"),
    "obj": ("tweestad.formats.design.mesh_model:parse_obj", "trimesh", "mesh"),
}
# With a place from twin.toml: by the axis that it says is up, where it is not the format's own.
_PLACED_PARSERS: Mapping[tuple[DesignFormat, str], str] = {
    ("ifc", ""): "tweestad.formats.design.ifc:parse_ifc_without_place",
    ("gltf", "z"): "tweestad.formats.design.mesh_model:parse_gltf_z_up",
    ("obj", "y"): "tweestad.formats.design.mesh_model:parse_obj_y_up",
}


def read_placed(
    path: Path,
    kind: DesignFormat,
    place: Place | None,
    allowance: Allowance = DEFAULT_ALLOWANCE,
    *,
    notes: list[str] | None = None,
) -> Iterator[CityObject | Rejected | Passed]:
    """The parts of a design as city objects of type IfcWall, Mesh and so on, with RD and NAP coordinates.

    `place` goes before what the file says of itself; `notes` collects what was assumed. Raises
    InputRejected when the file cannot be read or does not say where it stands, and TweestadError when the
    package that reads it is not installed.
    """
    parser, package, extra = _PARSERS[kind]
    if find_spec(package) is None:
        raise TweestadError(f"reading {kind} needs {package}: install Tweestad with the extra `{extra}`")
    if place is not None:
        parser = _PLACED_PARSERS.get((kind, place.up), parser)
    design = read_apart(parser, path, allowance)
    matrix = _matrix(design, place, path.name)
    if notes is not None:
        notes += design.place_notes if place is None else ()
    for passed, count in design.passed:
        yield from (Passed(passed, passed) for _ in range(count))
    yield from (Rejected(path.name, part.key, reason) for part, reason in design.shapeless)
    yield from _objects(design, matrix, path.name)


def _matrix(design: Design, place: Place | None, name: str) -> Matrix:
    if place is not None:
        return place.matrix()
    if design.matrix is None:
        raise InputRejected(
            "it does not say where it stands: give place = {x = …, y = …, nap = …, rotation_deg = …},"
            " with RD and NAP in metres",
            where=name,
        )
    return design.matrix


@np.errstate(all="ignore")  # what overflows is not in the Netherlands, and said so
def _objects(design: Design, matrix: Matrix, name: str) -> Iterator[CityObject | Rejected]:
    xyz = (design.vertices @ matrix[:3, :3].T + matrix[:3, 3]).round(3)
    bounds = np.searchsorted(design.owners, np.arange(len(design.parts) + 1))
    starts, ends = bounds[:-1].tolist(), bounds[1:].tolist()
    for part, outline, start, end in zip(design.parts, design.outlines, starts, ends, strict=True):
        found = _object(part, xyz, design.triangles[start:end], name)
        if isinstance(found, CityObject):
            found = replace(found, footprint=_footprint(outline, matrix))
        yield found


def _object(
    part: Part, xyz: NDArray[np.float64], triangles: NDArray[np.int32], name: str
) -> CityObject | Rejected:
    used, numbers = np.unique(triangles, return_inverse=True)
    vertices, numbers = xyz[used], numbers.reshape(-1, 3)
    if reason := _misplaced(vertices):
        return Rejected(name, part.key, reason)
    corners = vertices[numbers]
    sizes = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2
    kept = sizes > SMALLEST_AREA_M2
    if not kept.any():
        return Rejected(name, part.key, "none of its triangles has an area")
    shape = _shape(vertices, numbers[kept])
    return CityObject(part.key, part.type, part.attributes, None, shape)


def _misplaced(vertices: NDArray[np.float64]) -> str:
    """What is wrong with where a part stands, in words; empty when it is in the Netherlands."""
    if not len(vertices):
        return "it has no triangles"
    outside = ~inside_rd(vertices)
    if outside.any():
        x, y, _ = vertices[outside][0].tolist()
        return f"coordinates ({x:.12g}, {y:.12g}) are outside the Dutch RD grid: is its place right?"
    low, high = float(vertices[:, 2].min()), float(vertices[:, 2].max())
    if not LOWEST_M <= low <= high <= HIGHEST_M:
        return f"heights of {low:g} to {high:g} m are not NAP heights"
    return ""


def _shape(vertices: NDArray[np.float64], triangles: NDArray[np.intp]) -> Shape:
    count = len(triangles)
    return Shape(
        lod="3",
        vertices=vertices,
        ring_vertices=triangles.ravel().astype(np.int32),
        ring_starts=np.arange(0, 3 * count + 1, 3, dtype=np.int32),
        surface_starts=np.arange(count + 1, dtype=np.int32),
        # Roof, wall or ground follows from the normal when it is drawn.
        kinds=np.full(count, SurfaceKind.UNKNOWN, dtype=np.uint8),
    )


def _footprint(outline: bytes, matrix: Matrix) -> bytes | None:
    """The outline that the other process made, on the map; None when it is not sound."""
    if not is_outline(outline):
        return None
    found: Any = shapely.from_wkb(outline, on_invalid="ignore")
    if not isinstance(found, shapely.Polygon | shapely.MultiPolygon):
        return None
    if shapely.get_num_coordinates(found) > MOST_OUTLINE_POINTS:
        return None
    turn, move = matrix[:2, :2], matrix[:2, 3]
    whole: Any = shapely.transform(found, lambda xy: (xy @ turn.T + move).round(3))
    if not np.isfinite(shapely.get_coordinates(whole)).all():
        return None
    if not shapely.is_valid(whole):  # rounding can make a narrow corner touch itself
        whole = shapely.set_precision(shapely.make_valid(whole, method="structure"), 0.001)
    if not isinstance(whole, shapely.Polygon | shapely.MultiPolygon) or shapely.is_empty(whole):
        return None
    spelled = shapely.orient_polygons(shapely.normalize(whole))
    return bytes(shapely.to_wkb(spelled, output_dimension=2, byte_order=1))
