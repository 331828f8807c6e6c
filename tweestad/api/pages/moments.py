"""Days, clocks and lengths of time in words, in the time of the Netherlands."""

from __future__ import annotations

from datetime import datetime

from tweestad.api.language import speak
from tweestad.api.pages.wording import MONTHS
from tweestad.legend.time_axis import ZONE, TimeTick
from tweestad.model.text import Language

_DAY_S = 86_400
_SHORT_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_SPANS = (("day", _DAY_S), ("hour", 3600), ("minute", 60), ("second", 1))
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def span_words(seconds: float, language: Language) -> str:
    """How long something lasts: “10 minuten”, “1 uur”, “3 dagen”."""
    unit, length = next(
        (each for each in _SPANS if seconds >= each[1] and seconds % each[1] == 0), _SPANS[-1]
    )
    count = int(seconds // length)
    return speak(language, f"span.{unit}" if count == 1 else f"span.{unit}s", count=count)


def clock_words(moment: datetime, language: Language) -> str:
    """“9.05 uur” or “9:05”."""
    local = moment.astimezone(ZONE)
    return speak(language, "moment.clock", hour=local.hour, minute=f"{local.minute:02}")


def day_words(moment: datetime, language: Language) -> str:
    """“16 april 2026”."""
    local = moment.astimezone(ZONE)
    return f"{local.day} {MONTHS[language][local.month - 1]} {local.year}"


def moment_words(moment: datetime, language: Language, *, period_s: int = 0) -> str:
    """“16 april 2026, 11.00 uur”; the day alone for what holds for a day or more."""
    # A day in spring has 23 hours.
    if period_s >= 23 * 3600:
        return day_words(moment, language)
    return f"{day_words(moment, language)}, {clock_words(moment, language)}"


def tick_words(tick: TimeTick, span_s: float, language: Language) -> str:
    """The word below a time axis: “18.00”, “do”, “16 apr”, “apr”, “1960”; a midnight has its day."""
    local = tick.moment
    short = _SHORT_MONTHS[language][local.month - 1]
    if tick.unit == "year" or (tick.unit == "month" and local.month == 1):
        return str(local.year)
    if tick.unit == "month":
        return short
    if tick.unit == "hour" and local.hour:
        return f"{local.hour}{'.' if language == 'nl' else ':'}00"
    weekday = _WEEKDAYS[language][local.weekday()]
    return weekday if span_s <= 8 * _DAY_S and tick.unit == "day" else f"{local.day} {short}"
