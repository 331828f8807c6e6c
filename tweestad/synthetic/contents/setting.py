"""The form of the town as its contents need it: its buildings, streets, waters, parks and quarters.

Read from the files that the form was written to, so that the contents can never speak of a building or a
street that is not in them.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from tweestad import crs
from tweestad.synthetic.form.ground import height_nap_m

Points = NDArray[np.float64]
_WALKED = ("footway", "path", "cycleway", "steps", "track")
_STREETS = ("primary", "secondary", "tertiary", "residential", "unclassified", "living_street", "pedestrian")


@dataclass(frozen=True, slots=True, eq=False)
class Building:
    """A building of the town: `outline` (n, 2) in EPSG:28992, heights in metres NAP (top None: not measured).

    `quarter` and `street` are the nearest ones: places in `Setting.quarters` and `Setting.streets`.
    """

    number: int
    identification: str
    outline: Points
    ground_nap_m: float
    top_nap_m: float | None
    built: int
    uses: tuple[str, ...]
    units: int
    quarter: int
    street: int
    x: float
    y: float

    @property
    def area_m2(self) -> float:
        """The ground area; courtyards are not taken off."""
        x, y = (self.outline - self.outline[0]).T
        return abs(float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))) / 2

    @property
    def pand(self) -> str:
        """The register id."""
        return f"NL.IMBAG.Pand.{self.identification}"


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A named piece of street or path: its centre line in EPSG:28992 and OSM's word for its kind."""

    id: str
    name: str
    kind: str
    line: shapely.LineString


@dataclass(frozen=True, slots=True, eq=False)
class Quarter:
    """A buurt and the wijk it lies in; the shape in EPSG:28992."""

    code: str
    name: str
    district_code: str
    district: str
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True, eq=False)
class Green:
    """A park or square; the shape in EPSG:28992."""

    name: str
    kind: str
    shape: shapely.Geometry


@dataclass(frozen=True, eq=False)
class Setting:
    """Everything that the contents stand on, with the seed that they follow from.

    `rails` and `tree_rows` are lines, `sites` the areas where building goes on; all shapes in EPSG:28992.
    """

    seed: int
    buildings: tuple[Building, ...]
    streets: tuple[Way, ...]
    paths: tuple[Way, ...]
    waters: tuple[shapely.Geometry, ...]
    parks: tuple[Green, ...]
    quarters: tuple[Quarter, ...]
    rails: tuple[shapely.Geometry, ...]
    tree_rows: tuple[shapely.Geometry, ...]
    sites: tuple[shapely.Geometry, ...]

    @cached_property
    def water(self) -> shapely.Geometry:
        """All water as one shape, prepared for asking."""
        whole = shapely.union_all(np.array(self.waters, dtype=object))
        shapely.prepare(whole)
        return whole

    @cached_property
    def footprints(self) -> NDArray[np.object_]:
        """The outlines as polygons, in the order of the buildings."""
        return np.array([shapely.Polygon(each.outline) for each in self.buildings], dtype=object)

    @cached_property
    def footprint_tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.footprints)

    @cached_property
    def tops_nap_m(self) -> NDArray[np.float64]:
        """The highest point of each building; nan where it was not measured."""
        return np.array([np.nan if b.top_nap_m is None else b.top_nap_m for b in self.buildings])

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all buildings, in EPSG:28992."""
        west, south, east, north = shapely.total_bounds(self.footprints)
        return float(west), float(south), float(east), float(north)

    @cached_property
    def middle(self) -> Points:
        """The middle of the town, EPSG:28992."""
        west, south, east, north = self.box
        return np.array([(west + east) / 2, (south + north) / 2])

    @cached_property
    def districts(self) -> dict[str, tuple[Quarter, ...]]:
        """The quarters of each wijk, by its code, in order of code."""
        codes = sorted({quarter.district_code for quarter in self.quarters})
        return {c: tuple(q for q in self.quarters if q.district_code == c) for c in codes}

    def ground_nap_m(self, xy: Points) -> NDArray[np.float64]:
        """The height of the ground at points (n, 2) in EPSG:28992."""
        return height_nap_m(xy)

    def used_for(self, use: str) -> tuple[Building, ...]:
        """The buildings with this BAG use, in order of number."""
        return tuple(each for each in self.buildings if use in each.uses)

    def among(self, count: int) -> int:
        """At least one, and one more for each `count` buildings."""
        return 1 + len(self.buildings) // count


def read_setting(folder: Path, *, seed: int) -> Setting:
    """The setting of the town that was written in this folder."""
    quarters = _quarters(folder / "buurten.geojson")
    ways = [
        Way(str(p["id"]), str(p["name"] or ""), str(p["highway"]), shape)
        for p, shape in _rows(folder / "straten.geojson")
        if isinstance(shape, shapely.LineString)
    ]
    streets = tuple(way for way in ways if way.name and way.kind in _STREETS)
    raw = list(_raw_buildings(folder / "gebouwen.city.jsonl.gz"))
    return Setting(
        seed=seed,
        buildings=_placed(raw, streets, quarters),
        streets=streets,
        paths=tuple(way for way in ways if way.kind in _WALKED),
        waters=_shapes(folder / "water.geojson"),
        parks=tuple(
            Green(str(p.get("name") or ""), str(p.get("kind") or ""), shape)
            for p, shape in _rows(folder / "parken.geojson")
        ),
        quarters=quarters,
        rails=_shapes(folder / "spoor.geojson"),
        tree_rows=_shapes(folder / "boomrijen.geojson"),
        sites=_shapes(folder / "bouwplaatsen.geojson"),
    )


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], shapely.Geometry]]:
    """The properties and shape (EPSG:28992) of each feature of a GeoJSON file of the form."""
    for feature in orjson.loads(path.read_bytes())["features"]:
        shape = shapely.from_geojson(orjson.dumps(feature["geometry"]))
        yield feature["properties"], shapely.transform(shape, lambda xy: crs.from_lonlat(xy).round(3))


def _shapes(path: Path) -> tuple[shapely.Geometry, ...]:
    return tuple(shape for _, shape in _rows(path))


def _quarters(path: Path) -> tuple[Quarter, ...]:
    return tuple(
        Quarter(
            code=str(p["buurtcode"]),
            name=str(p["buurtnaam"]),
            district_code=str(p["wijkcode"]),
            district=str(p["wijknaam"]),
            shape=shape,
        )
        for p, shape in _rows(path)
    )


_Raw = tuple[dict[str, Any], Points]


def _raw_buildings(path: Path) -> Iterator[_Raw]:
    """The attributes and the footprint of each building, one at a time."""
    with gzip.open(path, "rb") as lines:
        transform = orjson.loads(next(lines))["transform"]
        scale, origin = np.array(transform["scale"]), np.array(transform["translate"])
        for line in lines:
            feature = orjson.loads(line)
            building = feature["CityObjects"][feature["id"]]
            flat = next(g for g in building["geometry"] if g["lod"] == "0")
            corners = np.array([feature["vertices"][n] for n in flat["boundaries"][0][0]])
            yield building["attributes"], (corners * scale + origin)[:, :2]


def _placed(raw: list[_Raw], streets: tuple[Way, ...], quarters: tuple[Quarter, ...]) -> tuple[Building, ...]:
    shapes = np.array([shapely.Polygon(outline) for _, outline in raw], dtype=object)
    spots = shapely.point_on_surface(shapes)
    street_of = shapely.STRtree([way.line for way in streets]).nearest(spots).tolist()
    quarter_of = shapely.STRtree([quarter.shape for quarter in quarters]).nearest(spots).tolist()
    xy = shapely.get_coordinates(spots).round(3).tolist()
    return tuple(
        Building(
            number=n + 1,
            identification=str(told["identificatie"]),
            outline=outline,
            ground_nap_m=float(told["rf_h_ground"]),
            top_nap_m=told["rf_h_roof_max"],
            built=int(told["bouwjaar"]),
            uses=tuple(str(told["gebruiksdoel"]).split(",")),
            units=int(told["aantal_verblijfsobjecten"]),
            quarter=quarter_of[n],
            street=street_of[n],
            x=xy[n][0],
            y=xy[n][1],
        )
        for n, (told, outline) in enumerate(raw)
    )
