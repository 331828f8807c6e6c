"""Reads heights back from the terrain tiles of a build: the ground that everybody sees drawn.

Only what `quantized` wrote is read: a regular grid of corners, at the deepest level that there is.
Between corners a height lies on the triangle of the tile, as a viewer draws it.
"""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import TweestadError
from tweestad.ground.quantized import GRID, LAYER_FILE, TERRAIN_ID, TileName

Floats = NDArray[np.float64]

# As `scene/manifest.py` has it; importing that would load the drawing of tiles.
_SCENE_FILE: Final = "scene.json"
_PLACE: Final = re.compile(r"\.\./c/([0-9a-f]{16})/\{z\}/\{x\}/\{y\}\.terrain")
_HEADER_BYTES: Final = 88
_STEPS: Final = 32767
_TILE_BYTES_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class DrawnTerrain:
    """Terrain tiles: the layer that was measured, the folder of its levels, and the deepest of them."""

    layer: str
    folder: Path
    level: int

    def heights(self, lonlat: Floats) -> Floats:
        """Ellipsoidal heights in metres at (n, 2) degrees, EPSG:4326 with lon first; NaN where no tile is.

        Raises TweestadError when a tile is not one of ours.
        """
        size = 180.0 / (1 << self.level)
        place = (lonlat - np.array([-180.0, -90.0])) / size
        tile = np.floor(place).astype(np.int64)
        result = np.full(len(lonlat), np.nan)
        for column, row in np.unique(tile, axis=0).tolist():
            grid = self._find(TileName(self.level, column, row))
            if grid is None:
                continue
            here = (tile == [column, row]).all(axis=1)
            result[here] = _on_triangles(grid, place[here] - [column, row])
        return result

    def _find(self, name: TileName) -> Floats | None:
        """Heights (row north, column east) at the corners of the grid of one tile."""
        path = self.folder / str(name.level) / str(name.column) / f"{name.row}.terrain"
        try:
            with path.open("rb") as file:
                data = file.read(_TILE_BYTES_MAX)
        except FileNotFoundError:
            return None
        return decode_grid(data)


def find_terrain(tiles: Path) -> DrawnTerrain | None:
    """The terrain that the scene in this public folder names, or None when there is none that can be read."""
    try:
        scene: Any = json.loads((tiles / _SCENE_FILE).read_text(encoding="utf-8"))
        described: Any = json.loads((tiles / TERRAIN_ID / LAYER_FILE).read_text(encoding="utf-8"))
        place = _PLACE.fullmatch(str(described["tiles"][0]))
        layer, level = str(scene["terrain"]["layer"]), int(described["maxzoom"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None
    return DrawnTerrain(layer, tiles / "c" / place[1], level) if place else None


def decode_grid(data: bytes) -> Floats:
    """The heights (GRID, GRID) of a tile, rows from the south; raises TweestadError for any other tile."""
    count = GRID * GRID
    if len(data) < _HEADER_BYTES + 4 + 6 * count:
        raise TweestadError("a terrain tile is cut short")
    low, high = struct.unpack_from("<2f", data, 24)
    (corners,) = struct.unpack_from("<I", data, _HEADER_BYTES)
    if corners != count:
        raise TweestadError("a terrain tile is not a grid of ours")
    packed = np.frombuffer(data, "<u2", 3 * count, _HEADER_BYTES + 4).reshape(3, count).astype(np.int64)
    # Zigzag and differences, as quantized-mesh 1.0 packs them.
    u, v, h = np.cumsum((packed >> 1) ^ -(packed & 1), axis=1)
    grid = np.full((GRID, GRID), np.nan)
    column, row = (np.rint(each * (GRID - 1) / _STEPS).astype(np.int64) for each in (u, v))
    if min(column.min(), row.min()) < 0 or max(column.max(), row.max()) >= GRID:
        raise TweestadError("a terrain tile is not a grid of ours")
    grid[row, column] = low + h / _STEPS * (high - low)
    return grid


def _on_triangles(grid: Floats, share: Floats) -> Floats:
    """Heights at shares (n, 2) of a tile from its south-west; squares are cut to the north-east."""
    place = np.clip(share, 0.0, 1.0) * (GRID - 1)
    cell = np.minimum(np.floor(place).astype(np.int64), GRID - 2)
    x, y = (place - cell).T
    column, row = cell.T
    here, there = grid[row, column], grid[row + 1, column + 1]
    below = here + x * (grid[row, column + 1] - here) + y * (there - grid[row, column + 1])
    above = here + y * (grid[row + 1, column] - here) + x * (there - grid[row + 1, column])
    return np.asarray(np.where(x >= y, below, above))
