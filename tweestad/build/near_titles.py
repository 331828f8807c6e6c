"""Titles from the surroundings: “Gebouw bij Weesperstraat” for a building without an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.build.plan import NearTitle
from tweestad.build.taking import Taken
from tweestad.model.feature import Feature

_TOUCH_M = 0.001


def with_near_titles(taken: Taken, others: Mapping[str, Taken]) -> Taken:
    """The layer with a title for each feature from the first rule that finds a named neighbour.

    A rule with `within_m` looks for the nearest feature of the other layer that has all the columns of
    its title; with `within_m` 0, for the area that the middle of the feature lies in. A feature for which
    no rule finds anything keeps its own title.
    """
    if not taken.plan.title_near:
        return taken
    titles: list[str | None] = [None] * len(taken.features)
    shapes = _shapes(taken.features)
    for rule in taken.plan.title_near:
        open_rows = [n for n, title in enumerate(titles) if title is None and shapes[n] is not None]
        found = _titles(shapes[open_rows], rule, others[rule.layer].features)
        for n, title in zip(open_rows, found, strict=True):
            titles[n] = title
    features = tuple(
        replace(feature, title=title or feature.title)
        for feature, title in zip(taken.features, titles, strict=True)
    )
    return replace(taken, features=features)


def _titles(shapes: NDArray[np.object_], rule: NearTitle, others: Sequence[Feature]) -> list[str | None]:
    named = [(rule.title.fill(other.attributes), other) for other in others if other.geometry]
    words = [(title, other) for title, other in named if title is not None]
    out: list[str | None] = [None] * len(shapes)
    if not words or not len(shapes):
        return out
    tree = shapely.STRtree(_shapes([other for _, other in words]))
    from_shape = shapes if rule.within_m else shapely.point_on_surface(shapes)
    pairs = tree.query_nearest(from_shape, max_distance=max(rule.within_m, _TOUCH_M), all_matches=True)
    for row, neighbour in zip(*pairs.tolist(), strict=True):
        title = words[neighbour][0]
        known = out[row]
        # Two at the same distance: the first in the alphabet, so that every build says the same.
        out[row] = title if known is None or title < known else known
    return out


def _shapes(features: Sequence[Feature]) -> NDArray[np.object_]:
    wkb = np.empty(len(features), dtype=object)
    wkb[:] = [feature.geometry for feature in features]
    return np.asarray(shapely.from_wkb(wkb), dtype=object)
