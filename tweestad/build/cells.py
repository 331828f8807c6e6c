"""The solids of a layer, kept as one CityJSONSeq blob per square kilometre of the RD grid."""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.files import write_atomically
from tweestad.formats.cityjson.reading import read_city_bytes
from tweestad.model.layer import Rejected
from tweestad.store.blobs import BlobFolder
from tweestad.store.protocol import Cell
from tweestad.tiles.spool import Spool, Square, middle_of


@dataclass(frozen=True, slots=True, eq=False)
class CellIndex:
    """Which features have a solid in a blob, and the middle of the box of each, (n, 2) EPSG:28992."""

    keys: tuple[str, ...]
    middles: NDArray[np.float64]


class SolidCells:
    """Blobs of solids, with beside them, in `indexes`, what each holds: asked for at every drawing.

    An index follows from its blob, so one that is lost or damaged is made again.
    """

    def __init__(self, blobs: BlobFolder, indexes: Path) -> None:
        self._blobs = blobs
        self._indexes = indexes

    def put(self, layer: str, solids: Spool, keys: Container[str]) -> list[Cell]:
        """Keep the solids with these keys and say which blob holds which square, in order of square."""
        cells = []
        for spooled in solids.cells(keys):
            sha = self._blobs.put(spooled.data)
            self._put_index(sha, CellIndex(spooled.keys, spooled.middles))
            cells.append(Cell(layer, square_name(spooled.square), sha))
        return cells

    def path(self, cell: Cell) -> Path:
        """The file of the blob; raises NotFound when there is none."""
        return self._blobs.path(cell.blob_sha)

    def index(self, cell: Cell) -> CellIndex:
        """What the blob of a cell holds; raises InputRejected when that is not what was put in."""
        try:
            body = json.loads(self._index_path(cell.blob_sha).read_bytes())
            middles = np.array(body["middles"], dtype=np.float64).reshape(-1, 2)
            found = CellIndex(tuple(body["keys"]), middles)
            if len(found.keys) == len(middles):
                return found
        except (OSError, ValueError, KeyError, TypeError):
            pass  # made again below
        made = self._index_of(cell)
        self._put_index(cell.blob_sha, made)
        return made

    def forget_others(self, keep: Container[str]) -> None:
        """Remove the indexes of all blobs but these, by sha256."""
        for path in self._indexes.glob("*.json") if self._indexes.is_dir() else ():
            if path.stem not in keep:
                path.unlink(missing_ok=True)

    def _index_of(self, cell: Cell) -> CellIndex:
        solids = []
        name = f"{cell.layer}/{cell.rd_cell}.city.jsonl"
        for found in read_city_bytes(self._blobs.get(cell.blob_sha), name):
            if isinstance(found, Rejected):
                raise InputRejected(f"{found.object_id}: {found.reason}", where=found.file)
            solids.append((found.key, middle_of(found)))
        return CellIndex(
            tuple(key for key, _ in solids), np.array([middle for _, middle in solids]).reshape(-1, 2)
        )

    def _put_index(self, sha: str, index: CellIndex) -> None:
        path = self._index_path(sha)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            body = {"keys": index.keys, "middles": index.middles.tolist()}
            write_atomically(path, json.dumps(body, ensure_ascii=False).encode())

    def _index_path(self, sha: str) -> Path:
        return self._indexes / f"{sha}.json"


def square_name(square: Square) -> str:
    """The name of a square kilometre, such as `122-486`."""
    return f"{square[0]}-{square[1]}"


def square_of(cell: Cell) -> Square:
    """The square that a cell is named after; the row of an RD square is never negative."""
    column, row = cell.rd_cell.rsplit("-", 1)
    return int(column), int(row)
