"""Numbers of one datastream per hour, day, month or year as people live them: of Europe/Amsterdam.

The database adds up per hour, which on both is the same in any time zone of whole hours; hours become
days, months and years here, where the nights in which the clock moves are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Select, and_, case, cast, func, literal, select

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.model.layer import Audience
from tweestad.model.observation import Flag
from tweestad.model.reading import Bucket, Step
from tweestad.store.tables import datastream, latest, observation, thing
from tweestad.store.values import BOOLEAN, NUMBER, from_us, to_us

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
BUCKETS_MAX = 200_000
YEARS = (1800, 2200)
_SECOND_US = 1_000_000
_HOUR_US = 3_600 * _SECOND_US
_HOUR = timedelta(hours=1)
_MIDNIGHT = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}


def steps(start: datetime, end: datetime, step: Step) -> list[int]:
    """The bounds (µs UTC) of the whole steps that hold [start, end): each step ends where the next begins.

    Raises InputRejected for an empty time, and LimitExceeded for more than BUCKETS_MAX steps.
    """
    first, last = to_us(start), to_us(end)
    if last <= first:
        raise InputRejected("Het einde van de periode ligt niet na het begin.")
    if not (YEARS[0] <= start.year and end.year <= YEARS[1]):
        raise InputRejected(f"Een periode ligt tussen de jaren {YEARS[0]} en {YEARS[1]}.")
    bounds = []
    for moment in _moments(start.astimezone(AMSTERDAM), step):
        bounds.append(to_us(moment))
        if bounds[-1] >= last:
            break
        if len(bounds) > BUCKETS_MAX:
            raise LimitExceeded(f"Meer dan {BUCKETS_MAX} stappen in één vraag kan niet.")
    return bounds


def sums(key: str, audiences: frozenset[Audience], bounds: list[int]) -> Select[Any]:
    """Per slot that has values: its start, and what `buckets` adds up.

    A slot is an hour, or a second for the days in which Amsterdam had no whole hours (before May 1940).
    """
    slot = _HOUR_US if all(bound % _HOUR_US == 0 for bound in bounds) else _SECOND_US
    row, listed = observation.c, sorted(audiences)
    span = func.coalesce(row.span, 0)
    began = row.time - span
    number = and_(row.kind.in_((NUMBER, BOOLEAN)), row.value.is_not(None), row.flag < int(Flag.FAIL))
    value = case((number, row.value))
    covered = case((number, func.coalesce(row.span, datastream.c.period_s * _SECOND_US)), else_=0)
    start = (began - bounds[0]) // literal(slot, BigInteger)
    found = (
        select(
            (start * slot + bounds[0]).label("slot"),
            func.count(value),
            func.sum(value),
            func.min(value),
            func.max(value),
            func.sum(case((row.flag >= int(Flag.FAIL), 1), else_=0)),
            cast(func.sum(covered), BigInteger),
            func.max(datastream.c.period_s),
        )
        .join_from(datastream, thing, thing.c.number == datastream.c.thing)
        .join(latest, latest.c.datastream == datastream.c.number)
        .join(observation, row.datastream == datastream.c.number)
        .where(datastream.c.id == key, datastream.c.audience.in_(listed), thing.c.audience.in_(listed))
        # The key is the end of the interval: look as far on as the longest one may reach.
        .where(row.time >= bounds[0], row.time < bounds[-1] + latest.c.longest)
        .where(began >= bounds[0], began < bounds[-1])
    )
    return found.where(row.kind.in_((NUMBER, BOOLEAN)) | (row.flag >= int(Flag.FAIL))).group_by(start)


def buckets(rows: list[Any], bounds: list[int]) -> list[Bucket]:
    """The rows of `sums` per step; a step without values is left out."""
    if not rows:
        return []
    slot, count, total, low, high, flagged, covered, period = zip(*rows, strict=True)
    step = np.searchsorted(bounds, np.array(slot), side="right") - 1
    size = len(bounds) - 1

    def added(values: tuple[Any, ...]) -> NDArray[np.float64]:
        known = np.array([v or 0 for v in values], np.float64)
        return np.bincount(step, known, minlength=size).astype(np.float64)

    def extreme(values: tuple[Any, ...], choose: np.ufunc, none: float) -> NDArray[np.float64]:
        most = np.full(size, none)
        choose.at(most, step, [none if v is None else v for v in values])
        return most

    counts, totals, flags, times = added(count), added(total), added(flagged), added(covered)
    lows, highs = extreme(low, np.minimum, np.inf), extreme(high, np.maximum, -np.inf)
    known = max(period) > 0
    found = []
    for i in np.unique(step).tolist():
        start, end, some = bounds[i], bounds[i + 1], counts[i] > 0
        found.append(
            Bucket(
                _local(start),
                _local(end),
                int(counts[i]),
                float(totals[i] / counts[i]) if some else None,
                float(lows[i]) if some else None,
                float(highs[i]) if some else None,
                int(flags[i]),
                min(1.0, float(times[i]) / (end - start)) if known else None,
            )
        )
    return found


def _moments(local: datetime, step: Step) -> Iterator[datetime]:
    """The starts of the steps from the one that holds a local moment on, for ever."""
    if step == "hour":
        yield from _hours(local)
        return
    day = local.replace(**_MIDNIGHT, fold=0)  # type: ignore[arg-type]
    day = day if step == "day" else day.replace(day=1)
    day = day.replace(month=1) if step == "year" else day
    following: dict[Step, Callable[[datetime], datetime]] = {
        "day": lambda d: d + timedelta(days=1),
        "month": lambda d: (d + timedelta(days=31)).replace(day=1),
        "year": lambda d: d.replace(year=d.year + 1),
    }
    while True:
        # Arithmetic on local time is by the calendar: midnight stays midnight.
        yield day
        day = following[step](day)


def _hours(local: datetime) -> Iterator[datetime]:
    """Hours by the clock on the wall; the hour that comes twice in October is two."""
    moment = from_us(to_us(local))
    while True:
        wall = moment.astimezone(AMSTERDAM)
        past = timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
        yield moment - past
        moment = moment - past + _HOUR


def _local(us: int) -> datetime:
    """Local time with a fixed offset: two moments of one zone would be compared without summer time."""
    moment = from_us(us).astimezone(AMSTERDAM)
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()))
