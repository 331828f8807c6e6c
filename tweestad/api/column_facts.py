"""What the values of the columns of a layer are like, kept while the layer stays as it is.

The build keeps them as a document beside the layer. What changed since (a feature was erased, the twin was
built by an older version) is counted here once, over what the reader sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Lock

from tweestad.access.reader import Reader
from tweestad.legend.facts import count_columns
from tweestad.model.column_facts import ColumnFacts
from tweestad.model.feature import Value
from tweestad.model.layer import StoredLayer
from tweestad.store.protocol import Where

PAGE = 5_000


class FactsShelf:
    """The facts of each layer at its last version that was asked for. Safe to share between threads.

    Whoever asks has the layer from their own Reader already, and all who may see a layer see the same of it.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, dict[str, ColumnFacts]]] = {}
        self._counting = Lock()

    def of(self, reader: Reader, stored: StoredLayer) -> Mapping[str, ColumnFacts]:
        """The facts of every column of the layer, by name."""
        layer_id, version = stored.layer.id, stored.version
        found = self._find(layer_id, version)
        if found is None:
            # One at a time: counting a large layer takes a second, and ten of them would take ten each.
            with self._counting:
                found = self._find(layer_id, version) or self._count(reader, stored)
                self._known[layer_id] = (version, found)
        return found

    def _find(self, layer_id: str, version: int) -> dict[str, ColumnFacts] | None:
        known, facts = self._known.get(layer_id, (-1, {}))
        return facts if known == version else None

    def _count(self, reader: Reader, stored: StoredLayer) -> dict[str, ColumnFacts]:
        facts = reader.column_facts(stored) or count_columns(stored.layer, _rows(reader, stored.layer.id))
        return {each.name: each for each in facts}


def _rows(reader: Reader, layer_id: str) -> Iterator[Mapping[str, Value]]:
    after: str | None = None
    while page := reader.features(Where(layer=layer_id), limit=PAGE, after=after):
        yield from (row.feature.attributes for row in page)
        after = page[-1].feature.id
