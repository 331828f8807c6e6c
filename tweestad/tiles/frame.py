"""The local frame in which tiles are drawn: metres east, north and up from one point of the city."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tweestad import crs

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """An east-north-up frame that touches the ellipsoid above RD point (x, y) at NAP 0.

    `x`, `y`: EPSG:28992, metres. `lon`, `lat`: degrees, ETRS89 = WGS 84. `height_m`: the ellipsoidal
    height of NAP 0 at that point (about 43 m in Amsterdam). `origin_ecef`: EPSG:4978, metres.
    """

    x: float
    y: float
    lon: float
    lat: float
    height_m: float
    origin_ecef: tuple[float, float, float]

    @classmethod
    def at(cls, x: float, y: float) -> Frame:
        """The frame at an RD point; raises InputRejected outside RD and GridsMissing without grids."""
        point = np.array([[x, y, 0.0]])
        lon, lat, height_m = (float(v) for v in crs.to_geodetic(point)[0])
        ecef_x, ecef_y, ecef_z = (float(v) for v in crs.to_ecef(point)[0])
        return cls(float(x), float(y), lon, lat, height_m, (ecef_x, ecef_y, ecef_z))

    def local(self, points: Points) -> Points:
        """East, north, up in metres, shape (n, 3), of points (n, 3) in EPSG:7415 (RD x, y and NAP z)."""
        if not len(points):
            return np.zeros((0, 3))
        x, y, z = (crs.to_ecef(points) - np.array(self.origin_ecef)).T
        # Not a matrix product: its last bit may depend on how many points are asked for at once.
        return np.column_stack([x * axis[0] + y * axis[1] + z * axis[2] for axis in self._axes()])

    def ecef(self, local: Points) -> Points:
        """EPSG:4978, shape (n, 3), of local points (n, 3): the inverse of what a viewer is told."""
        result: Points = local @ self._axes() + np.array(self.origin_ecef)
        return result

    @property
    def transform(self) -> list[float]:
        """Sixteen numbers, column-major: local east-north-up metres to EPSG:4978."""
        east, north, up = self._axes().tolist()
        return [*east, 0.0, *north, 0.0, *up, 0.0, *self.origin_ecef, 1.0]

    def _axes(self) -> Points:
        lon, lat = math.radians(self.lon), math.radians(self.lat)
        return np.array(
            [
                [-math.sin(lon), math.cos(lon), 0.0],
                [-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)],
                [math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)],
            ]
        )
