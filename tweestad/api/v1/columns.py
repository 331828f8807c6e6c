"""`/api/v1/layers/{layer}/columns/{name}`: what the values of one column are like, and its legend."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import json_answer
from tweestad.api.context import context_of, reader_of
from tweestad.api.factory import json_router
from tweestad.api.legend import classes_of, value_words
from tweestad.api.names import checked_name
from tweestad.api.v1.answers import BarAnswer, ColumnSummary, ValueAnswer, Words
from tweestad.api.v1.layers import class_answer
from tweestad.api.v1.query import NO_QUERY
from tweestad.errors import NotFound

router = json_router("/api/v1/layers/{layer}/columns")


@router.get(
    "/{name:path}",
    response_model=ColumnSummary,
    operation_id="getColumn",
    tags=["layers"],
    dependencies=NO_QUERY,
)
def get_column(request: Request, layer: str, name: str) -> Response:
    """One column of a layer, with the classes by which to colour it and what there is to filter by.

    Over all features that you may see. `classes` are those of the twin, else made here: round numbers from
    light to dark, or the most frequent values; a class without `value`, `lower` and `upper` takes all other
    values. A missing value is in no class. `kind` `text` has no classes: its values are names.
    """
    reader = reader_of(request)
    stored = reader.layer(checked_name(layer))
    column = stored.layer.column(checked_name(name))
    if column is None:
        raise NotFound(f"De laag ‘{stored.layer.id}’ heeft geen kolom ‘{name[:80]}’.")
    facts = context_of(request).facts.of(reader, stored)[column.name]
    answer = ColumnSummary(
        layer=stored.layer.id,
        name=column.name,
        kind=facts.kind,
        count=facts.count,
        missing=facts.missing,
        distinct=facts.distinct,
        lowest=facts.lowest,
        highest=facts.highest,
        classes=[class_answer(each) for each in classes_of(stored.layer, column, facts)],
        histogram=[BarAnswer(lower=bar.lower, upper=bar.upper, count=bar.count) for bar in facts.bars],
        values=[
            ValueAnswer(value=each.value, label=Words.of(value_words(each.value, column)), count=each.count)
            for each in facts.values
        ],
    )
    return json_answer(request, answer)
