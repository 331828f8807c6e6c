"""The drawn ground as quantized-mesh terrain, for other viewers than our own.

Tiles follow the geographic TMS scheme of EPSG:4326 that Cesium expects: two at level 0, rows from the
south, heights above the ellipsoid (quantized-mesh 1.0, Cesium GS). Every tile is a regular grid whose
corners lie at fixed fractions of it, and a height depends on its place alone, so tiles that meet have
the same heights along their edge but for the rounding of each. Outside the box the ground
continues flat at the height of its edge: a viewer needs the whole globe at the lowest level.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tweestad import crs
from tweestad.errors import TweestadError
from tweestad.ground.height import GroundHeight
from tweestad.jobs.records import Records
from tweestad.model.feature import BBox
from tweestad.tiles.folder import TileFolder

Floats = NDArray[np.float64]

TERRAIN_ID: Final = "terrain"
LAYER_FILE: Final = "layer.json"
GRID: Final = 33
"""Corners along an edge: at level 16 these are 5 to 9 m apart, at 15 10 to 18 m."""

DEEPEST: Final = 16
_TILES_MAX: Final = 600
_STEPS: Final = 32767


@dataclass(frozen=True, slots=True, order=True)
class TileName:
    """A tile of the scheme: level, column from the antimeridian, row from the south pole."""

    level: int
    column: int
    row: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        size = 180.0 / (1 << self.level)
        west, south = self.column * size - 180.0, self.row * size - 90.0
        return west, south, west + size, south + size


@dataclass(frozen=True, slots=True)
class TerrainFiles:
    """A whole terrain: its description and its tiles in order of name."""

    layer: dict[str, Any]
    names: tuple[TileName, ...]

    def layer_json(self, tiles: str) -> dict[str, Any]:
        """The layer.json of a terrain whose tiles are in the folder `tiles`, as seen from it."""
        return {**self.layer, "tiles": [f"{tiles}/{{z}}/{{x}}/{{y}}.terrain"]}


def plan_terrain(box: BBox, attribution: str) -> TerrainFiles:
    """Which tiles a terrain over this box (EPSG:28992) has, and its layer.json.

    Levels go on until DEEPEST or until a level would have more than 600 tiles. Where the tiles are is not in
    it yet.
    """
    west, south, east, north = _degrees(box)
    available, names = [], []
    for level in range(DEEPEST + 1):
        size = 180.0 / (1 << level)
        low = (int((west + 180) // size), int((south + 90) // size))
        high = (int((east + 180) // size), int((north + 90) // size))
        if level == 0:
            low, high = (0, 0), (1, 0)
        if (high[0] - low[0] + 1) * (high[1] - low[1] + 1) > _TILES_MAX:
            break
        available.append([{"startX": low[0], "startY": low[1], "endX": high[0], "endY": high[1]}])
        names += [
            TileName(level, column, row)
            for column in range(low[0], high[0] + 1)
            for row in range(low[1], high[1] + 1)
        ]
    layer = {
        "tilejson": "2.1.0",
        "name": TERRAIN_ID,
        "version": "1.0.0",
        "format": "quantized-mesh-1.0",
        "attribution": attribution,
        "schema": "tms",
        "projection": "EPSG:4326",
        "minzoom": 0,
        "maxzoom": len(available) - 1,
        "bounds": [-180, -90, 180, 90],
        "available": available,
    }
    return TerrainFiles(json.loads(json.dumps(layer)), tuple(names))


def terrain_tiles(
    height: GroundHeight, box: BBox, names: tuple[TileName, ...]
) -> Iterator[tuple[TileName, bytes]]:
    """The bytes of each tile; raises TweestadError without the extra `terrain`."""
    if find_spec("quantized_mesh_encoder") is None:
        raise TweestadError("terrain for other viewers needs the extra `terrain`")
    limits = _degrees(box)
    for name in names:
        yield name, _tile(height, box, limits, name)


def remembered_tiles(
    height: GroundHeight, box: BBox, planned: TerrainFiles, out: TileFolder, records: Records
) -> str:
    """The name of the content (`c/{sha16}`) with all tiles: the same as long as the ground is.

    They are made only when they are not there yet or the heights have changed. Raises TweestadError without
    the extra `terrain`.
    """
    corners = (box.min_x, box.min_y, box.max_x, box.max_y)
    key = records.key((repr(("quantized mesh", corners)).encode(), *height.within(*corners).facts()))
    found = records.find(key)
    if isinstance(found, str) and (out.root / found).is_dir():
        return found
    tiles = terrain_tiles(height, box, planned.names)
    made = out.put_together((f"{name.level}/{name.column}/{name.row}.terrain", data) for name, data in tiles)
    records.put(key, made)
    return made


def heights_at(
    height: GroundHeight, box: BBox, limits: tuple[float, float, float, float], lonlat: Floats
) -> Floats:
    """Ellipsoidal heights in metres at (n, 2) degrees; outside the box those of the nearest place in it.

    `limits` are the box in degrees; a place is first drawn to these, as RD does not reach round the globe.
    """
    west, south, east, north = limits
    near = np.clip(lonlat, [west, south], [east, north])
    xy = np.clip(crs.from_lonlat(near), [box.min_x, box.min_y], [box.max_x, box.max_y])
    return crs.to_geodetic(np.column_stack([xy, height.at(xy)]))[:, 2]


def _degrees(box: BBox) -> tuple[float, float, float, float]:
    """West, south, east and north of a box in EPSG:28992, by its corners."""
    corners = np.array([[x, y] for x in (box.min_x, box.max_x) for y in (box.min_y, box.max_y)])
    lonlat = crs.to_lonlat(corners)
    west, south = lonlat.min(axis=0).tolist()
    east, north = lonlat.max(axis=0).tolist()
    return west, south, east, north


def _tile(
    height: GroundHeight, box: BBox, limits: tuple[float, float, float, float], name: TileName
) -> bytes:
    from quantized_mesh_encoder.encode import (  # noqa: PLC0415 - an optional part
        compute_header,
        encode_header,
        write_edge_indices,
        write_indices,
        write_vertices,
    )

    west, south, east, north = name.bounds
    share = np.arange(GRID) / (GRID - 1)
    u, v = (each.ravel() for each in np.meshgrid(share, share))
    lonlat = np.column_stack([west + u * (east - west), south + v * (north - south)])
    h = heights_at(height, box, limits, lonlat)
    # A millimetre up or down does not show; without it a flat tile would divide by nothing.
    low, high = float(np.float32(h.min() - 0.001)), float(np.float32(h.max() + 0.001))
    header = compute_header(np.column_stack([lonlat, h]), "bounding_box")
    header["minimumHeight"], header["maximumHeight"] = low, high
    steps = [u * _STEPS, v * _STEPS, (h - low) / (high - low) * _STEPS]
    grid = np.rint(np.column_stack(steps)).clip(0, _STEPS).astype(np.int16)
    # The format wants corners in the order in which triangles first name them.
    order, indices = _in_order(_faces())
    packed = io.BytesIO()
    encode_header(packed, header)
    write_vertices(packed, grid[order], len(order))
    write_indices(packed, indices, len(order))
    write_edge_indices(packed, grid[order], len(order))
    return packed.getvalue()


def _faces() -> NDArray[np.uint32]:
    """The triangles (n, 3) of the grid, counter-clockwise from above."""
    column, row = (each.ravel() for each in np.meshgrid(np.arange(GRID - 1), np.arange(GRID - 1)))
    corner = row * GRID + column
    below = np.column_stack([corner, corner + 1, corner + GRID + 1])
    above = np.column_stack([corner, corner + GRID + 1, corner + GRID])
    return np.stack([below, above], axis=1).reshape(-1, 3).astype(np.uint32)


def _in_order(faces: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """The corners in order of first use, and the triangles by their new numbers."""
    used, first = np.unique(faces.ravel(), return_index=True)
    order = used[np.argsort(first)].astype(np.int64)
    number = np.empty(len(order), dtype=np.uint32)
    number[order] = np.arange(len(order), dtype=np.uint32)
    return order, number[faces]
