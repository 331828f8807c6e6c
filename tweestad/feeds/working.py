"""Puts a worker together, of the twin's plan, its store and the lease: for one round, or until stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import tweestad
from tweestad.config import Config
from tweestad.errors import InputRejected, TwinConfigInvalid
from tweestad.feeds.archive import Archive
from tweestad.feeds.area import area_of
from tweestad.feeds.fetch import Fetcher, Limits
from tweestad.feeds.health import switched_off
from tweestad.feeds.replay.preparing import is_replayed, prepare_live, prepare_replay
from tweestad.feeds.runner import Means, Runner
from tweestad.feeds.schedule import work
from tweestad.feeds.sources import Source, shipped_sources, twin_sources
from tweestad.formats.toml.fields import suggestion
from tweestad.model.feed_health import FEED_KIND, LIST_KEY, LIST_KIND, FeedHealth, health_body
from tweestad.model.feed_plan import FEEDS_KEY, FEEDS_KIND, FeedPlan, parse_feeds
from tweestad.model.layer import Twin
from tweestad.model.twin_document import TWIN_KEY, TWIN_KIND, parse_twin
from tweestad.store.lease import held_for_feeds
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store


def pull(
    config: Config, named: Sequence[str] = (), *, base: str = "", limits: Limits | None = None
) -> list[FeedHealth]:
    """Ask the sources that are on, or those named, once, whether they are due or not.

    `base` goes before that of twin.toml. Raises InputRejected when nothing may be asked or a source is not
    on, and Conflict when a worker is at it.
    """
    return asyncio.run(_pull(config, named, base, limits))


def run_worker(config: Config, *, base: str = "", limits: Limits | None = None) -> None:
    """Ask the sources that are on as they fall due, until SIGTERM or SIGINT."""
    asyncio.run(_work(config, base, limits))


async def _pull(config: Config, named: Sequence[str], base: str, limits: Limits | None) -> list[FeedHealth]:
    with held_for_feeds(config.database_url, config.data_dir):
        async with _office(config, base, limits) as (runner, sources, _):
            chosen = _chosen(sources, named)
            return [await runner.run(each, force=True) for each in chosen]


async def _work(config: Config, base: str, limits: Limits | None) -> None:
    stop = asyncio.Event()
    with held_for_feeds(config.database_url, config.data_dir) as still_held:
        async with _office(config, base, limits) as (runner, sources, stopping):

            def ask_to_stop() -> None:
                stopping.set()
                stop.set()

            loop = asyncio.get_running_loop()
            for each in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(each, ask_to_stop)
            await work(runner, sources, stop, still_held)


@asynccontextmanager
async def _office(
    config: Config, base: str, limits: Limits | None
) -> AsyncIterator[tuple[Runner, list[Source], threading.Event]]:
    store = open_store(config.database_url, config.data_dir)
    try:
        plan, folder, twin = _planned(store)
        plan = replace(plan, base=base or plan.base)
        sources = sources_of(plan, folder)
        if not plan.asks:
            raise InputRejected(
                "nothing may be asked: set live = true in [feeds] of twin.toml, and build; or give a base"
            )
        raw = config.data_dir / "raw"
        fetcher = Fetcher(raw / ".coming", agent=_agent(twin), base=plan.base, limits=limits)
        area = area_of(store, plan, twin.municipality)
        means = Means(store, fetcher, Archive(raw), area, os.environ, replayed=bool(plan.base))
        runner = Runner(means)
        _list(store, runner, sources)
        if plan.base and is_replayed(folder, invented=twin.invented):
            sources = prepare_replay(store, sources, folder, config.open_data, invented=twin.invented)
        else:
            prepare_live(store, sources)
        try:
            yield runner, sources, means.stopping
        finally:
            await fetcher.close()
    finally:
        store.close()


def sources_of(plan: FeedPlan, folder: Path) -> list[Source]:
    """The sources that are on, in order of id; raises TwinConfigInvalid for one that is not there."""
    there = {
        each.id: each for each in (*shipped_sources(), *twin_sources(folder)) if not each.manifest.generic
    }
    if plan.on is None:
        return [there[each] for each in sorted(there)]
    for each in plan.on:
        if each not in there:
            raise TwinConfigInvalid(f"[feeds] on: there is no source ‘{each}’{suggestion(each, there)}")
    return [there[each] for each in sorted(plan.on)]


def _planned(store: Store) -> tuple[FeedPlan, Path, Twin]:
    body, facts = store.find_document(FEEDS_KIND, FEEDS_KEY), store.find_document(TWIN_KIND, TWIN_KEY)
    if body is None or facts is None:
        raise InputRejected("this twin has not been built, or not since it has feeds: run tweestad build")
    plan, folder = parse_feeds(body)
    return plan, Path(folder), parse_twin(facts)


def _chosen(sources: Sequence[Source], named: Sequence[str]) -> list[Source]:
    ids = [each.id for each in sources]
    for each in named:
        if each not in ids:
            raise InputRejected(f"the source ‘{each[:80]}’ is not on{suggestion(each, ids)}")
    return [each for each in sources if not named or each.id in named]


def _agent(twin: Twin) -> str:
    """How we tell a service who asks, so that somebody can be called."""
    contact = twin.contact or twin.title.nl
    return f"Tweestad/{tweestad.__version__} ({contact[:100]})"


def _list(store: Store, runner: Runner, sources: Sequence[Source]) -> None:
    """Write down which sources there are a health of; one that was taken out is switched off."""
    listed = store.find_document(LIST_KIND, LIST_KEY) or {"ids": []}
    on = {each.id: each for each in sources}
    for source_id in set(listed["ids"]) - set(on):
        body = store.find_document(FEED_KIND, source_id)
        if body is not None:
            store.put_document(FEED_KIND, source_id, {**body, "state": "off"})
    for source in sources:
        if store.find_document(FEED_KIND, source.id) is None:
            store.put_document(FEED_KIND, source.id, health_body(switched_off(runner.health(source))))
    store.put_document(LIST_KIND, LIST_KEY, {"ids": sorted({*listed["ids"], *on})})
