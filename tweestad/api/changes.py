"""Wakes those who look when measurements change: one watcher for all of them, and none without them.

The watcher asks the store twice a second for its change number, whoever and however many look. What a
change touched is read once; each client only compares it with what it shows. A client has room for one
pending message, in which later changes are merged, so that memory does not grow with the pace of changes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException

from tweestad.access.actor import Actor
from tweestad.access.reader import Reader
from tweestad.api.touched import Box, Places, Touched, touched_after
from tweestad.errors import TweestadError
from tweestad.model.layer import Audience

LOG = logging.getLogger("tweestad.api")
POLL_S = 0.5
RETRY_S = 2.0
# The watcher sees everything; what a client hears is filtered by its own audiences.
WATCHER = Actor("system", "stream", frozenset({"administrator"}))


@dataclass(slots=True, eq=False)
class Client:
    """Somebody who looks: at which layers, where (RD, metres; None is everywhere), and who it is.

    `greeted` is the change number that it was told first. `city` and `version` are those of what it must hear
    next, of the layers that are `pending`. `ends` says that the server stops.
    """

    layers: frozenset[str]
    box: Box | None
    audiences: frozenset[Audience]
    address: str
    greeted: int | None = None
    city: int = 0
    version: int = 0
    pending: set[str] = field(default_factory=set)
    ends: bool = False
    wakes: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, touched: Touched) -> None:
        """Take over what it must know of a change."""
        found = touched.layers(self.layers, self.box, self.audiences)
        if found:
            self._hear(found, touched.city, touched.version)

    def catch_up(self, version: int) -> None:
        """Take over that something changed before the watcher looked for the first time."""
        if self.greeted is not None and self.greeted < version:
            self._hear(self.layers, self.city, version)

    def _hear(self, layers: Iterable[str], city: int, version: int) -> None:
        self.pending |= set(layers)
        self.city, self.version = city, version
        self.wakes.set()

    def take(self) -> tuple[str, ...]:
        """The layers that changed since the last time; nothing is pending afterwards."""
        found = tuple(sorted(self.pending))
        self.pending.clear()
        self.wakes.clear()
        return found


class Changes:
    """All who look at one twin. Lives on one event loop at a time; `reader` is asked in a thread."""

    def __init__(self, reader: Callable[[Actor], Reader], *, most: int, most_per_address: int) -> None:
        self._reader = reader
        self._most = most
        self._most_per_address = most_per_address
        self._clients: set[Client] = set()
        self._addresses: Counter[str] = Counter()
        self._watcher: asyncio.Task[None] | None = None
        self._version: int | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._clients)

    @contextmanager
    def with_client(self, client: Client) -> Iterator[None]:
        """Let a client hear of changes; raises HTTPException 429 when there are too many already."""
        if len(self._clients) >= self._most or self._addresses[client.address] >= self._most_per_address:
            raise HTTPException(429, headers={"Retry-After": "30"})
        client.ends = self._closed
        self._clients.add(client)
        self._addresses[client.address] += 1
        if self._watcher is None or self._watcher.done():
            self._version = None
            self._watcher = asyncio.get_running_loop().create_task(self._watch())
            self._watcher.add_done_callback(self._ended)
        try:
            yield
        finally:
            self._clients.discard(client)
            self._addresses[client.address] -= 1
            if not self._addresses[client.address]:
                del self._addresses[client.address]
            if not self._clients and self._watcher is not None:
                self._watcher.cancel()
                self._watcher = None

    def close(self) -> None:
        """End every stream, and those to come: the server stops."""
        self._closed = True
        self._let_go()

    def _let_go(self) -> None:
        for client in self._clients:
            client.ends = True
            client.wakes.set()

    def _ended(self, watcher: asyncio.Task[None]) -> None:
        """A watcher that broke must not leave people with a stream that stays silent: they come back."""
        if not watcher.cancelled() and (fault := watcher.exception()) is not None:
            LOG.error("the watcher of measurements broke", exc_info=fault)
            self._let_go()

    async def greet(self, client: Client) -> tuple[int, int]:
        """The change numbers of city and measurements from which on a client hears what changes."""
        city, version = await to_thread.run_sync(self._numbers)
        client.city, client.greeted = city, max(version, self._version or 0)
        return city, client.greeted

    def _numbers(self) -> tuple[int, int]:
        reader = self._reader(WATCHER)
        return reader.version, reader.readings_version

    async def _watch(self) -> None:
        """Until nobody looks any more. A database that does not answer is told of once, and asked again."""
        # A thread of its own: busy routes do not hold it up.
        thread = CapacityLimiter(1)
        places = Places()
        broken = False
        while True:
            try:
                _, latest = await to_thread.run_sync(self._numbers, limiter=thread)
                if self._version is None:
                    for client in tuple(self._clients):
                        client.catch_up(latest)
                elif latest != self._version:
                    reader, seen = self._reader(WATCHER), self._version
                    touched = await to_thread.run_sync(touched_after, reader, seen, places, limiter=thread)
                    for client in tuple(self._clients):
                        client.hear(touched)
                self._version = latest
                if broken:
                    LOG.warning("the change number of measurements can be read again")
                broken = False
            except TweestadError as exc:
                if not broken:
                    LOG.warning("the change number of measurements cannot be read: %s", exc)
                broken = True
            await asyncio.sleep(RETRY_S if broken else POLL_S)
