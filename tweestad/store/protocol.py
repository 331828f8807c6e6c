"""The seam of the store: what every backend promises.

Verbs are promises: `get` raises NotFound, `find` may return None, `put` is idempotent. Reads see one
consistent state. Nothing here knows about people: `access/reader.py` decides who sees what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from tweestad.model.feature import BBox, Feature, StoredFeature
from tweestad.model.layer import Audience, Layer, Place, StoredLayer
from tweestad.store.readings_protocol import Readings

Domain = Literal["city", "readings"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a value of one attribute must be; of several values one is enough.

    `lower` and `upper` bound numbers, both included. `values` are matched as they are stored: a text, a
    number or a boolean. `unknown` also takes features without a value. `missing` are stored values that
    mean nothing at the source: they match nothing but `unknown`. A condition with nothing matches nothing.
    """

    attribute: str
    lower: float | None = None
    upper: float | None = None
    values: tuple[str | float | bool, ...] = ()
    unknown: bool = False
    missing: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """Which features. Empty fields do not filter; all `conditions` must hold.

    `at` is a change number of the domain `city`.
    """

    layer: str | None = None
    ids: tuple[str, ...] | None = None
    ref: str | None = None
    title: str | None = None
    bbox: BBox | None = None
    at: int | None = None
    conditions: tuple[Condition, ...] = ()
    audiences: frozenset[Audience] = field(default_factory=lambda: frozenset({"public"}))
    states: frozenset[str] = field(default_factory=lambda: frozenset({"published"}))


@dataclass(frozen=True, slots=True)
class Sort:
    """Order of a page of features: by one attribute or by the title (empties last), and then by id."""

    attribute: str | None = None
    descending: bool = False
    missing: tuple[Any, ...] = ()
    by_title: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What an import did to a layer. `n` is the change number it took, or the old one if nothing changed."""

    n: int
    added: int
    changed: int
    removed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The solids of one layer in one square of the RD grid: a CityJSONSeq blob by its sha256."""

    layer: str
    rd_cell: str
    blob_sha: str


class Store(Readings, Protocol):
    """The verbs over features, layers, cells and documents, and those over measurements."""

    def put_layer(
        self,
        layer: Layer,
        features: Iterable[Feature],
        *,
        places: Iterable[Place] = (),
        cells: Iterable[Cell] = (),
        position: int | None = None,
    ) -> Change:
        """Replace a whole layer: stage, diff by hash, and swap in one transaction with one change number.

        Equal features write nothing. Removed and changed ones move to the past. Readers see the old
        layer or the new one, never half. Raises InputRejected on a duplicate id; then nothing changed.
        `position` is the place in the list of layers, which is no part of the layer: moving it takes no
        number. Without one a new layer comes last and a known one stays where it is.
        """

    def layers(self, audiences: frozenset[Audience]) -> list[StoredLayer]:
        """All layers for these audiences, in the order in which the twin lists them."""

    def features(self, where: Where, *, limit: int, after: str | None = None) -> list[StoredFeature]:
        """One page in order of (layer, id), after the id `after` (keyset; `layer` must then be set)."""

    def sorted_features(self, where: Where, sort: Sort, *, limit: int, offset: int) -> list[StoredFeature]:
        """One page for people in a chosen order; `offset` is capped at 100,000."""

    def count(self, where: Where) -> int:
        """How many features there are."""

    def find_places(
        self,
        tokens: Sequence[str],
        *,
        audiences: frozenset[Audience],
        limit: int,
        layer: str | None = None,
    ) -> list[Place]:
        """Places whose words start with every one of these normalised tokens, best first.

        `layer` leaves out those of other layers.
        """

    def find_places_alike(
        self, tokens: Sequence[str], *, audiences: frozenset[Audience], limit: int
    ) -> list[Place]:
        """Places whose words start like these tokens with a typing error or two, after the first letter."""

    def cells(self, layer: str, *, at: int | None = None) -> list[Cell]:
        """The solid cells of a layer, now or as of a change number."""

    def clock(self, domain: Domain) -> int:
        """The change number of the last committed change."""

    def changes_since(self, n: int) -> Mapping[str, int]:
        """Layers that changed after change number n, each with its version."""

    def put_document(self, kind: str, key: str, body: Mapping[str, Any]) -> None:
        """Keep one small JSON document (twin facts, build report)."""

    def find_document(self, kind: str, key: str) -> Mapping[str, Any] | None:
        """The document, or None."""

    def erase(self, layer: str, feature_id: str) -> int:
        """Remove a feature from the present and the past for good; returns how many rows went."""

    def remove_layer(self, layer: str) -> None:
        """Close all features of a layer (they stay in the past) and stop listing it."""

    def close(self) -> None:
        """Let go of connections."""


def pages(store: Store, where: Where, *, size: int = 1000) -> Iterator[list[StoredFeature]]:
    """All features of one layer, page by page, in order of id."""
    after: str | None = None
    while page := store.features(where, limit=size, after=after):
        yield page
        after = page[-1].feature.id
