"""The live side of the demo: a replay server, and a worker for each city, in processes of their own.

They start once the twin answers, so that nobody waits for them, and end with it.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tweestad.config import Config
from tweestad.model.feed_plan import FeedPlan
from tweestad.serving import open_port

_PATIENCE_S = 10.0
_REPLAY_S = 30.0
_BETWEEN_S = 0.1
Start = Callable[[Sequence[str], Path], "subprocess.Popen[bytes]"]


class DemoFeeds:
    """Starts the replay server for these cities and, one by one, their workers; `start` makes a process."""

    def __init__(self, configs: Sequence[Config], start: Start | None = None) -> None:
        self._configs = list(configs)
        self._start = start or _start
        self._running: list[subprocess.Popen[bytes]] = []
        self._turn = threading.Lock()
        self._stopped = threading.Event()
        self._ready = threading.Event()
        self._port = 0

    def begin(self) -> None:
        """Start the replay server; it is waited for in the background."""
        opened = open_port("127.0.0.1", 0)
        self._port = opened.getsockname()[1]
        opened.close()
        first, *others = self._configs
        also = [word for each in others for word in ("--also", str(each.data_dir))]
        self._run(["replay", *_data(first), *also, "--port", str(self._port)], first.data_dir, "replay")
        threading.Thread(target=self._wait, daemon=True).start()

    def follow(self, config: Config, plan: FeedPlan) -> None:
        """Start the worker of a city that is built: on recordings, or with `live` on the real services."""
        if plan.on == () or not (plan.live or self._ready.wait(_REPLAY_S)):
            return
        base = [] if plan.live else ["--base", f"http://127.0.0.1:{self._port}/{config.data_dir.name}"]
        self._run(["worker", *_data(config), *base, "--past"], config.data_dir, "worker")

    def stop(self) -> None:
        """End all of them, and wait until they have stored what they were storing."""
        with self._turn:
            self._stopped.set()
            running, self._running = self._running, []
        for each in running:
            each.terminate()
        for each in running:
            try:
                each.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                each.kill()

    def _wait(self) -> None:
        """Until the replay server answers."""
        ends = time.monotonic() + _REPLAY_S
        while time.monotonic() < ends and not self._stopped.is_set():
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
            except OSError:
                self._stopped.wait(_BETWEEN_S)
            else:
                self._ready.set()
                return

    def _run(self, words: Sequence[str], data: Path, name: str) -> None:
        # None starts once it was told to stop, or it would outlive the demo.
        with self._turn:
            if not self._stopped.is_set():
                self._running.append(self._start(words, data.with_suffix(f".{name}.log")))


def _data(config: Config) -> list[str]:
    open_data = ["--open-data", str(config.open_data)] if config.open_data else []
    return ["--data", str(config.data_dir), *open_data]


def _start(words: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """A process of our own program, as gentle as the system allows, that tells its troubles in a file."""
    gently = [nice, "-n", "10"] if (nice := shutil.which("nice")) else []
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as told:
        # Our own program and our own paths only.
        return subprocess.Popen(  # noqa: S603
            [*gently, sys.executable, "-m", "tweestad.cli", *words], stdout=told, stderr=told
        )
