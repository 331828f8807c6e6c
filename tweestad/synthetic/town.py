"""Writes the form of Voorbeeldstad: a town of any size in one folder, in files as real sources have them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np
import shapely

from tweestad.files import write_atomically
from tweestad.synthetic.form.bgt import BGT_FILES, HEAD, TAIL, surfaces
from tweestad.synthetic.form.city_file import Placed, city_lines
from tweestad.synthetic.form.ground import CENTRE, height_nap_m
from tweestad.synthetic.form.houses import House
from tweestad.synthetic.form.layout import quarters_of
from tweestad.synthetic.form.model import Area, Quarter, Town, Way
from tweestad.synthetic.form.streams import Collection, whole_or_not

DATE = "2026-01-01"
FORM_FILES: dict[str, str] = {
    "gebouwen.city.jsonl.gz": "CityJSONSeq 2.0: buildings at LoD 0, 1.2 and 2.2 with BAG attributes",
    "straten.geojson": "OSM-like streets and paths: id, highway, name, maxspeed, oneway",
    "water.geojson": "canals, ponds, ditches and the river: name, kind",
    "parken.geojson": "parks, greens and pitches: name, kind",
    "buurten.geojson": "buurten with their code and the code and name of their wijk",
    "wijken.geojson": "wijken with their code and name",
    "pleinen.geojson": "squares: name, kind",
    "spoor.geojson": "rails: id, railway",
    "bouwplaatsen.geojson": "ground where building goes on: name",
    "boomrijen.geojson": "lines along which trees stand",
    **BGT_FILES,
}
"""Every file of the form with a line on what is in it; their names stay as they are."""
FILES = tuple(FORM_FILES)


def write_town(folder: Path, *, seed: int, size: int) -> None:
    """Write the files of a town with `size` buildings, unless exactly this town is there already.

    The same seed and size give the same bytes. Quarters are laid out and written one at a time; a larger
    town has the smaller one within it.
    """
    stamp = {"seed": seed, "size": size, "program": _program()}
    done = folder / "generated.json"
    if _stamp_of(done) == stamp and all((folder / name).is_file() for name in FILES):
        return
    folder.mkdir(parents=True, exist_ok=True)
    done.unlink(missing_ok=True)
    with ExitStack() as files:
        opened = {name: files.enter_context(whole_or_not(folder / name)) for name in FILES}
        writer = _Writer(opened, size)
        quarters = quarters_of(Town(seed, size))
        for line in city_lines(writer.buildings(quarters), CENTRE, DATE):
            opened[FILES[0]].write(line + b"\n")
        writer.close()
    write_atomically(done, json.dumps(stamp).encode())


class _Writer:
    """Writes all but the buildings while these pass through."""

    def __init__(self, files: dict[str, BinaryIO], size: int) -> None:
        self._to = {
            name.partition(".")[0]: Collection(file)
            for name, file in files.items()
            if name.endswith(".geojson")
        }
        self._bgt = {name[4:-4]: file for name, file in files.items() if name in BGT_FILES}
        for file in self._bgt.values():
            file.write(HEAD)
        self._size = size
        self._ways = 0
        self._wijken: dict[str, tuple[str, list[shapely.Polygon]]] = {}

    def buildings(self, quarters: Iterator[Quarter]) -> Iterator[Placed]:
        """The buildings of the quarters up to the size of the town; the rest of each quarter is written."""
        number = 0
        for quarter in quarters:
            self._write(quarter)
            placed = _placed(quarter.houses[: self._size - number], number)
            number += len(placed)
            for kind, member in surfaces(quarter, placed):
                self._bgt[kind].write(member)
            yield from placed

    def close(self) -> None:
        """Write the wijken, which are whole only now, and end all files."""
        for code, (name, parts) in sorted(self._wijken.items()):
            self._to["wijken"].add(shapely.union_all(parts), {"wijkcode": code, "wijknaam": name})
        for each in self._to.values():
            each.close()
        for file in self._bgt.values():
            file.write(TAIL)

    def _write(self, quarter: Quarter) -> None:
        for way in quarter.ways:
            self._way(way)
        for n, way in enumerate(quarter.rails):
            place = f"r{quarter.cell.column}.{quarter.cell.row}.{n}"
            self._to["spoor"].add(way.line.line(), {"id": place, "railway": "rail"})
        self._areas("water", quarter.waters)
        self._areas("parken", quarter.parks)
        self._areas("pleinen", quarter.squares)
        self._areas("bouwplaatsen", quarter.sites)
        for line in quarter.tree_rows:
            self._to["boomrijen"].add(line.line(), {"kind": "tree_row"})
        if quarter.cell.number < 0:
            return
        properties = {
            "buurtcode": quarter.code,
            "buurtnaam": quarter.name,
            "wijkcode": quarter.district_code,
            "wijknaam": quarter.district,
            "gemeentecode": "GM9999",
        }
        self._to["buurten"].add(quarter.outline, properties)
        self._wijken.setdefault(quarter.district_code, (quarter.district, []))[1].append(quarter.outline)

    def _way(self, way: Way) -> None:
        self._ways += 1
        properties = {
            "id": f"w{self._ways}",
            "highway": way.highway,
            "name": way.name or None,
            "maxspeed": str(way.maxspeed) if way.maxspeed else None,
            "oneway": "yes" if way.oneway else "no",
        }
        self._to["straten"].add(way.line.line(), properties)

    def _areas(self, name: str, areas: tuple[Area, ...]) -> None:
        for area in areas:
            self._to[name].add(area.polygon, {"name": area.name or None, "kind": area.kind})


def _placed(houses: tuple[House, ...], before: int) -> list[Placed]:
    """The houses on the ground, numbered on; a few are as incomplete as in real data."""
    if not houses:
        return []
    middles = np.array([house.outline.mean(axis=0) for house in houses])
    return [
        Placed(
            number,
            house,
            ground,
            shaped=number % 67 != 0,
            measured=number % 134 != 0,
            year_known=number % 29 != 0,
        )
        for number, (house, ground) in enumerate(
            zip(houses, height_nap_m(middles).tolist(), strict=True), start=before + 1
        )
    ]


def _program() -> str:
    """A hash of the generator itself: another program may give another town."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for source in [*sorted(here.glob("*.py")), *sorted((here / "form").glob("*.py"))]:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _stamp_of(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
