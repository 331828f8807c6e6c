"""One source being asked: whole answers only, what it refers to and needs, and how it is doing."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from tests.build.tiny_city import TWIN, TinyCity
from tests.feeds.desk import Desk
from tests.feeds.feed_server import FeedServer
from tests.feeds.test_bad_feeds import whole_samples
from tweestad.access.actor import VISITOR
from tweestad.access.reader import Reader
from tweestad.build.pipeline import build
from tweestad.errors import Conflict, InputRejected
from tweestad.feeds.area import Area, area_of
from tweestad.feeds.runner import back_off
from tweestad.feeds.schedule import work
from tweestad.feeds.sources import Source, get_source
from tweestad.feeds.state import STATE_KIND, PartState, SourceState, state_body
from tweestad.feeds.working import pull
from tweestad.model.feed_health import seen_at
from tweestad.model.feed_plan import FeedPlan
from tweestad.model.reading import ReadingsWhere
from tweestad.store.lease import held_for_feeds
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BIKES = get_source("ov-fiets")
TRAFFIC = whole_samples(get_source("ndw-verkeer"))


@pytest.fixture
def server() -> Iterator[FeedServer]:
    found = FeedServer()
    yield found
    found.close()


@pytest.fixture
def desk(store: Store, server: FeedServer, tmp_path: Path) -> Desk:
    return Desk(store, server, tmp_path / "feeds")


def bikes(count: int) -> bytes:
    """A whole snapshot of so many places with bicycles, in the shape of the feed."""
    sample = next(BIKES.folder.glob("sample.*")).read_bytes()
    first = next(each for each in orjson.loads(sample)["locaties"].values() if "rentalBikes" in each["extra"])
    made = {}
    for n in range(count):
        extra = first["extra"] | {"locationCode": f"utc{n:03d}"}
        made[f"utc{n:03d}"] = first | {"lat": 52.09 + n / 1e4, "lng": 5.11, "extra": extra}
    return orjson.dumps({"locaties": made})


def test_a_snapshot_that_shrank_is_held_back_once_and_then_believed(desk: Desk) -> None:
    desk.server.add(BIKES)
    for count, state, there in ((30, "fresh", 30), (8, "changed", 30), (8, "fresh", 8), (30, "fresh", 30)):
        desk.server.changes["ov-fiets"] = lambda _, count=count: bikes(count)  # type: ignore[misc]
        (health,) = desk.run([BIKES])
        assert (health.state, len(desk.things(BIKES))) == (state, there), health
        if state == "changed":
            assert "held back once" in health.failure


def test_what_is_due_is_asked_and_nothing_else(desk: Desk) -> None:
    desk.server.add(TRAFFIC)
    desk.run([TRAFFIC], force=False, now=NOW)
    first = [path for _, path, _ in desk.server.asked]
    assert len(first) == 3
    desk.run([TRAFFIC], force=False, now=NOW + MINUTE / 2)
    assert len(desk.server.asked) == 3
    desk.run([TRAFFIC], force=False, now=NOW + MINUTE)
    assert [path for _, path, _ in desk.server.asked[3:]] == first[1:]
    desk.run([TRAFFIC], force=False, now=NOW + 60 * MINUTE)
    assert [path for _, path, _ in desk.server.asked[5:]] == first


@pytest.mark.parametrize("replayed", [True, False])
def test_what_a_source_no_longer_gives_is_only_asked_of_recordings(desk: Desk, replayed: bool) -> None:
    panels = get_source("ndw-routeborden")
    desk.server.add(panels)
    desk.replayed = replayed
    desk.run([panels], force=False, now=NOW)
    asked = {path.rpartition("/")[2] for _, path, _ in desk.server.asked}
    former = {"LocatietabelDRIPS.xml.gz", "DRIPS.xml.gz"}
    assert asked == {"dynamische_route_informatie_paneel.xml.gz"} | (former if replayed else set())


def test_a_part_waits_for_what_it_needs(desk: Desk) -> None:
    desk.server.add(TRAFFIC)
    desk.server.misbehaving["ndw-verkeer"] = "error"
    (health,) = desk.run([TRAFFIC], force=False, now=NOW)
    assert len(desk.server.asked) == 1
    assert health.state == "failing"
    desk.server.misbehaving.clear()
    again = health.next_try
    assert again is not None
    desk.run([TRAFFIC], force=False, now=again)
    assert len(desk.server.asked) == 4
    assert desk.latest(TRAFFIC)


def test_after_each_failure_we_wait_longer_and_never_for_ever() -> None:
    request = TRAFFIC.manifest.requests[1]
    waits = [back_off(PartState(failures=n), request).total_seconds() for n in range(1, 40)]
    assert 24 <= waits[0] <= 36
    assert 48 <= waits[1] <= 72
    assert max(waits) <= 900 * 1.2
    assert min(waits[10:]) >= 900 * 0.8
    assert len(set(waits)) > 30


def test_what_a_reply_refers_to_is_asked_at_its_own_pace(desk: Desk) -> None:
    source = whole_samples(get_source("parkeergarages"))
    desk.server.add(source)
    desk.run([source], force=False, now=NOW)
    index = [path for _, path, _ in desk.server.asked if path.endswith("/parkingdata/v2/")]
    referred = {path for _, path, _ in desk.server.asked if "/parkingdata/v2/" in path} - set(index)
    assert len(index) == 1
    assert referred
    desk.server.asked.clear()
    desk.run([source], force=False, now=NOW + MINUTE)
    again = {path for _, path, _ in desk.server.asked if "/parkingdata/v2/" in path}
    assert again
    assert again <= referred


def test_of_many_things_some_may_fail(desk: Desk) -> None:
    source = get_source("luchtmeetnet")
    desk.server.add(source)
    desk.server.refused = "station_number=NL99002"
    (health,) = desk.run([source])
    assert health.state == "fresh"
    assert health.rejected["one of its things could not be asked"] == 1
    assert {each.split(":")[1] for each in desk.latest(source)} == {"NL99001"}
    desk.server.refused = "station_number="
    (health,) = desk.run([source])
    assert health.state == "failing"


def test_a_snapshot_of_many_things_ends_what_is_gone_only_when_all_could_be_asked(desk: Desk) -> None:
    source = get_source("ov-haltes")
    desk.server.add(source)
    desk.run([source])
    stops = [each for each in desk.server.asked if "/tpc/" in each[1]]
    assert len(stops) == 2
    whole = desk.things(source)
    gone = next(each for each in whole if "_1_7_0" in each)
    desk.server.changes["ov-haltes"] = lambda data: data.replace(b"_1_7_0", b"_1_9_0")
    desk.server.refused = stops[0][1]
    desk.run([source])
    assert gone in desk.things(source)
    desk.server.refused = ""
    desk.run([source])
    # Both stops get the same sample here, so the snapshot holds many doubles, and is held back once.
    desk.run([source])
    assert set(desk.things(source)) - set(whole)
    assert gone not in desk.things(source)


def test_a_reply_that_did_not_change_is_not_read_and_not_stored(desk: Desk) -> None:
    desk.server.add(BIKES)
    desk.server.etag = '"one"'
    desk.run([BIKES])
    values, number = desk.latest(BIKES), desk.store.clock("readings")
    assert values
    (health,) = desk.run([BIKES])
    assert desk.server.asked[-1][2]["if-none-match"] == '"one"'
    assert (health.state, health.accepted) == ("fresh", len(values) + len(desk.things(BIKES)))
    assert (desk.latest(BIKES), desk.store.clock("readings")) == (values, number)


def test_a_snapshot_in_pieces_stays_whole_when_only_some_of_them_changed(desk: Desk) -> None:
    source = whole_samples(get_source("gbfs"))
    (first, *_) = source.manifest.requests
    source = replace(source, manifest=replace(source.manifest, requests=(replace(first, complete=True),)))
    desk.server.add(source)
    desk.server.etag = '"one"'
    desk.run([source])
    there = desk.things(source)
    assert len(there) == 3
    for _ in range(3):
        (health,) = desk.run([source])
        assert (health.state, health.failure) == ("fresh", "")
        assert desk.things(source) == there
    desk.server.etag, desk.server.refused = "", "vehicle_status"
    (health,) = desk.run([source])
    assert health.state == "failing"
    assert desk.things(source) == there


def test_the_validators_of_a_reply_that_was_refused_are_forgotten(desk: Desk) -> None:
    desk.server.add(BIKES)
    desk.server.etag = '"bad"'
    desk.server.changes["ov-fiets"] = lambda _: b"{}"
    assert desk.run([BIKES])[0].state == "changed"
    desk.server.changes.clear()
    assert desk.run([BIKES])[0].state == "fresh"
    assert desk.latest(BIKES)


def test_a_raw_reply_is_kept_as_long_as_the_manifest_says_and_no_longer(desk: Desk) -> None:
    desk.server.add(BIKES)
    desk.run([BIKES])
    (kept,) = (desk.folder / "raw" / "ov-fiets" / "locations").iterdir()
    assert kept.read_bytes() == next(BIKES.folder.glob("sample.*")).read_bytes()
    later = datetime.now(UTC) + BIKES.manifest.keep_raw + MINUTE
    desk.run([BIKES], force=False, now=later)
    assert kept not in list(kept.parent.iterdir())
    none = replace(BIKES, manifest=replace(BIKES.manifest, keep_raw=timedelta(0)))
    desk.run([none])
    assert not [path for path in (desk.folder / "raw").glob("**/*") if path.is_file()]


def test_a_source_without_its_key_is_off_and_says_so(desk: Desk) -> None:
    source = get_source("ned")
    (health,) = replace(desk, base="").run([source])
    assert health.state == "off"
    assert "TWEESTAD_NED_TOKEN" in health.failure
    assert health.why.nl
    assert desk.server.asked == []


def test_a_reader_with_a_bug_stops_no_other_source(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Source):
        def load_parse(self):  # type: ignore[no-untyped-def]
            def parse(payload, facts):  # type: ignore[no-untyped-def]
                raise KeyError("x")

            return parse

    caplog.set_level(logging.INFO)
    desk.server.add(BIKES)
    desk.server.add(TRAFFIC)
    broken = Broken(BIKES.manifest, BIKES.folder, BIKES.module)
    first, second = desk.run([broken, TRAFFIC])
    assert (first.state, first.failure) == ("changed", "its reader failed (KeyError)")
    assert second.state == "fresh"
    assert caplog.messages == ["source ov-fiets failed: its reader failed (KeyError)"]


def test_the_health_is_kept_and_ages_by_itself(desk: Desk) -> None:
    desk.server.add(BIKES)
    desk.run([BIKES])
    desk.store.put_document("feeds", "list", {"ids": ["ov-fiets", "knmi"]})
    (told,) = Reader(desk.store, VISITOR).feeds()
    # The sample is of last spring, so it is silent though it was fetched this minute.
    assert told.state == "silent"
    assert told.newest is not None
    assert told.last_success is not None
    assert told.next_try is not None
    young = replace(told, newest=told.last_success)
    assert seen_at(young, told.last_success).state == "fresh"
    assert seen_at(young, told.next_try + 2 * MINUTE).state == "late"
    assert seen_at(young, told.last_success + told.stale_after + MINUTE).state == "silent"


def test_the_box_of_the_municipality_is_widened_in_degrees() -> None:
    area = Area("GM0363", (120_000, 485_000, 122_000, 487_000))
    west, south, east, north = area.degrees() or (0, 0, 0, 0)
    wider = area.degrees(10_000) or (0, 0, 0, 0)
    assert 4.87 < west < east < 4.91
    assert 52.34 < south < north < 52.38
    assert west - wider[0] == pytest.approx(0.147, abs=0.01)
    assert wider[3] - north == pytest.approx(0.09, abs=0.005)


@pytest.fixture(scope="module")
def shared_server() -> Iterator[FeedServer]:
    found = FeedServer()
    found.add(BIKES)
    yield found
    found.close()


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory, shared_server: FeedServer) -> TinyCity:
    """A built twin whose one source is asked of the server."""
    table = (
        f'\n[feeds]\non = ["ov-fiets"]\nbase = "{shared_server.base}"\nbox = [0, 300000, 280000, 620000]\n'
    )
    city = TinyCity(tmp_path_factory.mktemp("twin"), twin=TWIN + table)
    city.write()
    build(city.folder, city.config)
    return city


def test_a_snapshot_of_which_one_piece_did_not_change_stays_whole(desk: Desk, server: FeedServer) -> None:
    gbfs = get_source("gbfs")
    (index,) = gbfs.manifest.requests
    source = replace(gbfs, manifest=replace(gbfs.manifest, requests=(replace(index, complete=True),)))
    server.add(source)
    server.etag = '"same"'
    (first,) = desk.run([source])
    before = {each.thing.id for each in desk.store.things(ReadingsWhere(), limit=50)}
    (second,) = desk.run([source], now=NOW + MINUTE)
    assert len(before) > 1
    assert (first.state, second.state, second.failure) == ("fresh", "fresh", "")
    assert {each.thing.id for each in desk.store.things(ReadingsWhere(), limit=50)} == before


def test_a_pull_asks_the_sources_that_are_on(twin: TinyCity) -> None:
    (health,) = pull(twin.config)
    assert (health.source, health.state) == ("ov-fiets", "fresh")
    with pytest.raises(InputRejected, match="‘knmi’ is not on"):
        pull(twin.config, ["knmi"])


def test_two_workers_never_both_fetch(twin: TinyCity, shared_server: FeedServer) -> None:
    shared_server.asked.clear()
    with held_for_feeds("", twin.config.data_dir), pytest.raises(Conflict, match="another worker"):
        pull(twin.config)
    assert shared_server.asked == []
    pull(twin.config)
    assert len(shared_server.asked) == 1


@pytest.mark.postgres
def test_two_workers_of_one_database_never_both_fetch(shared_url: str, tmp_path: Path) -> None:
    with held_for_feeds(shared_url, tmp_path / "one") as still:
        assert still()
        with pytest.raises(Conflict, match="another worker"), held_for_feeds(shared_url, tmp_path / "two"):
            pass
    with held_for_feeds(shared_url, tmp_path / "two"):
        pass


def test_a_twin_that_is_not_built_or_asks_nothing_says_what_to_do(tmp_path: Path) -> None:
    city = TinyCity(tmp_path, twin=TWIN + "\n[feeds]\n")
    city.write()
    with pytest.raises(InputRejected, match="run tweestad build"):
        pull(city.config)
    build(city.folder, city.config)
    with pytest.raises(InputRejected, match="live = true"):
        pull(city.config)


def test_without_a_box_the_layers_say_which_area_is_kept(twin: TinyCity) -> None:
    store = open_store("", twin.config.data_dir)
    found = area_of(store, FeedPlan(None), "GM0000").box
    store.close()
    assert found is not None
    assert found[0] < 122_000 < found[2]


def test_a_worker_stops_cleanly_when_it_is_told_to(twin: TinyCity, shared_server: FeedServer) -> None:
    store = open_store("", twin.config.data_dir)
    store.put_document(STATE_KIND, "ov-fiets", state_body(SourceState()))
    store.close()
    shared_server.asked.clear()
    running = subprocess.Popen(
        [sys.executable, "-m", "tweestad.cli", "worker", "--data", str(twin.config.data_dir)],
        stderr=subprocess.PIPE,
        env={**os.environ, "TWEESTAD_DATABASE": ""},
    )
    try:
        until = time.monotonic() + 20
        while not shared_server.asked and time.monotonic() < until:
            time.sleep(0.02)
        assert shared_server.asked
        running.send_signal(signal.SIGTERM)
        _, told = running.communicate(timeout=20)
    finally:
        running.kill()
    assert running.returncode == 0, told
    assert b"Traceback" not in told
    assert pull(twin.config)[0].state == "fresh"


def test_a_worker_that_lost_its_lease_stops(desk: Desk) -> None:
    with pytest.raises(Conflict, match="was lost"):
        desk.office(lambda runner: work(runner, [], asyncio.Event(), lambda: False, look_s=0.01))
