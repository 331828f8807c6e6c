"""Reads back the GLBs of this package: for the check of a tileset and for its tests."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import meshoptimizer
import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.model.feature import Value
from tweestad.tiles.glb import Mesh

_DTYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_SCALARS = {"UINT8": "<u1", "INT32": "<i4", "FLOAT32": "<f4", "FLOAT64": "<f8"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


@dataclass(frozen=True, slots=True, eq=False)
class DecodedTile:
    """The mesh as a viewer sees it (east-north-up metres of the tileset's frame) and its rows.

    `columns` maps a property id to its values, missing ones as None; `step_m` is the vertex grid. Of a tile
    with copies the mesh holds every copy, as `copies` places it.
    """

    mesh: Mesh
    columns: Mapping[str, tuple[Value, ...]]
    step_m: float
    copies: tuple[DecodedCopies, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DecodedCopies:
    """The copies of one mesh: where each stands (n, 3), how it is scaled along east, north and up (n, 3),
    and which feature it is (n,)."""

    places: NDArray[np.float64]
    scales: NDArray[np.float64]
    features: NDArray[np.uint32]


def decode_glb(data: bytes) -> DecodedTile:
    """Unpack a GLB; raises InputRejected when it is not one of ours."""
    try:
        document, binary = _chunks(data)
        return _decode(document, binary)
    except (KeyError, IndexError, ValueError, TypeError, RuntimeError, struct.error) as exc:
        raise InputRejected(f"not a readable GLB: {exc}") from exc


def _chunks(data: bytes) -> tuple[dict[str, Any], bytes]:
    magic, version, size = struct.unpack_from("<4sII", data, 0)
    if magic != b"glTF" or version != 2 or size != len(data):
        raise ValueError("wrong header or length")
    length, kind = struct.unpack_from("<I4s", data, 12)
    if kind != b"JSON":
        raise ValueError("the first chunk is not JSON")
    document: dict[str, Any] = json.loads(data[20 : 20 + length])
    start = 20 + length
    length, kind = struct.unpack_from("<I4s", data, start)
    if kind != b"BIN\0" or start % 8 or start + 8 + length != len(data):
        raise ValueError("the binary chunk is not where it should be")
    return document, data[start + 8 :]


def _decode(document: dict[str, Any], binary: bytes) -> DecodedTile:
    columns = _columns(document, binary)
    if "EXT_mesh_gpu_instancing" in document["extensionsUsed"]:
        return _decode_copies(document, binary, columns)
    nodes = document["nodes"]
    steps = [float(node["scale"][0]) for node in nodes]
    meshes = [_mesh(document, binary, node, step) for node, step in zip(nodes, steps, strict=True)]
    return DecodedTile(meshes[0] if len(meshes) == 1 else _joined(meshes), columns, max(steps))


def _decode_copies(
    document: dict[str, Any], binary: bytes, columns: Mapping[str, tuple[Value, ...]]
) -> DecodedTile:
    groups, meshes = [], []
    for node in document["nodes"]:
        named = node["extensions"]["EXT_mesh_gpu_instancing"]["attributes"]
        values = {name: _accessor(document, binary, n) for name, n in named.items()}
        told = node["extensions"]["EXT_instance_features"]["featureIds"][0]
        group = DecodedCopies(
            _z_up(values["TRANSLATION"] + np.array(node["translation"])),
            values["SCALE"][:, (0, 2, 1)],
            values[f"_FEATURE_ID_{told['attribute']}"][:, 0].astype(np.uint32),
        )
        if told["featureCount"] != len(group.features):
            raise ValueError("a node names another number of features than it has copies")
        groups.append(group)
        mesh = _mesh(document, binary, {**node, "translation": [0.0, 0.0, 0.0]}, 1.0)
        meshes.append(_copied(mesh, group))
    return DecodedTile(_joined(meshes), columns, 0.0, tuple(groups))


def _copied(mesh: Mesh, group: DecodedCopies) -> Mesh:
    """The mesh of all copies, as a viewer draws them: normals by the inverse of the scale."""
    count, corners = len(group.places), len(mesh.positions)
    assert mesh.normals is not None  # noqa: S101 - the writer refuses copies without
    positions = mesh.positions[None] * group.scales[:, None] + group.places[:, None]
    normals = mesh.normals[None] / group.scales[:, None]
    normals /= np.sqrt((normals**2).sum(2))[:, :, None]
    starts = np.arange(count, dtype=np.uint32)[:, None] * np.uint32(corners)
    return Mesh(
        positions=positions.reshape(-1, 3),
        colours=np.tile(mesh.colours, (count, 1)),
        indices=(mesh.indices[None] + starts).ravel(),
        normals=normals.reshape(-1, 3),
        features=np.repeat(group.features, corners),
    )


def _joined(meshes: list[Mesh]) -> Mesh:
    starts = np.cumsum([0, *(len(mesh.positions) for mesh in meshes)])
    return Mesh(
        positions=np.concatenate([mesh.positions for mesh in meshes]),
        colours=np.concatenate([mesh.colours for mesh in meshes]),
        indices=np.concatenate(
            [mesh.indices + np.uint32(n) for mesh, n in zip(meshes, starts, strict=False)]
        ),
        normals=_stacked([mesh.normals for mesh in meshes]),
        features=_stacked([mesh.features for mesh in meshes]),
        lines=meshes[0].lines,
        unlit=meshes[0].unlit,
    )


def _stacked(parts: list[NDArray[Any] | None]) -> NDArray[Any] | None:
    """All parts in one array, or None when none of them is there."""
    there = [part for part in parts if part is not None]
    return np.concatenate(there) if there else None


def _z_up(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    turned: NDArray[np.float64] = vectors[:, (0, 2, 1)] * (1.0, -1.0, 1.0)
    return turned


def _mesh(document: dict[str, Any], binary: bytes, node: dict[str, Any], step: float) -> Mesh:
    primitive = document["meshes"][node["mesh"]]["primitives"][0]
    accessors = {name: _accessor(document, binary, n) for name, n in primitive["attributes"].items()}
    upright = accessors["POSITION"] * step + np.array(node["translation"])
    normals = accessors.get("NORMAL")
    features = accessors.get("_FEATURE_ID_0")
    indices = (
        _accessor(document, binary, primitive["indices"])[:, 0].astype(np.uint32)
        if "indices" in primitive
        else np.arange(len(upright), dtype=np.uint32)
    )
    return Mesh(
        positions=_z_up(upright),
        colours=accessors["COLOR_0"][:, :3],
        indices=indices,
        normals=None if normals is None else _z_up(normals),
        features=None if features is None else features[:, 0].astype(np.uint32),
        lines=primitive["mode"] == 1,
        unlit="KHR_materials_unlit" in document["materials"][0].get("extensions", {}),
    )


def _view(document: dict[str, Any], binary: bytes, number: int) -> bytes:
    view = document["bufferViews"][number]
    packed = view.get("extensions", {}).get("EXT_meshopt_compression")
    if packed is None:
        return binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
    source = binary[packed["byteOffset"] : packed["byteOffset"] + packed["byteLength"]]
    count, stride = packed["count"], packed["byteStride"]
    if packed["mode"] == "ATTRIBUTES":
        rows = meshoptimizer.decode_vertex_buffer(count, stride, source, dtype=np.dtype(f"V{stride}"))
        return bytes(rows.tobytes())
    triangles = packed["mode"] == "TRIANGLES"
    decode = meshoptimizer.decode_index_buffer if triangles else meshoptimizer.decode_index_sequence
    # The unpacker writes 32-bit numbers when asked for four bytes; the view says how wide they are in use.
    return bytes(decode(count, 4, source).astype(f"<u{stride}").tobytes())


def _accessor(document: dict[str, Any], binary: bytes, number: int) -> NDArray[np.float64]:
    """The values (count, components) as float64, normalised ones as fractions."""
    accessor = document["accessors"][number]
    dtype = np.dtype(_DTYPES[accessor["componentType"]])
    count, width = accessor["count"], _WIDTHS[accessor["type"]]
    stride = document["bufferViews"][accessor["bufferView"]].get("byteStride", dtype.itemsize * width)
    raw = np.frombuffer(_view(document, binary, accessor["bufferView"]), np.uint8).reshape(count, stride)
    values = np.ascontiguousarray(raw[:, : dtype.itemsize * width]).view(dtype)
    if "min" in accessor and (values.min(0).tolist(), values.max(0).tolist()) != (
        accessor["min"],
        accessor["max"],
    ):
        raise ValueError("minimum and maximum are not those of the positions")
    scale = np.iinfo(dtype).max if accessor.get("normalized") else 1
    return values.astype(np.float64) / scale


def _columns(document: dict[str, Any], binary: bytes) -> dict[str, tuple[Value, ...]]:
    metadata = document.get("extensions", {}).get("EXT_structural_metadata")
    if metadata is None:
        return {}
    table = metadata["propertyTables"][0]
    properties = metadata["schema"]["classes"][table["class"]]["properties"]
    columns: dict[str, tuple[Value, ...]] = {}
    for name, column in table["properties"].items():
        values, described = _view(document, binary, column["values"]), properties[name]
        if described["type"] == "STRING":
            offsets = np.frombuffer(_view(document, binary, column["stringOffsets"]), "<u4").tolist()
            texts = [values[a:b].decode() for a, b in pairwise(offsets)]
            columns[name] = tuple(t or None for t in texts)
        else:
            numbers = np.frombuffer(values, _SCALARS[described["componentType"]]).tolist()
            columns[name] = tuple(None if n == described["noData"] else n for n in numbers)
        if len(columns[name]) != table["count"]:
            raise ValueError(f"column {name} has {len(columns[name])} rows instead of {table['count']}")
    return columns
