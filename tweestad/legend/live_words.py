"""Measured values and their age as people read them, in Dutch and English."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tweestad.i18n import say
from tweestad.model.observation import Result
from tweestad.model.observed_property import ObservedProperty
from tweestad.model.text import Language, Text

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# How the vocabulary writes a unit in Dutch, where English has another word.
ENGLISH_UNITS = {
    "km/uur": "km/h",
    "uur": "h",
    "voertuigen/uur": "vehicles/hour",
    "seconden": "s",
    "deeltjes/cm³": "particles/cm³",
    "laadpunten": "charging points",
    "plaatsen": "spaces",
    "plekken": "places",
    "fietsen": "bicycles",
}
_TIGHT = frozenset({"°"})
_POINTS = str.maketrans(",.", ".,")


def amount_words(value: float | None, decimals: int | None = None) -> Text:
    """“1.234,5” and “1,234.5”: with so many decimals, without number as many as it takes (at most three).

    Empty for None.
    """
    if value is None:
        return Text("")
    plain = f"{value:,.{3 if decimals is None else decimals}f}"
    if decimals is None:
        plain = plain.rstrip("0").rstrip(".")
    if plain.strip("-0.,") == "":
        plain = plain.removeprefix("-")  # nobody measures minus zero
    plain = plain.replace("-", "−")
    return Text(plain.translate(_POINTS), plain)


def unit_after(found: ObservedProperty) -> Text:
    """The unit as it follows a number, with a space before it but for a degree; empty when there is none."""
    shown = found.shown
    words = Text(shown, ENGLISH_UNITS.get(shown, shown))
    return words if not shown or shown in _TIGHT else Text(f" {words.nl}", f" {words.en}")


def result_words(value: Result, found: ObservedProperty, *, of: Result = None) -> Text:
    """A value in words with its unit: “12,5 µg/m³”, “3 van 8 laadpunten vrij”, “Brug open: ja”.

    Empty for None. `of` is the total that a count is a part of. A code that the vocabulary does not have
    stays as it is. Moments are told in the time of the Netherlands.
    """
    if value is None:
        return Text("")
    if isinstance(value, bool):
        return _yes_or_no(value, found)
    if isinstance(value, str):
        return _text(value, found)
    if not math.isfinite(value):
        return Text("")
    amount = amount_words(value, found.decimals)
    unit = unit_after(found)
    if isinstance(of, int | float) and not isinstance(of, bool) and of >= value:
        total = amount_words(of, found.decimals)
        return Text(
            say("measured.of", "nl", value=amount.nl, total=total.nl, unit=unit.nl),
            say("measured.of", "en", value=amount.en, total=total.en, unit=unit.en),
        )
    return Text(amount.nl + unit.nl, amount.en + unit.en)


def age_words(seconds: float) -> Text:
    """“zojuist”, “12 minuten geleden”, “3 uur geleden”, “2 dagen geleden”, “5 maanden geleden”."""
    for below, size, key in _AGES:
        if seconds < below:
            return _counted(key, int(seconds // size))
    return _counted("year", int(seconds // 31_557_600))


_AGES = (
    (60, 60, "now"),
    (3600, 60, "minute"),
    (86_400, 3600, "hour"),
    (60 * 86_400, 86_400, "day"),
    (2 * 31_557_600, 2_629_800, "month"),
)


def _counted(key: str, count: int) -> Text:
    name = f"measured.age.{key}" if key == "now" or count != 1 else f"measured.age.{key}-one"
    return Text(say(name, "nl", count=count), say(name, "en", count=count))


def _text(value: str, found: ObservedProperty) -> Text:
    if found.type == "codes":
        return found.codes.get(value, Text(value, value))
    if found.type == "moment":
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return Text(value, value)
        local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(AMSTERDAM)
        return Text(f"{local:%H:%M}", f"{local:%H:%M}")
    # A panel has lines; a label has one.
    line = " / ".join(value.split("\n"))
    return Text(line, line)


def _yes_or_no(value: bool, found: ObservedProperty) -> Text:
    def words(language: Language) -> str:
        answer = say("card.yes" if value else "card.no", language)
        return say("measured.boolean", language, title=found.title.in_language(language), value=answer)

    return Text(words("nl"), words("en"))
