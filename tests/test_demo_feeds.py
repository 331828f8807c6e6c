"""The demo brings its cities to life: a replay server first, then a worker per city, all ending together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from tweestad import demo
from tweestad.config import Config
from tweestad.demo_feeds import DemoFeeds
from tweestad.model.feed_plan import FeedPlan

REPLAYED = FeedPlan(on=None)


class Process:
    """A process that only remembers what was asked of it."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)
        self.told: list[str] = []

    def terminate(self) -> None:
        self.told.append("end")

    def wait(self, timeout: float) -> int:
        assert timeout > 0
        self.told.append("waited for")
        return 0


class Machine:
    """Starts such processes; the replay server really listens."""

    def __init__(self) -> None:
        self.started: list[Process] = []
        self.listening: socket.socket | None = None

    def start(self, words: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
        assert log.suffix == ".log"
        if words[0] == "replay":
            self.listening = socket.create_server(("127.0.0.1", int(words[-1])))
        self.started.append(Process(words))
        return cast("subprocess.Popen[bytes]", self.started[-1])


@pytest.fixture
def machine() -> Iterator[Machine]:
    found = Machine()
    yield found
    if found.listening is not None:
        found.listening.close()


def city(tmp_path: Path, name: str) -> Config:
    return Config(data_dir=tmp_path / name, open_data=tmp_path / "open")


def test_a_worker_asks_the_replay_server_for_its_own_city(tmp_path: Path, machine: Machine) -> None:
    first, other = city(tmp_path, "stad"), city(tmp_path, "dorp")
    feeds = DemoFeeds([first, other], machine.start)
    feeds.begin()
    feeds.follow(other, REPLAYED)
    replay, worker = (each.words for each in machine.started)
    port = replay[-1]
    assert replay == [
        "replay", "--data", str(first.data_dir), "--open-data", str(tmp_path / "open"),
        "--also", str(other.data_dir), "--port", port,
    ]  # fmt: skip
    assert worker[:3] == ["worker", "--data", str(other.data_dir)]
    assert worker[worker.index("--base") + 1] == f"http://127.0.0.1:{port}/dorp"
    assert "--past" in worker
    feeds.stop()
    assert [each.told for each in machine.started] == [["end", "waited for"]] * 2


def test_a_live_city_asks_the_real_services_and_one_without_feeds_nothing(
    tmp_path: Path, machine: Machine
) -> None:
    feeds = DemoFeeds([city(tmp_path, "stad")], machine.start)
    feeds.begin()
    feeds.follow(city(tmp_path, "stad"), FeedPlan(on=None, live=True))
    feeds.follow(city(tmp_path, "stad"), FeedPlan())
    assert [each.words[0] for each in machine.started] == ["replay", "worker"]
    assert "--base" not in machine.started[1].words


def test_nothing_starts_once_the_demo_has_ended(tmp_path: Path, machine: Machine) -> None:
    feeds = DemoFeeds([city(tmp_path, "stad")], machine.start)
    feeds.begin()
    feeds.stop()
    feeds.follow(city(tmp_path, "stad"), REPLAYED)
    assert [each.words[0] for each in machine.started] == ["replay"]


def test_the_demo_ends_what_it_started_when_it_is_told_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is ended by SIGTERM dies before it can clean up, unless it takes the signal itself."""
    told: list[str] = []

    class Feeds:
        def __init__(self, configs: Sequence[Config]) -> None:
            told.append(f"{len(configs)} city")

        def begin(self) -> None:
            told.append("began")

        def follow(self, config: Config, plan: FeedPlan) -> None:
            del config, plan

        def stop(self) -> None:
            told.append("stopped")

    def serve(*_: object, when_ready: Callable[[], None]) -> int:
        when_ready()
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("the signal was not taken")

    monkeypatch.setattr(demo, "build_and_tell", lambda *_: None)
    monkeypatch.setattr(demo, "DemoFeeds", Feeds)
    monkeypatch.setattr(demo, "serve", serve)
    before = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)]
    try:
        with pytest.raises(SystemExit):
            demo.show_demo(Config(data_dir=tmp_path, port=0), "voorbeeldstad", alone=True)
    finally:
        for each, handler in zip((signal.SIGTERM, signal.SIGHUP), before, strict=True):
            signal.signal(each, handler)
    assert told == ["1 city", "began", "stopped"]
