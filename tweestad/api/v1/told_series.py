"""What the API tells of a datastream and of each of its values."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tweestad.api.measured import Sources
from tweestad.api.v1.answers import Link, Words
from tweestad.api.v1.live_answers import DatastreamAnswer, LatestAnswer, ValueOfTime
from tweestad.api.v1.told_sources import norm_answer
from tweestad.legend.live import Clock, live_value, quality_word, single_layer
from tweestad.legend.live_words import age_words
from tweestad.model.reading import Latest, Reading, StoredDatastream, StoredThing
from tweestad.vocabulary.properties import get_property

ADDRESS = "/api/v1/datastreams"


def series_address(datastream: str) -> str:
    return f"{ADDRESS}/{quote(datastream, safe=':')}"


def value_facts(reading: Reading) -> dict[str, Any]:
    """The members of ValueOfTime."""
    seen = reading.observation
    return {
        "value": seen.result,
        "phenomenon": seen.phenomenon,
        "phenomenon_start": seen.phenomenon_start,
        "result_time": seen.result_time,
        "received": seen.received,
        "quality": quality_word(seen.flag),
        "flag": int(seen.flag),
        "told": seen.told,
        "original": seen.original,
        "revised": reading.revised,
        "first": reading.first,
    }


def value_answer(reading: Reading) -> ValueOfTime:
    return ValueOfTime(**value_facts(reading))


def datastream_answer(
    stored: StoredDatastream, thing: StoredThing, latest: Latest | None, sources: Sources
) -> DatastreamAnswer:
    stream = stored.datastream
    found = get_property(stream.observed)
    address = series_address(stream.id)
    return DatastreamAnswer(
        id=stream.id,
        thing=stream.thing,
        observed=stream.observed,
        title=Words.of(found.title),
        unit=found.shown,
        ucum=stream.unit,
        decimals=found.decimals,
        method=stream.method,
        name=stream.name,
        period_s=stream.period_s,
        first=stored.first,
        last=stored.last,
        norms=[norm_answer(each) for each in found.norms],
        latest=None if latest is None else _latest(latest, thing, sources.clock(stored.source)),
        links=[
            Link(rel="self", href=address),
            Link(rel="thing", href=f"/api/v1/things/{quote(stream.thing, safe=':')}"),
            Link(rel="items", href=f"{address}/readings"),
            Link(rel="items", href=f"{address}/readings.csv", type="text/csv"),
            Link(rel="statistics", href=f"{address}/statistics"),
        ],
    )


def _latest(latest: Latest, thing: StoredThing, clock: Clock) -> LatestAnswer:
    """By the rule of the live layer that shows it, else by the limit of its source alone."""
    stream = latest.datastream.datastream
    layer = single_layer(thing.thing.kind, latest.datastream.source, stream.observed)
    shown = live_value(layer, thing, [latest], clock, asked=stream.observed)
    age_s = shown.age_s or 0
    return LatestAnswer(
        **value_facts(latest.reading),
        text=Words.of(shown.text),
        words=Words.of(shown.words),
        age_s=age_s,
        age=Words.of(age_words(age_s)),
        stale=shown.stale,
    )
