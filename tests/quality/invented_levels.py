"""Invented groundwater levels, by arithmetic that is the same everywhere: `pastas` was given the same."""

from __future__ import annotations

import math
from datetime import date, timedelta


def level(day: date) -> float:
    """A level in m NAP: a wave of a year, one of eleven years, and what looks like weather."""
    n = day.toordinal()
    return (
        0.35 * math.cos(2 * math.pi * (n - 40) / 365.25)
        + 0.1 * math.sin(2 * math.pi * n / 4018)
        + ((n * 7919) % 1009 - 504) / 5000
        - 0.4
    )


def every(step: int, first: date, last: date) -> list[tuple[date, float]]:
    """A level each so many days."""
    count = (last - first).days // step + 1
    days = [first + timedelta(days=i * step) for i in range(count)]
    return [(day, level(day)) for day in days]


def invented() -> dict[str, list[tuple[date, float]]]:
    """Series as wells have them: by logger, by hand, with gaps, short, and with years that do not count."""
    daily = every(1, date(2005, 2, 10), date(2021, 11, 3))
    holes = [(d, v) for d, v in daily if not (d.year == 2011 or (d.month in (3, 4) and d.year % 3 == 0))]
    return {
        "daily": daily,
        "every two weeks": every(14, date(1990, 1, 3), date(2004, 12, 30)),
        "every ten days": every(10, date(2000, 6, 1), date(2012, 6, 1)),
        "twice a month": [
            (date(year, month, day), level(date(year, month, day)))
            for year in range(1980, 1996)
            for month in range(1, 13)
            for day in (14, 28)
        ],
        "with holes": holes,
        "some twice a day": [*daily, *((d, v + 0.25) for d, v in daily[::5])],
        "every three weeks": every(21, date(1985, 1, 1), date(2004, 1, 1)),
        "every nineteen days": every(19, date(1985, 1, 1), date(2004, 1, 1)),
        "monthly": every(30, date(1985, 1, 1), date(2004, 1, 1)),
        "seven years": every(1, date(2010, 4, 1), date(2017, 3, 31)),
        "eight years": every(1, date(2010, 4, 1), date(2018, 3, 31)),
        "one day": every(1, date(2010, 4, 1), date(2010, 4, 1)),
    }
