"""The API described for machines (`openapi.json`) and for people (`docs`)."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import json_answer
from tweestad.api.context import context_of, reader_of, twin_of
from tweestad.api.factory import StrictRoute, json_router
from tweestad.api.middleware import API_VERSION
from tweestad.api.problems import INTERNAL, KINDS
from tweestad.api.root import root_of
from tweestad.api.v1.answers import Problem
from tweestad.api.v1.live_shapes import LIVE_COLLECTION
from tweestad.api.v1.query import NO_QUERY
from tweestad.model.layer import Twin

PREFIX = "/api/v1"
STATUSES_BY_TAG = {
    "twin": (400, 406, 503),
    "layers": (400, 404, 406, 503),
    "features": (400, 404, 406, 503),
    "objects": (400, 404, 406, 503),
    "places": (400, 406, 503),
    "live": (400, 404, 406, 503),
    "things": (400, 404, 406, 503),
    "stream": (400, 429, 503),
}

EMAIL = re.compile(r"[^@\s/:]+@[^@\s/:]+\.[^@\s/:]+\Z")

router = json_router(PREFIX)
root = json_router("")
pages = APIRouter(prefix=PREFIX, route_class=StrictRoute, include_in_schema=False)


@root.get("/openapi.json", include_in_schema=False, dependencies=NO_QUERY)
@router.get("/openapi.json", include_in_schema=False, dependencies=NO_QUERY)
def get_openapi_json(request: Request) -> Response:
    """This description, with the twin's own title and contact."""
    return json_answer(request, describe(request, twin_of(reader_of(request))))


@pages.get("/docs")
def get_docs(request: Request) -> Response:
    """The same for people, drawn here: no script, nothing from another host."""
    twin = twin_of(reader_of(request))
    description = describe(request, twin)
    kinds = [*KINDS.items(), (500, INTERNAL)]
    return context_of(request).drawing.page(request, twin, "docs.html", api=description, kinds=kinds)


def describe(request: Request, twin: Twin) -> dict[str, Any]:
    """The OpenAPI document with this twin's own title and contact."""
    app: FastAPI = request.app
    if not hasattr(app.state, "description"):
        # The routes never change while the server runs; drawing this takes a tenth of a second.
        app.state.description = _routes_described(app)
    document: dict[str, Any] = app.state.description
    own = {"title": f"API {twin.title.nl}", "contact": _contact(twin, root_of(request))}
    return {**_served_below(root_of(request), document), "info": {**document["info"], **own}}


def _served_below(root: str, document: dict[str, Any]) -> dict[str, Any]:
    """The document with its servers (of all paths, and of the landing) below the root of the twin."""

    def moved(node: dict[str, Any]) -> dict[str, Any]:
        servers = [{"url": root + server["url"]} for server in node.get("servers", ())]
        return {**node, "servers": servers} if servers else node

    paths = {path: moved(item) for path, item in document["paths"].items()}
    return {**moved(document), "paths": paths}


def _routes_described(app: FastAPI) -> dict[str, Any]:
    """The same for every twin: addresses below the server's `/api/v1`, errors as problem+json."""
    document = get_openapi(
        title=app.title,
        version=API_VERSION,
        description=(
            "Open gegevens van de stad: lagen, objecten, adressen. Lezen mag iedereen, zonder sleutel. "
            "Nieuwe velden kunnen erbij komen; wat er is, blijft zo binnen versie 1."
        ),
        routes=app.routes,
        servers=[{"url": PREFIX}],
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    document["paths"] = dict(_described(path, item) for path, item in document["paths"].items())
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _extra_schemas()
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def _described(path: str, item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The path below its server. `/` below `/api/v1` would be `/api/v1/`, which is not there.

    So the landing has a server of its own (OpenAPI 3.1, Path Item Object): `/api` with path `/v1`.
    """
    item = _with_problems(item)
    if path != PREFIX:
        return path.removeprefix(PREFIX), item
    server, _, name = PREFIX.rpartition("/")
    return f"/{name}", {**item, "servers": [{"url": server}]}


def _contact(twin: Twin, root: str) -> dict[str, str]:
    """Who answers for this API: the twin's own address, else the page that names every steward.

    That page is a path: the host that a client says it speaks to is not ours to repeat. An e-mail
    address is there only when the twin gives one.
    """
    contact = {"name": twin.title.nl, "url": f"{root}/bronnen"}
    if EMAIL.match(twin.contact):
        contact["email"] = twin.contact
    elif twin.contact.startswith(("https://", "http://")):
        contact["url"] = twin.contact
    return contact


def _with_problems(item: dict[str, Any]) -> dict[str, Any]:
    for operation in item.values():
        responses = operation["responses"]
        responses.pop("422", None)
        for status in STATUSES_BY_TAG[operation["tags"][0]]:
            responses[str(status)] = {
                "description": KINDS[status],
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
        for response in responses.values():
            header = {"schema": {"type": "string"}, "description": "Version of this API"}
            response.setdefault("headers", {})["API-Version"] = header
    return item


def _extra_schemas() -> dict[str, Any]:
    """Shapes that no route declares as a model: problems, and GeoJSON that is written as bytes."""
    problem = Problem.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    parts = problem.pop("$defs")
    text = {"type": "string"}
    feature = {
        "type": "object",
        "title": "Feature",
        "required": ["type", "id", "layer", "ref", "title", "since", "properties", "geometry"],
        "properties": {
            "type": {"const": "Feature"},
            "id": text,
            "layer": text,
            "ref": {"type": ["string", "null"], "description": "National id; equal refs are one object."},
            "title": text,
            "since": {"type": "integer", "description": "Change number from which this version holds."},
            "properties": {"type": "object", "description": "The layer's columns; values are codes."},
            "geometry": {"type": ["object", "null"], "description": "GeoJSON geometry."},
        },
    }
    collection = {
        "type": "object",
        "title": "FeatureCollection",
        "required": ["type", "links", "numberReturned", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "layer": text,
            "ref": text,
            "at": {"type": "integer", "description": "Change number that this page shows."},
            "links": {"type": "array", "items": {"$ref": "#/components/schemas/Link"}},
            "numberReturned": {"type": "integer"},
            "numberMatched": {"type": "integer", "description": "How many features there are in all."},
            "truncated": {
                "type": "boolean",
                "description": "Whether there may be more pieces than this answer holds.",
            },
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
        },
    }
    return {
        "Problem": problem,
        **parts,
        "Feature": feature,
        "FeatureCollection": collection,
        "LiveCollection": LIVE_COLLECTION,
    }
