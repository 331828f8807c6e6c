"""Buildings as a CityJSONSeq 2.0 file in the shape of a Dutch roof reconstruction with BAG attributes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from tweestad.synthetic.form.houses import House
from tweestad.synthetic.form.solids import FaceKind, Solid, highest, prism

Points = NDArray[np.float64]
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


def city_lines(placed: Iterable[Placed], origin: tuple[float, float], date: str) -> Iterator[bytes]:
    """The lines of the file: its header, and then one line per building."""
    translate = np.array([origin[0], origin[1], 0.0])
    header = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [_SCALE] * 3, "translate": translate.tolist()},
        "metadata": {
            "referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415",
            "referenceDate": date,
            "title": "Voorbeeldstad: invented buildings",
        },
        "CityObjects": {},
        "vertices": [],
    }
    yield orjson.dumps(header)
    for each in placed:
        yield orjson.dumps(_feature(each, translate))


def _feature(placed: Placed, translate: Points) -> dict[str, Any]:
    vertices = _Vertices(translate)
    house, key = placed.house, str(placed.number)
    rings = [house.outline, *house.courtyards]
    base = [vertices.ring(_lifted(ring, placed.ground_nap_m)) for ring in rings]
    building: dict[str, Any] = {
        "type": "Building",
        "attributes": _attributes(placed),
        "geometry": [{"type": "MultiSurface", "lod": "0", "boundaries": [base]}],
    }
    objects: dict[str, Any] = {key: building}
    if placed.shaped:
        names = [f"{key}-{n}" for n in range(len(house.solids))]
        building["children"] = names
        block = prism(house.outline, 0.0, 0.7 * highest(house.solids), house.courtyards)
        for name, solid in zip(names, house.solids, strict=True):
            # The block of LoD 1.2 is one for the whole building, and stands in its first part.
            blocks = [_solid(block, placed.ground_nap_m, vertices, "1.2")] if name == names[0] else []
            shape = _solid(solid, placed.ground_nap_m, vertices, "2.2")
            objects[name] = {"type": "BuildingPart", "parents": [key], "geometry": [*blocks, shape]}
    return {"type": "CityJSONFeature", "id": key, "CityObjects": objects, "vertices": vertices.rows}


def _lifted(ring: Points, z: float) -> Points:
    return np.column_stack([ring, np.full(len(ring), z)])


def _solid(solid: Solid, ground: float, vertices: _Vertices, lod: str) -> dict[str, Any]:
    lift = np.array([0.0, 0.0, ground])
    shell = [[vertices.ring(ring + lift) for ring in (face.ring, *face.holes)] for face in solid]
    return {
        "type": "Solid",
        "lod": lod,
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
        "status": house.status,
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

    def __init__(self, translate: Points) -> None:
        self._translate = translate
        self._numbers: dict[tuple[int, ...], int] = {}
        self.rows: list[tuple[int, ...]] = []

    def ring(self, points: Points) -> list[int]:
        """The numbers of the points (n, 3) of a ring."""
        found = []
        for row in np.rint((points - self._translate) / _SCALE).astype(np.int64).tolist():
            key = tuple(row)
            number = self._numbers.setdefault(key, len(self.rows))
            if number == len(self.rows):
                self.rows.append(key)
            found.append(number)
        return found
