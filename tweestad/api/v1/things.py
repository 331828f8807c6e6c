"""`/api/v1/things`: what measures and what is measured on, with the last value of each of its series."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import orjson
from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.context import reader_of
from tweestad.api.factory import json_router, refuse_late
from tweestad.api.language import language_of_answer
from tweestad.api.limits import LIMITS
from tweestad.api.measured import answer_unless_known, measured_tag, sources_now
from tweestad.api.names import checked_name
from tweestad.api.problems import RawFault, raw_fault
from tweestad.api.root import root_of
from tweestad.api.v1.answers import Link
from tweestad.api.v1.cursor import Cursor, find_cursor
from tweestad.api.v1.faults import late_faults
from tweestad.api.v1.live import WindowQuery, asked_window
from tweestad.api.v1.live_answers import PlaceOfThing, ThingAnswer, ThingsAnswer, WholeThingAnswer
from tweestad.api.v1.moments import MomentText, find_moment
from tweestad.api.v1.positions import find_lonlat
from tweestad.api.v1.query import NO_QUERY, CursorText, WholeNumber
from tweestad.api.v1.told_series import datastream_answer
from tweestad.api.v1.told_sources import source_answer
from tweestad.model.reading import ReadingsWhere, StoredThing
from tweestad.vocabulary.live_layers import live_layers
from tweestad.vocabulary.properties import property_ids

ADDRESS = "/api/v1/things"
STREAMS_MAX = 1_000
NAMES = 500


class ThingsQuery(WindowQuery):
    source: str | None = Field(None, max_length=NAMES, description="Ids of sources with commas between.")
    kind: str | None = Field(
        None, max_length=NAMES, description="Kinds with commas between, such as `station,sensor`."
    )
    observed: str | None = Field(
        None, max_length=NAMES, description="Things that measure one of these properties."
    )
    at: MomentText | None = Field(None, description="Those that were there at this moment.")
    limit: WholeNumber = Field(100, ge=1, le=LIMITS.things_page_max)
    cursor: CursorText | None = Field(None, description="From `links` with rel `next`.")


def late_faults_here(request: Request) -> list[RawFault]:
    """Also of a property that is not in the vocabulary, and of a cursor of something else."""
    asked = request.query_params
    found = [fault for fault in late_faults(request) if fault["loc"][-1] != "at"]
    for name in _names(asked.get("observed")) or ():
        if name not in property_ids():
            found.append(raw_fault("observed", "observed_unknown", observed=name))
            break
    cursor = find_cursor(asked.get("cursor", ""))
    if cursor is not None and cursor.layer != ADDRESS:
        found.append(raw_fault("cursor", "cursor"))
    return found


router = json_router(ADDRESS, late=late_faults_here)
one = json_router(ADDRESS)


@router.get("", response_model=ThingsAnswer, operation_id="listThings", tags=["things"])
def list_things(request: Request, query: Annotated[ThingsQuery, Query()]) -> Response:
    """One page of the things that are there, in order of id. Follow `links` with rel `next` for the rest.

    `bbox` takes what the box around a thing touches.
    """
    refuse_late(request, late_faults_here)
    reader = reader_of(request)

    def make() -> bytes:
        found = reader.things(_where(query), limit=query.limit + 1, after=_after(query))
        shown = found[: query.limit]
        links = [Link(rel="self", href=_address(query, query.cursor))]
        if len(found) > query.limit:
            links.append(
                Link(rel="next", href=_address(query, Cursor(ADDRESS, 0, shown[-1].thing.id).text()))
            )
        answer = ThingsAnswer(things=[ThingAnswer(**thing_facts(each)) for each in shown], links=links)
        return orjson.dumps(answer.model_dump(mode="json", by_alias=True, context=root_of(request)))

    tag = measured_tag(request, reader, ages=False)
    return answer_unless_known(request, tag, make, "application/json")


@one.get(
    "/{thing:path}",
    response_model=WholeThingAnswer,
    operation_id="getThing",
    tags=["things"],
    dependencies=NO_QUERY,
)
def get_thing(request: Request, thing: str) -> Response:
    """One thing with its series, the last value of each, and the facts of its source."""
    reader = reader_of(request)
    stored = reader.thing(checked_name(thing))

    def make() -> bytes:
        sources = sources_now(request, reader)
        where = ReadingsWhere(things=(stored.thing.id,), ended=True)
        streams = reader.datastreams(where, limit=STREAMS_MAX)
        latest = {x.datastream.datastream.id: x for x in reader.latest(where, limit=STREAMS_MAX)}
        health = sources.health.get(stored.thing.source)
        answer = WholeThingAnswer(
            **thing_facts(stored),
            layers=_layers(stored, {each.datastream.observed for each in streams}),
            source_facts=None if health is None else source_answer(health, language_of_answer(request)),
            datastreams=[
                datastream_answer(each, stored, latest.get(each.datastream.id), sources) for each in streams
            ],
        )
        return orjson.dumps(answer.model_dump(mode="json", by_alias=True, context=root_of(request)))

    return answer_unless_known(request, measured_tag(request, reader, ages=True), make, "application/json")


def thing_facts(stored: StoredThing) -> dict[str, Any]:
    """The members that every answer about a thing has."""
    thing = stored.thing
    address = f"{ADDRESS}/{quote(thing.id, safe=':')}"
    return {
        "id": thing.id,
        "source": thing.source,
        "key": thing.key,
        "name": thing.name,
        "kind": thing.kind,
        "ref": thing.ref,
        "place": _place(stored),
        "properties": {k: list(v) if isinstance(v, tuple) else v for k, v in thing.properties.items()},
        "since": thing.since,
        "until": thing.until,
        "version": stored.n,
        "links": [
            Link(rel="self", href=address),
            Link(rel="alternate", href=f"/meetpunt/{quote(thing.id, safe=':')}", type="text/html"),
        ],
    }


def _place(stored: StoredThing) -> PlaceOfThing | None:
    place = stored.thing.location
    if place is None:
        return None
    lon, lat = find_lonlat(place.x, place.y) or (None, None)
    return PlaceOfThing(
        lon=lon, lat=lat, x=place.x, y=place.y, height_nap_m=place.height_nap_m, accuracy_m=place.accuracy_m
    )


def _layers(stored: StoredThing, observed: set[str]) -> list[str]:
    thing = stored.thing
    return [
        each.id
        for each in live_layers()
        if thing.kind in each.kinds
        and thing.source in (each.sources or (thing.source,))
        and (not each.observed or observed & set(each.observed))
    ]


def _where(query: ThingsQuery) -> ReadingsWhere:
    asked = asked_window(query)
    box = None if asked is None else asked.box
    at: datetime | None = None if query.at is None else find_moment(query.at)
    return ReadingsWhere(
        sources=_names(query.source),
        kinds=_names(query.kind),
        observed=_names(query.observed),
        bbox=None if box is None else (box.min_x, box.min_y, box.max_x, box.max_y),
        at=at,
    )


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(dict.fromkeys(part.strip() for part in text.split(",")))


def _after(query: ThingsQuery) -> str | None:
    cursor = None if query.cursor is None else find_cursor(query.cursor)
    return None if cursor is None else cursor.after


def _address(query: ThingsQuery, cursor: str | None) -> str:
    asked = query.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
    asked.pop("cursor", None)
    if cursor is not None:
        asked["cursor"] = cursor
    return f"{ADDRESS}?{urlencode(asked)}" if asked else ADDRESS
