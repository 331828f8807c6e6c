"""The worker's day: each source when it is due, a few at a time, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from anyio import to_thread

from tweestad.errors import Conflict, StoreUnavailable
from tweestad.feeds.runner import Runner
from tweestad.feeds.sources import Source

_LOG = logging.getLogger("tweestad.feeds")
AT_ONCE = 4
_STORE_REST_S = 5.0
_FAULT_REST_S = 60.0


async def work(
    runner: Runner,
    sources: Sequence[Source],
    stop: asyncio.Event,
    still_held: Callable[[], bool],
    *,
    look_s: float = 2.0,
) -> None:
    """Ask sources as they fall due, until `stop` is set; what is being stored then is finished.

    A store that does not answer is waited for; every `look_s` the lease is looked at. Raises Conflict when it
    was lost, for then somebody else may be fetching.
    """
    turns = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_serve(runner, each, turns)) for each in sources]
        held = True
        while held and not stop.is_set():
            await _wait(stop, look_s)
            held = await to_thread.run_sync(still_held)
        for task in running:
            task.cancel()
    if not held:
        raise Conflict("the lease on the feeds of this twin was lost")


async def _serve(runner: Runner, source: Source, turns: asyncio.Semaphore) -> None:
    """Ask one source for ever; another that is slow or broken takes none of its time."""
    told = False
    while True:
        try:
            due = await to_thread.run_sync(runner.due, source)
            pause = 0.0 if due is None else (due - datetime.now(UTC)).total_seconds()
            if pause > 0:
                await asyncio.sleep(min(pause, 60.0))
                continue
            async with turns:
                await runner.run(source)
            told = False
        except StoreUnavailable as exc:
            if not told:
                _LOG.warning("source %s waits for the store: %s", source.id, exc)
            told = True
            await asyncio.sleep(_STORE_REST_S)
        except Exception as exc:  # noqa: BLE001 one source must never stop the others
            _LOG.warning("source %s could not be run: %s", source.id, type(exc).__name__)
            await asyncio.sleep(_FAULT_REST_S)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
