"""Numbers over a time in one series, and how often a norm was passed in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tweestad.model.observed_property import Norm
from tweestad.model.reading import Bucket

# A mean over an hour or a day counts when three quarters of it was measured (Directive 2008/50/EC, annex XI).
ENOUGH = 0.75
# Of a year nine tenths (the same directive, annex I).
ENOUGH_OF_YEAR = 0.9


@dataclass(frozen=True, slots=True)
class Statistics:
    """Over [start, end). `share` is the part of it that was measured, None when the source tells no period.

    `flagged` counts values that did not count or are suspect.
    """

    count: int
    mean: float | None
    low: float | None
    high: float | None
    flagged: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Passing:
    """How many of the `of` hours or days that were measured well enough passed the norm.

    Of a norm for a year `of` is 1, or 0 when too little of the year was measured; `mean` is its mean.
    """

    norm: Norm
    times: int
    of: int
    mean: float | None = None


def statistics_of(buckets: Sequence[Bucket], *, start: datetime, end: datetime, period_s: int) -> Statistics:
    """Taken together, each step by the number of its values.

    A source that tells how long a value holds (`period_s`) also tells which part of the time was measured.
    """
    counted = [each for each in buckets if each.count and each.mean is not None]
    count = sum(each.count for each in counted)
    weighted = sum(each.mean * each.count for each in counted if each.mean is not None)
    lows = [each.low for each in counted if each.low is not None]
    highs = [each.high for each in counted if each.high is not None]
    whole = (end - start).total_seconds()
    return Statistics(
        count=count,
        mean=weighted / count if count else None,
        low=min(lows, default=None),
        high=max(highs, default=None),
        flagged=sum(each.flagged for each in buckets),
        share=min(1.0, count * period_s / whole) if period_s and whole > 0 else None,
    )


def in_force(norms: Sequence[Norm], year: int) -> tuple[Norm, ...]:
    """The norms that count in that year."""
    return tuple(norm for norm in norms if norm.applies <= year)


def passings(norm: Norm, buckets: Sequence[Bucket], *, start: datetime, end: datetime) -> Passing:
    """How often the means of whole hours or days passed the norm; `buckets` are those hours or days.

    A step counts when it lies within the time and enough of it was measured.
    """
    whole = [each for each in buckets if start <= each.start and each.end <= end and _is_enough(each)]
    return Passing(norm, sum(1 for each in whole if (each.mean or 0.0) > norm.limit), len(whole))


def passing_of_year(norm: Norm, told: Statistics) -> Passing:
    """Whether the mean of a year passed the norm for a year."""
    if told.mean is None or told.share is None or told.share < ENOUGH_OF_YEAR:
        return Passing(norm, 0, 0)
    return Passing(norm, int(told.mean > norm.limit), 1, told.mean)


def mean_of_last_day(buckets: Sequence[Bucket], until: datetime) -> float | None:
    """The mean of the hours of the last 24, None when fewer than 18 of them were measured.

    `buckets` are hours; an hour begins within the 24 before `until`.
    """
    since = until - timedelta(days=1)
    hours = [b.mean for b in buckets if since <= b.start < until and b.mean is not None and _is_enough(b)]
    return sum(hours) / len(hours) if len(hours) >= ENOUGH * 24 else None


def _is_enough(bucket: Bucket) -> bool:
    return bucket.mean is not None and (bucket.share is None or bucket.share >= ENOUGH)
