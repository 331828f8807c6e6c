"""One record of a feed with typed access to its fields, the same for JSON, XML and CSV.

A path such as `location/latitude` leads into the record. What has to be there and is not, or cannot be read,
raises InputRejected with one of few sentences: `each` turns that into a Rejected, so that one bad record
costs one record.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import orjson

from tweestad.errors import InputRejected
from tweestad.formats.records.elements import Element, values_of
from tweestad.formats.records.moments import Zone, read_moment
from tweestad.model.received import Rejected

RAW_MAX = 500
TEXT_MAX = 10_000
# Beyond every quantity that is measured in a city; a number like this is a fault of a program.
NUMBER_MAX = 1e12

Found = TypeVar("Found")


class Record:
    """Field by field access to one record; `find_…` gives None for what is absent, null or empty."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    @classmethod
    def of(cls, element: Element) -> Record:
        """An XML element as a record: children by local name, attributes as `@name`, its text as `#text`."""
        return cls(values_of(element))

    def __contains__(self, path: str) -> bool:
        """Whether the field is there at all, null or not."""
        return _at(self._values, path)[0]

    def keys(self) -> list[str]:
        """The names of the fields at the top."""
        return list(self._values)

    def text(self, path: str) -> str:
        """A text (or a number, as it is written) that has to be there."""
        found = self.find_text(path)
        if found is None:
            raise self._absent(path)
        return found

    def find_text(self, path: str) -> str | None:
        """A text without the space around it."""
        value = _at(self._values, path)[1]
        if isinstance(value, Mapping):
            value = value.get("#text")
        if value is None or (isinstance(value, Sequence) and not isinstance(value, str)):
            return None
        told = _written(value).strip()
        if len(told) > TEXT_MAX:
            raise InputRejected(f"a text is longer than {TEXT_MAX} characters")
        return told or None

    def number(self, path: str, *, decimal: str = ".") -> float:
        """A finite number, or a text that is one, which has to be there."""
        found = self.find_number(path, decimal=decimal)
        if found is None:
            raise self._absent(path)
        return found

    def find_number(self, path: str, *, missing: Iterable[str] = (), decimal: str = ".") -> float | None:
        """A finite number; None also when it is one of the texts by which the feed says `missing`."""
        told = self.find_text(path)
        if told is None or told in missing:
            return None
        if isinstance(_at(self._values, path)[1], bool):
            raise InputRejected(f"‘{_last(path)}’ is not a number")
        try:
            number = float(told.replace(decimal, ".") if decimal != "." else told)
        except ValueError as exc:
            raise InputRejected(f"‘{_last(path)}’ is not a number") from exc
        if not math.isfinite(number):
            raise InputRejected(f"‘{_last(path)}’ is not a number")
        if abs(number) > NUMBER_MAX:
            raise InputRejected(f"‘{_last(path)}’ is too large to be measured")
        return number

    def measured(self, path: str, *, missing: Iterable[str] = (), decimal: str = ".") -> float | None:
        """A value whose field has to be there, while it may be null, empty or `missing` (then None)."""
        if path not in self:
            raise self._absent(path)
        return self.find_number(path, missing=missing, decimal=decimal)

    def whole(self, path: str) -> int:
        """A whole number that has to be there."""
        number = self.number(path)
        if number != int(number):
            raise InputRejected(f"‘{_last(path)}’ is not a whole number")
        return int(number)

    def find_flag(self, path: str) -> bool | None:
        """True or false, also written as a word (English or Dutch) or as 1 or 0."""
        told = self.find_text(path)
        if told is None:
            return None
        word = told.lower()
        if word in ("true", "1", "ja", "j", "yes"):
            return True
        if word in ("false", "0", "nee", "n", "no"):
            return False
        raise InputRejected(f"‘{_last(path)}’ is not true or false")

    def time(self, path: str, zone: Zone = "") -> datetime:
        """A moment (UTC) that has to be there; `zone` is the rule of the feed for times without one."""
        return read_moment(self.text(path), zone)

    def find_time(self, path: str, zone: Zone = "") -> datetime | None:
        told = self.find_text(path)
        return None if told is None else read_moment(told, zone)

    def record(self, path: str) -> Record:
        """A record inside this one that has to be there."""
        found = self.find_record(path)
        if found is None:
            raise self._absent(path)
        return found

    def find_record(self, path: str) -> Record | None:
        value = _at(self._values, path)[1]
        return Record(value) if isinstance(value, Mapping) else None

    def records(self, path: str) -> list[Record]:
        """The records of a list that has to be there; a single record is a list of one, null is empty."""
        if path not in self:
            raise self._absent(path)
        return self.find_records(path)

    def find_records(self, path: str) -> list[Record]:
        value = _at(self._values, path)[1]
        if isinstance(value, Mapping):
            return [Record(value)]
        if isinstance(value, list):
            return [Record(each if isinstance(each, Mapping) else {"#text": each}) for each in value]
        if value is None or value == "":
            return []
        return [Record({"#text": value})]

    def numbers(self, path: str) -> list[float]:
        """The finite numbers of a list that has to be there."""
        value = _at(self._values, path)[1]
        if not isinstance(value, list):
            raise self._absent(path)
        return [Record({_last(path): each}).number(_last(path)) for each in value]

    def values(self, path: str = "") -> Mapping[str, object]:
        """The plain values of a record, to hand to a library that reads them."""
        value = _at(self._values, path)[1] if path else self._values
        return value if isinstance(value, Mapping) else {}

    def raw(self) -> str:
        """The record as text, cut to 500 characters."""
        return orjson.dumps(self._values, default=str)[:RAW_MAX].decode("utf-8", "ignore")

    def _absent(self, path: str) -> InputRejected:
        there = " is empty" if path in self else " is missing"
        return InputRejected(f"‘{path}’{there}")


def each(records: Iterable[Record], read: Callable[[Record], Iterable[Found]]) -> Iterator[Found | Rejected]:
    """What `read` makes of every record; a record in which something is wrong becomes one Rejected."""
    for record in records:
        try:
            found = list(read(record))
        except InputRejected as exc:
            yield Rejected(exc.reason, record.raw())
        else:
            yield from found


def _at(values: object, path: str) -> tuple[bool, object]:
    """Whether a path is there, and its value; of a list in the middle the first record is followed."""
    if isinstance(values, Mapping) and path in values:
        return True, values[path]  # also a name of its own with a / in it
    for name in path.split("/"):
        while isinstance(values, list) and values:
            values = values[0]
        if not isinstance(values, Mapping) or name not in values:
            return False, None
        values = values[name]
    return True, values


def _last(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
