"""What a page says of the source of a measurement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tweestad.api.language import speak
from tweestad.api.pages.moments import day_words
from tweestad.api.pages.wording import date
from tweestad.feeds.manifest import Manifest
from tweestad.feeds.sources import shipped_sources
from tweestad.model.feed_health import FeedHealth
from tweestad.model.text import Language


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """`label` says that a value is played back or invented; `trouble` why nothing new comes, in a sentence.

    `quality` is official, calibrated, citizen or empty.
    """

    id: str
    title: str
    publisher: str
    licence: str
    unconfirmed: bool
    attribution: str
    quality: str
    label: str
    recorded: bool
    trouble: str
    last_success: str


def source_facts(source_id: str, health: FeedHealth | None, language: Language) -> SourceFacts:
    """What is known of a source; of one without a health only its manifest, or its id."""
    manifest = find_manifest(source_id)
    title = health.title if health else manifest.title if manifest else None
    return SourceFacts(
        id=source_id,
        title=source_id if title is None else title.in_language(language),
        publisher=health.publisher if health else manifest.publisher if manifest else "",
        licence=health.licence if health else manifest.licence if manifest else "",
        unconfirmed=manifest is not None and manifest.licence_class == "B",
        attribution=manifest.attribution if manifest else "",
        quality=manifest.quality if manifest else "",
        label="" if health is None else label_of(health, language),
        recorded=health is not None and health.recording is not None,
        trouble="" if health is None or health.state == "fresh" else trouble_of(health, language),
        last_success=""
        if health is None or not health.last_success
        else day_words(health.last_success, language),
    )


def label_of(health: FeedHealth, language: Language) -> str:
    """“opname van 16 april 2026, ter demonstratie”; empty for what is measured now."""
    if health.invented:
        return speak(language, "feed.invented")
    if health.recording is not None:
        return speak(language, "feed.recording", date=date(health.recording.isoformat(), language))
    return ""


def trouble_of(health: FeedHealth, language: Language) -> str:
    """What is the matter in one plain sentence, with the reason where it is known."""
    words = speak(language, f"feed.state.{health.state}.told")
    why = health.why.in_language(language)
    return f"{words} {why}" if why else words


def find_manifest(source_id: str) -> Manifest | None:
    """The manifest of a source that comes with Tweestad; None for one of the twin's own folder."""
    return _manifests().get(source_id)


@cache
def _manifests() -> dict[str, Manifest]:
    return {source.id: source.manifest for source in shipped_sources()}
