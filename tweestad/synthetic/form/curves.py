"""Curved lines in the plane, walked by distance: the skeleton of streets and canals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curve:
    """A line of many short pieces; `points` (n, 2) in metres, `closed` when it ends where it begins.

    Without slots, because what is walked often is computed once.
    """

    points: Points
    closed: bool = False

    @classmethod
    def along(
        cls, function: Callable[[float], tuple[float, float]], start: float, end: float, steps: int
    ) -> Curve:
        """The curve of a function of one number, in `steps` pieces."""
        span = [start + (end - start) * n / steps for n in range(steps + 1)]
        return cls(np.array([function(t) for t in span]), closed=False)

    @property
    def length(self) -> float:
        return float(self.stations[-1])

    @cached_property
    def stations(self) -> NDArray[np.float64]:
        """The distance from the start to each point."""
        steps = np.hypot(*np.diff(self.points, axis=0).T)
        return np.concatenate([[0.0], np.cumsum(steps)])

    def shifted(self, left_m: float) -> Curve:
        """The same curve, `left_m` metres to the left of its direction."""
        return Curve(self.points + self._normals * left_m, self.closed)

    def at(self, distance: float) -> tuple[Points, Points]:
        """The point at a distance from the start and the unit vector to the left there."""
        stations = self.stations
        point = np.array([np.interp(distance, stations, self.points[:, k]) for k in (0, 1)])
        normals = self._normals
        left = np.array([np.interp(distance, stations, normals[:, k]) for k in (0, 1)])
        return point, left / math.hypot(left[0], left[1])

    def part(self, start: float, end: float) -> Curve:
        """The piece between two distances."""
        stations = self.stations
        inner = (stations > start) & (stations < end)
        ends = [self.at(start)[0], *self.points[inner], self.at(end)[0]]
        return Curve(np.array(ends))

    def reversed(self) -> Curve:
        """The same curve in the other direction: what was on the right is on the left."""
        return Curve(self.points[::-1], self.closed)

    def line(self) -> shapely.LineString:
        return shapely.LineString(self.points)

    def ring(self) -> shapely.Polygon:
        """The area inside a closed curve."""
        return shapely.Polygon(self.points)

    @cached_property
    def _normals(self) -> Points:
        """The unit vector to the left at each point."""
        if self.closed:
            ahead = np.roll(self.points[:-1], -1, axis=0) - np.roll(self.points[:-1], 1, axis=0)
            ahead = np.vstack([ahead, ahead[:1]])
        else:
            ahead = np.gradient(self.points, axis=0)
        ahead /= np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
        return np.column_stack([-ahead[:, 1], ahead[:, 0]])
