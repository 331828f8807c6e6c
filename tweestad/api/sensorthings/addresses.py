"""Addresses of the service: how entities are named in them, and how a path is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from tweestad.api.sensorthings.entities import TYPES, Kind
from tweestad.api.sensorthings.rows import Row
from tweestad.errors import NotFound

SEGMENTS_MAX = 12
_SEGMENT = re.compile(
    r"(?P<name>[$@A-Za-z][\w.@-]*)(?:\((?:'(?P<text>(?:[^']|'')*)'|(?P<number>\d{1,40}))\))?"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A step of a path: `Things('x')`, `name`, `$value`."""

    name: str
    id: str | None = None


def parse_path(path: str) -> tuple[Segment, ...]:
    """The steps of a path, decoded and without a slash before it; raises NotFound for what is no path.

    A quote inside an id is doubled; a slash inside one is a part of it.
    """
    steps: list[Segment] = []
    at = 0
    while at < len(path):
        found = _SEGMENT.match(path, at)
        if found is None or len(steps) == SEGMENTS_MAX:
            raise NotFound("")
        told = found["number"] if found["text"] is None else found["text"].replace("''", "'")
        steps.append(Segment(found["name"], told))
        at = found.end()
        if at < len(path):
            if path[at] != "/" or at + 1 == len(path):
                raise NotFound("")
            at += 1
    return tuple(steps)


def entity_path(kind: Kind, row_id: str) -> str:
    """`Things('…')`, as it stands in an address."""
    doubled = row_id.replace("'", "''")
    return f"{TYPES[kind].plural}('{quote(doubled, safe=':@,;=~!*')}')"


def self_link(base: str, row: Row) -> str:
    """The address of an entity."""
    return f"{base}/{entity_path(row.kind, row.id)}"
