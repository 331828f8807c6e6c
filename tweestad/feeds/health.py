"""Turns what the runner remembers of a source into its health; one log line at failure, one at recovery."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from datetime import datetime

from tweestad.feeds.manifest import Manifest
from tweestad.feeds.state import PartState, SourceState
from tweestad.model.feed_health import OUTAGES_MAX, FeedHealth, Outage, State
from tweestad.model.text import Text

_LOG = logging.getLogger("tweestad.feeds")
_WHY = {
    "down": Text("De bron is niet bereikbaar.", "The source cannot be reached."),
    "slow": Text("De bron antwoordt te langzaam.", "The source answers too slowly."),
    "refused": Text("De bron weigert onze vraag.", "The source refuses our question."),
    "large": Text("De bron stuurt te veel gegevens.", "The source sends too much data."),
    "changed": Text(
        "De bron stuurt iets anders dan we gewend zijn. Een beheerder moet kijken.",
        "The source sends something else than it used to. An administrator has to look.",
    ),
    "shrunk": Text(
        "De bron stuurt veel minder dan de vorige keer. We wachten tot dat nog eens gebeurt.",
        "The source sends much less than last time. We wait whether it does so again.",
    ),
    "key": Text("Deze bron heeft een sleutel nodig.", "This source needs a key."),
    "off": Text("Deze bron staat uit.", "This source is switched off."),
}
_CHANGED = ("changed", "shrunk", "large")


def first_health(manifest: Manifest) -> FeedHealth:
    """The health of a source that was never asked."""
    return FeedHealth(
        source=manifest.id,
        title=manifest.title,
        publisher=manifest.publisher,
        licence=manifest.licence,
        attribution=manifest.attribution,
        stale_after=manifest.stale_after,
    )


def switched_off(before: FeedHealth) -> FeedHealth:
    """The same source when nobody asks it."""
    return replace(before, state="off", why=_WHY["off"], failure="", failing_since=None, next_try=None)


def health_after(before: FeedHealth, manifest: Manifest, state: SourceState, now: datetime) -> FeedHealth:
    """The health after the source was asked at `now`; says it once when it failed or is back."""
    parts = [state.parts[each.part] for each in manifest.requests if each.part in state.parts]
    failed = next((part for part in parts if part.failure), None)
    rejected: Counter[str] = Counter()
    for part in parts:
        rejected.update(part.counts.rejected)
    newest = [each for each in (before.newest, *(part.counts.newest for part in parts)) if each]
    told = replace(
        first_health(manifest),
        recording=before.recording,
        invented=before.invented,
        state=_state(failed),
        last_try=now,
        last_success=max((part.good for part in parts if part.good), default=before.last_success),
        newest=max(newest, default=None),
        next_try=min((due for part in parts for due in (part.due, part.leads_due) if due), default=None),
        accepted=sum(part.counts.accepted for part in parts),
        flagged=sum(part.counts.flagged for part in parts),
        rejected=dict(rejected),
        skipped=sum(part.counts.skipped for part in parts),
        outages=before.outages,
    )
    return _failing(before, told, failed, now) if failed else _well(before, told, now)


def _state(failed: PartState | None) -> State:
    if failed is None:
        return "fresh"
    if failed.code == "key":
        return "off"
    return "changed" if failed.code in _CHANGED else "failing"


def _failing(before: FeedHealth, told: FeedHealth, failed: PartState, now: datetime) -> FeedHealth:
    if before.failing_since is None:
        _LOG.warning("source %s failed: %s", told.source, failed.failure)
    why = _WHY.get(failed.code, _WHY["down"])
    return replace(told, failure=failed.failure, why=why, failing_since=before.failing_since or now)


def _well(before: FeedHealth, told: FeedHealth, now: datetime) -> FeedHealth:
    if before.failing_since is None:
        return told
    _LOG.warning("source %s is back after %s", told.source, _length(now, before.failing_since))
    outage = Outage(before.failing_since, now, before.failure)
    return replace(told, outages=(*before.outages, outage)[-OUTAGES_MAX:])


def _length(now: datetime, since: datetime) -> str:
    minutes = max(1, round((now - since).total_seconds() / 60))
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} hours"
