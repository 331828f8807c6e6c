"""The numbers of a series over a time and the norms that go with it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tweestad.api.language import speak
from tweestad.api.pages.measured_words import norm_words, property_of, shown_amount, shown_unit
from tweestad.api.pages.series import Window
from tweestad.legend.live_words import amount_words
from tweestad.legend.statistics import Passing, Statistics, in_force, passing_of_year, passings
from tweestad.model.reading import Bucket, StoredDatastream
from tweestad.model.text import Language


@dataclass(frozen=True, slots=True)
class Fact:
    title: str
    text: str


def facts_of(told: Statistics, stream: StoredDatastream, language: Language) -> tuple[Fact, ...]:
    """Mean, lowest, highest, how many values, and which part of the time was measured."""
    found = []
    unit = shown_unit(stream.datastream, language)
    for key, value in (("mean", told.mean), ("low", told.low), ("high", told.high)):
        if value is not None:
            decimals = max(property_of(stream.datastream).decimals, 1 if key == "mean" else 0)
            words = amount_words(value, decimals).in_language(language) + unit
            found.append(Fact(speak(language, f"point.fact.{key}"), words))
    found.append(Fact(speak(language, "point.fact.count"), amount_words(told.count).in_language(language)))
    if told.share is not None:
        # Rounded down: “100 %” is only said of a time without a hole.
        share = f"{int(told.share * 100)} %"
        found.append(Fact(speak(language, "point.fact.share"), share))
    if told.flagged:
        words = amount_words(told.flagged).in_language(language)
        found.append(Fact(speak(language, "point.fact.flagged"), words))
    return tuple(found)


def norm_lines(
    stream: StoredDatastream,
    window: Window,
    told: Statistics,
    days: Sequence[Bucket],
    hours: Sequence[Bucket],
    language: Language,
) -> tuple[str, ...]:
    """Every norm in force, and how often it was passed where that can be told of this time."""
    found = []
    for norm in in_force(property_of(stream.datastream).norms, window.end.year):
        passing = None
        if norm.period == "day" and window.period != "24u":
            passing = passings(norm, days, start=window.start, end=window.end)
        elif norm.period == "hour" and hours:
            passing = passings(norm, hours, start=window.start, end=window.end)
        elif norm.period == "year" and window.period == "jaar":
            passing = passing_of_year(norm, told)
        line = f"{norm_words(norm, stream.datastream, language)}."
        found.append(f"{line} {_passing_words(passing, stream, language)}".strip())
    return tuple(found)


def _passing_words(passing: Passing | None, stream: StoredDatastream, language: Language) -> str:
    if passing is None:
        return ""
    if not passing.of:
        return speak(language, "point.norm.too-few")
    if passing.mean is not None:
        mean = shown_amount(passing.mean, stream.datastream, language)
        mean += shown_unit(stream.datastream, language)
        return speak(language, "point.norm.above" if passing.times else "point.norm.below", mean=mean)
    unit = "days" if passing.norm.period == "day" else "hours"
    words = speak(language, f"point.norm.passed-{unit}", times=passing.times, of=passing.of)
    if passing.norm.days:
        words += " " + speak(language, "point.norm.allowed", days=passing.norm.days)
    return words
