"""Wells, their water levels and boreholes as the national register of the subsoil (BRO) delivers them.

GMW 1.1 and BHR-GT 2.1 dispatch documents, and the GLD report as CSV. Identifiers start with 9999, which the
register has not reached.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import dutch
from tweestad.synthetic.contents.layer_files import lonlat, write_bytes, write_geojson
from tweestad.synthetic.contents.setting import Setting
from tweestad.synthetic.contents.subsurface_xml import borehole_document, well_document

_FIRST_DAY, _LAST_DAY = dt.date(2018, 1, 1), dt.date(2025, 12, 31)
_MOST = 12
_OWNER = "99990000"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a borehole: depths in metres below ground, a GeotechnicalSoilName of the BRO, a colour."""

    top_m: float
    bottom_m: float
    soil: str
    colour: str
    made: bool


@dataclass(frozen=True, slots=True)
class Borehole:
    """A place in EPSG:28992, the ground in metres NAP, and the layers from top to bottom."""

    bro_id: str
    x: float
    y: float
    ground_nap_m: float
    date: dt.date
    layers: tuple[Layer, ...]

    @property
    def depth_m(self) -> float:
        return self.layers[-1].bottom_m


@dataclass(frozen=True, slots=True)
class Well:
    """A well with one tube and one screen; all heights in metres NAP, the place in EPSG:28992."""

    bro_id: str
    gld_id: str
    code: str
    x: float
    y: float
    ground_nap_m: float
    tube_top_nap_m: float
    screen_top_nap_m: float
    screen_bottom_nap_m: float
    built: dt.date


def write_subsurface(folder: Path, setting: Setting) -> None:
    """Boreholes and wells as XML, levels as CSV, and both as points for the map."""
    wells, boreholes = list(wells_of(setting)), list(_boreholes(setting))
    for well in wells:
        write_bytes(
            folder / "bro" / f"{well.bro_id}.xml", well_document(well, lonlat(well.x, well.y), _OWNER)
        )
        levels = list(_levels(well, setting.seed))
        write_bytes(folder / "bro" / f"{well.gld_id}_full.csv.gz", _report(well, levels).encode())
        write_bytes(folder / "bro" / f"{well.gld_id}_series.csv.gz", _series(levels).encode())
    for hole in boreholes:
        document = borehole_document(hole, lonlat(hole.x, hole.y), _OWNER)
        write_bytes(folder / "bro" / f"{hole.bro_id}.xml", document)
    write_geojson(folder / "peilbuizen.geojson", [_well_row(w) for w in wells], _points(wells))
    write_geojson(folder / "boorgaten.geojson", [_hole_row(h) for h in boreholes], _points(boreholes))


def wells_of(setting: Setting) -> Iterator[Well]:
    """The wells, each beside a street."""
    for number in range(1, min(2 + setting.among(250), _MOST) + 1):
        chance = Chance(setting.seed, "well", number)
        x, y = _beside_a_street(setting, chance)
        ground = round(float(setting.ground_nap_m(np.array([[x, y]]))[0]), 3)
        top = round(ground - chance.between(1.4, 2.6), 3)
        yield Well(
            bro_id=f"GMW9999{number:08d}",
            gld_id=f"GLD9999{number:08d}",
            code=f"GMW99Z{number:06d}",
            x=x,
            y=y,
            ground_nap_m=ground,
            tube_top_nap_m=round(ground - 0.12, 3),
            screen_top_nap_m=top,
            screen_bottom_nap_m=round(top - 1, 3),
            built=dt.date(chance.whole(2012, 2017), chance.whole(1, 12), chance.whole(1, 28)),
        )


def _boreholes(setting: Setting) -> Iterator[Borehole]:
    for number in range(1, min(2 + setting.among(300), _MOST) + 1):
        chance = Chance(setting.seed, "borehole", number)
        x, y = _beside_a_street(setting, chance)
        yield Borehole(
            bro_id=f"BHR9999{number:08d}",
            x=x,
            y=y,
            ground_nap_m=round(float(setting.ground_nap_m(np.array([[x, y]]))[0]), 3),
            date=dt.date(chance.whole(2021, 2024), chance.whole(1, 12), chance.whole(1, 28)),
            layers=tuple(_layers(chance)),
        )


def _layers(chance: Chance) -> Iterator[Layer]:
    """Made ground, clay, peat, clay and sand, as below a town on a former sea bed."""
    depth = 0.0
    kinds = (
        ("zwakGrindigZand", "lichtbruin", 0.8, 1.6, True),
        ("zwakZandigeKlei", "standaardGrijs", 0.6, 1.8, False),
        ("mineraalarmVeen", "donkerbruin", 0.4, 2.0, False),
        ("zwakSiltigeKlei", "donkergrijs", 1.0, 3.0, False),
        ("siltigZand", "standaardGrijs", 2.0, 4.0, False),
    )
    for soil, colour, least, most, made in kinds:
        bottom = round(depth + chance.between(least, most), 2)
        yield Layer(depth, bottom, soil, colour, made)
        depth = bottom


def _beside_a_street(setting: Setting, chance: Chance) -> tuple[float, float]:
    way = chance.one_of(setting.streets)
    spot = way.line.interpolate(chance.between(0.1, 0.9), normalized=True)
    return round(spot.x + chance.between(-2, 2), 3), round(spot.y + chance.between(-2, 2), 3)


_Level = tuple[dt.datetime, float, str]


def _levels(well: Well, seed: int) -> Iterator[_Level]:
    """One level a day in metres NAP: high in winter, low in summer, with weeks that are wet or dry."""
    chance = Chance(seed, "levels", well.bro_id)
    depth, swing, wet = chance.between(0.7, 1.3), chance.between(0.2, 0.45), 0.0
    for day in range((_LAST_DAY - _FIRST_DAY).days + 1):
        date = _FIRST_DAY + dt.timedelta(days=day)
        wet = 0.94 * wet + chance.between(-0.035, 0.035)
        season = swing * math.cos(2 * math.pi * (date.timetuple().tm_yday - 35) / 365.25)
        moment = dutch(dt.datetime(date.year, date.month, date.day, 11, tzinfo=dt.UTC))
        quality = "afgekeurd" if chance.happens(0.002) else "goedgekeurd"
        off = 1.7 if quality == "afgekeurd" else 0.0
        if not chance.happens(0.004):
            yield moment, round(well.ground_nap_m - depth + season + wet - off, 3), quality


def _report(well: Well, levels: Sequence[_Level]) -> str:
    """The full GLD report: what it is about, one block of observations per year, six columns throughout."""
    rows: list[Sequence[str | None]] = [
        ("BRO-ID", "bronhouder", None, "kwaliteitsregime", "datum eerste meting", "datum recentste meting"),
        (well.gld_id, _OWNER, None, "IMBRO", _day(levels[0][0]), _day(levels[-1][0])),
        (None,) * 6,
        ("put BRO-ID", "put buisnummer", None, "monitoringnet BRO-ID", None, None),
        (well.bro_id, "1", None, None, None, None),
        (None,) * 6,
    ]
    years = sorted({moment.year for moment, _, _ in levels})
    for year in years:
        block = [level for level in levels if level[0].year == year]
        judged = "volledigBeoordeeld" if year < years[-1] else "voorlopig"
        observation = f"_{well.gld_id[-8:]}-0000-4000-8000-{year:012d}"
        process = f"_{well.gld_id[-8:]}-0000-4000-9000-000000000001"
        rows += [
            (
                "observatie ID",
                "start observatieperiode",
                "eind observatieperiode",
                "observatietype",
                "mate beoordeling",
                "observatieproces ID",
            ),
            (observation, _day(block[0][0]), _day(block[-1][0]), "reguliereMeting", judged, process),
            (None,) * 6,
            (
                "tijdstip meting",
                "waterstand",
                "status kwaliteitscontrole",
                "censuurreden",
                "censuurlimietwaarde",
                "interpolatietype",
            ),
            *(
                (m.isoformat(), f"{level:.3f}", quality, None, None, "discontinu")
                for m, level, quality in block
            ),
            (None,) * 6,
        ]
    return "".join(_line(row) for row in rows)


def _line(cells: Sequence[str | None]) -> str:
    """Quotes around what is there and nothing where nothing is, as the register writes it."""
    return ",".join("" if cell is None else f'"{cell}"' for cell in cells) + "\n"


def _series(levels: Sequence[_Level]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    kinds = ("Voorlopige", "Beoordeelde", "Controle", "Onbekend")
    writer.writerow(["Tijdstip", *(f"{k} {w}" for k in kinds for w in ("Waarde [m]", "Opmerking"))])
    for moment, level, quality in levels:
        place = 1 if moment.year == _LAST_DAY.year else 3
        row = [moment.isoformat(), *[""] * 8]
        row[place] = f"{level:.3f}"
        row[place + 1] = "" if quality == "goedgekeurd" else quality
        writer.writerow(row)
    return text.getvalue()


def _day(moment: dt.datetime) -> str:
    return f"({moment.date().isoformat()}, JJJJ-MM-DD)"


def _points(places: Sequence[Well] | Sequence[Borehole]) -> list[shapely.Geometry]:
    return [shapely.Point(place.x, place.y) for place in places]


def _well_row(well: Well) -> dict[str, Any]:
    return {
        "bro_id": well.bro_id,
        "put_code": well.code,
        "gld_bro_id": well.gld_id,
        "maaiveld_nap_m": well.ground_nap_m,
        "filter_boven_nap_m": well.screen_top_nap_m,
        "filter_onder_nap_m": well.screen_bottom_nap_m,
        "datum_inrichting": well.built.isoformat(),
        "bestand": f"bro/{well.bro_id}.xml",
    }


def _hole_row(hole: Borehole) -> dict[str, Any]:
    return {
        "bro_id": hole.bro_id,
        "maaiveld_nap_m": hole.ground_nap_m,
        "einddiepte_m": hole.depth_m,
        "datum": hole.date.isoformat(),
        "bovenste_laag": hole.layers[0].soil,
        "aantal_lagen": len(hole.layers),
        "bestand": f"bro/{hole.bro_id}.xml",
    }
