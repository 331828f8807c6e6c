"""Moments in a query: ISO 8601 with a time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

MOMENT_CHARACTERS = 40
# A plus that was not percent-encoded arrives as a space.
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+\- ]\d{2}:\d{2})", re.IGNORECASE
)


def find_moment(text: str) -> datetime | None:
    """The moment in UTC, or None when the text is no moment with a time zone."""
    found = _MOMENT.fullmatch(text) if len(text) <= MOMENT_CHARACTERS and text.isascii() else None
    if found is None:
        return None
    zone = found[2].replace(" ", "+").upper().replace("Z", "+00:00")
    try:
        return datetime.fromisoformat(found[1].upper() + zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _moment(text: str) -> str:
    if find_moment(text) is None:
        raise PydanticCustomError("moment", "not a moment with a time zone", {})
    return text


MomentText = Annotated[
    str,
    Field(max_length=MOMENT_CHARACTERS, examples=["2026-04-16T12:00:00Z"]),
    AfterValidator(_moment),
]


def written(moment: datetime) -> str:
    """The moment in UTC as the API writes it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
