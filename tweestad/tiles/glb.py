"""Meshes as GLB files: quantised, packed by meshoptimizer, with one property table for picking.

Layout after glTF 2.0, KHR_mesh_quantization, EXT_meshopt_compression, EXT_mesh_features and
EXT_structural_metadata. Equal meshes give equal bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import meshoptimizer
import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.tiles.box import Box, extent
from tweestad.tiles.colour import colour_bytes
from tweestad.tiles.gltf_document import BYTE, FLOAT, UBYTE, USHORT, Document, Field
from tweestad.tiles.metadata import PropertyTable

FINEST_STEP_M = 2.0**-6
"""Vertices lie on a grid of 16 mm; coarser only in a tile wider than 1 km. A finer grid shows nowhere and
makes a tile of buildings up to 5 % larger."""
SHARED_CORNERS = 2.5
"""Uses per vertex from which the order of triangles matters: faces with corners of their own are best
left as they stand, which packs better."""

_UNUSED = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles, or lines, in the local frame.

    `positions`: float64 (n, 3), east-north-up metres. `colours`: (n, 3), linear, 0 to 1.
    `indices`: (3 m,) for triangles, counter-clockwise from outside; (2 m,) for lines.
    `normals`: (n, 3) unit vectors, or None (then `unlit` is what it should be).
    `one_sided`: not drawn when seen from behind.
    `features`: (n,) row of the property table of each vertex, or None.
    """

    positions: NDArray[np.float64]
    colours: NDArray[np.float64]
    indices: NDArray[np.uint32]
    normals: NDArray[np.float64] | None = None
    features: NDArray[np.uint32] | None = None
    lines: bool = False
    unlit: bool = False
    one_sided: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Glb:
    """A GLB with the box of its vertices as they were written, and how much it draws.

    Once it is in the tile folder under `name`, `data` is empty and `kept_bytes` its size.
    """

    data: bytes
    box: Box
    triangles: int = 0
    lines: int = 0
    features: int = 0
    name: str = ""
    kept_bytes: int = 0

    @property
    def size(self) -> int:
        """How many bytes it has, here or in the folder."""
        return len(self.data) or self.kept_bytes

    def kept_as(self, name: str) -> Glb:
        """The same, known to be in the tile folder under this name, without its bytes."""
        return replace(self, data=b"", name=name, kept_bytes=self.size)

    def as_json(self) -> tuple[Any, ...]:
        """All but its bytes, as a record keeps it."""
        box = self.box
        return self.name, self.kept_bytes, box.lower, box.upper, self.triangles, self.lines, self.features

    @classmethod
    def from_json(
        cls, name: str, size: int, lower: Sequence[float], upper: Sequence[float], *counts: int
    ) -> Glb:
        """Read what `as_json` gave; raises TypeError or ValueError for anything else."""
        triangles, lines, features = counts
        west, south, bottom = lower
        east, north, top = upper
        box = Box((west, south, bottom), (east, north, top))
        return cls(b"", box, triangles, lines, features, name, size)


def write_glb(mesh: Mesh, table: PropertyTable | None = None, *, compress: bool = True) -> Glb:
    """Write a mesh; `table` has a row for each number in `mesh.features`.

    `compress=False` leaves out EXT_meshopt_compression, for viewers that cannot unpack it.
    Raises InputRejected when there is nothing to draw or the arrays do not belong together.
    """
    return write_meshes([mesh], table, compress=compress)


def write_meshes(meshes: Sequence[Mesh], table: PropertyTable | None = None, *, compress: bool = True) -> Glb:
    """Write several meshes as one file: each keeps its own grid, so that a wide file stays fine.

    All are lines or all are triangles, of one material; only a file of one mesh has a `table`.
    Raises InputRejected as `write_glb` does.
    """
    document = Document(compress=compress)
    written = [_add_mesh(document, mesh, table) for mesh in meshes]
    if not written or (table is not None and len(written) > 1):
        raise InputRejected("a file needs a mesh, and several meshes have no table")
    first = meshes[0]
    primitives, nodes = [one.primitive for one in written], [one.node for one in written]
    for number, node in enumerate(nodes):
        node["mesh"] = number
    drawn = sum(one.drawn for one in written)
    return Glb(
        document.finish(primitives, nodes, unlit=first.unlit, one_sided=first.one_sided),
        Box.around(z_up(np.concatenate([one.extent for one in written]))),
        triangles=0 if first.lines else drawn,
        lines=drawn if first.lines else 0,
        features=0 if table is None else table.count,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """A mesh in a document: what draws it, where it stands, its extent (y-up, metres), how much it draws."""

    primitive: dict[str, Any]
    node: dict[str, Any]
    extent: NDArray[np.float64]
    drawn: int


def _add_mesh(document: Document, mesh: Mesh, table: PropertyTable | None) -> _Written:
    _check(mesh, table)
    upright = y_up(mesh.positions)
    offset, step = _grid_of(upright)
    steps = np.round((upright - offset) / step).astype(np.uint16)
    record, fields = _pack(mesh, steps)
    record, indices = _weld(record, mesh.indices, lines=mesh.lines)
    attributes = {
        name: document.add_attribute(np.ascontiguousarray(record[:, f.start : f.stop]), f)
        for name, f in fields.items()
    }
    primitive: dict[str, Any] = {"attributes": attributes, "material": 0, "mode": 1 if mesh.lines else 4}
    if not (mesh.lines and np.array_equal(indices, np.arange(len(indices)))):
        primitive["indices"] = document.add_indices(indices, len(record), lines=mesh.lines)
    if table is not None:
        primitive["extensions"] = {"EXT_mesh_features": document.add_table(table, "EXT_mesh_features")}
    node = {"mesh": 0, "translation": offset.tolist(), "scale": [step] * 3}
    corners = np.stack(extent(np.ascontiguousarray(record[:, :6]).view("<u2"))) * step + offset
    return _Written(primitive, node, corners, len(indices) // (2 if mesh.lines else 3))


def _grid_of(upright: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Where the tile's grid starts (y-up, metres) and its step: a power of two, on one grid for all tiles."""
    lower, upper = extent(upright)
    span = float((upper - lower).max())
    step = max(FINEST_STEP_M, 2.0 ** math.ceil(math.log2(max(span, 1e-6) / 65_000)))
    offset: NDArray[np.float64] = np.floor(lower / step) * step
    return offset, step


def _check(mesh: Mesh, table: PropertyTable | None) -> None:
    n, per = len(mesh.positions), 2 if mesh.lines else 3
    if n == 0 or len(mesh.indices) == 0:
        raise InputRejected("a mesh needs vertices and indices")
    if len(mesh.indices) % per or int(mesh.indices.max()) >= n or len(mesh.colours) != n:
        raise InputRejected("the arrays of the mesh do not belong together")
    if not np.isfinite(mesh.positions).all():
        raise InputRejected("a mesh has a coordinate that is not a number")
    if mesh.features is not None and (table is None or int(mesh.features.max()) >= table.count):
        raise InputRejected("a vertex points at a feature that is not in the table")


def y_up(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """East-north-up vectors (n, 3) as glTF has them: y upward."""
    return np.ascontiguousarray(vectors[:, (0, 2, 1)] * (1.0, 1.0, -1.0))


def z_up(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """The inverse of `y_up`."""
    return np.ascontiguousarray(vectors[:, (0, 2, 1)] * (1.0, -1.0, 1.0))


def _pack(mesh: Mesh, steps: NDArray[np.uint16]) -> tuple[NDArray[np.uint8], dict[str, Field]]:
    """All attributes of a vertex beside each other (n, bytes), each a multiple of four bytes."""
    n = len(steps)
    padded = np.zeros((n, 4), "<u2")
    padded[:, :3] = steps
    parts, fields = [padded.view(np.uint8)], {"POSITION": Field(0, 8, USHORT, "VEC3", bounded=True)}
    if mesh.normals is not None:
        normals = np.zeros((n, 4), np.int8)
        normals[:, :3] = np.round(np.clip(y_up(mesh.normals), -1.0, 1.0) * 127.0)
        parts.append(normals.view(np.uint8))
        fields["NORMAL"] = Field(8, 12, BYTE, "VEC3", normalized=True)
    start = sum(p.shape[1] for p in parts)
    parts.append(colour_bytes(mesh.colours))
    fields["COLOR_0"] = Field(start, start + 4, UBYTE, "VEC4", normalized=True)
    if mesh.features is not None:
        wide = int(mesh.features.max()) > 0xFFFF
        numbers = np.zeros((n, 1), "<f4") if wide else np.zeros((n, 2), "<u2")
        numbers[:, 0] = mesh.features
        parts.append(numbers.view(np.uint8))
        fields["_FEATURE_ID_0"] = Field(start + 4, start + 8, FLOAT if wide else USHORT, "SCALAR")
    return np.ascontiguousarray(np.concatenate(parts, axis=1)), fields


def _weld(
    record: NDArray[np.uint8], indices: NDArray[np.uint32], *, lines: bool
) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Join equal vertices, drop what has no extent on the grid, and order for small files."""
    remap = np.zeros(len(record), np.uint32)
    indices = np.ascontiguousarray(indices, np.uint32)
    unique = meshoptimizer.generate_vertex_remap(
        remap, indices, vertices=record, vertex_count=len(record), vertex_size=record.shape[1]
    )
    record, indices = _move(record, remap, unique), remap[indices]
    indices = _without_flat(indices, 2 if lines else 3)
    if not lines and len(indices) > SHARED_CORNERS * unique:
        ordered = np.zeros_like(indices)
        meshoptimizer.optimize_vertex_cache(ordered, indices, vertex_count=unique)
        indices = ordered
    remap = np.zeros(unique, np.uint32)
    used = meshoptimizer.optimize_vertex_fetch_remap(remap, indices, vertex_count=unique)
    return _move(record, remap, used), remap[indices]


def _move(record: NDArray[np.uint8], remap: NDArray[np.uint32], count: int) -> NDArray[np.uint8]:
    # Vertices that no index uses are marked, not numbered.
    kept = np.flatnonzero(remap != _UNUSED)
    sources = np.zeros(count, np.int64)
    sources[remap[kept]] = kept
    return record.take(sources, axis=0)


def _without_flat(indices: NDArray[np.uint32], per: int) -> NDArray[np.uint32]:
    corners = indices.reshape(-1, per)
    flat = corners[:, 0] == corners[:, 1]
    if per == 3:
        flat |= (corners[:, 1] == corners[:, 2]) | (corners[:, 2] == corners[:, 0])
    # An accessor may not be empty: a mesh of nothing but specks keeps its specks.
    return indices if flat.all() or not flat.any() else np.ascontiguousarray(corners[~flat]).ravel()
