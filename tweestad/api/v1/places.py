"""`/api/v1/places`: search by the first letters of words, or by number."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import json_answer
from tweestad.api.context import reader_of
from tweestad.api.factory import json_router
from tweestad.api.finding import find
from tweestad.api.language import speak
from tweestad.api.v1.answers import PlaceAnswer, PlacesAnswer, Words
from tweestad.api.v1.positions import find_lonlat
from tweestad.api.v1.query import PlacesQuery
from tweestad.model.layer import Place

router = json_router("/api/v1/places")


@router.get("", response_model=PlacesAnswer, operation_id="findPlaces", tags=["places"])
def find_places(request: Request, query: Annotated[PlacesQuery, Query()]) -> Response:
    """Places of which the words start with every word of `q`, best first; or objects by national number.

    When nothing starts so, the house number is left out, and then words that look alike are tried:
    `hint` says that. A place outside the Dutch grid has no lon and lat, and is left out. Without a word
    of two letters the list is empty, and `hint` says so.
    """
    found = find(reader_of(request), query.q, limit=query.limit)
    places = [answer for place in found.places if (answer := _place(place))]
    hint = Words(nl=speak("nl", found.note), en=speak("en", found.note)) if found.note else None
    return json_answer(request, PlacesAnswer(places=places, hint=hint))


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
