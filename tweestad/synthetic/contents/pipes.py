"""What lies below the streets: sewers as in GWSW with their levels, and mains, some of unknown depth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely
from shapely.ops import substring

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.layer_files import write_flatgeobuf
from tweestad.synthetic.contents.setting import Setting, Way

SEWER_COLUMNS: dict[str, type] = {
    "naam": str,
    "type": str,
    "beginpunt": str,
    "eindpunt": str,
    "begindatum": str,
    "materiaal_leiding": str,
    "vorm_leiding": str,
    "breedte_leiding": int,
    "hoogte_leiding": int,
    "lengte_leiding": float,
    "bob_beginpunt_leiding": float,
    "bob_eindpunt_leiding": float,
    "straat": str,
}
MANHOLE_COLUMNS: dict[str, type] = {
    "naam": str,
    "type": str,
    "begindatum": str,
    "materiaal_put": str,
    "maaiveldhoogte": float,
    "putbodem": float,
    "diepte_m": float,
    "straat": str,
}
MAIN_COLUMNS: dict[str, type] = {
    "id": str,
    "thema": str,
    "soort": str,
    "beheerder": str,
    "materiaal": str,
    "diameter_mm": int,
    "druk_bar": float,
    "spanning_v": int,
    "diepte_m": float,
    "nauwkeurigheid": str,
    "jaar": int,
}
_BETWEEN_M = 45.0
_FALL = 1 / 400
_COVER_M = 1.4
_OLD = 1970
_SHORTEST_M = 8.0
_DIAMETERS_MM = (250, 300, 315, 400, 500, 600, 800)
_SEWERS = (("GemengdRiool", "Beton"), ("Vuilwaterriool", "PVC"), ("Hemelwaterriool", "PVC"))
# Per kind of main: metres left of the middle, usual depth, share of which the depth is unknown.
_MAINS = (("water", 2.4, 1.0, 0.3), ("gas lage druk", -2.2, 0.8, 0.15), ("laagspanning", -2.8, 0.6, 0.45))


@dataclass(frozen=True, slots=True, eq=False)
class _Sewer:
    """One sewer under one street: where its manholes are along it, and the levels there in metres NAP."""

    way: Way
    kind: str
    material: str
    year: int
    diameter_mm: int
    line: shapely.LineString
    stations: tuple[float, ...]
    grounds: tuple[float, ...]
    inverts: tuple[float, ...]

    @property
    def manholes(self) -> tuple[str, ...]:
        """Their names, in the direction of the fall."""
        return tuple(f"{self.way.id}-{self.kind[0]}{n + 1:02d}" for n in range(len(self.stations)))


def write_pipes(folder: Path, setting: Setting) -> None:
    """Sewers, their manholes, and the mains for water, gas and power."""
    sewers = list(_sewers(setting))
    pipes = [row for sewer in sewers for row in _pipes(sewer)]
    manholes = [row for sewer in sewers for row in _manholes(sewer)]
    mains = list(_mains(setting))
    for name, columns, found in (
        ("riolering.fgb", SEWER_COLUMNS, pipes),
        ("rioolputten.fgb", MANHOLE_COLUMNS, manholes),
        ("leidingen.fgb", MAIN_COLUMNS, mains),
    ):
        write_flatgeobuf(folder / name, columns, [row for _, row in found], [shape for shape, _ in found])


def _sewers(setting: Setting) -> Iterator[_Sewer]:
    """An old street has one mixed sewer in its middle, a newer one has two beside each other."""
    for way in setting.streets:
        chance = Chance(setting.seed, "sewer", way.id)
        year = chance.whole(1938, 2022)
        offsets = (0.0,) if year < _OLD else (0.7, -0.7)
        kinds = _SEWERS[:1] if year < _OLD else _SEWERS[1:]
        for offset, (kind, material) in zip(offsets, kinds, strict=True):
            line = _beside(way.line, offset)
            if line is None or line.length < _SHORTEST_M:
                continue
            diameter = chance.one_of(_DIAMETERS_MM)
            count = max(1, math.ceil(line.length / _BETWEEN_M))
            stations = tuple(line.length * n / count for n in range(count + 1))
            spots = shapely.line_interpolate_point(line, stations)
            grounds = setting.ground_nap_m(shapely.get_coordinates(spots))
            top = float(grounds.min()) - _COVER_M - diameter / 1000
            inverts = tuple(round(top - station * _FALL, 3) for station in stations)
            levels = tuple(round(float(ground), 3) for ground in grounds)
            yield _Sewer(way, kind, material, year, diameter, line, stations, levels, inverts)


_Found = tuple[shapely.Geometry, dict[str, Any]]


def _manholes(sewer: _Sewer) -> Iterator[_Found]:
    for name, station, ground, invert in zip(
        sewer.manholes, sewer.stations, sewer.grounds, sewer.inverts, strict=True
    ):
        bottom = round(invert - 0.1, 3)
        yield (
            _rounded(sewer.line.interpolate(station)),
            {
                "naam": name,
                "type": "Inspectieput",
                "begindatum": f"{sewer.year}-01-01",
                "materiaal_put": "Beton",
                "maaiveldhoogte": ground,
                "putbodem": bottom,
                "diepte_m": round(ground - bottom, 2),
                "straat": sewer.way.name,
            },
        )


def _pipes(sewer: _Sewer) -> Iterator[_Found]:
    names = sewer.manholes
    for n, (start, end) in enumerate(pairwise(sewer.stations)):
        yield (
            _rounded(substring(sewer.line, start, end)),
            {
                "naam": f"{names[n]}_{names[n + 1]}",
                "type": sewer.kind,
                "beginpunt": names[n],
                "eindpunt": names[n + 1],
                "begindatum": f"{sewer.year}-01-01",
                "materiaal_leiding": sewer.material,
                "vorm_leiding": "Rond",
                "breedte_leiding": sewer.diameter_mm,
                "hoogte_leiding": sewer.diameter_mm,
                "lengte_leiding": round(end - start, 2),
                "bob_beginpunt_leiding": sewer.inverts[n],
                "bob_eindpunt_leiding": sewer.inverts[n + 1],
                "straat": sewer.way.name,
            },
        )


def _mains(setting: Setting) -> Iterator[_Found]:
    for way in setting.streets:
        for kind, offset, depth, unknown in _MAINS:
            line = _beside(way.line, offset)
            if line is None:
                continue
            chance = Chance(setting.seed, "main", way.id, kind)
            known = not chance.happens(unknown)
            wide = chance.one_of((110, 160, 200)) if kind == "water" else chance.one_of((63, 110, 160))
            power = kind == "laagspanning"
            yield (
                _rounded(line),
                {
                    "id": f"{way.id}-{kind.split()[0]}",
                    "thema": kind,
                    "soort": {"water": "waterleiding"}.get(kind, "kabel" if power else "gasleiding"),
                    "beheerder": "Netbeheer Voorbeeldstad (bestaat niet)",
                    "materiaal": chance.one_of(("PVC", "PE", "gietijzer")) if not power else "XLPE",
                    "diameter_mm": 45 if power else wide,
                    "druk_bar": {"water": 3.0, "gas lage druk": 0.1}.get(kind),
                    "spanning_v": 400 if power else None,
                    "diepte_m": round(depth + chance.between(-0.15, 0.25), 2) if known else None,
                    "nauwkeurigheid": "tot 30 cm" if known else "onbekend",
                    "jaar": chance.whole(1955, 2024),
                },
            )


def _beside(line: shapely.LineString, offset: float) -> shapely.LineString | None:
    """The line itself or the longest piece of one beside it; None when that leaves nothing."""
    if offset == 0:
        return line
    pieces = shapely.get_parts(shapely.offset_curve(line, offset)).tolist()
    longest = max(pieces, key=lambda piece: float(piece.length), default=None)
    return longest if isinstance(longest, shapely.LineString) and longest.length > _SHORTEST_M else None


def _rounded(shape: shapely.Geometry) -> shapely.Geometry:
    """To a millimetre."""
    return shapely.transform(shape, lambda xy: xy.round(3))
