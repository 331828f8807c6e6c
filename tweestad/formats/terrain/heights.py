"""Heights of the ground from clouds and rasters, thinned onto a regular grid while they stream by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tweestad.crs import RD, RD_NAP
from tweestad.errors import InputRejected, LimitExceeded
from tweestad.model.feature import BBox

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CELL_M: Final = 1.75
"""Side of a cell: half the finest step that the drawn ground has, so that a node has cells all round."""

LOWEST_NAP_M: Final = -100.0
HIGHEST_NAP_M: Final = 400.0
"""Dutch ground lies between -7 and 323 m NAP; the rest is a return from a bird or a wrong unit."""

COVER_M: Final = 10.5
"""Side of the squares that tell where there are heights at all."""

_BIN_M: Final = 0.01
_BINS: Final = 1 << 16
_COLUMNS: Final = 1 << 22
_PENDING: Final = 2_000_000
_HELD_MAX: Final = 30_000_000


@dataclass(frozen=True, slots=True, eq=False)
class HeightSamples:
    """One height per grid cell: `xy` (n, 2) cell middles in EPSG:28992, `z_nap` (n,) metres NAP.

    Cells are squares of CELL_M at multiples of it, in order of row and column, each at most once.
    """

    xy: Floats
    z_nap: Floats


@dataclass(frozen=True, slots=True)
class HeightCounts:
    """What became of the points of one file: `read` = `used` + the sum of `left_out` (count by reason)."""

    read: int
    used: int
    left_out: Mapping[str, int]


class Thinning:
    """Gathers heights and keeps the median of each cell, whatever the order in which they come.

    Held is how often each centimetre occurs in each cell, so the median is exact to half a centimetre and
    memory grows with the area and not with the number of points. Raises LimitExceeded when the area is too
    large to hold.
    """

    def __init__(self, clip: BBox | None = None) -> None:
        self._clip = clip
        self._keys: list[Integers] = []
        self._held: Integers = np.empty(0, dtype=np.int64)
        self._counts: Integers = np.empty(0, dtype=np.int64)
        self._pending = 0
        self._cover: Integers = np.empty((0, 2), dtype=np.int64)

    def covered(self) -> Integers:
        """Column and row (n, 2) of the squares of COVER_M that got heights since this was last asked."""
        cover, self._cover = self._cover, self._cover[:0]
        return cover

    def add(self, xy: Floats, z_nap: Floats, left_out: Counter[str]) -> int:
        """Take finite heights inside the clip; counts the others by reason and returns how many were taken.

        `xy` (n, 2) in EPSG:28992, `z_nap` (n,) in metres. Raises InputRejected for a point outside RD.
        """
        good = np.isfinite(xy).all(axis=1) & np.isfinite(z_nap)
        left_out["not a number"] += int((~good).sum())
        xy, z_nap = xy[good], z_nap[good]
        if self._clip is not None:
            low = np.array([self._clip.min_x, self._clip.min_y])
            inside = ((xy >= low) & (xy < [self._clip.max_x, self._clip.max_y])).all(axis=1)
            left_out["outside the clip"] += int((~inside).sum())
            xy, z_nap = xy[inside], z_nap[inside]
        likely = (z_nap >= LOWEST_NAP_M) & (z_nap <= HIGHEST_NAP_M)
        left_out["no height of Dutch ground"] += int((~likely).sum())
        xy, z_nap = xy[likely], z_nap[likely]
        if not len(xy):
            return 0
        cell = np.floor(xy / CELL_M).astype(np.int64)
        height = np.rint((z_nap - LOWEST_NAP_M) / _BIN_M).astype(np.int64)
        self._keys.append(((cell[:, 1] * _COLUMNS) + cell[:, 0] + _COLUMNS // 2) * _BINS + height)
        self._pending += len(xy)
        squares = np.concatenate([self._cover, np.floor(xy / COVER_M).astype(np.int64)])
        self._cover = np.unique(squares, axis=0)
        if self._pending >= _PENDING:
            self._settle()
        return len(xy)

    def samples(self) -> HeightSamples:
        """The median of every cell that has heights."""
        self._settle()
        if not len(self._held):
            return HeightSamples(np.empty((0, 2)), np.empty(0))
        cell = self._held // _BINS
        starts = np.flatnonzero(np.append(True, cell[1:] != cell[:-1]))
        total = np.add.reduceat(self._counts, starts)
        passed = np.cumsum(self._counts)
        before = passed[starts] - self._counts[starts]
        ranks = ((total - 1) // 2, total // 2)
        low, high = (np.searchsorted(passed, before + rank, side="right") for rank in ranks)
        z = (self._held[low] % _BINS + self._held[high] % _BINS) * (_BIN_M / 2) + LOWEST_NAP_M
        row, column = np.divmod(cell[starts], _COLUMNS)
        middle = np.column_stack([column - _COLUMNS // 2, row]) + 0.5
        return HeightSamples(middle * CELL_M, np.round(z, 3))

    def _settle(self) -> None:
        """Fold what came since into the counts."""
        fresh, counts = np.unique(np.concatenate([*self._keys, self._held[:0]]), return_counts=True)
        keys = np.concatenate([self._held, fresh])
        counts = np.concatenate([self._counts, counts])
        order = np.argsort(keys, kind="stable")
        keys, counts = keys[order], counts[order]
        if len(keys):
            starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
            self._held, self._counts = keys[starts], np.add.reduceat(counts, starts)
        self._keys, self._pending = [], 0
        if len(self._held) > _HELD_MAX:
            raise LimitExceeded("the terrain is too large for one layer: take less of it with clip")


def agreed_rd(told: int | None, named: str, declared: int | None, name: str) -> None:
    """Check that a terrain file is in RD: as it says itself (`told`, in words `named`), else as declared.

    Raises InputRejected when it is not, or when nobody says so.
    """
    if told is None and not named:
        if declared is None:
            raise InputRejected(
                "the file does not say its coordinate system: declare it with crs", where=name, code="crs"
            )
        told, named = declared, f"EPSG:{declared}"
    if told not in (RD, RD_NAP):
        raise InputRejected(
            f"the coordinate system is {named[:80]}; terrain is read in EPSG:28992 or EPSG:7415 only",
            where=name,
            code="crs",
        )
