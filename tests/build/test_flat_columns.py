"""Which columns go into the flat map: those that a legend or a filter can speak of, and no free texts."""

from __future__ import annotations

import numpy as np
import shapely

from tests.api.small_twin import BUILDINGS
from tweestad.build.city_tiles import flat_columns
from tweestad.build.public_rows import PublicRows
from tweestad.model.feature import Value


def columns_of(rows: list[dict[str, Value]]) -> frozenset[str]:
    points = np.array([shapely.Point(n, 0) for n in range(len(rows))], dtype=object)
    ids = tuple(str(n) for n in range(len(rows)))
    return flat_columns(PublicRows(BUILDINGS, ids, points, tuple(rows)))


def test_the_flat_map_carries_what_can_be_coloured_or_filtered_by() -> None:
    rows: list[dict[str, Value]] = [
        {
            "bouwjaar": 1900,
            "gebruik": ("w",) if n % 2 else ("k",),
            "hoogte": float(n),
            "monument": True if n % 2 else None,
            "ingemeten": "2026-04-01",
            "omschrijving": f"Een lange tekst over pand {n}",
        }
        for n in range(12)
    ]
    # `bouwjaar` is in the legend of the twin; `monument` has one value, but some lack it.
    assert columns_of(rows) - {""} == {"bouwjaar", "gebruik", "hoogte", "monument"}
