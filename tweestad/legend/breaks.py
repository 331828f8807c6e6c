"""Where classes of numbers break: at numbers that a person would choose.

Equal steps of a round size where they divide the objects fairly; else near the quantiles, each moved to
the roundest number at hand (steps of 1, 2, 2.5 and 5 times a power of ten, as R's `pretty` has them; for
years 50, 25, 20 and 10). So a column of which most values lie close together still shows differences.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

CLASSES_MIN = 4
CLASSES_MAX = 6
# Outside these shares of the values lie the odd ones, for which no class is made.
_TAILS = (0.02, 0.98)
# One class with more of the objects than this hides what there is to see.
_LARGEST_SHARE = 0.45
# How far from its quantile a break may lie, in classes: so every class keeps a fifth of its objects.
_REACH = 0.4
_YEARS = (1000, 2300)
_STEPS = (5.0, 2.5, 2.0, 1.0)
_YEAR_STEPS = (100.0, 50.0, 25.0, 20.0, 10.0, 5.0, 1.0)

Numbers = NDArray[np.float64]


def round_breaks(values: Numbers, *, whole: bool, years: bool = False) -> tuple[float, ...]:
    """The numbers at which a new class begins, ascending; at most CLASSES_MAX - 1, none for one value.

    `values`: float64 (n,), finite, without missing ones. Whole numbers break at whole numbers. Up to six
    whole numbers in a row have a class each.
    """
    if not len(values):
        return ()
    ordered = np.sort(values)
    lowest, highest = float(ordered[0]), float(ordered[-1])
    if lowest == highest:
        return ()
    if whole and highest - lowest < CLASSES_MAX:
        return tuple(lowest + n for n in range(1, int(highest - lowest) + 1))
    for breaks in _proposals(ordered, whole=whole, years=years):
        if len(breaks) + 1 >= CLASSES_MIN and _is_fair(ordered, breaks):
            return breaks
    fallbacks = [b for b in _proposals(ordered, whole=whole, years=years) if b]
    return max(fallbacks, key=len, default=(highest,))


def are_years(values: Numbers) -> bool:
    """Whether nearly all of the numbers can be years of our calendar."""
    low, high = np.quantile(values, _TAILS)
    return bool(_YEARS[0] <= low and high <= _YEARS[1])


def _proposals(ordered: Numbers, *, whole: bool, years: bool) -> Iterator[tuple[float, ...]]:
    if not years:
        yield _equal(ordered, whole=whole)
    for classes in range(CLASSES_MAX, CLASSES_MIN - 1, -1):
        yield _near_quantiles(ordered, classes, whole=whole, years=years)


def _is_fair(ordered: Numbers, breaks: Iterable[float]) -> bool:
    """Whether no class but that of one single value holds too many, and none of them nothing."""
    places = [0, *(int(np.searchsorted(ordered, at)) for at in breaks), len(ordered)]
    for low, high in pairwise(places):
        if low == high:
            return False
        alone = ordered[low] == ordered[high - 1]
        if not alone and (high - low) / len(ordered) > _LARGEST_SHARE:
            return False
    return True


def _equal(ordered: Numbers, *, whole: bool) -> tuple[float, ...]:
    """Multiples of the smallest round step that gives no more than CLASSES_MAX classes."""
    low, high = (float(v) for v in np.quantile(ordered, _TAILS))
    if high <= low:
        return ()
    exponent = math.floor(math.log10((high - low) / CLASSES_MAX))
    for step in (s * 10.0**e for e in (exponent, exponent + 1) for s in reversed(_STEPS)):
        if whole and step != int(step):
            continue
        first, last = math.floor(low / step) + 1, math.ceil(high / step) - 1
        if 1 <= last - first + 1 < CLASSES_MAX:
            return tuple(_plain(n * step) for n in range(first, last + 1))
    return ()


def _near_quantiles(ordered: Numbers, classes: int, *, whole: bool, years: bool) -> tuple[float, ...]:
    """Round numbers near the quantiles. A value that fills whole classes at the bottom has one of its own."""
    lowest = float(ordered[0])
    rest = ordered[int(np.searchsorted(ordered, lowest, side="right")) :]
    found: list[float] = []
    if len(rest) and 1 - len(rest) / len(ordered) > 1 / classes:
        found += _roundest(lowest, float(rest[0]), float(rest[0]), whole=whole, years=years)
        ordered, classes = rest, classes - 1
    for number in range(1, classes):
        low, mark, high = (
            float(q)
            for q in np.quantile(ordered, [(number + part) / classes for part in (-_REACH, 0, _REACH)])
        )
        low = max(low, found[-1] if found else lowest)
        if low < high:
            found += _roundest(low, high, mark, whole=whole, years=years)
    return tuple(sorted(set(found)))


def _roundest(low: float, high: float, near: float, *, whole: bool, years: bool) -> list[float]:
    """The roundest number above `low` and up to `high`; of several multiples the one nearest to `near`.

    Nothing when a whole number is wanted and none lies there.
    """
    steps = _YEAR_STEPS if years else _steps(high - low, max(abs(low), abs(high)), whole=whole)
    for step in steps:
        first, last = math.floor(low / step) + 1, math.floor(high / step)
        if first <= last:
            return [_plain(min(max(round(near / step), first), last) * step)]
    return [] if whole else [high]


def _steps(width: float, size: float, *, whole: bool) -> Iterator[float]:
    """Round steps from coarse to fine, until one must fit in the width."""
    top = math.ceil(math.log10(max(size, width)))
    bottom = math.floor(math.log10(width)) - 1
    for exponent in range(top, bottom - 1, -1):
        for step in _STEPS:
            size_of_step = step * 10.0**exponent
            if not whole or size_of_step == int(size_of_step):
                yield size_of_step


def _plain(number: float) -> float:
    """Without the noise of the multiplication: 0.30000000000000004 is 0.3."""
    return float(f"{number:.12g}")
