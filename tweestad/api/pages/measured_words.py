"""One measured value as a line of a page: the number, its unit, and how far it can be trusted, in words."""

from __future__ import annotations

from tweestad.api.language import speak
from tweestad.api.pages.wording import Shown, unit_words
from tweestad.errors import NotFound
from tweestad.legend.live_words import ENGLISH_UNITS, amount_words, result_words
from tweestad.model.observation import Flag, Observation, Result
from tweestad.model.observed_property import Norm, ObservedProperty
from tweestad.model.reading import Reading
from tweestad.model.text import Language, Text
from tweestad.model.thing import Datastream
from tweestad.vocabulary.properties import get_property

_TIGHT = ("°", "%")
_PERIODS = {"hour": "hour", "8 hours": "hours8", "day": "day", "year": "year", "peak season": "peak"}
_ORIGINAL_MAX = 80
_TRUST: dict[Flag, str] = {
    Flag.GOOD: "good",
    Flag.NOT_EVALUATED: "unchecked",
    Flag.SUSPECT: "suspect",
    Flag.FAIL: "fail",
    Flag.MISSING: "missing",
}


def property_of(stream: Datastream) -> ObservedProperty:
    """What it observes; of a property that has left the vocabulary only its name."""
    try:
        return get_property(stream.observed)
    except NotFound:
        return ObservedProperty(stream.observed, Text(stream.observed), "text", stream.unit)


def stream_title(stream: Datastream, language: Language, *, name: bool = True) -> str:
    """“Fijnstof PM2,5 (gekalibreerd)”: the property, and what tells two series of it apart."""
    title = property_of(stream).title.in_language(language)
    told = method_words(stream.method, language) or (stream.name if name else "")
    return f"{title} ({told})" if told else title


def method_words(method: str, language: Language) -> str:
    """“gekalibreerd”; the source's own word where we have none."""
    known = {"gekalibreerd": "calibrated", "actueel": "actual", "dag": "daily"}
    return speak(language, f"point.method.{known[method]}") if method in known else method


def shown_unit(stream: Datastream, language: Language) -> str:
    """The unit with the space before it; a count needs none, its title says what is counted."""
    found = property_of(stream)
    if found.type == "count" or stream.unit in ("", "1"):
        return ""
    words = found.shown if found.shown and stream.unit == found.unit else unit_words(stream.unit, language)
    words = ENGLISH_UNITS.get(words, words) if language == "en" else words
    return words if words.startswith(_TIGHT) else f" {words}"


def shown_amount(value: float, stream: Datastream, language: Language) -> str:
    """The number alone, with the decimals of its property."""
    return amount_words(value, property_of(stream).decimals).in_language(language)


def show_result(value: Result, stream: Datastream, language: Language) -> Shown:
    """A value in words: numbers with their unit, codes, yes and no, moments, texts."""
    found = property_of(stream)
    if value is None:
        return Shown(speak(language, "measured.none"), unknown=True)
    if isinstance(value, bool):
        return Shown(speak(language, "card.yes" if value else "card.no"))
    if isinstance(value, str):
        return Shown(result_words(value, found).in_language(language))
    return Shown(shown_amount(value, stream, language), shown_unit(stream, language))


def trust_of(seen: Observation) -> str:
    """How far it can be trusted: good, unchecked, suspect, fail or missing."""
    return _TRUST[Flag.MISSING if seen.result is None else seen.flag]


def norm_words(norm: Norm, stream: Datastream, language: Language) -> str:
    """“WHO-advieswaarde: 15 µg/m³, gemiddeld over een dag”."""
    return speak(
        language,
        "point.norm",
        name=norm.name.in_language(language),
        limit=amount_words(norm.limit).in_language(language) + shown_unit(stream, language),
        period=period_words(norm, language),
    )


def period_words(norm: Norm, language: Language) -> str:
    return speak(language, f"point.norm.{_PERIODS[norm.period]}")


def reading_notes(reading: Reading, stream: Datastream, language: Language) -> tuple[str, ...]:
    """What the source says of a value, how it wrote it where that differs, and what it was at first."""
    seen = reading.observation
    notes = []
    if seen.told:
        notes.append(speak(language, "point.note.told", told=seen.told[:_ORIGINAL_MAX]))
    if seen.original and not _is_written_as(seen.original, seen.result):
        notes.append(speak(language, "point.note.original", original=seen.original[:_ORIGINAL_MAX]))
    if reading.revised:
        first = show_result(reading.first, stream, language).text
        notes.append(speak(language, "point.note.first", first=first))
    return tuple(notes)


def _is_written_as(original: str, result: object) -> bool:
    try:
        return float(original.replace(",", ".")) == result
    except ValueError:
        return original == result
