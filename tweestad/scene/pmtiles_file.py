"""The head of a PMTiles file (specification version 3): read its facts, replace its metadata."""

from __future__ import annotations

import gzip
import json
import struct
from dataclasses import dataclass
from typing import Final

from tweestad.errors import InputRejected

_HEAD: Final = struct.Struct("<7sB11Q6B4iB2i")
_HEAD_SIZE: Final = 127
_GZIP: Final = 2
_KEPT: Final = ("name", "format", "type", "vector_layers")


@dataclass(frozen=True, slots=True)
class PmtilesFacts:
    """What a reader of the file needs to know. `bounds`: west, south, east, north in degrees."""

    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]


def facts_of(data: bytes) -> PmtilesFacts:
    """Zooms and bounds from the head; raises InputRejected when this is no PMTiles file."""
    head = _head(data)
    west, south, east, north = (v / 1e7 for v in head[19:23])
    return PmtilesFacts(head[17], head[18], (west, south, east, north))


def with_plain_metadata(data: bytes) -> bytes:
    """The same tiles with only the name and the list of layers as metadata.

    Tippecanoe notes its command line with temporary paths, and counts of what it did; neither belongs
    in a public file, and the paths would make equal tiles differ.
    """
    head = list(_head(data))
    sections = [data[head[k] : head[k] + head[k + 1]] for k in (2, 4, 6, 8)]
    root, metadata, leaves, tiles = sections
    if head[14] != _GZIP:
        raise InputRejected("the directories of the PMTiles file are not compressed with gzip")
    told = json.loads(gzip.decompress(metadata))
    kept = {key: told[key] for key in _KEPT if key in told}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    metadata = gzip.compress(text.encode(), mtime=0)
    at = _HEAD_SIZE
    for number, section in enumerate((root, metadata, leaves, tiles)):
        head[2 + 2 * number], head[3 + 2 * number] = at, len(section)
        at += len(section)
    return _HEAD.pack(*head) + root + metadata + leaves + tiles


def _head(data: bytes) -> tuple[int, ...]:
    if len(data) < _HEAD_SIZE or not data.startswith(b"PMTiles\x03"):
        raise InputRejected("this is not a PMTiles file of version 3")
    return _HEAD.unpack_from(data)
