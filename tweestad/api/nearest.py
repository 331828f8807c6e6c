"""Features in order of their distance to a point: exact, in metres in RD, the same on both databases.

The store gives candidates by their boxes, shapely measures. A window around the point grows until it
holds enough; what lies outside it lies further away than its half width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import shapely

from tweestad.access.reader import Reader
from tweestad.api.v1.geojson import geometries
from tweestad.api.v1.positions import inside_grid, point_in_rd
from tweestad.api.v1.query import find_number
from tweestad.model.feature import BBox, StoredFeature
from tweestad.store.protocol import Where

FIRST_M = 250.0
# Farther than this nothing lies from anything in the Netherlands.
LAST_M = 1_000_000.0
PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Origin:
    """The point from which distances are measured: EPSG:28992, and as it stands in an address."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """A feature and its distance in metres, to the millimetre; infinite when it has no geometry."""

    metres: float
    id: str

    def __lt__(self, other: Near) -> bool:
        return (self.metres, self.id) < (other.metres, other.id)


def find_origin(text: str) -> Origin | None:
    """The point of `lon,lat` in degrees; None when it is none, or outside the Netherlands."""
    match [find_number(part) for part in text.split(",", 2)]:
        case [float(lon), float(lat)] if inside_grid(lon, lat):
            return Origin(*point_in_rd(lon, lat), text)
    return None


def nearest(reader: Reader, where: Where, origin: Origin, *, wanted: int) -> list[Near]:
    """At least the first `wanted` features in order of distance, then of id; fewer when there are fewer."""
    around_m = FIRST_M
    while around_m < LAST_M:
        box = BBox(origin.x - around_m, origin.y - around_m, origin.x + around_m, origin.y + around_m)
        found = sorted(_measured(reader, replace(where, bbox=box), origin))
        # In the corners of the window lie some for which nearer ones may lie outside it.
        sure = [each for each in found if each.metres <= around_m]
        if len(sure) >= wanted:
            return sure
        around_m *= 2
    return in_order(reader, where, origin)


def in_order(reader: Reader, where: Where, origin: Origin) -> list[Near]:
    """All features in order of distance; those without a geometry last."""
    return sorted(_measured(reader, where, origin))


def distances(rows: list[StoredFeature], origin: Origin) -> list[float]:
    """Metres from the point to each shape, to the millimetre; 0 inside it."""
    if not rows:
        return []
    shapes = shapely.force_2d(geometries(rows))
    found = shapely.distance(shapes, shapely.Point(origin.x, origin.y))
    return [math.inf if math.isnan(metres) else round(metres, 3) for metres in found.tolist()]


def _measured(reader: Reader, where: Where, origin: Origin) -> Iterator[Near]:
    after: str | None = None
    while rows := reader.features(where, limit=PAGE, after=after):
        for row, metres in zip(rows, distances(rows, origin), strict=True):
            yield Near(metres, row.feature.id)
        if len(rows) < PAGE:
            return
        after = rows[-1].feature.id
