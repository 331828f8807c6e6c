"""The colours of the paper city, linear as glTF wants them, and the shade baked into them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Linear = tuple[float, float, float]

WALL_TOP = "#f1ece4"
ROOF = "#d3c9bb"
LAND = "#e9e5db"
STREET = "#faf8f3"
PATH = "#f3f0e8"
PARK = "#c9d6b0"
WATER = "#a9c3cb"
QUAY_TOP = "#a49b8c"
CREASE = "#94897b"
TREE_CROWN = "#b2c39b"
TREE_CROWN_WARM = "#b4c195"
TREE_NEEDLES = "#9fb596"
TREE_TRUNK = "#a39682"

TUBES: Mapping[str, str] = {
    "vuilwater": "#8a6a4f",
    "gemengd": "#a07a68",
    "hemelwater": "#5f8fb5",
    "water": "#7fb0cf",
    "gas": "#d3b64c",
    "warmte": "#b9705f",
    "elektra": "#a65e54",
    "data": "#7f9a63",
    "metro": "#c58a5c",
    "overig": "#8f8a80",
}
"""Pipes and tunnels by what they carry: the usual Dutch colours, muted so that they sit on paper."""

FOOT_SHADE = 0.80
"""A wall is this much of its own colour where it meets the street."""
FULL_LIGHT_M = 11.0
"""Metres above the street at which a wall has its full colour."""
CROWN_SHADE = 0.72
"""The underside of a crown is this much of its own colour; the top has all of it."""
TUBE_SHADE = 0.78
"""The underside of a tube is this much of its own colour."""
SHADE_STEPS = 8
"""So few shades along a wall that equal colours follow each other; drawing blends between them."""
LIGHTNESS_SPREAD = 0.03
"""Neighbours differ at most this much in lightness from the palette, so that a row reads as houses."""


def linear(srgb: str) -> Linear:
    """The linear red, green and blue (0 to 1) of an sRGB colour `#rrggbb` (IEC 61966-2-1)."""
    channels = (int(srgb[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def wall_shade(above_street_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """The factor on a wall's colour, same shape: 0.80 at the street, 1.00 from 11 m upward."""
    rise: NDArray[np.float64] = np.round(np.clip(above_street_m / FULL_LIGHT_M, 0.0, 1.0) * SHADE_STEPS)
    return FOOT_SHADE + (1.0 - FOOT_SHADE) / SHADE_STEPS * rise


def lightness(feature_id: str) -> float:
    """A factor between 0.97 and 1.03 that belongs to this id, in every build and on every machine."""
    digest = hashlib.blake2b(feature_id.encode(), digest_size=4).digest()
    return 1.0 + LIGHTNESS_SPREAD * (int.from_bytes(digest, "little") / 0xFFFFFFFF * 2.0 - 1.0)


def colour_bytes(colours: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Linear colours (n, 3), 0 to 1, as opaque RGBA bytes (n, 4)."""
    result = np.full((len(colours), 4), 255, np.uint8)
    result[:, :3] = np.round(np.clip(colours, 0.0, 1.0) * 255.0)
    return result
