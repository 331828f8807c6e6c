"""Moments of the invented recordings: one fixed day, and Dutch time without asking the machine for it."""

from __future__ import annotations

import datetime as dt

# A Thursday morning in spring, as if somebody had recorded all feeds at once.
RECORDED = dt.datetime(2026, 4, 16, 9, 0, tzinfo=dt.UTC)


def utc(moment: dt.datetime) -> str:
    """2026-04-16T09:00:00Z"""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def dutch(moment: dt.datetime) -> dt.datetime:
    """The moment on Dutch clocks: an hour ahead of UTC, two from late March to late October (EU rule)."""
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return moment.astimezone(dt.timezone(dt.timedelta(hours=2 if summer else 1)))


def _last_sunday(year: int, month: int) -> dt.datetime:
    """One o'clock UTC on the last Sunday of a month of 31 days."""
    last = dt.datetime(year, month, 31, 1, tzinfo=dt.UTC)
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)
