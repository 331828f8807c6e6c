"""What each property of each entity is, one by one: a filter pays for no more than it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache

import numpy as np
import shapely

from tweestad import crs
from tweestad.api.sensorthings.around import Around
from tweestad.api.sensorthings.entities import ID_NAMES, TYPES, Kind
from tweestad.api.sensorthings.rows import Instrument, Row
from tweestad.api.sensorthings.values import Interval, Value, moment_text
from tweestad.errors import InputRejected, NotFound
from tweestad.model.observed_property import Norm, ObservedProperty, PropertyType
from tweestad.model.text import Text
from tweestad.model.thing import Location, Thing
from tweestad.vocabulary.properties import get_property

GEOJSON = "application/geo+json"
DEGREE_DECIMALS = 8  # 1 mm
PLACES_KEPT = 20_000  # most things stay where they are
_OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/"
OBSERVATION_TYPES: Mapping[PropertyType, str] = {
    "number": f"{_OM}OM_Measurement",
    "count": f"{_OM}OM_CountObservation",
    "codes": f"{_OM}OM_CategoryObservation",
    "text": f"{_OM}OM_Observation",
    "boolean": f"{_OM}OM_TruthObservation",
    "moment": f"{_OM}OM_Observation",
}
UCUM = "https://ucum.org/ucum#"
FLAG_WORDS = {1: "good", 2: "not evaluated", 3: "suspect", 4: "fail", 9: "missing"}
NO_UNIT = {"name": None, "symbol": None, "definition": None}


def value_of(row: Row, name: str, around: Around) -> Value:
    """The property `name` of an entity."""
    return row.id if name in ID_NAMES else _COMPUTED[row.kind][name](row, around)


def names_of(kind: Kind) -> tuple[str, ...]:
    return TYPES[kind].properties


def _thing_name(row: Row, _around: Around) -> Value:
    return row.thing.name or row.thing.key


def _thing_facts(row: Row, around: Around) -> Value:
    thing = row.thing
    facts: dict[str, object] = {"source": thing.source, "kind": thing.kind, "key": thing.key}
    if thing.ref:
        facts["ref"] = thing.ref
    for name, moment in (("since", thing.since), ("until", thing.until)):
        if moment is not None:
            facts[name] = moment_text(moment)
    return {**thing.properties, **facts, **around.labels(thing.source)}


def _thing_description(row: Row, around: Around) -> Value:
    return around.described(row.thing.source, row.thing.kind or "thing")


def place_of(thing: Thing) -> shapely.Geometry | None:
    """Where a thing is, in degrees (CRS84); None when it has no place, or one outside the Dutch grid."""
    return None if thing.location is None else _in_degrees(thing.location)


@lru_cache(maxsize=PLACES_KEPT)
def _in_degrees(place: Location) -> shapely.Geometry | None:
    shape = shapely.Point(place.x, place.y) if place.shape is None else shapely.from_wkb(place.shape)
    try:
        found = shapely.transform(shapely.force_2d(shape), _to_degrees)
    except InputRejected:
        return None
    return found if shapely.is_valid(found) else shapely.make_valid(found)


def _to_degrees(xy: crs.Points) -> crs.Points:
    rounded: crs.Points = np.round(crs.to_lonlat(xy), DEGREE_DECIMALS)
    return rounded


def _place(row: Row, _around: Around) -> Value:
    return place_of(row.thing)


def _place_facts(row: Row, around: Around) -> Value:
    place, labels = row.thing.location, around.labels(row.thing.source)
    if place is None:
        return labels
    facts = {"heightNapM": place.height_nap_m, "accuracyM": place.accuracy_m}
    return {name: value for name, value in facts.items() if value is not None} | labels


def _geojson(_row: Row, _around: Around) -> Value:
    return GEOJSON


def _since(row: Row, _around: Around) -> Value:
    return getattr(row.held, "since", None)


@cache
def known_property(observed: str) -> ObservedProperty:
    """The property as the vocabulary has it, or only its id when it has none."""
    try:
        return get_property(observed)
    except NotFound:
        return ObservedProperty(observed, Text(observed), "text")


def _stream_name(row: Row, _around: Around) -> Value:
    told = row.stream.datastream
    return told.name or known_property(told.observed).title.nl


def _stream_description(row: Row, around: Around) -> Value:
    told = row.stream.datastream
    title = known_property(told.observed).title.in_language("en")
    return around.described(row.stream.source, title, told.method)


def _observation_type(row: Row, _around: Around) -> Value:
    return OBSERVATION_TYPES[known_property(row.stream.datastream.observed).type]


def _unit(row: Row, _around: Around) -> Value:
    """A unit that nobody named is null in all three, as SensorThings 1.1, 8.2.4 asks."""
    told = row.stream.datastream
    if not told.unit:
        return NO_UNIT
    known = known_property(told.observed)
    shown = known.shown if known.unit == told.unit and known.shown else told.unit
    return {"name": shown, "symbol": told.unit, "definition": f"{UCUM}{told.unit}"}


def _stream_times(row: Row, _around: Around) -> Value:
    first, last = row.stream.first, row.stream.last
    return None if first is None or last is None else Interval(first, last)


def _stream_facts(row: Row, around: Around) -> Value:
    told = row.stream.datastream
    facts: dict[str, object] = {"source": row.stream.source, "observed": told.observed}
    if told.method:
        facts["method"] = told.method
    if told.period_s:
        facts["periodS"] = told.period_s
    return facts | around.labels(row.stream.source)


def _instrument(row: Row) -> Instrument:
    if not isinstance(row.held, Instrument):
        raise TypeError(f"a {row.kind} is no sensor")
    return row.held


def _sensor_name(row: Row, around: Around) -> Value:
    what = _instrument(row)
    title = around.title(what.source).nl
    return f"{title} ({what.method})" if what.method else title


def _sensor_description(row: Row, around: Around) -> Value:
    what = _instrument(row)
    return around.described(what.source, what.method)


def _sensor_page(_row: Row, around: Around) -> Value:
    """The page about the sources, below the address at which the service stands."""
    return f"{around.base.rsplit('/sta/', 1)[0]}/bronnen"


def _sensor_facts(row: Row, around: Around) -> Value:
    what = _instrument(row)
    facts: dict[str, object] = {"source": what.source, "method": what.method}
    if feed := around.feed(what.source):
        facts |= {"publisher": feed.publisher, "licence": feed.licence, "attribution": feed.attribution}
        facts["state"] = feed.state
        if feed.stale_after:
            facts["staleAfterS"] = int(feed.stale_after.total_seconds())
    return facts | around.labels(what.source)


def _observed(row: Row) -> ObservedProperty:
    if not isinstance(row.held, ObservedProperty):
        raise TypeError(f"a {row.kind} is no observed property")
    return row.held


def _definition(row: Row, around: Around) -> Value:
    """The address of the term at who defines it, else our own."""
    standard = _observed(row).standard
    return standard if "://" in standard else f"{around.base}/ObservedProperties('{row.id}')"


def _observed_facts(row: Row, _around: Around) -> Value:
    known = _observed(row)
    facts: dict[str, object] = {"title": {"nl": known.title.nl, "en": known.title.in_language("en")}}
    if known.unit:
        facts |= {"unit": known.unit, "shown": known.shown or known.unit, "decimals": known.decimals}
    if known.low is not None or known.high is not None:
        facts["plausible"] = [known.low, known.high]
    if known.norms:
        facts["norms"] = [_norm_facts(norm) for norm in known.norms]
    if known.codes:
        facts["codes"] = {
            code: {"nl": words.nl, "en": words.in_language("en")} for code, words in known.codes.items()
        }
    return facts


def _norm_facts(norm: Norm) -> dict[str, object]:
    return {
        "name": {"nl": norm.name.nl, "en": norm.name.in_language("en")},
        "limit": norm.limit,
        "period": norm.period,
        "days": norm.days,
        "applies": norm.applies or None,
        "source": norm.source,
    }


def _phenomenon(row: Row, _around: Around) -> Value:
    told = row.reading.observation
    if told.phenomenon_start is None:
        return told.phenomenon
    return Interval(told.phenomenon_start, told.phenomenon)


def _result(row: Row, _around: Around) -> Value:
    """The result in its type: what is counted is a whole number."""
    told = row.reading.observation.result
    counted = known_property(row.stream.datastream.observed).type == "count"
    return int(told) if counted and isinstance(told, float) and told.is_integer() else told


def _quality(row: Row, _around: Around) -> Value:
    told = row.reading.observation
    code = int(told.flag)
    quality: dict[str, object] = {"scheme": "QARTOD", "code": code, "word": FLAG_WORDS[code]}
    return {**quality, "told": told.told} if told.told else quality


def _parameters(row: Row, around: Around) -> Value:
    reading, told = row.reading, row.reading.observation
    facts: dict[str, object] = {"received": moment_text(told.received)}
    if told.original:
        facts["original"] = told.original
    if reading.revised:
        facts |= {"revised": True, "firstResult": reading.first}
    return facts | around.labels(row.stream.source)


def _nothing(_row: Row, _around: Around) -> Value:
    return None


_COMPUTED: Mapping[Kind, Mapping[str, Callable[[Row, Around], Value]]] = {
    "Thing": {"name": _thing_name, "description": _thing_description, "properties": _thing_facts},
    "Location": {
        "name": _thing_name,
        "description": _thing_description,
        "encodingType": _geojson,
        "location": _place,
        "properties": _place_facts,
    },
    "HistoricalLocation": {"time": _since},
    "Datastream": {
        "name": _stream_name,
        "description": _stream_description,
        "observationType": _observation_type,
        "unitOfMeasurement": _unit,
        "observedArea": _nothing,
        "phenomenonTime": _stream_times,
        "resultTime": _nothing,
        "properties": _stream_facts,
    },
    "Sensor": {
        "name": _sensor_name,
        "description": _sensor_description,
        "encodingType": lambda _row, _around: "text/html",
        "metadata": _sensor_page,
        "properties": _sensor_facts,
    },
    "ObservedProperty": {
        "name": lambda row, _: _observed(row).title.nl,
        "definition": _definition,
        "description": lambda row, _: _observed(row).title.in_language("en"),
        "properties": _observed_facts,
    },
    "Observation": {
        "phenomenonTime": _phenomenon,
        "result": _result,
        "resultTime": lambda row, _: row.reading.observation.result_time,
        "resultQuality": _quality,
        "validTime": _nothing,
        "parameters": _parameters,
    },
    "FeatureOfInterest": {
        "name": _thing_name,
        "description": _thing_description,
        "encodingType": _geojson,
        "feature": _place,
        "properties": _place_facts,
    },
}
