"""Several sources at once and a process that is killed: nothing half, nothing double, nothing lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.store.conftest import Open
from tests.store.small_city import feature, layer
from tests.store.small_feed import ALL, HOUR, NOW, arrival, hourly, last, one_station, there, value
from tweestad.model.reading import Arrival
from tweestad.model.thing import Datastream, Thing
from tweestad.store.protocol import Store

# Another process that is killed just before its arrival is committed.
KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from tests.store.small_feed import arrival, hourly, station, stream
from tweestad.store.opening import open_store
address, folder = sys.argv[1:]
store = open_store(address, Path(folder))
event.listen(store._backend.engine, "commit", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
store.put_arrival(arrival([station("b")], [stream("b")], hourly(500, key="lucht:b:no2")))
"""


def test_sources_that_answer_at_once_each_take_their_own_numbers(open_again: Open) -> None:
    stores = [open_again() for _ in range(3)]

    def write(source: str) -> list[int]:
        store = stores[int(source) % 3]
        thing = Thing(source, "a")
        stream = Datastream(thing.id, "no2", "ug/m3")
        taken = []
        for i in range(6):
            values = hourly(20, end=NOW + i * 20 * HOUR, key=stream.id)
            told = Arrival(source, NOW, things=(thing,), datastreams=(stream,), observations=tuple(values))
            taken.append(store.put_arrival(told).n)
        return taken

    with ThreadPoolExecutor(4) as threads:
        numbers = [n for taken in threads.map(write, ["0", "1", "2", "3"]) for n in taken]
    assert sorted(numbers) == list(range(1, 25))
    assert [stores[0].count_readings(f"{source}:a:no2") for source in "0123"] == [120] * 4
    assert len(last(stores[1])) == 4


def test_the_city_and_the_measurements_are_counted_apart(store: Store) -> None:
    def build() -> None:
        for i in range(5):
            store.put_layer(layer(), [feature(str(j), jaar=i) for j in range(200)])

    with ThreadPoolExecutor(2) as threads:
        building = threads.submit(build)
        for i in range(5):
            one_station(store, [value(float(i), NOW + i * HOUR)])
        building.result()
    assert (store.clock("city"), store.clock("readings")) == (5, 5)


def test_a_process_killed_before_its_commit_leaves_nothing(
    address: str, store: Store, tmp_path: Path
) -> None:
    one_station(store, [value()])
    command = [sys.executable, "-c", KILLED, address, str(tmp_path / "twin")]
    killed = subprocess.run(command, cwd=Path(__file__).parents[2], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert there(store) == ["lucht:a"]
    assert store.clock("readings") == 1
    assert store.put_arrival(arrival(values=[value(3.0, NOW + HOUR)])).n == 2


@pytest.mark.parametrize("times", [1, 2])
def test_a_value_that_two_processes_bring_is_one_value(open_again: Open, times: int) -> None:
    stores = [open_again(), open_again()]
    one_station(stores[0])
    with ThreadPoolExecutor(2) as threads:
        kept = list(threads.map(lambda s: s.put_arrival(arrival(values=hourly(300))), stores * times))
    assert sum(k.added for k in kept) == 300
    assert stores[0].count_readings("lucht:a:no2") == 300
    assert last(stores[1], ALL) == [("lucht:a:no2", 299.0)]
