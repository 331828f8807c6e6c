"""One value of a datastream, with its three times and what its source said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

Result = float | str | bool | None


class Flag(IntEnum):
    """How far a value can be trusted, by the codes of QARTOD (IOOS). Checks raise it; nothing is deleted."""

    GOOD = 1
    NOT_EVALUATED = 2
    SUSPECT = 3
    FAIL = 4
    MISSING = 9


@dataclass(frozen=True, slots=True)
class Observation:
    """One value. All times are UTC.

    `phenomenon` is when it was measured: of an interval its end, and `phenomenon_start` its start.
    `result_time` is when the source published or last revised it, `received` when we got it. `result` is in
    `unit` of its datastream: a number, a code, yes or no, and None when the source says there is no value.
    `original` is the value as it was written. `told` is the source's own word on its quality.
    """

    datastream: str
    phenomenon: datetime
    result: Result
    received: datetime
    phenomenon_start: datetime | None = None
    result_time: datetime | None = None
    flag: Flag = Flag.NOT_EVALUATED
    told: str = ""
    original: str = ""

    @property
    def key(self) -> tuple[str, datetime]:
        """What makes it one value: a later revision has the same key."""
        return self.datastream, self.phenomenon
