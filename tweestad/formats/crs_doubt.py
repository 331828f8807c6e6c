"""Recognises coordinates that were given in another system, or with their axes exchanged.

A wrong system is the most frequent fault of a delivery, and a silent one: degrees taken for metres all lie
near one point, and that point is inside the RD grid. The boxes below are the Netherlands with a wide margin
in each system that is supported; they do not touch, so that a row fits one of them at most.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tweestad.crs import ETRS89, RD, RD_NAP, WEB_MERCATOR, WGS84

_BOXES: dict[int, tuple[float, float, float, float]] = {
    WGS84: (2.5, 50.0, 7.8, 54.5),
    RD: (-7_000.0, 289_000.0, 300_000.0, 629_000.0),
    WEB_MERCATOR: (280_000.0, 6_400_000.0, 870_000.0, 7_300_000.0),
}
_NAMES = {WGS84: "longitude and latitude (EPSG:4326)", RD: "RD (EPSG:28992)", WEB_MERCATOR: "EPSG:3857"}
_SAME = {RD_NAP: RD, ETRS89: WGS84}

Bounds = NDArray[np.float64]


def crs_doubts(bounds: Bounds, crs: int) -> dict[int, str]:
    """Say of each row that looks wrong what it looks like.

    `bounds` is (n, 4): min x, min y, max x, max y in `crs`, NaN for a row without a place. A row that lies
    where its own system says, or nowhere near the Netherlands in any, is not in the answer.
    """
    own = _SAME.get(crs, crs)
    doubts: dict[int, str] = {}
    fits = _inside(bounds, _BOXES[own]) if own in _BOXES else np.zeros(len(bounds), dtype=bool)
    for system, box in _BOXES.items():
        looks = {False: _inside(bounds, box), True: _inside(bounds[:, [1, 0, 3, 2]], box)}
        for exchanged, found in looks.items():
            for n in np.flatnonzero(found & ~fits):
                doubts.setdefault(int(n), _sentence(own, system, exchanged=exchanged))
    return doubts


def _inside(bounds: Bounds, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = box
    inside: NDArray[np.bool_] = (
        (bounds[:, 0] >= west) & (bounds[:, 1] >= south) & (bounds[:, 2] <= east) & (bounds[:, 3] <= north)
    )
    return inside


def _sentence(own: int, system: int, *, exchanged: bool) -> str:
    """Without the numbers of the row, so that a report counts equal faults together."""
    if exchanged and system == WGS84:
        return "its coordinates look like latitude and longitude exchanged"
    if exchanged:
        return f"its coordinates look like {_NAMES[system]} with x and y exchanged"
    return f"its coordinates look like {_NAMES[system]}, but they were given as EPSG:{own}"
