"""Turns raw rows into clean ones: wanted, finite, in RD, of the right kind, and valid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.crs import reproject_geometries
from tweestad.errors import InputRejected
from tweestad.formats.crs_doubt import crs_doubts
from tweestad.model.feature import BBox, Value
from tweestad.model.layer import Rejected

BATCH_ROWS = 10_000
MAX_VERTICES = 1_000_000
# Mending takes 0.3 s and 30 MB at this many crossings, and grows faster than they do.
MAX_CROSSINGS = 25_000
_PAIRS_AT_ONCE = 4_000_000
_MOST_PAIRS, _PAIRS_PER_EDGE = 200_000, 40

Geometries = NDArray[np.object_]
_KINDS: dict[str, tuple[int, int]] = {
    "polygon": (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
    "line": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING),
    "point": (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT),
}
_UNREADABLE = "its geometry cannot be read (such as a line of one point)"


@dataclass(frozen=True, slots=True, eq=False)
class RawRows:
    """Rows as they stand in the file: `geometries` in `crs`, None where unreadable, as `empty` tells.

    `faults` holds what the reader itself found wrong, by number of the row. `ended` counts the records that
    came before these and are history: not rows, but not forgotten either.
    """

    names: tuple[str, ...]
    geometries: Geometries
    empty: NDArray[np.bool_]
    values: Mapping[str, list[Value]]
    crs: int
    faults: Mapping[int, str] = field(default_factory=dict)
    ended: int = 0

    @classmethod
    def from_wkb(
        cls, names: tuple[str, ...], wkb: Geometries, values: Mapping[str, list[Value]], crs: int
    ) -> RawRows:
        """Rows with WKB geometry, None where the row has none."""
        filled = [item or None for item in wkb.tolist()]
        empty = np.array([item is None for item in filled], dtype=bool)
        with np.errstate(all="ignore"):  # what is not finite the row check says
            geometries = shapely.from_wkb(filled, on_invalid="ignore")
        return cls(names, np.asarray(geometries, dtype=object), empty, values, crs)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows and which kind of geometry; `placeless` also takes rows that have none at all."""

    geometry: Literal["polygon", "line", "point"]
    keep: Mapping[str, tuple[str, ...]]
    drop: Mapping[str, tuple[str, ...]]
    clip: BBox | None
    placeless: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class CleanRows:
    """What is left, parallel, with what became of the others."""

    rows: tuple[str, ...]
    geometries: Geometries
    values: Mapping[str, list[Value]]
    rejected: tuple[Rejected, ...]
    left_out: int
    mended: int


def clean_rows(raw: RawRows, wanted: Wanted, file: str) -> CleanRows:
    """Choose the wanted rows, reject the bad ones with a reason, reproject and mend the rest."""
    chosen = _chosen(raw, wanted)
    reasons: dict[int, str] = {}
    doubts = crs_doubts(shapely.bounds(raw.geometries).reshape(-1, 4), raw.crs)
    for n in np.flatnonzero(chosen):
        if reason := _fault(raw, int(n), wanted) or doubts.get(int(n), ""):
            reasons[int(n)] = reason
    good = np.array([n for n in np.flatnonzero(chosen) if n not in reasons], dtype=np.intp)
    geometries, outside = _in_rd(raw.geometries[good], raw.crs)
    reasons |= {int(good[n]): reason for n, reason in outside.items()}
    if wanted.geometry == "polygon":
        for n in np.flatnonzero(_broken(geometries)):
            if _crosses_too_often(geometries[n]):
                reasons[int(good[n])] = f"its edges cross more than {MAX_CROSSINGS:,} times"
                geometries[n] = None
    geometries, mended = _mended(geometries, wanted.geometry)
    for n in np.flatnonzero(shapely.is_empty(geometries)):
        reasons[int(good[n])] = _nothing_left(wanted.geometry)
    usable = np.array([int(row) not in reasons for row in good], dtype=bool)
    good, geometries = good[usable], geometries[usable]
    if wanted.clip is not None:
        inside = shapely.intersects(geometries, _box(wanted.clip))
        chosen[good[~inside]] = False
        good, geometries = good[inside], geometries[inside]
    return CleanRows(
        rows=tuple(raw.names[n] for n in good),
        geometries=geometries,
        values={name: [column[n] for n in good] for name, column in raw.values.items()},
        rejected=tuple(Rejected(file, raw.names[n], reasons[n]) for n in sorted(reasons)),
        left_out=int(len(chosen) - chosen.sum()),
        mended=mended,
    )


def _chosen(raw: RawRows, wanted: Wanted) -> NDArray[np.bool_]:
    chosen = np.ones(len(raw.names), dtype=bool)
    for column, values in wanted.keep.items():
        chosen &= _is_one_of(raw.values[column], values)
    for column, values in wanted.drop.items():
        chosen &= ~_is_one_of(raw.values[column], values)
    return chosen


def _is_one_of(column: Sequence[Value], values: tuple[str, ...]) -> NDArray[np.bool_]:
    allowed = frozenset(values)
    return np.array([value is not None and str(value) in allowed for value in column], dtype=bool)


def _fault(raw: RawRows, n: int, wanted: Wanted) -> str:
    """Why this row cannot be used, or an empty text."""
    geometry, kind = raw.geometries[n], wanted.geometry
    if geometry is None or n in raw.faults:
        absent = "" if wanted.placeless else "it has no geometry"
        return raw.faults.get(n) or (absent if raw.empty[n] else _UNREADABLE)
    if geometry.is_empty:
        return "its geometry is empty"
    if shapely.get_type_id(geometry) not in _KINDS[kind]:
        return f"it is a {geometry.geom_type}, but this layer has {kind}s"
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return "a coordinate is not a finite number"
    if shapely.get_num_coordinates(geometry) > MAX_VERTICES:
        return f"it has more than {MAX_VERTICES:,} vertices"
    return ""


def _in_rd(geometries: Geometries, crs: int) -> tuple[Geometries, dict[int, str]]:
    """In RD, with the reason for each row that falls outside; those become None."""
    try:
        return reproject_geometries(geometries, crs), {}
    except InputRejected:
        pass  # at least one row is wrong: find out which, one by one
    reasons: dict[int, str] = {}
    out = np.empty(len(geometries), dtype=object)
    for n in range(len(geometries)):
        try:
            out[n] = reproject_geometries(geometries[n : n + 1], crs)[0]
        except InputRejected as exc:
            reasons[n] = exc.reason
    return out, reasons


def _mended(geometries: Geometries, kind: str) -> tuple[Geometries, int]:
    """Valid geometries; polygons whose area is gone and lines without length become empty."""
    if kind == "line":
        out = geometries.copy()
        out[shapely.length(geometries) == 0] = shapely.LineString()
        return out, 0
    if kind == "point":
        return geometries, 0
    broken = _broken(geometries)
    out = geometries.copy()
    for n in np.flatnonzero(broken):
        out[n] = _polygons_of(shapely.make_valid(geometries[n], method="structure", keep_collapsed=False))
    return out, int(sum(not out[n].is_empty for n in np.flatnonzero(broken)))


def _broken(geometries: Geometries) -> NDArray[np.bool_]:
    broken: NDArray[np.bool_] = ~shapely.is_valid(geometries) & ~shapely.is_missing(geometries)
    return broken


def _crosses_too_often(geometry: shapely.Geometry) -> bool:
    """Whether edges cross more often than MAX_CROSSINGS; edges that only touch cost little.

    Edges whose boxes overlap are compared, in parts and no further than a limit: a hostile ring of n corners
    has n² of these pairs.
    """
    points, rings = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(geometry)), return_index=True)
    whole = rings[:-1] == rings[1:]
    edges = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[whole])
    tree = shapely.STRtree(edges)
    pairs = crossings = 0
    step = max(1, _PAIRS_AT_ONCE // len(edges))
    for start in range(0, len(edges), step):
        one, other = tree.query(edges[start : start + step])
        one += start
        pairs += len(one)
        if pairs > _MOST_PAIRS + _PAIRS_PER_EDGE * len(edges):
            return True
        apart = other > one + 1
        crossings += int(shapely.crosses(edges[one[apart]], edges[other[apart]]).sum())
        if crossings > MAX_CROSSINGS:
            return True
    return False


def _polygons_of(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(geometry))
        if part.geom_type == "Polygon" and part.area > 0
    ]
    if not parts:
        return shapely.Polygon()
    rounded = shapely.set_precision(shapely.union_all(parts), 0.001)
    return rounded if rounded.geom_type in ("Polygon", "MultiPolygon") else shapely.Polygon()


def _nothing_left(kind: str) -> str:
    return "the line has no length" if kind == "line" else "the polygon has no area"


def _box(box: BBox) -> shapely.Polygon:
    return shapely.box(box.min_x, box.min_y, box.max_x, box.max_y)
