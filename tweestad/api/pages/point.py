"""What a page shows of a measuring point: its values with age, quality and source, and what its kind asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from tweestad.access.reader import Reader
from tweestad.api.language import speak
from tweestad.api.measured import Sources
from tweestad.api.pages.measured_words import (
    norm_words,
    property_of,
    reading_notes,
    show_result,
    shown_amount,
    shown_unit,
    stream_title,
    trust_of,
)
from tweestad.api.pages.moments import moment_words, span_words
from tweestad.api.pages.point_kind import MESSAGES, KindWords, kind_words, words_of_kind
from tweestad.api.pages.point_source import SourceFacts, source_facts
from tweestad.api.pages.wording import number
from tweestad.legend.live import Clock, is_stale, live_value
from tweestad.legend.live_words import age_words, amount_words
from tweestad.legend.statistics import in_force, mean_of_last_day
from tweestad.model.live_layer import LiveLayer
from tweestad.model.reading import Latest, ReadingsWhere, StoredDatastream, StoredThing
from tweestad.model.text import Language
from tweestad.model.thing import Datastream, Thing
from tweestad.vocabulary.live_layers import live_layers

# Of a thing with more series the first are shown.
STREAMS_MAX = 60


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One datastream with its last value. `trust` is good, unchecked, suspect, fail or missing.

    Of a stale value `limit` says after how long it is no longer shown as current. `notes` are what the source
    said of it, how it was written, and what it was at first.
    """

    stream: StoredDatastream
    title: str
    value: str
    unit: str
    age: str
    moment: str
    iso: str
    stale: bool
    limit: str
    trust: str
    notes: tuple[str, ...]
    norms: tuple[str, ...]
    unknown: bool
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A thing with everything known of it now. `main` is the value it is on the map for.

    `day_mean` compares the last 24 hours with the norm for a day. `ended` is since when it is gone.
    """

    stored: StoredThing
    title: str
    kind: str
    layer: LiveLayer | None
    clock: Clock
    main: ValueLine | None
    lines: tuple[ValueLine, ...]
    told: KindWords
    source: SourceFacts
    day_mean: str
    ended: str
    accuracy: str
    stale_word: str

    @property
    def speaks_in_words(self) -> bool:
        """Whether its kind says what its value would say: a message about the road."""
        return self.stored.thing.kind in MESSAGES

    @property
    def page(self) -> str:
        return point_path(self.stored.thing.id)

    @property
    def json(self) -> str:
        return f"/api/v1/things/{quote(self.stored.thing.id, safe='/:*')}"


def point_path(thing: str) -> str:
    """The page of a thing; the slashes in an id stay."""
    return f"/meetpunt/{quote(thing, safe='/:*')}"


def point_of(
    reader: Reader,
    stored: StoredThing,
    sources: Sources,
    language: Language,
    at: datetime | None = None,
) -> Point:
    """The thing as it is now, or as it was at a moment to look back at."""
    thing = stored.thing
    health = sources.health.get(thing.source)
    clock = sources.clock(thing.source, at)
    where = ReadingsWhere(things=(thing.id,), at=at, ended=True)
    latest = {each.datastream.datastream.id: each for each in reader.latest(where, limit=STREAMS_MAX)}
    streams = reader.datastreams(replace(where, at=None), limit=STREAMS_MAX)
    layer = layer_of(stored, [each.datastream.observed for each in streams])
    lines = [_line(each, latest.get(each.datastream.id), layer, clock, language) for each in streams]
    ordered = sorted(lines, key=lambda line: _order(line, layer))
    main = _main(stored, layer, list(latest.values()), ordered, clock)
    ended = thing.until is not None and thing.until <= clock.now
    accuracy = thing.location.accuracy_m if thing.location else None
    return Point(
        stored=stored,
        title=title_of(thing, language),
        kind=kind_words(thing.kind, language),
        layer=layer,
        clock=clock,
        main=main,
        lines=tuple(replace(line, is_main=line is main) for line in ordered),
        told=words_of_kind(reader, stored, list(latest.values()), clock, language),
        source=source_facts(thing.source, health, language),
        day_mean=_day_mean(reader, main, clock, language),
        ended=moment_words(thing.until, language) if ended and thing.until else "",
        stale_word=stale_word(thing, language),
        accuracy=speak(language, "point.accuracy", metres=number(accuracy, language)) if accuracy else "",
    )


def title_of(thing: Thing, language: Language) -> str:
    """Its name; the nameless are told apart by their number, but for messages: there it says nothing."""
    kind = kind_words(thing.kind, language)
    if thing.name or thing.kind in MESSAGES:
        return thing.name or kind
    return speak(language, "point.nameless", kind=kind, id=thing.key)


def stale_word(thing: Thing, language: Language) -> str:
    """“geen recente meting”; of a message “geen recente melding”."""
    return speak(language, "point.stale.message" if thing.kind in MESSAGES else "measured.stale")


def layer_of(stored: StoredThing, observed: Sequence[str]) -> LiveLayer | None:
    """The live layer that shows the thing; the first when there are more."""
    thing = stored.thing
    for layer in live_layers():
        ours = thing.kind in layer.kinds and (not layer.sources or thing.source in layer.sources)
        if ours and (not layer.observed or set(layer.observed) & set(observed)):
            return layer
    return None


def limit_of(stream: Datastream, layer: LiveLayer | None, clock: Clock) -> timedelta | None:
    """After how long a value is not shown as current; None when nobody says.

    What comes once a day cannot be younger than a day: twice its period always holds.
    """
    own = clock.stale_after or (layer.stale_after if layer else None)
    return None if own is None else max(own, timedelta(seconds=2 * stream.period_s))


def is_past(latest: Latest, layer: LiveLayer | None, clock: Clock) -> bool:
    """Whether a value is too old to be shown as what is there now."""
    stream = latest.datastream.datastream
    if layer is not None and layer.counts_from == "told" and stream.observed in layer.properties:
        return is_stale(layer, latest, clock)
    limit = limit_of(stream, layer, clock)
    return limit is not None and clock.now - latest.reading.observation.phenomenon > limit


def _day_mean(reader: Reader, main: ValueLine | None, clock: Clock, language: Language) -> str:
    """The mean of the last 24 hours against the strictest norm for a day: an hour says little about a day."""
    if main is None or main.stale:
        return ""
    stream = main.stream.datastream
    norms = [n for n in in_force(property_of(stream).norms, clock.now.year) if n.period == "day"]
    if not norms:
        return ""
    # A mean counts by where its time begins: one that begins now is of what comes after.
    end = clock.now if stream.period_s else clock.now + timedelta(seconds=1)
    hours = reader.aggregate(stream.id, start=clock.now - timedelta(hours=25), end=end, step="hour")
    mean = mean_of_last_day(hours, clock.now)
    if mean is None:
        return ""
    norm = min(norms, key=lambda each: each.limit)
    return speak(
        language,
        "point.day-mean.above" if mean > norm.limit else "point.day-mean.below",
        mean=shown_amount(mean, stream, language) + shown_unit(stream, language),
        name=norm.name.in_language(language),
        limit=amount_words(norm.limit).in_language(language) + shown_unit(stream, language),
    )


def age_told(
    seconds: float, layer: LiveLayer | None, observed: str, language: Language, *, recorded: bool = False
) -> str:
    """“7 minuten geleden”; of what is dated when it last changed “veranderd 3 dagen geleden”.

    Of what is `recorded` it adds that it is so in the recording.
    """
    age = age_words(max(0.0, seconds)).in_language(language)
    if recorded:
        age = speak(language, "point.age.recorded", age=age)
    if layer is not None and layer.counts_from == "told" and observed in layer.properties:
        return speak(language, "point.changed", age=age)
    return age


def _order(line: ValueLine, layer: LiveLayer | None) -> tuple[int, str, str]:
    observed = line.stream.datastream.observed
    known = layer.properties if layer else ()
    # The better method of one property goes first, as on the map.
    return (
        known.index(observed) if observed in known else len(known),
        line.title.split(" (")[0],
        _raw_last(line),
    )


def _raw_last(line: ValueLine) -> str:
    method = line.stream.datastream.method
    return "" if method == "gekalibreerd" else f"~{method}"


def _main(
    stored: StoredThing,
    layer: LiveLayer | None,
    latest: Sequence[Latest],
    lines: Sequence[ValueLine],
    clock: Clock,
) -> ValueLine | None:
    if layer is not None:
        chosen = live_value(layer, stored, latest, clock).datastream
        return next((line for line in lines if line.stream.datastream.id == chosen), None)
    return next((line for line in lines if line.iso), None)


def _line(
    stored: StoredDatastream,
    latest: Latest | None,
    layer: LiveLayer | None,
    clock: Clock,
    language: Language,
) -> ValueLine:
    stream = stored.datastream
    title = stream_title(stream, language)
    norms = tuple(
        norm_words(norm, stream, language) for norm in in_force(property_of(stream).norms, clock.now.year)
    )
    if latest is None:
        none = speak(language, "measured.none")
        return ValueLine(stored, title, none, "", "", "", "", True, "", "missing", (), norms, True)
    seen = latest.reading.observation
    shown = show_result(seen.result, stream, language)
    past = is_past(latest, layer, clock)
    limit = limit_of(stream, layer, clock)
    return ValueLine(
        stream=stored,
        title=title,
        value=shown.value,
        unit=shown.unit,
        age=age_told(
            (clock.now - seen.phenomenon).total_seconds(),
            layer,
            stream.observed,
            language,
            recorded=clock.is_behind,
        ),
        moment=moment_words(seen.phenomenon_start or seen.phenomenon, language, period_s=stream.period_s)
        if stream.period_s >= 86_400
        else moment_words(seen.phenomenon, language),
        iso=seen.phenomenon.isoformat().replace("+00:00", "Z"),
        stale=past,
        limit=span_words(limit.total_seconds(), language) if past and limit else "",
        trust=trust_of(seen),
        notes=reading_notes(latest.reading, stream, language),
        norms=norms,
        unknown=shown.unknown,
    )
