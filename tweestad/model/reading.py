"""What the twin keeps of things, datastreams and observations, and what it tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tweestad.model.layer import Audience
from tweestad.model.observation import Flag, Observation, Result
from tweestad.model.thing import Datastream, Thing

Step = Literal["hour", "day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one answer of one source gave, checked: it is stored in one transaction, or not at all.

    Locations are in RD (EPSG:28992, metres). Units of datastreams are those of the vocabulary. With `whole`
    the answer is a complete snapshot of the part `part`: its things that are not in it have ended at
    `received`.
    `audience` is who may see what is new.
    """

    source: str
    received: datetime
    part: str = ""
    whole: bool = False
    audience: Audience = "public"
    things: tuple[Thing, ...] = ()
    datastreams: tuple[Datastream, ...] = ()
    observations: tuple[Observation, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What storing an arrival did. `n` is the change number of `readings` it took, the old one when
    nothing changed.

    `late` counts values of datastreams that are not known, which were not stored.
    """

    n: int
    things: int = 0
    ended: int = 0
    added: int = 0
    revised: int = 0
    unchanged: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class StoredThing:
    """A thing with the change number at which it last changed. Its location is in RD."""

    thing: Thing
    audience: Audience
    part: str
    n: int


@dataclass(frozen=True, slots=True)
class StoredDatastream:
    """A datastream of a thing of `source`; `first` and `last` are the bounds of its phenomenon
    times (UTC)."""

    datastream: Datastream
    source: str
    audience: Audience
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A stored observation. `first` is the value as first received, when a later revision replaced it."""

    observation: Observation
    revised: bool = False
    first: Result = None


@dataclass(frozen=True, slots=True)
class Latest:
    """The last reading of a datastream, with the change number at which it came."""

    datastream: StoredDatastream
    reading: Reading
    n: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """Numbers of one datastream over [start, end), in local time of the Netherlands (an hour, a day, a
    month).

    Values flagged FAIL or MISSING do not count. `share` is the part of the bucket that is covered, from 0
    to 1,
    when the datastream tells its `period_s`, else None.
    """

    start: datetime
    end: datetime
    count: int
    mean: float | None
    low: float | None
    high: float | None
    flagged: int = 0
    share: float | None = None


@dataclass(frozen=True, slots=True)
class ReadingsWhere:
    """Which things or datastreams. Empty fields do not filter. `bbox` in RD.

    `at` is a moment: things that were there then, and the last value that was not later. None is now.
    `changed_after` is a change number of `readings`. With `ended` (and no `at`) things that have ended are
    there too, with the end in `until`: so `changed_after` also tells what went.
    """

    sources: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    things: tuple[str, ...] | None = None
    datastreams: tuple[str, ...] | None = None
    observed: tuple[str, ...] | None = None
    bbox: tuple[float, float, float, float] | None = None
    at: datetime | None = None
    changed_after: int | None = None
    ended: bool = False
    audiences: frozenset[Audience] = field(default_factory=lambda: frozenset({"public"}))


USABLE = frozenset({Flag.GOOD, Flag.NOT_EVALUATED, Flag.SUSPECT})
