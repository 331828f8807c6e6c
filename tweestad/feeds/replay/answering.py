"""Answers a request to a real service from the recordings of a twin, or from the invented town."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from tweestad.errors import InputRejected
from tweestad.feeds.replay.plan import RecordedSource, Recording
from tweestad.feeds.replay.recordings import READERS, Given, Reader
from tweestad.feeds.sources import Source
from tweestad.model.replay_clock import ReplayClock
from tweestad.synthetic.feeds.answers import TownFeeds
from tweestad.synthetic.feeds.asked import Asked

_FIRST = datetime.min.replace(tzinfo=UTC)
_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of a reply, as the service would send them, and of when they are."""

    data: bytes
    modified: datetime
    recording: date | None = None
    clock: ReplayClock | None = None


class Answers(Protocol):
    """Answers what is asked of the services of the world, for one twin."""

    def find(self, asked: Asked) -> Answer | None:
        """The answer at that moment of the wall clock; None when there is none."""


@dataclass(frozen=True, slots=True)
class _Route:
    """One address: its host, a pattern for its path, and who gives the recording of which source."""

    host: str
    path: re.Pattern[str]
    reader: Reader
    source: RecordedSource
    at: datetime | None


class RecordedAnswers:
    """The recordings of a real city, each by the clock of its source."""

    def __init__(
        self,
        recorded: Iterable[RecordedSource],
        sources: Mapping[str, Source],
        clocks: Mapping[str, ReplayClock],
    ) -> None:
        self._clocks = clocks
        routes = [
            _route(source, recording, sources.get(source.id))
            for source in recorded
            for recording in source.recordings
        ]
        # The youngest first: of several recordings of one address the last that has begun is given.
        self._routes = sorted(routes, key=lambda route: route.at or _FIRST, reverse=True)

    def find(self, asked: Asked) -> Answer | None:
        path = asked.path.rstrip("/") or "/"
        for route in self._routes:
            if route.host != asked.host or route.path.fullmatch(path) is None:
                continue
            clock = self._clocks[route.source.id]
            now = clock.at(asked.moment)
            if route.at is not None and route.at > now:
                continue
            data = route.reader.give(now, _name_in(asked.path), asked.query)
            if data is not None:
                return Answer(data, now, route.source.begins.date(), clock)
        return None


def _route(source: RecordedSource, recording: Recording, known: Source | None) -> _Route:
    request = None if known is None else known.manifest.request(recording.part)
    url = recording.url or ("" if request is None else request.url)
    if not url:
        raise InputRejected(f"{source.id}: the part ‘{recording.part}’ needs a url in replay.toml")
    parts = urlsplit(url)
    # A placeholder is one word of the path: the name of a station, a stop.
    path = _PLACEHOLDER.sub("[^/]+", re.escape(parts.path.rstrip("/") or "/"))
    reader = READERS[recording.read](Given(recording.file, url, source.places, source.begins))
    return _Route(parts.netloc, re.compile(path), reader, source, recording.at)


def _name_in(path: str) -> str:
    """The word of the path that names a thing: the last, or the one in brackets."""
    words = path.strip("/").split("/")
    return next((word for word in words if "('" in word or "(%27" in word), words[-1])


class InventedAnswers:
    """The feeds of the invented town: its clock is the wall clock."""

    def __init__(self, inputs: Path) -> None:
        """`inputs` is the folder of its generated files. Raises InputRejected when they are not there."""
        try:
            seed = json.loads((inputs / "generated.json").read_text(encoding="utf-8"))["seed"]
        except (OSError, ValueError, KeyError) as exc:
            raise InputRejected(f"{inputs} holds no generated town") from exc
        self._feeds = TownFeeds(inputs, seed=int(seed))

    def find(self, asked: Asked) -> Answer | None:
        data = self._feeds.find(asked)
        return None if data is None else Answer(data, asked.moment)
