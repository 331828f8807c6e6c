"""What is told of a thing in a live layer: its value in words, how old it is, and whether it still holds.

One rule for the API and the pages. Nothing here reads a clock or a store: what time it is for a source
comes in as `Clock`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Literal

from tweestad.i18n import say
from tweestad.legend.live_words import amount_words, result_words, unit_after
from tweestad.model.live_layer import LiveLayer
from tweestad.model.observation import Flag, Result
from tweestad.model.reading import Latest, StoredThing
from tweestad.model.text import Text
from tweestad.vocabulary.live_layers import live_layers
from tweestad.vocabulary.properties import get_property

QualityWord = Literal["good", "unchecked", "suspect", "fail", "missing"]
QUALITY_WORDS: Mapping[Flag, QualityWord] = {
    Flag.GOOD: "good",
    Flag.NOT_EVALUATED: "unchecked",
    Flag.SUSPECT: "suspect",
    Flag.FAIL: "fail",
    Flag.MISSING: "missing",
}
# A value with one of these is never shown as what was measured, nor does it get a colour.
NO_VALUE = frozenset({Flag.FAIL, Flag.MISSING})
# Of two series of one property, the one that was made better goes first; then the one without a method.
_BEST_METHODS = ("gekalibreerd", "")
NOTHING = Text("")
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is for a source, all in UTC.

    `now` is its own time: of a recording that is played back, that of the recording. `told` is when it last
    told of all that it knows, and `wall` what our clock says against which that counts. `stale_after` is the
    source's own limit.
    """

    now: datetime
    wall: datetime
    told: datetime | None = None
    stale_after: timedelta | None = None

    @property
    def is_behind(self) -> bool:
        """Whether its time is that of a recording: “3 minuten geleden” is then not so by our clock."""
        return self.wall - self.now > _A_DAY

    @staticmethod
    def at(moment: datetime) -> Clock:
        """The clock of somebody who looks back at a moment: everything had just been told."""
        return Clock(now=moment, wall=moment, told=moment)


@dataclass(frozen=True, slots=True)
class LiveClass:
    """A class of a legend: from `lower` (included) to `upper` (excluded), or one `value`."""

    label: Text
    lower: float | None = None
    upper: float | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class LiveValue:
    """What a layer shows of one thing.

    `value` is None when there is none that can be used; `text` says so in words. A stale value keeps its
    number and time, but `text` is "geen recente meting" and it has no class: it is not what is there now.
    `words` is the value itself in words, whatever its age. `expires` is when it will be stale, when that can
    be known. `observed` is empty in a layer of places without values.
    """

    thing: StoredThing
    observed: str = ""
    datastream: str = ""
    value: Result = None
    words: Text = NOTHING
    text: Text = NOTHING
    phenomenon: datetime | None = None
    age_s: int | None = None
    stale: bool = False
    expires: datetime | None = None
    quality: QualityWord = "missing"
    class_index: int | None = None
    n: int = 0


def is_there(thing: StoredThing, now: datetime) -> bool:
    """Whether it has begun and not ended, for what comes and goes."""
    since, until = thing.thing.since, thing.thing.until
    return (since is None or since <= now) and (until is None or now < until)


def layer_of(kind: str, source: str, observed: str, layers: Sequence[LiveLayer]) -> LiveLayer | None:
    """The first of these layers that shows such things of such a source by this property, or None."""
    for layer in layers:
        if kind in layer.kinds and observed in layer.properties and source in (layer.sources or (source,)):
            return layer
    return None


def single_layer(kind: str, source: str, observed: str) -> LiveLayer:
    """By whose rule a single series is shown: of the layer that shows it, else its age against a day."""
    found = layer_of(kind, source, observed, live_layers())
    if found is not None:
        return found
    title = get_property(observed).title
    return LiveLayer("", title, NOTHING, NOTHING, (kind,), (observed,), "dot", timedelta(days=1))


def quality_word(flag: Flag) -> QualityWord:
    """How far a value can be trusted, in the word of the API."""
    return QUALITY_WORDS[flag]


def classes_of(layer: LiveLayer, observed: str) -> tuple[LiveClass, ...]:
    """The classes of one property of a layer, in the order of its legend; none when it has no breaks.

    Codes have a class each, in the order of the vocabulary; a yes or no has two.
    """
    return _classes_of(observed, layer.breaks.get(observed, ()))


@cache
def _classes_of(observed: str, breaks: tuple[float, ...]) -> tuple[LiveClass, ...]:
    found = get_property(observed)
    if found.type == "codes":
        return tuple(LiveClass(words, value=code) for code, words in found.codes.items())
    if found.type == "boolean":
        return tuple(LiveClass(result_words(each, found), value=str(each).lower()) for each in (True, False))
    edges = (None, *breaks, None) if breaks else ()
    return tuple(LiveClass(_between(observed, low, high), low, high) for low, high in pairwise(edges))


def _between(observed: str, low: float | None, high: float | None) -> Text:
    """“minder dan 5 µg/m³”, “5 tot 10 µg/m³”, “50 µg/m³ en meer”."""
    key = "class.below" if low is None else "class.from" if high is None else "class.between"
    unit = unit_after(get_property(observed))
    lows, highs = (amount_words(each) for each in (low, high))
    return Text(
        say(key, "nl", low=lows.nl, high=highs.nl, unit=unit.nl),
        say(key, "en", low=lows.en, high=highs.en, unit=unit.en),
    )


def class_index(value: Result, classes: Sequence[LiveClass]) -> int | None:
    """Which class a value is in; None when it is in none."""
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        for n, each in enumerate(classes):
            above = each.lower is None or each.lower <= value
            if each.value is None and above and (each.upper is None or value < each.upper):
                return n
        return None
    code = str(value).lower() if isinstance(value, bool) else value
    return next((n for n, each in enumerate(classes) if each.value == code), None)


def is_stale(layer: LiveLayer, latest: Latest, clock: Clock) -> bool:
    """Whether a value is too old to be shown as what is there now."""
    limit = _expires(layer, latest, clock)
    return (clock.wall if layer.counts_from == "told" else clock.now) > limit


def _expires(layer: LiveLayer, latest: Latest, clock: Clock) -> datetime:
    """On the clock of `is_stale`: the source's own limit counts from the measurement, the layer's limit from
    when the source last told of everything."""
    observation = latest.reading.observation
    if layer.counts_from == "told":
        return (clock.told or observation.received) + layer.stale_after
    return observation.phenomenon + (clock.stale_after or layer.stale_after)


def live_value(
    layer: LiveLayer,
    thing: StoredThing,
    values: Sequence[Latest],
    clock: Clock,
    *,
    asked: str | None = None,
    legend: str | None = None,
) -> LiveValue:
    """What a layer shows of a thing, of the last values of its datastreams.

    `asked` is the property to show; without it the first that the thing measures, in the layer's order of
    choice, where a value that holds goes before an older one. Only the property that the `legend` is about
    (the one asked, else the first of the layer) gets a class.
    """
    chosen = _choose(layer, values, clock, asked)
    if chosen is None:
        text = _say("measured.none") if layer.observed else NOTHING
        return LiveValue(thing, observed=asked or "", text=text, n=thing.n)
    observation = chosen.reading.observation
    stream = chosen.datastream.datastream
    value = None if observation.flag in NO_VALUE else observation.result
    words = _words(layer, chosen, values)
    stale = is_stale(layer, chosen, clock)
    legend = asked or legend or layer.observed[0]
    classes = classes_of(layer, legend) if stream.observed == legend and not stale else ()
    told = layer.counts_from == "told"
    return LiveValue(
        thing,
        observed=stream.observed,
        datastream=stream.id,
        value=value,
        words=words,
        text=_say("measured.stale") if stale else words,
        phenomenon=observation.phenomenon,
        age_s=max(0, int((clock.now - observation.phenomenon).total_seconds())),
        stale=stale,
        expires=None if told and clock.told else _expires(layer, chosen, clock),
        quality=quality_word(Flag.MISSING if observation.result is None else observation.flag),
        class_index=class_index(value, classes),
        n=max(thing.n, chosen.n),
    )


def _choose(layer: LiveLayer, values: Sequence[Latest], clock: Clock, asked: str | None) -> Latest | None:
    """The value that speaks for the thing."""
    order = layer.observed if asked is None else (asked,)
    candidates = [each for each in values if each.datastream.datastream.observed in order]

    def rank(latest: Latest) -> tuple[bool, bool, int, int, str]:
        observation, stream = latest.reading.observation, latest.datastream.datastream
        methods = _BEST_METHODS
        method = methods.index(stream.method) if stream.method in methods else len(methods)
        useless = observation.result is None or observation.flag in NO_VALUE
        return is_stale(layer, latest, clock), useless, order.index(stream.observed), method, stream.id

    return min(candidates, key=rank, default=None)


def _words(layer: LiveLayer, chosen: Latest, values: Sequence[Latest]) -> Text:
    """The value with its unit, the total it is a part of, and what is told beside it."""
    observation = chosen.reading.observation
    found = get_property(chosen.datastream.datastream.observed)
    if observation.result is None or observation.flag is Flag.MISSING:
        return _say("measured.none")
    if observation.flag is Flag.FAIL:
        return _say("measured.unusable")
    total = _beside(layer.of.get(found.id), chosen, values)
    also = _beside(layer.also.get(found.id), chosen, values)
    words = result_words(observation.result, found, of=total.reading.observation.result if total else None)
    if also is None or also.reading.observation.result in (None, ""):
        return words
    more = result_words(also.reading.observation.result, get_property(layer.also[found.id]))
    return Text(f"{words.nl}: {more.nl}", f"{words.en}: {more.en}")


def _beside(observed: str | None, chosen: Latest, values: Sequence[Latest]) -> Latest | None:
    """The value of another property that was true at the same moment or later; an older one may not be."""
    moment = chosen.reading.observation.phenomenon
    for each in values:
        observation = each.reading.observation
        if each.datastream.datastream.observed == observed and observation.flag not in NO_VALUE:
            return each if observation.phenomenon >= moment else None
    return None


def _say(key: str) -> Text:
    return Text(say(key, "nl"), say(key, "en"))
