"""Figures of buurten and wijken in the columns of the CBS key figures: every sum follows from the units.

CBS rounds to fives and leaves out small numbers; these figures are whole, so that parts add up to wholes.
Columns on the origin of inhabitants are left out on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.layer_files import write_csv, write_geojson
from tweestad.synthetic.contents.register import PLACE, Register
from tweestad.synthetic.contents.setting import Quarter

YEAR = 2025
AGES = ("0_tot_15_jaar", "15_tot_25_jaar", "25_tot_45_jaar", "45_tot_65_jaar", "65_jaar_en_ouder")
_LIVED_IN = 0.97
_FIRST_YEAR = 2016


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted in a buurt; counts of a wijk or the municipality are sums of these."""

    dwellings: int = 0
    households: int = 0
    alone: int = 0
    couples: int = 0
    families: int = 0
    people: int = 0
    men: int = 0
    age_0: int = 0
    age_15: int = 0
    age_25: int = 0
    age_45: int = 0
    age_65: int = 0
    cars: int = 0
    owned: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})

    @property
    def ages(self) -> tuple[int, ...]:
        return (self.age_0, self.age_15, self.age_25, self.age_45, self.age_65)


def counts_of(register: Register) -> tuple[Count, ...]:
    """The count of each quarter, in the order of the quarters."""
    return tuple(
        _count(dwellings, Chance(register.setting.seed, "people", quarter.code))
        for quarter, dwellings in zip(register.setting.quarters, register.dwellings_by_quarter, strict=True)
    )


def _count(dwellings: int, chance: Chance) -> Count:
    households = round(dwellings * _LIVED_IN)
    alone = round(households * chance.between(0.28, 0.5))
    families = round((households - alone) * chance.between(0.4, 0.6))
    couples = households - alone - families
    children = sum(1 + (n % 10 < 6) + (n % 10 < 1) for n in range(families))
    young = round(children * 0.66)
    grown = alone + 2 * couples + 2 * families
    student = round(grown * chance.between(0.05, 0.1))
    middle = round(grown * chance.between(0.3, 0.38))
    old = round(grown * chance.between(0.18, 0.3))
    people = grown + children
    return Count(
        dwellings=dwellings,
        households=households,
        alone=alone,
        couples=couples,
        families=families,
        people=people,
        men=round(people * chance.between(0.485, 0.505)),
        age_0=young,
        age_15=children - young + student,
        age_25=middle,
        age_45=grown - student - middle - old,
        age_65=old,
        cars=round(households * chance.between(0.5, 1.2)),
        owned=round(dwellings * chance.between(0.35, 0.7)),
    )


def write_figures(folder: Path, register: Register) -> None:
    """Buurten and wijken with their figures, and inhabitants by age over ten years."""
    setting = register.setting
    counts = counts_of(register)
    rows = [_buurt(quarter, count) for quarter, count in zip(setting.quarters, counts, strict=True)]
    write_geojson(folder / "buurtcijfers.geojson", rows, [quarter.shape for quarter in setting.quarters])
    of_district = district_counts(register)
    shapes = [district_shape(quarters) for quarters in setting.districts.values()]
    wijken = [
        {"wijkcode": code, "wijknaam": quarters[0].district, **_figures(of_district[code], shape)}
        for (code, quarters), shape in zip(setting.districts.items(), shapes, strict=True)
    ]
    write_geojson(folder / "wijkcijfers.geojson", wijken, shapes)
    columns = ("jaar", "wijkcode", "wijknaam", "leeftijd", "aantal")
    write_csv(folder / "bevolking-leeftijd.csv", columns, _by_age(register, of_district))


def district_counts(register: Register) -> dict[str, Count]:
    """The count of each wijk by its code."""
    totals: dict[str, Count] = dict.fromkeys(register.setting.districts, Count())
    for quarter, count in zip(register.setting.quarters, counts_of(register), strict=True):
        totals[quarter.district_code] += count
    return totals


def district_shape(quarters: tuple[Quarter, ...]) -> shapely.Geometry:
    """A wijk is its buurten together, EPSG:28992."""
    return shapely.union_all([quarter.shape for quarter in quarters], grid_size=0.001)


def _buurt(quarter: Quarter, count: Count) -> dict[str, Any]:
    return {
        "buurtcode": quarter.code,
        "buurtnaam": quarter.name,
        "wijkcode": quarter.district_code,
        **_figures(count, quarter.shape),
    }


def _figures(count: Count, shape: shapely.Geometry) -> dict[str, Any]:
    """The columns of CBS; a share of nothing is empty."""
    hectares = float(shapely.area(shape)) / 10_000
    return {
        "gemeentecode": "GM9999",
        "gemeentenaam": PLACE,
        "jaar": YEAR,
        "aantal_inwoners": count.people,
        "mannen": count.men,
        "vrouwen": count.people - count.men,
        **{f"aantal_personen_{age}": n for age, n in zip(AGES, count.ages, strict=True)},
        **_shares("percentage_personen_", dict(zip(AGES, count.ages, strict=True)), count.people),
        "aantal_huishoudens": count.households,
        **_shares(
            "percentage_",
            {
                "eenpersoonshuishoudens": count.alone,
                "huishoudens_zonder_kinderen": count.couples,
                "huishoudens_met_kinderen": count.families,
            },
            count.households,
        ),
        "gemiddelde_huishoudsgrootte": round(count.people / count.households, 1)
        if count.households
        else None,
        "bevolkingsdichtheid_inwoners_per_km2": round(count.people / hectares * 100) if hectares else None,
        "woningvoorraad": count.dwellings,
        **_shares("percentage_", {"koopwoningen": count.owned}, count.dwellings),
        "personenautos_totaal": count.cars,
        "personenautos_per_huishouden": round(count.cars / count.households, 1) if count.households else None,
        "oppervlakte_totaal_in_ha": round(hectares, 1),
    }


def _shares(prefix: str, parts: Mapping[str, int], whole: int) -> dict[str, int | None]:
    return {prefix + name: round(100 * part / whole) if whole else None for name, part in parts.items()}


def _by_age(register: Register, totals: Mapping[str, Count]) -> Iterator[dict[str, Any]]:
    """Inhabitants per wijk, year and age: the last year is that of the figures, earlier ones grow to it."""
    for year in range(_FIRST_YEAR, YEAR + 1):
        for code, quarters in register.setting.districts.items():
            for age, now in zip(AGES, totals[code].ages, strict=True):
                yearly = Chance(register.setting.seed, "growth", code, age).between(-0.004, 0.016)
                yield {
                    "jaar": year,
                    "wijkcode": code,
                    "wijknaam": quarters[0].district,
                    "leeftijd": age,
                    "aantal": round(now / (1 + yearly) ** (YEAR - year)),
                }
