"""`/api/v1/layers`: the layers with their columns, legends, sources and licences."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import json_answer
from tweestad.api.context import context_of, reader_of
from tweestad.api.factory import json_router
from tweestad.api.legend import is_colourable
from tweestad.api.v1.answers import (
    ColumnAnswer,
    LayerAnswer,
    LayersAnswer,
    Link,
    NounAnswer,
    StyleAnswer,
    StyleClassAnswer,
    TimeAnswer,
    Words,
)
from tweestad.api.v1.positions import find_lonlat_box
from tweestad.api.v1.query import NO_QUERY
from tweestad.model.column_facts import ColumnFacts
from tweestad.model.layer import Column, LayerTime, StoredLayer, Style, StyleClass

router = json_router("/api/v1/layers")


@router.get(
    "",
    response_model=LayersAnswer,
    operation_id="listLayers",
    tags=["layers"],
    dependencies=NO_QUERY,
)
def list_layers(request: Request) -> Response:
    """All layers that you may see, in the order in which the twin lists them."""
    reader = reader_of(request)
    facts = context_of(request).facts
    layers = [layer_answer(stored, facts.of(reader, stored)) for stored in reader.layers()]
    return json_answer(request, LayersAnswer(layers=layers))


@router.get(
    "/{layer}",
    response_model=LayerAnswer,
    operation_id="getLayer",
    tags=["layers"],
    dependencies=NO_QUERY,
)
def get_layer(request: Request, layer: str) -> Response:
    """One layer."""
    reader = reader_of(request)
    stored = reader.layer(layer)
    return json_answer(request, layer_answer(stored, context_of(request).facts.of(reader, stored)))


def layer_answer(stored: StoredLayer, facts: Mapping[str, ColumnFacts]) -> LayerAnswer:
    layer = stored.layer
    address = f"/api/v1/layers/{layer.id}"
    return LayerAnswer(
        id=layer.id,
        title=Words.of(layer.title),
        theme=Words.of(layer.theme),
        kind=layer.kind,
        source=layer.source,
        licence=layer.licence,
        licence_class=layer.licence_class,
        date=layer.date,
        steward=layer.steward,
        noun=NounAnswer(one=Words.of(layer.called.one), many=Words.of(layer.called.many)),
        place_kind=layer.place_kind,
        questions=list(layer.questions),
        description=Words.of(layer.description),
        missing=Words.of(layer.missing),
        invented=layer.invented,
        quality=layer.quality,
        audience=layer.audience,
        version=stored.version,
        count=stored.count,
        bbox=None if stored.bbox is None else find_lonlat_box(stored.bbox),
        columns=[_column(c, colourable=is_colourable(layer, facts[c.name])) for c in layer.columns],
        style=_style(layer.style),
        time=_time(layer.in_time),
        links=[
            Link(rel="self", href=address),
            Link(rel="items", href=f"{address}/features", type="application/geo+json"),
            Link(rel="alternate", href=f"/lijst/{layer.id}", type="text/html"),
            Link(rel="alternate", href=f"/lijst/{layer.id}.csv", type="text/csv"),
        ],
    )


def _column(column: Column, *, colourable: bool) -> ColumnAnswer:
    return ColumnAnswer(
        name=column.name,
        title=Words.of(column.title),
        type=column.type,
        term=column.term,
        unit=column.unit,
        codes={code: Words.of(words) for code, words in column.codes.items()},
        missing=[value for value in column.missing if not isinstance(value, tuple)],
        note=Words.of(column.note),
        colourable=colourable,
    )


def _time(time: LayerTime | None) -> TimeAnswer | None:
    if time is None:
        return None
    return TimeAnswer.model_validate({"from": time.since, "until": time.until, "planned": time.planned})


def _style(style: Style) -> StyleAnswer:
    return StyleAnswer(
        role=style.role,
        visible=style.visible,
        label_column=style.label_column,
        classes={
            column: [class_answer(each) for each in classes] for column, classes in style.classes.items()
        },
    )


def class_answer(of: StyleClass) -> StyleClassAnswer:
    return StyleClassAnswer(
        colour=of.colour, label=Words.of(of.label), lower=of.lower, upper=of.upper, value=of.value
    )
