"""Where the marks of a time axis come: at whole hours, days, months or years of local time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

TimeUnit = Literal["hour", "day", "month", "year"]

ZONE = ZoneInfo("Europe/Amsterdam")
_HOURS = (1, 3, 6, 12)
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50)
_DAYS = (1, 2, 7, 14)


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A mark at `moment` (local time). `share` is where it lies between the ends of the axis, from 0 to 1.

    `label` is where its word stands: of an hour at the mark, of a day, month or year in the middle of it.
    None when the word finds no room there.
    """

    moment: datetime
    unit: TimeUnit
    share: float
    label: float | None


def time_ticks(start: datetime, end: datetime, *, words: int) -> tuple[TimeTick, ...]:
    """The marks from `start` to `end`, so far apart that at most about `words` words stand below them.

    Days are those of the Netherlands, also when one of them has 23 or 25 hours.
    """
    hours = (end - start) / timedelta(hours=1)
    if hours <= 0:
        return ()
    if hours <= 48:
        step = next((each for each in _HOURS if hours / each <= words), 12)
        return _at_marks(start, end, list(_hours(start, end, step)))
    if hours <= 24 * 31:
        days = next((each for each in _DAYS if hours / 24 / each <= words), 14)
        return _in_middles(start, end, list(_days(start, end, days)), "day")
    if hours <= 24 * 366 * 3:
        months = next((each for each in _MONTHS if hours / 730 / each <= words + 0.5), 12)
        return _in_middles(start, end, list(_months(start, end, months)), "month")
    years = next((each for each in _YEARS if hours / 8766 / each <= words), 100)
    return _in_middles(start, end, list(_years(start, end, years)), "year")


def _at_marks(start: datetime, end: datetime, moments: list[datetime]) -> tuple[TimeTick, ...]:
    found = [(moment, _share(moment, start, end)) for moment in moments]
    return tuple(TimeTick(moment, "hour", share, share) for moment, share in found if 0 <= share <= 1)


def _in_middles(
    start: datetime, end: datetime, moments: list[datetime], unit: TimeUnit
) -> tuple[TimeTick, ...]:
    """A word needs three fifths of its piece: at both ends a piece is cut off."""
    found = []
    for moment, following in pairwise(moments):
        first, last = _share(moment, start, end), _share(following, start, end)
        left, right = max(0.0, first), min(1.0, last)
        if right <= left:
            continue
        label = (left + right) / 2 if right - left >= 0.6 * (last - first) else None
        found.append(TimeTick(moment, unit, first, label))
    return tuple(found)


def _share(moment: datetime, start: datetime, end: datetime) -> float:
    # Two times of one zone would be subtracted by the wall clock, so both go through UTC.
    return (moment.astimezone(UTC) - start.astimezone(UTC)) / (end - start)


def _hours(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    for day in _days(start, end, 1):
        yield from (day.replace(hour=hour) for hour in range(0, 24, step))


def _days(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    """Midnights, from the one before the start to the one after the end."""
    day = start.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    while day.astimezone(UTC) < end.astimezone(UTC):
        yield day
        day += timedelta(days=step)
    yield day


def _months(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    first = start.astimezone(ZONE)
    count = (first.year * 12 + first.month - 1) // step * step
    while (month := datetime(count // 12, count % 12 + 1, 1, tzinfo=ZONE)).astimezone(UTC) < end:
        yield month
        count += step
    yield month


def _years(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    year = start.astimezone(ZONE).year // step * step
    while (moment := datetime(max(year, 1), 1, 1, tzinfo=ZONE)).astimezone(UTC) < end:
        yield moment
        year += step
    yield moment
