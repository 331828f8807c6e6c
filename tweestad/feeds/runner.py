"""Asks one source what is due, and stores what comes out of it: whole answers only.

What goes wrong with one part leaves the others as they are, and never reaches another source. The last good
values stay. After a failure the source is asked again, each time a little later.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from anyio import to_thread

from tweestad.errors import InputRejected, SourceChanged, SourceUnavailable, StoreUnavailable
from tweestad.feeds.addresses import fill, in_address, in_body, placeholders
from tweestad.feeds.archive import Archive
from tweestad.feeds.area import Area
from tweestad.feeds.elsewhere import without_strangers
from tweestad.feeds.fetch import Fetcher
from tweestad.feeds.gathering import Channels, Gathered, Gatherer, Seed
from tweestad.feeds.health import first_health, health_after
from tweestad.feeds.manifest import Request
from tweestad.feeds.plausible import check_plausible, check_readable, total_of
from tweestad.feeds.sources import Source
from tweestad.feeds.state import STATE_KIND, PartState, SourceState, parse_state, state_body
from tweestad.model.feed_health import FEED_KIND, FeedHealth, health_body, parse_health
from tweestad.model.layer import Audience
from tweestad.model.observation import Observation
from tweestad.model.reading import Arrival, ReadingsWhere
from tweestad.model.received import Parsed, Rejected
from tweestad.model.thing import Datastream
from tweestad.quality.accept import Accepted, Counts, Gate, accept
from tweestad.quality.checks import HISTORY
from tweestad.store.protocol import Store

_EVERYONE: frozenset[Audience] = frozenset({"public", "staff"})
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)
_KEY_WAIT = timedelta(hours=1)
_THINGS_MAX = 5_000
_PAGE = 1_000
# A table that a reply calls out of date is fetched again, but not each minute.
_TABLE_REST = timedelta(minutes=15)
_FAILED_IN_A_ROW = 3
_NOT_ASKED = "one of its things could not be asked"


@dataclass(frozen=True, slots=True)
class Means:
    """What the runner works with. `environment` holds the keys of sources, under the names in manifests."""

    store: Store
    fetcher: Fetcher
    archive: Archive
    area: Area
    environment: Mapping[str, str]
    replayed: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class _Run:
    """One source being asked."""

    source: Source
    state: SourceState
    now: datetime
    channels: Channels


class Runner:
    """Asks sources, one call at a time for each."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._gatherer = Gatherer(means.fetcher, means.archive, means.area, means.stopping)

    async def run(self, source: Source, *, force: bool = False, now: datetime | None = None) -> FeedHealth:
        """Ask what is due (with `force` everything), and write down how the source is doing.

        Raises StoreUnavailable; whatever a source does wrong is in the health that is returned.
        """
        means = self._means
        moment = now or datetime.now(UTC)
        state = await to_thread.run_sync(self._state, source)
        channels = dict(await to_thread.run_sync(means.store.channels, source.id))
        run = _Run(source, state, moment, channels)
        for request in self._asked(source):
            part = state.part(request.part)
            whole = force or part.due is None or part.due <= moment
            leads = bool(part.leads) and part.leads_due is not None and part.leads_due <= moment
            if (whole or leads) and self._ready(run, request) and not means.stopping.is_set():
                await self._ask(run, request, part, whole=whole)
        await to_thread.run_sync(means.archive.prune, source.manifest, moment)
        return await to_thread.run_sync(self._written, source, state, moment)

    def due(self, source: Source) -> datetime | None:
        """When the source has to be asked next; None is now."""
        state = self._state(source)
        found = [state.parts.get(each.part, PartState()) for each in self._asked(source)]
        if any(part.due is None for part in found):
            return None
        return min(at for part in found for at in (part.due, part.leads_due) if at)

    def _asked(self, source: Source) -> list[Request]:
        """What can be asked: of what the source no longer gives there are only recordings."""
        return [each for each in source.manifest.requests if self._means.replayed or not each.former]

    def health(self, source: Source) -> FeedHealth:
        body = self._means.store.find_document(FEED_KIND, source.id)
        return first_health(source.manifest) if body is None else parse_health(body)

    def _state(self, source: Source) -> SourceState:
        return parse_state(self._means.store.find_document(STATE_KIND, source.id))

    def _written(self, source: Source, state: SourceState, now: datetime) -> FeedHealth:
        store = self._means.store
        store.put_document(STATE_KIND, source.id, state_body(state))
        health = health_after(self.health(source), source.manifest, state, now)
        store.put_document(FEED_KIND, source.id, health_body(health))
        return health

    def _ready(self, run: _Run, request: Request) -> bool:
        """Whether all that it needs has been there once; else it waits for that."""
        if all(run.state.part(each).good for each in request.needs):
            return True
        run.state.part(request.part).due = min(
            (due for each in request.needs if (due := run.state.part(each).due)), default=run.now
        )
        return False

    async def _ask(self, run: _Run, request: Request, part: PartState, *, whole: bool) -> None:
        """Ask one part; what goes wrong is written down in it, but not that we were stopped."""
        part.asked, started = run.now, time.monotonic()
        try:
            if whole:
                await self._whole(run, request, part)
            else:
                await self._leads(run, request, part)
        except (StoreUnavailable, InputRejected) as exc:
            if isinstance(exc, StoreUnavailable):
                raise
            _failed(run, request, part, SourceChanged(exc.reason))
        except (SourceUnavailable, SourceChanged) as exc:
            if not self._means.stopping.is_set():
                _failed(run, request, part, exc)
        except Exception as exc:  # noqa: BLE001 the top of the runner: a reader is written by anybody
            _failed(run, request, part, SourceChanged(f"its reader failed ({type(exc).__name__})"))
        else:
            part.failures, part.failure, part.code = 0, "", ""
            part.good = run.now
            # At most half of the time is spent on asking, whatever the pace that a manifest wants.
            took = timedelta(seconds=2 * (time.monotonic() - started))
            rest = 1 + (random.uniform(0, 0.02) if not self._means.replayed else 0.0)  # noqa: S311 no secret
            if whole:
                part.due = run.now + max(request.every * rest, took)
            part.leads_due = run.now + max(run.source.manifest.every * rest, took) if part.leads else None

    async def _whole(self, run: _Run, request: Request, part: PartState) -> None:
        secret = self._secret(request)
        seeds = await to_thread.run_sync(lambda: list(self._seeds(run, request)))
        if request.for_each_thing:
            await self._each(run, request, part, seeds, secret)
            return
        found = [await self._gather(run, part, each, secret, whole=request.complete) for each in seeds]
        if not all(each.same for each in found):
            await self._store(run, request, part, found)

    async def _each(
        self,
        run: _Run,
        request: Request,
        part: PartState,
        seeds: Sequence[Seed],
        secret: tuple[str, str] | None,
    ) -> None:
        """One answer for each thing, stored as they come: that some fail is normal.

        Together they are a snapshot when all could be had: then what is in none of them has ended.
        """
        before = replace(part)
        counts, there, in_a_row = [], [], 0
        for seed in seeds:
            try:
                found = await self._gather(run, part, seed, secret, known=not request.complete)
                if not found.same:
                    await self._store(run, request, part, [found], whole=False)
                    counts.append(part.counts)
                there.append(found)
                in_a_row = 0
            except (SourceUnavailable, SourceChanged):
                in_a_row += 1
                counts.append(Counts(rejected={_NOT_ASKED: 1}))
                if in_a_row >= min(_FAILED_IN_A_ROW, len(seeds)) or self._means.stopping.is_set():
                    raise
        summed = _summed(counts)
        part.counts, part.total, part.held, part.leads = (
            before.counts,
            before.total,
            before.held,
            before.leads,
        )
        if request.complete and len(there) == len(seeds):
            await self._store(run, request, part, there)
        else:
            part.counts = summed

    async def _leads(self, run: _Run, request: Request, part: PartState) -> None:
        """Ask again what earlier replies referred to, without asking those replies again."""
        secret, leads = self._secret(request), part.leads
        found = [await self._gather(run, part, Seed(url, name), secret) for url, name in leads]
        fresh = [each for each in found if not each.same]
        if fresh:
            await self._store(run, request, part, fresh, whole=False)
        part.leads = leads

    async def _gather(
        self,
        run: _Run,
        part: PartState,
        seed: Seed,
        secret: tuple[str, str] | None,
        *,
        known: bool = True,
        whole: bool = False,
    ) -> Gathered:
        found = await self._gatherer.gather(
            run.source,
            seed,
            channels=run.channels,
            known=part.validators if known else {},
            secret=secret,
            whole=whole,
        )
        for name in found.stale:
            table = run.state.part(name)
            if table.asked is None or run.now - table.asked >= _TABLE_REST:
                table.due = run.now
        return found

    async def _store(
        self,
        run: _Run,
        request: Request,
        part: PartState,
        found: Sequence[Gathered],
        *,
        whole: bool = True,
    ) -> None:
        items = [item for each in found for item in each.items]
        received = max((each.received for each in found if each.received), default=run.now)
        arrival = Arrival(run.source.id, received, request.part, whole=whole and request.complete)
        accepted = await to_thread.run_sync(partial(self._accepted, run, items, arrival))
        check_readable(part, accepted.counts)
        if arrival.whole:
            check_plausible(part, accepted.counts)
        await to_thread.run_sync(self._means.store.put_arrival, accepted.arrival)
        run.state.units = dict(accepted.units)
        part.counts, part.total, part.held = accepted.counts, total_of(accepted.counts), False
        fresh = [lead for each in found for lead in each.leads]
        kept = [lead for lead in part.leads if any(lead[0] in each.unchanged for each in found)]
        part.leads = tuple(dict.fromkeys((*fresh, *kept)))
        for each in found:
            for url, validators in each.validators.items():
                part.remember(url, validators)

    def _accepted(self, run: _Run, items: Sequence[Parsed], arrival: Arrival) -> Accepted:
        items = without_strangers(self._means.store, run.source.id, items)
        gate = Gate(run.source.manifest.properties, run.state.units, self._earlier)
        return accept(_once(items), arrival, gate)

    def _earlier(self, stream: str, before: datetime) -> list[Observation]:
        found = self._means.store.readings(
            stream, end=before, limit=HISTORY, descending=True, audiences=_EVERYONE
        )
        return [each.observation for each in reversed(found)]

    def _seeds(self, run: _Run, request: Request) -> Iterator[Seed]:
        manifest, area = run.source.manifest, self._means.area
        values = placeholders(area.degrees(manifest.margin_m), area.municipality, run.now)
        keys = self._keys(run, request) if request.for_each_thing else [None]
        for key in keys:
            told = values if key is None else values | {"thing": key}
            url = fill(request.url, told, in_address)
            yield Seed(url, request.part, request.method, fill(request.body, told, in_body(request.body)))

    def _keys(self, run: _Run, request: Request) -> Iterator[str]:
        """The source's own ids of its things that came with a part that this one needs."""
        where = ReadingsWhere(sources=(run.source.id,), audiences=_EVERYONE)
        after: str | None = None
        count = 0
        while count < _THINGS_MAX:
            page = self._means.store.things(where, limit=_PAGE, after=after)
            for each in page:
                # Not those that came with this part itself: a departure is no stop to ask departures of.
                if not request.needs or each.part in request.needs:
                    count += 1
                    yield each.thing.key
            if len(page) < _PAGE:
                return
            after = page[-1].thing.id

    def _secret(self, request: Request) -> tuple[str, str] | None:
        """The header of a request that needs a key; a server that replays recordings needs none."""
        if request.secret is None or self._means.replayed:
            return None
        header, setting = request.secret
        value = self._means.environment.get(setting, "")
        if not value:
            raise SourceUnavailable(f"{setting} is not set", code="key")
        return header, value


def _failed(run: _Run, request: Request, part: PartState, exc: SourceUnavailable | SourceChanged) -> None:
    part.failures += 1
    part.failure, part.code = str(exc), exc.code
    part.held = exc.code == "shrunk"
    wait = timedelta(seconds=exc.wait_s) if isinstance(exc, SourceUnavailable) else timedelta(0)
    part.due = run.now + max(wait, back_off(part, request))
    part.leads_due = None


def back_off(part: PartState, request: Request) -> timedelta:
    """Half a minute, then twice as long each time, to a quarter of an hour or its own pace; with jitter."""
    if part.code == "key":
        return _KEY_WAIT
    longest = max(_LONGEST_WAIT, min(request.every, timedelta(hours=1)))
    wait = min(_FIRST_WAIT * float(2 ** min(part.failures - 1, 12)), longest)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 no secret


def _once(items: Sequence[Parsed]) -> Iterator[Parsed]:
    """What several replies of one answer give, each thing, series and moment once."""
    seen: set[object] = set()
    described: dict[object, Datastream] = {}
    for item in items:
        key: object = (
            getattr(item, "key", None) if isinstance(item, Observation) else getattr(item, "id", None)
        )
        if key is None:
            yield item
        elif isinstance(item, Datastream) and key in described:
            # That two replies describe one series is no fault.
            if described[key] != item:
                yield Rejected("another series has the same id", item.id)
        elif isinstance(item, Datastream):
            described[item.id] = item
            yield item
        elif (type(item), key) not in seen:
            seen.add((type(item), key))
            yield item
        else:
            yield Rejected("several replies of one answer give the same record")


def _summed(counts: Sequence[Counts]) -> Counts:
    rejected: dict[str, int] = {}
    for each in counts:
        for reason, count in each.rejected.items():
            rejected[reason] = rejected.get(reason, 0) + count
    return Counts(
        sum(each.accepted for each in counts),
        sum(each.flagged for each in counts),
        rejected,
        sum(each.skipped for each in counts),
        max((each.newest for each in counts if each.newest), default=None),
    )
