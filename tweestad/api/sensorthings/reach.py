"""What a request may reach, and how much of the twin one answer may go through."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from tweestad.api.problems import refuse
from tweestad.model.reading import ReadingsWhere

TOP_DEFAULT = 100
TOP_MAX = 1_000
LOOKED_MAX = 100_000
ENTITIES_MAX = 10_000
EXPAND_DEPTH_MAX = 3
SECONDS_MAX = 10.0

Names = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Which things, and which of their datastreams and readings; None does not narrow, empty is nothing.

    `bbox` is in RD. Readings have start <= phenomenon < end. `methods` are those of datastreams.
    """

    things: Names = None
    datastreams: Names = None
    sources: Names = None
    kinds: Names = None
    observed: Names = None
    methods: Names = None
    bbox: tuple[float, float, float, float] | None = None
    start: datetime | None = None
    end: datetime | None = None

    def meet(self, other: Reach) -> Reach:
        """What both reach."""
        names = {
            name: _both(getattr(self, name), getattr(other, name))
            for name in ("things", "datastreams", "sources", "kinds", "observed", "methods")
        }
        starts = [each for each in (self.start, other.start) if each is not None]
        ends = [each for each in (self.end, other.end) if each is not None]
        # The smaller rectangle would do as well: what is not in both is left out afterwards.
        bbox = self.bbox or other.bbox
        return Reach(**names, bbox=bbox, start=max(starts, default=None), end=min(ends, default=None))

    @property
    def is_nothing(self) -> bool:
        return any(getattr(self, each.name) == () for each in fields(self))

    @property
    def of_thing(self) -> str | None:
        """The thing, when this reaches what one thing has and is narrowed by nothing else but time."""
        only = replace(Reach(), things=self.things, start=self.start, end=self.end) == self
        return self.things[0] if only and self.things and len(self.things) == 1 else None

    @property
    def of_stream(self) -> str | None:
        """The datastream, when this reaches one and is narrowed by nothing else but time."""
        only = replace(Reach(), datastreams=self.datastreams, start=self.start, end=self.end) == self
        return self.datastreams[0] if only and self.datastreams and len(self.datastreams) == 1 else None

    def where(self) -> ReadingsWhere:
        """The same for the store; it knows no methods."""
        return ReadingsWhere(
            sources=self.sources,
            kinds=self.kinds,
            things=self.things,
            datastreams=self.datastreams,
            observed=self.observed,
            bbox=self.bbox,
        )


def _both(mine: Names, theirs: Names) -> Names:
    if mine is None or theirs is None:
        return theirs if mine is None else mine
    return tuple(name for name in mine if name in set(theirs))


@dataclass(slots=True)
class Budget:
    """Counts what one answer costs, and refuses it when that is too much."""

    looked_max: int = LOOKED_MAX
    entities_max: int = ENTITIES_MAX
    seconds_max: float = SECONDS_MAX
    clock: Callable[[], float] = time.monotonic
    looked: int = 0
    entities: int = 0
    started: float = field(default=0.0)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def look(self, many: int = 1) -> None:
        """This many rows are gone through; raises RequestValidationError."""
        self.looked += many
        if self.looked > self.looked_max:
            raise refuse("$filter", "sta_many_rows", most=self.looked_max)
        if self.clock() - self.started > self.seconds_max:
            raise refuse("$filter", "sta_slow", most=int(self.seconds_max))

    def give(self, many: int = 1) -> None:
        """This many entities are answered; raises RequestValidationError."""
        self.entities += many
        if self.entities > self.entities_max:
            raise refuse("$expand", "sta_many", most=self.entities_max)
