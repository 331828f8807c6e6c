"""Values as people read them: Dutch or English numbers, dates, units and words for codes.

In Dutch: 1.234,5 and “1 april 2026”. A value that the source means as unknown reads “onbekend”.
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass

from tweestad.api.language import speak
from tweestad.model.feature import Value
from tweestad.model.layer import Column
from tweestad.model.text import Language, Text

MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}

# UCUM codes that do not read well as they are.
UNITS: dict[str, tuple[str, str]] = {
    "1": ("", ""),
    "m2": ("m²", "m²"),
    "m3": ("m³", "m³"),
    "km2": ("km²", "km²"),
    "har": ("ha", "ha"),
    "ug/m3": ("µg/m³", "µg/m³"),
    "Cel": ("°C", "°C"),
    "deg": ("°", "°"),
    "a": ("jaar", "years"),
    "min": ("min", "min"),
    "kW.h": ("kWh", "kWh"),
    "kW.h/m2": ("kWh/m²", "kWh/m²"),
}
POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}")
BUILDING_PREFIX = "NL.IMBAG.Pand."
TIGHT = frozenset({"°"})
NUMERIC = frozenset({"integer", "number"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A value in words, and its unit with the space before it.

    `source_value` is what the source says where it means "unknown".
    """

    value: str
    unit: str = ""
    unknown: bool = False
    source_value: str = ""

    @property
    def text(self) -> str:
        return self.value + self.unit


def show(value: Value, column: Column, language: Language) -> Shown:
    """The value of a column as a person reads it, with its unit."""
    if is_missing(value, column):
        said = "" if is_nothing(value) else str(value)
        return Shown(speak(language, "card.unknown"), unknown=True, source_value=said)
    text = _text(value, column, language)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return Shown(text)
    return Shown(text, spaced_unit(column.unit).in_language(language))


def show_distance(metres: float, language: Language) -> Shown:
    """“120 m”, “1,4 km”, “12 km”; unknown for what lies nowhere."""
    if math.isinf(metres):
        return Shown(speak(language, "card.unknown"), unknown=True)
    if metres < 999.5:
        return Shown(number(round(metres), language), " m")
    km = metres / 1000
    return Shown(number(round(km, 1) if km < 10 else round(km), language), " km")


def spaced_unit(unit: str) -> Text:
    """The unit as it follows a number: with a space before it, but for a degree."""
    words = [unit_words(unit, "nl"), unit_words(unit, "en")]
    return Text(*(word if not word or word in TIGHT else f" {word}" for word in words))


def is_missing(value: Value, column: Column) -> bool:
    """True for nothing, and for the values by which the source means nothing (a year 1005)."""
    return is_nothing(value) or column.means_unknown(value)


def is_nothing(value: Value) -> bool:
    """True for None, an empty text and an empty list of codes; a zero is something."""
    return value is None or (isinstance(value, str | tuple | list) and not value)


def _text(value: Value, column: Column, language: Language) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_code(str(part), column, language) for part in value)
    if isinstance(value, bool):
        return speak(language, "card.yes" if value else "card.no")
    if str(value) in column.codes:
        return _code(str(value), column, language)
    if isinstance(value, int | float):
        return number(value, language, plain_below=0 if column.unit else 10_000)
    if column.type == "date":
        return date(str(value), language)
    return _spelled(str(value), column.term)


def _spelled(text: str, term: str) -> str:
    """A postcode with its space, and a register's number without the prefix that makes it unique."""
    if term == "postcode" and POSTCODE.fullmatch(text):
        return f"{text[:4]} {text[4:]}"
    return text.removeprefix(BUILDING_PREFIX) if term == "pand" else text


def _code(code: str, column: Column, language: Language) -> str:
    words = column.codes.get(code)
    return code if words is None else words.in_language(language)


def number(value: float, language: Language, *, plain_below: int = 0) -> str:
    """`1.234,5` or `1,234.5`: at most two decimals, three significant digits below 0.01.

    Whole numbers below `plain_below` are not grouped: without a unit they are mostly years.
    """
    if isinstance(value, int) or float(value).is_integer():
        whole = int(value)
        text = str(whole) if abs(whole) < plain_below else f"{whole:,}"
    elif abs(value) < 0.01:
        text = f"{value:.{2 - math.floor(math.log10(abs(value)))}f}".rstrip("0")
    else:
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
    text = text.replace("-", "−")
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def date(text: str, language: Language) -> str:
    """“1 april 2026” for 2026-04-01, “april 2026” for 2026-04; anything else stays as it is."""
    try:
        if len(text) == 7 and text[4] == "-":
            day = datetime.date.fromisoformat(f"{text}-01")
            return f"{MONTHS[language][day.month - 1]} {day.year}"
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return text
    if len(text) != 10:
        return text
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def unit_words(unit: str, language: Language) -> str:
    """The unit as people write it; of `{woningen}` the braces go."""
    if unit.startswith("{") and unit.endswith("}"):
        return unit[1:-1]
    dutch, english = UNITS.get(unit, (unit, unit))
    return dutch if language == "nl" else english
