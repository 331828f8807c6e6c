"""Buildings as a CityJSONSeq 2.0 file in the shape of a Dutch roof reconstruction with BAG attributes."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from tweestad.files import write_atomically
from tweestad.synthetic.houses import House
from tweestad.synthetic.solids import FaceKind, Solid, highest

_SCALE = 0.001
_KINDS: tuple[FaceKind, ...] = ("GroundSurface", "WallSurface", "RoofSurface")


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A house at its place: RD coordinates, with its ground at `ground_nap_m` and its register number.

    `shaped` False leaves out the shape in 3D, `measured` False the heights too, `year_known` False the year.
    """

    number: int
    house: House
    ground_nap_m: float
    shaped: bool = True
    measured: bool = True
    year_known: bool = True

    @property
    def identification(self) -> str:
        """Sixteen digits as the BAG has them, under the municipality code 9999 that nobody has."""
        return f"9999{100_000_000_000 + self.number:012d}"


def write_city_file(path: Path, placed: Iterable[Placed], origin: tuple[float, float], date: str) -> None:
    """Write all buildings, gzipped, so that equal input gives equal bytes."""
    translate = [float(origin[0]), float(origin[1]), 0.0]
    header = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [_SCALE] * 3, "translate": translate},
        "metadata": {
            "referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415",
            "referenceDate": date,
            "title": "Voorbeeldstad: invented buildings",
        },
        "CityObjects": {},
        "vertices": [],
    }
    lines = [orjson.dumps(header), *(orjson.dumps(_feature(each, translate)) for each in placed)]
    write_atomically(path, gzip.compress(b"\n".join(lines) + b"\n", compresslevel=6, mtime=0))


def _feature(placed: Placed, translate: Sequence[float]) -> dict[str, Any]:
    vertices = _Vertices(translate)
    house, key = placed.house, str(placed.number)
    rings = [house.outline, *house.courtyards]
    base = [[vertices.number([*xy, placed.ground_nap_m]) for xy in ring] for ring in rings]
    footprint = {"type": "MultiSurface", "lod": "0", "boundaries": [base]}
    building: dict[str, Any] = {
        "type": "Building",
        "attributes": _attributes(placed),
        "geometry": [footprint],
    }
    objects: dict[str, Any] = {key: building}
    if placed.shaped:
        names = [f"{key}-{n}" for n in range(len(house.solids))]
        building["children"] = names
        for name, solid in zip(names, house.solids, strict=True):
            shape = _solid(solid, placed.ground_nap_m, vertices)
            objects[name] = {"type": "BuildingPart", "parents": [key], "geometry": [shape]}
    return {"type": "CityJSONFeature", "id": key, "CityObjects": objects, "vertices": vertices.rows}


def _solid(solid: Solid, ground: float, vertices: _Vertices) -> dict[str, Any]:
    lift = np.array([0.0, 0.0, ground])
    shell = [
        [[vertices.number(point) for point in ring + lift] for ring in (face.ring, *face.holes)]
        for face in solid
    ]
    return {
        "type": "Solid",
        "lod": "2.2",
        "boundaries": [shell],
        "semantics": {
            "surfaces": [{"type": kind} for kind in _KINDS],
            "values": [[_KINDS.index(face.kind) for face in solid]],
        },
    }


def _attributes(placed: Placed) -> dict[str, Any]:
    house = placed.house
    ground = round(placed.ground_nap_m, 3)
    top = round(ground + highest(house.solids), 3) if placed.measured else None
    area = _area(house)
    return {
        "identificatie": placed.identification,
        "bouwjaar": house.built if placed.year_known else 1005,
        "gebruiksdoel": ",".join(house.uses),
        "status": "Pand in gebruik",
        "aantal_verblijfsobjecten": house.units,
        "oppervlakte_max": round(area * (1.6 if house.units == 1 else 0.9)),
        "rf_h_ground": ground,
        "rf_h_roof_max": top,
        "rf_roof_type": house.roof if placed.measured else "unknown",
        "rf_rmse_lod22": round(0.04 + (placed.number * 37 % 100) / 500, 3) if placed.shaped else None,
    }


def _area(house: House) -> float:
    """The ground area in square metres, courtyards left out."""
    total = 0.0
    for ring in (house.outline, *house.courtyards):
        x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
        total += float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2
    return total


class _Vertices:
    """The vertices of one feature, each once, as whole millimetres from the origin of the file."""

    def __init__(self, translate: Sequence[float]) -> None:
        self._translate = np.asarray(translate)
        self._numbers: dict[tuple[int, ...], int] = {}
        self.rows: list[list[int]] = []

    def number(self, point: Sequence[float] | np.ndarray[Any, Any]) -> int:
        whole = np.rint((np.asarray(point) - self._translate) / _SCALE)
        key = (int(whole[0]), int(whole[1]), int(whole[2]))
        found = self._numbers.setdefault(key, len(self.rows))
        if found == len(self.rows):
            self.rows.append(list(key))
        return found
