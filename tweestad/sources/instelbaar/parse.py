"""Any GeoJSON, WFS, OGC API Features or CSV, by configuration alone: the manifest says which field is what.

`[settings.<part>]`: `format` (geojson or csv), `id`, `name`, `kind`, `properties` (our name = their field),
`time` and `zone` for values, `missing`, `values` (a list of `field`, `observed`, `unit`), and for CSV
`separator`, `decimal`, `x`, `y`, `crs`, `encoding`. Without `values` the objects have no measurements. Fields
are paths such as `properties/naam`. Positions are longitude first; a GeoJSON that names another system is
refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, cast

import shapely

from tweestad.plugin import (
    Datastream,
    Facts,
    Flag,
    Follow,
    InputRejected,
    Location,
    Observation,
    Parsed,
    Record,
    Skipped,
    SourceChanged,
    Thing,
    each,
    read_csv,
    read_json,
)

_KEYS = frozenset(
    [
        "format",
        "id",
        "name",
        "kind",
        "properties",
        "time",
        "zone",
        "missing",
        "values",
        "separator",
        "decimal",
        "x",
        "y",
        "crs",
        "encoding",
    ]
)
_LONLAT = ("CRS84", "4326")


def parse(payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Every object of the reply, with the values that the settings name."""
    told = facts.settings.get(facts.part)
    if not isinstance(told, dict):
        raise SourceChanged(f"the manifest has no [settings.{facts.part}]")
    if unknown := sorted(told.keys() - _KEYS):
        raise SourceChanged(f"[settings.{facts.part}] has an unknown key ‘{unknown[0]}’")
    settings = Record(told)
    if settings.text("format") == "csv":
        needed = [settings.text("id"), settings.text("x"), settings.text("y"), *_fields(settings)]
        separator = settings.find_text("separator") or ","
        encoding = settings.find_text("encoding") or "utf-8-sig"
        rows = read_csv(payload, needed, separator, encoding)
        yield from each(rows, partial(_object, facts, settings, set()))
        return
    document = read_json(payload)
    crs = document.find_text("crs/properties/name")
    if crs is not None and not crs.endswith(_LONLAT):
        raise SourceChanged("its positions are in a reference system that is not read")
    rows_of = document.records("features")
    if not rows_of:
        yield Skipped("there are none here", 0)
    yield from each(rows_of, partial(_object, facts, settings, set()))
    for link in document.find_records("links"):
        if link.text("rel") == "next":
            yield Follow(link.text("href"), facts.part)


def _fields(settings: Record) -> list[str]:
    return [value.text("field") for value in settings.find_records("values")]


def _object(facts: Facts, settings: Record, known: set[str], row: Record) -> Iterator[Parsed]:
    name = settings.find_text("name")
    fields = settings.values("properties")
    thing = Thing(
        source=facts.source,
        key=row.text(settings.text("id")),
        name="" if name is None else row.text(name),
        location=_location(settings, row),
        kind=settings.find_text("kind") or "",
        properties={ours: told for ours, theirs in fields.items() if (told := row.find_text(str(theirs)))},
    )
    if thing.id not in known:
        # A table has a row for every moment.
        yield thing
    measures = settings.find_records("values")
    if not measures:
        known.add(thing.id)
        return
    zone = settings.find_text("zone") or ""
    moment = row.time(settings.text("time"), cast(object, zone))  # type: ignore[arg-type]
    missing = tuple(value.text("#text") for value in settings.find_records("missing"))
    decimal = settings.find_text("decimal") or "."
    for measure in measures:
        field = measure.text("field")
        stream = Datastream(thing.id, measure.text("observed"), measure.text("unit"))
        value = row.measured(field, missing=missing, decimal=decimal)
        if thing.id not in known:
            yield stream
        yield Observation(
            stream.id, moment, value, facts.received, original=row.find_text(field) or "",
            flag=Flag.MISSING if value is None else Flag.NOT_EVALUATED,
        )  # fmt: skip
    known.add(thing.id)


def _location(settings: Record, row: Record) -> Location | None:
    if settings.text("format") == "csv":
        decimal = settings.find_text("decimal") or "."
        x = row.number(settings.text("x"), decimal=decimal)
        y = row.number(settings.text("y"), decimal=decimal)
        return Location(x, y, crs=settings.whole("crs") if "crs" in settings else 4326)
    geometry = row.find_record("geometry")
    if geometry is None:
        if "geometry" not in row:
            raise InputRejected("it has no geometry")
        return None
    shape = _shape(geometry)
    at = shapely.point_on_surface(shape)
    point = geometry.text("type") == "Point"
    return Location(at.x, at.y, shape=None if point else shapely.to_wkb(shape))


def _shape(geometry: Record) -> shapely.Geometry:
    if "coordinates" not in geometry:
        raise InputRejected("its geometry has no coordinates")
    try:
        found = shapely.geometry.shape(dict(geometry.values()))
    except (shapely.errors.ShapelyError, ValueError, TypeError, IndexError, AttributeError) as exc:
        raise InputRejected("its geometry cannot be read") from exc
    if shapely.is_empty(found) or not shapely.is_valid(found):
        raise InputRejected("its geometry is empty or crosses itself")
    return found
