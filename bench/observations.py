"""Measurements in the store: how long it takes to keep and to find them. `python bench/observations.py`.

Two million values (BIG=1: fifty million) of 5,000 datastreams, stored as they arrive: in order of time,
40,000 at once. Each on SQLite and on a PostgreSQL server of its own with its usual settings and `fsync` on. A
question is asked some times; the table has the median, in milliseconds, and beside it the processor time of
this process, which is what it would be on a machine without other work (for SQLite, which runs in it).

PEERS=1 names what others do the same and why they are not beside it.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tiles import machine

from tests.postgres_server import INSTALL, is_installed, running_server
from tweestad.model.observation import Observation
from tweestad.model.reading import Arrival, ReadingsWhere
from tweestad.model.thing import Datastream, Location, Thing
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store

RESULTS = Path(__file__).resolve().parent / "results/observations.json"
BIG = os.environ.get("BIG") == "1"
DATASTREAMS = 5_000
SERIES = 10_000
# Datastreams with a value each minute; the others have one each `SPARSE` minutes.
DENSE = DATASTREAMS if BIG else 100
SPARSE = 49
BATCH = 40_000
REPEATS = 15
START = datetime(2026, 10, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SETTINGS = ("shared_buffers=512MB", "timezone=UTC")
PEERS = {
    "istSOS4": "containers around PostgreSQL functions, in no package registry: not installable here",
    "FROST-Server": "a Java web application in a container, in no package registry: not installable here",
}

Row = dict[str, Any]


def things() -> Arrival:
    told = tuple(
        Thing(
            "bench",
            f"s{i:05d}",
            f"S{i}",
            Location(120_000.0 + i % 100 * 50, 487_000.0 + i // 100 * 50, 28992),
        )
        for i in range(DATASTREAMS)
    )
    streams = tuple(Datastream(thing.id, "temperatuur", "Cel", period_s=60) for thing in told)
    return Arrival("bench", START, things=told, datastreams=streams)


def key(number: int) -> str:
    return f"bench:s{number:05d}:temperatuur"


def values_of_minute(minute: int) -> Iterator[Observation]:
    at = START + minute * MINUTE
    for number in range(DATASTREAMS if minute % SPARSE == 0 else DENSE):
        level = 10 + (number * 7 + minute * 13) % 199 / 10
        yield Observation(key(number), at, level, at + MINUTE, at - MINUTE)


def arrivals() -> Iterator[Arrival]:
    batch: list[Observation] = []
    for minute in range(SERIES):
        batch += values_of_minute(minute)
        if len(batch) >= BATCH:
            yield Arrival("bench", START, observations=tuple(batch[:BATCH]))
            del batch[:BATCH]
    yield Arrival("bench", START, observations=tuple(batch))


def timed(
    ask: Callable[[], object], repeats: int = REPEATS, *, first: Callable[[], object] | None = None
) -> Row:
    """The median of asking; what is done `first`, each time, does not count."""
    wall, cpu = [], []
    for _ in range(repeats):
        if first is not None:
            first()
        before, before_cpu = time.perf_counter(), time.process_time()
        ask()
        wall.append((time.perf_counter() - before) * 1000)
        cpu.append((time.process_time() - before_cpu) * 1000)
    return {"ms": round(statistics.median(wall), 1), "cpu_ms": round(statistics.median(cpu), 1)}


def fill(store: Store) -> Row:
    """Store everything, and say how long the arrivals of 40,000 took."""
    store.put_arrival(things())
    seconds, stored = [], 0
    for arrival in arrivals():
        before = time.perf_counter()
        store.put_arrival(arrival)
        if len(arrival.observations) == BATCH:
            seconds.append(time.perf_counter() - before)
        stored += len(arrival.observations)
    last = seconds[-10:]
    return {
        "values": stored,
        "seconds_per_40000": round(statistics.median(seconds), 2),
        "seconds_per_40000_of_the_last_ten": round(statistics.median(last), 2),
        "values_per_second": round(BATCH / statistics.median(seconds)),
    }


def questions(store: Store, open_again: Callable[[], Store]) -> dict[str, Row]:
    """What a map, a chart and a table ask, and what a source that repeats itself costs."""
    every, chart, end = ReadingsWhere(), key(42), START + SERIES * MINUTE
    window = replace(every, bbox=(120_000.0, 487_000.0, 120_500.0, 487_500.0))
    past = replace(every, at=START + SERIES // 2 * MINUTE)
    minutes = count(SERIES + 1)
    again = Arrival("bench", end, observations=tuple(values_of_minute(SPARSE * (SERIES // SPARSE))))
    store.latest(every, limit=DATASTREAMS)

    def latest(where: ReadingsWhere = every) -> object:
        return store.latest(where, limit=DATASTREAMS)

    def new_values(many: int) -> object:
        at = START + next(minutes) * MINUTE
        values = tuple(Observation(key(n), at, at.minute + 0.5, at) for n in range(many))
        return store.put_arrival(Arrival("bench", at, observations=values))

    def first_time() -> Row:
        other = open_again()
        other.clock("readings")
        found = timed(lambda: other.latest(every, limit=DATASTREAMS), 1)
        other.close()
        return found

    return {
        "latest of 5,000, nothing new": timed(latest),
        "latest of 5,000, 100 new": timed(latest, first=lambda: new_values(100)),
        "latest of 5,000, all new": timed(latest, 5, first=lambda: new_values(DATASTREAMS)),
        "latest of 5,000, just started": first_time(),
        "latest of a window of 100": timed(lambda: latest(window), first=lambda: new_values(1)),
        "latest of 5,000 as of a moment": timed(lambda: latest(past), 5),
        "series of 10,000": timed(lambda: store.readings(chart, limit=SERIES)),
        "last 1,440 of a series": timed(lambda: store.readings(chart, limit=1440, descending=True)),
        "hours of 10,000 values": timed(lambda: store.aggregate(chart, start=START, end=end, step="hour")),
        "days of 10,000 values": timed(lambda: store.aggregate(chart, start=START, end=end, step="day")),
        "an answer of 5,000 new values": timed(lambda: new_values(DATASTREAMS), 5),
        "an answer of 5,000 known values": timed(lambda: store.put_arrival(again), 5),
    }


def measure(address: str, folder: Path) -> Row:
    store = open_store(address, folder)
    found: Row = {"stored": fill(store)}
    found["asked"] = questions(store, lambda: open_store(address, folder))
    store.close()
    if not address:
        found["mb"] = round(sum(f.stat().st_size for f in folder.iterdir()) / 1e6)
    return found


def measure_postgres() -> Row | None:
    if not is_installed():
        print(INSTALL)
        return None
    import psycopg  # noqa: PLC0415 the extra `postgres`

    with running_server(SETTINGS) as server, tempfile.TemporaryDirectory() as folder:
        address = server.new_database()
        found = measure(address, Path(folder))
        with psycopg.connect(address) as connection:
            size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        found["mb"] = round(size[0] / 1e6) if size else None
        return found


def print_table(found: dict[str, Row]) -> None:
    for backend, row in found.items():
        stored = row["stored"]
        print(f"\n{backend}: {stored['values']:,} values, {row['mb']} MB")
        print(f"  40,000 values in {stored['seconds_per_40000']} s", end=" ")
        print(f"(the last ten: {stored['seconds_per_40000_of_the_last_ten']} s)")
        for question, times in row["asked"].items():
            print(f"  {question:<45} {times['ms']:9.1f} ms {times['cpu_ms']:9.1f} ms of processor")


def main() -> None:
    if os.environ.get("PEERS"):
        for name, reason in PEERS.items():
            print(f"{name}: {reason}")
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    found: dict[str, Row] = {}
    with tempfile.TemporaryDirectory() as folder:
        found["sqlite"] = measure("", Path(folder))
    postgres = measure_postgres()
    if postgres is not None:
        found["postgis"] = postgres
    print_table(found)
    kept["50 million" if BIG else "2 million"] = {"machine": machine(), **found}
    RESULTS.write_text(json.dumps(kept | {"peers": PEERS}, indent=2) + "\n")


if __name__ == "__main__":
    main()
