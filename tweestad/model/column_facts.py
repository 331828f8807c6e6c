"""What the values of a column are like, counted once per version of a layer and kept as a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

# The document of a layer: its key is the layer's id. It holds values, so it goes when a feature is erased.
FACTS_KIND = "columns"

FactsKind = Literal["number", "category", "text"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram: from `lower` (included) to `upper` (excluded, but in the last bar included)."""

    lower: float
    upper: float
    count: int


@dataclass(frozen=True, slots=True)
class ValueCount:
    """How many features have this value; one with several values counts for each of them."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """The values of one column of a layer, over its published features.

    `count` are all features, `missing` those without a known value, `distinct` the different values.
    `lowest`, `highest`, `bars` and `breaks` (the round numbers between two classes) are for numbers;
    `values` are those of a category, the most frequent first.
    """

    name: str
    kind: FactsKind
    count: int
    missing: int
    distinct: int
    lowest: float | None = None
    highest: float | None = None
    bars: tuple[Bar, ...] = ()
    breaks: tuple[float, ...] = ()
    values: tuple[ValueCount, ...] = ()

    @property
    def colourable(self) -> bool:
        """Whether colours by this column would show a difference."""
        return self.kind != "text" and self.distinct > 1

    @property
    def parts_objects(self) -> bool:
        """Whether a filter on this column can leave out some objects and keep others."""
        return self.kind != "text" and (self.distinct > 1 or 0 < self.missing < self.count)


def facts_body(version: int, columns: Sequence[ColumnFacts]) -> dict[str, Any]:
    """The facts of a layer at a version as plain JSON values; `parse_facts` gives them back."""
    return {"version": version, "columns": [asdict(facts) for facts in columns]}


def parse_facts(body: Mapping[str, Any], version: int) -> tuple[ColumnFacts, ...] | None:
    """The facts of a document that `facts_body` made; None when they are those of another version."""
    if body.get("version") != version:
        return None
    return tuple(
        ColumnFacts(
            **{
                **each,
                "bars": tuple(Bar(**bar) for bar in each["bars"]),
                "breaks": tuple(each["breaks"]),
                "values": tuple(ValueCount(**value) for value in each["values"]),
            }
        )
        for each in body["columns"]
    )
