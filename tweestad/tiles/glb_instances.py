"""Many copies of a few meshes as one GLB: EXT_mesh_gpu_instancing with a feature for each copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.tiles.box import Box
from tweestad.tiles.colour import colour_bytes
from tweestad.tiles.glb import Glb, Mesh, y_up
from tweestad.tiles.gltf_document import BYTE, FLOAT, UBYTE, Document, Field
from tweestad.tiles.metadata import PropertyTable

PLACE_STEP_M: Final = 2.0**-8
"""Places lie on a grid of 4 mm, which packs better than all digits of a float."""
_SIZE_STEP: Final = 2.0**-7
_NORMAL = Field(0, 4, BYTE, "VEC3", normalized=True)
_COLOUR = Field(0, 4, UBYTE, "VEC4", normalized=True)
_POSITION = Field(0, 12, FLOAT, "VEC3", bounded=True)


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """Copies of one mesh, parallel arrays.

    `places`: (n, 3) east-north-up metres, where the mesh's own origin goes. `scales`: (n, 3) along east,
    north and up. `features`: (n,) row of the property table of each copy.
    """

    mesh: Mesh
    places: NDArray[np.float64]
    scales: NDArray[np.float64]
    features: NDArray[np.uint32]


def write_instances(groups: Sequence[Copies], table: PropertyTable, *, compress: bool = True) -> Glb:
    """Write all copies; every row of `table` is one of them.

    Raises InputRejected when there is nothing to draw or a row has no copy, or two.
    """
    if not groups or not all(len(group.places) for group in groups):
        raise InputRejected("there is nothing to draw")
    features = np.concatenate([group.features for group in groups])
    if len(features) != table.count or not np.array_equal(np.sort(features), np.arange(table.count)):
        raise InputRejected("every row of the table needs exactly one copy")
    document = Document(compress=compress)
    every = np.concatenate([group.places for group in groups])
    offset = np.floor(y_up(every).min(0))
    identified = document.add_table(table, "EXT_instance_features")
    document.use("EXT_mesh_gpu_instancing")
    primitives, nodes, written = [], [], []
    for number, group in enumerate(groups):
        primitives.append(_primitive(document, group.mesh))
        places = np.round((y_up(group.places) - offset) / PLACE_STEP_M) * PLACE_STEP_M
        scales = np.maximum(np.round(group.scales[:, (0, 2, 1)] / _SIZE_STEP), 1) * _SIZE_STEP
        nodes.append(_node(document, number, offset, places, scales, group.features, identified))
        written.append(_extent(group.mesh, places + offset, scales))
    # Quantisation is for the normals, which are bytes.
    data = document.finish(primitives, nodes, required=("KHR_mesh_quantization", "EXT_mesh_gpu_instancing"))
    drawn = sum(len(group.mesh.indices) // 3 * len(group.places) for group in groups)
    return Glb(data, Box.around(np.concatenate(written)), triangles=drawn, features=table.count)


def _primitive(document: Document, mesh: Mesh) -> dict[str, Any]:
    """The mesh with positions in floats: a node that scales quantised ones would scale every copy too."""
    if mesh.normals is None:
        raise InputRejected("a mesh of which there are copies needs normals")
    positions = np.ascontiguousarray(y_up(mesh.positions), "<f4").view(np.uint8)
    normals = np.zeros((len(mesh.normals), 4), np.int8)
    normals[:, :3] = np.round(np.clip(y_up(mesh.normals), -1.0, 1.0) * 127.0)
    attributes = {
        "POSITION": document.add_attribute(positions, _POSITION),
        "NORMAL": document.add_attribute(normals.view(np.uint8), _NORMAL),
        "COLOR_0": document.add_attribute(colour_bytes(mesh.colours), _COLOUR),
    }
    indices = document.add_indices(mesh.indices, len(positions), lines=False)
    return {"attributes": attributes, "indices": indices, "material": 0, "mode": 4}


def _node(
    document: Document,
    mesh: int,
    offset: NDArray[np.float64],
    places: NDArray[np.float64],
    scales: NDArray[np.float64],
    features: NDArray[np.uint32],
    identified: dict[str, Any],
) -> dict[str, Any]:
    attributes = {
        "TRANSLATION": document.add_instances(places.astype("<f4"), bounded=True),
        "SCALE": document.add_instances(scales.astype("<f4")),
        "_FEATURE_ID_0": document.add_instances(features[:, None].astype("<f4")),
    }
    told = [{**each, "featureCount": len(features)} for each in identified["featureIds"]]
    return {
        "mesh": mesh,
        "translation": offset.tolist(),
        "extensions": {
            "EXT_mesh_gpu_instancing": {"attributes": attributes},
            "EXT_instance_features": {"featureIds": told},
        },
    }


def _extent(mesh: Mesh, places: NDArray[np.float64], scales: NDArray[np.float64]) -> NDArray[np.float64]:
    """Both corners of the box of each copy, (2 n, 3) east-north-up, from y-up places and scales."""
    upright = y_up(mesh.positions)
    corners = np.concatenate([places + upright.min(0) * scales, places + upright.max(0) * scales])
    turned: NDArray[np.float64] = corners[:, (0, 2, 1)] * (1.0, -1.0, 1.0)
    return turned
