"""Energy per wijk and year in the columns of the CBS energy file, with the council's own target line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.figures import YEAR, Count, district_counts, district_shape
from tweestad.synthetic.contents.layer_files import write_csv, write_geojson
from tweestad.synthetic.contents.register import PLACE, Register

YEARS = tuple(range(2016, YEAR + 1))
# As in the CBS file, with the year in front and what a council compares at the end.
COLUMNS = (
    "jaar", "code", "naam", "soort", "inwoners", "huishoudens", "woningen", "woz", "eengezins_pct",
    "tussenwoning_pct", "hoekwoning_pct", "twee_onder_een_kap_pct", "vrijstaand_pct", "meergezins_pct",
    "koop_pct", "huur_pct", "corporatie_pct", "ouder_dan_tien_jaar_pct", "jonger_dan_tien_jaar_pct",
    "stroom_kwh", "gas_m3", "stadsverwarming_pct", "aardgasvrij_pct", "zonnestroom_pct", "stedelijkheid",
    "co2_ton", "hernieuwbaar_tj",
)  # fmt: skip
TARGET_COLUMNS = ("jaar", "soort", "co2_ton", "hernieuwbaar_pct", "besluit")
_KG_PER_M3_GAS = 1.779
_KG_PER_KWH = {2016: 0.53, 2025: 0.27}
_TJ_PER_KWH = 3.6e-6
_SOLAR_KWH = 3000
_TARGETS = ((2030, 0.45, 40), (2035, 0.65, 60), (2040, 0.8, 80), (2050, 1.0, 100))


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The dwellings of a wijk by kind, and how many are younger than ten years."""

    flats: int
    terraced: int
    corner: int
    semi: int
    detached: int
    young: int

    @property
    def all(self) -> int:
        return self.flats + self.terraced + self.corner + self.semi + self.detached


def write_energy(folder: Path, register: Register) -> None:
    """The figures of each year, the newest as areas, and the target line of the council."""
    rows = list(_rows(register))
    write_csv(folder / "energie-wijken.csv", COLUMNS, rows)
    newest = [row for row in rows if row["jaar"] == YEAR and row["soort"] == "wijk"]
    shapes = [district_shape(quarters) for quarters in register.setting.districts.values()]
    write_geojson(folder / "energie-wijken.geojson", newest, shapes)
    write_csv(folder / "energiedoel.csv", TARGET_COLUMNS, _target(rows))


def _rows(register: Register) -> Iterator[dict[str, Any]]:
    setting, totals = register.setting, district_counts(register)
    kinds = _kinds(register)
    for year in YEARS:
        wijken = [
            _row(year, code, quarters[0].district, "wijk", totals[code], kinds[code], setting.seed)
            for code, quarters in setting.districts.items()
        ]
        whole = sum(totals.values(), Count())
        every = [kinds[code] for code in setting.districts]
        summed = _Kinds(*(sum(getattr(k, name) for k in every) for name in _Kinds.__slots__))
        city = _row(year, "GM9999", PLACE, "gemeente", whole, summed, setting.seed)
        for name in ("co2_ton", "hernieuwbaar_tj"):
            city[name] = round(sum(row[name] for row in wijken), 2)
        for name in ("stroom_kwh", "gas_m3"):
            dwellings = max(whole.dwellings, 1)
            city[name] = round(sum(row[name] * row["woningen"] for row in wijken) / dwellings)
        yield city
        yield from wijken


def _kinds(register: Register) -> dict[str, _Kinds]:
    found = {code: dict.fromkeys(_Kinds.__slots__, 0) for code in register.setting.districts}
    for unit in register.units:
        building = unit.building
        if not unit.is_dwelling:
            continue
        into = found[register.setting.quarters[building.quarter].district_code]
        chance = Chance(register.setting.seed, "kind", building.number)
        alone = ("terraced", "terraced", "terraced", "corner", "semi", "detached")
        into["flats" if building.units > 1 else chance.one_of(alone)] += 1
        into["young"] += building.built > YEAR - 10
    return {code: _Kinds(**counts) for code, counts in found.items()}


def _row(
    year: int, code: str, name: str, level: str, count: Count, kinds: _Kinds, seed: int
) -> dict[str, Any]:
    chance = Chance(seed, "energy", code)
    power = round(chance.between(2100, 2900) * (1 - 0.012 * (year - 2016)), -1)
    gas = round(chance.between(900, 1400) * (1 - 0.034 * (year - 2016)), -1)
    heat = round(max(0.0, chance.between(-8, 12)) + 0.5 * (year - 2016), 1)
    solar = min(60, round(2 + chance.between(2.2, 4.2) * (year - 2016)))
    rent = chance.between(0.55, 0.8)

    def share(part: float) -> int | None:
        return round(100 * part / kinds.all) if kinds.all else None

    owned = share(count.owned)
    kg_per_kwh = _KG_PER_KWH[2016] + (_KG_PER_KWH[2025] - _KG_PER_KWH[2016]) * (year - 2016) / 9
    co2 = count.dwellings * (gas * _KG_PER_M3_GAS + power * kg_per_kwh) / 1000
    return {
        "jaar": year,
        "code": code,
        "naam": name,
        "soort": level,
        "inwoners": count.people,
        "huishoudens": count.households,
        "woningen": count.dwellings,
        "woz": round(chance.between(260, 480) * 1.045 ** (year - YEAR)),
        "eengezins_pct": share(kinds.all - kinds.flats),
        "tussenwoning_pct": share(kinds.terraced),
        "hoekwoning_pct": share(kinds.corner),
        "twee_onder_een_kap_pct": share(kinds.semi),
        "vrijstaand_pct": share(kinds.detached),
        "meergezins_pct": share(kinds.flats),
        "koop_pct": owned,
        "huur_pct": None if owned is None else 100 - owned,
        "corporatie_pct": None if owned is None else round((100 - owned) * rent),
        "ouder_dan_tien_jaar_pct": share(kinds.all - kinds.young),
        "jonger_dan_tien_jaar_pct": share(kinds.young),
        "stroom_kwh": round(power),
        "gas_m3": round(gas),
        "stadsverwarming_pct": heat,
        "aardgasvrij_pct": round(heat) + max(0, year - 2018),
        "zonnestroom_pct": solar,
        "stedelijkheid": 3,
        "co2_ton": round(co2, 1),
        "hernieuwbaar_tj": round(count.dwellings * solar / 100 * _SOLAR_KWH * _TJ_PER_KWH, 2),
    }


def _target(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What was emitted in the first year, and what the council wants to be left of it."""
    start = next(row["co2_ton"] for row in rows if row["soort"] == "gemeente")
    yield {"jaar": YEARS[0], "soort": "begin", "co2_ton": start, "hernieuwbaar_pct": 2, "besluit": ""}
    for year, less, renewable in _TARGETS:
        yield {
            "jaar": year,
            "soort": "doel",
            "co2_ton": round(start * (1 - less), 1),
            "hernieuwbaar_pct": renewable,
            "besluit": "R2024-017",
        }
