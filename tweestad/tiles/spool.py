"""City objects laid down on disk by square kilometre while a file is read, so that none stays in memory."""

from __future__ import annotations

import math
import shutil
from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.errors import InputRejected
from tweestad.formats.cityjson.reading import read_city_bytes
from tweestad.formats.cityjson.writing import seq_header, seq_line
from tweestad.model.city_object import CityObject
from tweestad.model.layer import Rejected
from tweestad.tiles.box import extent
from tweestad.tiles.extrude import outlines

CELL_M = 1000.0
BUFFER_BYTES = 16_000_000

Square = tuple[int, int]
"""Column and row of a square kilometre of the RD grid."""


@dataclass(frozen=True, slots=True, eq=False)
class SpooledCell:
    """The objects of one square kilometre in order of key: a CityJSONSeq, and what it holds.

    `middles`: (n, 2) EPSG:28992, the middle of the box of each object, which decides its square.
    """

    square: Square
    data: bytes
    keys: tuple[str, ...]
    middles: NDArray[np.float64]


@dataclass(slots=True)
class _Waiting:
    keys: list[str] = field(default_factory=list)
    middles: list[tuple[float, float]] = field(default_factory=list)
    lines: bytearray = field(default_factory=bytearray)


class Spool:
    """Takes objects in any order, each under a key of its own, and gives them back by square kilometre.

    Lines wait in memory up to 16 MB and then go to a file per square in `folder`, which is made when it
    is needed and removed by `remove`; without a folder all stay in memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._squares: defaultdict[Square, _Waiting] = defaultdict(_Waiting)
        self._buffered = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, solid: CityObject) -> None:
        """Take one object; raises InputRejected for one that lies nowhere."""
        self.add_line(solid.key, middle_of(solid), seq_line(solid))

    def add_line(self, key: str, middle: tuple[float, float], line: bytes) -> None:
        """Take one object as its line in a CityJSONSeq, with what `middle_of` says of it."""
        waiting = self._squares[math.floor(middle[0] / CELL_M), math.floor(middle[1] / CELL_M)]
        # Joined at once: the bytes that come from the writer hold four times the room they need.
        waiting.keys.append(key)
        waiting.middles.append(middle)
        waiting.lines += line + b"\n"
        self._count += 1
        self._buffered += len(line) + 1
        if self._folder is not None and self._buffered > BUFFER_BYTES:
            self._put_down(self._folder)

    def counts(self) -> dict[Square, int]:
        """How many objects there are in each square."""
        return {square: len(waiting.keys) for square, waiting in self._squares.items()}

    def cells(self, keep: Container[str] | None = None) -> Iterator[SpooledCell]:
        """The squares in order, one at a time, with all objects or those of the keys to keep."""
        for square in sorted(self._squares):
            waiting = self._squares[square]
            lines = [*self._lying(square), *bytes(waiting.lines).splitlines()]
            keys = waiting.keys
            kept = [n for n, key in enumerate(keys) if keep is None or key in keep]
            order = sorted(kept, key=keys.__getitem__)
            if order:
                yield SpooledCell(
                    square,
                    b"\n".join((seq_header(), *(lines[n] for n in order), b"")),
                    tuple(keys[n] for n in order),
                    np.array([waiting.middles[n] for n in order]),
                )

    def __iter__(self) -> Iterator[CityObject]:
        for cell in self.cells():
            for found in read_city_bytes(cell.data, "spool"):
                if not isinstance(found, Rejected):
                    yield found

    def remove(self) -> None:
        """Let go of everything."""
        self._squares.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _put_down(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for square, waiting in self._squares.items():
            if waiting.lines:
                with self._file(folder, square).open("ab") as file:
                    file.write(waiting.lines)
                waiting.lines.clear()
        self._buffered = 0

    def _lying(self, square: Square) -> list[bytes]:
        if self._folder is None:
            return []
        path = self._file(self._folder, square)
        return path.read_bytes().splitlines() if path.is_file() else []

    @staticmethod
    def _file(folder: Path, square: Square) -> Path:
        return folder / f"{square[0]}-{square[1]}.lines"


def middle_of(solid: CityObject) -> tuple[float, float]:
    """The middle of the box of an object, EPSG:28992; of its footprint when it has no shape."""
    if solid.shape is not None and len(solid.shape.vertices):
        lower, upper = extent(solid.shape.vertices)
        return float(lower[0] + upper[0]) / 2, float(lower[1] + upper[1]) / 2
    parts = [] if solid.footprint is None else outlines(solid.footprint)
    if not parts:
        raise InputRejected("an object without a shape lies nowhere", where=solid.key)
    west, south, east, north = shapely.total_bounds(np.array(parts, dtype=object)).tolist()
    return (west + east) / 2, (south + north) / 2
