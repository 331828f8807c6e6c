"""Which part of a national source is kept: the box of the municipality, wider where the manifest says so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tweestad.crs import to_lonlat
from tweestad.model.feed_plan import FeedPlan
from tweestad.model.layer import Audience
from tweestad.store.protocol import Store

Box = tuple[float, float, float, float]
_EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality by its code, and its box in RD (metres); None keeps everything."""

    municipality: str = ""
    box: Box | None = None

    def degrees(self, margin_m: float = 0) -> Box | None:
        """The box as west, south, east, north in degrees, `margin_m` wider on every side."""
        if self.box is None:
            return None
        left, low, right, high = self.box
        left, low, right, high = left - margin_m, low - margin_m, right + margin_m, high + margin_m
        # The sides of a box in RD are bowed in degrees, by a few metres; corners and middles bound it.
        middle_x, middle_y = (left + right) / 2, (low + high) / 2
        xs = [left, middle_x, right, left, right, left, middle_x, right]
        ys = [low, low, low, middle_y, middle_y, high, high, high]
        found = to_lonlat(np.column_stack((xs, ys)))
        (west, south), (east, north) = found.min(axis=0), found.max(axis=0)
        return float(west), float(south), float(east), float(north)


def area_of(store: Store, plan: FeedPlan, municipality: str) -> Area:
    """The box of the plan, else of its layer of quarters, else of all layers."""
    if plan.box is not None:
        return Area(municipality, plan.box)
    layers = store.layers(_EVERYONE)
    chosen = [each for each in layers if each.layer.id == plan.areas] or layers
    boxes = np.array([each.bbox for each in chosen if each.bbox is not None])
    if not len(boxes):
        return Area(municipality)
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return Area(municipality, (float(low[0]), float(low[1]), float(high[0]), float(high[1])))
