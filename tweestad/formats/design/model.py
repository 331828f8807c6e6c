"""A design, such as a building that is not there yet: triangles in parts, and how they are put on the map.

What reads a design file runs in a process of its own (`isolated.py`) and hands back a `Design` as bytes.
These bytes come from a parser that a hostile file may have taken over, so `unpack_design` checks them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.model.feature import Value

MOST_PARTS = 20_000
MOST_TRIANGLES = 2_000_000
MOST_PASSED = 2_000_000
_MOST_TYPES = 2_000
_MOST_NOTES = 100
_LONGEST_TEXT = 1_000
_DAMAGED = "what its parser handed back is damaged"

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """One object of a design; `key` is its name in the file, such as the GlobalId of an IfcWall."""

    key: str
    type: str
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """All parts with their triangles.

    `vertices`: float64 (n, 3), metres, x y z with z up, in the design's own space. `triangles`: int32 (t, 3)
    of vertex numbers. `owners`: int32 (t,), the part of each triangle, ascending. `matrix`: float64 (4, 4)
    from that space to RD and NAP metres, None when the file does not say where it stands. `shapeless`:
    parts without any triangle and why. `outlines`: WKB of what each part covers in x and y, or empty.
    `passed`: types of what is no part of the building, and how many.
    `place_notes`: what was assumed about where it stands, in sentences.
    """

    parts: tuple[Part, ...]
    vertices: NDArray[np.float64]
    triangles: NDArray[np.int32]
    owners: NDArray[np.int32]
    matrix: Matrix | None = None
    shapeless: tuple[tuple[Part, str], ...] = ()
    passed: tuple[tuple[str, int], ...] = ()
    place_notes: tuple[str, ...] = ()
    outlines: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the origin of a design stands: RD metres, NAP metres, and how it is turned and scaled.

    `rotation_deg`: from RD's east to the x axis of the design, against the clock. `up` is the axis of the
    file that points up, `y` or `z`; empty for what its format says.
    """

    x: float
    y: float
    nap: float
    rotation_deg: float = 0.0
    scale: float = 1.0
    up: str = ""

    def matrix(self) -> Matrix:
        """From the design's own space to RD and NAP, (4, 4)."""
        turn = math.radians(self.rotation_deg)
        return helmert(self.x, self.y, self.nap, (math.cos(turn), math.sin(turn)), self.scale)


def helmert(x: float, y: float, z: float, x_axis: tuple[float, float], scale: float) -> Matrix:
    """Turn so that the x axis points along `x_axis`, scale, and move the origin to (x, y, z): (4, 4)."""
    length = math.hypot(*x_axis) or 1.0
    cos, sin = scale * x_axis[0] / length, scale * x_axis[1] / length
    return np.array([[cos, -sin, 0, x], [sin, cos, 0, y], [0, 0, scale, z], [0, 0, 0, 1]], dtype=np.float64)


def pack_design(design: Design) -> bytes:
    """The design as bytes: one line of JSON, then its three arrays."""
    facts = {
        "parts": [_part_json(part) for part in design.parts],
        "shapeless": [[_part_json(part), reason] for part, reason in design.shapeless],
        "passed": design.passed,
        "place_notes": design.place_notes,
        "outlines": [outline.hex() for outline in design.outlines],
        "matrix": None if design.matrix is None else design.matrix.ravel().tolist(),
        "vertices": len(design.vertices),
        "triangles": len(design.triangles),
    }
    arrays = (
        np.ascontiguousarray(design.vertices, "<f8"),
        np.ascontiguousarray(design.triangles, "<i4"),
        np.ascontiguousarray(design.owners, "<i4"),
    )
    return b"".join((orjson.dumps(facts), b"\n", *(array.tobytes() for array in arrays)))


def _part_json(part: Part) -> list[Any]:
    return [part.key, part.type, dict(part.attributes)]


def unpack_design(data: bytes) -> Design:
    """What `pack_design` packed; raises InputRejected when the bytes are anything else."""
    head, _, rest = data.partition(b"\n")
    try:
        facts = orjson.loads(head)
        corners, triangles = int(facts["vertices"]), int(facts["triangles"])
        if len(rest) != corners * 24 + triangles * 16 or not 0 <= triangles <= MOST_TRIANGLES:
            raise InputRejected(_DAMAGED)
        matrix = facts["matrix"]
        design = Design(
            parts=tuple(_part(each) for each in facts["parts"]),
            vertices=np.frombuffer(rest, "<f8", corners * 3).reshape(-1, 3),
            triangles=np.frombuffer(rest, "<i4", triangles * 3, corners * 24).reshape(-1, 3),
            owners=np.frombuffer(rest, "<i4", triangles, corners * 24 + triangles * 12),
            matrix=None if matrix is None else np.array(matrix, dtype=np.float64).reshape(4, 4),
            shapeless=tuple(
                (_part(part), str(reason)[:_LONGEST_TEXT]) for part, reason in facts["shapeless"]
            ),
            passed=tuple((str(kind)[:_LONGEST_TEXT], int(count)) for kind, count in facts["passed"]),
            place_notes=tuple(str(note)[:_LONGEST_TEXT] for note in facts["place_notes"]),
            outlines=tuple(bytes.fromhex(outline) for outline in facts["outlines"]),
        )
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as exc:
        raise InputRejected(_DAMAGED) from exc
    _check(design)
    return design


def _part(given: Any) -> Part:
    key, kind, attributes = given
    return Part(str(key)[:_LONGEST_TEXT], str(kind)[:_LONGEST_TEXT], dict(_attributes(attributes)))


def _attributes(given: Any) -> Iterator[tuple[str, Value]]:
    if not isinstance(given, dict):
        raise TypeError(given)
    for name, value in given.items():
        if value is None or isinstance(value, bool | int | float):
            yield str(name)[:_LONGEST_TEXT], value
        else:
            yield str(name)[:_LONGEST_TEXT], str(value)[:_LONGEST_TEXT]


def _check(design: Design) -> None:
    """Raise InputRejected when numbers point nowhere; coordinates that are not finite are seen later."""
    wrong = [
        len(design.parts) + len(design.shapeless) > MOST_PARTS,
        len(design.outlines) != len(design.parts),
        _outside(design.triangles, len(design.vertices)),
        _outside(design.owners, len(design.parts)),
        bool((np.diff(design.owners) < 0).any()),
        design.matrix is not None and not np.isfinite(design.matrix).all(),
        any(count < 0 for _, count in design.passed),
        len(design.passed) > _MOST_TYPES,
        sum(count for _, count in design.passed) > MOST_PASSED,
        len(design.place_notes) > _MOST_NOTES,
    ]
    if any(wrong):
        raise InputRejected(_DAMAGED)


def _outside(numbers: NDArray[np.int32], count: int) -> bool:
    return bool(numbers.size) and not (int(numbers.min()) >= 0 and int(numbers.max()) < count)
