"""Means, extremes and passings of a norm over hours and days, with holes in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tweestad.legend.statistics import (
    in_force,
    mean_of_last_day,
    passing_of_year,
    passings,
    statistics_of,
)
from tweestad.model.observed_property import Norm
from tweestad.model.reading import Bucket
from tweestad.model.text import Text

START = datetime(2026, 4, 1, tzinfo=UTC)
DAY = timedelta(days=1)
WHO = Norm(Text("WHO", "WHO"), 15.0, "day", "WHO")


def day(number: int, mean: float | None, *, count: int = 24, share: float | None = 1.0) -> Bucket:
    start = START + number * DAY
    low, high = (None, None) if mean is None else (mean - 1, mean + 1)
    return Bucket(start, start + DAY, count, mean, low, high, share=share)


def test_the_mean_weighs_each_step_by_its_values() -> None:
    told = statistics_of(
        [day(0, 10.0), day(1, 20.0, count=8)], start=START, end=START + 2 * DAY, period_s=3600
    )
    assert told.mean == pytest.approx((10 * 24 + 20 * 8) / 32)
    assert (told.count, told.low, told.high) == (32, 9.0, 21.0)
    assert told.share == pytest.approx(32 / 48)


def test_nothing_measured_has_no_mean() -> None:
    told = statistics_of([], start=START, end=START + DAY, period_s=3600)
    assert (told.count, told.mean, told.low, told.high, told.share) == (0, None, None, None, 0.0)


def test_what_tells_no_period_tells_no_share() -> None:
    assert statistics_of([day(0, 1.0)], start=START, end=START + DAY, period_s=0).share is None


def test_a_day_that_was_hardly_measured_does_not_count_for_a_norm() -> None:
    days = [day(0, 14.9), day(1, 15.0), day(2, 15.1), day(3, 90.0, share=0.7), day(4, 16.0, share=None)]
    found = passings(WHO, days, start=START, end=START + 5 * DAY)
    assert (found.times, found.of) == (2, 4)


def test_a_day_that_is_partly_outside_the_time_does_not_count() -> None:
    found = passings(WHO, [day(0, 90.0), day(1, 90.0)], start=START + timedelta(hours=1), end=START + 2 * DAY)
    assert (found.times, found.of) == (1, 1)


def test_a_year_counts_when_nine_tenths_of_it_were_measured() -> None:
    year = Norm(Text("EU", "EU"), 20.0, "year", "EU")
    enough = statistics_of(
        [day(n, 21.0) for n in range(330)], start=START, end=START + 365 * DAY, period_s=3600
    )
    short = statistics_of(
        [day(n, 21.0) for n in range(320)], start=START, end=START + 365 * DAY, period_s=3600
    )
    assert (passing_of_year(year, enough).times, passing_of_year(year, enough).of) == (1, 1)
    assert passing_of_year(year, short).of == 0


def test_a_norm_of_a_later_year_is_not_in_force() -> None:
    later = Norm(Text("EU 2030", "EU 2030"), 10.0, "year", "EU", applies=2030)
    assert in_force([WHO, later], 2026) == (WHO,)
    assert in_force([WHO, later], 2030) == (WHO, later)


def test_the_last_day_has_a_mean_from_eighteen_hours_on() -> None:
    hours = [
        Bucket(START + timedelta(hours=n), START + timedelta(hours=n + 1), 1, float(n), 0.0, 0.0)
        for n in range(24)
    ]
    assert mean_of_last_day(hours, START + DAY) == pytest.approx(11.5)
    assert mean_of_last_day(hours[6:], START + DAY) == pytest.approx(14.5)
    assert mean_of_last_day(hours[7:], START + DAY) is None
    assert mean_of_last_day(hours, START + 2 * DAY) is None
