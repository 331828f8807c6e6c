"""The ground of the town in metres NAP, and the bend that makes its streets other than straight."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tweestad.synthetic.form.model import CELL_M, DISTRICT

Points = NDArray[np.float64]

CENTRE = (150_000.0, 528_000.0)
WATER_NAP_M = -0.2
RIVER_M = 36.0
CANAL_M = 14.0
_SPAN_M = CELL_M * DISTRICT
_RIVER_Y = -2 * CELL_M


def bent(plan: Points) -> Points:
    """From the straight plan (n, 2), metres from the middle, to EPSG:28992: a slow wave both ways."""
    x, y = plan[:, 0], plan[:, 1]
    east = 15 * np.sin(y / 148 + 0.6) + 8 * np.sin(x / 211 + y / 305)
    north = 14 * np.sin(x / 163 + 0.4) + 9 * np.sin(y / 240 - x / 390 + 2)
    return np.column_stack([x + east + CENTRE[0], y + north + CENTRE[1]])


def height_nap_m(xy: Points) -> NDArray[np.float64]:
    """The ground (n,) at places (n, 2) in EPSG:28992: cores on a low mound, a dike on the river, polder.

    The bend of the plan is left out of account: it is smaller than the slopes are long.
    """
    x, y = xy[:, 0] - CENTRE[0], xy[:, 1] - CENTRE[1]
    across = (x + _SPAN_M / 2) % _SPAN_M - _SPAN_M / 2
    along = (y + _SPAN_M / 2) % _SPAN_M - _SPAN_M / 2
    mound = 0.8 * np.exp(-(across**2 + along**2) / 260**2)
    roll = 0.15 * np.sin(x / 190 + 1) * np.cos(y / 230)
    edge = np.maximum(np.abs(across), np.abs(along)) - 560
    polder = 1.3 / (1 + np.exp(-edge / 30))
    off = np.abs(along - _RIVER_Y) - RIVER_M / 2 - 14
    dike = 2.6 * np.exp(-((off / 9) ** 2))
    return np.asarray(np.round(1.05 + mound + roll - polder + dike, 3), dtype=np.float64)


def river_width_m(district_row: int) -> float:
    """A river runs along the south of the town; other districts have a canal there."""
    return RIVER_M if district_row == 0 else CANAL_M


def wave(t: float, length_m: float, size_m: float, phase: float) -> float:
    """A sine of some length and height."""
    return size_m * math.sin(2 * math.pi * t / length_m + phase)
