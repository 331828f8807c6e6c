"""A few hundred objects at once: from vertex numbers to shapes and footprints, with numpy and shapely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely

from tweestad.crs import RD, inside_rd
from tweestad.formats.cityjson.choice import COVERS, Passed
from tweestad.formats.cityjson.footprint import footprints
from tweestad.formats.cityjson.loose import Loose
from tweestad.formats.cityjson.rings import Floats, Numbers, RingSet, collect_rings
from tweestad.formats.cityjson.tree import Entry, Piece
from tweestad.formats.crs_doubt import crs_doubts
from tweestad.model.city_object import CityObject, Shape
from tweestad.model.layer import Rejected

LOWEST_M = -1_000.0
HIGHEST_M = 10_000.0
FULL_ENTRIES = 500
FULL_POINTS = 200_000


@dataclass(slots=True)
class Batch:
    """Collects pieces and rejections of one file and gives them back finished, in the same order."""

    file: str
    entries: list[Entry] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    weight: int = 0

    def add(self, entry: Entry, offset: int) -> None:
        """Take one entry; `offset` is added to its vertex numbers."""
        self.entries.append(entry)
        if isinstance(entry, Piece):
            self.offsets.append(offset)
            self.weight += sum(flat.vertices.size for flat in entry.solid + entry.plan)

    def is_full(self) -> bool:
        """Tell whether this is enough work for one go; more would only take more memory."""
        return len(self.entries) >= FULL_ENTRIES or self.weight >= FULL_POINTS

    def finish(self, vertices: Floats) -> Iterator[CityObject | Rejected | Passed]:
        """Give the objects of this batch; `vertices`: (n, 3) EPSG:7415, rounded to mm."""
        pieces = [entry for entry in self.entries if isinstance(entry, Piece)]
        made = iter(_objects(pieces, self.offsets, vertices, self.file))
        for entry in self.entries:
            yield next(made) if isinstance(entry, Piece) else entry


def _objects(
    pieces: list[Piece], offsets: list[int], vertices: Floats, file: str
) -> list[CityObject | Rejected]:
    if not pieces:
        return []
    solids = collect_rings([piece.solid for piece in pieces], offsets, vertices)
    plans = collect_rings([piece.plan for piece in pieces], offsets, vertices)
    faults = _misplaced(
        np.fmin(solids.bounds, plans.bounds)[:, :3], np.fmax(solids.bounds, plans.bounds)[:, 3:]
    )
    shapes = _shapes(solids, [piece.lod for piece in pieces], vertices)
    covers = np.array([piece.type in COVERS for piece in pieces], dtype=bool)
    outlines = footprints(solids, plans, covers, skip=faults)
    result: list[CityObject | Rejected] = []
    for number, (piece, shape, outline) in enumerate(zip(pieces, shapes, outlines, strict=True)):
        if piece.loose is not None:
            result.append(_loose_object(piece, piece.loose, offsets[number], vertices, file))
        elif reason := faults.get(number):
            result.append(Rejected(file, piece.key, reason))
        elif shape is None and outline is None:
            result.append(Rejected(file, piece.key, "none of its surfaces has an area"))
        else:
            result.append(CityObject(piece.key, piece.type, piece.attributes, outline, shape, piece.lods))
    return result


def _loose_object(
    piece: Piece, loose: Loose, offset: int, vertices: Floats, file: str
) -> CityObject | Rejected:
    xyz = vertices[loose.vertices + offset]
    if faults := _misplaced(xyz.min(axis=0)[None], xyz.max(axis=0)[None]):
        return Rejected(file, piece.key, faults[0])
    wkb = bytes(shapely.to_wkb(loose.geometry(xyz), output_dimension=2, byte_order=1))
    return CityObject(piece.key, piece.type, piece.attributes, None, None, piece.lods, wkb)


def _misplaced(low: Floats, high: Floats) -> dict[int, str]:
    """Name the objects that do not lie in the Netherlands, by their number."""
    placed = inside_rd(low) & inside_rd(high)
    upright = (low[:, 2] >= LOWEST_M) & (high[:, 2] <= HIGHEST_M)
    doubts = crs_doubts(np.column_stack((low[:, :2], high[:, :2])), RD) if not placed.all() else {}
    faults: dict[int, str] = {}
    for number in np.flatnonzero(~(placed & upright)).tolist():
        x, y, z = low[number] if not placed[number] or low[number, 2] < LOWEST_M else high[number]
        if placed[number]:
            faults[number] = f"a height of {z:g} m is not a NAP height"
        else:
            told = f"coordinates ({x:.12g}, {y:.12g}) are outside the Dutch RD grid: is this another CRS?"
            faults[number] = f"{told} ({doubts[number]})" if number in doubts else told
    return faults


def _shapes(rings: RingSet, lods: list[str], vertices: Floats) -> list[Shape | None]:
    ring_bounds = rings.surface_starts[rings.object_starts]
    point_bounds = rings.ring_starts[ring_bounds]
    used, vertex_bounds, numbers = _compacted(rings.points, point_bounds)
    xyz = vertices[used]
    shapes: list[Shape | None] = []
    s, r, p, v = (a.tolist() for a in (rings.object_starts, ring_bounds, point_bounds, vertex_bounds))
    numbers32 = numbers.astype(np.int32)
    ring_starts, surface_starts = rings.ring_starts.astype(np.int32), rings.surface_starts.astype(np.int32)
    for i, lod in enumerate(lods):
        if s[i] == s[i + 1]:
            shapes.append(None)
            continue
        shapes.append(
            Shape(
                lod=lod,
                vertices=xyz[v[i] : v[i + 1]],
                ring_vertices=numbers32[p[i] : p[i + 1]],
                ring_starts=ring_starts[r[i] : r[i + 1] + 1] - np.int32(p[i]),
                surface_starts=surface_starts[s[i] : s[i + 1] + 1] - np.int32(r[i]),
                kinds=rings.kinds[s[i] : s[i + 1]],
            )
        )
    return shapes


def _compacted(points: Numbers, point_bounds: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Number the vertices anew per object, in rising order of their old numbers.

    Returns the old number of each vertex kept, where each object's vertices start, and for each point
    its new number within its object.
    """
    owners = np.repeat(np.arange(point_bounds.size - 1), np.diff(point_bounds))
    width = int(points.max(initial=0)) + 1
    keys, ranks = np.unique(owners * width + points, return_inverse=True)
    bounds = np.searchsorted(keys, np.arange(point_bounds.size) * width)
    return keys % width, bounds, ranks - bounds[owners]
