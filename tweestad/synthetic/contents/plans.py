"""Housing plans in the columns of the national overview (EIB), with their phases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.layer_files import write_csv, write_geojson
from tweestad.synthetic.contents.register import PLACE
from tweestad.synthetic.contents.setting import Setting

PHASE_COLUMNS = ("plan", "fase", "naam", "start", "oplevering", "woningen", "koop", "huur", "toestand")
_NAMES = (
    "Nieuwland",
    "Waterrijk",
    "De Boomgaard",
    "Stationskwartier",
    "Polderrand",
    "Het Weefhuis",
    "Zuidoever",
)
_KINDS = ("Uitleggebied voor woningbouw", "Binnenstedelijk", "Transformatie")
_STATES = (
    "1A Onherroepelijk", "1B Vastgesteld", "2A In voorbereiding", "3 Potentieel", "4A Visie",
)  # fmt: skip
_OPEN_FROM_M, _OUT_TO_M, _FROM_WAY_M = 25.0, 240.0, 7.0


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """A part of a plan; years of start and completion."""

    number: int
    start: int
    ready: int
    dwellings: int
    owned: int
    state: str


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A housing plan: its shape in EPSG:28992 and its phases in order."""

    number: int
    name: str
    kind: str
    state: str
    shape: shapely.Polygon
    phases: tuple[Phase, ...]

    @property
    def id(self) -> str:
        return f"PL{self.number:03d}"

    @property
    def dwellings(self) -> int:
        return sum(phase.dwellings for phase in self.phases)


def write_plans(folder: Path, plans: tuple[Plan, ...]) -> None:
    """Plans as areas, phases as a CSV whose dwellings add up to those of the plan."""
    write_geojson(folder / "plannen.geojson", [_row(plan) for plan in plans], [plan.shape for plan in plans])
    write_csv(folder / "plan-fasen.csv", PHASE_COLUMNS, [row for plan in plans for row in _phases(plan)])


def plans_of(setting: Setting) -> tuple[Plan, ...]:
    """At least three plans: where building goes on already, and then on open land around the town."""
    count = min(2 + setting.among(400), 20)
    going_on = [part for site in setting.sites for part in shapely.get_parts(site).tolist()][:count]
    sites = [*going_on, *_sites(setting, count - len(going_on))]
    return tuple(_plan(setting, n, site, n <= len(going_on)) for n, site in enumerate(sites, start=1))


def _sites(setting: Setting, count: int) -> Iterator[shapely.Polygon]:
    """Strips around the town without water and streets in them, the widest piece of each."""
    west, south, east, north = setting.box
    in_the_way = [*(way.line for way in (*setting.streets, *setting.paths)), *setting.waters]
    tree = shapely.STRtree(in_the_way)
    chosen: list[shapely.Polygon] = []
    for turn in range(count * 3):
        chance = Chance(setting.seed, "site", turn)
        along, wide = chance.between(0.02, 0.7), chance.between(0.12, 0.25)
        x, y = west + (east - west) * along, south + (north - south) * along
        dx, dy = (east - west) * wide, (north - south) * wide
        out = _OPEN_FROM_M, _OUT_TO_M * chance.between(0.4, 1)
        strips = (
            shapely.box(x, north + out[0], x + dx, north + out[1]),
            shapely.box(east + out[0], y, east + out[1], y + dy),
            shapely.box(x, south - out[1], x + dx, south - out[0]),
            shapely.box(west - out[1], y, west - out[0], y + dy),
        )
        strip = strips[turn % 4]
        near = [in_the_way[n] for n in tree.query(strip, predicate="dwithin", distance=_FROM_WAY_M)]
        taken = shapely.union_all([shapely.buffer(shape, _FROM_WAY_M) for shape in (*near, *chosen)])
        free = shapely.get_parts(shapely.difference(strip, taken, grid_size=0.01))
        largest = max(free, key=lambda part: part.area, default=None)
        if isinstance(largest, shapely.Polygon) and largest.area > 900:
            chosen.append(largest)
            yield largest
        if len(chosen) == count:
            return


def _plan(setting: Setting, number: int, site: shapely.Polygon, going_on: bool) -> Plan:
    chance = Chance(setting.seed, "plan", number)
    name = _NAMES[(number - 1) % len(_NAMES)] + (
        f" {(number - 1) // len(_NAMES) + 1}" if number > len(_NAMES) else ""
    )
    started = chance.whole(2024, 2025) if going_on else chance.whole(2026, 2029)
    total = max(9, round(site.area / chance.between(110, 260)))
    count = 1 if total < 30 else chance.whole(2, 3)
    parts = [total // count + (n < total % count) for n in range(count)]
    phases = tuple(
        Phase(
            number=n + 1,
            start=started + 2 * n,
            ready=started + 2 * n + 2,
            dwellings=part,
            owned=round(part * chance.between(0.3, 0.7)),
            state="in aanbouw" if started + 2 * n <= 2025 else "gepland",
        )
        for n, part in enumerate(parts)
    )
    state = _STATES[0] if going_on else _STATES[number % len(_STATES)]
    return Plan(number, name, _KINDS[(number - 1) % 3], state, site, phases)


def _row(plan: Plan) -> dict[str, Any]:
    """The columns of the EIB file, and which plan it is."""
    owned = sum(phase.owned for phase in plan.phases)
    low = round(plan.dwellings * 0.6)
    first = sum(phase.dwellings for phase in plan.phases if phase.ready <= 2029)
    return {
        "OBJECTID": plan.number,
        "OBJECTID_1": plan.number,
        "ET_ID": 0,
        "Provincie": PLACE,
        "Gem_naam": PLACE,
        "Plannaam": plan.name,
        "Plantype": plan.kind,
        "Planstatus": plan.state,
        "Aantalrest": plan.dwellings,
        "Sloop": 0,
        "OP2019": 0,
        "OP202024": 0,
        "Op202529": first,
        "Op20302050": plan.dwellings - first,
        "OPLONB": 0,
        "WTYPGGB": low,
        "WTYPAPP": plan.dwellings - low,
        "WTYPONB": 0,
        "HUUR": plan.dwellings - owned,
        "KOOP": owned,
        "HRKPONB": 0,
        "datum": "1-1-2026",
        "schatting": "opgave gemeente",
        "PSlegenda": int(plan.state[0]),
        "uit": 0,
        "Shape_Leng": round(plan.shape.length, 2),
        "Shape_Area": round(plan.shape.area, 2),
        "plan": plan.id,
        "fasen": len(plan.phases),
        "start": plan.phases[0].start,
        "oplevering": plan.phases[-1].ready,
    }


def _phases(plan: Plan) -> Iterator[dict[str, Any]]:
    for phase in plan.phases:
        yield {
            "plan": plan.id,
            "fase": phase.number,
            "naam": f"{plan.name}, fase {phase.number}",
            "start": phase.start,
            "oplevering": phase.ready,
            "woningen": phase.dwellings,
            "koop": phase.owned,
            "huur": phase.dwellings - phase.owned,
            "toestand": phase.state,
        }
