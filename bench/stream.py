"""The event stream: 1,000 clients at 20 changes per second. `python bench/stream.py`.

A server process over a SQLite twin of 500 gauges, a process that stores 20 changes per second, and clients on
plain sockets in this process. One client in ten never reads. Latency is from the commit of a change to the
first message that tells of it or of a later one. CLIENTS=, SECONDS= and CHANGES= choose another size.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import uvicorn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from tiles import machine

from tweestad.app import create_app
from tweestad.config import Config
from tweestad.model.observation import Observation
from tweestad.model.reading import Arrival
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.serving import open_port
from tweestad.store.opening import open_store

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench/results/stream.json"
CLIENTS = int(os.environ.get("CLIENTS") or 1_000)
SECONDS = int(os.environ.get("SECONDS") or 60)
PER_SECOND = int(os.environ.get("CHANGES") or 20)
SLOW_SHARE = 10
GAUGES = 500
SOURCE = "ndw-verkeer"
_VERSION = re.compile(rb'^data: ."version":(\d+)', re.MULTILINE)
LIMITS = {"p50_ms": None, "p99_ms": 2_000, "grown_mb": 20}


def arrival(number: int) -> Arrival:
    """One new value of one gauge; number 0 makes all gauges."""
    now = datetime.now(UTC)
    chosen = range(GAUGES) if number == 0 else (number % GAUGES,)
    things = [
        Thing(SOURCE, f"G{n}", "", Location(121_000.0 + n * 10, 487_000.0, 28992), "gauge") for n in chosen
    ]
    streams = [Datastream(each.id, "verkeerssnelheid", "km/h") for each in things]
    values = [Observation(each.id, now, float(number % 120), now) for each in streams]
    if number:
        return Arrival(SOURCE, now, observations=tuple(values))
    return Arrival(SOURCE, now, things=tuple(things), datastreams=tuple(streams), observations=tuple(values))


def serve(folder: Path, port: Connection) -> None:
    """The server, on a port that it tells; the clients all come from one address."""
    opened = open_port("127.0.0.1", 0)
    config = Config(data_dir=folder, stream_clients=CLIENTS * 2, stream_clients_per_address=CLIENTS * 2)
    port.send(opened.getsockname()[1])
    settings = uvicorn.Config(
        create_app(config), log_config=None, access_log=False, timeout_graceful_shutdown=5
    )
    uvicorn.Server(settings).run(sockets=[opened])


def write(folder: Path, told: Connection) -> None:
    """Store changes at their pace, and tell of each its number and the moment of its commit."""
    store = open_store("", folder)
    begun, committed = time.monotonic(), []
    for number in range(1, SECONDS * PER_SECOND + 1):
        time.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
        kept = store.put_arrival(arrival(number))
        committed.append((kept.n, time.monotonic()))
    store.close()
    told.send((committed, time.monotonic() - begun))


@dataclass(slots=True)
class Heard:
    """What one client heard: the change number and the moment of each message."""

    messages: list[tuple[int, float]] = field(default_factory=list)
    ready: bool = False


async def listen(port: int, heard: Heard, *, reads: bool) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /api/v1/stream?layers=verkeer HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await writer.drain()
    try:
        while chunk := await reader.read(65_536):
            told = _VERSION.findall(chunk)
            if told and heard.ready:
                heard.messages.append((int(told[-1]), time.monotonic()))
            heard.ready = heard.ready or bool(told)
            if heard.ready and not reads:
                await asyncio.Event().wait()
    finally:
        writer.close()


def rss_mb(pid: int) -> float:
    """Resident memory of a process, in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1000


async def measure(folder: Path, port: int, pid: int) -> dict[str, Any]:
    everybody = [Heard() for _ in range(CLIENTS)]
    before = rss_mb(pid)
    listening = [
        asyncio.create_task(listen(port, each, reads=n % SLOW_SHARE != 0)) for n, each in enumerate(everybody)
    ]
    begun = time.monotonic()
    while not all(each.ready for each in everybody):
        await asyncio.sleep(0.05)
    connected_s = time.monotonic() - begun
    here, there = multiprocessing.Pipe()
    writer = multiprocessing.get_context("spawn").Process(target=write, args=(folder, there))
    writer.start()
    memory = []
    while not here.poll():
        memory.append(rss_mb(pid))
        await asyncio.sleep(1)
    committed, took_s = here.recv()
    await asyncio.sleep(2)
    writer.join()
    last = rss_mb(pid)
    for each in listening:
        each.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    reading = [each.messages for n, each in enumerate(everybody) if n % SLOW_SHARE != 0]
    waits = sorted(wait for messages in reading for wait in waited(committed, messages))
    quarter = memory[len(memory) // 4 :]
    return {
        "clients": CLIENTS,
        "of_which_never_read": len(range(0, CLIENTS, SLOW_SHARE)),
        "changes_per_second": round(len(committed) / took_s, 1),
        "seconds": round(took_s, 1),
        "messages_per_client_per_second": round(statistics.mean(len(m) for m in reading) / took_s, 2),
        "heard": round(len(waits) / (len(committed) * len(reading)), 4),
        "connected_s": round(connected_s, 1),
        "p50_ms": round(1000 * statistics.median(waits)),
        "p99_ms": round(1000 * waits[int(len(waits) * 0.99)]),
        "worst_ms": round(1000 * waits[-1]),
        "rss_before_clients_mb": round(before, 1),
        "rss_after_a_quarter_mb": round(quarter[0], 1),
        "rss_at_the_end_mb": round(last, 1),
        "grown_mb": round(last - quarter[0], 1),
    }


def waited(committed: list[tuple[int, float]], messages: list[tuple[int, float]]) -> Iterator[float]:
    """For each change the seconds to the first message that tells of it or of a later one."""
    at = 0
    for number, moment in committed:
        while at < len(messages) and messages[at][0] < number:
            at += 1
        if at == len(messages):
            return
        yield max(0.0, messages[at][1] - moment)


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, int]]:
    """The port and the process of a running server."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, there))
    process.start()
    port = here.recv()
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    time.sleep(1)
    pid = process.pid or 0
    try:
        yield port, pid
    finally:
        process.terminate()
        process.join(10)


def main() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store("", folder)
        store.put_arrival(arrival(0))
        store.close()
        with server(folder) as (port, pid):
            found = asyncio.run(measure(folder, port, pid))
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for key, value in found.items():
        limit = LIMITS.get(key)
        over = limit is not None and value > limit
        print(f"{key:<32} {value:>10}{f'  ABOVE {limit}' if over else ''}")
    kept = {
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit.stdout.strip(),
        **found,
    }
    RESULTS.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
