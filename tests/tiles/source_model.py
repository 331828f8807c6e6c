"""A city model read a second time, by as little code as possible and none of the reader's own.

Only for sound files: the finest geometry of each root object with its parts, as lists of corners.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Surface:
    """One polygon: its rings of corners (n, 3), EPSG:7415, outer first, and its semantic type."""

    kind: str
    rings: tuple[Floats, ...]

    @property
    def area_vector(self) -> Floats:
        """Twice the area along the normal, after Newell, without the holes."""
        outer, *holes = (newell(ring) for ring in self.rings)
        length = np.linalg.norm(outer)
        left: Floats = outer * (1 - sum(np.linalg.norm(hole) for hole in holes) / length) if length else outer
        return left

    @property
    def bend_m(self) -> float:
        """How far its corners are from the plane through their middle."""
        corners = np.concatenate(self.rings)
        vector = self.area_vector
        normal = vector / max(float(np.linalg.norm(vector)), 1e-9)
        return float(np.abs((corners - corners.mean(0)) @ normal).max())


@dataclass(frozen=True, slots=True)
class Source:
    """One root object: its id, the finest level of its geometry (0 when only a plan), its surfaces."""

    type: str
    id: str
    lod: float
    surfaces: tuple[Surface, ...]


def newell(ring: Floats) -> Floats:
    """Twice the area vector of a ring."""
    centred = ring - ring[0]
    total: Floats = np.cross(centred, np.roll(centred, -1, axis=0)).sum(0)
    return total


def read_sources(path: Path) -> list[Source]:
    """All root objects of a CityJSON file or a CityJSONSeq."""
    data = path.read_bytes()
    text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    if path.name.removesuffix(".gz").endswith(".jsonl"):
        header, *features = (json.loads(line) for line in text.splitlines())
        return [source for each in features for source in _sources(each, header.get("transform"))]
    document = json.loads(text)
    return list(_sources(document, document.get("transform")))


def _sources(body: Mapping[str, Any], transform: Mapping[str, Any] | None) -> Iterator[Source]:
    vertices = np.array(body["vertices"], dtype=np.float64).reshape(-1, 3)
    if transform:
        vertices = vertices * transform["scale"] + transform["translate"]
    vertices = vertices.round(3)
    objects = body["CityObjects"]
    children = {name for each in objects.values() for name in each.get("children", ())}
    for key, each in objects.items():
        if key in children:
            continue
        family = [each, *(objects[name] for name in each.get("children", ()))]
        geometries = [g for one in family for g in one.get("geometry", ())]
        lod = max(float(g["lod"]) for g in geometries)
        finest = [g for g in geometries if float(g["lod"]) == lod]
        attributes = each.get("attributes", {})
        surfaces = tuple(s for g in finest for s in _surfaces(g, vertices)) if lod >= 1 else ()
        yield Source(each["type"], str(attributes.get("identificatie") or key), lod, surfaces)


def _surfaces(geometry: Mapping[str, Any], vertices: Floats) -> Iterator[Surface]:
    semantics = geometry.get("semantics", {})
    values = semantics.get("values")
    faces, kinds = geometry["boundaries"], values
    if geometry["type"] == "Solid":
        faces = [face for shell in faces for face in shell]
        kinds = [v for shell in values for v in shell] if values else None
    for number, rings in enumerate(faces):
        value = kinds[number] if kinds else None
        kind = "" if value is None else semantics["surfaces"][value]["type"]
        corners = tuple(_open(vertices[ring]) for ring in rings if len(ring) >= 3)
        if corners and len(corners[0]) >= 3:
            yield Surface(kind, corners)


def _open(ring: Floats) -> Floats:
    """The ring without a last corner that repeats the first."""
    return ring[:-1] if len(ring) > 3 and (ring[0] == ring[-1]).all() else ring
