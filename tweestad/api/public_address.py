"""The whole address of a path of this twin, for answers that must name themselves."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request

from tweestad.api.context import context_of
from tweestad.api.root import below

_HOST = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?\Z")


def public_address(request: Request, path: str) -> str:
    """`https://…` as the setting says, else as the client named us; raises HTTPException(400) for no host."""
    told = context_of(request).public_url
    if told:
        return told + below(request, path)
    host = request.headers.get("host", "")
    if not _HOST.match(host):
        raise HTTPException(400)
    return f"{request.url.scheme}://{host}{below(request, path)}"
