"""Answers that the client may already have: ETag, If-None-Match, and JSON written once."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.actor import VISITOR
from tweestad.api.context import actor_of
from tweestad.api.root import root_of


def etag_of(body: bytes) -> str:
    """A strong tag: equal bytes, equal tag."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def is_known(headers: Headers, etag: str) -> bool:
    """True when If-None-Match names this tag; weak and strong count as equal (RFC 9110, 13.1.2)."""
    asked = headers.get("if-none-match", "")
    if asked.strip() == "*":
        return True
    return opaque(etag) in {opaque(tag) for tag in asked.split(",")}


def opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def caching(request: Request) -> str:
    """Everyone may keep what a visitor sees, when asking first; nobody keeps what staff see."""
    return "no-cache" if actor_of(request) == VISITOR else "private, no-store"


def json_answer(
    request: Request,
    body: bytes | BaseModel | dict[str, Any],
    *,
    media_type: str = "application/json",
    headers: dict[str, str] | None = None,
) -> Response:
    """JSON with an ETag; 304 without a body when the client has it already."""
    if isinstance(body, BaseModel):
        body = orjson.dumps(body.model_dump(mode="json", by_alias=True, context=root_of(request)))
    elif isinstance(body, dict):
        body = orjson.dumps(body)
    tag = etag_of(body)
    fields = {"ETag": tag, "Cache-Control": caching(request), **(headers or {})}
    if is_known(request.headers, tag):
        return Response(status_code=304, headers=fields)
    return Response(body, 200, fields, media_type=media_type)
