"""Which live layers there are for an actor, kept while the measurements stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from tweestad.access.reader import Reader
from tweestad.legend.live import Clock, is_there
from tweestad.model.layer import Audience
from tweestad.model.live_layer import LiveLayer
from tweestad.model.reading import ReadingsWhere, StoredThing
from tweestad.vocabulary.live_layers import live_layers

PASSING_MAX = 2_000
_KEPT = 20
_Key = tuple[frozenset[Audience], frozenset[str]]


@dataclass(frozen=True, slots=True)
class ListedLayer:
    """A live layer that has things: `count` of them, with those that have yet to begin or are over.

    `sources` tells how many of each source, `measured` which of its properties are measured at all, in the
    layer's order of choice. `passing` are the things that come and go, of a layer that is not too large.
    """

    layer: LiveLayer
    count: int
    sources: Mapping[str, int]
    measured: tuple[str, ...]
    passing: tuple[StoredThing, ...] = ()

    def count_now(self, clock: Callable[[str], Clock]) -> int:
        """How many there are at this moment, by the clock of each source."""
        now = {source: clock(source).now for source in {each.thing.source for each in self.passing}}
        return self.count - sum(not is_there(each, now[each.thing.source]) for each in self.passing)

    @property
    def legend(self) -> str | None:
        """The property that its legend is about."""
        return self.measured[0] if self.measured else None


class LiveShelf:
    """The listed layers as they were last counted. Safe to share between threads.

    Values change all the time, and change nothing here: layers are counted again when a thing or a datastream
    came, went or changed, or when there are other sources.
    """

    def __init__(self) -> None:
        self._known: dict[_Key, tuple[int, tuple[ListedLayer, ...]]] = {}
        self._counting = Lock()

    def of(
        self, reader: Reader, audiences: frozenset[Audience], sources: Iterable[str]
    ) -> tuple[ListedLayer, ...]:
        """The layers with at least one thing that the reader sees; `sources` are the ids there may be.

        `audiences` are those of the reader's actor: what one group sees is kept apart from another's.
        """
        version = reader.readings_version
        key = audiences, frozenset(sources)
        with self._counting:
            known, found = self._known.get(key, (-1, ()))
            if known != version and (known < 0 or known > version or _differs(reader, known)):
                found = tuple(_listed(reader, sorted(key[1])))
            if len(self._known) > _KEPT:
                self._known.clear()
            self._known[key] = (version, found)
        return found


def _differs(reader: Reader, version: int) -> bool:
    """Whether anything but values changed after a change number."""
    where = ReadingsWhere(changed_after=version, ended=True)
    return bool(reader.things(where, limit=1)) or bool(reader.datastreams(where, limit=1))


def _listed(reader: Reader, sources: Iterable[str]) -> Iterable[ListedLayer]:
    for layer in live_layers():
        where = ReadingsWhere(
            sources=layer.sources or None, kinds=layer.kinds, observed=layer.observed or None
        )
        count = reader.count_things(where)
        if count:
            allowed = [each for each in sources if not layer.sources or each in layer.sources]
            yield ListedLayer(
                layer,
                count,
                _of_sources(reader, where, allowed, count),
                _measured(reader, layer, where),
                _passing(reader, where, count),
            )


def _of_sources(reader: Reader, where: ReadingsWhere, sources: list[str], count: int) -> dict[str, int]:
    """How many of each source, until all are counted: a layer seldom has more than three."""
    found: dict[str, int] = {}
    for source in sources:
        if sum(found.values()) >= count:
            break
        if number := reader.count_things(_only(where, source)):
            found[source] = number
    return found


def _passing(reader: Reader, where: ReadingsWhere, count: int) -> tuple[StoredThing, ...]:
    """The things that begin or end by themselves: there are hundreds, in layers of messages."""
    if count > PASSING_MAX:
        return ()
    things = reader.things(where, limit=PASSING_MAX)
    return tuple(each for each in things if each.thing.since is not None or each.thing.until is not None)


def _only(where: ReadingsWhere, source: str) -> ReadingsWhere:
    return ReadingsWhere(sources=(source,), kinds=where.kinds, observed=where.observed)


def _measured(reader: Reader, layer: LiveLayer, where: ReadingsWhere) -> tuple[str, ...]:
    return tuple(
        each
        for each in layer.observed
        if reader.things(ReadingsWhere(sources=where.sources, kinds=where.kinds, observed=(each,)), limit=1)
    )
