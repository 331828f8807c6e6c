"""Reads times as feeds write them, and turns them into UTC.

Zero to nine decimals, `Z`, `+02:00`, `+0200`, no zone at all, hour 24, seconds or milliseconds since 1970.
What has no zone needs one from the caller: the rule of its feed, never a guess.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal

from tweestad.errors import InputRejected

Zone = Literal["", "UTC", "+01:00", "Europe/Amsterdam", "epoch", "epoch-ms"]

_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:[T ](\d\d?):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d|[+-]\d\d)?)?\Z"
)
_DUTCH = re.compile(r"(\d\d?)[-/](\d\d?)[-/](\d{4})(?:[T ](.*))?\Z", re.DOTALL)
_EARLIEST = datetime(1850, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_NOT_A_TIME = "a time cannot be read"


@lru_cache(maxsize=4096)
def read_moment(text: str, zone: Zone = "") -> datetime:
    """The moment in UTC. Raises InputRejected when it is no time, or has no zone and `zone` is empty.

    An hour that happens twice when summer time ends is the first of the two; one that does not happen when
    it begins is refused.
    """
    told = text.strip()
    if zone in ("epoch", "epoch-ms"):
        return _since_1970(told, 1000 if zone == "epoch-ms" else 1)
    if found := _DUTCH.match(told):
        day, month, year, rest = found.groups()
        told = f"{year}-{month}-{day}" + (f"T{rest}" if rest else "")
    match = _ISO.match(told)
    if match is None:
        raise InputRejected(_NOT_A_TIME)
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        start = datetime(int(year), int(month), int(day))  # noqa: DTZ001 the zone comes last
        moment = start + timedelta(
            hours=_within(hour, 24), minutes=_within(minute, 59), seconds=_within(second, 60),
            microseconds=int(((fraction or "") + "000000")[:6]),
        )  # fmt: skip
    except (ValueError, OverflowError) as exc:
        raise InputRejected(_NOT_A_TIME) from exc
    if hour == "24" and moment != start + timedelta(days=1):
        raise InputRejected(_NOT_A_TIME)
    return _plausible(_in_utc(moment, offset or zone))


def _within(digits: str | None, most: int) -> int:
    number = int(digits or 0)
    if number > most:
        raise ValueError(digits)
    return number


def _since_1970(told: str, per_second: int) -> datetime:
    try:
        return _plausible(datetime.fromtimestamp(float(told) / per_second, UTC))
    except (ValueError, OverflowError, OSError) as exc:
        raise InputRejected(_NOT_A_TIME) from exc


def _in_utc(local: datetime, zone: str) -> datetime:
    if zone in ("Z", "UTC"):
        return local.replace(tzinfo=UTC)
    if zone == "Europe/Amsterdam":
        return _from_dutch(local)
    if not zone:
        raise InputRejected("a time has no time zone")
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 15 or minutes > 59:
        raise InputRejected(_NOT_A_TIME)
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
    return local.replace(tzinfo=timezone(offset)).astimezone(UTC)


def _from_dutch(local: datetime) -> datetime:
    """Dutch clocks by the rule of the EU since 1996: an hour ahead, two from late March to late October."""
    begin, end = _last_sunday(local.year, 3), _last_sunday(local.year, 10)
    if begin + timedelta(hours=2) <= local < begin + timedelta(hours=3):
        raise InputRejected("a time falls in the hour that summer time skips")
    summer = begin + timedelta(hours=3) <= local < end + timedelta(hours=3)
    return (local - timedelta(hours=2 if summer else 1)).replace(tzinfo=UTC)


def _last_sunday(year: int, month: int) -> datetime:
    last = date(year, month, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return datetime(sunday.year, sunday.month, sunday.day)  # noqa: DTZ001 compared with clock readings


def _plausible(moment: datetime) -> datetime:
    if not _EARLIEST <= moment < _LATEST:
        raise InputRejected("a time lies in another century")
    return moment
