"""glTF, GLB and OBJ: the meshes of a design as triangles.

The parsers run in the throw-away process only (`isolated.py`). Nothing beside the file is opened: a glTF that
names another file is refused, materials and textures are not looked at.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.design.model import MOST_PARTS, MOST_TRIANGLES, Design, Part
from tweestad.formats.safe_json import parse_json

_GLB = b"glTF"
_JSON_CHUNK = 0x4E4F534A
# Extensions that change no shape; any other that a file requires would be drawn wrongly.
_HARMLESS = ("KHR_materials_", "KHR_texture_", "EXT_texture_", "KHR_lights_punctual")

Points = NDArray[np.float64]


def parse_gltf(path: Path) -> Design:
    """Read glTF 2.0, as JSON or binary, with y up as the format says. Raises InputRejected."""
    return _upright(parse_gltf_z_up(path))


def parse_gltf_z_up(path: Path) -> Design:
    """The same for a file that has z up against its format."""
    data = path.read_bytes()
    binary = data.startswith(_GLB)
    document = parse_json(_json_of(data, path.name) if binary else data, path.name)
    if not isinstance(document, dict):
        raise InputRejected("this is not glTF: it is not an object")
    _check_gltf(document)
    return _design(_loaded(data, "glb" if binary else "gltf"))


def parse_obj(path: Path) -> Design:
    """Read Wavefront OBJ, z up. Raises InputRejected."""
    data = path.read_bytes()
    if b"\0" in data[:4096]:
        raise InputRejected("this is not OBJ: it is not text")
    if not any(line.startswith(b"f ") for line in data.splitlines()):
        raise InputRejected("this is not OBJ, or it has no faces")
    return _design(_loaded(data, "obj"))


def parse_obj_y_up(path: Path) -> Design:
    """The same for a file that has y up."""
    return _upright(parse_obj(path))


def _upright(design: Design) -> Design:
    """From y up and z towards the viewer (glTF 2.0, section 3.4) to z up."""
    x, y, z = design.vertices.T
    return replace(design, vertices=np.column_stack((x, -z, y)))


def _json_of(data: bytes, name: str) -> bytes:
    if len(data) < 20:
        raise InputRejected("the file is truncated", where=name)
    version, length, size, kind = struct.unpack_from("<4xIIII", data)
    if version != 2:
        raise InputRejected(f"it is glTF {version}, not 2.0")
    if length != len(data) or size > length - 20:
        raise InputRejected("the file is truncated")
    if kind != _JSON_CHUNK:
        raise InputRejected("its first chunk is not JSON")
    return data[20 : 20 + size]


def _check_gltf(document: Mapping[str, Any]) -> None:
    """Refuse what points to another file, what needs an extension, and nodes that draw too much."""
    asset = document.get("asset")
    if not isinstance(asset, dict) or not str(asset.get("version", "")).startswith("2."):
        raise InputRejected("this is not glTF 2.0")
    for kind in ("buffers", "images"):
        for each in _tables(document, kind):
            uri = each.get("uri", "data:")
            if not isinstance(uri, str) or not uri.startswith("data:"):
                raise InputRejected(
                    f"it refers to another file ({str(uri)[:60]!r}): save it with everything inside, as GLB"
                )
    for extension in document.get("extensionsRequired") or ():
        if not str(extension).startswith(_HARMLESS):
            raise InputRejected(f"it needs the glTF extension {str(extension)[:60]}, which is not supported")
    if len(_tables(document, "nodes")) > MOST_PARTS:
        raise LimitExceeded(f"more than {MOST_PARTS} nodes")


def _tables(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = document.get(key) or []
    if not isinstance(found, list) or set(map(type, found)) - {dict}:
        raise InputRejected(f"‘{key}’ is not a list of objects")
    return found


def _loaded(data: bytes, kind: str) -> Any:
    import trimesh  # noqa: PLC0415 - an optional part, and never in the parent

    # Without a resolver nothing else can be opened.
    return trimesh.load_scene(
        BytesIO(data), file_type=kind, process=False, skip_materials=True, split_objects=True, resolver=None
    )


def _design(scene: Any) -> Design:
    """One part per node that draws a mesh, as the node places it."""
    parts: list[Part] = []
    vertices: list[Points] = [np.zeros((0, 3))]
    triangles: list[NDArray[np.int32]] = [np.zeros((0, 3), np.int32)]
    sizes: list[int] = []
    first = 0
    for node in sorted(scene.graph.nodes_geometry):
        matrix, name = scene.graph[node]
        mesh = scene.geometry[name]
        faces = np.asarray(getattr(mesh, "faces", ()), dtype=np.int64).reshape(-1, 3)
        points = np.asarray(mesh.vertices, dtype=np.float64).reshape(-1, 3)
        if len(faces) and not 0 <= int(faces.min()) <= int(faces.max()) < len(points):
            raise InputRejected(f"mesh ‘{str(name)[:60]}’ names a vertex that is not there")
        if not len(faces):
            continue  # points or lines, which have nothing to draw
        if sum(sizes) + len(faces) > MOST_TRIANGLES:
            raise LimitExceeded(f"more than {MOST_TRIANGLES} triangles")
        placed = points @ np.asarray(matrix)[:3, :3].T + np.asarray(matrix)[:3, 3]
        parts.append(Part(str(node), "Mesh", {"name": str(node)}))
        vertices.append(placed)
        triangles.append((faces + first).astype(np.int32))
        sizes.append(len(faces))
        first += len(placed)
    if not parts:
        raise InputRejected("it has no mesh with triangles")
    return Design(
        parts=tuple(parts),
        vertices=np.concatenate(vertices),
        triangles=np.concatenate(triangles),
        owners=np.repeat(np.arange(len(parts), dtype=np.int32), sizes),
    )
