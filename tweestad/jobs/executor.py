"""The same function over many keys, in processes of their own when there is enough to do.

A function is sent by its name and a key is a short text that names what to work on (a file, a blob), so
that nothing large goes from process to process and another executor can do the same on other machines.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeVar, cast

from tweestad.errors import TweestadError

MOST_PROCESSES = 4
"""So many at most unless a setting says otherwise: each takes memory of its own."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Executor:
    """Calls a function for each of many keys; `processes` 0 is one per core, at most four.

    With one process, or for one key, everything happens in this process.
    """

    processes: int = 0

    def map(self, function: Callable[[str], Result], keys: Sequence[str]) -> Iterator[tuple[str, Result]]:
        """Give each key with its result, in the order in which they are ready.

        `function` stands at the top of a module; what it gives and raises must survive pickling. An
        error in a worker is raised here and stops the others. Raises TweestadError when a worker is
        killed. Workers are gone when this ends, also when it is left early.
        """
        count = min(self.processes or available_processes(), len(keys))
        if count <= 1:
            for key in keys:
                yield key, function(key)
            return
        workers: list[_Worker] = []
        try:
            for _ in range(count):
                workers.append(_Worker.start(function))  # noqa: PERF401 - a later one may fail
            yield from cast("Iterator[tuple[str, Result]]", _answers(workers, keys))
        finally:
            for worker in workers:
                worker.end()


def available_processes() -> int:
    """How many processes a build uses when nobody says."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST_PROCESSES)


@dataclass(slots=True)
class _Worker:
    """A process that answers one key at a time."""

    process: BaseProcess
    connection: Connection
    key: str = ""

    @classmethod
    def start(cls, function: Callable[[str], object]) -> _Worker:
        # A fork would copy threads and open databases half-way; spawn starts from nothing.
        context = get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_work, args=(function, there), daemon=True)
        process.start()
        # Only the worker may hold its end, or its death would not be heard.
        there.close()
        return cls(process, here)

    def give(self, key: str) -> None:
        self.key = key
        try:
            self.connection.send(key)
        except OSError as exc:
            raise self._death() from exc

    def answer(self) -> object:
        try:
            failed, answer = self.connection.recv()
        except (EOFError, OSError) as exc:
            raise self._death() from exc
        if failed:
            raise answer
        return answer

    def end(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.join()
        self.process.close()

    def _death(self) -> TweestadError:
        self.process.join(1)
        code = self.process.exitcode
        how = f"was killed by signal {-code}" if code is not None and code < 0 else "stopped"
        return TweestadError(
            f"a worker process {how} before its work was done: was there enough memory?"
            " (TWEESTAD_PROCESSES=1 takes the least)"
        )


def _answers(workers: Sequence[_Worker], keys: Sequence[str]) -> Iterator[tuple[str, object]]:
    waiting = iter(keys)
    busy: dict[object, _Worker] = {}

    def give(worker: _Worker) -> None:
        key = next(waiting, None)
        if key is not None:
            worker.give(key)
            busy[worker.connection] = worker

    for worker in workers:
        give(worker)
    while busy:
        for ready in wait(list(busy)):  # type: ignore[arg-type]
            worker = busy.pop(ready)
            key, answer = worker.key, worker.answer()
            give(worker)
            yield key, answer


def _work(function: Callable[[str], object], connection: Connection) -> None:
    """What a worker does until nobody asks any more."""
    # Ctrl-C reaches all processes of a terminal; only the first may decide what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            key = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer = False, function(key)
        except Exception as exc:  # noqa: BLE001 - the top of a runner: whoever asked gets it
            answer = True, exc
        connection.send(answer)
