"""The query strings of the API. All faults of one come back in one answer; unknown keys are faults."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from tweestad.api.limits import LIMITS
from tweestad.api.v1.cursor import find_cursor
from tweestad.api.v1.positions import find_crs, inside_grid

CHANGE_MAX = 2**63 - 1
NUMBER_CHARACTERS = 40
# Python also reads 4_9, other scripts' digits, spaces and leading zeros. Other clients would not.
WHOLE = re.compile(r"0|-?[1-9][0-9]*")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


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


def _points(text: str) -> str:
    points = parse_points(text)
    if points is None:
        raise PydanticCustomError("points", "lon,lat;lon,lat", {})
    if len(points) > LIMITS.height_points_max:
        raise PydanticCustomError("points_many", "too many points", {"most": LIMITS.height_points_max})
    if not all(inside_grid(*point) for point in points):
        raise PydanticCustomError("points_outside", "outside the Netherlands", {})
    return text


def parse_points(text: str) -> list[tuple[float, float]] | None:
    """Pairs of numbers separated by commas, with semicolons between the pairs; None when one is no pair."""
    found: list[tuple[float, float]] = []
    for pair in text.split(";"):
        match [find_number(part) for part in pair.split(",", 2)]:
            case [float(lon), float(lat)]:
                found.append((lon, lat))
            case _:
                return None
    return found


def parse_bbox(text: str) -> tuple[float, float, float, float] | None:
    """Four numbers separated by commas, or None."""
    match [find_number(part) for part in text.split(",", 4)]:
        case [float(west), float(south), float(east), float(north)]:
            return west, south, east, north
    return None


def find_number(text: str) -> float | None:
    """The number, or None when the text is no plain decimal number below a milliard."""
    if len(text) > NUMBER_CHARACTERS or not DECIMAL.fullmatch(text):
        return None
    number = float(text)
    return number if abs(number) < 1e9 else None


def find_whole(text: str) -> int | None:
    """The whole number of at most 40 digits, or None."""
    return int(text) if len(text) <= NUMBER_CHARACTERS and WHOLE.fullmatch(text) else None


def _whole(text: object) -> object:
    if isinstance(text, str) and find_whole(text) is None:
        raise PydanticCustomError("whole_number", "not a whole number", {})
    return text


def _decimal(text: object) -> object:
    if isinstance(text, str) and (len(text) > NUMBER_CHARACTERS or not DECIMAL.fullmatch(text)):
        raise PydanticCustomError("decimal", "not a decimal number", {})
    return text


WholeNumber = Annotated[int, BeforeValidator(_whole)]
DecimalNumber = Annotated[float, BeforeValidator(_decimal)]
# A text that is too long is not read at all: the length comes first.
CrsText = Annotated[str, Field(max_length=100, examples=["EPSG:28992"]), AfterValidator(_crs)]
CursorText = Annotated[str, Field(max_length=LIMITS.cursor_characters), AfterValidator(_cursor)]
BBoxText = Annotated[
    str,
    Field(max_length=LIMITS.bbox_characters, examples=["4.90,52.36,4.91,52.37"]),
    AfterValidator(_bbox),
]


PointsText = Annotated[
    str,
    Field(max_length=LIMITS.height_characters, examples=["4.90,52.36;4.91,52.37"]),
    AfterValidator(_points),
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
    crs: CrsText = Field(
        "CRS84",
        description=(
            "CRS of the answer: CRS84, EPSG:28992 or EPSG:7415 (with z where the geometry has it; "
            "when none has, `Content-Crs` says EPSG:28992)."
        ),
    )


class CrsQuery(ObjectQuery):
    at: WholeNumber | None = Field(None, ge=0, le=CHANGE_MAX, description="As it was at this change number.")


class FeaturesQuery(CrsQuery):
    bbox: BBoxText | None = Field(None, description="west,south,east,north; what touches it is in.")
    bbox_crs: CrsText = Field("CRS84", description="CRS of `bbox`, whatever `crs` is.")
    where: list[str] = Field(
        [],
        description=(
            "A condition on a column: `bouwjaar:1900..1950` (both included, either may be left out), "
            "`gebruik:woonfunctie|winkelfunctie` (any of them), `?` among the values for unknown. "
            "May be given more than once; all must hold. `%`, `|`, `:`, `,` and `?` inside a name or value "
            "are percent-encoded."
        ),
        examples=[["bouwjaar:1900..1950", "gebruik:woonfunctie|?"]],
    )
    limit: WholeNumber = Field(LIMITS.page_size_default, ge=1, le=LIMITS.page_size_max)
    cursor: CursorText | None = Field(None, description="From `links` with rel `next`.")


class PlacesQuery(Keys):
    q: str = Field(
        min_length=1, max_length=LIMITS.search_characters, description="Words, or their first letters."
    )
    limit: WholeNumber = Field(LIMITS.search_results_default, ge=1, le=LIMITS.search_results_max)


class PickQuery(Keys):
    lon: DecimalNumber = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: DecimalNumber = Field(ge=-90, le=90, allow_inf_nan=False)
    radius: DecimalNumber = Field(
        LIMITS.pick_radius_default_m,
        ge=0,
        le=LIMITS.pick_radius_max_m,
        allow_inf_nan=False,
        description="Metres.",
    )
    layers: str | None = Field(
        None, max_length=1000, description="Layer ids with commas between; default all."
    )


class HeightsQuery(Keys):
    points: PointsText = Field(description="`lon,lat` in degrees (CRS84), with `;` between points.")
