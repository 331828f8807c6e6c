"""How high groundwater usually stands in a well: GHG, GLG and GVG in words, and as lines in its chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tweestad.access.reader import Reader
from tweestad.api.language import speak
from tweestad.legend.chart import Mark
from tweestad.legend.live_words import amount_words
from tweestad.legend.time_axis import ZONE
from tweestad.model.reading import Reading, StoredDatastream, StoredThing
from tweestad.model.text import Language
from tweestad.quality.groundwater_regime import YEARS_MIN, daily_levels, regime_of

LEVEL = "grondwaterstand"
# More than thirty years of a level a day. Of a series with more only the days are read that count.
READINGS_MAX = 12_000
_HALF_MONTHS = (14, 28)
_YEARS_BACK = 20
_DAY_MAX = 1_500
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
    found = regime_of(daily_levels(_readings(reader, stream)))
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


def _readings(reader: Reader, stream: StoredDatastream) -> Iterator[Reading]:
    """The levels of a series; of one with many a day those of the 14th and 28th, over twenty years."""
    key = stream.datastream.id
    if stream.last is None or reader.count_readings(key) <= READINGS_MAX:
        yield from reader.readings(key, limit=READINGS_MAX, descending=True)
        return
    last = stream.last.astimezone(ZONE)
    for year in range(last.year - _YEARS_BACK, last.year + 1):
        for month in range(1, 13):
            for day in _HALF_MONTHS:
                start = datetime(year, month, day, tzinfo=ZONE)
                if start <= last:
                    end = start + timedelta(days=1)
                    yield from reader.readings(key, start=_utc(start), end=_utc(end), limit=_DAY_MAX)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _level(value: float, ground: object, language: Language) -> str:
    """“0,82 m NAP, 1,11 m onder het maaiveld”."""
    words = f"{_metres(value, language)} m NAP"
    if not isinstance(ground, int | float) or ground < value:
        return words
    return speak(language, "point.well.level", level=words, depth=_metres(ground - value, language))


def _metres(value: float, language: Language) -> str:
    return amount_words(value, 2).in_language(language)
