"""What measures and what is measured on: a thing, where it is, and its datastreams (OGC SensorThings)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tweestad.errors import InputRejected
from tweestad.model.feature import Value

KEY_MAX = 150
WGS84_CRS = 4326
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Where rows stand that have no place: 0,0, the poles, and RD 0,0 in degrees.
_NOWHERE = ((0.0, 0.0), (180.0, 90.0), (3.3135424, 47.974766))
_NEAR = 1e-4


@dataclass(frozen=True, slots=True)
class Location:
    """Where a thing is, in the coordinates of its source: the gate turns it into RD.

    `x`, `y` in `crs` (an EPSG number), x or longitude first whatever the register says; for a line or an
    area a point of it. `shape` is WKB in the same coordinates, None for a point. `height_nap_m` in metres
    NAP. `accuracy_m` says how far off it may be: the source rounded it, or nobody measured it.
    Raises InputRejected for what is no place: not finite, 0,0, or beyond the poles.
    """

    x: float
    y: float
    crs: int = WGS84_CRS
    shape: bytes | None = None
    height_nap_m: float | None = None
    accuracy_m: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.x) and math.isfinite(self.y)):
            raise InputRejected("the position is not a number")
        if self.crs != WGS84_CRS:
            if self.x == 0 and self.y == 0:
                raise InputRejected("the position is a placeholder, not a place")
            return
        if any(abs(self.x - x) < _NEAR and abs(self.y - y) < _NEAR for x, y in _NOWHERE):
            raise InputRejected("the position is a placeholder, not a place")
        if not (-180 <= self.x <= 180 and -90 <= self.y <= 90):
            raise InputRejected("the position lies outside the world")


def check_key(key: str) -> str:
    """Return what a source calls a thing, or raise InputRejected when it cannot be a part of an id."""
    if not key or key != key.strip():
        raise InputRejected("it has no id")
    if len(key) > KEY_MAX:
        raise InputRejected(f"its id is longer than {KEY_MAX} characters")
    if _UNPRINTABLE.search(key):
        raise InputRejected("its id holds a character that cannot be printed")
    return key


@dataclass(frozen=True, slots=True)
class Thing:
    """A station, gauge, well, charging point, vehicle, panel, incident or bay of one source.

    `key` is the source's own stable id. `kind` is one English word for what it is. `properties` are facts
    that do not change with every reading, under names of the vocabulary where it has them. `ref` is the
    national id. `since` and `until` (UTC) bound the time in which it is there, for what comes and goes.
    """

    source: str
    key: str
    name: str = ""
    location: Location | None = None
    kind: str = ""
    properties: Mapping[str, Value] = field(default_factory=dict)
    ref: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        check_key(self.key)

    @property
    def id(self) -> str:
        """`{source}:{the source's own id}`."""
        return f"{self.source}:{self.key}"


@dataclass(frozen=True, slots=True)
class Datastream:
    """One observed property of one thing, measured in one way.

    `observed` is an entry of the vocabulary (`properties/<observed>.toml`). `unit` is that of the source, as
    UCUM where we know it. `method` tells series of one property apart (raw and calibrated). `period_s` is
    the length of the interval that a value covers, 0 for a moment. `channels` are the names under which the
    source's messages speak of it, when those are not the id of the thing.
    """

    thing: str
    observed: str
    unit: str
    method: str = ""
    name: str = ""
    period_s: int = 0
    channels: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """`{thing}:{property}[:{method}]`."""
        return (
            f"{self.thing}:{self.observed}:{self.method}" if self.method else f"{self.thing}:{self.observed}"
        )
