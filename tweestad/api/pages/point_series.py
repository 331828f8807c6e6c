"""A series as a page shows it: chart, numbers, norms, and the table of the same values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tweestad.access.reader import Reader
from tweestad.api.pages.measured_words import (
    property_of,
    reading_notes,
    show_result,
    shown_amount,
    shown_unit,
    trust_of,
)
from tweestad.api.pages.moments import clock_words, moment_words, span_words
from tweestad.api.pages.point_charts import (
    NARROW,
    WIDE,
    Drawing,
    drawing_of,
    drawn_norms,
    is_direction,
    mark_of,
    told_in_words,
)
from tweestad.api.pages.point_numbers import Fact, facts_of, norm_lines
from tweestad.api.pages.series import Measured, Row, Window, buckets_of, measured
from tweestad.legend.chart import Mark
from tweestad.legend.statistics import in_force, statistics_of
from tweestad.model.observation import Flag
from tweestad.model.reading import Bucket, StoredDatastream
from tweestad.model.text import Language

# Of codes and texts only the last are shown: nobody reads more.
_CODES_MAX = 60
# A day in spring has 23 hours.
_LONG_S = 82_800


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table below the chart."""

    moment: str
    value: str
    low: str
    high: str
    count: str
    trust: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series over a window as a page shows it. Without drawings it is no series of numbers."""

    measured: Measured
    beside: Measured | None
    unit: str
    said: str
    steps: str
    wide: Drawing | None
    narrow: Drawing | None
    facts: tuple[Fact, ...]
    norms: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def together(self) -> bool:
        """Whether each row of the table stands for several values."""
        return any(row.count for row in self.measured.rows)


def is_drawn(stream: StoredDatastream) -> bool:
    """Whether its values are amounts."""
    return property_of(stream.datastream).type in ("number", "count")


def view_of(
    reader: Reader,
    stream: StoredDatastream,
    window: Window,
    language: Language,
    beside: StoredDatastream | None = None,
    marks: Sequence[Mark] = (),
) -> SeriesView:
    """The series with, in the same chart, another one in the same unit, and levels besides its norms."""
    found = measured(reader, stream, window)
    second = None if beside is None else measured(reader, beside, window)
    lines = tuple(_line(row, stream, language) for row in reversed(found.rows))
    unit = shown_unit(stream.datastream, language).strip()
    steps = "" if found.step is None else span_words(found.step.total_seconds(), language)
    if not is_drawn(stream):
        return SeriesView(found, None, unit, "", "", None, None, (), (), lines[:_CODES_MAX])
    norms = drawn_norms(in_force(property_of(stream.datastream).norms, window.end.year), window)
    drawn = [*(mark_of(norm, language) for norm in norms), *marks]
    days, hours = _means(reader, stream, window)
    told = statistics_of(
        hours or _as_buckets(found), start=window.start, end=window.end, period_s=stream.datastream.period_s
    )
    wide = drawing_of(found, second, drawn, WIDE, language)
    return SeriesView(
        measured=found,
        beside=second,
        unit=unit,
        said=told_in_words(wide, stream, told, found, language),
        steps=steps,
        wide=wide,
        narrow=drawing_of(found, second, drawn, NARROW, language),
        facts=() if is_direction(stream) else facts_of(told, stream, language),
        norms=norm_lines(stream, window, told, days, hours, language),
        lines=lines,
    )


def _means(reader: Reader, stream: StoredDatastream, window: Window) -> tuple[list[Bucket], list[Bucket]]:
    """Means of days and hours: of hours only over a week at most, and where a norm or the number asks so."""
    days = buckets_of(reader, stream, window, "day")
    hours = [] if window.period == "jaar" else buckets_of(reader, stream, window, "hour")
    return days, [each for each in hours if each.end > window.start]


def _as_buckets(found: Measured) -> list[Bucket]:
    """The rows of a table as steps of their own."""
    return [
        Bucket(
            row.start or row.moment,
            row.moment,
            row.count or 1,
            float(row.value),
            float(row.value) if row.low is None else row.low,
            float(row.value) if row.high is None else row.high,
            flagged=int(row.flag == Flag.SUSPECT),
        )
        for row in found.rows
        if isinstance(row.value, int | float) and row.flag not in (Flag.FAIL, Flag.MISSING)
    ]


def _line(row: Row, stream: StoredDatastream, language: Language) -> Line:
    spoken = stream.datastream
    shown = show_result(row.value, spoken, language)
    low, high = ("" if v is None else shown_amount(v, spoken, language) for v in (row.low, row.high))
    seen = None if row.reading is None else row.reading.observation
    lasts_s = spoken.period_s if row.start is None else (row.moment - row.start).total_seconds()
    if row.start is None or lasts_s >= _LONG_S:
        moment = moment_words(row.start or row.moment, language, period_s=int(lasts_s))
    else:
        moment = f"{moment_words(row.start, language)} – {clock_words(row.moment, language)}"
    return Line(
        moment=moment,
        value=shown.value if shown.unknown else shown.text,
        low=low,
        high=high,
        count=str(row.count) if row.count else "",
        trust="" if seen is None else trust_of(seen),
        notes=() if row.reading is None else reading_notes(row.reading, spoken, language),
    )
