"""The chart of a series with the words that stand in it, and the same told in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tweestad.api.language import speak
from tweestad.api.pages.measured_words import period_words, property_of, shown_amount, shown_unit
from tweestad.api.pages.moments import moment_words, tick_words
from tweestad.api.pages.series import Measured, Window
from tweestad.legend.chart import Chart, Frame, Mark, lay_out
from tweestad.legend.live_words import amount_words
from tweestad.legend.statistics import Statistics
from tweestad.model.observed_property import Norm
from tweestad.model.reading import StoredDatastream
from tweestad.model.text import Language

WIDE = Frame()
NARROW = Frame(width=336, height=212, left=40, right=10, top=14, bottom=26)
# A chart with more lines at levels of norms tells nothing any more.
_NORMS_MAX = 2
_GAP_WORD_PX = 84
_LETTER_PX = 7.2


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart at one width with the words on it."""

    chart: Chart
    levels: tuple[str, ...]
    moments: tuple[str, ...]
    gap_word_px: int = _GAP_WORD_PX


def drawn_norms(norms: Sequence[Norm], window: Window) -> tuple[Norm, ...]:
    """The strictest norm of the period that fits the chart best: of a year for a year, else of a day.

    A line at the norm of a year beside the values of an hour would suggest that every hour above it is
    wrong; it is drawn when there is no other, with its period in its name.
    """
    order = (
        ("year", "day", "8 hours", "hour") if window.period == "jaar" else ("day", "8 hours", "hour", "year")
    )
    for period in order:
        fitting = sorted((n for n in norms if n.period == period), key=lambda norm: norm.limit)
        if fitting:
            return tuple(fitting[:_NORMS_MAX])
    return ()


def drawing_of(
    found: Measured, beside: Measured | None, marks: Sequence[Mark], frame: Frame, language: Language
) -> Drawing:
    stream, window = found.stream.datastream, found.window
    series = [found.numbers] + ([] if beside is None else [beside.numbers])
    if is_direction(found.stream):
        # Between 350 and 10 degrees a line would go the long way round.
        series = [replace(each, apart=timedelta(0)) for each in series]
    chart = lay_out(
        series,
        window.start,
        window.end,
        marks=marks,
        whole=property_of(stream).type == "count" and found.step is None,
        frame=frame,
    )
    if is_direction(found.stream):
        chart = replace(chart, gaps=())
    return Drawing(
        chart=chart,
        levels=tuple(amount_words(level.value).in_language(language) for level in chart.levels),
        moments=tuple(tick_words(moment.tick, window.seconds, language) for moment in chart.moments),
    )


def mark_of(norm: Norm, language: Language) -> Mark:
    """The norm as a level with its name and period."""
    name = speak(
        language,
        "point.norm.line",
        name=norm.name.in_language(language),
        period=period_words(norm, language),
        limit=amount_words(norm.limit).in_language(language),
    )
    return Mark(name, norm.limit, len(name) * _LETTER_PX)


def is_direction(stream: StoredDatastream) -> bool:
    return stream.datastream.unit == "deg"


def told_in_words(
    wide: Drawing, stream: StoredDatastream, told: Statistics, found: Measured, language: Language
) -> str:
    """What the chart shows, for who hears it: how many values, from where to where, the last, the gaps."""
    if not told.count or told.low is None or told.high is None:
        return speak(language, "point.chart.nothing")
    unit = shown_unit(stream.datastream, language)
    last = found.numbers.spots[-1] if found.numbers.spots else None
    parts = [
        speak(
            language,
            "point.chart.said",
            low=shown_amount(told.low, stream.datastream, language),
            high=shown_amount(told.high, stream.datastream, language) + unit,
            last="" if last is None else shown_amount(last.value, stream.datastream, language) + unit,
            moment="" if last is None else moment_words(last.moment, language),
        )
    ]
    gaps = len(wide.chart.gaps)
    if gaps:
        parts.append(speak(language, "point.chart.gap" if gaps == 1 else "point.chart.gaps", count=gaps))
    flagged = len(wide.chart.series[0].flagged)
    if flagged:
        parts.append(speak(language, "point.chart.flagged", count=flagged))
    parts += [each.mark.name for each in wide.chart.marks]
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts)
