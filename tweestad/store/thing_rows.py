"""Things and datastreams as rows and back, checked on the way in."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import shapely
from shapely.errors import GEOSException

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.model.feature import canonical_json
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.store.intake import (
    ATTRIBUTES_MAX,
    COORDINATE_MAX_M,
    check_attribute_name,
    check_name,
    check_text,
    check_value,
)
from tweestad.store.values import from_us

RD = 28992
PERIOD_MAX_S = 100 * 366 * 86_400
CHANNELS_MAX = 1_000
# What says what a thing is, in the order of the columns of the tables.
BODY_COLUMNS = ("kind", "min_x", "min_y", "max_x", "max_y", "body", "shape")

Row = tuple[Any, ...]


def thing_body(thing: Thing) -> Row:
    """The thing in the order of BODY_COLUMNS; raises InputRejected for what cannot be kept."""
    where = thing.id[:200]
    check_name(thing.source, "the id of a source", where)
    check_name(thing.key, "the id of a thing", where)
    check_text(thing.kind, "the kind of a thing", where)
    check_text(thing.name, "the name of a thing", where)
    if thing.ref:
        check_name(thing.ref, "the national id", where)
    for name, value in thing.properties.items():
        check_attribute_name(name, where)
        check_value(name, value, where)
    place, box = thing.location, _box(thing)
    body = canonical_json(
        {
            "key": thing.key,
            "name": thing.name,
            "ref": thing.ref,
            "since": _iso(thing.since),
            "until": _iso(thing.until),
            "properties": dict(thing.properties),
            "place": None if place is None else [place.x, place.y, place.height_nap_m, place.accuracy_m],
        }
    )
    if len(body) > ATTRIBUTES_MAX:
        raise LimitExceeded(f"the properties are longer than {ATTRIBUTES_MAX // 1024} kB", where=where)
    return (thing.kind, *box, body, None if place is None else place.shape)


def body_hash(row: Row) -> bytes:
    """16 bytes of BLAKE2 over all that a row of BODY_COLUMNS says."""
    kind, *_box, body, shape = row
    said = kind.encode() + b"\0" + body.encode() + b"\0" + (shape or b"")
    return hashlib.blake2b(said, digest_size=16).digest()


def stored_body(source: str, kind: str, body: str, shape: bytes | None, ended: int | None) -> Thing:
    """The thing as it was told; when it has ended, `until` is when."""
    said: Mapping[str, Any] = orjson.loads(body)
    place = said["place"]
    location = None
    if place is not None:
        x, y, height, accuracy = place
        location = Location(x, y, RD, shape, height, accuracy)
    properties = {k: tuple(v) if isinstance(v, list) else v for k, v in said["properties"].items()}
    until = _moment(said["until"])
    if ended is not None:
        until = from_us(ended) if until is None else min(until, from_us(ended))
    key, name, ref, since = said["key"], said["name"], said["ref"], _moment(said["since"])
    return Thing(source, key, name, location, kind, properties, ref, since, until)


def datastream_row(stream: Datastream) -> Row:
    """(observed, period, unit, method, name, channels) of a datastream, checked."""
    where = stream.id[:200]
    check_name(stream.observed, "the property of a datastream", where)
    for text, what in ((stream.unit, "unit"), (stream.method, "method"), (stream.name, "name")):
        check_text(text, f"the {what} of a datastream", where)
    if stream.method:
        check_name(stream.method, "the method of a datastream", where)
    if not 0 <= stream.period_s <= PERIOD_MAX_S:
        raise InputRejected("the interval of a datastream is not between nothing and a century", where=where)
    if len(stream.channels) > CHANNELS_MAX:
        raise LimitExceeded(f"a datastream has more than {CHANNELS_MAX} channels", where=where)
    for channel in stream.channels:
        check_text(channel, "a channel", where)
    channels = orjson.dumps(stream.channels).decode() if stream.channels else None
    return stream.observed, stream.period_s, stream.unit, stream.method, stream.name, channels


def stored_datastream(thing: str, row: Row) -> Datastream:
    observed, period_s, unit, method, name, channels = row
    told = tuple(orjson.loads(channels)) if channels else ()
    return Datastream(thing, observed, unit, method, name, period_s, told)


def _box(thing: Thing) -> tuple[float | None, ...]:
    """The envelope (min x, min y, max x, max y) in RD metres; None without a place."""
    place, where = thing.location, thing.id[:200]
    if place is None:
        return (None, None, None, None)
    if place.crs != RD:
        raise InputRejected("the place of a thing is not in RD", where=where)
    box: tuple[float, ...] = (place.x, place.y, place.x, place.y)
    if place.shape is not None:
        try:
            shape = shapely.from_wkb(place.shape)
        except (GEOSException, TypeError) as exc:
            raise InputRejected("the geometry is not WKB", where=where) from exc
        if shape.is_empty:
            raise InputRejected("the geometry is empty", where=where)
        box = shape.bounds
    numbers = [*box, *(n for n in (place.height_nap_m, place.accuracy_m) if n is not None)]
    # A comparison with NaN is false, so this finds both.
    if not all(abs(n) <= COORDINATE_MAX_M for n in numbers) or not math.isfinite(place.x + place.y):
        raise InputRejected("a coordinate is not a finite number of metres in RD", where=where)
    return tuple(float(n) for n in box)


def _iso(moment: datetime | None) -> str | None:
    if moment is not None and moment.tzinfo is None:
        raise InputRejected("a moment has no time zone")
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
