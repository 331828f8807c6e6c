"""Meshes as GLB files: quantised, packed by meshoptimizer, with one property table for picking.

Layout after glTF 2.0, KHR_mesh_quantization, EXT_meshopt_compression, EXT_mesh_features and
EXT_structural_metadata. Equal meshes give equal bytes.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass, field, replace
from typing import Any

import meshoptimizer
import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.tiles.box import Box, extent
from tweestad.tiles.colour import colour_bytes
from tweestad.tiles.metadata import PropertyTable

FINEST_STEP_M = 2.0**-6
"""Vertices lie on a grid of 16 mm; coarser only in a tile wider than 1 km. A finer grid shows nowhere and
makes a tile of buildings up to 5 % larger."""
SHARED_CORNERS = 2.5
"""Uses per vertex from which the order of triangles matters: faces with corners of their own are best
left as they stand, which packs better."""

_FLOAT, _UBYTE, _BYTE, _USHORT, _UINT = 5126, 5121, 5120, 5123, 5125
_VERTICES, _INDICES = 34962, 34963
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


def write_glb(mesh: Mesh, table: PropertyTable | None = None, *, compress: bool = True) -> Glb:
    """Write a mesh; `table` has a row for each number in `mesh.features`.

    `compress=False` leaves out EXT_meshopt_compression, for viewers that cannot unpack it.
    Raises InputRejected when there is nothing to draw or the arrays do not belong together.
    """
    _check(mesh, table)
    upright = _y_up(mesh.positions)
    offset, step = _grid_of(upright)
    steps = np.round((upright - offset) / step).astype(np.uint16)
    record, fields = _pack(mesh, steps)
    record, indices = _weld(record, mesh.indices, lines=mesh.lines)
    document = _Document(compress=compress)
    attributes = {
        name: document.add_attribute(np.ascontiguousarray(record[:, f.start : f.stop]), f)
        for name, f in fields.items()
    }
    primitive: dict[str, Any] = {"attributes": attributes, "material": 0, "mode": 1 if mesh.lines else 4}
    if not (mesh.lines and np.array_equal(indices, np.arange(len(indices)))):
        primitive["indices"] = document.add_indices(indices, len(record), lines=mesh.lines)
    if table is not None:
        document.add_table(table, primitive)
    node = {"mesh": 0, "translation": offset.tolist(), "scale": [step] * 3}
    data = document.finish(primitive, node, unlit=mesh.unlit, one_sided=mesh.one_sided)
    written = np.stack(extent(np.ascontiguousarray(record[:, :6]).view("<u2"))) * step + offset
    drawn = len(indices) // (2 if mesh.lines else 3)
    return Glb(
        data,
        Box.around(_z_up(written)),
        triangles=0 if mesh.lines else drawn,
        lines=drawn if mesh.lines else 0,
        features=0 if table is None else table.count,
    )


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


def _y_up(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ascontiguousarray(vectors[:, (0, 2, 1)] * (1.0, 1.0, -1.0))


def _z_up(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ascontiguousarray(vectors[:, (0, 2, 1)] * (1.0, -1.0, 1.0))


@dataclass(frozen=True, slots=True)
class _Field:
    """Where an attribute stands in the packed vertex, and how glTF calls it."""

    start: int
    stop: int
    component: int
    type: str
    normalized: bool = False
    bounded: bool = False


def _pack(mesh: Mesh, steps: NDArray[np.uint16]) -> tuple[NDArray[np.uint8], dict[str, _Field]]:
    """All attributes of a vertex beside each other (n, bytes), each a multiple of four bytes."""
    n = len(steps)
    padded = np.zeros((n, 4), "<u2")
    padded[:, :3] = steps
    parts, fields = [padded.view(np.uint8)], {"POSITION": _Field(0, 8, _USHORT, "VEC3", bounded=True)}
    if mesh.normals is not None:
        normals = np.zeros((n, 4), np.int8)
        normals[:, :3] = np.round(np.clip(_y_up(mesh.normals), -1.0, 1.0) * 127.0)
        parts.append(normals.view(np.uint8))
        fields["NORMAL"] = _Field(8, 12, _BYTE, "VEC3", normalized=True)
    start = sum(p.shape[1] for p in parts)
    parts.append(colour_bytes(mesh.colours))
    fields["COLOR_0"] = _Field(start, start + 4, _UBYTE, "VEC4", normalized=True)
    if mesh.features is not None:
        wide = int(mesh.features.max()) > 0xFFFF
        numbers = np.zeros((n, 1), "<f4") if wide else np.zeros((n, 2), "<u2")
        numbers[:, 0] = mesh.features
        parts.append(numbers.view(np.uint8))
        fields["_FEATURE_ID_0"] = _Field(start + 4, start + 8, _FLOAT if wide else _USHORT, "SCALAR")
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


@dataclass(slots=True)
class _Document:
    """The glTF JSON and its binary buffer while they are put together."""

    compress: bool
    binary: bytearray = field(default_factory=bytearray)
    unpacked_size: int = 0
    views: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)
    extensions: dict[str, Any] = field(default_factory=dict)
    extension_names: list[str] = field(default_factory=list)

    def add_attribute(self, values: NDArray[np.uint8], f: _Field) -> int:
        count, stride = values.shape
        view: dict[str, Any] = {"byteStride": stride, "target": _VERTICES}
        packed = meshoptimizer.encode_vertex_buffer(values, count, stride) if self.compress else b""
        self._add_view(view, values.tobytes(), packed, {"byteStride": stride, "count": count}, "ATTRIBUTES")
        accessor: dict[str, Any] = {
            "bufferView": len(self.views) - 1,
            "componentType": f.component,
            "count": count,
            "type": f.type,
        }
        if f.normalized:
            accessor["normalized"] = True
        if f.bounded:
            steps = values.view("<u2")[:, :3]
            accessor["min"], accessor["max"] = (side.tolist() for side in extent(steps))
        return self._add_accessor(accessor)

    def add_indices(self, indices: NDArray[np.uint32], vertices: int, *, lines: bool) -> int:
        short = vertices < 0xFFFF
        values = indices.astype("<u2" if short else "<u4")
        packed, mode = b"", "INDICES" if lines else "TRIANGLES"
        if self.compress:
            encode = meshoptimizer.encode_index_sequence if lines else meshoptimizer.encode_index_buffer
            packed = encode(indices, len(indices), vertices)
        facts = {"byteStride": 2 if short else 4, "count": len(indices)}
        self._add_view({"target": _INDICES}, values.tobytes(), packed, facts, mode)
        return self._add_accessor(
            {
                "bufferView": len(self.views) - 1,
                "componentType": _USHORT if short else _UINT,
                "count": len(indices),
                "type": "SCALAR",
            }
        )

    def add_table(self, table: PropertyTable, primitive: dict[str, Any]) -> None:
        columns: dict[str, Any] = {}
        for column in table.columns:
            columns[column.property_id] = {"values": self._add_plain(column.values)}
            if column.offsets is not None:
                columns[column.property_id]["stringOffsets"] = self._add_plain(column.offsets)
                columns[column.property_id]["stringOffsetType"] = "UINT32"
        class_id = table.schema.class_id
        described = {"name": class_id, "class": class_id, "count": table.count, "properties": columns}
        self._use("EXT_mesh_features", "EXT_structural_metadata")
        self.extensions["EXT_structural_metadata"] = {
            "schema": table.schema.as_json(),
            "propertyTables": [described],
        }
        identified = {"featureCount": table.count, "attribute": 0, "propertyTable": 0, "label": class_id}
        primitive["extensions"] = {"EXT_mesh_features": {"featureIds": [identified]}}

    def finish(
        self, primitive: dict[str, Any], node: dict[str, Any], *, unlit: bool, one_sided: bool
    ) -> bytes:
        required = ["KHR_mesh_quantization"]
        material: dict[str, Any] = {
            "pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": 1},
            "doubleSided": not one_sided,
        }
        if unlit:
            self._use("KHR_materials_unlit")
            material["extensions"] = {"KHR_materials_unlit": {}}
        self._align(8)
        buffers: list[dict[str, Any]] = [{"byteLength": len(self.binary)}]
        if self.compress:
            required.append("EXT_meshopt_compression")
            fallback = {"EXT_meshopt_compression": {"fallback": True}}
            buffers.append({"byteLength": self.unpacked_size, "extensions": fallback})
        self._use(*required)
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Tweestad"},
            "extensionsUsed": self.extension_names,
            "extensionsRequired": required,
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [node],
            "meshes": [{"primitives": [primitive]}],
            "materials": [material],
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": buffers,
        }
        if self.extensions:
            document["extensions"] = self.extensions
        return _container(document, bytes(self.binary))

    def _add_view(
        self, view: dict[str, Any], plain: bytes, packed: bytes, facts: dict[str, Any], mode: str
    ) -> None:
        if not self.compress:
            self._align(8)
            view |= {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(plain)}
            self.binary += plain
        else:
            self._align(8)
            self.unpacked_size += -self.unpacked_size % 4
            packing = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(packed)}
            view |= {"buffer": 1, "byteOffset": self.unpacked_size, "byteLength": len(plain)}
            view["extensions"] = {"EXT_meshopt_compression": {**packing, **facts, "mode": mode}}
            self.unpacked_size += len(plain)
            self.binary += packed
        self.views.append(view)

    def _add_plain(self, data: bytes) -> int:
        self._align(8)
        self.views.append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)})
        self.binary += data
        return len(self.views) - 1

    def _add_accessor(self, accessor: dict[str, Any]) -> int:
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def _align(self, size: int) -> None:
        self.binary += b"\0" * (-len(self.binary) % size)

    def _use(self, *names: str) -> None:
        self.extension_names += [n for n in names if n not in self.extension_names]


def _container(document: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    # Metadata wants its bytes at multiples of eight in the file: 12 + 8 + text + 8 must be one.
    text += b" " * ((4 - len(text)) % 8)
    size = 12 + 8 + len(text) + 8 + len(binary)
    head = struct.pack("<4sII", b"glTF", 2, size) + struct.pack("<I4s", len(text), b"JSON")
    return head + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
