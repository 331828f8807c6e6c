"""`/api/v1/limits`: what one request may ask."""

from __future__ import annotations

from dataclasses import asdict

from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import json_answer
from tweestad.api.factory import json_router
from tweestad.api.limits import LIMITS
from tweestad.api.v1.query import NO_QUERY

router = json_router("/api/v1/limits")


@router.get(
    "",
    response_model=dict[str, float],
    operation_id="getLimits",
    tags=["twin"],
    dependencies=NO_QUERY,
)
def get_limits(request: Request) -> Response:
    """The limits of this API: sizes in bytes or characters, lengths in metres."""
    return json_answer(request, {to_camel(name): value for name, value in asdict(LIMITS).items()})
