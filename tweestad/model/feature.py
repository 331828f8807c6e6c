"""A feature: one thing on the map, with an id that survives a new delivery of its source."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tweestad.errors import InputRejected

Value = str | int | float | bool | tuple[str, ...] | None

LAYER_ID = re.compile(r"[a-z][a-z0-9-]{0,62}\Z")
FEATURE_ID_MAX = 200
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class BBox:
    """A rectangle in EPSG:28992, metres."""

    min_x: float
    min_y: float
    max_x: float
    max_y: float

    def __post_init__(self) -> None:
        corners = (self.min_x, self.min_y, self.max_x, self.max_y)
        if not all(math.isfinite(c) for c in corners):
            raise InputRejected("een rechthoek heeft vier eindige getallen nodig", code="bbox")
        if self.min_x > self.max_x or self.min_y > self.max_y:
            raise InputRejected("de linkeronderhoek ligt voorbij de rechterbovenhoek", code="bbox")


@dataclass(frozen=True, slots=True)
class Feature:
    """One object of a layer.

    `geometry` is WKB in EPSG:28992 (x, y in metres rounded to mm; z, where present, in NAP).
    `attributes` holds the layer's own columns under their column names; heights are named
    `*_nap_m`. `ref` is the national id where there is one: equal refs are one city object.
    """

    layer: str
    id: str
    geometry: bytes | None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    ref: str | None = None
    title: str = ""
    state: str = "published"

    def content_hash(self, attributes_json: str | None = None) -> bytes:
        """16 bytes that change when, and only when, what is stored about the feature changes.

        `attributes_json` saves writing it again, where the caller has it already.
        """
        digest = hashlib.blake2b(digest_size=16)
        digest.update((self.attributes_json() if attributes_json is None else attributes_json).encode())
        for part in (
            self.geometry or b"",
            (self.ref or "").encode(),
            self.title.encode(),
            self.state.encode(),
        ):
            digest.update(len(part).to_bytes(8, "little") + part)
        return digest.digest()

    def attributes_json(self) -> str:
        """The attributes as canonical JSON: sorted keys, no spaces, no NaN."""
        return canonical_json(dict(self.attributes))


@dataclass(frozen=True, slots=True)
class StoredFeature:
    """A feature as the store keeps it: valid from change number `since` up to, not including, `until`."""

    feature: Feature
    since: int
    until: int | None = None


def canonical_json(value: Any) -> str:
    """JSON text with one spelling per value; refuses NaN and infinity with ValueError."""
    return _CANONICAL.encode(value)


def check_layer_id(layer_id: str) -> str:
    """Return the id, or raise InputRejected when it is not `[a-z][a-z0-9-]{0,62}`."""
    if not LAYER_ID.match(layer_id):
        raise InputRejected(
            f"‘{layer_id[:80]}’ is geen goede laagnaam: "
            "kleine letters, cijfers en streepjes, hoogstens 63 tekens",
            code="layer-id",
        )
    return layer_id
