"""`/api/v1/feeds`: how every source of measurements is doing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from tweestad.api.conditional import json_answer
from tweestad.api.context import reader_of
from tweestad.api.factory import json_router
from tweestad.api.language import language_of_answer
from tweestad.api.measured import sources_now
from tweestad.api.v1.answers import Link, Words
from tweestad.api.v1.live_answers import FeedAnswer, FeedsAnswer, OutageAnswer
from tweestad.api.v1.query import NO_QUERY
from tweestad.api.v1.told_sources import source_answer
from tweestad.model.feed_health import FeedHealth
from tweestad.model.text import Language

router = json_router("/api/v1/feeds")


@router.get("", response_model=FeedsAnswer, operation_id="listFeeds", tags=["live"], dependencies=NO_QUERY)
def list_feeds(request: Request) -> Response:
    """Every source: its last success, what was taken over and what was not and why, and its outages."""
    reader = reader_of(request)

    language = language_of_answer(request)
    answer = FeedsAnswer(
        feeds=[_feed(each, language) for each in sources_now(request, reader).health.values()],
        links=[
            Link(rel="self", href="/api/v1/feeds"),
            Link(rel="alternate", href="/bronnen", type="text/html"),
        ],
    )
    # A source that fails changes no measurement, so the tag comes from the answer itself.
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return json_answer(request, answer, headers=headers)


def _feed(health: FeedHealth, language: Language) -> FeedAnswer:
    return FeedAnswer(
        **dict(source_answer(health, language)),
        last_try=health.last_try,
        last_success=health.last_success,
        newest=health.newest,
        next_try=health.next_try,
        accepted=health.accepted,
        flagged=health.flagged,
        rejected=dict(health.rejected),
        skipped=health.skipped,
        detail=health.failure,
        why=Words.of(health.why),
        failing_since=health.failing_since,
        stale_after_s=int(health.stale_after.total_seconds()),
        outages=[OutageAnswer(start=each.start, end=each.end, why=each.why) for each in health.outages],
        links=[Link(rel="things", href=f"/api/v1/things?source={health.source}")],
    )
