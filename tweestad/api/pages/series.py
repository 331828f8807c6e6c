"""One series over a day, a week or a year: so few numbers that a person can see and read all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Literal, cast

from tweestad.access.reader import Reader
from tweestad.api.pages.measured_words import property_of
from tweestad.legend.chart import Series, Spot, joined_within
from tweestad.legend.time_axis import ZONE
from tweestad.model.observation import Flag, Result
from tweestad.model.reading import USABLE, Bucket, Reading, Step, StoredDatastream

Period = Literal["24u", "7d", "jaar"]
PERIODS: tuple[Period, ...] = ("24u", "7d", "jaar")
# More values than this are taken together: a table of them would not be read.
PLAIN_MAX = 400
_READ_MAX = 5_000
_TEN_MINUTES = timedelta(minutes=10)
_LENGTHS: dict[Period, timedelta] = {
    "24u": timedelta(hours=24), "7d": timedelta(days=7), "jaar": timedelta(days=365)
}  # fmt: skip
_STEPS: dict[Period, Step] = {"24u": "hour", "7d": "hour", "jaar": "day"}
_STEP_LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Window:
    """The time that a chart shows, UTC. `end` is included: it is the "now" of the source."""

    period: Period
    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()

    @property
    def until(self) -> datetime:
        """The first moment that is not in it."""
        return self.end + timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One value, or with `count` the mean of so many over [start, moment); `value` is None for none."""

    moment: datetime
    start: datetime | None
    value: Result
    low: float | None = None
    high: float | None = None
    count: int = 0
    reading: Reading | None = None

    @property
    def flag(self) -> Flag:
        return Flag.NOT_EVALUATED if self.reading is None else self.reading.observation.flag


@dataclass(frozen=True, slots=True)
class Measured:
    """A series over a window. `step` says over what it was taken together, None for values as they came."""

    stream: StoredDatastream
    window: Window
    step: timedelta | None
    rows: tuple[Row, ...]

    @property
    def numbers(self) -> Series:
        """What can be drawn: numbers. What is suspect is flagged, what cannot be used is left out."""
        spots = tuple(
            Spot(_middle(row), float(row.value), row.low, row.high, flagged=row.flag == Flag.SUSPECT)
            for row in self.rows
            if isinstance(row.value, int | float) and not isinstance(row.value, bool) and row.flag in USABLE
        )
        if self.step is not None:
            return Series(spots, self.step * 1.5)
        period_s = self.stream.datastream.period_s
        holds = property_of(self.stream.datastream).type == "count"
        return Series(spots, joined_within([spot.moment for spot in spots], period_s), holds)


def window_of(period: Period, end: datetime) -> Window:
    return Window(period, end - _LENGTHS[period], end)


def measured(reader: Reader, stream: StoredDatastream, window: Window) -> Measured:
    """The values of a series in a window: as they came, or taken together over ten minutes, hours or days."""
    key = stream.datastream.id
    count = reader.count_readings(key, start=window.start, end=window.until)
    if count <= PLAIN_MAX:
        found = reader.readings(key, start=window.start, end=window.until, limit=PLAIN_MAX)
        return Measured(stream, window, None, tuple(_row(each) for each in found))
    if window.period == "24u" and count <= _READ_MAX:
        found = reader.readings(key, start=window.start, end=window.until, limit=_READ_MAX)
        return Measured(stream, window, _TEN_MINUTES, tuple(_together(found)))
    step = _STEPS[window.period]
    buckets = reader.aggregate(key, start=window.start, end=window.until, step=step)
    return Measured(stream, window, _STEP_LENGTHS[step], tuple(_row_of(each) for each in buckets))


def buckets_of(reader: Reader, stream: StoredDatastream, window: Window, step: Step) -> list[Bucket]:
    """The hours or days of a window, from the start of the local day in which it begins."""
    first = window.start.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return reader.aggregate(stream.datastream.id, start=first.astimezone(UTC), end=window.until, step=step)


def _row(reading: Reading) -> Row:
    seen = reading.observation
    return Row(seen.phenomenon, seen.phenomenon_start, seen.result, reading=reading)


def _row_of(bucket: Bucket) -> Row:
    return Row(bucket.end, bucket.start, bucket.mean, bucket.low, bucket.high, bucket.count)


def _together(readings: Iterable[Reading]) -> Iterable[Row]:
    """Means over ten minutes of the usable numbers among the readings, in order of time."""
    seconds = _TEN_MINUTES.total_seconds()
    for number, group in groupby(
        readings, key=lambda each: each.observation.phenomenon.timestamp() // seconds
    ):
        values = _usable(list(group))
        if values:
            start = datetime.fromtimestamp(number * seconds, UTC)
            mean = sum(values) / len(values)
            yield Row(start + _TEN_MINUTES, start, mean, min(values), max(values), len(values))


def _usable(readings: Sequence[Reading]) -> list[float]:
    return [
        float(cast(float, each.observation.result))
        for each in readings
        if each.observation.flag in USABLE and isinstance(each.observation.result, int | float)
    ]


def _middle(row: Row) -> datetime:
    """Where a value stands: that of a moment at the moment, a mean in the middle of its time."""
    return row.moment if not row.count or row.start is None else row.start + (row.moment - row.start) / 2
