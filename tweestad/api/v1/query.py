"""The query strings of the API. All faults of one come back in one answer; unknown keys are faults."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from tweestad.api.limits import LIMITS
from tweestad.api.v1.cursor import find_cursor
from tweestad.api.v1.positions import find_crs

CHANGE_MAX = 2**63 - 1


def _crs(text: str) -> str:
    name = find_crs(text)
    if name is None:
        raise PydanticCustomError("crs", "unknown CRS", {})
    return name


def _cursor(text: str) -> str:
    if find_cursor(text) is None:
        raise PydanticCustomError("cursor", "not a cursor", {})
    return text


def _bbox(text: str) -> str:
    corners = parse_bbox(text)
    if corners is None:
        raise PydanticCustomError("bbox", "four numbers", {})
    if corners[0] > corners[2] or corners[1] > corners[3]:
        raise PydanticCustomError("bbox_order", "corners in the wrong order", {})
    return text


def parse_bbox(text: str) -> tuple[float, float, float, float] | None:
    """Four finite numbers separated by commas, or None."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        return None
    if len(numbers) != 4 or not all(math.isfinite(n) and abs(n) < 1e9 for n in numbers):
        return None
    return numbers[0], numbers[1], numbers[2], numbers[3]


# A text that is too long is not read at all: the length comes first.
CrsText = Annotated[str, Field(max_length=100, examples=["EPSG:28992"]), AfterValidator(_crs)]
CursorText = Annotated[str, Field(max_length=LIMITS.cursor_characters), AfterValidator(_cursor)]
BBoxText = Annotated[
    str,
    Field(max_length=LIMITS.bbox_characters, examples=["4.90,52.36,4.91,52.37"]),
    AfterValidator(_bbox),
]


class Keys(BaseModel):
    """No key but these; keys are camelCase."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, frozen=True)


class NoQuery(Keys):
    """For routes without query keys."""


async def no_query(_: Annotated[NoQuery, Query()]) -> None:
    """Refuses every query key."""


NO_QUERY = [Depends(no_query)]


class ObjectQuery(Keys):
    crs: CrsText = Field("CRS84", description="CRS of the answer: CRS84, EPSG:28992 or EPSG:7415 (with z).")


class CrsQuery(ObjectQuery):
    at: int | None = Field(None, ge=0, le=CHANGE_MAX, description="As it was at this change number.")


class FeaturesQuery(CrsQuery):
    bbox: BBoxText | None = Field(None, description="west,south,east,north; what touches it is in.")
    bbox_crs: CrsText = Field("CRS84", description="CRS of `bbox`.")
    limit: int = Field(LIMITS.page_size_default, ge=1, le=LIMITS.page_size_max)
    cursor: CursorText | None = Field(None, description="From `links` with rel `next`.")


class PlacesQuery(Keys):
    q: str = Field(
        min_length=1, max_length=LIMITS.search_characters, description="Words, or their first letters."
    )
    limit: int = Field(LIMITS.search_results_default, ge=1, le=LIMITS.search_results_max)


class PickQuery(Keys):
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    radius: float = Field(
        LIMITS.pick_radius_default_m,
        ge=0,
        le=LIMITS.pick_radius_max_m,
        allow_inf_nan=False,
        description="Metres.",
    )
    layers: str | None = Field(
        None, max_length=1000, description="Layer ids with commas between; default all."
    )
