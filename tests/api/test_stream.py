"""`/api/v1/stream`: a change is heard by who looks at it and may know of it, and by nobody else."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.api.asgi import call
from tests.api.conftest import Get, identify_by_header
from tests.api.faults_told import codes
from tests.api.listening import AIR, WITHIN_S, Listener, Town, together
from tests.api.small_feeds import NOON, STAFF_THING, arrivals, fill_feeds, seen
from tweestad.api import changes
from tweestad.api.v1 import stream
from tweestad.app import create_app
from tweestad.config import Config
from tweestad.errors import StoreUnavailable
from tweestad.store.opening import open_store

CHARGING = arrivals()[1]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    store = open_store("", tmp_path)
    fill_feeds(store)
    config = Config(data_dir=tmp_path, stream_clients=60, stream_clients_per_address=25)
    yield Town(create_app(config, identify=identify_by_header, store=store, now=lambda: NOON), store)
    store.close()


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(work())


def test_twenty_clients_hear_of_a_change_in_what_they_look_at_and_of_nothing_else(town: Town) -> None:
    async def work() -> None:
        async with together() as stack:
            air = [await stack(town.listening("layers=lucht,weer")) for _ in range(10)]
            other = [await stack(town.listening("layers=laadpunten", address="10.0.0.2")) for _ in range(10)]
            await town.change(town.air())
            for each in air:
                event, number, data = await each.next()
                assert (event, data["layers"]) == ("changed", ["lucht"])
                assert number == f"0.{data['version']}"
                assert data["version"] == town.store.clock("readings")
            await town.change(
                replace(CHARGING, observations=(seen("laadpunten:NL*VBS*1:laadpunten-vrij", 1.0),))
            )
            for each in other:
                assert await each.layers() == ["laadpunten"]
            assert all(each.silent for each in [*air, *other])

    run(work)


def test_only_who_looks_where_it_changed_hears_of_it(town: Town) -> None:
    async def work() -> None:
        here = "layers=lucht&bboxCrs=EPSG:28992&bbox=122200,486700,122300,486800"
        elsewhere = "layers=lucht&bboxCrs=EPSG:28992&bbox=130000,486700,130100,486800"
        async with town.listening(here) as near, town.listening(elsewhere) as far:
            await town.change(town.air())
            assert await near.layers() == ["lucht"]
            # A thing that moves may have been in any window.
            place = AIR.things[1].location
            assert place is not None
            moved = replace(AIR.things[1], location=replace(place, x=place.x + 3000))
            await town.change(replace(AIR, things=(moved,), datastreams=(), observations=()))
            assert await near.layers() == ["lucht"]
            assert await far.layers() == ["lucht"]
            assert far.silent

    run(work)


def test_staff_only_changes_are_heard_by_staff_alone(town: Town) -> None:
    async def work() -> None:
        secret = replace(arrivals()[-1], observations=(seen(f"{STAFF_THING}:pm25", 88.5, age=1),))
        async with (
            town.listening("layers=lucht") as visitor,
            town.listening("layers=lucht", role="contributor") as contributor,
            town.listening("layers=lucht", role="moderator") as staff,
        ):
            await town.change(secret)
            assert await staff.layers() == ["lucht"]
            await asyncio.to_thread(town.store.end_source, "proef", NOON)
            assert await staff.layers() == ["lucht"]
            # The next that the others hear is the next that everybody may know.
            await town.change(town.air())
            for each in (visitor, contributor):
                event, _, data = await each.next()
                assert (event, data["version"]) == ("changed", town.store.clock("readings"))
                assert each.silent

    run(work)


def test_many_changes_wait_as_one_message(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "POLL_S", 0.3)

    async def work() -> None:
        async with town.listening("layers=lucht,laadpunten") as listener:
            await town.change(*(town.air() for _ in range(20)))
            heard: list[int] = []
            while not heard or heard[-1] != town.store.clock("readings"):
                _, _, data = await listener.next()
                heard.append(data["version"])
            assert len(heard) < 20

    run(work)


def test_a_client_that_comes_back_hears_of_what_it_missed(town: Town) -> None:
    async def work() -> None:
        before = town.store.clock("readings")
        await town.change(town.air())
        async with town.listening("layers=lucht", last_event_id=f"0.{before}") as listener:
            assert await listener.layers() == ["lucht"]
        async with town.listening("layers=lucht", last_event_id=f"0.{before + 1}") as listener:
            await asyncio.sleep(0.4)
            assert listener.silent

    run(work)


def test_the_stream_says_that_it_is_still_there(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.05)

    async def work() -> None:
        async with town.listening("layers=lucht") as listener:
            assert listener.headers["content-type"].startswith("text/event-stream")
            assert listener.headers["cache-control"] == "no-store"
            assert "content-encoding" not in listener.headers
            assert (await listener.next())[0] == "comment"

    run(work)


def test_who_does_not_take_a_message_is_let_go_and_others_are_not(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "SEND_TIMEOUT_S", 0.1)

    async def work() -> None:
        async with town.listening("layers=lucht") as slow, town.listening("layers=lucht") as fast:
            slow.stuck = True
            await town.change(town.air())
            assert await fast.layers() == ["lucht"]
            await asyncio.wait_for(slow.task, WITHIN_S)
            await town.change(town.air())
            assert await fast.layers() == ["lucht"]

    run(work)


def test_there_is_a_most_for_one_address_and_for_all(town: Town) -> None:
    async def refused(address: str) -> None:
        listener = Listener(town.app, "layers=lucht", {}, address)
        await asyncio.wait_for(listener.task, WITHIN_S)
        assert listener.status == 429
        assert listener.headers["content-type"] == "application/problem+json"
        assert listener.headers["retry-after"] == "30"
        assert orjson.loads(listener.body)["title"] == "Te veel open verbindingen"

    async def work() -> None:
        async with together() as stack:
            for _ in range(25):
                await stack(town.listening("layers=lucht", address="2001:db8::1"))
            # One customer has a whole /64 of addresses.
            await refused("2001:db8::ffff")
            for _ in range(25):
                await stack(town.listening("layers=lucht", address="2001:db8:1::1"))
            for _ in range(10):
                await stack(town.listening("layers=lucht", address="10.0.0.1"))
            await refused("10.0.0.2")
        # Everybody left: there is room again.
        async with town.listening("layers=lucht", address="2001:db8::ffff"):
            pass

    run(work)


def test_open_streams_end_when_the_server_stops(town: Town) -> None:
    async def work() -> None:
        listener = Listener(town.app, "layers=lucht", {}, "10.0.0.1")
        await listener.next()
        town.app.end_streams()
        await asyncio.wait_for(listener.task, WITHIN_S)
        late = Listener(town.app, "layers=lucht", {}, "10.0.0.1")
        await asyncio.wait_for(late.task, WITHIN_S)

    run(work)


def test_a_database_that_is_away_for_a_while_is_asked_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(changes, "POLL_S", 0.02)
    monkeypatch.setattr(changes, "RETRY_S", 0.02)
    numbers = changes.Changes._numbers
    away = False

    def perhaps(self: changes.Changes) -> tuple[int, int]:
        if away:
            raise StoreUnavailable("the database does not answer")
        return numbers(self)

    monkeypatch.setattr(changes.Changes, "_numbers", perhaps)

    async def work() -> None:
        nonlocal away
        async with town.listening("layers=lucht") as listener:
            away = True
            await town.change(town.air())
            await asyncio.sleep(0.3)
            away = False
            assert await listener.layers() == ["lucht"]

    with caplog.at_level(logging.WARNING, logger="tweestad.api"):
        run(work)
    assert [record.getMessage() for record in caplog.records] == [
        "the change number of measurements cannot be read: the database does not answer",
        "the change number of measurements can be read again",
    ]


def test_a_watcher_that_breaks_leaves_nobody_with_a_silent_stream(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        async with town.listening("layers=lucht") as listener:
            with monkeypatch.context() as patch:
                patch.setattr(changes, "touched_after", None)
                await town.change(town.air())
                await asyncio.wait_for(listener.task, WITHIN_S)
        async with town.listening("layers=lucht") as listener:
            await town.change(town.air())
            assert await listener.layers() == ["lucht"]

    run(work)
    assert "the watcher of measurements broke" in caplog.text


def test_nothing_is_asked_of_the_store_when_nobody_looks_and_once_for_all_who_do(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "POLL_S", 0.02)
    asked = 0
    numbers = changes.Changes._numbers

    def counted(self: changes.Changes) -> tuple[int, int]:
        nonlocal asked
        asked += 1
        return numbers(self)

    monkeypatch.setattr(changes.Changes, "_numbers", counted)

    async def work() -> None:
        nonlocal asked
        async with together() as stack:
            for n in range(20):
                await stack(town.listening("layers=lucht", address=f"10.0.0.{n}"))
            asked = 0
            await asyncio.sleep(0.2)
            assert 0 < asked <= 12
        await asyncio.sleep(0.05)
        asked = 0
        await asyncio.sleep(0.1)
        assert asked == 0

    run(work)


def test_a_hundred_comings_and_goings_leave_nothing_behind(town: Town) -> None:
    async def work() -> None:
        for _ in range(100):
            async with town.listening("layers=lucht"):
                pass
        gc.collect()
        assert not [each for each in gc.get_objects() if isinstance(each, changes.Client)]
        assert len(asyncio.all_tasks()) == 1

    run(work)


def test_all_faults_of_a_stream_come_in_one_answer(get: Get) -> None:
    assert codes(get("/api/v1/stream")) == {"layers": "missing"}
    assert codes(get("/api/v1/stream?layers=lucht,onzin&bbox=1,2,3&x=1")) == {
        "layers": "layer-unknown",
        "bbox": "bbox",
        "x": "unknown",
    }
    assert codes(get("/api/v1/stream?layers=")) == {"layers": "layer-unknown"}
    head = get("/api/v1/stream?layers=lucht", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_a_stream_needs_a_database_that_answers(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    app = create_app(Config(data_dir=tmp_path), store=store)
    store.close()
    (tmp_path / "tweestad.sqlite").write_bytes(b"no database" * 1000)
    for name in ("tweestad.sqlite-wal", "tweestad.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    assert call(app, "/api/v1/stream?layers=lucht").status == 503
