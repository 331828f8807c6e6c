"""The vertices of a city model: a list of triples, and how its whole numbers become metres."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.safe_json import Limits

Floats = NDArray[np.float64]

FINEST_SCALE_M, COARSEST_SCALE_M = 1e-12, 1_000.0
"""Steps of vertices in a file that somebody meant; others put every vertex in one place, or nowhere."""


@dataclass(frozen=True, slots=True)
class Transform:
    """How the whole numbers of a file become metres: number x scale + translate, per axis."""

    scale: tuple[float, ...] = (1.0, 1.0, 1.0)
    translate: tuple[float, ...] = (0.0, 0.0, 0.0)

    def metres(self, numbers: Floats) -> Floats:
        """Return coordinates (n, 3) rounded to mm; numbers beyond float64 become infinite."""
        with np.errstate(all="ignore"):
            return (numbers * self.scale + self.translate).round(3)


def read_transform(given: object, *, required: bool) -> Transform:
    """The member `transform`; raises InputRejected."""
    if given is None and not required:
        return Transform()
    if given is None:
        raise InputRejected("'transform' is missing")
    if not isinstance(given, dict):
        raise InputRejected("'transform' is not an object")
    scale, translate = (_three_numbers(given.get(key), key) for key in ("scale", "translate"))
    if 0 in scale:
        raise InputRejected("the scale of 'transform' holds a zero")
    for size in map(abs, scale):
        if not FINEST_SCALE_M <= size <= COARSEST_SCALE_M:
            raise InputRejected(
                f"the scale of 'transform' is {size:g}: one step of a vertex must be"
                f" {FINEST_SCALE_M:g} to {COARSEST_SCALE_M:g} m, mostly 0.001"
            )
    return Transform(scale, translate)


def _three_numbers(value: object, key: str) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) != 3 or set(map(type, value)) - {int, float}:
        raise InputRejected(f"'{key}' of 'transform' is not three numbers")
    return tuple(float(number) for number in value)


def vertex_list(given: object, limits: Limits) -> Floats:
    """Return the vertices as numbers (n, 3), as they stand in the file."""
    if not isinstance(given, list):
        raise InputRejected("'vertices' is missing or not a list")
    if len(given) > limits.vertices:
        raise LimitExceeded(f"more than {limits.vertices} vertices in one document")
    if not given:
        return np.zeros((0, 3))
    if set(map(type, given)) != {list} or set(map(len, given)) != {3}:
        raise InputRejected("a vertex is not a list of three numbers")
    flat = list(chain.from_iterable(given))
    if set(map(type, flat)) - {int, float}:
        raise InputRejected("a vertex is not a list of three numbers")
    return np.array(flat, dtype=np.float64).reshape(-1, 3)
