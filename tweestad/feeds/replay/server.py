"""The replay server: answers `/{twin}/{host}{path}` as the service of that host would."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tweestad.feeds.replay.answering import Answer, Answers
from tweestad.synthetic.feeds.asked import Asked

_BODY_MAX = 100_000
RECORDING, INVENTED = "Tweestad-Recording", "Tweestad-Invented"


def create_replay(find_twin: Callable[[str], Answers | None]) -> Starlette:
    """The app for the twins that `find_twin` gives by the name that stands first in the address."""

    async def answer(request: Request) -> Response:
        twin, _, address = request.path_params["address"].partition("/")
        host, _, path = address.partition("/")
        answers = await to_thread.run_sync(find_twin, twin)
        if answers is None:
            return PlainTextResponse("no such twin is replayed here", 404)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("the body is too large", 413)
        asked = Asked(host, f"/{path}", datetime.now(UTC), dict(request.query_params), body)
        found = await to_thread.run_sync(answers.find, asked)
        if found is None:
            return PlainTextResponse("there is no recording of this", 404)
        return _reply(request, found)

    return Starlette(routes=[Route("/{address:path}", answer, methods=["GET", "POST"])])


async def _body(request: Request) -> str | None:
    """What was sent along; None when it is more than any service is asked."""
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > _BODY_MAX:
            return None
    return data.decode("utf-8", "replace")


def _reply(request: Request, found: Answer) -> Response:
    """The answer, or 304 when who asks has it already."""
    etag = f'"{hashlib.sha256(found.data).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Last-Modified": format_datetime(found.modified.replace(microsecond=0), usegmt=True),
    }
    if found.recording is None:
        headers[INVENTED] = "1"
    else:
        headers[RECORDING] = found.recording.isoformat()
    if found.clock is not None:
        for name in ("recorded", "began", "ends"):
            headers[f"Tweestad-{name.capitalize()}"] = getattr(found.clock, name).isoformat()
    if _is_known(request, etag, found.modified):
        return Response(status_code=304, headers=headers)
    return Response(found.data, headers=headers, media_type="application/octet-stream")


def _is_known(request: Request, etag: str, modified: datetime) -> bool:
    """By its ETag, and only without one by its time."""
    if told := request.headers.get("if-none-match"):
        return etag in told
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
