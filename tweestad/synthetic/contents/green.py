"""Trees in the columns of a municipal tree register with the ids of the BGT."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.layer_files import write_flatgeobuf
from tweestad.synthetic.contents.setting import Setting

TREE_COLUMNS: dict[str, type] = {
    "lokaalid": str,
    "boomnummer": int,
    "soort_latijn": str,
    "soort_nederlands": str,
    "boomhoogteklasse": str,
    "hoogte_m": float,
    "kroondiameter_m": float,
    "stamdiameter_cm": int,
    "plantjaar": int,
    "standplaats": str,
    "beheerder": str,
}
_EVERY_M = 9.0
_OPEN = ("pitch",)
_IN_PARK_M = 8.0
_FROM_HOUSE_M = 3.0
_FROM_WAY_M = 2.2
_HEIGHT_CLASSES = (
    (6, "tot 6 m"),
    (9, "6-9 m"),
    (12, "9-12 m"),
    (15, "12-15 m"),
    (18, "15-18 m"),
    (24, "18-24 m"),
)


@dataclass(frozen=True, slots=True)
class Species:
    """A kind of tree: how high it grows and how wide its crown is, in metres, when it is old."""

    latin: str
    dutch: str
    height_m: float
    crown_m: float


SPECIES = (
    Species("Tilia x europaea", "Hollandse linde", 22, 11),
    Species("Quercus robur", "zomereik", 21, 14),
    Species("Platanus x hispanica", "plataan", 24, 15),
    Species("Acer platanoides", "Noorse esdoorn", 17, 11),
    Species("Fraxinus excelsior", "gewone es", 22, 12),
    Species("Ulmus x hollandica", "Hollandse iep", 22, 12),
    Species("Aesculus hippocastanum", "witte paardenkastanje", 18, 13),
    Species("Betula pendula", "ruwe berk", 16, 7),
    Species("Prunus serrulata", "Japanse sierkers", 7, 6),
    Species("Salix alba", "schietwilg", 19, 13),
    Species("Sorbus aria", "meelbes", 10, 6),
    Species("Carpinus betulus", "haagbeuk", 14, 8),
)
_Spot = tuple[float, float, Species, str]


def write_green(folder: Path, setting: Setting) -> None:
    """Trees in rows and in parks, clear of houses, water and the middle of streets."""
    spots = _clear(setting, [*_in_rows(setting), *_in_parks(setting)])
    rows = [_tree(n + 1, species, where, setting.seed) for n, (_, _, species, where) in enumerate(spots)]
    write_flatgeobuf(
        folder / "bomen.fgb", TREE_COLUMNS, rows, shapely.points([(x, y) for x, y, _, _ in spots])
    )


def _in_rows(setting: Setting) -> Iterator[_Spot]:
    """Along the tree rows of the form; one row is mostly of one kind."""
    for number, line in enumerate(setting.tree_rows):
        chance = Chance(setting.seed, "tree row", number)
        species = chance.one_of(SPECIES)
        stations = np.arange(_EVERY_M / 3, float(shapely.length(line)), _EVERY_M)
        for x, y in (
            shapely.get_coordinates(shapely.line_interpolate_point([line], stations)).round(3).tolist()
        ):
            yield x, y, chance.one_of(SPECIES) if chance.happens(0.06) else species, "rij"


def _in_parks(setting: Setting) -> Iterator[_Spot]:
    for number, park in enumerate(setting.parks):
        if park.kind in _OPEN:
            continue
        chance = Chance(setting.seed, "park trees", number)
        west, south, east, north = shapely.bounds(park.shape).tolist()
        inner = shapely.buffer(park.shape, -2.5)
        shapely.prepare(inner)
        kinds = [chance.one_of(SPECIES) for _ in range(4)]
        for y in np.arange(south, north, _IN_PARK_M):
            for x in np.arange(west, east, _IN_PARK_M):
                spot = (x + chance.between(0, _IN_PARK_M), y + chance.between(0, _IN_PARK_M))
                if chance.happens(0.6) and shapely.intersects_xy(inner, *spot):
                    yield round(float(spot[0]), 3), round(float(spot[1]), 3), chance.one_of(kinds), "park"


def _clear(setting: Setting, spots: list[_Spot]) -> list[_Spot]:
    """Those that stand free; of two that are too close the first stays."""
    points = shapely.points([(x, y) for x, y, _, _ in spots])
    blocked: NDArray[np.bool_] = np.zeros(len(spots), dtype=bool)
    near_house = setting.footprint_tree.query(points, predicate="dwithin", distance=_FROM_HOUSE_M)[0]
    near_water = shapely.STRtree(setting.waters).query(points, predicate="dwithin", distance=1.0)[0]
    lines = shapely.STRtree([way.line for way in (*setting.streets, *setting.paths)])
    near_way = lines.query(points, predicate="dwithin", distance=_FROM_WAY_M)[0]
    for numbers in (near_house, near_water, near_way):
        blocked[numbers] = True
    free = np.flatnonzero(~blocked)
    first, second = shapely.STRtree(points[free]).query(points[free], predicate="dwithin", distance=4.0)
    blocked[free[np.unique(second[first < second])]] = True
    return [spot for spot, gone in zip(spots, blocked, strict=True) if not gone]


def _tree(number: int, species: Species, where: str, seed: int) -> dict[str, Any]:
    chance = Chance(seed, "tree", number)
    known = chance.happens(0.93)
    planted = chance.whole(1925, 2024)
    grown = min(1.0, 0.12 + (2026 - planted) / 70) * chance.between(0.85, 1.1)
    height = round(max(3.0, species.height_m * grown), 1)
    return {
        "lokaalid": f"G9999.{hashlib.sha256(f'{seed}/tree/{number}'.encode()).hexdigest()[:32]}",
        "boomnummer": number,
        "soort_latijn": species.latin,
        "soort_nederlands": species.dutch,
        "boomhoogteklasse": next((name for top, name in _HEIGHT_CLASSES if height < top), "24 m en hoger"),
        "hoogte_m": height,
        "kroondiameter_m": round(max(1.5, species.crown_m * grown), 1),
        "stamdiameter_cm": round(8 + height * 2.4),
        "plantjaar": planted if known else None,
        "standplaats": where,
        "beheerder": "Gemeente Voorbeeldstad",
    }
