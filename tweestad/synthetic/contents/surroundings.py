"""Noise of streets and rails in classes of 5 dB, and a water level as Rijkswaterstaat writes it."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import shapely

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import RECORDED
from tweestad.synthetic.contents.layer_files import write_bytes, write_geojson
from tweestad.synthetic.contents.register import PLACE
from tweestad.synthetic.contents.setting import Setting

# Lden classes of the Dutch noise maps, and how far each reaches from a street by its kind.
_CLASSES = ("55-59", "60-64", "65-69", "70-74", "75+")
_REACH_M = {
    "primary": (120, 70, 40, 22, 10),
    "secondary": (95, 55, 30, 16, 0),
    "tertiary": (70, 40, 20, 8, 0),
}
_RAIL_REACH_M = (110, 60, 32, 14, 0)
_TEN = dt.timedelta(minutes=10)
_LEVEL_COLUMNS = (
    "Datum", "Tijd", "Parameter", "Locatie", "Meting", "Verwachting", "Astronomisch getijden", "Eenheid",
    "Bemonsteringshoogte", "Referentievlak", "",
)  # fmt: skip


def write_noise(folder: Path, setting: Setting) -> None:
    """One area per class, without overlap: a louder class is cut out of the quieter one around it."""
    rows: list[dict[str, Any]] = []
    shapes: list[shapely.Geometry] = []
    sources: list[tuple[shapely.Geometry, tuple[int, ...]]] = [
        (way.line, _REACH_M[way.kind]) for way in setting.streets if way.kind in _REACH_M
    ]
    sources += [(rail, _RAIL_REACH_M) for rail in setting.rails]
    inside: shapely.Geometry = shapely.Polygon()
    for place in reversed(range(len(_CLASSES))):
        reached = [shapely.buffer(line, reach[place], quad_segs=6) for line, reach in sources if reach[place]]
        whole = shapely.union_all([*reached, inside], grid_size=0.01)
        for part in shapely.get_parts(shapely.difference(whole, inside, grid_size=0.01)):
            if isinstance(part, shapely.Polygon) and part.area > 1:
                rows.append(
                    {"klasse": _CLASSES[place], "bron": "wegen en spoor", "maat": "Lden", "jaar": 2024}
                )
                shapes.append(part)
        inside = whole
    order = sorted(range(len(rows)), key=lambda n: (rows[n]["klasse"], shapely.bounds(shapes[n]).tolist()))
    told = [{"id": f"geluid-{n + 1}", **rows[m]} for n, m in enumerate(order)]
    write_geojson(folder / "geluid.geojson", told, [shapes[m] for m in order])


def write_water_level(folder: Path, setting: Setting) -> None:
    """Three days of the level of the canal, every ten minutes, in whole centimetres to NAP.

    Semicolons, a separator after the last column, days and months without a zero, fixed +01:00.
    """
    chance = Chance(setting.seed, "canal level")
    first = RECORDED.replace(hour=0) - dt.timedelta(days=2)
    lines = [";".join(_LEVEL_COLUMNS)]
    for n in range(3 * 144):
        at = first + n * _TEN
        level = round(-20 + 2.5 * math.sin(n / 40) + chance.between(-0.8, 0.8))
        told = "" if at >= RECORDED + dt.timedelta(hours=1) else str(level)
        expected = str(level) if not told else ""
        lines.append(
            f"{at.day}-{at.month}-{at.year};{at:%H:%M:%S};"
            f"Waterhoogte Oppervlaktewater t.o.v. Normaal Amsterdams Peil in cm;{PLACE}, Oude Gracht;"
            f"{told};{expected};;cm;-999999999;NVT;"
        )
    write_bytes(folder / "live/rws-waterstand.csv", ("\n".join(lines) + "\n").encode())
