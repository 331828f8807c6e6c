"""Names that come in by an address, checked before anything is asked of the store."""

from __future__ import annotations

import re

from tweestad.api.limits import LIMITS
from tweestad.errors import NotFound

# No name holds these, and a database may refuse them.
CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def checked_name(name: str) -> str:
    """The name, or NotFound when nothing can be called that."""
    if not name or len(name) > LIMITS.id_characters or CONTROL.search(name):
        raise NotFound("")
    return name


def checked_key(key: str) -> str:
    """The id of a thing or datastream, or NotFound when nothing can be called that."""
    if not key or len(key) > LIMITS.key_characters or CONTROL.search(key):
        raise NotFound("")
    return key
