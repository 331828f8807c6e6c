"""Which live layers there are for an actor, kept while the measurements stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from tweestad.access.reader import Reader
from tweestad.model.layer import Audience
from tweestad.model.live_layer import LiveLayer
from tweestad.model.reading import ReadingsWhere
from tweestad.vocabulary.live_layers import live_layers

_Key = frozenset[Audience]


@dataclass(frozen=True, slots=True)
class ListedLayer:
    """A live layer that has things. `sources` tells how many of each source, `measured` which of its
    properties are measured at all, in the layer's order of choice."""

    layer: LiveLayer
    count: int
    sources: Mapping[str, int]
    measured: tuple[str, ...]

    @property
    def legend(self) -> str | None:
        """The property that its legend is about."""
        return self.measured[0] if self.measured else None


class LiveShelf:
    """The listed layers at the last change number that was asked for. Safe to share between threads."""

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
        found = self._find(audiences, version)
        if found is None:
            with self._counting:
                found = self._find(audiences, version)
                if found is None:
                    found = tuple(_listed(reader, sorted(sources)))
                    self._known[audiences] = (version, found)
        return found

    def _find(self, audiences: _Key, version: int) -> tuple[ListedLayer, ...] | None:
        known, layers = self._known.get(audiences, (-1, ()))
        return layers if known == version else None


def _listed(reader: Reader, sources: Iterable[str]) -> Iterable[ListedLayer]:
    for layer in live_layers():
        where = ReadingsWhere(
            sources=layer.sources or None, kinds=layer.kinds, observed=layer.observed or None
        )
        count = reader.count_things(where)
        if count:
            allowed = [each for each in sources if not layer.sources or each in layer.sources]
            yield ListedLayer(
                layer, count, _of_sources(reader, where, allowed, count), _measured(reader, layer, where)
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


def _only(where: ReadingsWhere, source: str) -> ReadingsWhere:
    return ReadingsWhere(sources=(source,), kinds=where.kinds, observed=where.observed)


def _measured(reader: Reader, layer: LiveLayer, where: ReadingsWhere) -> tuple[str, ...]:
    return tuple(
        each
        for each in layer.observed
        if reader.things(ReadingsWhere(sources=where.sources, kinds=where.kinds, observed=(each,)), limit=1)
    )
