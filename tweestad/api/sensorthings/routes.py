"""`/sta/v1.1`: what the service has, and everything in it by SensorThings paths."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tweestad.api.conditional import caching, json_answer
from tweestad.api.context import context_of, reader_of
from tweestad.api.factory import json_router
from tweestad.api.problems import refuse
from tweestad.api.public_address import public_address
from tweestad.api.sensorthings.addresses import parse_path, self_link
from tweestad.api.sensorthings.answers import Writer
from tweestad.api.sensorthings.around import Around
from tweestad.api.sensorthings.entities import ID_NAMES, SELF_NAMES, TYPES
from tweestad.api.sensorthings.evaluation import Judge
from tweestad.api.sensorthings.graph import Graph
from tweestad.api.sensorthings.options import parse_options
from tweestad.api.sensorthings.places import Place, find_place
from tweestad.api.sensorthings.properties import value_of
from tweestad.api.sensorthings.reach import Budget
from tweestad.api.sensorthings.rows import Row
from tweestad.api.sensorthings.values import Value, as_json

PREFIX = "/sta/v1.1"
_SPECIFICATION = "http://www.opengis.net/spec/iot_sensing/1.1/req"
# Only what tests/api/sensorthings holds against the standard. Arrays can be read but not sent, so that class
# is not claimed.
CONFORMANCE = (
    f"{_SPECIFICATION}/datamodel",
    f"{_SPECIFICATION}/resource-path/resource-path-to-entities",
    f"{_SPECIFICATION}/request-data",
)

router: APIRouter = json_router(PREFIX)


@router.get("", response_model=None)
def get_service(request: Request) -> Response:
    """The collections there are, and which requirements of the standard hold."""
    _refuse_all(request.query_params)
    base = public_address(request, PREFIX)
    return json_answer(
        request,
        {
            "value": [{"name": each.plural, "url": f"{base}/{each.plural}"} for each in TYPES.values()],
            "serverSettings": {"conformance": list(CONFORMANCE)},
        },
    )


@router.get("/{path:path}", response_model=None)
def get_entities(request: Request, path: str) -> Response:
    """A collection, an entity, a property or its value, by the path of the standard (9.2)."""
    if not path:
        return get_service(request)
    reader = reader_of(request)
    feeds = partial(reader.feeds, context_of(request).now())
    around = Around(public_address(request, PREFIX), feeds)
    graph = Graph(reader, Budget())
    writer = Writer(graph, Judge(graph, around), around)
    place = find_place(graph, parse_path(path))
    given = dict(request.query_params)
    if place.row is None:
        return _collection(request, writer, place, given)
    if place.name:
        _refuse_all(given)
        return _property(request, place.row, place, around)
    options = parse_options(given, place.kind, one=True)
    if place.form:
        return json_answer(request, {"@iot.selfLink": self_link(around.base, place.row)})
    return json_answer(request, writer.entity(place.row, options))


def _refuse_all(given: Mapping[str, str]) -> None:
    for name in given:
        raise refuse(name, "extra_forbidden")


def _collection(request: Request, writer: Writer, place: Place, given: Mapping[str, str]) -> Response:
    options = parse_options(given, place.kind)
    write = writer.references if place.form else writer.collection
    return json_answer(request, write(place.kind, place.reach, options, f"{writer.base}/{place.address}"))


def _property(request: Request, row: Row, place: Place, around: Around) -> Response:
    """`{"name": …}`, or with `$value` the value by itself; 204 when there is none."""
    name, value = place.name, _value(row, place.name, around)
    if value is None:
        return Response(status_code=204, headers={"Cache-Control": caching(request)})
    told = as_json(value)
    if place.form and isinstance(told, dict):
        return json_answer(request, told)
    if place.form:
        text = str(told).lower() if isinstance(told, bool) else str(told)
        return PlainTextResponse(text, headers={"Cache-Control": caching(request)})
    key = f"@iot.{name.removeprefix('@iot.')}" if name in ID_NAMES | SELF_NAMES else name
    return json_answer(request, {key: told})


def _value(row: Row, name: str, around: Around) -> Value:
    return self_link(around.base, row) if name in SELF_NAMES else value_of(row, name, around)
