"""Which objects of a city model are asked for: by type and by level of detail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

LOD = re.compile(r"[0-4](\.[0-3])?\Z")
_PARTS = ("Part", "Installation", "Room", "Furniture", "ConstructiveElement", "Storey", "Unit", "HollowSpace")
CONSTRUCTIONS = frozenset(
    {
        "Building",
        "BuildingPart",
        "BuildingUnit",
        "Bridge",
        "BridgePart",
        "Tunnel",
        "TunnelPart",
        "OtherConstruction",
    }
)
"""What counts as a building where nobody says which types are asked for."""
COVERS = frozenset(
    {
        "LandUse",
        "PlantCover",
        "Railway",
        "Road",
        "TINRelief",
        "TransportSquare",
        "TransportationComplex",  # CityJSON 0.8
        "Track",
        "WaterBody",
        "Waterway",
    }
)
"""What covers the ground: its footprint is everything seen from above, not what faces down."""
KNOWN_TYPES = tuple(
    sorted(
        {
            *CONSTRUCTIONS,
            *COVERS,
            *(root + part for root in ("Building", "Bridge", "Tunnel") for part in _PARTS),
            "CityFurniture",
            "CityObjectGroup",
            "GenericCityObject",
            "SolitaryVegetationObject",
        }
    )
)
"""The types of CityJSON 0.8 to 2.0; one of an extension starts with `+`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The objects that are asked for; the empty choice asks for all of them at their finest.

    `types` of root objects; a part of a chosen type stands on its own when its parent is of another.
    `lod` is the level of detail to take, such as `1.3`; level 0 still gives the footprint.
    """

    types: frozenset[str] | None = None
    lod: str = ""

    def takes(self, kind: str) -> bool:
        return self.types is None or kind in self.types


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Passed:
    """An object that was not asked for, which nobody has looked into."""

    object_id: str
    type: str


def counted(types: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """How many objects of each type, most first."""
    return tuple(sorted(types.items(), key=lambda item: (-item[1], item[0])))


def left_out_sentence(types: tuple[tuple[str, int], ...]) -> str:
    """`143 Road, 126 PlantCover: not chosen`, for people."""
    return ", ".join(f"{count} {kind}" for kind, count in types) + ": not chosen"
