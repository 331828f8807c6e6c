"""How the features of a layer of trees or tubes get a size and a depth, as twin.toml says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MADE: Final = "@drawn."
"""Starts the names of values that the build makes itself, so that no column at the source is asked for."""


@dataclass(frozen=True, slots=True)
class TreePlan:
    """Columns at the source: `height` and `crown` in metres, `crown_area` in m², `species` as a name.

    Without any of them a tree gets its crown from its outline, where its geometry has one.
    """

    height: str = ""
    crown: str = ""
    crown_area: str = ""
    species: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in (self.height, self.crown, self.crown_area, self.species) if name)


@dataclass(frozen=True, slots=True)
class TubePlan:
    """How wide a tube is, how deep it lies, and what it carries.

    `diameter`: a column, in metres times `per_metre`; where it says nothing a tube is drawn `diameter_m`
    wide. One of `level` (two columns: the invert at the start and end of the line, metres NAP), `z` (the
    line's own z is its axis, NAP), `depth` (a column, metres below the street), `depth_m` (the same for
    all) tells the depth; otherwise it is unknown and the tube is drawn at `assumed_nap_m`.
    `carries` is what all carry, unless `carries_column` and `carried` (value at the source to what) say it.
    """

    diameter: str = ""
    per_metre: float = 1.0
    diameter_m: float = 0.3
    level: tuple[str, str] | None = None
    z: bool = False
    depth: str = ""
    depth_m: float | None = None
    assumed_nap_m: float | None = None
    carries: str = "overig"
    carries_column: str = ""
    carried: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        wanted = (self.diameter, self.depth, self.carries_column, *(self.level or ()))
        return tuple(name for name in wanted if name)

    @property
    def kinds(self) -> tuple[str, ...]:
        """All that tubes of this layer may carry."""
        return tuple(dict.fromkeys([*self.carried.values(), self.carries]))
