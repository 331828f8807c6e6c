"""The value of each column of a layer, from the values of a row at the source."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping

from tweestad.build.plan import ColumnPlan
from tweestad.build.template import plain
from tweestad.model.feature import Value
from tweestad.store.intake import INTEGER_MAX

_YES = frozenset({"yes", "true", "j", "ja", "1"})
_NO = frozenset({"no", "false", "n", "nee", "0"})


class Attributes:
    """Makes attributes and counts, per column, what had to be left empty and which codes have no words."""

    def __init__(self, columns: tuple[ColumnPlan, ...]) -> None:
        self._columns = columns
        self._unfit: Counter[str] = Counter()
        self._wordless: Counter[tuple[str, str]] = Counter()

    def of(self, row: Mapping[str, Value]) -> dict[str, Value]:
        """All columns of the layer; None where the source has nothing usable."""
        return {plan.column.name: self._value(plan, row) for plan in self._columns}

    def notes(self) -> tuple[str, ...]:
        """One sentence per kind of value that could not be taken over as it is."""
        unfit = [
            f"{name}: {count} values left empty, not of the column's type"
            for name, count in sorted(self._unfit.items())
        ]
        wordless = [
            f"{name}: {count} times ‘{code}’, a code without words"
            for (name, code), count in sorted(self._wordless.items())
        ]
        return (*unfit, *wordless[:20])

    def _value(self, plan: ColumnPlan, row: Mapping[str, Value]) -> Value:
        if plan.difference is not None:
            return _difference(plan, row)
        if plan.phases:
            return next((year for name, year in plan.phases if (_as_number(row.get(name)) or 0) > 0), None)
        raw = row.get(plan.source)
        if raw is None or raw == "":
            return None
        value = _CONVERSIONS[plan.column.type](raw, plan)
        if value is None:
            self._unfit[plan.column.name] += 1
        elif plan.column.codes:
            for code in value if isinstance(value, tuple) else (str(value),):
                if code not in plan.column.codes:
                    self._wordless[plan.column.name, code] += 1
        return value


def _difference(plan: ColumnPlan, row: Mapping[str, Value]) -> Value:
    assert plan.difference is not None  # noqa: S101 - the caller has looked
    first, second = (_as_number(row.get(name)) for name in plan.difference)
    if first is None or second is None:
        return None
    value = first - second
    if (plan.low is not None and value < plan.low) or (plan.high is not None and value > plan.high):
        return None  # such as a roof at 0.0 that means "not measured"
    return _rounded(value, plan)


def _as_number(raw: Value) -> float | None:
    if isinstance(raw, bool) or raw is None or isinstance(raw, tuple):
        return None
    try:
        value = float(raw)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _rounded(value: float, plan: ColumnPlan) -> float:
    return round(value, 6 if plan.decimals is None else plan.decimals)


def _text(raw: Value, plan: ColumnPlan) -> Value:  # noqa: ARG001 - one signature for all types
    return plain(raw)


def _integer(raw: Value, plan: ColumnPlan) -> Value:  # noqa: ARG001
    value = _as_whole(raw)
    return value if value is not None and abs(value) <= INTEGER_MAX else None


def _as_whole(raw: Value) -> int | None:
    """A whole number; through float only when it is written as one, which is exact to 53 bits."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str):
        try:
            return int(raw)
        except ValueError:
            pass  # such as “12.0”
    value = _as_number(raw)
    return int(value) if value is not None and value.is_integer() else None


def _number(raw: Value, plan: ColumnPlan) -> Value:
    value = _as_number(raw)
    return None if value is None else _rounded(value, plan)


def _boolean(raw: Value, plan: ColumnPlan) -> Value:  # noqa: ARG001
    word = plain(raw).lower()
    return True if word in _YES else False if word in _NO else None


def _codes(raw: Value, plan: ColumnPlan) -> Value:
    if isinstance(raw, tuple):
        return raw
    if plan.split:
        parts = tuple(part.strip() for part in plain(raw).split(plan.split))
        return tuple(part for part in parts if part) or None
    return plain(raw)


_CONVERSIONS: dict[str, Callable[[Value, ColumnPlan], Value]] = {
    "text": _text,
    "date": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "codes": _codes,
}
