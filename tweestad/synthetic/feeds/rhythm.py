"""How busy a town is, hour by hour, and values that wander without a memory."""

from __future__ import annotations

import datetime as dt
import math

from tweestad.synthetic.chance import Chance
from tweestad.synthetic.contents.clock import dutch

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
_QUIET = 0.05


def traffic_share(moment: dt.datetime) -> float:
    """How much traffic there is, 0 to 1: two rush hours on weekdays, one broad afternoon at the weekend."""
    local = dutch(moment)
    hour = local.hour + local.minute / 60
    if local.weekday() < 5:
        share = 0.9 * _peak(hour, 8.1, 1.1) + _peak(hour, 17.2, 1.5) + 0.45 * _peak(hour, 13, 3.2)
    else:
        share = 0.6 * _peak(hour, 14.5, 3.8)
    return min(1.0, _QUIET + share)


def at_home_share(moment: dt.datetime) -> float:
    """How many people are at home, 0 to 1: most in the night, fewest in the middle of a weekday."""
    local = dutch(moment)
    away = 0.7 if local.weekday() < 5 else 0.35
    return 1 - away * _peak(local.hour + local.minute / 60, 13, 4.2)


def shopping_share(moment: dt.datetime) -> float:
    """How full the centre is, 0 to 1: afternoons, and Saturday above all."""
    local = dutch(moment)
    most = (0.45, 0.5, 0.55, 0.75, 0.7, 0.98, 0.5)[local.weekday()]
    return 0.06 + most * _peak(local.hour + local.minute / 60, 14.5, 3.4) * 0.94


def _peak(hour: float, middle: float, width: float) -> float:
    """One at the middle, falling off on both sides, over midnight too (hours)."""
    away = abs(hour - middle)
    away = min(away, 24 - away)
    return math.exp(-((away / width) ** 2) / 2)


def drift(moment: dt.datetime, period: dt.timedelta, seed: int, *purpose: object) -> float:
    """A number from -1 to 1 that changes smoothly, by about a whole swing in `period`.

    It follows from the moment alone: between two chances at the ends of the period that holds it.
    """
    place, into = divmod(moment.timestamp(), period.total_seconds())
    first, second = (Chance(seed, *purpose, int(place) + n).between(-1, 1) for n in (0, 1))
    part = into / period.total_seconds()
    return first + (second - first) * part * part * (3 - 2 * part)


def floor_to(moment: dt.datetime, step: dt.timedelta) -> dt.datetime:
    """The last whole step (a minute, ten minutes, an hour) that is not later than the moment, in UTC."""
    seconds = step.total_seconds()
    return dt.datetime.fromtimestamp(moment.timestamp() // seconds * seconds, dt.UTC)
