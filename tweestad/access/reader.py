"""What one actor may see. The API holds a Reader and never a Store, so it cannot forget to filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tweestad.access.readings import ReadingsReader
from tweestad.errors import NotFound
from tweestad.model.column_facts import FACTS_KIND, ColumnFacts, parse_facts
from tweestad.model.feature import StoredFeature
from tweestad.model.feed_health import FEED_KIND, LIST_KEY, LIST_KIND, FeedHealth, parse_health, seen_at
from tweestad.model.layer import Place, StoredLayer
from tweestad.model.reading import ReadingsWhere
from tweestad.model.replay_clock import REPLAY_KIND, parse_clock
from tweestad.model.twin_document import REPORT_KEY, REPORT_KIND, TWIN_KEY, TWIN_KIND
from tweestad.store.protocol import Sort, Where

OBJECT_FEATURES_MAX = 1_000


class Reader(ReadingsReader):
    """Reads on behalf of one actor; every answer is filtered by audience and state.

    A layer or feature that the actor may not see is answered like one that does not exist, so that
    its existence does not leak.
    """

    @property
    def version(self) -> int:
        """The change number of the city as it is now."""
        return self._store.clock("city")

    def layers(self) -> list[StoredLayer]:
        return self._store.layers(self._actor.audiences)

    def layer(self, layer_id: str) -> StoredLayer:
        """Raises NotFound when the layer is not there or not for this actor."""
        stored = self.find_layer(layer_id)
        if stored is None:
            raise NotFound(f"Er is geen laag ‘{layer_id[:80]}’.")
        return stored

    def find_layer(self, layer_id: str) -> StoredLayer | None:
        """The layer, or None when it is not there or not for this actor."""
        return next((stored for stored in self.layers() if stored.layer.id == layer_id), None)

    def features(self, where: Where, *, limit: int, after: str | None = None) -> list[StoredFeature]:
        return self._store.features(self._allowed(where), limit=limit, after=after)

    def sorted_features(self, where: Where, sort: Sort, *, limit: int, offset: int) -> list[StoredFeature]:
        return self._store.sorted_features(self._allowed(where), sort, limit=limit, offset=offset)

    def count(self, where: Where) -> int:
        return self._store.count(self._allowed(where))

    def feature(self, layer_id: str, feature_id: str, *, at: int | None = None) -> StoredFeature:
        """One feature; raises NotFound when it is not there or not for this actor."""
        found = self.features(Where(layer=layer_id, ids=(feature_id,), at=at), limit=1)
        if not found:
            raise NotFound(f"Er is geen object ‘{feature_id[:200]}’ in de laag ‘{layer_id[:80]}’.")
        return found[0]

    def objects(self, ref: str) -> list[StoredFeature]:
        """The visible features with this national id, over all layers; NotFound when there are none.

        At most OBJECT_FEATURES_MAX: `count(Where(ref=ref))` tells whether there are more.
        """
        found = self.features(Where(ref=ref), limit=OBJECT_FEATURES_MAX)
        if not found:
            raise NotFound(f"Er is geen object met nummer ‘{ref[:200]}’.")
        return found

    def places(self, tokens: Sequence[str], *, limit: int, layer: str | None = None) -> list[Place]:
        """Places whose words start with these, best first; of one layer, or of all."""
        audiences = self._actor.audiences
        return self._store.find_places(tokens, audiences=audiences, limit=limit, layer=layer)

    def places_alike(self, tokens: Sequence[str], *, limit: int) -> list[Place]:
        """Places whose words start like these, with a typing error or two; best first."""
        return self._store.find_places_alike(tokens, audiences=self._actor.audiences, limit=limit)

    def column_facts(self, stored: StoredLayer) -> tuple[ColumnFacts, ...] | None:
        """What the build counted in the columns of a layer of `layers`; None when it has changed since."""
        body = self._store.find_document(FACTS_KIND, self.layer(stored.layer.id).layer.id)
        return None if body is None else parse_facts(body, stored.version)

    def twin_facts(self) -> Mapping[str, Any] | None:
        """The public document with the facts of the twin itself; None before the first build."""
        return self._store.find_document(TWIN_KIND, TWIN_KEY)

    def build_report(self) -> Mapping[str, Any] | None:
        """The public document on the last build; None before the first one.

        No document but these and those of `feeds` can be read from here: the store also keeps some that are
        nobody's business.
        """
        return self._store.find_document(REPORT_KIND, REPORT_KEY)

    def feeds(self, now: datetime | None = None) -> list[FeedHealth]:
        """How every source is doing at this moment, in order of id; a replayed one with its own clock.

        A source of which all things are for staff is for staff too.
        """
        listed = self._store.find_document(LIST_KIND, LIST_KEY) or {"ids": []}
        wall = now or datetime.now(UTC)
        found = []
        for source_id in sorted(listed["ids"]):
            if self._is_hidden(source_id):
                continue
            body = self._store.find_document(FEED_KIND, source_id)
            if body is not None:
                health = parse_health(body)
                # The clock of a recording that is no longer played back means nothing.
                played = health.recording is not None
                clock = self._store.find_document(REPLAY_KIND, source_id) if played else None
                health = replace(health, clock=None if clock is None else parse_clock(clock))
                found.append(seen_at(health, wall))
        return found

    def _is_hidden(self, source_id: str) -> bool:
        if "staff" in self._actor.audiences:
            return False
        things = ReadingsWhere(sources=(source_id,), ended=True)
        everybody = replace(things, audiences=frozenset({"public", "staff"}))
        return not self._store.things(things, limit=1) and bool(self._store.things(everybody, limit=1))

    def _allowed(self, where: Where) -> Where:
        return replace(where, audiences=self._actor.audiences, states=frozenset({"published"}))
