"""A live layer: which things it shows, and which of what they measure colours and labels them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from tweestad.model.observed_property import Norm
from tweestad.model.text import Text

Symbol = Literal["dot", "line", "sign"]
CountsFrom = Literal["measured", "told"]


@dataclass(frozen=True, slots=True)
class LiveLayer:
    """Things of one of the `kinds` (and of one of the `sources`, when it names any).

    `observed` are properties in order of choice: a thing shows the first that it measures, and a thing that
    measures none of them is not in the layer. An empty `observed` shows places without values. `breaks` are
    where a new class begins, by property. `of` names the total that a count is a part of ("3 of 8"); `also`
    what is told behind the value when it is as recent. `norms` are what a value is compared with.

    Age counts from when a value was measured, or, for what is dated when it last changed, from when the
    source last told of it. Past `stale_after` a value is not shown as current.
    """

    id: str
    title: Text
    description: Text
    theme: Text
    kinds: tuple[str, ...]
    observed: tuple[str, ...]
    symbol: Symbol
    stale_after: timedelta
    sources: tuple[str, ...] = ()
    counts_from: CountsFrom = "measured"
    order: int = 0
    breaks: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    norms: Mapping[str, Norm] = field(default_factory=dict)

    @property
    def properties(self) -> tuple[str, ...]:
        """Every property that it needs to draw a thing: those of choice, totals, and what is told beside."""
        return tuple(dict.fromkeys((*self.observed, *self.of.values(), *self.also.values())))
