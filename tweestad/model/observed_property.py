"""What can be observed: an entry of the vocabulary, with its unit, plausible range and norms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tweestad.model.text import Text

Period = Literal["hour", "8 hours", "day", "year", "peak season"]
PropertyType = Literal["number", "count", "codes", "text", "boolean", "moment"]


@dataclass(frozen=True, slots=True)
class Norm:
    """A value that a government or the WHO says should not be passed, on average over `period`.

    `days` is how many times a year it may be passed. `applies` is the first year in which it counts.
    """

    name: Text
    limit: float
    period: Period
    source: str
    days: int = 0
    applies: int = 0


@dataclass(frozen=True, slots=True)
class ObservedProperty:
    """What a datastream observes, whatever its source calls it.

    `unit` is UCUM, `shown` how people write it. `low` and `high` bound what is plausible, in that unit:
    beyond them a value is suspect; so is one further than `spike` from those before it, and one that has
    stayed exactly the same for `flat_hours`. `decimals` is how precisely it is shown. `codes` gives the
    words for values that are codes. `standard` names the term of a register or norm.
    """

    id: str
    title: Text
    type: PropertyType
    unit: str = ""
    shown: str = ""
    low: float | None = None
    high: float | None = None
    spike: float | None = None
    flat_hours: float | None = None
    decimals: int = 0
    standard: str = ""
    norms: tuple[Norm, ...] = ()
    codes: Mapping[str, Text] = field(default_factory=dict)
