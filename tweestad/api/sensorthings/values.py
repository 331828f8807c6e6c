"""The values that expressions speak of, how they compare, and how they are written in JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import orjson
import shapely

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)\Z", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_MICROSECOND_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` to `end`, both UTC."""

    start: datetime
    end: datetime


Value = (
    None
    | bool
    | int
    | float
    | str
    | datetime
    | date
    | time
    | timedelta
    | Interval
    | shapely.Geometry
    | Mapping[str, Any]
    | Sequence[Any]
)


def find_moment(text: str) -> datetime | None:
    """The moment in UTC of an ISO 8601 text with an offset, or of a bare day at midnight UTC; else None."""
    try:
        if _DAY.match(text):
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        if not (found := _MOMENT.match(text)):
            return None
        whole, _, fraction = found[1].partition(".")
        fraction = f".{fraction[:_MICROSECOND_DIGITS]:0<6}" if fraction else ""
        offset = "+00:00" if found[2].upper() == "Z" else found[2]
        return datetime.fromisoformat(f"{whole}{fraction}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment_text(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z; fractions only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def interval_text(start: datetime, end: datetime) -> str:
    """`start/end`, as ISO 8601 writes an interval."""
    return f"{moment_text(start)}/{moment_text(end)}"


def as_json(value: Value) -> Any:
    """What JSON has for it."""
    match value:
        case datetime():
            return moment_text(value)
        case Interval():
            return interval_text(value.start, value.end)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case shapely.Geometry():
            return orjson.loads(shapely.to_geojson(value))
        case _:
            return value


def is_number(value: Value) -> bool:
    """Whether it is a number; yes and no are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def compare(operator: str, left: Value, right: Value) -> bool:
    """Whether `left operator right`. What cannot be compared is unequal, and neither smaller nor greater."""
    left, right = _alike(left, right)
    if left is None or right is None:
        same = left is None and right is None
        return same if operator == "eq" else operator == "ne" and not same
    if isinstance(left, Interval) or isinstance(right, Interval):
        return _compare_times(operator, left, right)
    sign = _sign(left, right)
    if sign is None:
        return operator == "ne"
    return {
        "eq": sign == 0, "ne": sign != 0, "lt": sign < 0, "le": sign <= 0, "gt": sign > 0, "ge": sign >= 0,
    }[operator]  # fmt: skip


def _alike(left: Value, right: Value) -> tuple[Value, Value]:
    """A text beside a moment is read as one, and a day beside a moment is its midnight."""
    timely = datetime | Interval
    if isinstance(left, timely) and not isinstance(right, timely):
        return left, _moment_of(right)
    if isinstance(right, timely) and not isinstance(left, timely):
        return _moment_of(left), right
    return left, right


def _moment_of(value: Value) -> Value:
    if isinstance(value, str):
        return find_moment(value) or value
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else value


def _compare_times(operator: str, left: Value, right: Value) -> bool:
    """An interval is later than what ends before it starts, and earlier than what starts after it ends."""
    a, b = _ends(left), _ends(right)
    if a is None or b is None:
        return operator == "ne"
    return {
        "eq": a == b, "ne": a != b,
        "lt": a[1] <= b[0] and a != b, "le": a[1] <= b[0],
        "gt": a[0] >= b[1] and a != b, "ge": a[0] >= b[1],
    }[operator]  # fmt: skip


def _ends(value: Value) -> tuple[datetime, datetime] | None:
    if isinstance(value, Interval):
        return value.start, value.end
    return (value, value) if isinstance(value, datetime) else None


def _sign(left: Value, right: Value) -> int | None:
    """-1, 0 or 1, or None when there is no order between the two."""
    if isinstance(left, shapely.Geometry) and isinstance(right, shapely.Geometry):
        return 0 if shapely.equals(left, right) else None
    if not (is_number(left) and is_number(right)) and type(left) is not type(right):
        return None
    if isinstance(left, bool | int | float | str | date | time | timedelta):
        return (left > right) - (left < right)  # type: ignore[operator]
    return 0 if left == right else None


def sort_key(value: Value) -> tuple[int, Any]:
    """A key that puts all values in one order: nothing first, then by type."""
    if value is None:
        return 0, 0
    if isinstance(value, Interval):
        value = value.end
    match value:
        case bool():
            return 1, value
        case int() | float():
            return 2, value
        case str():
            return 3, value
        case datetime():
            return 4, value
        case _:
            return 5, orjson.dumps(as_json(value), option=orjson.OPT_SORT_KEYS)
