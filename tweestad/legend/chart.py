"""Where the parts of a chart of values over time lie: pure geometry, which a template draws.

Coordinates are in the units of the frame, x to the right and y down from its upper left corner, rounded to a
tenth. The line is really open where nothing was measured: nobody can tell what went on there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from tweestad.legend.time_axis import TimeTick, time_ticks

_AtMoment = Callable[[datetime], float]
_AtValue = Callable[[float], float]

# What a word below a time axis takes: “16 apr” or “18.00”, a day of the week, a month or a year.
_WORD_PX, _WEEKDAY_PX, _MONTH_PX = 62, 34, 42
_WORD_HIGH_PX = 18
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
# A norm this many times the highest value would press the line flat: it is told in words instead.
_REACH = 2.0
# So far apart (in usual distances) two values are no longer neighbours.
_USUAL = 2.5
_PERIODS = 1.5


@dataclass(frozen=True, slots=True)
class Spot:
    """One value; with `low` and `high` it is the mean of several."""

    moment: datetime
    value: float
    low: float | None = None
    high: float | None = None
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Values in order of time, and how far apart two of them may be to be joined by a line.

    `holds` says that a value is true until the next one (a count): then the line goes in steps.
    """

    spots: tuple[Spot, ...]
    apart: timedelta
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A level with a name: a norm. `name_px` is about how wide its name is when written."""

    name: str
    limit: float
    name_px: float = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing and its margins, which hold the words."""

    width: float = 720
    height: float = 280
    left: float = 52
    right: float = 12
    top: float = 16
    bottom: float = 28

    @property
    def far(self) -> float:
        return self.width - self.right

    @property
    def floor(self) -> float:
        return self.height - self.bottom


@dataclass(frozen=True, slots=True)
class Level:
    """A round number on the axis of values."""

    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A mark on the axis of time; `word_x` is where its word stands in the middle, None without one."""

    x: float
    tick: TimeTick
    word_x: float | None


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A line at `y`. Its name stands at the left or `at_end`, and above the line or `below`."""

    y: float
    mark: Mark
    at_end: bool
    below: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing was measured."""

    x: float
    width: float
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Drawn:
    """One series. `lone` are values without neighbours, `last` is the last of all."""

    lines: tuple[str, ...]
    bands: tuple[str, ...]
    lone: tuple[tuple[float, float], ...]
    flagged: tuple[tuple[float, float], ...]
    last: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything to draw. `beyond` are norms too far above the values to draw."""

    frame: Frame
    start: datetime
    end: datetime
    levels: tuple[Level, ...]
    moments: tuple[Moment, ...]
    series: tuple[Drawn, ...]
    gaps: tuple[Gap, ...]
    marks: tuple[DrawnMark, ...]
    beyond: tuple[Mark, ...]


def lay_out(
    series: Sequence[Series],
    start: datetime,
    end: datetime,
    *,
    marks: Sequence[Mark] = (),
    whole: bool = False,
    frame: Frame | None = None,
) -> Chart:
    """The chart of one or more series in one unit, from `start` to `end`.

    `whole` values (counts) get no half numbers on their axis. Gaps are those of the first series. Without a
    value there are axes from 0 to 1.
    """
    frame = frame or Frame()
    kept = [replace(each, spots=tuple(s for s in each.spots if start <= s.moment <= end)) for each in series]
    bounds = [edge for each in kept for spot in each.spots for edge in _edges(spot)]
    near = [mark for mark in marks if bounds and _is_near(mark.limit, bounds)]
    low, high = _range([*bounds, *(mark.limit for mark in near)])
    levels = round_levels(low, high, most=max(3, int((frame.floor - frame.top) // 44)), whole=whole)
    bottom, top = levels[0], levels[-1]

    def x(moment: datetime) -> float:
        return round(frame.left + (frame.far - frame.left) * ((moment - start) / (end - start)), 1)

    def y(value: float) -> float:
        return round(frame.floor - (frame.floor - frame.top) * ((value - bottom) / (top - bottom)), 1)

    width = frame.far - frame.left
    return Chart(
        frame=frame,
        start=start,
        end=end,
        levels=tuple(Level(y(level), level) for level in levels),
        moments=tuple(
            Moment(
                round(frame.left + width * tick.share, 1),
                tick,
                None if tick.label is None else round(frame.left + width * tick.label, 1),
            )
            for tick in time_ticks(start, end, words=int(width // _word_px(end - start)))
        ),
        series=tuple(_drawn(each, x, y) for each in kept),
        gaps=_gaps(kept[0], start, end, x) if kept else (),
        marks=tuple(_named(y(mark.limit), mark, frame, kept, x, y) for mark in near),
        beyond=tuple(mark for mark in marks if mark not in near),
    )


def _word_px(span: timedelta) -> float:
    if timedelta(days=2) < span <= timedelta(days=8):
        return _WEEKDAY_PX
    return _MONTH_PX if span > timedelta(days=31) else _WORD_PX


def _named(
    y: float, mark: Mark, frame: Frame, series: Sequence[Series], x_of: _AtMoment, y_of: _AtValue
) -> DrawnMark:
    """The name goes where it covers the fewest values: left or right, above or below its line."""
    spots = [(x_of(s.moment), y_of(s.value)) for each in series for s in each.spots]

    def covered(place: tuple[bool, bool]) -> int:
        at_end, below = place
        left = frame.far - mark.name_px if at_end else frame.left
        top = y if below else y - _WORD_HIGH_PX
        if top < 0 or top + _WORD_HIGH_PX > frame.floor:
            return len(spots) + 1
        return sum(
            1 for sx, sy in spots if left <= sx <= left + mark.name_px and top <= sy <= top + _WORD_HIGH_PX
        )

    at_end, below = min(((end, under) for under in (False, True) for end in (False, True)), key=covered)
    return DrawnMark(y, mark, at_end, below)


def joined_within(moments: Sequence[datetime], period_s: int) -> timedelta:
    """How far apart two values of a series may be and still belong together.

    One and a half times the period that a value covers, or two and a half times their usual distance when
    that is more: a source that tells a minute and is asked every five minutes has no gaps.
    """
    told = timedelta(seconds=period_s * _PERIODS)
    apart = [(b - a).total_seconds() for a, b in pairwise(moments) if b > a]
    if not apart:
        return told or timedelta(hours=1)
    return max(told, timedelta(seconds=median(apart) * _USUAL))


def round_levels(low: float, high: float, *, most: int, whole: bool = False) -> tuple[float, ...]:
    """Round numbers at equal steps (1, 2, 2.5 or 5 times a power of ten) that enclose low and high."""
    least = (high - low) / most
    exponent = math.floor(math.log10(least))
    steps = (step * 10.0**exponent for step in _STEPS)
    step = next(each for each in steps if each >= least * 0.999 and (not whole or each < 1 or each % 1 == 0))
    step = max(step, 1.0) if whole else step
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(float(f"{n * step:.12g}") for n in range(first, max(last, first + 1) + 1))


def _edges(spot: Spot) -> Iterable[float]:
    return (
        spot.value,
        spot.value if spot.low is None else spot.low,
        spot.value if spot.high is None else spot.high,
    )


def _is_near(limit: float, bounds: Sequence[float]) -> bool:
    return limit <= _REACH * max(*bounds, 0.0)


def _range(values: Sequence[float]) -> tuple[float, float]:
    """From zero when the values lie near it, so that a small difference does not look like a large one."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if 0 <= low < 0.7 * high:
        low = 0.0
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = (low - 0.5, high + 0.5) if low else (0.0, 1.0)
    return low, high


def _runs(series: Series) -> list[list[Spot]]:
    """The pieces of the series between its gaps."""
    runs: list[list[Spot]] = []
    for spot in series.spots:
        if runs and spot.moment - runs[-1][-1].moment <= series.apart:
            runs[-1].append(spot)
        else:
            runs.append([spot])
    return runs


def _drawn(series: Series, x: _AtMoment, y: _AtValue) -> Drawn:
    runs = _runs(series)
    long = [run for run in runs if len(run) > 1]
    last = series.spots[-1] if series.spots else None
    return Drawn(
        lines=tuple(_path([(x(s.moment), y(s.value)) for s in run], steps=series.holds) for run in long),
        bands=tuple(_band(run, x, y) for run in long if any(s.low is not None for s in run)),
        lone=tuple((x(run[0].moment), y(run[0].value)) for run in runs if len(run) == 1),
        flagged=tuple((x(s.moment), y(s.value)) for s in series.spots if s.flagged),
        last=None if last is None else (x(last.moment), y(last.value)),
    )


def _path(points: Sequence[tuple[float, float]], *, steps: bool = False) -> str:
    if steps:
        first, *rest = points
        return f"M{first[0]:.1f} {first[1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in rest)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _band(run: Sequence[Spot], x: _AtMoment, y: _AtValue) -> str:
    above = [(x(s.moment), y(s.value if s.high is None else s.high)) for s in run]
    below = [(x(s.moment), y(s.value if s.low is None else s.low)) for s in reversed(run)]
    return _path([*above, *below]) + "Z"


def _gaps(series: Series, start: datetime, end: datetime, x: _AtMoment) -> tuple[Gap, ...]:
    moments = [start, *(spot.moment for spot in series.spots), end]
    return tuple(
        Gap(x(before), round(x(after) - x(before), 1), before, after)
        for before, after in pairwise(moments)
        if after - before > series.apart
    )
