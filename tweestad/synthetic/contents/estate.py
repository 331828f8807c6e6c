"""The register of social real estate: a CSV keyed on BAG ids, and the same as points."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.facilities import Facility
from tweestad.synthetic.contents.layer_files import write_csv, write_geojson
from tweestad.synthetic.contents.register import Register

COLUMNS = (
    "vastgoednummer", "naam", "bag_verblijfsobject", "bag_pand", "adres", "gebruik", "oppervlakte_m2",
    "capaciteit", "bezetting_pct", "energieklasse", "eigenaar", "conditie_nen2767", "conditie_datum",
    "bouwjaar", "boekwaarde_eur", "onderhoud_eur_per_jaar", "exploitatie_eur_per_jaar", "huur_eur_per_jaar",
)  # fmt: skip
_USES = {
    "school": "onderwijs",
    "library": "bibliotheek",
    "community_centre": "buurthuis",
    "sports_centre": "sport",
    "swimming_pool": "sport",
    "theatre": "cultuur",
    "townhall": "bestuur",
    "social_facility": "zorg",
}
_OWNERS = (
    "Gemeente Voorbeeldstad",
    "Gemeente Voorbeeldstad",
    "Schoolbestuur",
    "Woningcorporatie",
    "Stichting",
)
_PERSON_M2 = {"onderwijs": 5, "sport": 14, "zorg": 40, "bestuur": 20}
_OLDEST = 1005


def write_estate(folder: Path, register: Register, facilities: tuple[Facility, ...]) -> None:
    """Write every facility that a municipality keeps a building for."""
    kept = [each for each in facilities if each.building and each.value in _USES]
    rows = list(_rows(register, kept))
    write_csv(folder / "maatschappelijk-vastgoed.csv", COLUMNS, rows, separator=";")
    spots = [shapely.Point(each.x, each.y) for each in kept]
    write_geojson(folder / "maatschappelijk-vastgoed.geojson", rows, spots)


def _rows(register: Register, kept: list[Facility]) -> Iterator[dict[str, Any]]:
    for number, facility in enumerate(kept, start=1):
        building = facility.building
        assert building is not None  # noqa: S101 - chosen so
        chance = Chance(register.setting.seed, "estate", building.number)
        unit = register.by_building[building.number][0]
        use = _USES[facility.value]
        area = sum(each.area_m2 for each in register.by_building[building.number])
        capacity = max(10, round(area / _PERSON_M2.get(use, 8)))
        full = facility.pupils / capacity if facility.pupils else chance.between(0.3, 1.05)
        value = round(area * chance.between(300, 1900), -3)
        yield {
            "vastgoednummer": f"MV{number:04d}",
            "naam": facility.name,
            "bag_verblijfsobject": unit.id,
            "bag_pand": building.pand,
            "adres": unit.address,
            "gebruik": use,
            "oppervlakte_m2": area,
            "capaciteit": capacity,
            "bezetting_pct": round(100 * full) if not chance.happens(0.08) else None,
            "energieklasse": unit.label or None,
            "eigenaar": chance.one_of(_OWNERS),
            "conditie_nen2767": chance.whole(1, 5),
            "conditie_datum": f"{chance.whole(2019, 2025)}-{chance.whole(1, 12):02d}",
            "bouwjaar": building.built if building.built > _OLDEST else None,
            "boekwaarde_eur": int(value),
            "onderhoud_eur_per_jaar": int(round(area * chance.between(12, 34), -2)),
            "exploitatie_eur_per_jaar": int(round(area * chance.between(25, 70), -2)),
            "huur_eur_per_jaar": int(round(area * chance.between(0, 90), -2)),
        }
