"""How a feed is doing, for everybody: a document of kind `feed` under the id of its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, cast

from tweestad.model.replay_clock import ReplayClock, now_of
from tweestad.model.text import Text

FEED_KIND = "feed"
LIST_KIND = "feeds"
LIST_KEY = "list"
"""The document that lists the sources there is a health of: {"ids": […]}."""
OUTAGES_MAX = 50
_LATE = timedelta(minutes=1)
State = Literal["fresh", "late", "silent", "failing", "changed", "off"]


@dataclass(frozen=True, slots=True)
class Outage:
    """A time (UTC) in which a source could not be had, and why in one sentence."""

    start: datetime
    end: datetime
    why: str


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How a source is doing. All times are UTC; `newest` is the youngest time of measurement.

    `state` is `fresh`; `late` when it should have been asked by now; `silent` when it answers, but its
    newest value is past its limit; `failing` when it cannot be had; `changed` when its reply is not what it
    used to be and a person must look; `off` when it is not asked. `accepted`, `flagged`, `rejected` and
    `skipped` count records of the last answers. `failure` is one sentence that says exactly what is wrong,
    `why` says it in plain words; both are empty when all is well.

    `recording` is the date of a recording that is played back and `clock` its time; `invented` says that the
    data describe no real place.
    """

    source: str
    title: Text
    publisher: str
    licence: str
    state: State = "off"
    last_try: datetime | None = None
    last_success: datetime | None = None
    newest: datetime | None = None
    next_try: datetime | None = None
    accepted: int = 0
    flagged: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    skipped: int = 0
    failure: str = ""
    failing_since: datetime | None = None
    outages: tuple[Outage, ...] = ()
    recording: date | None = None
    invented: bool = False
    attribution: str = ""
    why: Text = field(default_factory=lambda: Text(""))
    stale_after: timedelta = timedelta(0)
    clock: ReplayClock | None = None


def seen_at(health: FeedHealth, wall: datetime) -> FeedHealth:
    """The same health with its state as it is at a moment: nobody writes it down when a worker has died."""
    if health.state not in ("fresh", "late", "silent"):
        return health
    overdue = health.next_try is not None and wall > health.next_try + _LATE
    limit = health.stale_after
    old = health.newest is not None and limit and now_of(health, wall) - health.newest > limit
    state: State = "silent" if old else "late" if overdue else "fresh"
    return replace(health, state=state)


def health_body(health: FeedHealth) -> dict[str, Any]:
    """The health as plain JSON values, without its clock; `parse_health` gives it back."""
    return {
        "source": health.source,
        "title": {"nl": health.title.nl, "en": health.title.en},
        "publisher": health.publisher,
        "licence": health.licence,
        "attribution": health.attribution,
        "state": health.state,
        "last_try": _told(health.last_try),
        "last_success": _told(health.last_success),
        "newest": _told(health.newest),
        "next_try": _told(health.next_try),
        "accepted": health.accepted,
        "flagged": health.flagged,
        "rejected": dict(health.rejected),
        "skipped": health.skipped,
        "failure": health.failure,
        "why": {"nl": health.why.nl, "en": health.why.en},
        "failing_since": _told(health.failing_since),
        "outages": [[_told(each.start), _told(each.end), each.why] for each in health.outages],
        "recording": None if health.recording is None else health.recording.isoformat(),
        "invented": health.invented,
        "stale_after_s": health.stale_after.total_seconds(),
    }


def parse_health(body: Mapping[str, Any]) -> FeedHealth:
    """The health of a document that `health_body` made."""
    recording = body["recording"]
    return FeedHealth(
        source=body["source"],
        title=Text(body["title"]["nl"], body["title"]["en"]),
        publisher=body["publisher"],
        licence=body["licence"],
        attribution=body["attribution"],
        state=cast(State, body["state"]),
        last_try=_moment(body["last_try"]),
        last_success=_moment(body["last_success"]),
        newest=_moment(body["newest"]),
        next_try=_moment(body["next_try"]),
        accepted=body["accepted"],
        flagged=body["flagged"],
        rejected=dict(body["rejected"]),
        skipped=body["skipped"],
        failure=body["failure"],
        why=Text(body["why"]["nl"], body["why"]["en"]),
        failing_since=_moment(body["failing_since"]),
        outages=tuple(_outage(*each) for each in body["outages"]),
        recording=None if recording is None else date.fromisoformat(recording),
        invented=body["invented"],
        stale_after=timedelta(seconds=body["stale_after_s"]),
    )


def _outage(start: str, end: str, why: str) -> Outage:
    return Outage(_known(start), _known(end), why)


def _told(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _moment(told: str | None) -> datetime | None:
    return None if told is None else _known(told)


def _known(told: str) -> datetime:
    return datetime.fromisoformat(told).astimezone(UTC)
