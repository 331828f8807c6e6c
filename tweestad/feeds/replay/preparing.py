"""Tells the store which sources are replayed or invented, and which are off, before a worker asks any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tweestad.feeds.health import first_health
from tweestad.feeds.replay.limiting import replayed
from tweestad.feeds.replay.plan import FILE, NO_RECORDING, NOT_INVENTED, read_recordings
from tweestad.feeds.sources import Source
from tweestad.model.feed_health import (
    FEED_KIND,
    LIST_KEY,
    LIST_KIND,
    FeedHealth,
    health_body,
    parse_health,
)
from tweestad.store.protocol import Store


def is_replayed(twin: Path, *, invented: bool) -> bool:
    """Whether a twin says what is replayed for it; any server on this machine may stand for a source."""
    return invented or (twin / FILE).is_file()


def prepare_replay(
    store: Store, sources: Sequence[Source], twin: Path, open_data: Path | None, *, invented: bool
) -> list[Source]:
    """The sources that are replayed, asking only for what there is; the others are written down as off."""
    found = {each.id: each for each in replayed(sources, twin, open_data, invented=invented)}
    dates = {each.id: each.begins.date() for each in read_recordings(twin, open_data)}
    for source in sources:
        health = _health(store, source)
        if source.id in found:
            told = replace(health, recording=None if invented else dates[source.id], invented=invented)
        else:
            told = replace(
                health, recording=None, invented=False, state="off", failure="",
                why=NOT_INVENTED if invented else NO_RECORDING,
                failing_since=None, next_try=None,
            )  # fmt: skip
        store.put_document(FEED_KIND, source.id, health_body(told))
    _list(store, sources)
    return [found[each.id] for each in sources if each.id in found]


def prepare_live(store: Store, sources: Sequence[Source]) -> None:
    """Forget that these sources were ever replayed: what they give from now on is real."""
    for source in sources:
        health = _health(store, source)
        if health.recording is not None or health.invented:
            told = replace(health, recording=None, invented=False, newest=None)
            store.put_document(FEED_KIND, source.id, health_body(told))


def _health(store: Store, source: Source) -> FeedHealth:
    body = store.find_document(FEED_KIND, source.id)
    return first_health(source.manifest) if body is None else parse_health(body)


def _list(store: Store, sources: Sequence[Source]) -> None:
    listed = store.find_document(LIST_KIND, LIST_KEY) or {"ids": []}
    ids = sorted({*listed["ids"], *(each.id for each in sources)})
    store.put_document(LIST_KIND, LIST_KEY, {"ids": ids})
