"""Several writers, broken connections and killed processes: nothing half, nothing double, nothing lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.store.conftest import Open
from tests.store.small_city import PUBLIC, cell, feature, grid, ids, layer, place, snapshot
from tweestad.errors import InputRejected, StoreUnavailable
from tweestad.model.feature import Feature
from tweestad.store.opening import open_store
from tweestad.store.protocol import Store, Where

# What another process does: put a layer again and again, each time with something changed.
WRITER = """
import sys
from pathlib import Path
from tests.store.small_city import feature, layer
from tweestad.store.opening import open_store
address, folder, name, times = sys.argv[1:]
store = open_store(address, Path(folder))
for i in range(int(times)):
    change = store.put_layer(layer(name), [feature(str(j), layer_id=name, jaar=i) for j in range(20)])
    print(change.n, flush=True)
store.close()
"""
# Another process that is killed while its source is being read, or just before its swap is committed.
KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from tests.store.small_city import feature, grid, layer
from tweestad.store.opening import open_store
address, folder, moment = sys.argv[1:]
store = open_store(address, Path(folder))
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
def source():
    yield from grid(6000)
    if moment == "source":
        die()
if moment == "commit":
    engine = store._backend.engine
    @event.listens_for(engine, "before_cursor_execute")
    def watch(connection, cursor, statement, parameters, context, many):
        if statement.startswith("UPDATE layer"):
            event.listen(engine, "commit", die)
store.put_layer(layer(title="Half"), source())
"""


def run(program: str, *arguments: str) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], cwd=root, stdout=subprocess.PIPE, text=True
    )


def test_writers_in_threads_each_take_their_own_number(store: Store) -> None:
    def write(name: str) -> list[int]:
        versions = ([feature(str(j), layer_id=name, jaar=i) for j in range(50)] for i in range(5))
        return [store.put_layer(layer(name), version).n for version in versions]

    with ThreadPoolExecutor(4) as threads:
        numbers = [n for taken in threads.map(write, ["a", "b", "c", "d"]) for n in taken]
    assert sorted(numbers) == list(range(1, 21))
    assert store.clock("city") == 20
    assert sum(found.count for found in store.layers(PUBLIC)) == 200


def test_writers_of_one_layer_leave_it_as_one_of_them_wrote_it(store: Store) -> None:
    def write(year: int) -> None:
        store.put_layer(layer(), [feature(str(j), jaar=year) for j in range(100)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(8)))
    found = store.features(Where(layer="gebouwen"), limit=200)
    assert len(found) == 100
    assert len({f.feature.attributes["jaar"] for f in found}) == 1
    assert {f.since for f in found} == {store.clock("city")}
    for n in range(1, store.clock("city") + 1):
        assert store.count(Where(layer="gebouwen", at=n)) == 100


def test_a_reader_never_sees_half_a_layer(store: Store) -> None:
    stop = threading.Event()
    seen: set[tuple[int, ...]] = set()

    def read() -> None:
        while not stop.is_set():
            found = store.features(Where(layer="gebouwen"), limit=5_000)
            seen.add(tuple(sorted({int(str(f.feature.attributes["jaar"])) for f in found})))
            seen.add((store.count(Where(layer="gebouwen", ids=("0", "1499"))),))

    store.put_layer(layer(), [feature(str(j), jaar=100) for j in range(1_500)])
    with ThreadPoolExecutor(2) as threads:
        reading = [threads.submit(read) for _ in range(2)]
        for year in range(101, 105):
            store.put_layer(layer(), [feature(str(j), jaar=year) for j in range(1_500)])
        stop.set()
        for done in reading:
            done.result()
    assert seen <= {(2,), (100,), (101,), (102,), (103,), (104,)}


def test_two_processes_each_take_their_own_number(open_again: Open, address: str, tmp_path: Path) -> None:
    store = open_again()
    writers = [run(WRITER, address, str(tmp_path / "twin"), name, "10") for name in ("a", "b")]
    written = [writer.communicate()[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert sorted(int(n) for text in written for n in text.split()) == list(range(1, 21))
    assert store.clock("city") == 20
    assert store.changes_since(0).keys() == {"a", "b"}


def test_two_processes_that_open_a_new_database_both_succeed(tmp_path: Path) -> None:
    writers = [run(WRITER, "", str(tmp_path / "new"), name, "1") for name in ("a", "b")]
    written = [writer.communicate()[0] for writer in writers]
    assert sorted(int(text) for text in written) == [1, 2]


@pytest.mark.parametrize("moment", ["source", "commit"])
def test_a_killed_import_leaves_everything_as_it_was(
    open_again: Open, address: str, tmp_path: Path, moment: str
) -> None:
    store = open_again()
    store.put_layer(layer(), grid(5), places=[place("Nes", "p000000")], cells=[cell("1", "a")])
    before = snapshot(store)
    victim = run(KILLED, address, str(tmp_path / "twin"), moment)
    victim.communicate()
    assert victim.returncode == -signal.SIGKILL
    assert snapshot(store) == before
    assert snapshot(open_again()) == before
    assert store.put_layer(layer(), grid(6)).added == 1


def test_a_refused_import_returns_its_connection(store: Store) -> None:
    for _ in range(50):
        with pytest.raises(InputRejected):
            store.put_layer(layer(), [feature("a"), feature("a")])
    assert store.put_layer(layer(), [feature("a")]).n == 1


@pytest.mark.postgres
def test_after_a_lost_connection_the_store_is_itself_again(postgres_url: str, tmp_path: Path) -> None:
    store = open_store(postgres_url, tmp_path)
    store.put_layer(layer(), grid(5))
    before = snapshot(store)

    def cut() -> Iterator[Feature]:
        yield from grid(10)
        with psycopg.connect(postgres_url) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'tweestad' AND datname = current_database()"
            )

    with pytest.raises(StoreUnavailable) as caught:
        store.put_layer(layer(), cut())
    assert "127.0.0.1" not in str(caught.value)
    assert snapshot(store) == before
    assert store.put_layer(layer(), grid(6)).added == 1
    store.close()


@pytest.mark.postgres
def test_a_read_that_takes_too_long_is_stopped(postgres_url: str, tmp_path: Path) -> None:
    store = open_store(postgres_url, tmp_path, read_timeout_s=0.2)
    store.put_layer(layer(), [])
    with psycopg.connect(postgres_url) as other:
        # Stands for a query that is too heavy: a reader that waits.
        other.execute("LOCK TABLE feature")
        with pytest.raises(StoreUnavailable):
            store.features(Where(layer="gebouwen"), limit=1)
    assert ids(store) == []
    store.close()


def test_a_server_that_is_not_there_is_an_unavailable_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_store("postgresql://somebody:secret@127.0.0.1:1/twin", tmp_path)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_an_unavailable_store(tmp_path: Path) -> None:
    (tmp_path / "tweestad.sqlite").write_bytes(b"This is not a database. " * 1000)
    with pytest.raises(StoreUnavailable):
        open_store("", tmp_path)


@pytest.mark.parametrize("address", ["mysql://localhost/twin", "twin.sqlite", "sqlite:///twin.sqlite", "::"])
def test_an_address_of_another_kind_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(InputRejected):
        open_store(address, tmp_path)


def test_the_folder_of_the_twin_is_made(tmp_path: Path) -> None:
    open_store("", tmp_path / "a" / "b").close()
    assert [p.name for p in (tmp_path / "a" / "b").iterdir()] == ["tweestad.sqlite"]
