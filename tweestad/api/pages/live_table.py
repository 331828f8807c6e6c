"""The table of a live layer: the same things as on the map, each with its value, age, quality and source."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import shapely

from tweestad.access.reader import Reader
from tweestad.api.language import speak
from tweestad.api.limits import LIMITS
from tweestad.api.live_reading import LiveQuestion, geometries_of, read_live
from tweestad.api.live_shelf import ListedLayer
from tweestad.api.measured import Sources
from tweestad.api.nearest import Origin
from tweestad.api.pages.live_query import NAME, VALUE, WHEN, LiveQuery
from tweestad.api.pages.moments import moment_words
from tweestad.api.pages.point import age_told, point_path, stale_word, title_of
from tweestad.api.pages.point_kind import MESSAGES, fact_words, kind_words
from tweestad.api.pages.point_source import SourceFacts, source_facts
from tweestad.api.pages.table import Head
from tweestad.api.pages.table_query import DISTANCE
from tweestad.api.pages.wording import Shown, show_distance
from tweestad.legend.live import LiveValue
from tweestad.model.text import Language
from tweestad.search.normalise import tokens
from tweestad.vocabulary.properties import get_property

# Facts that tell one thing from another with the same name.
_TELLING = ("richting", "adres", "straat")


@dataclass(frozen=True, slots=True)
class LiveLine:
    """One thing. Of a stale value `last` is what it was; `text` then says that it is no longer current."""

    thing: str
    title: str
    apart: str
    address: str
    distance: Shown | None
    text: str
    last: str
    stale: bool
    stale_word: str
    trust: str
    moment: str
    age: str
    iso: str
    source: SourceFacts


@dataclass(frozen=True, slots=True)
class LiveTable:
    """One page of a live layer. `stale` counts the things of all pages without a recent value.

    `choices` are the properties there are to choose from, with their words.
    """

    listed: ListedLayer
    query: LiveQuery
    heads: tuple[Head, ...]
    lines: tuple[LiveLine, ...]
    total: int
    stale: int
    pages: int
    cut: bool
    choices: tuple[tuple[str, str], ...]
    troubles: tuple[tuple[str, str], ...]

    @property
    def first(self) -> int:
        return (self.query.page - 1) * LIMITS.table_rows + 1


@dataclass(frozen=True, slots=True)
class Found:
    """A value of the layer, and how far its thing is from the place that was asked."""

    value: LiveValue
    metres: float | None


def live_table(
    reader: Reader, listed: ListedLayer, query: LiveQuery, sources: Sources, language: Language
) -> LiveTable:
    found = found_values(reader, listed, query, sources)
    size = LIMITS.table_rows
    pages = max(1, -(-len(found) // size))
    shown = found[(query.page - 1) * size : query.page * size]
    facts = {
        source: source_facts(source, sources.health.get(source), language)
        for source in {each.value.thing.thing.source for each in found}
    }
    return LiveTable(
        listed=listed,
        query=query,
        heads=_heads(listed, query, language),
        lines=tuple(_line(each, listed, facts, language) for each in shown),
        total=len(found),
        stale=sum(1 for each in found if each.value.stale),
        pages=pages,
        cut=listed.count > LIMITS.live_features_max,
        choices=tuple((each, get_property(each).title.in_language(language)) for each in listed.measured),
        # Whether a source answers now says nothing of a moment that is past.
        troubles=()
        if query.at is not None
        else tuple(
            (each.title, each.trouble)
            for each in sorted(facts.values(), key=lambda f: f.title)
            if each.trouble
        ),
    )


def found_values(reader: Reader, listed: ListedLayer, query: LiveQuery, sources: Sources) -> list[Found]:
    """What the query asks for, in its order. What has no value, or an old one, comes last."""
    asked = LiveQuestion(observed=query.observed or None, at=query.at, legend=listed.legend, cut=True)
    words = tokens(query.q)
    values = [
        each
        for each in read_live(reader, listed.layer, asked, sources).values
        if not query.q or _matches(each, words)
    ]
    metres = _metres(values, query.origin)
    found = [Found(value, far) for value, far in zip(values, metres, strict=True)]
    found.sort(key=lambda each: (each.value.thing.thing.name.casefold(), each.value.thing.thing.id))
    if query.sort == NAME:
        return found[::-1] if query.descending else found
    keyed = [(_key(each, query.sort), each) for each in found]
    known = [(key, each) for key, each in keyed if key is not None]
    known.sort(key=lambda pair: pair[0], reverse=query.descending)
    return [each for _, each in known] + [each for key, each in keyed if key is None]


def _key(found: Found, sort: str) -> tuple[float, str] | None:
    """What a row is sorted by; None for what comes last whichever way."""
    value = found.value
    if sort == WHEN:
        return None if value.phenomenon is None else (value.phenomenon.timestamp(), "")
    if sort == DISTANCE:
        return None if found.metres is None or math.isinf(found.metres) else (found.metres, "")
    if value.value is None or value.stale:
        return None
    return (math.inf, value.value.casefold()) if isinstance(value.value, str) else (float(value.value), "")


def _matches(value: LiveValue, words: Sequence[str]) -> bool:
    thing = value.thing.thing
    facts = " ".join(str(thing.properties.get(name, "")) for name in _TELLING)
    own = tokens(f"{thing.name} {thing.key} {facts}", limit=50)
    return bool(words) and all(any(token.startswith(word) for token in own) for word in words)


def _metres(values: Sequence[LiveValue], origin: Origin | None) -> list[float | None]:
    """Infinite for what lies nowhere; None for all without a place to measure from."""
    if origin is None:
        return [None] * len(values)
    shapes = geometries_of([each.thing for each in values])
    far = shapely.distance(shapes, shapely.Point(origin.x, origin.y)).tolist()
    return [math.inf if math.isnan(each) else round(each, 3) for each in far]


def _heads(listed: ListedLayer, query: LiveQuery, language: Language) -> tuple[Head, ...]:
    """The value is headed by what it is, where all of them are that."""
    only = query.observed or (listed.measured[0] if len(listed.measured) == 1 else "")
    columns = [(NAME, "live.name", False)]
    columns += [(DISTANCE, "table.distance", True)] if query.origin is not None else []
    value = "live.value" if query.at is None else "point.table.value"
    columns += [(VALUE, value, False), (WHEN, "live.when", False)] if listed.measured else []
    return (
        *(
            Head(
                get_property(only).title.in_language(language)
                if only and sort == VALUE
                else speak(language, key),
                numeric,
                sort,
                _order(query, sort),
            )
            for sort, key, numeric in columns
        ),
        *([Head(speak(language, "live.trust"), False, "", "")] if listed.measured else []),
        Head(speak(language, "live.source"), False, "", ""),
    )


def _order(query: LiveQuery, sort: str) -> Literal["", "ascending", "descending"]:
    if query.sort != sort:
        return ""
    return "descending" if query.descending else "ascending"


def _line(
    found: Found, listed: ListedLayer, facts: Mapping[str, SourceFacts], language: Language
) -> LiveLine:
    value = found.value
    thing = value.thing.thing
    kind = kind_words(thing.kind, language)
    seen = value.phenomenon
    recorded = facts[thing.source].recorded
    word = stale_word(thing, language)
    telling = [kind] if len(listed.layer.kinds) > 1 and thing.name else []
    telling += [
        fact_words(name, thing.properties[name], language)
        for name in _TELLING
        if thing.properties.get(name) and thing.properties[name] != thing.name
    ]
    if thing.kind in MESSAGES and thing.until is not None:
        # Most messages have no name: how long they hold tells one from another.
        telling.append(speak(language, "point.until", moment=moment_words(thing.until, language)))
    return LiveLine(
        thing=thing.id,
        title=title_of(thing, language),
        apart=", ".join(telling),
        address=point_path(thing.id),
        distance=None if found.metres is None else show_distance(found.metres, language),
        text=word if value.stale else value.text.in_language(language),
        last=value.words.in_language(language) if value.stale else "",
        stale=value.stale,
        stale_word=word,
        trust=value.quality if listed.layer.observed else "",
        moment="" if seen is None else moment_words(seen, language),
        age=""
        if value.age_s is None
        else age_told(value.age_s, listed.layer, value.observed, language, recorded=recorded),
        iso="" if seen is None else seen.isoformat().replace("+00:00", "Z"),
        source=facts[thing.source],
    )
