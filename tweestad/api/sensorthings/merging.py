"""Readings of one datastream page by page, and of many in one order of time."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from tweestad.model.reading import Reading, StoredDatastream

Way = Literal["id", "time", "-time"]
PAGE = 1_000
_GROWTH = 10
_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cut:
    """Readings with start <= phenomenon < end, the oldest first or, when `descending`, the newest.

    `passed` are the datastream and moment of the reading at which the page before ended.
    """

    start: datetime | None = None
    end: datetime | None = None
    descending: bool = False
    passed: tuple[str, datetime] | None = None

    def after(self, passed: tuple[str, datetime] | None) -> Cut:
        """The same from that reading on: those of its own moment are in, and `passed` tells them apart."""
        if passed is None:
            return self
        if self.descending:
            end = just_after(passed[1])
            return replace(self, end=end if self.end is None else min(self.end, end), passed=passed)
        start = passed[1]
        return replace(self, start=start if self.start is None else max(self.start, start), passed=passed)

    def holds(self, reading: Reading) -> bool:
        """Whether a reading is in it."""
        moment = reading.observation.phenomenon
        return (self.start is None or moment >= self.start) and (self.end is None or moment < self.end)

    def may_hold(self, stream: StoredDatastream) -> bool:
        """Whether a datastream can have a reading in it, by the first and last one that it has."""
        if stream.first is None or stream.last is None:
            return False
        return (self.start is None or stream.last >= self.start) and (
            self.end is None or stream.first < self.end
        )

    def place(self, moment: datetime) -> int:
        """Where a moment comes in this order."""
        ticks = (moment - _EPOCH) // _TICK
        return -ticks if self.descending else ticks


Read = Callable[[StoredDatastream, Cut, int], list[Reading]]


def just_after(moment: datetime) -> datetime:
    """The next moment that can be told apart."""
    return moment + _TICK if moment < datetime.max.replace(tzinfo=UTC) else moment


def readings_of(stream: StoredDatastream, cut: Cut, read: Read, hint: int) -> Iterator[Reading]:
    """The readings of one datastream, in pages that grow: `hint` in the first one."""
    limit = max(1, min(hint, PAGE))
    bounds = replace(cut, passed=None)
    while True:
        page = read(stream, bounds, limit)
        for reading in page:
            if not _has_passed(stream, reading, cut):
                yield reading
        if len(page) < limit:
            return
        last = page[-1].observation.phenomenon
        bounds = replace(bounds, end=last) if cut.descending else replace(bounds, start=just_after(last))
        limit = min(limit * _GROWTH, PAGE)


def _has_passed(stream: StoredDatastream, reading: Reading, cut: Cut) -> bool:
    if cut.passed is None:
        return False
    here = cut.place(reading.observation.phenomenon), stream.datastream.id
    return here <= (cut.place(cut.passed[1]), cut.passed[0])


def merged(
    streams: Iterable[StoredDatastream], cut: Cut, read: Read, hint: int
) -> Iterator[tuple[StoredDatastream, Reading]]:
    """The readings of many datastreams in order of time, and of datastream within a moment.

    A datastream is not read before its first or last reading can be the next one.
    """
    waiting: list[tuple[int, str, int]] = []
    known = list(streams)
    heads: dict[int, tuple[Reading | None, Iterator[Reading]]] = {}
    for n, stream in enumerate(known):
        bound = stream.last if cut.descending else stream.first
        if bound is not None:
            waiting.append((cut.place(bound), stream.datastream.id, n))
            heads[n] = (None, readings_of(stream, cut, read, 1 if cut.descending else hint))
    heapq.heapify(waiting)
    while waiting:
        _, stream_id, n = heapq.heappop(waiting)
        reading, rest = heads[n]
        if reading is not None:
            yield known[n], reading
        following = next(rest, None)
        if following is not None:
            heads[n] = (following, rest)
            heapq.heappush(waiting, (cut.place(following.observation.phenomenon), stream_id, n))
