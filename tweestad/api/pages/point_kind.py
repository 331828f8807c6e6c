"""What one wants to know of a well, a charging point, a car park, a road, an incident, a bridge or a stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tweestad.access.reader import Reader
from tweestad.api.language import speak
from tweestad.api.pages.moments import clock_words, moment_words
from tweestad.api.pages.wording import number
from tweestad.legend.live import NO_VALUE, Clock
from tweestad.legend.live_words import amount_words
from tweestad.model.feature import Value
from tweestad.model.observation import Result
from tweestad.model.reading import Latest, ReadingsWhere, StoredThing
from tweestad.model.text import Language
from tweestad.model.thing import Thing

KINDS = frozenset({
    "well", "gauge", "segment", "station", "sensor", "charging", "parking", "bay", "hub", "vehicle", "sign",
    "panel", "stop", "departure", "province", "incident", "queue", "closure", "works", "detour", "speed",
    "bridge", "event", "conditions", "zone",
})  # fmt: skip
MESSAGES = frozenset({
    "incident", "queue", "closure", "works", "detour", "speed", "bridge", "event", "conditions", "zone",
    "other",
})  # fmt: skip
# Facts of a thing that have words; the others stand below, as the source gives them.
FACTS = (
    "adres", "straat", "plaats", "gemeente", "weg", "km", "rijbaan", "rijstrook", "rijstroken", "richting",
    "koers", "exploitant", "beheerder", "laadvermogen", "tarief", "capaciteit", "plaatsen", "maaiveld",
    "bovenkant-buis", "filter-boven", "filter-onder", "bereik-m", "lijn", "bestemming", "vervoer", "sinds",
    "sensortype", "project", "bron", "uitleg",
)  # fmt: skip
_UNITS = {
    "laadvermogen": "kW", "maaiveld": "m NAP", "bovenkant-buis": "m NAP", "filter-boven": "m NAP",
    "filter-onder": "m NAP", "bereik-m": "m", "koers": "°",
}  # fmt: skip
_DIRECTIONS = frozenset({"positive", "negative", "both"})
_DEPARTURES_MAX = 12
_AROUND_M = 2.0


@dataclass(frozen=True, slots=True)
class Departure:
    """A trip from a stop."""

    time: str
    line: str
    to: str
    delay: str
    state: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class KindWords:
    """`sentences` speak of now, `facts` of what does not change, `others` are facts without words of ours.

    `departures` is None for what is no stop.
    """

    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    departures: tuple[Departure, ...] | None = None


def kind_words(kind: str, language: Language) -> str:
    """“Peilbuis”, “Laadpaal”; “Meetpunt” for what has no word of its own."""
    return speak(language, f"point.kind.{kind if kind in KINDS else 'other'}")


def words_of_kind(
    reader: Reader, stored: StoredThing, latest: Sequence[Latest], clock: Clock, language: Language
) -> KindWords:
    """`latest` are the last values of the thing; what is told of now leaves out what cannot be used."""
    thing = stored.thing
    values = {
        each.datastream.datastream.observed: each.reading.observation.result
        for each in latest
        if each.reading.observation.flag not in NO_VALUE
    }
    speaker = _SPEAKERS.get("message" if thing.kind in MESSAGES else thing.kind)
    known, others = _facts(thing.properties, language)
    return KindWords(
        sentences=() if speaker is None else tuple(speaker(thing, values, language)),
        facts=known,
        others=others,
        departures=_departures(reader, stored, clock, language) if thing.kind == "stop" else None,
    )


Values = Mapping[str, Result]


def _amount(values: Values, observed: str) -> float | None:
    found = values.get(observed)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _metres(value: float, language: Language) -> str:
    return amount_words(value, 2).in_language(language)


def _well(thing: Thing, values: Values, language: Language) -> list[str]:
    """The level below the ground, which people know better than NAP."""
    level, ground = _amount(values, "grondwaterstand"), thing.properties.get("maaiveld")
    if level is None or not isinstance(ground, int | float):
        return [] if level is None else [speak(language, "point.well.no-ground")]
    depth = ground - level
    key = "point.well.below" if depth >= 0 else "point.well.above"
    return [speak(language, key, depth=_metres(abs(depth), language), ground=_metres(ground, language))]


def _free(of: str, free: str, total: str) -> Callable[[Thing, Values, Language], list[str]]:
    def told(_: Thing, values: Values, language: Language) -> list[str]:
        open_now = values.get("open")
        shut = [speak(language, "point.shut")] if open_now is False else []
        count, all_of_them = _amount(values, free), _amount(values, total)
        if count is None:
            return [*shut, speak(language, "point.free.unknown")]
        if all_of_them is None or all_of_them < count:
            return [*shut, speak(language, f"point.free.{of}", free=int(count))]
        words = speak(language, f"point.part.{of}", free=int(count), total=int(all_of_them))
        return [*shut, words]

    return told


def _travel(_: Thing, values: Values, language: Language) -> list[str]:
    now, usual = _amount(values, "reistijd"), _amount(values, "reistijd-normaal")
    if now is None or usual is None or usual <= 0:
        return []
    more = round((now - usual) / 60)
    if more < 1:
        return [speak(language, "point.travel.usual")]
    return [speak(language, "point.travel.longer" if more > 1 else "point.travel.longer-one", minutes=more)]


def _message(thing: Thing, _: Values, language: Language) -> list[str]:
    text = thing.properties.get("toelichting")
    found = [] if not isinstance(text, str) or text == thing.name else [text]
    if thing.since is not None:
        found.append(speak(language, "point.since", moment=moment_words(thing.since, language)))
    until = "point.until" if thing.until is not None else "point.until-unknown"
    moment = "" if thing.until is None else moment_words(thing.until, language)
    return [*found, speak(language, until, moment=moment)]


_SPEAKERS: Mapping[str, Callable[[Thing, Values, Language], list[str]]] = {
    "well": _well,
    "charging": _free("charging", "laadpunten-vrij", "laadpunten-totaal"),
    "parking": _free("parking", "plaatsen-vrij", "plaatsen-totaal"),
    "segment": _travel,
    "message": _message,
}


def _facts(
    properties: Mapping[str, Value], language: Language
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    known = tuple(
        (speak(language, f"point.prop.{name}"), fact_words(name, properties[name], language))
        for name in FACTS
        if properties.get(name) not in (None, "")
    )
    others = tuple(
        (name, _plain(value, language))
        for name, value in sorted(properties.items())
        if name not in FACTS and value not in (None, "")
    )
    return known, others


def fact_words(name: str, value: Value, language: Language) -> str:
    """A fact of a thing in words, with its unit."""
    if name == "richting" and value in _DIRECTIONS:
        return speak(language, f"point.direction.{value}")
    unit = _UNITS.get(name, "")
    return _plain(value, language) + (f" {unit}" if unit and unit != "°" else unit)


def _plain(value: Value, language: Language) -> str:
    if isinstance(value, bool):
        return speak(language, "card.yes" if value else "card.no")
    if isinstance(value, int | float):
        return number(value, language, plain_below=10_000)
    return value if isinstance(value, str) else ", ".join(map(str, value or ()))


def _departures(
    reader: Reader, stored: StoredThing, clock: Clock, language: Language
) -> tuple[Departure, ...]:
    """The next trips from a stop, in order of time; those that have gone are left out."""
    place = stored.thing.location
    if place is None:
        return ()
    box = (place.x - _AROUND_M, place.y - _AROUND_M, place.x + _AROUND_M, place.y + _AROUND_M)
    where = ReadingsWhere(sources=(stored.thing.source,), kinds=("departure",), bbox=box)
    trips = {
        each.thing.id: each
        for each in reader.things(where, limit=500)
        if each.thing.properties.get("halte") == stored.thing.key
    }
    told: dict[str, dict[str, Result]] = {}
    for each in reader.latest(ReadingsWhere(things=tuple(trips)), limit=2_000) if trips else ():
        stream = each.datastream.datastream
        told.setdefault(stream.thing, {})[stream.observed] = each.reading.observation.result
    found = [
        (moment, key) for key in trips if (moment := _moment(told.get(key, {}).get("vertrek"))) is not None
    ]
    return tuple(
        _departure(trips[key], moment, told[key], language)
        for moment, key in sorted(found)
        if moment >= clock.now
    )[:_DEPARTURES_MAX]


def _moment(value: Result) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def _departure(stored: StoredThing, moment: datetime, told: Values, language: Language) -> Departure:
    properties = stored.thing.properties
    late = round((_amount(told, "vertraging") or 0.0) / 60)
    state = told.get("ritstatus")
    return Departure(
        time=clock_words(moment, language),
        line=str(properties.get("lijn") or ""),
        to=str(properties.get("bestemming") or ""),
        delay=speak(language, "point.delay", minutes=late) if late >= 1 else "",
        state=speak(language, "point.cancelled") if state == "cancelled" else "",
        cancelled=state == "cancelled",
    )
