"""The demo: one city of demo/ at once, and the others built beside it for the chooser in the header.

Once it answers a replay server and a worker per city bring their measurements to life (`demo_feeds.py`).
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tweestad.build.telling import build_and_tell
from tweestad.build.twin import read_twin
from tweestad.config import Config
from tweestad.demo_feeds import DemoFeeds
from tweestad.errors import InputRejected, TwinConfigInvalid
from tweestad.model.feed_plan import FeedPlan
from tweestad.model.text import Text
from tweestad.region import Member
from tweestad.serving import open_port, serve

ROOT = Path(__file__).resolve().parent.parent
NEEDS_OPEN_DATA = "amsterdam"
_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class City:
    """A twin folder of demo/ whose inputs are here, with the data folder it is built in."""

    folder: Path
    member: Member
    feeds: FeedPlan


def show_demo(config: Config, wanted: str, *, alone: bool) -> int:
    """Build one city and serve it; the others are built beside it, one by one. Returns the exit code.

    `wanted` names a folder of demo/; without it Amsterdam when its data is here, else the invented town.
    `alone` offers no others. Raises InputRejected for a city that is not there.
    """
    if config.open_data is None and (ROOT.parent / "shared" / "data").is_dir():
        config = replace(config, open_data=ROOT.parent / "shared" / "data")
    folder = ROOT / "demo" / (wanted or _default_city(config))
    if not (folder / "twin.toml").is_file():
        there = ", ".join(_names()) or "none"
        raise InputRejected(f"there is no demo city ‘{folder.name}’; there are: {there}")
    # Before a build of a minute, not after it, one wants to know that the port is taken.
    open_port(config.host, config.port).close()
    here = config if alone else replace(config, data_dir=ROOT / "var" / folder.name)
    build_and_tell(folder, here)
    names = [] if alone else [name for name in _names() if name != folder.name]
    others = [city for city in (_find_city(name, config) for name in names) if city]
    feeds = DemoFeeds([here, *(city.member.config for city in others)])
    builds = _Builds(others, config, feeds, first=(here, read_twin(folder, here).feeds))

    def when_ready() -> None:
        feeds.begin()
        builds.start()

    # The server passes on what it was told to stop by, and that would end this process before its children.
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _end)
    try:
        return serve(here, [city.member for city in others], when_ready=when_ready)
    finally:
        builds.stop()
        feeds.stop()


def _end(_number: int, _frame: object) -> None:
    sys.exit(0)


def _names() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "demo").glob("*/twin.toml"))


def _default_city(config: Config) -> str:
    real = _find_city(NEEDS_OPEN_DATA, config) is not None
    return NEEDS_OPEN_DATA if real else "voorbeeldstad"


def _find_city(name: str, config: Config) -> City | None:
    """The city, or None when a file that it reads is not here."""
    folder = ROOT / "demo" / name
    own = replace(config, data_dir=ROOT / "var" / name)
    try:
        plan = read_twin(folder, own)
    except TwinConfigInvalid:
        return None  # `{open_data}` is not set: `tweestad build` says it in full
    files = [file for layer in plan.layers for file in layer.inputs if not file.generated]
    if not all(file.path.is_file() for file in files):
        return None
    # The folder and not the id, so that a link stays when a city is renamed.
    title = Text(plan.twin.title.nl, plan.twin.title.en)
    return City(folder, Member(name, title, own), plan.feeds)


class _Builds:
    """Builds cities in a process of their own, one after another, as gently as the system allows.

    Of each city that is built the feeds are followed, and before all of them those of the first.
    """

    def __init__(
        self, cities: Sequence[City], config: Config, feeds: DemoFeeds, *, first: tuple[Config, FeedPlan]
    ) -> None:
        self._cities = cities
        self._config = config
        self._feeds = feeds
        self._first = first
        self._stopped = threading.Event()
        self._turn = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the build that runs; what it had not finished leaves the old twin as it was."""
        with self._turn:
            self._stopped.set()
            if self._running is not None:
                self._running.terminate()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        self._feeds.follow(*self._first)
        for city in self._cities:
            log = city.member.config.data_dir.with_suffix(".log")
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("wb") as told:
                # None starts once it was told to stop, or it would outlive the demo.
                with self._turn:
                    if self._stopped.is_set():
                        return
                    # Our own program and our own paths only.
                    running = subprocess.Popen(self._command(city), stdout=told, stderr=told)  # noqa: S603
                    self._running = running
                code = running.wait()
            if code and not self._stopped.is_set():
                print(f"{city.folder.name} could not be built: see {log}", file=sys.stderr, flush=True)
            elif not self._stopped.is_set():
                self._feeds.follow(city.member.config, city.feeds)

    def _command(self, city: City) -> list[str]:
        gently = [nice, "-n", "15"] if (nice := shutil.which("nice")) else []
        build = [sys.executable, "-m", "tweestad.cli", "build", str(city.folder)]
        data = ["--data", str(city.member.config.data_dir)]
        open_data = ["--open-data", str(self._config.open_data)] if self._config.open_data else []
        return [*gently, *build, *data, *open_data]
