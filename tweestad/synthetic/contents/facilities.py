"""Schools as DUO has them and everything else people go to, as OpenStreetMap tags it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.layer_files import lonlat, write_geojson
from tweestad.synthetic.contents.register import PLACE, Register
from tweestad.synthetic.contents.setting import Building

# What may stand in a building of each use: an OSM key and value, and a Dutch word.
_BY_USE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "winkelfunctie": (
        ("shop", "supermarket", "Supermarkt"),
        ("amenity", "pharmacy", "Apotheek"),
        ("shop", "bakery", "Bakkerij"),
        ("shop", "bicycle", "Fietsenwinkel"),
        ("amenity", "cafe", "Café"),
        ("shop", "books", "Boekwinkel"),
    ),
    "bijeenkomstfunctie": (
        ("amenity", "library", "Bibliotheek"),
        ("amenity", "community_centre", "Buurthuis"),
        ("amenity", "place_of_worship", "Kerk"),
        ("amenity", "theatre", "Theater"),
        ("amenity", "restaurant", "Restaurant"),
    ),
    "gezondheidszorgfunctie": (
        ("amenity", "doctors", "Huisartsenpraktijk"),
        ("amenity", "dentist", "Tandarts"),
        ("amenity", "social_facility", "Verpleeghuis"),
    ),
    "sportfunctie": (("leisure", "sports_centre", "Sporthal"), ("leisure", "swimming_pool", "Zwembad")),
    "kantoorfunctie": (
        ("amenity", "doctors", "Huisartsenpraktijk"),
        ("amenity", "townhall", "Gemeentehuis"),
        ("amenity", "dentist", "Tandarts"),
    ),
}
# What every town must have, and one for how many buildings.
_NEEDED = (
    ("amenity", "doctors", "Huisartsenpraktijk", 300),
    ("amenity", "pharmacy", "Apotheek", 500),
    ("shop", "supermarket", "Supermarkt", 350),
    ("amenity", "library", "Bibliotheek", 2500),
    ("leisure", "sports_centre", "Sporthal", 1500),
)
_SCHOOLS = ("De Regenboog", "De Vuurtoren", "Het Kompas", "De Wegwijzer", "De Ark", "Het Baken", "De Zaaier")


@dataclass(frozen=True, slots=True)
class Facility:
    """Something people go to; `building` is None outdoors. The place is in EPSG:28992."""

    id: str
    key: str
    value: str
    name: str
    x: float
    y: float
    building: Building | None
    pupils: int | None = None


def write_facilities(folder: Path, facilities: tuple[Facility, ...]) -> None:
    """Schools with pupils, and all facilities with the building they are in."""
    schools = [each for each in facilities if each.value == "school"]
    rows = [
        {
            "name": each.name,
            "type": "basisschool",
            "studentCount": each.pupils,
            "plaats": PLACE.upper(),
            "entrances": [list(lonlat(each.x, each.y))],
        }
        for each in schools
    ]
    about = {"source": "Voorbeeldstad: invented", "lastUpdated": "2026-01-01", "schoolCount": len(schools)}
    write_geojson(folder / "scholen.geojson", rows, _spots(schools), metadata=about)
    every = [
        {
            "osm_id": each.id,
            "key": each.key,
            "soort": each.value,
            "name": each.name,
            "pand_identificatie": each.building.pand if each.building else None,
            "leerlingen": each.pupils,
        }
        for each in facilities
    ]
    write_geojson(folder / "voorzieningen.geojson", every, _spots(facilities))


def facilities_of(register: Register) -> tuple[Facility, ...]:
    """All facilities of the town: first what every town needs, then what the uses of buildings suggest."""
    found = list(_schools(register))
    taken = {each.building.number for each in found if each.building}
    for key, value, name, per in _NEEDED:
        for n in range(register.setting.among(per)):
            building = _free_building(register, value, n, taken)
            if building is not None:
                taken.add(building.number)
                found.append(_in(building, key, value, name, len(found)))
    for building in register.setting.buildings:
        kinds = _BY_USE.get(building.uses[0])
        if kinds and building.number not in taken:
            key, value, name = Chance(register.setting.seed, "facility", building.number).one_of(kinds)
            found.append(_in(building, key, value, name, len(found)))
    found += _playgrounds(register, len(found))
    return tuple(found)


def _schools(register: Register) -> Iterator[Facility]:
    for n, building in enumerate(register.setting.used_for("onderwijsfunctie")):
        again = f" {n // len(_SCHOOLS) + 1}" if n >= len(_SCHOOLS) else ""
        name = f"Basisschool {_SCHOOLS[n % len(_SCHOOLS)]}{again}"
        pupils = round(
            building.area_m2 * Chance(register.setting.seed, "pupils", building.number).between(0.2, 0.34)
        )
        yield Facility(
            f"vbs{n + 1}",
            "amenity",
            "school",
            name,
            building.x,
            building.y,
            building,
            max(40, min(pupils, 640)),
        )


def _free_building(register: Register, value: str, n: int, taken: set[int]) -> Building | None:
    """A building where nothing is yet: not a church, a school or a single house when there is another."""
    chance = Chance(register.setting.seed, "needed", value, n)
    buildings = register.setting.buildings
    for _ in range(60):
        building = chance.one_of(buildings)
        if building.number not in taken and building.uses[0] in ("winkelfunctie", "kantoorfunctie"):
            return building
    return next(
        (each for each in buildings if each.number not in taken and each.uses[0] == "woonfunctie"), None
    )


def _in(building: Building, key: str, value: str, name: str, count: int) -> Facility:
    return Facility(f"vbs{count + 1}", key, value, name, building.x, building.y, building)


def _playgrounds(register: Register, count: int) -> Iterator[Facility]:
    for n, park in enumerate(register.setting.parks):
        spot = shapely.get_coordinates(shapely.point_on_surface(park.shape))[0]
        name = f"Speeltuin {park.name}".strip()
        yield Facility(
            f"vbs{count + n + 1}",
            "leisure",
            "playground",
            name,
            round(float(spot[0]), 2),
            round(float(spot[1]), 2),
            None,
        )


def _spots(facilities: tuple[Facility, ...] | list[Facility]) -> list[shapely.Geometry]:
    return [shapely.Point(each.x, each.y) for each in facilities]
