"""`/api/v1`: what this twin is and where everything else is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import json_answer
from tweestad.api.context import context_of, reader_of, twin_of
from tweestad.api.factory import json_router
from tweestad.api.v1.answers import BaseMapAnswer, Centre, Link, TwinAnswer, Words
from tweestad.api.v1.positions import lonlat
from tweestad.api.v1.query import NO_QUERY

router = json_router("/api/v1")

LINKS = [
    Link(rel="self", href="/api/v1"),
    Link(
        rel="service-desc", href="/api/v1/openapi.json", type="application/vnd.oai.openapi+json;version=3.1"
    ),
    Link(rel="service-doc", href="/api/v1/docs", type="text/html"),
    Link(rel="data", href="/api/v1/layers"),
    Link(rel="live", href="/api/v1/live"),
    Link(rel="things", href="/api/v1/things"),
    Link(rel="feeds", href="/api/v1/feeds"),
    Link(rel="limits", href="/api/v1/limits"),
    Link(rel="scene", href="/tiles/scene.json"),
    Link(rel="alternate", href="/", type="text/html"),
]


@router.get("", response_model=TwinAnswer, operation_id="getTwin", tags=["twin"], dependencies=NO_QUERY)
def get_twin(request: Request) -> Response:
    """The facts of the twin: name, municipality, centre, languages."""
    reader = reader_of(request)
    twin = twin_of(reader)
    x, y = twin.centre
    lon, lat = lonlat(x, y)
    return json_answer(
        request,
        TwinAnswer(
            id=twin.id,
            title=Words.of(twin.title),
            municipality=twin.municipality,
            centre=Centre(x=x, y=y, lon=lon, lat=lat),
            languages=list(twin.languages),
            invented=twin.invented,
            notice=Words.of(twin.notice),
            embed_origins=list(context_of(request).embed_origins),
            bases=[
                BaseMapAnswer(
                    id=base.id,
                    title=Words.of(base.title),
                    url=base.url,
                    attribution=base.attribution,
                    licence=base.licence,
                )
                for base in twin.bases
            ],
            version=reader.version,
            links=LINKS,
        ),
    )
