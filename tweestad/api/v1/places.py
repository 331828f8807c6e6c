"""`/api/v1/places`: search by the first letters of words."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import json_answer
from tweestad.api.context import reader_of
from tweestad.api.factory import json_router
from tweestad.api.v1.answers import PlaceAnswer, PlacesAnswer
from tweestad.api.v1.positions import find_lonlat
from tweestad.api.v1.query import PlacesQuery
from tweestad.model.layer import Place
from tweestad.search.normalise import tokens

router = json_router("/api/v1/places")


@router.get("", response_model=PlacesAnswer, operation_id="findPlaces", tags=["places"])
def find_places(request: Request, query: Annotated[PlacesQuery, Query()]) -> Response:
    """Places of which the words start with every word of `q`, best first.

    A place outside the Dutch grid has no lon and lat, and is left out.
    """
    words = tokens(query.q)
    found = reader_of(request).places(words, limit=query.limit) if words else []
    return json_answer(request, PlacesAnswer(places=[answer for place in found if (answer := _place(place))]))


def _place(place: Place) -> PlaceAnswer | None:
    position = find_lonlat(place.x, place.y)
    if position is None:
        return None
    lon, lat = position
    return PlaceAnswer(
        label=place.label,
        kind=place.kind,
        layer=place.layer,
        id=place.feature_id,
        ref=place.ref,
        lon=lon,
        lat=lat,
    )
