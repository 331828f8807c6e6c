"""Chance that falls the same way on every machine and in every Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

_T = TypeVar("_T")


class Chance:
    """A stream of numbers that follows from a seed and a purpose, independent of other streams.

    Built on `Random.random` alone, the one method whose sequence Python promises to keep.
    """

    def __init__(self, seed: int, *purpose: object) -> None:
        text = "/".join(str(part) for part in (seed, *purpose))
        self._random = Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))  # noqa: S311

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low up to and including high."""
        return low + int(self._random.random() * (high - low + 1))

    def one_of(self, choices: Sequence[_T]) -> _T:
        return choices[int(self._random.random() * len(choices))]

    def happens(self, share: float) -> bool:
        return self._random.random() < share
