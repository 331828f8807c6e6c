"""The cursor of a page of features: opaque to clients, checked when it comes back."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import orjson

from tweestad.api.limits import LIMITS


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended. `at` keeps all pages of one walk at the same change number."""

    layer: str
    at: int
    after: str

    def text(self) -> str:
        packed = orjson.dumps([self.layer, self.at, self.after])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def find_cursor(text: str) -> Cursor | None:
    """The cursor, or None when we did not write this text."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error, orjson.JSONDecodeError):
        return None
    match parts:
        case [str(layer), int(at), str(after)] if not isinstance(at, bool):
            if 0 <= at < 2**63 and len(after) <= LIMITS.measured_id_characters and "\0" not in after:
                return Cursor(layer, at, after)
    return None
