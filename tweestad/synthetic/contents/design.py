"""The design of a new school as IFC 4 in millimetres, with its place in RD and NAP (IfcMapConversion).

The text of the STEP file is written here: a dozen kinds of entity need no library.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np

from tweestad.synthetic.contents.layer_files import write_bytes
from tweestad.synthetic.contents.plans import Plan
from tweestad.synthetic.contents.setting import Setting

FILE = "ontwerp-school.ifc"
_TURN_DEG = 12.0
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$"
_WALL = 300.0
# Blocks of the school in millimetres: west, south, width, depth, height of a storey, number of storeys.
_BLOCKS = ((0.0, 0.0, 48_000.0, 16_000.0, 3_600.0, 2), (48_300.0, 0.0, 22_000.0, 14_000.0, 7_200.0, 1))


class _Step:
    """Lines of a STEP file; each entity gets the next number."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.lines: list[str] = []

    def add(self, kind: str, *values: str) -> str:
        """The reference of a new entity."""
        self.lines.append(f"#{len(self.lines) + 1}={kind}({','.join(values)});")
        return f"#{len(self.lines)}"

    def guid(self) -> str:
        """A GlobalId of 22 characters that follows from the file's name and the number of the entity."""
        digest = hashlib.sha256(f"{self._name}/{len(self.lines)}".encode()).digest()
        number = int.from_bytes(digest[:16], "big")
        text = ""
        for _ in range(22):
            text = _CHARACTERS[number % 64] + text
            number //= 64
        return f"'{text}'"

    def point(self, *xyz: float) -> str:
        return self.add("IFCCARTESIANPOINT", _numbers(xyz))

    def direction(self, *xyz: float) -> str:
        return self.add("IFCDIRECTION", _numbers(xyz))

    def placement(self, parent: str, *xyz: float) -> str:
        axes = self.add("IFCAXIS2PLACEMENT3D", self.point(*xyz), "$", "$")
        return self.add("IFCLOCALPLACEMENT", parent, axes)

    def unit(self, kind: str, prefix: str, name: str) -> str:
        return self.add("IFCSIUNIT", "*", f".{kind}.", prefix, f".{name}.")


def _numbers(values: tuple[float, ...]) -> str:
    return "(" + ",".join(_number(value) for value in values) + ")"


def _number(value: float) -> str:
    """A STEP real always has a point."""
    text = f"{value:.6f}".rstrip("0")
    return "0." if text == "-0." else text


def write_design(folder: Path, setting: Setting, plans: tuple[Plan, ...]) -> None:
    """A school with a gym on the site of the first plan."""
    spot = plans[0].shape.point_on_surface() if plans else setting.footprints[0].centroid
    x, y = round(spot.x, 3), round(spot.y, 3)
    ground = float(setting.ground_nap_m(np.array([[x, y]]))[0])
    step = _Step("ontwerp-school")
    _school(step, x, y, ground)
    head = (
        "ISO-10303-21;\nHEADER;\n"
        "FILE_DESCRIPTION(('ViewDefinition [ReferenceView_V1.2]','Voorbeeldstad: invented'),'2;1');\n"
        f"FILE_NAME('{FILE}','2026-01-01T00:00:00',(''),('Gemeente Voorbeeldstad'),'','Tweestad','');\n"
        "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
    )
    write_bytes(
        folder / FILE, (head + "\n".join(step.lines) + "\nENDSEC;\nEND-ISO-10303-21;\n").encode("ascii")
    )


def _school(step: _Step, x: float, y: float, ground: float) -> None:
    context, body = _contexts(step, x, y, ground)
    units = step.add("IFCUNITASSIGNMENT", f"({','.join(_units(step))})")
    project = step.add(
        "IFCPROJECT", step.guid(), "$", "'School Nieuwland'", "$", "$", "$", "$", f"({context})", units
    )
    site_at = step.placement("$", 0.0, 0.0, 0.0)
    site = step.add(
        "IFCSITE",
        step.guid(),
        "$",
        "'Terrein'",
        "$",
        "$",
        site_at,
        "$",
        "$",
        ".ELEMENT.",
        "$",
        "$",
        "$",
        "$",
        "$",
    )
    building_at = step.placement(site_at, 0.0, 0.0, 0.0)
    building = step.add(
        "IFCBUILDING",
        step.guid(),
        "$",
        "'School'",
        "$",
        "$",
        building_at,
        "$",
        "$",
        ".ELEMENT.",
        "$",
        "$",
        "$",
    )
    storeys = []
    for level in range(2):
        height = level * _BLOCKS[0][4]
        at = step.placement(building_at, 0.0, 0.0, height)
        name = f"'{'Begane grond' if level == 0 else 'Eerste verdieping'}'"
        storey = step.add(
            "IFCBUILDINGSTOREY", step.guid(), "$", name, "$", "$", at, "$", "$", ".ELEMENT.", _number(height)
        )
        storeys.append(storey)
        parts = [
            part for block in _BLOCKS if block[5] > level for part in _storey(step, body, at, block, level)
        ]
        step.add(
            "IFCRELCONTAINEDINSPATIALSTRUCTURE", step.guid(), "$", "$", "$", f"({','.join(parts)})", storey
        )
    for whole, parts in ((project, [site]), (site, [building]), (building, storeys)):
        step.add("IFCRELAGGREGATES", step.guid(), "$", "$", "$", whole, f"({','.join(parts)})")


def _contexts(step: _Step, x: float, y: float, ground: float) -> tuple[str, str]:
    """The context in millimetres with its place: eastings, northings and height in metres, scale 0.001."""
    axes = step.add("IFCAXIS2PLACEMENT3D", step.point(0.0, 0.0, 0.0), "$", "$")
    context = step.add(
        "IFCGEOMETRICREPRESENTATIONCONTEXT", "$", "'Model'", "3", "1.E-05", axes, step.direction(0.0, 1.0)
    )
    body = step.add(
        "IFCGEOMETRICREPRESENTATIONSUBCONTEXT",
        "'Body'",
        "'Model'",
        "*",
        "*",
        "*",
        "*",
        context,
        "$",
        ".MODEL_VIEW.",
        "$",
    )
    metre = step.unit("LENGTHUNIT", "$", "METRE")
    crs = step.add(
        "IFCPROJECTEDCRS", "'EPSG:28992'", "'Amersfoort / RD New'", "'Amersfoort'", "'NAP'", "$", "$", metre
    )
    turn = math.radians(_TURN_DEG)
    place = (_number(round(v, 3)) for v in (x, y, ground, math.cos(turn), math.sin(turn)))
    step.add("IFCMAPCONVERSION", context, crs, *place, "0.001")
    return context, body


def _units(step: _Step) -> list[str]:
    return [
        step.unit("LENGTHUNIT", ".MILLI.", "METRE"),
        step.unit("AREAUNIT", "$", "SQUARE_METRE"),
        step.unit("VOLUMEUNIT", "$", "CUBIC_METRE"),
        step.unit("PLANEANGLEUNIT", "$", "RADIAN"),
    ]


_Block = tuple[float, float, float, float, float, int]


def _storey(step: _Step, body: str, at: str, block: _Block, level: int) -> list[str]:
    """The floor and four walls of a block on one storey, and its roof on the highest."""
    west, south, width, depth, height, storeys = block
    parts = [_slab(step, body, at, block, 0.0, "FLOOR")]
    for wide, deep, x, y in (
        (width, _WALL, west + width / 2, south + _WALL / 2),
        (width, _WALL, west + width / 2, south + depth - _WALL / 2),
        (_WALL, depth - 2 * _WALL, west + _WALL / 2, south + depth / 2),
        (_WALL, depth - 2 * _WALL, west + width - _WALL / 2, south + depth / 2),
    ):
        shape = _box(step, body, wide, deep, height)
        here = step.placement(at, x, y, 0.0)
        parts.append(
            step.add("IFCWALL", step.guid(), "$", "'Gevel'", "$", "$", here, shape, "$", ".SOLIDWALL.")
        )
    if level == storeys - 1:
        parts.append(_slab(step, body, at, block, height, "ROOF"))
    return parts


def _slab(step: _Step, body: str, at: str, block: _Block, z: float, kind: str) -> str:
    west, south, width, depth, _, _ = block
    shape = _box(step, body, width, depth, _WALL)
    here = step.placement(at, west + width / 2, south + depth / 2, z - (_WALL if kind == "FLOOR" else 0.0))
    name = "'Vloer'" if kind == "FLOOR" else "'Dak'"
    return step.add("IFCSLAB", step.guid(), "$", name, "$", "$", here, shape, "$", f".{kind}.")


def _box(step: _Step, body: str, wide: float, deep: float, high: float) -> str:
    """A product shape: a rectangle around its own middle, extruded upwards."""
    at = step.add("IFCAXIS2PLACEMENT2D", step.point(0.0, 0.0), "$")
    outline = step.add("IFCRECTANGLEPROFILEDEF", ".AREA.", "$", at, _number(wide), _number(deep))
    foot = step.add("IFCAXIS2PLACEMENT3D", step.point(0.0, 0.0, 0.0), "$", "$")
    solid = step.add("IFCEXTRUDEDAREASOLID", outline, foot, step.direction(0.0, 0.0, 1.0), _number(high))
    shape = step.add("IFCSHAPEREPRESENTATION", body, "'Body'", "'SweptSolid'", f"({solid})")
    return step.add("IFCPRODUCTDEFINITIONSHAPE", "$", "$", f"({shape})")
