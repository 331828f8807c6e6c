"""What a visitor may see of each layer, as arrays to draw from. Tiles are made from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.access.reader import Reader
from tweestad.model.feature import Value
from tweestad.model.layer import Layer
from tweestad.store.protocol import Where

_PAGE = 5000


@dataclass(frozen=True, slots=True, eq=False)
class PublicRows:
    """The public, published features of one layer, in order of id; the fields are parallel.

    `geometries` are shapely, EPSG:28992, None where a feature has none. `refs` are national ids.
    """

    layer: Layer
    ids: tuple[str, ...]
    geometries: NDArray[np.object_]
    attributes: tuple[Mapping[str, Value], ...]
    refs: tuple[str | None, ...] = ()

    def only(self, kept: Sequence[bool]) -> PublicRows:
        """The rows that are kept."""
        return PublicRows(
            self.layer,
            tuple(compress(self.ids, kept)),
            self.geometries[np.array(kept, dtype=bool)],
            tuple(compress(self.attributes, kept)),
            tuple(compress(self.refs, kept)),
        )

    def names(self) -> tuple[str, ...]:
        """The text of the label column of each feature; "" where there is none."""
        column = self.layer.style.label_column
        return tuple(self.layer.name_in(column, row) for row in self.attributes)

    def texts(self, column: str) -> tuple[str, ...]:
        """A column as text; "" where a feature has none."""
        found = [row.get(column) for row in self.attributes]
        return tuple(value if isinstance(value, str) else "" for value in found)


def read_public(reader: Reader, layer: Layer) -> PublicRows:
    """All features of the layer that this reader may see."""
    ids: list[str] = []
    wkb: list[bytes | None] = []
    attributes: list[Mapping[str, Value]] = []
    refs: list[str | None] = []
    after: str | None = None
    while page := reader.features(Where(layer=layer.id), limit=_PAGE, after=after):
        ids += [stored.feature.id for stored in page]
        wkb += [stored.feature.geometry for stored in page]
        attributes += [stored.feature.attributes for stored in page]
        refs += [stored.feature.ref for stored in page]
        after = ids[-1]
    packed = np.empty(len(wkb), dtype=object)
    packed[:] = wkb
    geometries = np.asarray(shapely.from_wkb(packed), dtype=object)
    return PublicRows(layer, tuple(ids), geometries, tuple(attributes), tuple(refs))
