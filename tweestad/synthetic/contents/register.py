"""Units and addresses as the BAG has them, and the energy label of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.layer_files import write_csv, write_flatgeobuf
from tweestad.synthetic.contents.setting import Building, Setting

PLACE = "Voorbeeldstad"
UNIT_COLUMNS: dict[str, type] = {
    "identificatie": str,
    "pand_identificatie": str,
    "gebruiksdoel": str,
    "oppervlakte": int,
    "status": str,
    "postcode": str,
    "huisnummer": int,
    "huisletter": str,
    "huisnummertoevoeging": str,
    "adres": str,
    "buurtcode": str,
    "energieklasse": str,
}
ADDRESS_COLUMNS: dict[str, type] = {
    "id": str,
    "straatnaam": str,
    "huisnummer": str,
    "huisletter": str,
    "toevoeging": str,
    "postcode": str,
    "woonplaats": str,
    "nummeraanduiding": str,
    "openbareruimte": str,
    "verblijfsobject": str,
    "weergavenaam": str,
}
LABEL_COLUMNS = (
    "Pand_opnamedatum", "Pand_opnametype", "Pand_status", "Pand_berekeningstype", "Pand_energieklasse",
    "Pand_gebouwklasse", "Meting_geldig_tot", "Pand_registratiedatum", "Pand_postcode", "Pand_huisnummer",
    "Pand_huisletter", "Pand_huisnummertoevoeging", "Pand_bagverblijfsobjectid", "Pand_bagpandid",
    "Pand_gebouwtype", "Pand_gebruiksoppervlakte_thermische_zone",
)  # fmt: skip
_LETTERS = "ABCDEGHJKLMNPRSTVWXZ"
_PER_POSTCODE = 18
_NEVER_GIVEN = ("SA", "SD", "SS")
_PAIRS = tuple(a + b for a in _LETTERS for b in _LETTERS if a + b not in _NEVER_GIVEN)
_CLASS_BY_YEAR = ((1930, "FGGED"), (1965, "EFDGC"), (1985, "DCEBC"), (2000, "CBCAB"), (2015, "AABAB"))
_UNLABELLED = 0.22
_LOW_USES = ("bijeenkomstfunctie", "onderwijsfunctie", "sportfunctie", "industriefunctie")


@dataclass(frozen=True, slots=True)
class Unit:
    """One verblijfsobject with its main address; `label` is "" when it has no energy label."""

    number: int
    building: Building
    use: str
    area_m2: int
    street: str
    street_number: int
    house_number: int
    letter: str
    addition: str
    postcode: str
    label: str

    @property
    def id(self) -> str:
        return f"NL.IMBAG.Verblijfsobject.999901{self.number:010d}"

    @property
    def address_id(self) -> str:
        return f"NL.IMBAG.Nummeraanduiding.999920{self.number:010d}"

    @property
    def street_id(self) -> str:
        return f"NL.IMBAG.OpenbareRuimte.999930{self.street_number:010d}"

    @property
    def is_dwelling(self) -> bool:
        return self.use == "woonfunctie"

    @property
    def address(self) -> str:
        """Street and number as it stands on an envelope."""
        addition = f"-{self.addition}" if self.addition else ""
        return f"{self.street} {self.house_number}{self.letter}{addition}"


@dataclass(frozen=True, eq=False)
class Register:
    """All units of the town, in order of building."""

    setting: Setting
    units: tuple[Unit, ...]

    @cached_property
    def by_building(self) -> dict[int, tuple[Unit, ...]]:
        found: dict[int, list[Unit]] = {}
        for unit in self.units:
            found.setdefault(unit.building.number, []).append(unit)
        return {number: tuple(units) for number, units in found.items()}

    @cached_property
    def dwellings_by_quarter(self) -> tuple[int, ...]:
        """How many dwellings each quarter has, in the order of the quarters."""
        counts = [0] * len(self.setting.quarters)
        for unit in self.units:
            if unit.is_dwelling:
                counts[unit.building.quarter] += 1
        return tuple(counts)


def register_of(setting: Setting) -> Register:
    """Give every building its units, house numbers and postcodes."""
    numbers = _house_numbers(setting)
    names = {name: n + 1 for n, name in enumerate(dict.fromkeys(way.name for way in setting.streets))}
    units: list[Unit] = []
    for building in setting.buildings:
        house, postcode = numbers[building.number]
        street = setting.streets[building.street].name
        chance = Chance(setting.seed, "units", building.number)
        label = _label(building, chance)
        for place in range(building.units):
            letter, addition = _suffix(place, building.units)
            use = building.uses[0] if place == 0 else building.uses[-1]
            units.append(
                Unit(
                    number=len(units) + 1,
                    building=building,
                    use=use,
                    area_m2=_unit_area(building, chance),
                    street=street,
                    street_number=names[street],
                    house_number=house,
                    letter=letter,
                    addition=addition,
                    postcode=postcode,
                    label="" if chance.happens(_UNLABELLED) else label,
                )
            )
    return Register(setting, tuple(units))


def write_register(folder: Path, register: Register) -> None:
    """Units and addresses as FlatGeobuf, labels as a CSV in the columns of the national label register."""
    units = register.units
    spots = shapely.points([(unit.building.x, unit.building.y) for unit in units])
    write_flatgeobuf(
        folder / "verblijfsobjecten.fgb", UNIT_COLUMNS, (_unit(register, u) for u in units), spots
    )
    write_flatgeobuf(folder / "adressen.fgb", ADDRESS_COLUMNS, (_address(u) for u in units), spots)
    write_csv(folder / "energielabels.csv", LABEL_COLUMNS, _labels(register), separator=";")


def _house_numbers(setting: Setting) -> dict[int, tuple[int, str]]:
    """The house number and postcode of each building: odd on the left of its street, even on the right."""
    along: dict[str, list[tuple[int, float, bool, int]]] = {}
    for building in setting.buildings:
        way = setting.streets[building.street]
        at = shapely.Point(building.x, building.y)
        distance = float(way.line.project(at))
        ahead = way.line.interpolate(distance + 0.5)
        behind = way.line.interpolate(max(distance - 0.5, 0.0))
        cross = (ahead.x - behind.x) * (at.y - behind.y) - (ahead.y - behind.y) * (at.x - behind.x)
        along.setdefault(way.name, []).append((building.street, distance, cross > 0, building.number))
    numbers: dict[int, tuple[int, str]] = {}
    postcode = 0
    for name in dict.fromkeys(way.name for way in setting.streets):
        following = {True: 1, False: 2}
        for count, (_, _, left, number) in enumerate(sorted(along.get(name, []))):
            if count and count % _PER_POSTCODE == 0:
                postcode += 1
            numbers[number] = (following[left], _postcode(postcode))
            following[left] += 2
        postcode += 1
    return numbers


def _postcode(number: int) -> str:
    """9999AA, 9999AB … and then 9998AA: in the form of a postcode, counted down from the last one."""
    return f"{9999 - number // len(_PAIRS)}{_PAIRS[number % len(_PAIRS)]}"


def _suffix(place: int, count: int) -> tuple[str, str]:
    """The house letter and addition of the n-th unit of a building."""
    if count == 1 or (place == 0 and count <= 4):
        return "", ""
    if count <= 4:
        return "ABCD"[place], ""
    return "", str(place + 1)


def _unit_area(building: Building, chance: Chance) -> int:
    ground = building.area_m2
    height = (building.top_nap_m or building.ground_nap_m + 6) - building.ground_nap_m
    storeys = max(1, min(round(height / 3.2), 25))
    if building.uses[0] in _LOW_USES:
        storeys = min(storeys, 2)
    share = ground * storeys * 0.8 / building.units
    return max(14, min(round(share * chance.between(0.9, 1.1)), 40_000))


def _label(building: Building, chance: Chance) -> str:
    for before, classes in _CLASS_BY_YEAR:
        if building.built < before:
            return chance.one_of(classes)
    return chance.one_of(("A+", "A++", "A+++", "A++++", "A"))


def _unit(register: Register, unit: Unit) -> dict[str, Any]:
    return {
        "identificatie": unit.id,
        "pand_identificatie": unit.building.pand,
        "gebruiksdoel": unit.use,
        "oppervlakte": unit.area_m2,
        "status": "Verblijfsobject in gebruik",
        "postcode": unit.postcode,
        "huisnummer": unit.house_number,
        "huisletter": unit.letter or None,
        "huisnummertoevoeging": unit.addition or None,
        "adres": unit.address,
        "buurtcode": register.setting.quarters[unit.building.quarter].code,
        "energieklasse": unit.label or None,
    }


def _address(unit: Unit) -> dict[str, Any]:
    return {
        "id": f"adressen.{unit.number}",
        "straatnaam": unit.street,
        "huisnummer": str(unit.house_number),
        "huisletter": unit.letter or None,
        "toevoeging": unit.addition or None,
        "postcode": unit.postcode,
        "woonplaats": PLACE,
        "nummeraanduiding": unit.address_id,
        "openbareruimte": unit.street_id,
        "verblijfsobject": unit.id,
        "weergavenaam": f"{unit.address}, {unit.postcode} {PLACE}",
    }


def _labels(register: Register) -> Iterator[dict[str, Any]]:
    for unit in register.units:
        if not unit.label:
            continue
        chance = Chance(register.setting.seed, "label", unit.number)
        year = chance.whole(2016, 2025)
        date = f"{year}{chance.whole(1, 12):02d}{chance.whole(1, 28):02d}"
        yield {
            "Pand_opnamedatum": date,
            "Pand_opnametype": "Basisopname",
            "Pand_status": "Bestaand",
            "Pand_berekeningstype": "NTA 8800:2024 (basisopname woningbouw)",
            "Pand_energieklasse": unit.label,
            "Pand_gebouwklasse": "Woningbouw" if unit.is_dwelling else "Utiliteitsbouw",
            "Meting_geldig_tot": f"{year + 10}{date[4:]}",
            "Pand_registratiedatum": date,
            "Pand_postcode": unit.postcode,
            "Pand_huisnummer": unit.house_number,
            "Pand_huisletter": unit.letter,
            "Pand_huisnummertoevoeging": unit.addition,
            "Pand_bagverblijfsobjectid": unit.id.rpartition(".")[2],
            "Pand_bagpandid": unit.building.identification,
            "Pand_gebouwtype": "Appartement" if unit.building.units > 1 else "Grondgebonden woning",
            "Pand_gebruiksoppervlakte_thermische_zone": unit.area_m2,
        }
