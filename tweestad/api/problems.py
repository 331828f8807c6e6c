"""One table from exception to status and public sentence; problem+json under /api, a page elsewhere.

RFC 9457 with `errors`: every fault of the request in one answer. `instance` is an id to find the log by.
No text of an unexpected exception ever reaches the client.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from anyio import to_thread
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tweestad.api.context import EMPTY_TWIN, context_of, reader_of, twin_of
from tweestad.api.language import language_of_answer, language_of_page, speak
from tweestad.api.root import below
from tweestad.errors import (
    Conflict,
    InputRejected,
    LimitExceeded,
    NotAllowed,
    NotFound,
    StoreUnavailable,
    TweestadError,
)
from tweestad.model.text import Language

LOG = logging.getLogger("tweestad.api")

STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (RequestValidationError, 400),
    (InputRejected, 400),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (StoreUnavailable, 503),
)

KINDS: Mapping[int, str] = {
    400: "invalid-input",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "too-large",
    414: "address-too-long",
    429: "too-many",
    501: "not-implemented",
    503: "unavailable",
}
INTERNAL = "internal"

SENTENCES: Mapping[str, str] = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "int_parsing": "whole-number",
    "int_parsing_size": "whole-number",
    "float_parsing": "number",
    "finite_number": "number",
    "greater_than": "more-than",
    "greater_than_equal": "at-least",
    "less_than_equal": "at-most",
    "string_too_long": "too-long",
    "string_too_short": "too-short",
    "whole_number": "whole-number",
    "decimal": "number",
    "bbox": "bbox",
    "bbox_degrees": "bbox-degrees",
    "bbox_crs_unsaid": "bbox-crs-unsaid",
    "bbox_order": "bbox-order",
    "crs": "crs",
    "cursor": "cursor",
    "at_future": "at-future",
    "outside": "outside",
    "points": "points",
    "points_many": "points-many",
    "points_outside": "points-outside",
    "layer_unknown": "layer-unknown",
    "sort_unknown": "sort-unknown",
    "direction": "direction",
    "period": "period",
    "conditions_many": "conditions-many",
    "condition_form": "condition-form",
    "condition_column": "sort-unknown",
    "condition_values": "condition-values",
    "condition_number": "condition-number",
    "list_type": "invalid",
    "from": "from",
    "from_missing": "from-missing",
    "twice": "twice",
    "moment": "moment",
    "span_order": "span-order",
    "span_long": "span-long",
    "live_many": "live-many",
    "observed_unknown": "observed-unknown",
    "layers_many": "layers-many",
    "not_together": "not-together",
    "literal_error": "one-of",
    "sta_syntax": "sta-syntax",
    "sta_end": "sta-end",
    "sta_long": "sta-long",
    "sta_deep": "sta-deep",
    "sta_condition": "sta-condition",
    "sta_function": "sta-function",
    "sta_arguments": "sta-arguments",
    "sta_value": "sta-value",
    "sta_name": "sta-name",
    "sta_yes": "sta-yes",
    "sta_expand": "sta-expand",
    "sta_data_array": "sta-data-array",
    "sta_many_rows": "sta-many-rows",
    "sta_many": "sta-many",
    "sta_slow": "sta-slow",
}

# What a rule below the API may refuse, by its code. Its own text is for the terminal and the log.
REJECTIONS = frozenset({"bbox", "crs", "layer-id", "outside-rd", "too-much"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: where, which parameter, and what to do, as a sentence."""

    place: str
    name: str
    code: str
    detail: str


RawFault = dict[str, Any]  # as FastAPI writes them down


def raw_fault(name: str, code: str, **details: Any) -> RawFault:
    """A fault of a query parameter."""
    return {"type": code, "loc": ("query", name), "ctx": details}


def refuse(name: str, code: str, **details: Any) -> RequestValidationError:
    """The refusal of one query parameter that only shows when the twin has been read."""
    return RequestValidationError([raw_fault(name, code, **details)])


def is_api(path: str) -> bool:
    """True for the addresses that are for machines: `/api`, `/sta`, and the description at the root."""
    return path in {"/api", "/openapi.json", "/sta"} or path.startswith(("/api/", "/sta/"))


async def answer(request: Request, exc: Exception) -> Response:
    """The answer to a request that failed; the handler of every app in this house.

    A page reads the twin's facts, so it is drawn in a thread: this runs on the event loop, where a
    database that does not answer would hold up everybody.
    """
    status = _status(exc)
    error_id = secrets.token_hex(8)
    _log(request, exc, status, error_id)
    headers = dict(getattr(exc, "headers", None) or {})
    if status == 503:
        headers.setdefault("Retry-After", "5")
    path = request.scope["path"]
    if is_api(path):
        return _problem(request, exc, status, error_id, headers)
    if path.startswith(("/tiles/", "/static/")):
        return PlainTextResponse(f"{status}\n", status, headers)
    return await to_thread.run_sync(_page, request, exc, status, error_id, headers)


def _status(exc: Exception) -> int:
    if isinstance(exc, HTTPException):
        return exc.status_code
    return next((status for kind, status in STATUSES if isinstance(exc, kind)), 500)


def _log(request: Request, exc: Exception, status: int, error_id: str) -> None:
    """Without the query string: it can hold an address. The path as a literal: it can hold line ends."""
    request.scope["tweestad.answered"] = True
    if status >= 500 and status != 501:
        LOG.error("%s %r %s: error %s", request.method, request.scope["path"], status, error_id, exc_info=exc)
    else:
        LOG.info("%s %r %s: error %s", request.method, request.scope["path"], status, error_id)


def _problem(
    request: Request, exc: Exception, status: int, error_id: str, headers: dict[str, str]
) -> Response:
    language = language_of_answer(request)
    kind = KINDS.get(status, INTERNAL)
    detail = _detail(exc, kind, language)
    if isinstance(exc, InputRejected) and _rejection(exc) is None:
        detail += " " + speak(language, "error.report", id=error_id)
    body: dict[str, Any] = {
        "type": below(request, f"/api/v1/docs#error-{kind}"),
        "title": speak(language, f"error.{kind}.title"),
        "status": status,
        "detail": detail,
        "instance": f"urn:tweestad:error:{error_id}",
    }
    faults = faults_of(exc, language)
    if faults:
        body["errors"] = [{"in": f.place, "name": f.name, "code": f.code, "detail": f.detail} for f in faults]
    headers |= {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    return Response(orjson.dumps(body), status, headers, media_type="application/problem+json")


def _page(request: Request, exc: Exception, status: int, error_id: str, headers: dict[str, str]) -> Response:
    language = language_of_page(request)
    kind = KINDS.get(status, INTERNAL)
    try:
        twin = EMPTY_TWIN if status >= 500 else twin_of(reader_of(request))
    except TweestadError:
        twin = EMPTY_TWIN
    page = context_of(request).drawing.page(
        request,
        twin,
        "error.html",
        status=status,
        kind=kind,
        detail=_detail(exc, kind, language),
        faults=faults_of(exc, language),
        error_id=error_id,
    )
    page.status_code = status
    page.headers.update(headers | {"Cache-Control": "no-store"})
    return page


def _detail(exc: Exception, kind: str, language: Language) -> str:
    """What to do about it, in the language of the answer.

    NotFound carries a Dutch sentence that names what was asked for. What InputRejected says is English
    and about the inside; only its code is told.
    """
    if language == "nl" and isinstance(exc, NotFound) and str(exc):
        return str(exc)
    code = _rejection(exc)
    return speak(language, f"error.{kind}.detail" if code is None else f"error.rejected.{code}")


def _rejection(exc: Exception) -> str | None:
    """The code of a refusal that has a sentence of its own."""
    if isinstance(exc, InputRejected) and exc.code in REJECTIONS:
        return exc.code
    return "too-much" if isinstance(exc, LimitExceeded) else None


def faults_of(exc: Exception, language: Language) -> list[Fault]:
    """All faults of an invalid request; empty for any other exception."""
    if not isinstance(exc, RequestValidationError):
        return []
    return [_fault(error, language) for error in exc.errors()]


def _fault(error: Mapping[str, Any], language: Language) -> Fault:
    location: Sequence[str | int] = error.get("loc", ())
    place = str(location[0]) if location else "request"
    name = ".".join(str(part) for part in location[1:])[:100]
    code = SENTENCES.get(error["type"], "invalid")
    details = {key: str(value)[:100] for key, value in error.get("ctx", {}).items()}
    return Fault(place, name, code, speak(language, f"error.fault.{code}", **details))
