"""The shapes of trees: which form a tree has, and the mesh of one tree of each form.

A form is a drawing convention. It says what kind of tree stands there where a species is known, and keeps
a row of trees from looking stamped where it is not.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tweestad.tiles import colour
from tweestad.tiles.glb import Mesh

Form = Literal["rond", "eirond", "zuil", "kegel"]
FORMS: Final[tuple[Form, ...]] = ("rond", "eirond", "zuil", "kegel")

SLENDERNESS: Final[dict[Form, float]] = {"rond": 0.9, "eirond": 0.7, "zuil": 0.25, "kegel": 0.45}
"""Crown diameter as a part of the height, for a tree of which only the height is known."""

TINTS: Final = 2
"""So many greens per form; each is a mesh of its own, so more would cost frames."""

_COLUMNAR: Final = re.compile(
    r"fastigiat|italica|columnar|pyramidal|\bcupressus\b|\bjuniperus\b|zuil|piramide|italiaanse pop", re.I
)
_CONICAL: Final = re.compile(
    r"\b(picea|abies|pinus|larix|pseudotsuga|tsuga|thuja|taxodium|metasequoia|sequoia|sequoiadendron|cedrus"
    r"|chamaecyparis|cupressocyparis|ginkgo|taxus|spar|den|lariks|ceder)\b",
    re.I,
)
_OVAL: Final = re.compile(
    r"\b(carpinus|pyrus|populus|alnus|betula|liquidambar|tilia|haagbeuk|els|berk|linde|populier)\b", re.I
)

# Height at which the crown starts and where it is widest, as parts of the height of the tree.
_CROWNS: Final[dict[Form, tuple[float, float]]] = {
    "rond": (0.24, 0.60),
    "eirond": (0.20, 0.52),
    "zuil": (0.08, 0.40),
    "kegel": (0.10, 0.16),
}
_SIDES: Final = 12
_TRUNK_SIDES: Final = 5
_TRUNK_RADIUS: Final = 0.034
"""As a part of the crown's diameter."""
_FOOT: Final = -0.03
"""The trunk starts this part of the height below the street, so that no light shows under it."""


@dataclass(frozen=True, slots=True)
class Look:
    """One mesh that many trees share."""

    form: Form
    tint: int


def form_of(species: str, feature_id: str) -> Form:
    """The form by genus or cultivar (Latin or Dutch); of an unknown tree by its id, never a conifer."""
    if _COLUMNAR.search(species):
        return "zuil"
    if _CONICAL.search(species):
        return "kegel"
    if _OVAL.search(species):
        return "eirond"
    if species.strip():
        return "rond"
    chance = _digest(feature_id)[0]
    return "rond" if chance < 150 else "eirond" if chance < 235 else "zuil"


def tint_of(feature_id: str) -> int:
    """Which of the greens a tree has, in every build and on every machine."""
    return _digest(feature_id)[1] % TINTS


@cache
def tree_mesh(look: Look) -> Mesh:
    """One tree of height 1 m with a crown of 1 m across, its foot at the origin, z upward."""
    start, widest = _CROWNS[look.form]
    profile = _cone(start) if look.form == "kegel" else _oval(start, widest)
    tint = (
        colour.TREE_NEEDLES
        if look.form == "kegel"
        else (colour.TREE_CROWN, colour.TREE_CROWN_WARM)[look.tint]
    )
    crown = _turned(profile, _SIDES)
    rise = np.clip((crown[0][:, 2] - start) / (1.0 - start), 0.0, 1.0)
    shade = colour.CROWN_SHADE + (1.0 - colour.CROWN_SHADE) * np.sqrt(rise)
    trunk = _turned(_trunk(start), _TRUNK_SIDES)
    lit = np.where(trunk[0][:, 2] > 0, 0.9, colour.FOOT_SHADE)
    parts = [
        (*crown, shade[:, None] * colour.linear(tint)),
        (*trunk, lit[:, None] * colour.linear(colour.TREE_TRUNK)),
    ]
    starts = np.cumsum([0, *(len(points) for points, _, _, _ in parts)])
    return Mesh(
        positions=np.concatenate([points for points, _, _, _ in parts]),
        normals=np.concatenate([normals for _, normals, _, _ in parts]),
        colours=np.concatenate([colours for _, _, _, colours in parts]),
        indices=np.concatenate([i + n for (_, _, i, _), n in zip(parts, starts, strict=False)]).astype(
            np.uint32
        ),
    )


def _digest(feature_id: str) -> bytes:
    # Another person than the lightness of buildings, or form and tint would go together with it.
    return hashlib.blake2b(feature_id.encode(), digest_size=2, person=b"tree").digest()


def _oval(start: float, widest: float) -> NDArray[np.float64]:
    """Radius and height (n, 2) of a crown that is widest at one height, from its foot to its top."""
    angles = np.linspace(-math.pi / 2, math.pi / 2, 7)
    reach = np.where(angles < 0, widest - start, 1.0 - widest)
    radii = 0.5 * np.cos(angles)
    # Exactly on the axis, where a cosine of a right angle is not quite zero.
    radii[[0, -1]] = 0.0
    return np.column_stack([radii, widest + reach * np.sin(angles)])


def _cone(start: float) -> NDArray[np.float64]:
    return np.array([[0.0, start], [0.5, start + 0.05], [0.30, 0.48], [0.13, 0.78], [0.0, 1.0]])


def _trunk(start: float) -> NDArray[np.float64]:
    return np.array([[_TRUNK_RADIUS * 1.3, _FOOT], [_TRUNK_RADIUS, start + 0.08]])


def _turned(
    profile: NDArray[np.float64], sides: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """A profile of radius and height, foot first, turned about the z axis: points, normals, triangles."""
    angles = np.arange(sides) * (2 * math.pi / sides)
    around = np.column_stack([np.cos(angles), np.sin(angles)])
    along = np.gradient(profile, axis=0)
    # Upright to the profile, outward; at a tip it points straight down or up.
    outward = np.column_stack([along[:, 1], -along[:, 0]])
    tips = profile[:, 0] == 0
    outward[tips, 0] = 0.0
    outward /= np.sqrt((outward**2).sum(1))[:, None]
    n = len(profile)
    points = np.concatenate(
        [
            np.repeat(profile[:, :1], sides, 1)[:, :, None] * around,
            np.repeat(profile[:, 1:], sides, 1)[:, :, None],
        ],
        2,
    )
    normals = np.concatenate(
        [
            np.repeat(outward[:, :1], sides, 1)[:, :, None] * around,
            np.repeat(outward[:, 1:], sides, 1)[:, :, None],
        ],
        2,
    )
    ring, side = np.divmod(np.arange((n - 1) * sides), sides)
    here, right = ring * sides + side, ring * sides + (side + 1) % sides
    quads = np.column_stack([here, right, right + sides, here, right + sides, here + sides]).reshape(-1, 3)
    corners = points.reshape(-1, 3)[quads]
    area = np.sqrt((np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) ** 2).sum(1))
    return points.reshape(-1, 3), normals.reshape(-1, 3), quads[area > 1e-9].ravel()
