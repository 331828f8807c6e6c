"""The one door for every payload: runs a source's `parse` and holds what comes out to the rules.

A `parse` is written by whoever added the source. Here it is held to what everybody relies on: few enough
records, ids given once, values only of the properties that the manifest names, times that are not in the
future, and nothing placed outside the country. What breaks a rule becomes a Rejected or a raised flag.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO
from urllib.parse import urlsplit

import numpy as np
import shapely

from tweestad.crs import ETRS89, RD, RD_NAP, WGS84, from_lonlat
from tweestad.errors import InputRejected, SourceChanged
from tweestad.feeds.manifest import Manifest
from tweestad.feeds.sources import Source
from tweestad.model.observation import Flag, Observation, Result
from tweestad.model.received import Facts, Follow, Parsed, Rejected, Skipped
from tweestad.model.thing import Datastream, Location, Thing

FORECAST_AT_MOST = timedelta(days=1)
ELSEWHERE = "elsewhere: outside the municipality"
_DEGREES = (WGS84, ETRS89)
_READ = (WGS84, ETRS89, RD, RD_NAP)
_FOLLOW_MAX = 10_000


@dataclass(frozen=True, slots=True)
class _Area:
    """A box in degrees (longitude first), and the box in RD that encloses it."""

    degrees: tuple[float, float, float, float]
    metres: tuple[float, float, float, float]

    def holds(self, where: Location) -> bool:
        box = self.degrees if where.crs in _DEGREES else self.metres
        if where.shape is not None:
            return bool(shapely.box(*box).intersects(shapely.from_wkb(where.shape)))
        return box[0] <= where.x <= box[2] and box[1] <= where.y <= box[3]


# The European Netherlands with its waters.
_COUNTRY = _Area((2.5, 50.6, 7.4, 55.8), (-7_000.0, 289_000.0, 300_000.0, 629_000.0))


@dataclass(slots=True)
class _Seen:
    """What has come out of one payload so far; `area` is what is kept of it."""

    area: _Area | None
    things: dict[str, Thing] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    streams: dict[str, Datastream] = field(default_factory=dict)
    values: dict[tuple[str, datetime], Result] = field(default_factory=dict)
    left: int = 0
    count: int = 0
    follows: set[str] = field(default_factory=set)


def read_payload(source: Source, payload: BinaryIO, facts: Facts) -> Iterator[Parsed]:
    """Everything in one payload, as a stream. `payload` is unpacked; its size was capped by who fetched it.

    Raises SourceChanged when the payload as a whole cannot be read; what came out before that is not whole
    and has to be thrown away. Things outside `facts.bbox` are counted with all that hangs on them.
    """
    seen = _Seen(area=None if facts.bbox is None else _Area(facts.bbox, _in_rd(facts.bbox)))
    parse = source.load_parse()
    try:
        for item in parse(payload, facts):
            seen.count += 1
            if seen.count > source.manifest.most_records:
                raise SourceChanged(f"it holds more than {source.manifest.most_records} records")
            yield from _held(item, seen, source.manifest, facts)
    except InputRejected as exc:
        raise SourceChanged(exc.reason) from exc
    if seen.left:
        yield Skipped(ELSEWHERE, seen.left)
    if not seen.count:
        raise SourceChanged("nothing in it was recognised")


def channels_of(streams: Iterable[Datastream]) -> dict[str, tuple[str, ...]]:
    """The channels of datastreams, as `Facts.channels` has them; a datastream's own id is one too."""
    found: dict[str, tuple[str, ...]] = {}
    for stream in streams:
        for channel in (stream.id, *stream.channels):
            found[channel] = (*found.get(channel, ()), stream.id)
    return found


def _held(item: Parsed, seen: _Seen, manifest: Manifest, facts: Facts) -> Iterator[Parsed]:
    if isinstance(item, Thing):
        yield from _held_thing(item, seen, facts)
    elif isinstance(item, Datastream):
        yield from _held_stream(item, seen, manifest)
    elif isinstance(item, Observation):
        yield from _held_value(item, seen, manifest, facts)
    elif isinstance(item, Follow):
        yield from _held_follow(item, seen, manifest)
    elif isinstance(item, Rejected) and manifest.personal_data == "dropped":
        # What is dropped must not come back as the example of a fault.
        yield Rejected(item.reason)
    else:
        yield item


def _held_thing(thing: Thing, seen: _Seen, facts: Facts) -> Iterator[Parsed]:
    if thing.source != facts.source:
        raise SourceChanged(f"the reader named another source: ‘{thing.source[:80]}’")
    if known := seen.things.get(thing.id):
        if known != thing:
            yield Rejected("another record has the same id", thing.id)
        else:
            yield Rejected("the same record is given twice", thing.id)
        return
    seen.things[thing.id] = thing
    where = thing.location
    if where is None or seen.area is None:
        yield thing
    elif where.crs not in _READ:
        raise SourceChanged(f"positions in EPSG:{where.crs} are not read")
    elif not _COUNTRY.holds(where):
        swapped = where.crs in _DEGREES and _COUNTRY.holds(Location(where.y, where.x))
        reason = "longitude and latitude look exchanged" if swapped else "it lies outside the Netherlands"
        seen.outside.add(thing.id)
        yield Rejected(reason, f"{thing.id} at {where.x:.6f} {where.y:.6f}")
    elif not seen.area.holds(where):
        if thing.id in seen.spoken:
            raise SourceChanged("the reader gave values before the place of their thing")
        seen.outside.add(thing.id)
        seen.left += 1
    else:
        yield thing


def _in_rd(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = box
    corners = np.array([[west, south], [east, south], [east, north], [west, north]])
    rd = from_lonlat(corners)
    (left, low), (right, high) = rd.min(axis=0), rd.max(axis=0)
    return float(left), float(low), float(right), float(high)


def _held_stream(stream: Datastream, seen: _Seen, manifest: Manifest) -> Iterator[Parsed]:
    if stream.observed not in manifest.properties:
        raise SourceChanged(f"the reader made a property that the manifest lacks: ‘{stream.observed[:80]}’")
    if stream.thing in seen.outside:
        seen.streams[stream.id] = stream
        return
    if stream.id in seen.streams:
        if seen.streams[stream.id] != stream:
            yield Rejected("another series has the same id", stream.id)
        return
    seen.streams[stream.id] = stream
    seen.spoken.add(stream.thing)
    yield stream


def _held_value(value: Observation, seen: _Seen, manifest: Manifest, facts: Facts) -> Iterator[Parsed]:
    stream = seen.streams.get(value.datastream)
    if stream is None and value.datastream not in facts.channels:
        yield Rejected("a value of a series that nobody has described", value.datastream)
        return
    if stream is not None and stream.thing in seen.outside:
        return
    if value.key in seen.values:
        same = seen.values[value.key] == value.result
        yield Rejected(
            "the same value is given twice" if same else "two values for one moment: the first is kept",
            f"{value.datastream} {value.phenomenon.isoformat()} {value.original}",
        )
        return
    seen.values[value.key] = value.result
    ahead = value.phenomenon - facts.received
    if ahead > max(FORECAST_AT_MOST, manifest.ahead):
        yield Rejected("its time lies in the future", f"{value.datastream} {value.phenomenon.isoformat()}")
    elif ahead > manifest.ahead and value.flag < Flag.SUSPECT:
        yield dataclasses.replace(value, flag=Flag.SUSPECT)
    else:
        yield value


def _held_follow(follow: Follow, seen: _Seen, manifest: Manifest) -> Iterator[Parsed]:
    if follow.url in seen.follows:
        yield Rejected("the same address is given twice", follow.url[:500])
        return
    seen.follows.add(follow.url)
    parts = urlsplit(follow.url)
    hosts = {urlsplit(request.url).netloc for request in manifest.requests}
    if parts.scheme not in ("http", "https") or parts.netloc not in hosts:
        yield Rejected("it refers to an address that the manifest does not name", follow.url[:500])
    elif len(seen.follows) > _FOLLOW_MAX:
        raise SourceChanged(f"it refers to more than {_FOLLOW_MAX} further addresses")
    else:
        yield follow
