"""A file of geometries and numbers: a line of JSON, then blocks of bytes. Equal values give equal bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely

from tweestad.ground.cutting import Geometries

_HASH_BYTES = 32


def packed(facts: object, blocks: Sequence[bytes]) -> bytes:
    """The facts (plain JSON values) and the blocks as one piece of bytes, a hash of it all in front."""
    head = orjson.dumps({"facts": facts, "blocks": [len(b) for b in blocks]}, option=orjson.OPT_SORT_KEYS)
    body = b"".join((head, b"\n", *blocks))
    return hashlib.sha256(body).digest() + body


def unpacked(data: bytes) -> tuple[Any, list[bytes]]:
    """What `packed` was given; raises ValueError for damaged bytes."""
    body = data[_HASH_BYTES:]
    if hashlib.sha256(body).digest() != data[:_HASH_BYTES]:
        raise ValueError("the bytes are not what was written")
    line, _, rest = body.partition(b"\n")
    head = orjson.loads(line)
    ends = np.cumsum([0, *head["blocks"]]).tolist()
    return head["facts"], [rest[start:end] for start, end in pairwise(ends)]


def geometry_bytes(geometries: Geometries) -> bytes:
    """Geometries as one piece of WKB."""
    return bytes(shapely.to_wkb(shapely.geometrycollections(shapely.force_2d(geometries))))


def geometries_from(data: bytes) -> Geometries:
    """What `geometry_bytes` was given."""
    return np.asarray(shapely.get_parts(shapely.from_wkb(data)), dtype=np.object_)
