"""IFC: the parts of a building design as triangles, and where its map conversion puts it.

`parse_ifc` runs in the throw-away process only (`isolated.py`). Units are the trap: geometry comes out in
metres, but Eastings, Northings and heights are in the unit of the map, or, where that says nothing sensible,
in that of the project, which is mostly the millimetre. In the Netherlands only one of these can be right.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tweestad.crs import RD, RD_NAP, epsg_of
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.design.model import MOST_PARTS, MOST_TRIANGLES, Design, Matrix, Part, helmert
from tweestad.model.feature import Value

NOT_BUILT = ("IfcSpace", "IfcOpeningElement", "IfcVirtualElement", "IfcAnnotation", "IfcGrid", "IfcPort")
_HEAD = b"ISO-10303-21"
# RD in metres, with room to spare; see the module's note on units.
_RD_X, _RD_Y = (-10_000.0, 310_000.0), (290_000.0, 640_000.0)
_NEARLY_ONE = (0.9, 1.1)

Mesh = tuple[NDArray[np.float64], NDArray[np.int32]]


def parse_ifc(path: Path) -> Design:
    """Read every product with a shape, and where the file says it stands.

    Raises InputRejected and LimitExceeded; crashes on what breaks it.
    """
    return _parsed(path, placed=True)


def parse_ifc_without_place(path: Path) -> Design:
    """The same without a look at where the file says it stands, for a place that is given instead."""
    return _parsed(path, placed=False)


def _parsed(path: Path, *, placed: bool) -> Design:
    ifcopenshell = _library("ifcopenshell")
    units = _library("ifcopenshell.util.unit")

    with path.open("rb") as file:
        if _HEAD not in file.read(256):
            raise InputRejected("this is not IFC: it does not begin with ISO-10303-21")
    model: Any = ifcopenshell.open(str(path))
    products = [each for each in model.by_type("IfcProduct") if each.Representation is not None]
    passed = Counter(each.is_a() for each in products if _is_not_built(each))
    wanted = [each for each in products if not _is_not_built(each)]
    if len(wanted) > MOST_PARTS:
        raise LimitExceeded(f"more than {MOST_PARTS} products with a shape")
    if not wanted:
        raise InputRejected("it has no product with a shape")
    unit_m = float(units.calculate_unit_scale(model))
    matrix, notes = _placement(model, unit_m) if placed else (None, ())
    meshes = dict(_meshes(model, wanted))
    drawn = [each for each in wanted if each.id() in meshes]
    shapeless = [(_part(each), "no shape could be made of it") for each in wanted if each.id() not in meshes]
    found = [meshes[each.id()] for each in drawn]
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in found)])
    sizes = [len(triangles) for _, triangles in found]
    return Design(
        parts=tuple(_part(each) for each in drawn),
        vertices=np.concatenate([np.zeros((0, 3)), *(vertices for vertices, _ in found)]),
        triangles=np.concatenate(
            [np.zeros((0, 3), np.int32), *(t + s for (_, t), s in zip(found, starts, strict=False))]
        ).astype(np.int32),
        owners=np.repeat(np.arange(len(found), dtype=np.int32), sizes),
        matrix=matrix,
        shapeless=tuple(shapeless),
        passed=tuple(sorted(passed.items())),
        place_notes=notes,
    )


def _library(name: str) -> Any:
    """A module of IfcOpenShell: an optional part, which never comes into the parent."""
    return importlib.import_module(name)


def _is_not_built(product: Any) -> bool:
    return any(product.is_a(kind) for kind in NOT_BUILT)


def _part(product: Any) -> Part:
    element = _library("ifcopenshell.util.element")

    storey = element.get_container(product)
    attributes: dict[str, Value] = {
        "name": product.Name or None,
        "ifc_class": product.is_a(),
        "global_id": product.GlobalId,
        "container": None if storey is None else (storey.Name or None),
    }
    return Part(product.GlobalId, product.is_a(), attributes)


def _meshes(model: Any, wanted: list[Any]) -> Iterator[tuple[int, Mesh]]:
    """The triangles of each product that has them, in metres and in the model's own space."""
    geometry = _library("ifcopenshell.geom")

    settings = geometry.settings()
    settings.set("use-world-coords", True)
    settings.set("weld-vertices", True)
    shapes = geometry.iterator(settings, model, 1, include=wanted)
    total = 0
    more: object = shapes.initialize()
    while more:
        shape = shapes.get()
        vertices = np.array(shape.geometry.verts, dtype=np.float64).reshape(-1, 3)
        triangles = np.array(shape.geometry.faces, dtype=np.int32).reshape(-1, 3)
        total += len(triangles)
        if total > MOST_TRIANGLES:
            raise LimitExceeded(f"more than {MOST_TRIANGLES} triangles")
        if len(triangles):
            yield int(shape.id), (vertices, triangles)
        more = shapes.next()


def _placement(model: Any, unit_m: float) -> tuple[Matrix | None, tuple[str, ...]]:
    """From metres in the model's own space to RD and NAP, and what had to be assumed."""
    geolocation = _library("ifcopenshell.util.geolocation")

    found = geolocation.get_helmert_transformation_parameters(model)
    if found is None:
        return None, ()
    name, map_unit_m = _projected_crs(model)
    code = epsg_of(name)
    if code not in (RD, RD_NAP):
        raise InputRejected(
            f"its map conversion leads to ‘{name[:60]}’, not to Dutch RD (EPSG:28992 or EPSG:7415):"
            " give place = {x, y, nap, rotation_deg}"
        )
    notes: list[str] = []
    scales = {"map": map_unit_m, "project": unit_m, "metre": 1.0}
    chosen = next((k for k, s in scales.items() if s and _inside(found.e * s, found.n * s)), None)
    if chosen is None:
        raise InputRejected(
            f"its map conversion ({found.e:.12g}, {found.n:.12g}) leads out of the Netherlands in any unit:"
            " give place = {x, y, nap, rotation_deg}"
        )
    unit = scales[chosen] or 1.0
    if chosen != "map":
        told = "metres" if unit == 1.0 else f"units of {unit:g} m"
        notes.append(f"map conversion read in {told}, the only ones that lie in the Netherlands")
    scale = _scale(float(found.scale), unit, unit_m)
    axis = (float(found.xaa), float(found.xao))
    matrix = helmert(found.e * unit, found.n * unit, found.h * unit, axis, scale)
    return matrix @ _from_model(geolocation.get_wcs(model), unit_m), tuple(notes)


def _projected_crs(model: Any) -> tuple[str, float | None]:
    """The name of the map's coordinate system and the length of its unit in metres, where it says so."""
    element = _library("ifcopenshell.util.element")
    units = _library("ifcopenshell.util.unit")

    if model.schema == "IFC2X3":
        given = element.get_pset(model.by_type("IfcProject")[0], "ePSet_ProjectedCRS") or {}
        return str(given.get("Name") or ""), None
    systems = model.by_type("IfcProjectedCRS")
    if not systems:
        return "", None
    unit = systems[0].MapUnit
    if unit is None:
        return str(systems[0].Name or ""), None
    metres = units.convert_unit(1.0, unit, _metre(model))
    return str(systems[0].Name or ""), float(metres)


def _metre(model: Any) -> Any:
    return model.create_entity("IfcSIUnit", UnitType="LENGTHUNIT", Name="METRE")


def _inside(x: float, y: float) -> bool:
    return _RD_X[0] <= x <= _RD_X[1] and _RD_Y[0] <= y <= _RD_Y[1]


def _scale(told: float, map_unit_m: float, unit_m: float) -> float:
    """The scale between metres and metres: `told` is between project units and map units, or meant to be 1.

    Raises InputRejected when neither reading comes near 1.
    """
    for scale in (told * map_unit_m / unit_m, told):
        if _NEARLY_ONE[0] <= scale <= _NEARLY_ONE[1]:
            return scale
    raise InputRejected(
        f"the scale of its map conversion is {told:g}, which fits no unit: give place = {{x, y, nap, scale}}"
    )


def _from_model(origin: Any, unit_m: float) -> Matrix:
    """From the model's space to that of its map conversion, whose zero point is `origin` (project units)."""
    if origin is None:
        return np.eye(4)
    matrix = np.array(origin, dtype=np.float64)
    matrix[:3, 3] *= unit_m
    if abs(matrix[2, 2] - 1.0) > 1e-6:
        raise InputRejected("its geometric context is tilted: give place = {x, y, nap, rotation_deg}")
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
