"""`/api/v1/live`: what is measured now, by layer, and what changed since."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, cast
from urllib.parse import quote

import numpy as np
import orjson
from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.reader import Reader
from tweestad.api.context import actor_of, context_of, reader_of
from tweestad.api.factory import json_router, refuse_late
from tweestad.api.language import language_of_answer
from tweestad.api.live_reading import LiveQuestion, LiveState, geometries_of, read_changes, read_live
from tweestad.api.live_shelf import ListedLayer
from tweestad.api.measured import Sources, answer_unless_known, measured_tag, sources_now
from tweestad.api.problems import RawFault, raw_fault
from tweestad.api.root import root_of
from tweestad.api.v1.answers import Link, Words
from tweestad.api.v1.faults import late_faults
from tweestad.api.v1.geojson import geometry_texts
from tweestad.api.v1.live_answers import LiveLayerAnswer, LiveListAnswer
from tweestad.api.v1.moments import MomentText, find_moment, written
from tweestad.api.v1.positions import ADDRESSES, CrsName, Window, find_crs, window
from tweestad.api.v1.query import CHANGE_MAX, NO_QUERY, BBoxText, CrsText, Keys, WholeNumber, parse_bbox
from tweestad.api.v1.told_sources import property_answer, source_answer
from tweestad.errors import InputRejected
from tweestad.legend.live import LiveValue
from tweestad.model.live_layer import LiveLayer
from tweestad.model.text import Language
from tweestad.vocabulary.live_layers import find_live_layer, get_live_layer

GEOJSON = "application/geo+json"
# What a source says of the way that something looks, in degrees from north.
_HEADINGS = ("koers", "richting")


class WindowQuery(Keys):
    bbox: BBoxText | None = Field(None, description="west,south,east,north; what touches it is in.")
    bbox_crs: CrsText = Field("CRS84", description="CRS of `bbox`.")


class LiveQuery(WindowQuery):
    observed: str | None = Field(
        None, max_length=63, description="Id of the property to show; one of `properties` of the layer."
    )
    at: MomentText | None = Field(None, description="As it was at this moment, in any time zone.")
    after: WholeNumber | None = Field(
        None,
        ge=0,
        le=CHANGE_MAX,
        description="Only what changed after this change number (`version` of an earlier answer).",
    )


def late_faults_here(request: Request) -> list[RawFault]:
    """Also of a property that the layer does not have, and of looking back and forward at once."""
    asked = request.query_params
    found = [fault for fault in late_faults(request) if fault["loc"][-1] != "at"]
    layer = find_live_layer(request.path_params["layer"])
    observed = asked.get("observed")
    if layer is not None and observed is not None and observed not in layer.observed:
        found.append(raw_fault("observed", "observed_unknown", observed=observed))
    if "at" in asked and "after" in asked:
        found.append(raw_fault("after", "not_together", other="at"))
    return found


router = json_router("/api/v1/live", late=late_faults_here)
listing = json_router("/api/v1/live")


@listing.get(
    "",
    response_model=LiveListAnswer,
    operation_id="listLiveLayers",
    tags=["live"],
    dependencies=NO_QUERY,
)
def list_live_layers(request: Request) -> Response:
    """The live layers that have something to show, each with its classes, norm and sources."""
    reader = reader_of(request)
    tag = measured_tag(request, reader, ages=True)

    def make() -> bytes:
        sources, language = sources_now(request, reader), language_of_answer(request)
        layers = [_layer(each, sources, language) for each in listed_layers(request, reader, sources)]
        answer = LiveListAnswer(version=reader.readings_version, layers=layers)
        return orjson.dumps(answer.model_dump(mode="json", by_alias=True, context=root_of(request)))

    return answer_unless_known(request, tag, make, "application/json")


@router.get(
    "/{layer}",
    response_class=Response,
    responses={
        200: {
            "description": "GeoJSON (RFC 7946) with the value of each thing in words, its age and quality",
            "content": {GEOJSON: {"schema": {"$ref": "#/components/schemas/LiveCollection"}}},
        }
    },
    operation_id="getLiveLayer",
    tags=["live"],
)
def get_live_layer_features(request: Request, layer: str, query: Annotated[LiveQuery, Query()]) -> Response:
    """What a live layer shows. A stale value keeps its number and time, but is not what is there now."""
    found = get_live_layer(layer)
    refuse_late(request, late_faults_here)
    reader = reader_of(request)
    tag = measured_tag(request, reader, ages=query.at is None)

    def make() -> bytes:
        sources = sources_now(request, reader)
        listed = next((x for x in listed_layers(request, reader, sources) if x.layer.id == found.id), None)
        asked = LiveQuestion(
            window=asked_window(query),
            observed=query.observed,
            at=None if query.at is None else find_moment(query.at),
            legend=None if listed is None else listed.legend,
        )
        if query.after is None:
            state = read_live(reader, found, asked, sources)
        else:
            state = read_changes(reader, found, asked, sources, query.after)
        return live_collection(found, state, asked.at, language_of_answer(request))

    return answer_unless_known(request, tag, make, GEOJSON, content_crs=f"<{ADDRESSES['CRS84']}>")


def listed_layers(request: Request, reader: Reader, sources: Sources) -> tuple[ListedLayer, ...]:
    """The live layers that the actor behind a request sees."""
    return context_of(request).live.of(reader, actor_of(request).audiences, sources.health)


def asked_window(query: WindowQuery) -> Window | None:
    corners = None if query.bbox is None else parse_bbox(query.bbox)
    return None if corners is None else window(corners, cast(CrsName, find_crs(query.bbox_crs)))


def live_collection(layer: LiveLayer, state: LiveState, at: datetime | None, language: Language) -> bytes:
    """A FeatureCollection of what a layer shows, its features last."""
    members: dict[str, Any] = {
        "type": "FeatureCollection",
        "layer": layer.id,
        "version": state.version,
        "complete": state.complete,
        "removed": list(state.removed),
        "numberReturned": len(state.values),
    }
    if at is not None:
        members["at"] = written(at)
    shapes = _geometry_texts(state.values)
    features = b",".join(
        orjson.dumps(_feature(each, language))[:-1] + b',"geometry":' + shape.encode() + b"}"
        for each, shape in zip(state.values, shapes, strict=True)
    )
    return orjson.dumps(members)[:-1] + b',"features":[' + features + b"]}"


def _geometry_texts(values: tuple[LiveValue, ...]) -> list[str]:
    """GeoJSON of each thing in degrees; null for what lies nowhere, or outside the Dutch grid."""
    if not values:
        return []
    shapes = geometries_of([each.thing for each in values])
    try:
        return geometry_texts(shapes, "CRS84")
    except InputRejected:
        return [_geometry_text(shape) for shape in shapes]


def _geometry_text(shape: object) -> str:
    try:
        return geometry_texts(np.array([shape], dtype=object), "CRS84")[0]
    except InputRejected:
        return "null"


def _feature(shown: LiveValue, language: Language) -> dict[str, Any]:
    thing = shown.thing.thing
    properties: dict[str, Any] = {
        "id": thing.id,
        "name": thing.name,
        "kind": thing.kind,
        "source": thing.source,
        "observed": shown.observed,
        "datastream": shown.datastream,
        "value": shown.value,
        "text": shown.text.in_language(language),
        "words": shown.words.in_language(language),
        "phenomenon": None if shown.phenomenon is None else written(shown.phenomenon),
        "ageS": shown.age_s,
        "stale": shown.stale,
        "expires": None if shown.expires is None else written(shown.expires),
        "quality": shown.quality,
        "class": shown.class_index,
        "version": shown.n,
    }
    if (heading := _heading(shown)) is not None:
        properties["heading"] = heading
    for name, moment in (("since", thing.since), ("until", thing.until)):
        if moment is not None:
            properties[name] = written(moment)
    return {"type": "Feature", "id": thing.id, "properties": properties}


def _heading(shown: LiveValue) -> float | None:
    for name in _HEADINGS:
        told = shown.thing.thing.properties.get(name)
        try:
            heading = float(told) if isinstance(told, str | int | float) else None
        except ValueError:
            continue
        if heading is not None and 0 <= heading <= 360:
            return heading % 360
    return None


def _layer(listed: ListedLayer, sources: Sources, language: Language) -> LiveLayerAnswer:
    layer = listed.layer
    address = f"/api/v1/live/{quote(layer.id)}"
    properties = [property_answer(layer, each) for each in listed.measured]
    first = properties[0] if properties else None
    return LiveLayerAnswer(
        id=layer.id,
        title=Words.of(layer.title),
        description=Words.of(layer.description),
        theme=Words.of(layer.theme),
        symbol=layer.symbol,
        observed=None if first is None else first.title,
        unit="" if first is None else first.unit,
        classes=[] if first is None else first.classes,
        norm=None if first is None else first.norm,
        properties=properties,
        stale_after_s=int(layer.stale_after.total_seconds()),
        counts_from=layer.counts_from,
        sources=[source_answer(sources.health[each], language) for each in listed.sources],
        count=listed.count,
        links=[
            Link(rel="self", href=address, type=GEOJSON),
            Link(rel="alternate", href=f"/lijst/live/{quote(layer.id)}", type="text/html"),
        ],
    )
