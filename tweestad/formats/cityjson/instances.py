"""Geometry templates: one shape, such as a tree or a lamp post, placed many times by a matrix.

CityJSON 1.0 to 2.0, section "Geometry templates": a template vertex becomes matrix × vertex, moved to the
reference point, which is one vertex of the city model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.cityjson.geometry import FlatSurfaces, flatten_surfaces
from tweestad.formats.cityjson.vertices import Transform, vertex_list
from tweestad.formats.safe_json import Limits

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """The templates of a file; `fault` says what is wrong with them, which matters when one is used.

    `vertices`: float64 (n, 3), metres, in the templates' own space.
    """

    bodies: tuple[object, ...] = ()
    vertices: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    fault: str = ""


def read_templates(given: object, limits: Limits) -> Templates:
    """The member `geometry-templates`; never raises, for a file may hold templates that it does not use."""
    if given is None:
        return Templates(fault="it uses a geometry template, but the file has none")
    if not isinstance(given, dict) or not isinstance(given.get("templates"), list):
        return Templates(fault="it uses a geometry template, but 'geometry-templates' is not as it should be")
    try:
        vertices = vertex_list(given.get("vertices-templates"), limits)
    except InputRejected as exc:
        return Templates(fault=f"it uses a geometry template, but of these {exc.reason}")
    return Templates(tuple(given["templates"]), vertices)


@dataclass(slots=True)
class Pool:
    """The vertices of one document, to which the placed templates add theirs.

    `numbers`: float64 (n, 3), as they stand in the file, before `transform`.
    """

    numbers: Floats
    transform: Transform
    templates: Templates
    limits: Limits
    added: list[Floats] = field(default_factory=list)
    size: int = 0
    corners: int = 0

    @property
    def count(self) -> int:
        """How many vertices the document itself has."""
        return len(self.numbers)

    def all_numbers(self) -> Floats:
        """The document's own vertices, followed by those of the placed templates."""
        return np.concatenate((self.numbers, *self.added)) if self.added else self.numbers

    def template(self, instance: Mapping[str, object]) -> Mapping[str, object]:
        """The template that an instance names; raises InputRejected when there is none."""
        if self.templates.fault:
            raise InputRejected(self.templates.fault)
        number = instance.get("template")
        bodies = self.templates.bodies
        if type(number) is not int or not 0 <= number < len(bodies):
            told = f"{str(number)[:40]!r}: there are {len(bodies)}"
            raise InputRejected(f"there is no geometry template {told}")
        body = bodies[number]
        if not isinstance(body, dict) or not isinstance(body.get("type"), str):
            raise InputRejected(f"geometry template {number} is not a geometry")
        if body["type"] == "GeometryInstance":
            raise InputRejected(f"geometry template {number} is itself an instance")
        return body

    def flatten(self, body: Mapping[str, object], instance: Mapping[str, object] | None) -> FlatSurfaces:
        """The surfaces of a geometry of the document, or of a template placed as `instance` says."""
        if instance is None:
            return flatten_surfaces(body, self.count)
        flat = flatten_surfaces(body, len(self.templates.vertices))
        used, places = np.unique(flat.vertices, return_inverse=True)
        if self.size + used.size > self.limits.vertices:
            raise LimitExceeded(f"the placed templates have more than {self.limits.vertices} vertices")
        self.corners += flat.vertices.size  # a ring may name the same vertex as all others do
        if self.corners > self.limits.placed_corners:
            raise LimitExceeded(
                f"the placed templates have rings of more than {self.limits.placed_corners} corners"
            )
        first = self.count + self.size
        with np.errstate(all="ignore"):  # what overflows is outside the Netherlands, and said so
            metres = self._placed(self.templates.vertices[used], instance)
            self.added.append((metres - self.transform.translate) / self.transform.scale)
        self.size += used.size
        return FlatSurfaces(places + first, flat.ring_lengths, flat.surface_lengths, flat.kinds)

    def _placed(self, vertices: Floats, instance: Mapping[str, object]) -> Floats:
        matrix = _matrix(instance.get("transformationMatrix"))
        point = instance.get("boundaries")
        if not isinstance(point, list) or len(point) != 1 or type(point[0]) is not int:
            raise InputRejected("a placed geometry template does not name one reference point")
        if not 0 <= point[0] < self.count:
            told = f"{str(point[0])[:40]} is out of range: there are {self.count} vertices"
            raise InputRejected(f"the vertex number {told}")
        anchor = self.transform.metres(self.numbers[point[0]])
        placed: Floats = vertices @ matrix[:3, :3].T + matrix[:3, 3] + anchor
        return placed


def _matrix(given: object) -> Floats:
    """The 4 × 4 matrix, row by row; the last row must be that of a move without perspective."""
    if not isinstance(given, list) or len(given) != 16 or set(map(type, given)) - {int, float}:
        raise InputRejected("the matrix of a placed geometry template is not 16 numbers")
    matrix = np.array(given, dtype=np.float64).reshape(4, 4)
    if matrix[3].tolist() != [0.0, 0.0, 0.0, 1.0]:
        raise InputRejected("the matrix of a placed geometry template does not end in 0, 0, 0, 1")
    return matrix
