"""Reads tables of a TOML file strictly, and collects every fault with its line instead of stopping at one."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tweestad.errors import TwinConfigInvalid
from tweestad.formats.toml.lines import KeyPath, line_of
from tweestad.model.feature import BBox
from tweestad.model.text import Text


@dataclass(slots=True)
class Faults:
    """What is wrong with one file, in the order of its lines."""

    file: Path
    lines: dict[KeyPath, int]
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: KeyPath, sentence: str) -> None:
        self.found.append((line_of(self.lines, path), sentence))

    def check(self) -> None:
        """Raise TwinConfigInvalid with one line per fault, when there is any."""
        if self.found:
            told = sorted(dict.fromkeys(self.found))
            raise TwinConfigInvalid("\n".join(f"{self.file}:{line}: {text}" for line, text in told))


def suggestion(word: str, known: Iterable[str]) -> str:
    """“ (did you mean ‘x’?)” for the known word most like this one, or the choices when there are few."""
    choices = sorted(known)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f" (did you mean ‘{near[0]}’?)"
    return f" (choose from: {', '.join(choices)})" if 0 < len(choices) <= 12 else ""


class Fields:
    """One table being read: each `take` of a key checks its type; `finish` reports keys nobody took.

    A fault never raises here: it is added to `faults` and the default is returned, so that one run
    reports everything. A caller may only use the values after `faults.check()`.
    """

    def __init__(self, values: object, path: KeyPath, faults: Faults) -> None:
        self.path = path
        self.faults = faults
        self._known: list[str] = []
        self._values: Mapping[str, Any] = {}
        if isinstance(values, Mapping):
            self._values = values
        else:
            faults.add(path, f"{self.name} must be a table")

    @property
    def name(self) -> str:
        """The last word of the path, for messages."""
        return ".".join(str(p) for p in self.path if isinstance(p, str)) or "the file"

    def fault(self, key: str, sentence: str) -> None:
        self.faults.add((*self.path, key), sentence)

    def has(self, key: str) -> bool:
        """Is the key there? This also makes it a known one."""
        self._known.append(key)
        return key in self._values

    def keys(self) -> list[str]:
        """All keys of a free table (its keys are data), which makes all of them known."""
        self._known.extend(self._values)
        return list(self._values)

    def raw(self, key: str) -> Any:
        return self._values.get(key) if self.has(key) else None

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required when there is no default."""
        value = self._take(key, str, "a text", required=default is None)
        if isinstance(value, str) and not value.strip() and default is None:
            self.fault(key, f"{key} is empty")
        return value if isinstance(value, str) else (default or "")

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """A text that is one of the choices."""
        value = self.text(key, default)
        if value not in choices and key in self._values and isinstance(self._values[key], str):
            self.fault(key, f"{key} cannot be ‘{value}’{suggestion(value, choices)}")
        return value if value in choices else (default or choices[0])

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when the key is not there."""
        value = self._take(key, list, "a list of texts", required=False)
        if value is None:
            return ()
        if not all(isinstance(v, str) for v in value):
            self.fault(key, f"{key} must be a list of texts")
            return ()
        return tuple(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self._take(key, bool, "true or false", required=False)
        return default if value is None else bool(value)

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number; required when there is no default."""
        value = self._take(key, (int, float), "a number", required=default is None)
        if value is None:
            return default or 0.0
        if isinstance(value, bool) or not math.isfinite(value):
            self.fault(key, f"{key} must be a number")
            return default or 0.0
        return float(value)

    def whole(self, key: str, default: int) -> int:
        value = self._take(key, int, "a whole number", required=False)
        if isinstance(value, bool):
            self.fault(key, f"{key} must be a whole number")
            return default
        return default if value is None else int(value)

    def numbers(self, key: str, count: int) -> tuple[float, ...] | None:
        """`count` finite numbers, or None when the key is not there or wrong."""
        value = self._take(key, list, f"a list of {count} numbers", required=False)
        if value is None:
            return None
        good = all(isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in value)
        if len(value) != count or not good:
            self.fault(key, f"{key} must be a list of {count} numbers")
            return None
        return tuple(float(v) for v in value)

    def box(self, key: str) -> BBox | None:
        """`[min x, min y, max x, max y]` in EPSG:28992, or None."""
        corners = self.numbers(key, 4)
        if corners is None:
            return None
        if corners[0] >= corners[2] or corners[1] >= corners[3]:
            self.fault(key, f"{key} must be [min x, min y, max x, max y]")
            return None
        return BBox(corners[0], corners[1], corners[2], corners[3])

    def words(self, key: str, *, required: bool = False) -> Text:
        """`{nl = "…", en = "…"}`, or one text that serves for both."""
        if not self.has(key):
            if required:
                self.fault(key, f"{key} is missing in {self.name}")
            return Text("")
        value = self._values[key]
        if isinstance(value, str):
            return Text(value)
        table = self.table(key)
        if table is None:
            return Text("")
        words = Text(table.text("nl"), table.text("en", ""))
        table.finish()
        return words

    def table(self, key: str) -> Fields | None:
        """The table under the key, or None when it is not there or not a table."""
        if not self.has(key):
            return None
        if not isinstance(self._values[key], Mapping):
            self.fault(key, f"{key} must be a table")
            return None
        return Fields(self._values[key], (*self.path, key), self.faults)

    def tables(self, key: str) -> list[Fields]:
        """The tables of a list; empty when the key is not there."""
        value = self._take(key, list, "a list of tables", required=False) or []
        return [Fields(item, (*self.path, key, n), self.faults) for n, item in enumerate(value)]

    def finish(self) -> None:
        """Report every key that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                hint = suggestion(key, self._known)
                self.fault(key, f"unknown key ‘{key}’ in {self.name}{hint}")

    def _take(self, key: str, kind: type | tuple[type, ...], words: str, *, required: bool) -> Any:
        if not self.has(key):
            if required:
                self.fault(key, f"{key} is missing in {self.name}")
            return None
        value = self._values[key]
        if not isinstance(value, kind):
            self.fault(key, f"{key} must be {words}")
            return None
        return value
