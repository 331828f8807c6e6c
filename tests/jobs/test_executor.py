"""The executor: the same answers from any number of processes, and no process left behind."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.jobs.work import die, refuse, shout, sleep
from tweestad.errors import InputRejected, TweestadError
from tweestad.jobs.executor import Executor, _Worker

KEYS = [f"key-{n}" for n in range(7)]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_every_key_is_answered_once_by_any_number_of_processes(processes: int) -> None:
    found = list(Executor(processes).map(shout, KEYS))
    assert {key: answer for key, (answer, _) in found} == {key: key.upper() for key in KEYS}
    assert len(found) == len(KEYS)
    workers = {process for _, (_, process) in found}
    assert (workers == {os.getpid()}) == (processes == 1)
    assert multiprocessing.active_children() == []


def test_one_key_starts_no_process() -> None:
    assert list(Executor(2).map(shout, ["a"])) == [("a", ("A", os.getpid()))]


def test_an_error_in_a_worker_keeps_its_type_and_its_place() -> None:
    with pytest.raises(InputRejected, match="this is wrong") as caught:
        list(Executor(2).map(refuse, KEYS))
    assert caught.value.where in KEYS
    assert multiprocessing.active_children() == []


def test_a_killed_worker_is_told_in_one_sentence() -> None:
    with pytest.raises(TweestadError, match="a worker process was killed by signal 9") as caught:
        list(Executor(2).map(die, KEYS))
    assert "\n" not in str(caught.value)
    assert multiprocessing.active_children() == []


def test_leaving_early_ends_the_workers() -> None:
    def interrupted() -> None:
        for _ in Executor(2).map(sleep_or_shout, ["first", "slow", "slower"]):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert multiprocessing.active_children() == []


def test_a_worker_that_cannot_start_ends_those_that_did(monkeypatch: pytest.MonkeyPatch) -> None:
    start = _Worker.start
    started: list[_Worker] = []

    def start_two(function: Callable[[str], object]) -> _Worker:
        if len(started) == 2:
            raise BlockingIOError("no more processes")
        started.append(start(function))
        return started[-1]

    monkeypatch.setattr(_Worker, "start", start_two)
    with pytest.raises(BlockingIOError):
        list(Executor(3).map(shout, KEYS))
    assert len(started) == 2
    assert multiprocessing.active_children() == []


def sleep_or_shout(key: str) -> str:
    """The first at once, the others never."""
    return shout(key)[0] if key == "first" else sleep(key)


def test_workers_are_asked_to_read_files_themselves(tmp_path: Path) -> None:
    files = [tmp_path / str(n) for n in range(3)]
    for file in files:
        file.write_text(file.name * 3, encoding="utf-8")
    found = dict(Executor(2).map(read, [str(file) for file in files]))
    assert found == {str(file): file.name * 3 for file in files}


def read(key: str) -> str:
    """What a file holds."""
    return Path(key).read_text(encoding="utf-8")
