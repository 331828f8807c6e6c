"""How high groundwater stands, as the Dutch say it: GHG, GLG and GVG over at least eight years.

Classic definition (Van Heesen 1970; Knotters and Van der Sluijs): levels on the 14th and 28th of the month;
GHG and GLG are the means over hydrological years (April to March) of the mean of the three highest and
lowest of a year, GVG the mean over years of the levels of 14 March, 28 March and 14 April. Where the
definition leaves a choice it is that of `pastas.stats` 2.0, so that both give the same numbers: each
measurement stands for the nearest 14th or 28th, a year needs 16 of its 24 levels and gives its two highest
while it has no more than 20, and for the spring days are interpolated up to eight days from a measurement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tweestad.model.reading import USABLE, Reading

YEARS_MIN = 8
LEVELS_MIN = 16
SPRING_LEVELS_MIN = 2
REACH_DAYS = 8
_HALF_MONTHS = (14, 28)
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")

Days = NDArray[np.int64]
Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Regime:
    """The three figures, in the unit of the levels (highest is wettest: m NAP, never m below the ground).

    A figure is None when fewer than YEARS_MIN years say something of it. `years` counts hydrological years
    with enough levels, `springs` those with a level in spring. `first` and `last` bound the levels.
    """

    ghg: float | None
    glg: float | None
    gvg: float | None
    years: int
    springs: int
    first: date | None = None
    last: date | None = None


def daily_levels(readings: Iterable[Reading]) -> list[tuple[date, float]]:
    """The usable numbers of a datastream with their day in the Netherlands: of an interval that of its start.

    A level of a whole day ends at midnight, which is the next day.
    """
    found = []
    for reading in readings:
        one = reading.observation
        if one.flag in USABLE and isinstance(one.result, int | float) and not isinstance(one.result, bool):
            moment = one.phenomenon_start or one.phenomenon
            found.append((moment.astimezone(_AMSTERDAM).date(), float(one.result)))
    return found


def regime_of(levels: Iterable[tuple[date, float]]) -> Regime:
    """The regime of levels in any order; of several on one day their mean counts."""
    days, values = _daily_means(levels)
    if not days.size:
        return Regime(None, None, None, 0, 0)
    half_months, measured = _nearest(days, values)
    highest, lowest = [], []
    for year in np.unique(hydrological := _hydrological_years(half_months)):
        of_year = np.sort(measured[hydrological == year])
        if of_year.size >= LEVELS_MIN:
            count = 3 if of_year.size > 20 else 2
            highest.append(float(of_year[-count:].mean()))
            lowest.append(float(of_year[:count].mean()))
    springs = _springs(days, values)
    return Regime(
        _mean(highest),
        _mean(lowest),
        _mean(springs),
        len(highest),
        len(springs),
        date.fromordinal(int(days[0])),
        date.fromordinal(int(days[-1])),
    )


def _mean(of_years: list[float]) -> float | None:
    return float(np.mean(of_years)) if len(of_years) >= YEARS_MIN else None


def _daily_means(levels: Iterable[tuple[date, float]]) -> tuple[Days, Levels]:
    given = list(levels)
    ordinals = np.array([day.toordinal() for day, _ in given], dtype=np.int64)
    values = np.array([level for _, level in given], dtype=np.float64)
    days, which = np.unique(ordinals, return_inverse=True)
    return days, np.bincount(which, values, days.size) / np.bincount(which, minlength=days.size)


def _half_months(first: int, last: int) -> Days:
    """The 14ths and 28ths between two days, both included."""
    found = []
    for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1):
        for month in range(1, 13):
            found += [date(year, month, day).toordinal() for day in _HALF_MONTHS]
    days = np.array(found, dtype=np.int64)
    return days[(days >= first) & (days <= last)]


def _nearest(days: Days, values: Levels) -> tuple[Days, Levels]:
    """The half months that are nearest to a measurement, each with the measurement that is nearest to it."""
    offered = _half_months(int(days[0]) - REACH_DAYS, int(days[-1]) + REACH_DAYS)
    chosen = offered[np.unique(_nearest_index(offered, days))]
    return chosen, values[_nearest_index(days, chosen)]


def _nearest_index(among: Days, wanted: Days) -> NDArray[np.intp]:
    """Where in a sorted array the nearest is; of two as near the later."""
    right = np.clip(np.searchsorted(among, wanted), 0, among.size - 1)
    left = np.clip(right - 1, 0, None)
    return np.where(np.abs(wanted - among[left]) < np.abs(among[right] - wanted), left, right)


def _hydrological_years(days: Days) -> Days:
    """The calendar year in which the year from April to March begins."""
    dates = [date.fromordinal(int(day)) for day in days]
    return np.array([d.year if d.month >= 4 else d.year - 1 for d in dates], dtype=np.int64)


def _springs(days: Days, values: Levels) -> list[float]:
    """The mean of 14 March, 28 March and 14 April of each year that has them, or some of them."""
    wanted = _half_months(int(days[0]), int(days[-1]))
    after = np.clip(np.searchsorted(days, wanted), 0, days.size - 1)
    before = np.where(days[after] == wanted, after, np.clip(after - 1, 0, None))
    near = np.minimum(wanted - days[before], days[after] - wanted) <= REACH_DAYS
    wanted, levels = wanted[near], np.interp(wanted[near], days, values)
    dates = [date.fromordinal(int(day)) for day in wanted]
    years = np.array([d.year for d in dates], dtype=np.int64)
    spring = np.array([(3, 14) <= (d.month, d.day) <= (4, 14) for d in dates], dtype=bool)
    return [
        float(levels[spring & (years == year)].mean())
        for year in np.unique(years[spring])
        if np.count_nonzero(years == year) >= SPRING_LEVELS_MIN
    ]
