"""The entities of the twin and how they lead to one another, read on behalf of one actor.

What a page of rows will ask next is read for the whole page at once: the datastreams of its things, the
things of its datastreams, the last readings of its datastreams.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from tweestad.api.sensorthings.entities import TYPES, Kind
from tweestad.api.sensorthings.merging import Cut, Way, just_after, merged, readings_of
from tweestad.api.sensorthings.properties import known_property, place_of
from tweestad.api.sensorthings.reach import Budget, Reach
from tweestad.api.sensorthings.rows import (
    Instrument,
    Placed,
    Row,
    instrument_of,
    reading_row,
    split_reading_id,
    stream_row,
)
from tweestad.model.reading import Latest, Reading, ReadingsWhere, StoredDatastream, StoredThing

PAGE = 1_000
TOGETHER = 200
_OF_THINGS: frozenset[Kind] = frozenset({"Thing", "Location", "HistoricalLocation", "FeatureOfInterest"})


class Measurements(Protocol):
    """What is asked of `Reader`; each verb gives only what its actor may see."""

    def things(self, where: ReadingsWhere, *, limit: int, after: str | None = None) -> list[StoredThing]: ...

    def count_things(self, where: ReadingsWhere) -> int: ...

    def datastreams(
        self, where: ReadingsWhere, *, limit: int, after: str | None = None
    ) -> list[StoredDatastream]: ...

    def latest(self, where: ReadingsWhere, *, limit: int) -> list[Latest]: ...

    def readings(
        self,
        datastream: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int,
        descending: bool = False,
    ) -> list[Reading]: ...

    def count_readings(
        self, datastream: str, *, start: datetime | None = None, end: datetime | None = None
    ) -> int: ...


class Graph:
    """One answer's view; it remembers what it has read and is thrown away with the answer."""

    def __init__(self, measurements: Measurements, budget: Budget) -> None:
        self._source = measurements
        self.budget = budget
        self._things: dict[str, StoredThing] = {}
        self._streams: dict[str, StoredDatastream] = {}
        self._streams_of: dict[str, list[StoredDatastream]] = {}
        self._latest: dict[str, Reading | None] = {}
        self._beside: dict[str, tuple[str, ...]] = {}

    def rows(
        self,
        kind: Kind,
        reach: Reach,
        *,
        way: Way = "id",
        after: str | None = None,
        hint: int = PAGE,
    ) -> Iterator[Row]:
        """All rows of a kind, in order of id, or of time when they are observations; after the id `after`.

        `hint` is how many will probably be taken.
        """
        if reach.is_nothing:
            return
        if kind in _OF_THINGS:
            for stored in self._pages_of_things(reach, after):
                yield from self._views(kind, stored)
        elif kind == "Datastream":
            yield from map(stream_row, self.streams(reach, after))
        elif kind == "Observation":
            yield from self._observations(reach, way, after, hint)
        else:
            yield from self._distinct(kind, reach, after)

    def find(self, kind: Kind, row_id: str, reach: Reach | None = None) -> Row | None:
        """The row of that id, when it is within reach."""
        wanted = reach or Reach()
        match kind:
            case "Datastream":
                wanted = wanted.meet(Reach(datastreams=(row_id,)))
            case "Observation":
                parts = split_reading_id(row_id)
                if parts is None:
                    return None
                only = Reach(datastreams=(parts[0],), start=parts[1], end=just_after(parts[1]))
                wanted = wanted.meet(only)
            case "Sensor" | "ObservedProperty":
                pass
            case _:
                wanted = wanted.meet(Reach(things=(row_id,)))
        found = (row for row in self.rows(kind, wanted, hint=1) if row.id == row_id)
        return next(found, None)

    def related(self, row: Row, name: str, *, way: Way = "id", hint: int = PAGE) -> Iterator[Row]:
        """Where a link of a row leads."""
        link = TYPES[row.kind].links[name]
        self.budget.look()
        match row.held:
            case StoredThing() if link.kind in _OF_THINGS:
                yield from self._views(link.kind, row.held)
            case Placed() if link.kind in _OF_THINGS:
                yield from self._views(link.kind, row.held.thing)
            case _ if link.many:
                yield from self.rows(link.kind, reach_of(row), way=way, hint=hint)
            case _:
                yield from self._one_of_stream(row, link.kind)

    def count(self, kind: Kind, reach: Reach) -> int:
        """How many rows there are."""
        if reach.is_nothing:
            return 0
        if kind in {"Thing", "FeatureOfInterest"}:
            return self._source.count_things(reach.where())
        if kind != "Observation":
            return sum(1 for _ in self.rows(kind, reach))
        counted, cut = 0, Cut(reach.start, reach.end)
        for stream in self.streams(reach):
            if not cut.may_hold(stream):
                continue
            if stream.first == stream.last:
                counted += 1
                continue
            self.budget.look()
            counted += self._source.count_readings(stream.datastream.id, start=reach.start, end=reach.end)
        return counted

    # Things and their places

    def _pages_of_things(self, reach: Reach, after: str | None) -> Iterator[StoredThing]:
        if after is None and reach.of_thing in self._things:
            yield self._things[reach.of_thing]
            return
        while True:
            page = self._source.things(reach.where(), limit=PAGE, after=after)
            self.budget.look(len(page))
            self._remember_things(page)
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].thing.id

    def _remember_things(self, page: Sequence[StoredThing]) -> None:
        self._things |= {stored.thing.id: stored for stored in page}
        self._stand_together([stored.thing.id for stored in page])

    def _stand_together(self, ids: Sequence[str]) -> None:
        for at in range(0, len(ids), TOGETHER):
            group = tuple(ids[at : at + TOGETHER])
            for each in group:
                self._beside.setdefault(each, group)

    def _views(self, kind: Kind, stored: StoredThing) -> Iterator[Row]:
        thing = stored.thing
        if kind == "HistoricalLocation":
            since = thing.since or min(
                (stream.first for stream in self._streams_of_thing(thing.id) if stream.first), default=None
            )
            if since is not None and place_of(thing) is not None:
                yield Row(kind, thing.id, Placed(stored, since))
        elif kind != "Location" or place_of(thing) is not None:
            yield Row(kind, thing.id, stored)

    def _thing(self, thing_id: str) -> StoredThing | None:
        if thing_id not in self._things:
            wanted = {thing_id, *self._beside.get(thing_id, ())} - self._things.keys()
            found = self._source.things(Reach(things=tuple(sorted(wanted))).where(), limit=PAGE)
            self.budget.look(len(found))
            self._things |= {stored.thing.id: stored for stored in found}
        return self._things.get(thing_id)

    # Datastreams

    def streams(self, reach: Reach, after: str | None = None) -> Iterator[StoredDatastream]:
        """The datastreams within reach in order of id, after an id."""
        if after is None and reach.of_stream in self._streams:
            yield self._streams[reach.of_stream]
            return
        if after is None and reach.of_thing is not None:
            yield from self._streams_of_thing(reach.of_thing)
            return
        while True:
            page = self._source.datastreams(reach.where(), limit=PAGE, after=after)
            self.budget.look(len(page))
            self._remember_streams(page)
            yield from (s for s in page if reach.methods is None or s.datastream.method in reach.methods)
            if len(page) < PAGE:
                return
            after = page[-1].datastream.id

    def _remember_streams(self, page: Sequence[StoredDatastream]) -> None:
        self._streams |= {stream.datastream.id: stream for stream in page}
        self._stand_together([stream.datastream.id for stream in page])
        self._stand_together(list(dict.fromkeys(stream.datastream.thing for stream in page)))

    def _streams_of_thing(self, thing_id: str) -> list[StoredDatastream]:
        if thing_id not in self._streams_of:
            wanted = {thing_id, *self._beside.get(thing_id, ())} - self._streams_of.keys()
            self._streams_of |= {each: [] for each in wanted}
            for stream in self.streams(Reach(things=tuple(sorted(wanted))), after=""):
                self._streams_of[stream.datastream.thing].append(stream)
        return self._streams_of[thing_id]

    def _one_of_stream(self, row: Row, kind: Kind) -> Iterator[Row]:
        stream = row.stream
        if kind == "Datastream":
            yield stream_row(stream)
        elif kind == "Sensor":
            what = instrument_of(stream)
            yield Row(kind, what.id, what)
        elif kind == "ObservedProperty":
            yield Row(kind, stream.datastream.observed, known_property(stream.datastream.observed))
        elif stored := self._thing(stream.datastream.thing):
            yield from self._views(kind, stored)

    def _distinct(self, kind: Kind, reach: Reach, after: str | None) -> Iterator[Row]:
        """The sensors, or the observed properties, of all datastreams within reach."""
        found: dict[str, Row] = {}
        for stream in self.streams(reach):
            (row,) = self._one_of_stream(stream_row(stream), kind)
            found[row.id] = row
        yield from (found[each] for each in sorted(found) if after is None or each > after)

    # Observations

    def _observations(self, reach: Reach, way: Way, after: str | None, hint: int) -> Iterator[Row]:
        parts = split_reading_id(after) if after else None
        if way != "id":
            cut = Cut(reach.start, reach.end, way == "-time").after(parts)
            for stream, reading in merged(self.streams(reach), cut, self._read, hint):
                yield reading_row(stream, reading)
            return
        cut = Cut(reach.start, reach.end)
        for stream in self._from_stream(reach, parts):
            here = cut.after(parts) if parts and stream.datastream.id == parts[0] else cut
            for reading in readings_of(stream, here, self._read, hint):
                yield reading_row(stream, reading)

    def _from_stream(self, reach: Reach, parts: tuple[str, datetime] | None) -> Iterator[StoredDatastream]:
        """The datastreams from the one on at which a page ended."""
        if parts is None:
            yield from self.streams(reach)
            return
        yield from self.streams(reach.meet(Reach(datastreams=(parts[0],))))
        if reach.of_stream is None:
            yield from self.streams(reach, after=parts[0])

    def _read(self, stream: StoredDatastream, cut: Cut, limit: int) -> list[Reading]:
        """A page of readings; the last one, or the only one, is read for many datastreams at once."""
        stream_id = stream.datastream.id
        if not cut.may_hold(stream):
            return []
        if stream.first == stream.last or (limit == 1 and cut == Cut(descending=True)):
            last = self._last_of(stream_id)
            # A value that came in meanwhile is the last one, but no longer the only one.
            if last is not None and last.observation.phenomenon == stream.last:
                return [last] if cut.holds(last) else []
        found = self._source.readings(
            stream_id, start=cut.start, end=cut.end, limit=limit, descending=cut.descending
        )
        self.budget.look(max(len(found), 1))
        return found

    def _last_of(self, stream_id: str) -> Reading | None:
        if stream_id not in self._latest:
            wanted = {stream_id, *self._beside.get(stream_id, ())} - self._latest.keys()
            self._latest |= dict.fromkeys(wanted)
            where = Reach(datastreams=tuple(sorted(wanted))).where()
            found = self._source.latest(where, limit=len(wanted))
            self.budget.look(len(found))
            self._latest |= {each.datastream.datastream.id: each.reading for each in found}
        return self._latest[stream_id]


def reach_of(row: Row) -> Reach:
    """What the links of a row to many reach."""
    if isinstance(row.held, Instrument):
        return Reach(sources=(row.held.source,), methods=(row.held.method,))
    if row.kind == "ObservedProperty":
        return Reach(observed=(row.id,))
    if row.kind == "Datastream":
        return Reach(datastreams=(row.id,))
    return Reach(things=(row.id,))
