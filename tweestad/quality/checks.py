"""Checks of a series of numbers, by QARTOD (IOOS): gross range, spike, flat line. They only raise a flag.

A value that stands out from the last trusted one is suspect; three in a row that do are a new level. A value
that has been exactly the same for hours is suspect, unless it is zero: a street can be empty all night.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tweestad.model.observation import Flag, Observation
from tweestad.model.observed_property import ObservedProperty

HISTORY = 150
"""How many earlier values are of use: a day of ten minutes."""
_NEAR = timedelta(hours=6)
_NEW_LEVEL = 3
_FLAT_AT_LEAST = 5


def needs_history(observed: ObservedProperty) -> bool:
    return observed.spike is not None or observed.flat_hours is not None


def checked(
    observed: ObservedProperty, values: Iterable[Observation], earlier: Iterable[Observation] = ()
) -> Iterator[Observation]:
    """The values of one datastream, in order of time, with their flags raised where a check says so.

    `values` are in the unit of `observed`; `earlier` are those before the first of them, oldest first.
    """
    memory = _Memory(observed)
    for each in earlier:
        if isinstance(each.result, float) and each.flag not in (Flag.FAIL, Flag.MISSING):
            memory.take(each.phenomenon, each.result, trusted=each.flag < Flag.SUSPECT)
    for each in values:
        yield replace(each, flag=_flag(observed, each, memory))


def _flag(observed: ObservedProperty, value: Observation, memory: _Memory) -> Flag:
    result = value.result
    if result is None:
        return max(value.flag, Flag.MISSING)
    if observed.type == "codes":
        return _passed(value.flag) if result in observed.codes else max(value.flag, Flag.SUSPECT)
    if isinstance(result, bool) or not isinstance(result, float) or observed.low is None:
        return value.flag
    if value.flag in (Flag.FAIL, Flag.MISSING):
        return value.flag
    within = observed.low <= result and (observed.high is None or result <= observed.high)
    odd = memory.take(value.phenomenon, result, trusted=within and value.flag < Flag.SUSPECT)
    return max(value.flag, Flag.SUSPECT) if odd or not within else _passed(value.flag)


def _passed(flag: Flag) -> Flag:
    return Flag.GOOD if flag is Flag.NOT_EVALUATED else flag


@dataclass(slots=True)
class _Memory:
    """What came before in one series."""

    observed: ObservedProperty
    trusted: tuple[datetime, float] | None = None
    apart: list[float] = field(default_factory=list)
    same: deque[tuple[datetime, float]] = field(default_factory=deque)

    def take(self, at: datetime, value: float, *, trusted: bool) -> bool:
        """Remember a value, and tell whether it is odd after what came before."""
        flat = self._is_flat(at, value)
        stands_out = self._stands_out(at, value)
        if trusted and not stands_out:
            self.trusted = (at, value)
            self.apart.clear()
        return flat or stands_out

    def _is_flat(self, at: datetime, value: float) -> bool:
        hours = self.observed.flat_hours
        if hours is None or value == 0:
            self.same.clear()
            return False
        if self.same and self.same[-1][1] != value:
            self.same.clear()
        self.same.append((at, value))
        if len(self.same) > HISTORY:
            self.same.popleft()
        return len(self.same) >= _FLAT_AT_LEAST and at - self.same[0][0] >= timedelta(hours=hours)

    def _stands_out(self, at: datetime, value: float) -> bool:
        spike = self.observed.spike
        if spike is None or self.trusted is None or at - self.trusted[0] > _NEAR:
            self.apart.clear()
            return False
        if abs(value - self.trusted[1]) <= spike:
            return False
        self.apart = [each for each in self.apart if abs(each - value) <= spike]
        self.apart.append(value)
        return len(self.apart) < _NEW_LEVEL
