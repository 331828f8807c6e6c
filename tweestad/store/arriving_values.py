"""The values of an arrival: which are new, which revise what is known, and which say nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import Connection, bindparam, delete, select, update

from tweestad.model.observation import Observation
from tweestad.store.backend import Backend
from tweestad.store.numbers import in_chunks, rows_by_moment
from tweestad.store.tables import latest, observation, observation_first
from tweestad.store.values import VALUE_COLUMNS, Row, to_us, value_row

_RESULT_TIME = VALUE_COLUMNS.index("result_time")
_RECEIVED = VALUE_COLUMNS.index("received")
_result = itemgetter(*(VALUE_COLUMNS.index(name) for name in ("kind", "value", "text")))
# From so many known moments of one datastream on, its whole range is read at once.
_DENSE = 20

Key = tuple[int, int]


@dataclass(slots=True)
class _Bounds:
    """What `latest` says of one datastream."""

    n: int
    first: int
    longest: int
    time: int
    row: Row


class ArrivingValues:
    """How the values of an arrival differ from those that are stored."""

    def __init__(
        self,
        backend: Backend,
        connection: Connection,
        observations: Sequence[Observation],
        numbers: Mapping[str, int],
    ) -> None:
        self.late = 0
        self.unchanged = 0
        told = self._told(observations, numbers)
        self._bounds = _bounds(connection, {number for number, _ in told})
        known = self._known(backend, connection, list(told))
        self._new: dict[Key, Row] = {}
        self._revised: dict[Key, tuple[Row, Row]] = {}
        for key, row in told.items():
            old = known.get(key)
            if old is None:
                self._new[key] = row
            elif _revises(row, old):
                self._revised[key] = (old, row)
            else:
                self.unchanged += 1

    @property
    def differ(self) -> bool:
        return bool(self._new or self._revised)

    @property
    def added(self) -> int:
        return len(self._new)

    @property
    def revised(self) -> int:
        return len(self._revised)

    def first_moments(self) -> dict[int, int]:
        """Of each datastream with a value before its first one: the moment of the new first one."""
        first: dict[int, int] = {}
        for number, time in self._new:
            bounds = self._bounds.get(number)
            if (bounds is None or time < bounds.first) and time < first.get(number, time + 1):
                first[number] = time
        return first

    def write(self, backend: Backend, connection: Connection, n: int) -> None:
        backend.bulk(connection, observation, [(*key, *self._new[key]) for key in sorted(self._new)])
        if self._revised:
            self._revise(backend, connection)
        self._write_latest(backend, connection, n)

    def _told(self, observations: Sequence[Observation], numbers: Mapping[str, int]) -> dict[Key, Row]:
        """One row for each moment; of a moment that comes twice the one that revises the other."""
        told: dict[Key, Row] = {}
        for one in observations:
            number = numbers.get(one.datastream)
            if number is None:
                self.late += 1
                continue
            key, row = (number, to_us(one.phenomenon)), value_row(one)
            if key not in told or _revises(row, told[key]):
                if key in told:
                    self.unchanged += 1
                told[key] = row
            else:
                self.unchanged += 1
        return told

    def _known(self, backend: Backend, connection: Connection, keys: Sequence[Key]) -> dict[Key, Row]:
        """The stored rows of these moments; what is later than the last one need not be looked for."""
        known: dict[Key, Row] = {}
        sought: dict[int, list[int]] = {}
        for number, time in keys:
            bounds = self._bounds.get(number)
            if bounds is None or time > bounds.time or time < bounds.first:
                continue
            if time == bounds.time:
                known[number, time] = bounds.row
            else:
                sought.setdefault(number, []).append(time)
        dense = {number: times for number, times in sought.items() if len(times) >= _DENSE}
        for number, times in dense.items():
            row = observation.c
            between = select(observation).where(
                row.datastream == number, row.time >= min(times), row.time <= max(times)
            )
            known.update((tuple(r[:2]), tuple(r[2:])) for r in connection.execute(between))
        rest = [(number, time) for number, times in sought.items() if number not in dense for time in times]
        known.update(
            (tuple(r[:2]), tuple(r[2:])) for r in rows_by_moment(backend, connection, observation, rest)
        )
        return known

    def _revise(self, backend: Backend, connection: Connection) -> None:
        """Replace the values, and keep what they were at first when they are another value now."""
        other = [key for key, (old, new) in self._revised.items() if _result(old) != _result(new)]
        kept = {
            (row.datastream, row.time)
            for row in rows_by_moment(backend, connection, observation_first, other)
        }
        first = [(*key, *self._revised[key][0]) for key in sorted(set(other) - kept)]
        backend.bulk(connection, observation_first, first)
        which = update(observation).where(
            observation.c.datastream == bindparam("number"), observation.c.time == bindparam("moment")
        )
        replaced = which.values({name: bindparam(f"new_{name}") for name in VALUE_COLUMNS})
        names = [f"new_{name}" for name in VALUE_COLUMNS]
        values = [
            {"number": number, "moment": time, **dict(zip(names, new, strict=True))}
            for (number, time), (_, new) in self._revised.items()
        ]
        connection.execute(replaced, values)

    def _write_latest(self, backend: Backend, connection: Connection, n: int) -> None:
        """Deleted and added anew: one COPY is quicker than thousands of updates."""
        changed: dict[int, _Bounds] = {}
        told = [*self._new.items(), *((key, new) for key, (_, new) in self._revised.items())]
        for (number, time), row in told:
            span = row[0] or 0
            old = changed.get(number) or self._bounds.get(number)
            if old is None:
                changed[number] = _Bounds(n, time, span, time, row)
                continue
            newer = (n, time, row) if time >= old.time else (old.n, old.time, old.row)
            taken, last, kept = newer
            changed[number] = _Bounds(taken, min(old.first, time), max(old.longest, span), last, kept)
        for some in in_chunks(number for number in changed if number in self._bounds):
            connection.execute(delete(latest).where(latest.c.datastream.in_(some)))
        rows = [(number, b.n, b.first, b.longest, b.time, *b.row) for number, b in sorted(changed.items())]
        backend.bulk(connection, latest, rows)


def _bounds(connection: Connection, numbers: Iterable[int]) -> dict[int, _Bounds]:
    found: dict[int, _Bounds] = {}
    for some in in_chunks(numbers):
        for row in connection.execute(select(latest).where(latest.c.datastream.in_(some))):
            number, n, first, longest, time, *value = row
            found[number] = _Bounds(n, first, longest, time, tuple(value))
    return found


def _revises(new: Row, old: Row) -> bool:
    """Whether a row says something else, and is not of an earlier version than what is known."""
    told, known = new[_RESULT_TIME], old[_RESULT_TIME]
    if told is not None and known is not None and told <= known:
        return False
    skipped = (_RESULT_TIME, _RECEIVED)
    return any(a != b for i, (a, b) in enumerate(zip(new, old, strict=True)) if i not in skipped)
