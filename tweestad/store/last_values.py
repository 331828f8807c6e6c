"""Last values in memory: a map asks for the same ones all day, and most did not change since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from tweestad.model.reading import Latest, ReadingsWhere

# So many are held, which takes about 50 MB.
VALUES_MAX = 50_000
ANSWERS_MAX = 32

# The number of a datastream, and four numbers that change when anything that is told of it does.
Version = tuple[int, ...]
Question = tuple[ReadingsWhere, int]


class LastValues:
    """What was read before, by datastream and by question. Safe to share between threads.

    Nothing here is told without asking the database first whether it still holds, so what another process
    changed, hid or erased shows at once.
    """

    def __init__(self) -> None:
        self._values: dict[int, tuple[Version, Latest]] = {}
        self._answers: dict[Question, tuple[int, list[Latest]]] = {}

    def answer(self, question: Question, n: int) -> list[Latest] | None:
        """The answer as of change number n, when that is what it was."""
        kept = self._answers.get(question)
        return list(kept[1]) if kept is not None and kept[0] == n else None

    def known(self, versions: Iterable[Version]) -> dict[int, Latest]:
        """Of these datastreams those whose last value still holds, by number."""
        found = {}
        for version in versions:
            kept = self._values.get(version[0])
            if kept is not None and kept[0] == version:
                found[version[0]] = kept[1]
        return found

    def keep(self, read: Sequence[tuple[Version, Latest]]) -> None:
        if len(self._values) + len(read) > VALUES_MAX:
            self._values.clear()
        self._values.update((version[0], (version, value)) for version, value in islice(read, VALUES_MAX))

    def keep_answer(self, question: Question, n: int, values: list[Latest]) -> None:
        """`n` was read before the question was asked: what changed in between is asked for again."""
        if len(self._answers) >= ANSWERS_MAX:
            self._answers.clear()
        self._answers[question] = (n, list(values))

    def forget(self) -> None:
        """After something was erased nothing of it stays in memory here."""
        self._values.clear()
        self._answers.clear()
