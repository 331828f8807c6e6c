"""A glTF document with its binary buffer while they are put together, and the container around both."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import meshoptimizer
import numpy as np
from numpy.typing import NDArray

from tweestad.tiles.box import extent
from tweestad.tiles.metadata import PropertyTable

FLOAT, UBYTE, BYTE, USHORT, UINT = 5126, 5121, 5120, 5123, 5125
VERTICES, INDICES = 34962, 34963


@dataclass(frozen=True, slots=True)
class Field:
    """Where an attribute stands in the packed vertex, and how glTF calls it."""

    start: int
    stop: int
    component: int
    type: str
    normalized: bool = False
    bounded: bool = False


@dataclass(slots=True)
class Document:
    """The glTF JSON and its binary buffer while they are put together."""

    compress: bool
    binary: bytearray = field(default_factory=bytearray)
    unpacked_size: int = 0
    views: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)
    extensions: dict[str, Any] = field(default_factory=dict)
    extension_names: list[str] = field(default_factory=list)

    def add_attribute(self, values: NDArray[np.uint8], f: Field) -> int:
        """One attribute of vertices, as packed bytes (n, stride)."""
        count, stride = values.shape
        view: dict[str, Any] = {"byteStride": stride, "target": VERTICES}
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
            numbers = values.view("<f4" if f.component == FLOAT else "<u2")[:, :3]
            accessor["min"], accessor["max"] = (side.tolist() for side in extent(numbers))
        return self._add_accessor(accessor)

    def add_indices(self, indices: NDArray[np.uint32], vertices: int, *, lines: bool) -> int:
        """The corners of triangles, or the ends of lines."""
        short = vertices < 0xFFFF
        values = indices.astype("<u2" if short else "<u4")
        packed, mode = b"", "INDICES" if lines else "TRIANGLES"
        if self.compress:
            encode = meshoptimizer.encode_index_sequence if lines else meshoptimizer.encode_index_buffer
            packed = encode(indices, len(indices), vertices)
        facts = {"byteStride": 2 if short else 4, "count": len(indices)}
        self._add_view({"target": INDICES}, values.tobytes(), packed, facts, mode)
        return self._add_accessor(
            {
                "bufferView": len(self.views) - 1,
                "componentType": USHORT if short else UINT,
                "count": len(indices),
                "type": "SCALAR",
            }
        )

    def add_instances(self, values: NDArray[np.float32], *, bounded: bool = False) -> int:
        """One attribute of instances, (n, components): not read as vertices."""
        count, width = values.shape
        stride = width * 4
        record = np.ascontiguousarray(values, "<f4").view(np.uint8).reshape(count, stride)
        packed = meshoptimizer.encode_vertex_buffer(record, count, stride) if self.compress else b""
        self._add_view({}, record.tobytes(), packed, {"byteStride": stride, "count": count}, "ATTRIBUTES")
        accessor: dict[str, Any] = {
            "bufferView": len(self.views) - 1,
            "componentType": FLOAT,
            "count": count,
            "type": "SCALAR" if width == 1 else f"VEC{width}",
        }
        if bounded:
            accessor["min"], accessor["max"] = (side.tolist() for side in extent(values))
        return self._add_accessor(accessor)

    def add_table(self, table: PropertyTable, extension: str) -> dict[str, Any]:
        """Write the table; returns what `extension` (of features of a mesh, or of instances) says of it."""
        columns: dict[str, Any] = {}
        for column in table.columns:
            columns[column.property_id] = {"values": self._add_plain(column.values)}
            if column.offsets is not None:
                columns[column.property_id]["stringOffsets"] = self._add_plain(column.offsets)
                columns[column.property_id]["stringOffsetType"] = "UINT32"
        class_id = table.schema.class_id
        described = {"name": class_id, "class": class_id, "count": table.count, "properties": columns}
        self.use(extension, "EXT_structural_metadata")
        self.extensions["EXT_structural_metadata"] = {
            "schema": table.schema.as_json(),
            "propertyTables": [described],
        }
        identified = {"featureCount": table.count, "attribute": 0, "propertyTable": 0, "label": class_id}
        return {"featureIds": [identified]}

    def finish(
        self,
        primitives: Sequence[dict[str, Any]],
        nodes: Sequence[dict[str, Any]],
        *,
        unlit: bool = False,
        one_sided: bool = False,
        required: Sequence[str] = ("KHR_mesh_quantization",),
    ) -> bytes:
        """The GLB: a mesh for each primitive, and the nodes side by side in one scene."""
        needed = list(required)
        material: dict[str, Any] = {
            "pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": 1},
            "doubleSided": not one_sided,
        }
        if unlit:
            self.use("KHR_materials_unlit")
            material["extensions"] = {"KHR_materials_unlit": {}}
        self._align(8)
        buffers: list[dict[str, Any]] = [{"byteLength": len(self.binary)}]
        if self.compress:
            needed.append("EXT_meshopt_compression")
            fallback = {"EXT_meshopt_compression": {"fallback": True}}
            buffers.append({"byteLength": self.unpacked_size, "extensions": fallback})
        self.use(*needed)
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Tweestad"},
            "extensionsUsed": self.extension_names,
            "extensionsRequired": needed,
            "scene": 0,
            "scenes": [{"nodes": list(range(len(nodes)))}],
            "nodes": list(nodes),
            "meshes": [{"primitives": [primitive]} for primitive in primitives],
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

    def use(self, *names: str) -> None:
        """Name extensions that the document uses."""
        self.extension_names += [n for n in names if n not in self.extension_names]


def _container(document: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    # Metadata wants its bytes at multiples of eight in the file: 12 + 8 + text + 8 must be one.
    text += b" " * ((4 - len(text)) % 8)
    size = 12 + 8 + len(text) + 8 + len(binary)
    head = struct.pack("<4sII", b"glTF", 2, size) + struct.pack("<I4s", len(text), b"JSON")
    return head + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
