"""The solids of a layer, kept as one CityJSONSeq blob per square kilometre of the RD grid."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import shapely

from tweestad.errors import InputRejected
from tweestad.formats.cityjson import read_city_bytes, write_seq
from tweestad.model.city_object import CityObject
from tweestad.model.layer import Rejected
from tweestad.store.blobs import BlobFolder
from tweestad.store.protocol import Cell

CELL_M = 1000.0


def put_cells(layer: str, solids: Sequence[CityObject], blobs: BlobFolder) -> list[Cell]:
    """Keep the solids (in order of key) and say which blob holds which square, in order of square."""
    squares: defaultdict[str, list[CityObject]] = defaultdict(list)
    for solid in solids:
        squares[rd_cell(solid)].append(solid)
    return [Cell(layer, name, blobs.put(write_seq(squares[name]))) for name in sorted(squares)]


def solids_in(cells: Sequence[Cell], blobs: BlobFolder) -> Iterator[CityObject]:
    """All solids of these cells; raises InputRejected when a blob does not hold what was put in."""
    for cell in cells:
        for found in read_city_bytes(blobs.get(cell.blob_sha), f"{cell.layer}/{cell.rd_cell}.city.jsonl"):
            if isinstance(found, Rejected):
                raise InputRejected(f"{found.object_id}: {found.reason}", where=found.file)
            yield found


def rd_cell(solid: CityObject) -> str:
    """The square kilometre that the middle of an object lies in, such as `122-486`."""
    if solid.footprint is not None:
        middle = shapely.centroid(shapely.from_wkb(solid.footprint))
        x, y = float(middle.x), float(middle.y)
    elif solid.shape is not None and len(solid.shape.vertices):
        x, y = (float(v) for v in solid.shape.vertices[:, :2].mean(axis=0))
    else:
        raise InputRejected("an object without a shape lies nowhere", where=solid.key)
    return f"{math.floor(x / CELL_M)}-{math.floor(y / CELL_M)}"
