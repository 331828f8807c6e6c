"""What every answer about measurements shares: the time it is for each source, and tags by change number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from tweestad.access.reader import Reader
from tweestad.api.conditional import caching, is_known
from tweestad.api.context import actor_of, context_of
from tweestad.api.language import language_of_answer
from tweestad.legend.live import Clock
from tweestad.model.feed_health import FeedHealth
from tweestad.model.replay_clock import now_of

AGE_STEP_S = 60


@dataclass(frozen=True, slots=True)
class Sources:
    """How each source is doing at the moment `wall`."""

    wall: datetime
    health: Mapping[str, FeedHealth]

    @classmethod
    def of(cls, reader: Reader, wall: datetime) -> Sources:
        return cls(wall, {each.source: each for each in reader.feeds(wall)})

    def clock(self, source: str, at: datetime | None = None) -> Clock:
        """What time it is for a source, or was at a moment to look back at."""
        health = self.health.get(source)
        limit = None if health is None or not health.stale_after else health.stale_after
        if at is not None:
            return Clock(now=at, wall=at, told=at, stale_after=limit)
        if health is None:
            return Clock(now=self.wall, wall=self.wall)
        return Clock(now_of(health, self.wall), self.wall, health.last_success, limit)


def sources_now(request: Request, reader: Reader) -> Sources:
    """The sources as they are at the moment of a request."""
    return Sources.of(reader, context_of(request).now())


def measured_tag(request: Request, reader: Reader, *, ages: bool) -> str:
    """A weak tag of what this actor reads in this language at the last change of measurements.

    With `ages` it also changes each minute: an answer that tells how old a value is, and whether it still
    holds, may not outlive that.
    """
    audience = "s" if "staff" in actor_of(request).audiences else "p"
    parts = [str(reader.readings_version), audience, language_of_answer(request)]
    if ages:
        parts.append(str(int(context_of(request).now().timestamp()) // AGE_STEP_S))
    return f'W/"{"-".join(parts)}"'


def answer_unless_known(
    request: Request, tag: str, make: Callable[[], bytes], media_type: str, **headers: str
) -> Response:
    """304 when the client has it already, and then nothing is read."""
    fields = {
        "ETag": tag,
        "Cache-Control": caching(request),
        "Content-Language": language_of_answer(request),
        "Vary": "Accept-Language",
        **{name.replace("_", "-").title(): value for name, value in headers.items()},
    }
    if is_known(request.headers, tag):
        return Response(status_code=304, headers=fields)
    return Response(make(), 200, fields, media_type=media_type)
