"""What came out of a payload as lines of JSON: the `expected.jsonl` of a source, and `tweestad check`."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from enum import IntEnum
from typing import Any

import orjson
import shapely

from tweestad.model.received import Parsed


def line_of(item: Parsed) -> str:
    """One item as one line: its kind, and every field that says something, in the order of the class."""
    told: dict[str, Any] = {"is": type(item).__name__.lower()}
    for each in dataclasses.fields(item):
        value = getattr(item, each.name)
        if value in (None, "", (), {}) or each.name == "received":
            continue
        told[each.name] = _plain(value)
    return orjson.dumps(told).decode()


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        inner = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {name: each for name, each in inner.items() if each is not None}
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, bytes):
        return shapely.to_wkt(shapely.from_wkb(value), rounding_precision=6)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {name: _plain(value[name]) for name in sorted(value)}
    return value
