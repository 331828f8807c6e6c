"""How every source of live values is doing, in words: what is on the page `/bronnen` above the layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tweestad.api.language import speak
from tweestad.api.measured import Sources
from tweestad.api.pages.moments import moment_words, span_words
from tweestad.api.pages.point_source import find_manifest, label_of, trouble_of
from tweestad.api.pages.wording import number
from tweestad.legend.live_words import age_words
from tweestad.model.feed_health import FeedHealth, Outage
from tweestad.model.text import Language

GOOD = "fresh"
_OUTAGES_SHOWN = 20
_REASONS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class When:
    """A moment with its age or distance; `iso` is empty when there is none."""

    words: str
    age: str
    iso: str


@dataclass(frozen=True, slots=True)
class OutageView:
    """`why` is the exact message, which is for staff; empty for everybody else."""

    start: str
    end: str
    why: str


@dataclass(frozen=True, slots=True)
class FeedView:
    """One source. `raw` is the exact message of what failed, for staff; empty for everybody else."""

    id: str
    title: str
    state: str
    state_word: str
    told: str
    since: str
    raw: str
    label: str
    last_success: When
    newest: When
    next_try: str
    counts: str
    rejected: tuple[tuple[str, str], ...]
    outages: tuple[OutageView, ...]
    publisher: str
    licence: str
    unconfirmed: bool
    limit: str


@dataclass(frozen=True, slots=True)
class Feeds:
    """All of them, those with trouble first. `count` says how many are well."""

    views: tuple[FeedView, ...]
    count: str


def feeds_of(sources: Sources, language: Language, *, staff: bool) -> Feeds:
    ordered = sorted(
        sources.health.values(), key=lambda each: (_rank(each), each.title.in_language(language))
    )
    played = [each for each in ordered if _is_played(each)]
    asked = [each for each in ordered if each.state != "off" and each not in played]
    good = sum(1 for each in asked if each.state == GOOD)
    told = [speak(language, "feed.count", good=good, all=len(asked))] if asked else []
    key = "feed.count.played-one" if len(played) == 1 else "feed.count.played"
    told += [speak(language, key, count=len(played))] if played else []
    count = " ".join(told)
    return Feeds(tuple(_view(each, sources, language, staff=staff) for each in ordered), count)


def _is_played(health: FeedHealth) -> bool:
    """Whether what it gives is not measured now, however well it gives it."""
    return health.state == GOOD and (health.invented or health.recording is not None)


def _state_of(health: FeedHealth) -> str:
    if not _is_played(health):
        return health.state
    return "invented" if health.invented else "replayed"


def _rank(health: FeedHealth) -> int:
    return ("failing", "changed", "silent", "late", "fresh", "off").index(health.state)


def _view(health: FeedHealth, sources: Sources, language: Language, *, staff: bool) -> FeedView:
    wall = sources.wall
    manifest = find_manifest(health.source)
    since = health.failing_since
    return FeedView(
        id=health.source,
        title=health.title.in_language(language),
        state=_state_of(health),
        state_word=speak(language, f"feed.state.{_state_of(health)}"),
        told=trouble_of(health, language),
        since="" if since is None else speak(language, "feed.since", moment=moment_words(since, language)),
        raw=health.failure if staff else "",
        label=label_of(health, language),
        last_success=_when(health.last_success, wall, language, "feed.never"),
        # How old a value is, goes by the time of its source: that of a recording stands still.
        newest=_newest(health, sources, language),
        next_try=_next(health, wall, language),
        counts=_counts(health, language),
        rejected=_reasons(health, language),
        outages=_outages(health.outages, language, staff=staff),
        publisher=health.publisher,
        licence=health.licence,
        unconfirmed=manifest is not None and manifest.licence_class == "B",
        limit=span_words(health.stale_after.total_seconds(), language) if health.stale_after else "",
    )


def _newest(health: FeedHealth, sources: Sources, language: Language) -> When:
    told = _when(health.newest, sources.clock(health.source).now, language, "measured.none")
    # The recording goes by its own clock: “zojuist” would be read as now.
    return replace(told, age=told.words) if health.recording is not None else told


def _when(moment: datetime | None, now: datetime, language: Language, never: str) -> When:
    if moment is None:
        return When(speak(language, never), "", "")
    age = age_words(max(0.0, (now - moment).total_seconds())).in_language(language)
    return When(moment_words(moment, language), age, moment.isoformat().replace("+00:00", "Z"))


def _next(health: FeedHealth, wall: datetime, language: Language) -> str:
    """“over 7 minuten”; nothing for a source that is off."""
    if health.state == "off" or health.next_try is None:
        return ""
    seconds = (health.next_try - wall).total_seconds()
    if seconds < 1:
        return speak(language, "feed.next.now")
    # Whole minutes from two on, whole hours from two on: nobody waits by the second.
    size = 3600 if seconds >= 7200 else 60 if seconds >= 60 else 1
    return speak(language, "feed.next.in", span=span_words(round(seconds / size) * size, language))


def _counts(health: FeedHealth, language: Language) -> str:
    return speak(
        language,
        "feed.records.told",
        accepted=number(health.accepted, language),
        flagged=number(health.flagged, language),
        rejected=number(sum(health.rejected.values()), language),
        skipped=number(health.skipped, language),
    )


def _reasons(health: FeedHealth, language: Language) -> tuple[tuple[str, str], ...]:
    often = sorted(health.rejected.items(), key=lambda each: (-each[1], each[0]))
    return tuple((reason, number(count, language)) for reason, count in often[:_REASONS_SHOWN])


def _outages(outages: Sequence[Outage], language: Language, *, staff: bool) -> tuple[OutageView, ...]:
    """The last ones, youngest first."""
    youngest = sorted(outages, key=lambda each: each.start, reverse=True)[:_OUTAGES_SHOWN]
    return tuple(
        OutageView(
            moment_words(each.start, language), moment_words(each.end, language), each.why if staff else ""
        )
        for each in youngest
    )
