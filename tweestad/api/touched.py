"""What one change of the measurements touched: which live layers, where, and for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tweestad.access.reader import Reader
from tweestad.model.layer import Audience
from tweestad.model.live_layer import LiveLayer
from tweestad.model.reading import ReadingsWhere, StoredThing
from tweestad.vocabulary.live_layers import live_layers

Box = tuple[float, float, float, float]
Key = tuple[str, Audience]
# Above this a change counts as one of everything: to look where it all lies would take longer than to ask.
MOST = 10_000
_PLACES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Touched:
    """`everywhere` are layers in which something came, went or moved: it may have left any window.

    `points` are where values changed, in RD, float64 (n, 2). Both by layer and audience.
    """

    city: int
    version: int
    everywhere: frozenset[Key]
    points: Mapping[Key, NDArray[np.float64]]

    def layers(self, asked: frozenset[str], box: Box | None, audiences: frozenset[Audience]) -> set[str]:
        """Which of the layers asked changed within the box, as far as these audiences may know."""
        found = {layer for layer, audience in self.everywhere if layer in asked and audience in audiences}
        for (layer, audience), points in self.points.items():
            wanted = layer in asked and audience in audiences and layer not in found
            if wanted and (box is None or _any_inside(points, box)):
                found.add(layer)
        return found


def _any_inside(points: NDArray[np.float64], box: Box) -> bool:
    x, y = points[:, 0], points[:, 1]
    return bool(((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])).any())


@dataclass(frozen=True, slots=True)
class Place:
    """What must be known of a thing to say who looks at it. `x`, `y` in RD; NaN lies nowhere."""

    kind: str
    source: str
    x: float
    y: float


class Places:
    """The places of things that changed before, so that each is read from the store only once."""

    def __init__(self) -> None:
        self._known: dict[str, Place] = {}

    def put(self, things: Iterable[StoredThing]) -> None:
        for each in things:
            thing, where = each.thing, each.thing.location
            x, y = (np.nan, np.nan) if where is None else (where.x, where.y)
            self._known[thing.id] = Place(thing.kind, thing.source, x, y)

    def of(self, reader: Reader, ids: set[str]) -> Mapping[str, Place]:
        """The places of these things, of at most MOST at a time; what has gone has none."""
        missing = sorted(ids - self._known.keys())
        if missing:
            if len(self._known) > _PLACES_MAX:
                self._known.clear()
                missing = sorted(ids)
            self.put(reader.things(ReadingsWhere(things=tuple(missing), ended=True), limit=len(missing)))
        return {each: self._known[each] for each in ids if each in self._known}


def touched_after(reader: Reader, version: int, places: Places) -> Touched:
    """What changed after a change number, as a reader who sees everything finds it."""
    now, city = reader.readings_version, reader.version
    where = ReadingsWhere(changed_after=version)
    things = reader.things(ReadingsWhere(changed_after=version, ended=True), limit=MOST)
    values = reader.latest(where, limit=MOST)
    if MOST in (len(things), len(values)):
        return _everything(now, city)
    places.put(things)
    everywhere = {
        (layer.id, each.audience)
        for each in things
        for layer in _showing(each.thing.kind, each.thing.source, None)
    }
    found: dict[Key, list[tuple[float, float]]] = defaultdict(list)
    known = places.of(reader, {each.datastream.datastream.thing for each in values})
    for each in values:
        stream = each.datastream
        place = known.get(stream.datastream.thing)
        if place is not None:
            for layer in _showing(place.kind, place.source, stream.datastream.observed):
                found[layer.id, stream.audience].append((place.x, place.y))
    points = {key: np.array(where) for key, where in found.items() if key not in everywhere}
    return Touched(city, now, frozenset(everywhere), points)


def _everything(version: int, city: int) -> Touched:
    """All layers, for everybody. Staff hear nothing that others do not, so nothing is told by it."""
    return Touched(city, version, frozenset((each.id, "public") for each in live_layers()), {})


def _showing(kind: str, source: str, observed: str | None) -> Iterable[LiveLayer]:
    """The layers that show things of such a kind and source, and, when told, such a property of them."""
    for layer in live_layers():
        shown = kind in layer.kinds and source in (layer.sources or (source,))
        if shown and (observed is None or observed in layer.properties):
            yield layer
