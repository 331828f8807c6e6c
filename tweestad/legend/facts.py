"""Counts the values of the columns of a layer: what a legend and a filter need to know of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tweestad.legend.breaks import are_years, round_breaks
from tweestad.model.column_facts import Bar, ColumnFacts, ValueCount
from tweestad.model.feature import Value
from tweestad.model.layer import Column, Layer

# More different texts than this are names, and names are nobody's category.
CATEGORIES_MAX = 60
BARS = 24
# A list of values is for a person to choose from.
_VALUES_MAX = 60
_NUMBERING_MIN = 20


def count_columns(layer: Layer, rows: Iterable[Mapping[str, Value]]) -> tuple[ColumnFacts, ...]:
    """The facts of every column of the layer over the attributes of its published features."""
    given: dict[str, list[Value]] = {column.name: [] for column in layer.columns}
    count = 0
    for row in rows:
        count += 1
        for name, values in given.items():
            value = row.get(name)
            if value is not None:
                values.append(value)
    return tuple(_facts(layer, column, given[column.name], count) for column in layer.columns)


def holds_numbers(column: Column) -> bool:
    """Whether the values are amounts: codes are numbers only at their source."""
    return column.type in {"integer", "number"} and not column.codes


def text_of(value: Value) -> str:
    """One value of a category as the text by which the API names it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _facts(layer: Layer, column: Column, values: Sequence[Value], count: int) -> ColumnFacts:
    known = [kept for value in values if (kept := _known(value, column))]
    missing = count - len(known)
    if holds_numbers(column):
        return _number_facts(column, known, count, missing)
    counted = Counter(text for parts in known for text in {text_of(part) for part in parts})
    if column.name == layer.style.label_column or not _is_category(column, counted, len(known)):
        return ColumnFacts(column.name, "text", count, missing, len(counted))
    frequent = sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:_VALUES_MAX]
    shown = tuple(ValueCount(value, number) for value, number in frequent)
    return ColumnFacts(column.name, "category", count, missing, len(counted), values=shown)


def _known(value: Value, column: Column) -> tuple[Value, ...]:
    """The values that mean something, of which a list has several."""
    if column.means_unknown(value):
        return ()
    parts: tuple[Value, ...] = value if isinstance(value, tuple) else (value,)
    return tuple(part for part in parts if part != "" and not column.means_unknown(part))


def _is_category(column: Column, counted: Counter[str], known: int) -> bool:
    if column.codes or column.type in {"boolean", "codes"}:
        return len(counted) <= CATEGORIES_MAX
    # Of a category most values come back; of a name or a number in a register hardly one.
    return 0 < len(counted) <= min(CATEGORIES_MAX, known / 2)


def _number_facts(
    column: Column, known: Sequence[tuple[Value, ...]], count: int, missing: int
) -> ColumnFacts:
    numbers = np.array(list(_numbers(known)), dtype=np.float64)
    if not len(numbers):
        return ColumnFacts(column.name, "number", count, missing, 0)
    whole = bool((numbers == np.round(numbers)).all())
    if whole and _is_numbering(numbers):
        return ColumnFacts(column.name, "text", count, missing, len(numbers))
    years = whole and not column.unit and speaks_of_years(column) and are_years(numbers)
    return ColumnFacts(
        column.name,
        "number",
        count,
        missing,
        len(np.unique(numbers)),
        lowest=float(numbers.min()),
        highest=float(numbers.max()),
        bars=_bars(numbers),
        breaks=round_breaks(numbers, whole=whole, years=years),
    )


def _is_numbering(numbers: NDArray[np.float64]) -> bool:
    """Whether the numbers only count the objects: all different, with hardly a gap."""
    many = len(numbers)
    alone = len(np.unique(numbers)) == many
    return many >= _NUMBERING_MIN and alone and float(np.ptp(numbers)) < 1.5 * many


def _numbers(known: Sequence[tuple[Value, ...]]) -> Iterator[float]:
    for parts in known:
        for part in parts:
            if isinstance(part, int | float) and not isinstance(part, bool) and math.isfinite(part):
                yield float(part)


def speaks_of_years(column: Column) -> bool:
    """Whether the column is about a moment in years, by its name or by the vocabulary."""
    return any("jaar" in name.lower() for name in (column.name, column.term))


def _bars(numbers: NDArray[np.float64]) -> tuple[Bar, ...]:
    """Bars of one width from the lowest to the highest number."""
    if numbers.min() == numbers.max():
        return (Bar(float(numbers[0]), float(numbers[0]), len(numbers)),)
    counts, edges = np.histogram(numbers, bins=BARS)
    return tuple(
        Bar(float(f"{low:.9g}"), float(f"{high:.9g}"), int(each))
        for low, high, each in zip(edges, edges[1:], counts, strict=False)
    )
