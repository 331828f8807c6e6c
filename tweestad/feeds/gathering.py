"""Gathers one answer: a reply, the pages that follow from it, and what they refer to, read one by one.

Nothing is stored here. What a payload gave before it turned out to be unreadable is thrown away with it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from anyio import CapacityLimiter, to_thread

from tweestad.errors import SourceChanged, SourceUnavailable
from tweestad.feeds.addresses import hosts_of
from tweestad.feeds.archive import Archive
from tweestad.feeds.area import Area
from tweestad.feeds.fetch import Ask, Fetcher, Reply, Validators
from tweestad.feeds.reading import channels_of, read_payload
from tweestad.feeds.sources import Source
from tweestad.feeds.state import Lead
from tweestad.feeds.unpacking import unpacked
from tweestad.model.observation import Observation
from tweestad.model.received import Facts, Follow, Parsed, Rejected
from tweestad.model.thing import Datastream, Thing

FOLLOWED_MAX = 5_000
"""Most addresses that one answer may lead to."""
_IN_A_ROW = 3
NOT_FETCHED = "what it refers to could not be fetched"
Channels = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Seed:
    """Where to begin: an address of one part, with what to send."""

    url: str
    part: str
    method: str = "GET"
    body: str = ""


@dataclass(slots=True)
class Gathered:
    """What came out of one answer. `same` when the server said that nothing changed; `unchanged` are the
    addresses of which it said so. When that are some and not all the answer is not whole.

    `leads` are addresses of parts that the manifest does not ask itself, and that gave something; `stale`
    are parts of the manifest that the reply says are no longer good. `validators` count once all is stored.
    """

    items: list[Parsed] = field(default_factory=list)
    received: datetime | None = None
    same: bool = False
    unchanged: set[str] = field(default_factory=set)
    leads: list[Lead] = field(default_factory=list)
    stale: set[str] = field(default_factory=set)
    validators: dict[str, Validators] = field(default_factory=dict)


class Gatherer:
    """Fetches and reads for one source. `stopping` ends the reading of a long payload."""

    def __init__(self, fetcher: Fetcher, archive: Archive, area: Area, stopping: threading.Event) -> None:
        self.area = area
        self._fetcher = fetcher
        self._archive = archive
        self._stopping = stopping
        # Reading is work for one core; two at a time leave room for what is small.
        self._readers = CapacityLimiter(2)

    async def gather(
        self,
        source: Source,
        seed: Seed,
        *,
        channels: Channels,
        known: Mapping[str, Validators],
        secret: tuple[str, str] | None,
        whole: bool = False,
    ) -> Gathered:
        """One answer, whole. `channels` gets those of the datastreams that it describes.

        Raises SourceUnavailable and SourceChanged. Of what a reply refers to, a few may fail or be the same
        as before, unless it has to be `whole`: what is missing in a snapshot would be taken for ended.
        """
        gathered, waiting = Gathered(), deque([seed])
        asked, failures = {seed.url}, 0
        while waiting:
            now = waiting.popleft()
            try:
                before = known.get(now.url) if now is seed or not whole else None
                reply = await self._fetcher.get(_ask(source, now, before, secret))
                found = await self._read(source, now, reply, channels, gathered)
            except (SourceUnavailable, SourceChanged) as exc:
                # A page that is missing makes the answer less than whole; of a list of others some may fail.
                failures += 1
                if whole or now.part == seed.part or failures >= _IN_A_ROW:
                    raise
                gathered.items.append(Rejected(NOT_FETCHED, str(exc)))
                continue
            failures = 0
            for follow in found:
                if follow.url not in asked:
                    asked.add(follow.url)
                    waiting.append(Seed(follow.url, follow.part))
            if len(asked) > FOLLOWED_MAX:
                raise SourceChanged(f"it refers to more than {FOLLOWED_MAX} further addresses")
        return gathered

    async def _read(
        self, source: Source, seed: Seed, reply: Reply, channels: Channels, gathered: Gathered
    ) -> list[Follow]:
        """Read one reply into `gathered`; returns the addresses that it refers to."""
        gathered.received = gathered.received or reply.received
        if reply.path is None:
            gathered.same = gathered.same or not gathered.items
            gathered.unchanged.add(seed.url)
            gathered.validators[seed.url] = reply.validators
            return []
        try:
            items = await to_thread.run_sync(
                self._parsed, source, seed, reply, channels, limiter=self._readers
            )
        finally:
            await to_thread.run_sync(
                self._archive.keep, source.manifest, seed.part, reply.path, reply.received
            )
        gathered.same = False
        follows = [each for each in items if isinstance(each, Follow)]
        items = [each for each in items if not isinstance(each, Follow)]
        gathered.items += items
        if not follows:
            # A first page can be the same while the next one is not.
            gathered.validators[seed.url] = reply.validators
        if source.manifest.request(seed.part) is None and any(_is_kept(each) for each in items):
            gathered.leads.append((seed.url, seed.part))
        own, others = [], set()
        for each in follows:
            other = source.manifest.request(each.part)
            if other is not None and each.part != seed.part and each.url == other.url:
                others.add(each.part)
            else:
                own.append(each)
        gathered.stale |= others
        return own

    def _parsed(self, source: Source, seed: Seed, reply: Reply, channels: Channels) -> list[Parsed]:
        manifest = source.manifest
        facts = Facts(
            source=source.id,
            received=reply.received,
            part=seed.part,
            url=seed.url,
            bbox=self.area.degrees(manifest.margin_m),
            municipality=self.area.municipality,
            channels=channels,
            settings=manifest.settings,
        )
        found: list[Parsed] = []
        path = reply.path or Path()
        with unpacked(path, most_bytes=self._fetcher.limits.unpacked_bytes) as payload:
            for item in read_payload(source, payload, facts):
                if self._stopping.is_set():
                    raise SourceUnavailable("we were stopped while we were reading")
                found.append(item)
        _add(channels, channels_of(each for each in found if isinstance(each, Datastream)))
        return found


def _is_kept(item: Parsed) -> bool:
    return isinstance(item, Thing | Datastream | Observation)


def _add(channels: Channels, more: Channels) -> None:
    for channel, ids in more.items():
        channels[channel] = tuple(dict.fromkeys((*channels.get(channel, ()), *ids)))


def _ask(source: Source, seed: Seed, known: Validators | None, secret: tuple[str, str] | None) -> Ask:
    return Ask(
        url=seed.url,
        hosts=hosts_of(source.manifest),
        method=seed.method,
        body=seed.body,
        secret=secret,
        known=known or Validators() if seed.method == "GET" else Validators(),
        pace_s=source.manifest.pace_s,
    )
