"""Parking bays for disabled people: Amsterdam (GeoJSON), Eindhoven (Opendatasoft), Arnhem (ArcGIS), NDW (E6).

Only a street, a kind and a number of places are taken over, by name: a bay reserved for one car has its
number plate at the source, and a number plate is personal data. Amsterdam names EPSG:4326, whose axes are
latitude first, and writes the longitude first. Eindhoven writes one place twice, in either order: the
geometry counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

import shapely

from tweestad.plugin import Facts, InputRejected, Location, Parsed, Record, Skipped, Thing, each, read_json

_KIND = "bay"
_SIGN = ("E6", "E6a", "E6b", "E06")


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Every bay of one reply, as `facts.part` says whose it is."""
    document = read_json(payload)
    if facts.part == "eindhoven":
        rows, read = document.records("records"), _eindhoven
        if document.whole("nhits") > len(rows):
            yield Skipped("there are more than one page holds", document.whole("nhits") - len(rows))
    elif facts.part == "arnhem":
        if document.whole("spatialReference/wkid") != 4326:
            raise InputRejected("its positions are in a reference system that is not read")
        rows, read = document.records("features"), _arnhem
    elif facts.part == "ndw":
        rows, read = document.records("items"), _sign
    else:
        rows, read = document.records("features"), _amsterdam
    if not rows:
        yield Skipped("there are none here", 0)
    yield from each(rows, partial(read, facts))


def _bay(
    facts: Facts,
    key: str,
    shape: shapely.Geometry,
    street: str | None,
    kind: str,
    places: float | None = None,
) -> Thing:
    if shapely.is_empty(shape) or not shapely.is_valid(shape):
        raise InputRejected("its outline crosses itself or is empty")
    at = shapely.point_on_surface(shape)
    told = {"straat": street, "soort": kind, "plaatsen": None if places is None else int(places)}
    point = isinstance(shape, shapely.Point)
    return Thing(
        source=facts.source,
        key=f"{facts.part}-{key}",
        name=street or "",
        location=Location(at.x, at.y, shape=None if point else shapely.to_wkb(shape)),
        kind=_KIND,
        properties={name: value for name, value in told.items() if value is not None},
    )


def _polygon(rings: list[Record]) -> shapely.Geometry:
    """Rings of pairs, longitude first; the first is the outline."""
    lines = [[_pair(pair) for pair in ring.records("#text")] for ring in rings]
    if not lines or min(map(len, lines)) < 4:
        raise InputRejected("an outline has fewer than four corners")
    return shapely.Polygon(lines[0], lines[1:])


def _pair(pair: Record) -> tuple[float, float]:
    numbers = pair.numbers("#text")
    if len(numbers) < 2:
        raise InputRejected("a corner is not two numbers")
    return numbers[0], numbers[1]


def _amsterdam(facts: Facts, row: Record) -> Iterator[Parsed]:
    if row.text("geometry/type") != "Polygon":
        raise InputRejected("a bay that is no polygon")
    told = row.record("properties")
    if told.text("eType") not in _SIGN:
        yield Skipped("a bay for others")
        return
    shape = _polygon(row.records("geometry/coordinates"))
    street, kind = told.text("straatnaam"), told.text("eType")
    yield _bay(facts, told.text("id"), shape, street, kind, told.find_number("aantal"))


def _eindhoven(facts: Facts, row: Record) -> Iterator[Parsed]:
    told = row.record("fields")
    if row.text("geometry/type") != "Point":
        raise InputRejected("a bay that is no point")
    lon, lat = row.record("geometry").numbers("coordinates")[:2]
    shape, street, kind = shapely.Point(lon, lat), told.text("straat"), told.text("type_en_merk")
    yield _bay(facts, row.text("recordid"), shape, street, kind, told.find_number("aantal"))


def _arnhem(facts: Facts, row: Record) -> Iterator[Parsed]:
    told = row.record("attributes")
    shape = _polygon(row.records("geometry/rings"))
    yield _bay(facts, str(told.whole("ID")), shape, told.text("STRAAT"), told.text("RVV_SOORT"))


def _sign(facts: Facts, row: Record) -> Iterator[Parsed]:
    code = row.text("rvvCode")
    if code not in _SIGN:
        yield Skipped("another traffic sign")
        return
    where = row.record("location/wgs84")
    shape = shapely.Point(where.number("longitude"), where.number("latitude"))
    yield _bay(facts, row.text("id"), shape, row.find_text("location/road/name"), code)
