"""The functions of `$filter`: those of SensorThings 1.1, table 23, each over values that are known.

A function that is given what it is not for (a number where a text belongs, or nothing) gives None, which is
equal to nothing; none of them raises. Distances and lengths are in degrees, the unit of the coordinates, as
OData 4.0 part 2, 5.1.1.14 says and other servers do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import shapely

from tweestad.api.sensorthings.values import Interval, Value, find_moment, is_number

TEXT_RESULT_MAX = 8_000


@dataclass(frozen=True, slots=True)
class Function:
    """`least` to `most` arguments; `yes_or_no` tells that it can be a condition by itself."""

    least: int
    most: int
    compute: Callable[..., Value]
    yes_or_no: bool = False


def _text(compute: Callable[[str], Value]) -> Function:
    return Function(1, 1, lambda given: compute(given) if isinstance(given, str) else None)


def _texts(compute: Callable[[str, str], Value], *, yes_or_no: bool = True) -> Function:
    def both(left: Value, right: Value) -> Value:
        return compute(left, right) if isinstance(left, str) and isinstance(right, str) else None

    return Function(2, 2, both, yes_or_no)


def _number(compute: Callable[[float], float]) -> Function:
    def one(given: Value) -> Value:
        if not is_number(given) or not math.isfinite(number := float(given)):  # type: ignore[arg-type]
            return None
        return compute(number)

    return Function(1, 1, one)


def _moment(compute: Callable[[datetime], Value]) -> Function:
    def one(given: Value) -> Value:
        if isinstance(given, str):
            given = find_moment(given)
        if isinstance(given, Interval):
            given = given.start
        if isinstance(given, date) and not isinstance(given, datetime):
            given = datetime(given.year, given.month, given.day, tzinfo=UTC)
        return compute(given) if isinstance(given, datetime) else None

    return Function(1, 1, one)


def _shapes(compute: Callable[..., Any], *, met: bool = True) -> Function:
    def both(left: Value, right: Value) -> Value:
        if not (isinstance(left, shapely.Geometry) and isinstance(right, shapely.Geometry)):
            return None
        try:
            found = compute(left, right)
        except shapely.GEOSException:
            return None
        return bool(found) if met else float(found)

    return Function(2, 2, both, yes_or_no=met)


def _length(given: Value) -> Value:
    return float(shapely.length(given)) if isinstance(given, shapely.Geometry) else None


def _relate(left: Value, right: Value, pattern: Value) -> Value:
    if not isinstance(pattern, str) or not re.fullmatch(r"[TF*012]{9}", pattern):
        return None
    return _shapes(lambda a, b: shapely.relate_pattern(a, b, pattern)).compute(left, right)


def _substring(text: Value, start: Value, length: Value = None) -> Value:
    """Counts from 0, as OData does."""
    if not isinstance(text, str) or not isinstance(start, int) or isinstance(start, bool):
        return None
    if length is None:
        return text[max(start, 0) :]
    if not isinstance(length, int) or isinstance(length, bool):
        return None
    return text[max(start, 0) : max(start, 0) + max(length, 0)]


def _round(number: float) -> float:
    """Halves away from zero, as OData does; Python rounds them to even."""
    return math.copysign(math.floor(abs(number) + 0.5), number)


def _concat(left: str, right: str) -> Value:
    return left + right if len(left) + len(right) <= TEXT_RESULT_MAX else None


def _time_of(moment: datetime) -> time:
    return moment.time()


DISTANCE = _shapes(shapely.distance, met=False)
INTERSECTS = _shapes(shapely.intersects)

FUNCTIONS: Mapping[str, Function] = {
    "substringof": _texts(lambda part, whole: part in whole),
    "contains": _texts(lambda whole, part: part in whole),
    "startswith": _texts(lambda whole, part: whole.startswith(part)),
    "endswith": _texts(lambda whole, part: whole.endswith(part)),
    "indexof": _texts(lambda whole, part: whole.find(part), yes_or_no=False),
    "concat": _texts(_concat, yes_or_no=False),
    "length": _text(len),
    "substring": Function(2, 3, _substring),
    "tolower": _text(str.lower),
    "toupper": _text(str.upper),
    "trim": _text(str.strip),
    "year": _moment(lambda at: at.year),
    "month": _moment(lambda at: at.month),
    "day": _moment(lambda at: at.day),
    "hour": _moment(lambda at: at.hour),
    "minute": _moment(lambda at: at.minute),
    "second": _moment(lambda at: at.second),
    "fractionalseconds": _moment(lambda at: at.microsecond / 1e6),
    "date": _moment(lambda at: at.date()),
    "time": _moment(_time_of),
    "totaloffsetminutes": _moment(lambda _: 0),
    "now": Function(0, 0, lambda: datetime.now(UTC)),
    "mindatetime": Function(0, 0, lambda: datetime.min.replace(tzinfo=UTC)),
    "maxdatetime": Function(0, 0, lambda: datetime.max.replace(tzinfo=UTC)),
    "round": _number(_round),
    "floor": _number(math.floor),
    "ceiling": _number(math.ceil),
    "geo.distance": DISTANCE,
    "geo.length": Function(1, 1, _length),
    "geo.intersects": INTERSECTS,
    "st_equals": _shapes(shapely.equals),
    "st_disjoint": _shapes(shapely.disjoint),
    "st_touches": _shapes(shapely.touches),
    "st_within": _shapes(shapely.within),
    "st_overlaps": _shapes(shapely.overlaps),
    "st_crosses": _shapes(shapely.crosses),
    "st_intersects": INTERSECTS,
    "st_contains": _shapes(shapely.contains),
    "st_relate": Function(3, 3, _relate, yes_or_no=True),
}


def calculate(operator: str, left: Value, right: Value) -> Value:
    """`left add|sub|mul|div|mod right` of two numbers, or of a moment and a duration; else None."""
    if is_number(left) and is_number(right):
        return _arithmetic(operator, float(left), float(right))  # type: ignore[arg-type]
    if operator in {"add", "sub"} and isinstance(right, timedelta):
        return _shifted(left, right if operator == "add" else -right)
    if operator == "sub" and isinstance(left, datetime) and isinstance(right, datetime):
        return left - right
    return None


def _shifted(moment: Value, by: timedelta) -> Value:
    try:
        match moment:
            case datetime() | timedelta():
                return moment + by
            case Interval():
                return Interval(moment.start + by, moment.end + by)
    except OverflowError:
        return None
    return None


def _arithmetic(operator: str, left: float, right: float) -> Value:
    try:
        match operator:
            case "add":
                result = left + right
            case "sub":
                result = left - right
            case "mul":
                result = left * right
            case "div":
                result = left / right
            case _:
                result = math.fmod(left, right)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None
