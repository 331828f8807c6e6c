"""One observation as a row and back: the same columns in `observation`, `observation_first` and `latest`."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from tweestad.errors import InputRejected
from tweestad.model.observation import Flag, Observation, Result
from tweestad.model.reading import Reading
from tweestad.store.intake import check_text

# In the order of the columns of the tables, after `datastream` and `time`.
VALUE_COLUMNS = ("span", "result_time", "received", "kind", "flag", "value", "text", "told", "original")
NUMBER, TEXT, BOOLEAN, NOTHING = range(4)

Row = tuple[Any, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FLAGS = {int(flag): flag for flag in Flag}


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 in UTC; raises InputRejected for a moment without a time zone."""
    try:
        return (moment - _EPOCH) // _MICROSECOND
    except TypeError as exc:
        raise InputRejected("a moment has no time zone") from exc


def from_us(us: int) -> datetime:
    """The moment in UTC."""
    return _EPOCH + timedelta(microseconds=us)


class Moments(dict[int, datetime]):
    """Moments that were made before: the rows of one answer share most of theirs."""

    def __missing__(self, us: int) -> datetime:
        moment = self[us] = from_us(us)
        return moment


def value_row(observation: Observation) -> Row:
    """The observation in the order of VALUE_COLUMNS; raises InputRejected for what cannot be kept."""
    result = observation.result
    kind, value, text = _encoded(result)
    if kind == TEXT or observation.told or observation.original:
        for said in (text or "", observation.told, observation.original):
            check_text(said, "a value", observation.datastream)
    start, revised = observation.phenomenon_start, observation.result_time
    span = None if start is None else to_us(observation.phenomenon) - to_us(start)
    if span is not None and span < 0:
        raise InputRejected("an interval ends before it starts", where=observation.datastream)
    return (
        span,
        None if revised is None else to_us(revised),
        to_us(observation.received),
        kind,
        int(observation.flag),
        value,
        text,
        observation.told or None,
        None if observation.original == _written(kind, value, text) else observation.original,
    )


def stored_reading(datastream: str, row: Row, moments: Moments) -> Reading:
    """A row of time, VALUE_COLUMNS, and the kind, value and text that it had at first, or NULL."""
    time, span, result_time, received, kind, flag, value, text, told, original, *first = row
    observation = Observation(
        datastream,
        moments[time],
        # By far most are numbers, and this is done ten thousand times for one chart.
        value if kind == NUMBER else _decoded(kind, value, text),
        moments[received],
        None if span is None else moments[time - span],
        None if result_time is None else moments[result_time],
        _FLAGS[flag],
        told or "",
        _written(kind, value, text) if original is None else original,
    )
    return Reading(observation) if first[0] is None else Reading(observation, True, _decoded(*first))


def _decoded(kind: int, value: float | None, text: str | None) -> Result:
    if kind == NUMBER:
        return value
    return text if kind == TEXT else None if value is None else value == 1


def _encoded(result: Result) -> tuple[int, float | None, str | None]:
    if result is None:
        return NOTHING, None, None
    if isinstance(result, bool):
        return BOOLEAN, float(result), None
    if isinstance(result, str):
        return TEXT, None, result
    if not math.isfinite(result):
        raise InputRejected("a value is not a finite number")
    return NUMBER, float(result), None


def _written(kind: int, value: float | None, text: str | None) -> str:
    """How a source most likely wrote it: `12` and `12.5`, a text as it is, nothing as nothing."""
    if kind == NUMBER and value is not None:
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return text or "" if kind == TEXT else ""
