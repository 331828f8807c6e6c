"""Writes the input files of Voorbeeldstad: a town of any size around a place in the middle of a lake.

RD 150000, 528000 is open water of the IJsselmeer, where no real town can be mistaken for it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from tweestad import crs
from tweestad.files import write_atomically
from tweestad.synthetic.city_file import Placed, write_city_file
from tweestad.synthetic.curves import Curve
from tweestad.synthetic.names import name_of
from tweestad.synthetic.neighbourhood import (
    CANAL_M,
    HOUSES,
    SIDE_M,
    Area,
    Neighbourhood,
    Way,
    design_of,
    lay_out,
)

CENTRE = (150_000.0, 528_000.0)
DATE = "2026-01-01"
FILES = ("gebouwen.city.jsonl.gz", "straten.geojson", "water.geojson", "parken.geojson", "buurten.geojson")
_DITCH_EVERY_M = 74.0
_POLDER_M = 420.0


@dataclass(frozen=True, slots=True)
class _Corner:
    """Where neighbourhood `number` goes: its middle in RD, and 1 or -1 (turned half round)."""

    number: int
    x: float
    y: float
    turn: float


_Part = tuple[Neighbourhood, _Corner]


def write_town(folder: Path, *, seed: int, size: int) -> None:
    """Write the files of a town with `size` buildings, unless exactly this town is there already.

    The same seed and size give the same bytes. Each part of 200 buildings is one neighbourhood, the
    first being the old town; a larger town has the smaller one within it.
    """
    stamp = {"seed": seed, "size": size, "program": _program()}
    done = folder / "generated.json"
    if _stamp_of(done) == stamp and all((folder / name).is_file() for name in FILES):
        return
    folder.mkdir(parents=True, exist_ok=True)
    done.unlink(missing_ok=True)
    count = math.ceil(size / HOUSES)
    corners = [_corner(n) for n in range(count)]
    designs = {d: lay_out(seed, d) for d in sorted({design_of(n) for n in range(count)})}
    together = [(designs[design_of(n)], corner) for n, corner in enumerate(corners)]
    write_city_file(folder / FILES[0], _placed(together, size), CENTRE, DATE)
    ways = [(way, corner) for place, corner in together for way in place.ways]
    ways += [(way, corner) for place, corner in together for way in _roads_out(place, corner, corners)]
    _write(folder / FILES[1], [_way(n, way, corner) for n, (way, corner) in enumerate(ways)])
    waters = [(area, corner) for place, corner in together for area in place.waters]
    waters += [(area, corner) for place, corner in together for area in _canals_out(place, corner, corners)]
    _write(folder / FILES[2], [*(_area(*each) for each in waters), *_ditches(corners)])
    parks = [(area, corner) for place, corner in together for area in place.parks]
    _write(folder / FILES[3], [_area(*each) for each in parks])
    _write(folder / FILES[4], list(_quarters(together)))
    write_atomically(done, json.dumps(stamp).encode())


def _program() -> str:
    """A hash of the generator itself: another program may give another town."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _stamp_of(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _corner(number: int) -> _Corner:
    """Neighbourhoods lie in a square spiral around the first."""
    column, row = _spiral(number)
    turn = -1.0 if (column + row) % 2 else 1.0
    return _Corner(number, CENTRE[0] + column * SIDE_M, CENTRE[1] + row * SIDE_M, turn)


def _spiral(number: int) -> tuple[int, int]:
    """The column and row of a step on a square spiral that starts at (0, 0)."""
    x = y = 0
    dx, dy = 1, 0
    step, walked, turns = 1, 0, 0
    for _ in range(number):
        x, y, walked = x + dx, y + dy, walked + 1
        if walked == step:
            dx, dy, walked, turns = -dy, dx, 0, turns + 1
            step += turns % 2 == 0
    return x, y


def _placed(together: list[_Part], size: int) -> Iterator[Placed]:
    number = 0
    for place, corner in together:
        for house in place.houses[:HOUSES]:
            if number == size:
                return
            number += 1
            moved = house.moved(corner.turn, corner.x, corner.y)
            # A few buildings are as incomplete as in real data.
            yield Placed(
                number,
                moved,
                _ground(moved.outline.mean(axis=0)),
                shaped=number % 67 != 0,
                measured=number % 134 != 0,
                year_known=number % 29 != 0,
            )


def _ground(at: NDArray[np.float64]) -> float:
    """The height of the ground in metres NAP: a gentle slope that nobody notices but the water."""
    x, y = at[0] - CENTRE[0], at[1] - CENTRE[1]
    return round(1.15 + 0.25 * math.sin(x / 190 + 1) * math.cos(y / 230), 3)


def _way(number: int, way: Way, corner: _Corner) -> dict[str, Any]:
    line = shapely.LineString(way.line.points * corner.turn + (corner.x, corner.y))
    properties = {
        "id": f"w{number + 1}",
        "highway": way.highway,
        "name": name_of(way.part, corner.number) or None,
    }
    return _feature(line, properties)


def _area(area: Area, corner: _Corner) -> dict[str, Any]:
    shape = shapely.transform(area.polygon, lambda xy: xy * corner.turn + (corner.x, corner.y))
    return _feature(shape, {"name": name_of(area.part, corner.number) or None, "kind": area.kind})


def _open_sides(corner: _Corner, corners: list[_Corner], across: tuple[int, int]) -> Iterator[int]:
    """1 and -1 (in the neighbourhood's own direction) for each side where the town ends."""
    taken = {(round(c.x), round(c.y)) for c in corners}
    for side in (1, -1):
        step = side * corner.turn * SIDE_M
        if (round(corner.x + step * across[0]), round(corner.y + step * across[1])) not in taken:
            yield side


def _roads_out(place: Neighbourhood, corner: _Corner, corners: list[_Corner]) -> Iterator[Way]:
    """The main street goes on into the polder, where the town ends."""
    main = place.ways[0]
    for side in _open_sides(corner, corners, (1, 0)):
        points = np.array([[side * SIDE_M / 2, 0.0], [side * (SIDE_M / 2 + _POLDER_M), 0.0]])
        yield Way(Curve(points), main.highway, main.part, main.width_m)


def _canals_out(place: Neighbourhood, corner: _Corner, corners: list[_Corner]) -> Iterator[Area]:
    """And so does its canal."""
    for side in _open_sides(corner, corners, (0, 1)):
        start, end = sorted((side * SIDE_M / 2, side * (SIDE_M / 2 + _POLDER_M)))
        yield Area(shapely.box(-CANAL_M / 2, start, CANAL_M / 2, end), place.waters[1].part, "canal")


def _quarters(together: list[_Part]) -> Iterator[dict[str, Any]]:
    number = 0
    for place, corner in together:
        for area in place.quarters:
            number += 1
            feature = _area(area, corner)
            code = f"BU9999{number:04d}"
            feature["properties"] = {
                "buurtcode": code,
                "buurtnaam": name_of(area.part, corner.number),
                "wijknaam": f"Wijk {corner.number + 1}",
            }
            yield feature


def _ditches(corners: list[_Corner]) -> Iterator[dict[str, Any]]:
    """Straight ditches in the polder around the town."""
    half = SIDE_M / 2
    town = shapely.union_all([shapely.box(c.x - half, c.y - half, c.x + half, c.y + half) for c in corners])
    outside = shapely.difference(
        town.buffer(_POLDER_M, join_style="mitre"), town.buffer(18, join_style="mitre")
    )
    # Roads and canals leave the town in the middle of its sides: keep ditches off those lines.
    for corner in corners:
        reach = half + _POLDER_M
        for dx, dy in ((reach, 26.0), (26.0, reach)):
            outside = outside.difference(
                shapely.box(corner.x - dx, corner.y - dy, corner.x + dx, corner.y + dy)
            )
    west, south, east, north = outside.bounds
    lines = [
        shapely.LineString([(x, south), (x + (north - south) * 0.21, north)])
        for x in np.arange(west - (north - south) * 0.21, east, _DITCH_EVERY_M)
    ]
    water = shapely.union_all([line.buffer(1.6, cap_style="flat") for line in lines])
    for part in shapely.get_parts(shapely.intersection(water, outside)):
        if part.area > 60:
            yield _feature(part, {"name": None, "kind": "ditch"})


def _feature(shape: shapely.Geometry, properties: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature in longitude and latitude, to a tenth of a millimetre."""
    placed = shapely.transform(shape, lambda xy: crs.to_lonlat(xy).round(9))
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(placed))}


def _write(path: Path, features: list[dict[str, Any]]) -> None:
    body = {"type": "FeatureCollection", "name": "Voorbeeldstad: invented", "features": features}
    write_atomically(path, orjson.dumps(body))
