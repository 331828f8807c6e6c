"""Reads a live layer for one actor: what is there, what is shown of it, and what changed.

Routes of the API and pages read through here, so that a map and a list show the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.access.reader import Reader
from tweestad.api.limits import LIMITS
from tweestad.api.measured import Sources
from tweestad.api.problems import refuse
from tweestad.api.v1.positions import Window
from tweestad.legend.live import LiveValue, is_there, live_value
from tweestad.model.live_layer import LiveLayer
from tweestad.model.reading import Latest, ReadingsWhere, StoredThing


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """What is asked of a live layer.

    `observed` is the property to show. `at` is a moment to look back at. `legend` is the property that the
    legend is about when none is asked. `cut` takes the first things of a layer that has too many.
    """

    window: Window | None = None
    observed: str | None = None
    at: datetime | None = None
    legend: str | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class LiveState:
    """What a layer shows as of a change number.

    With `complete` it is all there is; else only what changed, and `removed` are ids of what is no longer
    there, or no longer in the window.
    """

    version: int
    values: tuple[LiveValue, ...]
    complete: bool = True
    removed: tuple[str, ...] = ()


def read_live(reader: Reader, layer: LiveLayer, asked: LiveQuestion, sources: Sources) -> LiveState:
    """All that a layer shows; raises RequestValidationError when that is too much without a smaller bbox."""
    version = reader.readings_version
    return LiveState(version, tuple(_shown(reader, layer, where_of(layer, asked), asked, sources)))


def read_changes(
    reader: Reader, layer: LiveLayer, asked: LiveQuestion, sources: Sources, after: int
) -> LiveState:
    """What changed in a layer after a change number; all of it when that is more than a layer may hold."""
    version = reader.readings_version
    where = replace(where_of(layer, asked), bbox=None, changed_after=after)
    most = LIMITS.live_features_max
    present = {each.thing.id for each in reader.things(where, limit=most)}
    gone = {each.thing.id for each in reader.things(replace(where, ended=True), limit=most)} - present
    values = reader.latest(replace(where, observed=_properties(layer, asked)), limit=most)
    if after > version or most in (len(present), len(gone), len(values)):
        return read_live(reader, layer, asked, sources)
    changed = present | {each.datastream.datastream.thing for each in values}
    if len(changed) > most:
        return read_live(reader, layer, asked, sources)
    shown: list[LiveValue] = []
    if changed:
        these = replace(where_of(layer, asked), things=tuple(sorted(changed)))
        shown = _shown(reader, layer, these, asked, sources)
    # What moved out of the window, or has its time behind it, must go from the map too.
    removed = gone | (present - {each.thing.thing.id for each in shown})
    return LiveState(version, tuple(shown), complete=False, removed=tuple(sorted(removed)))


def where_of(layer: LiveLayer, asked: LiveQuestion) -> ReadingsWhere:
    """Which things are in the layer; the store's box finds candidates."""
    observed = layer.observed if asked.observed is None else (asked.observed,)
    box = None if asked.window is None else asked.window.box
    return ReadingsWhere(
        sources=layer.sources or None,
        kinds=layer.kinds,
        observed=observed or None,
        bbox=None if box is None else (box.min_x, box.min_y, box.max_x, box.max_y),
        at=asked.at,
    )


def geometries_of(things: Sequence[StoredThing]) -> NDArray[np.object_]:
    """The shape of each thing in RD, its point when it has none, and None for what lies nowhere."""
    shapes: NDArray[np.object_] = np.full(len(things), None, dtype=object)
    for n, each in enumerate(things):
        place = each.thing.location
        if place is not None:
            shapes[n] = (
                shapely.Point(place.x, place.y) if place.shape is None else shapely.from_wkb(place.shape)
            )
    return shapes


def _shown(
    reader: Reader, layer: LiveLayer, where: ReadingsWhere, asked: LiveQuestion, sources: Sources
) -> list[LiveValue]:
    things = reader.things(where, limit=LIMITS.live_features_max + 1)
    if len(things) > LIMITS.live_features_max and not asked.cut:
        raise refuse("bbox", "live_many", most=LIMITS.live_features_max)
    things = things[: LIMITS.live_features_max]
    clocks = {source: sources.clock(source, asked.at) for source in {each.thing.source for each in things}}
    there = [each for each in _inside(things, asked.window) if is_there(each, clocks[each.thing.source].now)]
    values = _by_thing(reader, layer, where, asked)
    return [
        live_value(
            layer,
            each,
            values.get(each.thing.id, ()),
            clocks[each.thing.source],
            asked=asked.observed,
            legend=asked.legend,
        )
        for each in there
    ]


def _inside(things: list[StoredThing], window: Window | None) -> Iterable[StoredThing]:
    """Those of which the shape touches the outline: its sides are curved in RD, a box is not."""
    if window is None or not things:
        return things
    shapely.prepare(window.outline)
    touches = shapely.intersects(window.outline, geometries_of(things))
    return [things[n] for n in np.flatnonzero(touches)]


def _by_thing(
    reader: Reader, layer: LiveLayer, where: ReadingsWhere, asked: LiveQuestion
) -> dict[str, list[Latest]]:
    properties = _properties(layer, asked)
    if not properties:
        return {}
    found: dict[str, list[Latest]] = {}
    latest = reader.latest(replace(where, observed=properties), limit=LIMITS.live_values_max)
    if len(latest) == LIMITS.live_values_max:
        raise refuse("bbox", "live_many", most=LIMITS.live_features_max)
    for each in latest:
        found.setdefault(each.datastream.datastream.thing, []).append(each)
    return found


def _properties(layer: LiveLayer, asked: LiveQuestion) -> tuple[str, ...]:
    """What must be read: the property asked, with the total it is a part of and what is told beside it."""
    if asked.observed is None:
        return layer.properties
    beside = (layer.of.get(asked.observed), layer.also.get(asked.observed))
    return (asked.observed, *(each for each in beside if each))
