"""The values of a series as CSV, as they were measured, written while they are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tweestad.access.reader import Reader
from tweestad.api.pages.csv_file import BYTE_ORDER_MARK, csv_lines, safe
from tweestad.api.pages.series import Window
from tweestad.model.reading import Reading, StoredDatastream

PAGE = 2_000
HEAD = (
    "phenomenon_start", "phenomenon", "result", "unit", "flag", "told", "original", "result_time", "received",
    "first_result",
)  # fmt: skip


def reading_pieces(reader: Reader, stream: StoredDatastream, window: Window) -> Iterator[bytes]:
    """In order of time, in UTC. `flag` is a QARTOD code, `first_result` what a later revision replaced."""
    yield (BYTE_ORDER_MARK + csv_lines([list(HEAD)])).encode()
    start = window.start
    while start < window.until:
        found = reader.readings(stream.datastream.id, start=start, end=window.until, limit=PAGE)
        if found:
            yield csv_lines(_row(each, stream.datastream.unit) for each in found).encode()
        if len(found) < PAGE:
            return
        # The smallest step of time there is: two values of one series have two times.
        start = found[-1].observation.phenomenon + timedelta(microseconds=1)


def _row(reading: Reading, unit: str) -> list[str]:
    seen = reading.observation
    return [
        _time(seen.phenomenon_start),
        _time(seen.phenomenon),
        safe(seen.result),
        unit,
        str(int(seen.flag)),
        safe(seen.told),
        safe(seen.original),
        _time(seen.result_time),
        _time(seen.received),
        safe(reading.first) if reading.revised else "",
    ]


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat().replace("+00:00", "Z")
