"""How high groundwater usually stands in a well: GHG, GLG and GVG in words, and as lines in its chart."""

from __future__ import annotations

from dataclasses import dataclass

from tweestad.access.reader import Reader
from tweestad.api.language import speak
from tweestad.legend.chart import Mark
from tweestad.legend.live_words import amount_words
from tweestad.model.reading import StoredDatastream, StoredThing
from tweestad.model.text import Language
from tweestad.quality.groundwater_regime import YEARS_MIN, daily_levels, regime_of

LEVEL = "grondwaterstand"
# Fifty years of a level a day.
_READINGS_MAX = 20_000
_LETTER_PX = 7.2
_FIGURES = ("ghg", "glg", "gvg")


@dataclass(frozen=True, slots=True)
class WellRegime:
    """`facts` are titles with values; `told` says over which years, or why there is nothing to say."""

    facts: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...]
    told: str


def well_regime(
    reader: Reader, stored: StoredThing, stream: StoredDatastream, language: Language
) -> WellRegime | None:
    """None for what measures no groundwater. The figures need eight years with enough levels."""
    spoken = stream.datastream
    if stored.thing.kind != "well" or spoken.observed != LEVEL or spoken.unit != "m":
        return None
    readings = reader.readings(spoken.id, limit=_READINGS_MAX, descending=True)
    found = regime_of(daily_levels(readings))
    ground = stored.thing.properties.get("maaiveld")
    known = [
        (name, value)
        for name, value in zip(_FIGURES, (found.ghg, found.glg, found.gvg), strict=True)
        if value is not None
    ]
    if not known or found.first is None or found.last is None:
        told = speak(language, "point.well.too-short", years=found.years, least=YEARS_MIN)
        return WellRegime((), (), told)
    return WellRegime(
        facts=tuple(
            (speak(language, f"point.well.{name}"), _level(value, ground, language)) for name, value in known
        ),
        marks=tuple(
            Mark(words, value, len(words) * _LETTER_PX)
            for name, value in known
            if name != "gvg" and (words := f"{name.upper()} {_metres(value, language)}")
        ),
        told=speak(
            language, "point.well.over", years=found.years, first=found.first.year, last=found.last.year
        ),
    )


def _level(value: float, ground: object, language: Language) -> str:
    """“0,82 m NAP, 1,11 m onder het maaiveld”."""
    words = f"{_metres(value, language)} m NAP"
    if not isinstance(ground, int | float) or ground < value:
        return words
    return speak(language, "point.well.level", level=words, depth=_metres(ground - value, language))


def _metres(value: float, language: Language) -> str:
    return amount_words(value, 2).in_language(language)
