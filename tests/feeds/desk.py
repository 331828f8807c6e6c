"""A runner with a store, a server on loopback and limits that make a test quick."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.feeds.feed_server import FeedServer
from tweestad.feeds.archive import Archive
from tweestad.feeds.area import Area
from tweestad.feeds.fetch import Fetcher, Limits
from tweestad.feeds.runner import Means, Runner
from tweestad.feeds.sources import Source
from tweestad.model.feed_health import FeedHealth
from tweestad.model.reading import ReadingsWhere
from tweestad.store.protocol import Store

# Limits of bytes are low; those of time are so that a machine that is busy with other things keeps them.
QUICK = Limits(
    slow_after_s=0.1,
    slowest_bytes_s=100,
    reply_bytes=1_000_000,
    unpacked_bytes=5_000_000,
)
ANYWHERE = Area("GM9999")


@dataclass
class Desk:
    """Runs sources against the server and looks at what is in the store."""

    store: Store
    server: FeedServer
    folder: Path
    area: Area = ANYWHERE
    limits: Limits = QUICK
    base: str | None = None
    replayed: bool = True

    def run(
        self, sources: Sequence[Source], *, force: bool = True, now: datetime | None = None
    ) -> list[FeedHealth]:
        found: list[FeedHealth] = self.office(lambda runner: _run(runner, sources, force, now))
        return found

    def office(self, work: Callable[[Runner], Any]) -> Any:
        async def do() -> Any:
            base = self.server.base if self.base is None else self.base
            raw = self.folder / "raw"
            fetcher = Fetcher(raw / ".coming", agent="Tweestad/test", base=base, limits=self.limits)
            try:
                replayed = bool(base) and self.replayed
                means = Means(self.store, fetcher, Archive(raw), self.area, {}, replayed=replayed)
                return await work(Runner(means))
            finally:
                await fetcher.close()

        return asyncio.run(do())

    def latest(self, source: Source) -> dict[str, tuple[Any, ...]]:
        found = self.store.latest(ReadingsWhere(sources=(source.id,)), limit=100_000)
        return {
            each.datastream.datastream.id: (
                each.reading.observation.phenomenon,
                each.reading.observation.result,
                each.reading.observation.flag,
            )
            for each in found
        }

    def things(self, source: Source) -> list[str]:
        where = ReadingsWhere(sources=(source.id,))
        return [each.thing.id for each in self.store.things(where, limit=100_000)]


async def _run(
    runner: Runner, sources: Sequence[Source], force: bool, now: datetime | None
) -> list[FeedHealth]:
    return list(await asyncio.gather(*(runner.run(each, force=force, now=now) for each in sources)))
