"""What is asked of a feed, and the files of the town that it answers from."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the host and path of the real service, and the moment (UTC) at which it is answered."""

    host: str
    path: str
    moment: dt.datetime
    query: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def last(self) -> str:
        """The last word of the path."""
        return self.path.rstrip("/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Files:
    """The generated input files of the town, and the seed it was made from."""

    folder: Path
    seed: int

    def data(self, name: str) -> bytes:
        """A file as it is, unpacked when its name ends in .gz."""
        data = (self.folder / name).read_bytes()
        return gzip.decompress(data) if name.endswith(".gz") else data

    def json(self, name: str) -> Any:
        return orjson.loads(self.data(name))

    def names(self, pattern: str) -> list[str]:
        """The files that fit a pattern, in order of name."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.glob(pattern))

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The features of a GeoJSON file (longitude and latitude)."""
        return list(self.json(name)["features"])


def as_json(body: Any) -> bytes:
    return orjson.dumps(body)


def as_gzip(data: bytes) -> bytes:
    """Packed so that equal data gives equal bytes."""
    return gzip.compress(data, 5, mtime=0)
