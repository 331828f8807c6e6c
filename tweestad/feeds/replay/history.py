"""Fills in what the feeds of the invented town would have given in the week before: charts begin full.

The same answers go through the same door and gate as those of a worker, with the moments at which it would
have asked. Real feeds and recordings are never filled in: what was not measured is not there.
"""

from __future__ import annotations

import gzip
import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from tweestad.config import Config
from tweestad.feeds.addresses import fill, in_address, in_body, placeholders
from tweestad.feeds.area import Area, area_of
from tweestad.feeds.manifest import Request
from tweestad.feeds.reading import channels_of, read_payload
from tweestad.feeds.replay.answering import Answers
from tweestad.feeds.replay.limiting import replayed
from tweestad.feeds.replay.twins import open_answers
from tweestad.feeds.sources import Source, shipped_sources, twin_sources
from tweestad.model.feed_health import FEED_KIND, parse_health
from tweestad.model.feed_plan import FEEDS_KEY, FEEDS_KIND, parse_feeds
from tweestad.model.observation import Observation
from tweestad.model.reading import Arrival
from tweestad.model.received import Facts, Follow, Parsed
from tweestad.model.thing import Datastream, Thing
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, parse_twin
from tweestad.quality.accept import Gate, accept
from tweestad.store.lease import held_for_feeds
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store
from tweestad.synthetic.feeds.asked import Asked

HISTORY_KIND, HISTORY_KEY = "replay-history", "until"
WEEK = timedelta(days=7)
_HOUR = timedelta(hours=1)
# Of each source how often it is asked: those that tell of hours themselves less often than the others.
_EVERY = {
    "ndw-verkeer": _HOUR,
    "ndw-situaties": _HOUR,
    "laadpunten": _HOUR,
    "parkeergarages": _HOUR,
    "deelauto": _HOUR,
    "deelfiets": _HOUR,
    "knmi": _HOUR,
    "sensor-community": _HOUR,
    "rws-water": 24 * _HOUR,
    "luchtmeetnet": 72 * _HOUR,
    "samen-meten": 72 * _HOUR,
}


def fill_history(config: Config, now: datetime | None = None, *, stop: threading.Event | None = None) -> int:
    """Fill the week before `now` in an invented town; returns how many values came.

    What was filled in or asked before is not done again. A city that is real, or not built, is left alone.
    Raises Conflict while a worker is at it.
    """
    wall = now or datetime.now(UTC)
    with held_for_feeds(config.database_url, config.data_dir):
        store = open_store(config.database_url, config.data_dir)
        try:
            body, facts = store.find_document(FEEDS_KIND, FEEDS_KEY), store.find_document(TWIN_KIND, TWIN_KEY)
            answers = open_answers(config)
            if body is None or facts is None or answers is None or not parse_twin(facts).invented:
                return 0
            plan, folder = parse_feeds(body)
            area = area_of(store, plan, parse_twin(facts).municipality)
            known = (*shipped_sources(), *twin_sources(Path(folder)))
            chosen = [each for each in known if plan.on is None or each.id in plan.on]
            sources = [
                each for each in replayed(chosen, Path(folder), None, invented=True) if each.id in _EVERY
            ]
            return _fill(_Past(store, answers, area), sources, wall, stop or threading.Event())
        finally:
            store.close()


def _fill(past: _Past, sources: list[Source], wall: datetime, stop: threading.Event) -> int:
    start = _start(past.store, wall)
    moment = start.replace(minute=0, second=0, microsecond=0) + _HOUR
    asked: dict[str, datetime] = {}
    count = 0
    while moment < wall and not stop.is_set():
        last = moment + _HOUR >= wall
        for source in sources:
            due = source.id not in asked or moment - asked[source.id] >= _EVERY[source.id]
            if due or last:
                asked[source.id] = moment
                count += past.ask(source, moment)
        past.store.put_document(HISTORY_KIND, HISTORY_KEY, {"until": moment.isoformat()})
        moment += _HOUR
    return count


def _start(store: Store, wall: datetime) -> datetime:
    """A week ago, or where the last filling or the last worker stopped."""
    found = [wall - WEEK]
    until = store.find_document(HISTORY_KIND, HISTORY_KEY)
    if until is not None:
        found.append(datetime.fromisoformat(until["until"]))
        body = store.find_document(FEED_KIND, "ndw-verkeer")
        newest = None if body is None else parse_health(body).newest
        found += [] if newest is None else [newest]
    return max(found)


@dataclass(slots=True)
class _Past:
    """Asks the feeds as they were; what they said of things is remembered for the next moment."""

    store: Store
    answers: Answers
    area: Area
    streams: dict[str, dict[str, Datastream]] = field(default_factory=dict)
    things: dict[str, dict[str, str]] = field(default_factory=dict)
    units: dict[str, dict[str, str]] = field(default_factory=dict)

    def ask(self, source: Source, moment: datetime) -> int:
        """All parts of a source then, of places only once. Returns how many values came."""
        count = 0
        for request in source.manifest.requests:
            if request.every >= timedelta(hours=1) and self._told(source, request) and not request.needs:
                continue
            count += self._request(source, request, moment)
        return count

    def _told(self, source: Source, request: Request) -> bool:
        return request.part in self.things.get(source.id, {}).values()

    def _request(self, source: Source, request: Request, moment: datetime) -> int:
        margin = source.manifest.margin_m
        values = placeholders(self.area.degrees(margin), self.area.municipality, moment)
        known = self.things.setdefault(source.id, {})
        keys = (
            [key for key, part in known.items() if part in request.needs] if request.for_each_thing else [""]
        )
        items: list[Parsed] = []
        for key in keys:
            told = values | {"thing": key}
            url = fill(request.url, told, in_address)
            items += self._read(
                source, request.part, url, moment, fill(request.body, told, in_body(request.body))
            )
        known |= {item.key: request.part for item in items if isinstance(item, Thing)}
        items = [each for each in items if self._is_here(source, each)]
        arrival = Arrival(source.id, moment, request.part, whole=request.complete)
        units = self.units.get(source.id, {})
        found = accept(iter(items), arrival, Gate(source.manifest.properties, units))
        self.units[source.id] = dict(found.units)
        kept = self.store.put_arrival(found.arrival)
        return kept.added + kept.revised

    def _is_here(self, source: Source, item: Parsed) -> bool:
        """Whether its thing is one of the area: one reply may speak of what another left out."""
        streams, known = self.streams[source.id], self.things[source.id]
        if isinstance(item, Observation):
            stream = streams.get(item.datastream)
            return stream is not None and stream.thing.partition(":")[2] in known
        return not isinstance(item, Datastream) or item.thing.partition(":")[2] in known

    def _read(
        self, source: Source, part: str, url: str, moment: datetime, body: str = ""
    ) -> Iterator[Parsed]:
        """What an answer holds, with what it refers to."""
        parts = urlsplit(url)
        answer = self.answers.find(
            Asked(parts.netloc, parts.path, moment, dict(parse_qsl(parts.query)), body)
        )
        if answer is None:
            return
        data = gzip.decompress(answer.data) if answer.data[:2] == b"\x1f\x8b" else answer.data
        streams = self.streams.setdefault(source.id, {})
        facts = Facts(
            source=source.id,
            received=moment,
            part=part,
            url=url,
            bbox=self.area.degrees(source.manifest.margin_m),
            municipality=self.area.municipality,
            channels=channels_of(streams.values()),
            settings=source.manifest.settings,
        )
        for item in list(read_payload(source, io.BytesIO(data), facts)):
            if isinstance(item, Follow):
                yield from self._read(source, item.part, item.url, moment)
                continue
            if isinstance(item, Datastream):
                streams[item.id] = item
            yield item
