"""The cut ground as tilesets: triangles at street level with contact shade, water lower, quays between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import mapbox_earcut
import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.ground.cutting import Geometries
from tweestad.ground.height import CELL_M, GroundHeight
from tweestad.ground.parts import GROUND_ROLES, GroundParts, GroundRole
from tweestad.ground.quay import QuayWalls, quay_walls
from tweestad.tiles import colour
from tweestad.tiles.frame import Frame
from tweestad.tiles.glb import Mesh, write_meshes
from tweestad.tiles.tileset import Tile, Tileset

Floats = NDArray[np.float64]

PART_CELLS: Final = 2
"""A mesh is 2 by 2 cells (840 m): the widest whose corners fit a grid of 1/64 m in 16 bits."""

TILE_CELLS: Final = 4
"""A tile holds the meshes of 4 by 4 cells (1,680 m): many small files would cost a request each."""

GRID_M: Final = 1 / 64
"""All corners lie on this grid, so that tiles and roles that meet are rounded alike."""

SHADES: Final = (1.0, 0.975, 0.945, 0.905, 0.86)
"""Factor on the colour per ring of contact shade: none, then from the outermost to the wall."""

TILESET_IDS: Final[dict[GroundRole, str]] = {
    "land": "grond-land",
    "street": "grond-straten",
    "path": "grond-paden",
    "park": "grond-parken",
    "water": "grond-water",
}
QUAY_ID: Final = "kades"

_COLOURS: Final[dict[GroundRole, str]] = {
    "land": colour.LAND,
    "street": colour.STREET,
    "path": colour.PATH,
    "park": colour.PARK,
    "water": colour.WATER,
}


@dataclass(frozen=True, slots=True, eq=False)
class GroundTilesets:
    """One tileset per role of the ground, and the quay walls; a city without parks has no park tiles."""

    roles: dict[GroundRole, Tileset]
    quays: Tileset


def ground_tiles(
    parts: GroundParts, height: GroundHeight, frame: Frame, *, water_nap_m: float
) -> GroundTilesets:
    """Triangulate every role at street level, and water at `water_nap_m`, in tiles of 1,680 m."""
    roles = {
        role: Tileset.of(frame, list(_role_tiles(parts, role, height, frame, water_nap_m)))
        for role in GROUND_ROLES
    }
    walls = quay_walls(parts, height, water_nap_m=water_nap_m)
    return GroundTilesets(roles, Tileset.of(frame, list(_quay_tiles(walls, frame))))


def _role_tiles(
    parts: GroundParts, role: GroundRole, height: GroundHeight, frame: Frame, water_nap_m: float
) -> Iterator[Tile]:
    """The tiles of one role, in order of row and column."""
    mine = parts.roles == GROUND_ROLES.index(role)
    cells, shades, polygons = parts.cells[mine], parts.shades[mine], parts.polygons[mine]
    if role != "water":
        polygons, source = _along_facets(polygons, cells, height)
        cells, shades = cells[source], shades[source]
    tint = np.array(colour.linear(_COLOURS[role]))
    for parts_of_tile in _by_tile(cells):
        meshes = []
        for members in parts_of_tile:
            xy, index, indices = triangles(polygons[members])
            if not len(indices):
                continue
            z = np.full(len(xy), water_nap_m) if role == "water" else height.at(xy)
            factor = np.array(SHADES)[shades[members][index]]
            meshes.append(_mesh(frame, np.column_stack([xy, z]), factor[:, None] * tint, indices))
        if meshes:
            yield Tile.leaf(write_meshes(meshes))


def _quay_tiles(walls: QuayWalls, frame: Frame) -> Iterator[Tile]:
    middle = walls.corners[:, :, :2].mean(axis=1)
    for parts_of_tile in _by_tile(np.floor(middle / CELL_M).astype(np.int32)):
        meshes = [_wall_mesh(walls.corners[members], frame) for members in parts_of_tile]
        yield Tile.leaf(write_meshes(meshes))


def _wall_mesh(corners: Floats, frame: Frame) -> Mesh:
    """Walls as quads (n, 4, 3): foot, foot, top, top, counter-clockwise seen from the water."""
    count = len(corners)
    corner = np.array([0, 1, 2, 0, 2, 3], dtype=np.uint32)
    indices = (np.arange(count, dtype=np.uint32)[:, None] * 4 + corner).ravel()
    factor = np.array([colour.FOOT_SHADE, colour.FOOT_SHADE, 1.0, 1.0])
    colours = np.tile(factor, count)[:, None] * np.array(colour.linear(colour.QUAY_TOP))
    # From behind a wall would show as a dark thread along the near shore.
    return _mesh(frame, corners.reshape(-1, 3), colours, indices, one_sided=True)


def _by_tile(cells: NDArray[np.int32]) -> list[list[NDArray[np.int64]]]:
    """The members of each mesh of each tile; tiles, and meshes in a tile, in order of row and column."""
    if not len(cells):
        return []
    parts = cells[:, ::-1] // PART_CELLS
    tiles = parts // (TILE_CELLS // PART_CELLS)
    found: dict[tuple[int, ...], list[NDArray[np.int64]]] = {}
    order = np.lexsort((parts[:, 1], parts[:, 0], tiles[:, 1], tiles[:, 0]))
    starts = np.flatnonzero(np.any(np.diff(parts[order], axis=0) != 0, axis=1)) + 1
    for members in np.split(order, starts):
        found.setdefault(tuple(tiles[members[0]].tolist()), []).append(members)
    return list(found.values())


def _mesh(
    frame: Frame, points: Floats, colours: Floats, indices: NDArray[np.uint32], *, one_sided: bool = False
) -> Mesh:
    positions = np.round(frame.local(points) / GRID_M) * GRID_M
    # Upright normals everywhere: also quay walls, which would be black without light of their own.
    normals = np.tile(np.array([0.0, 0.0, 1.0]), (len(positions), 1))
    return Mesh(positions, colours, indices, normals, one_sided=one_sided)


def _along_facets(
    polygons: Geometries, cells: NDArray[np.int32], height: GroundHeight
) -> tuple[Geometries, NDArray[np.int64]]:
    """Split polygons where the ground bends; returns the pieces and the polygon each came from."""
    pieces, sources = [], []
    _, starts = np.unique(cells[:, ::-1], axis=0, return_index=True)
    for members in np.split(np.arange(len(cells)), np.sort(starts)[1:]):
        if not len(members):
            continue
        column, row = (int(v) for v in cells[members[0]])
        cell = (column * CELL_M, row * CELL_M, (column + 1) * CELL_M, (row + 1) * CELL_M)
        if height.is_level(*cell):
            pieces.append(polygons[members])
            sources.append(members)
            continue
        tree = shapely.STRtree(np.asarray(shapely.polygons(height.facets(*cell))))
        which, facet = tree.query(polygons[members], predicate="intersects")
        order = np.lexsort((facet, which))
        which, facet = which[order], facet[order]
        cut = shapely.intersection(polygons[members][which], tree.geometries[facet])
        flat, index = shapely.get_parts(cut, return_index=True)
        kept = (shapely.get_type_id(flat) == 3) & (shapely.area(flat) > 0)
        pieces.append(flat[kept])
        sources.append(members[which[index[kept]]])
    if not pieces:
        return polygons, np.arange(len(polygons))
    return np.concatenate(pieces), np.concatenate(sources)


def triangles(polygons: Geometries) -> tuple[Floats, NDArray[np.int64], NDArray[np.uint32]]:
    """Ear clipping of many polygons: corners (n, 2), the polygon of each, and indices (3 m,).

    Triangles are counter-clockwise from above.
    """
    polygons = shapely.orient_polygons(polygons)
    rings, owner = shapely.get_rings(polygons, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    # Without the closing corner of each ring.
    kept = np.append(ring[1:] == ring[:-1], False)
    corners, ring = np.ascontiguousarray(corners[kept]), ring[kept]
    of = owner[ring]
    ends = np.cumsum(np.bincount(ring, minlength=len(rings)))
    starts = np.searchsorted(of, np.arange(len(polygons)))
    ring_starts = np.searchsorted(owner, np.arange(len(polygons) + 1))
    found = []
    for number, start in enumerate(starts):
        own = ends[ring_starts[number] : ring_starts[number + 1]]
        ears = mapbox_earcut.triangulate_float64(corners[start : own[-1]], (own - start).astype(np.uint32))
        found.append(ears + np.uint32(start))
    indices = np.concatenate(found) if found else np.zeros(0, np.uint32)
    return corners, of, _upward(corners, indices.astype(np.uint32))


def _upward(corners: Floats, indices: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The same triangles, all counter-clockwise from above."""
    faces = indices.reshape(-1, 3)
    a, b, c = (corners[faces[:, k]] for k in range(3))
    u, v = b - a, c - a
    turned = u[:, 0] * v[:, 1] < u[:, 1] * v[:, 0]
    faces = np.where(turned[:, None], faces[:, ::-1], faces)
    return np.ascontiguousarray(faces.ravel())
