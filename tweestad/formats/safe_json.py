"""JSON from strangers: unpacked under a cap, checked for depth before parsing, and for repeated keys.

orjson itself refuses NaN, Infinity, numbers beyond float64 and broken UTF-8, and never recurses on the
Python stack. What it lets through, a depth it can take and a key given twice, is counted on the bytes.
"""

from __future__ import annotations

import gc
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import orjson

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.json_faults import TOO_DEEP, place, repeated_key, syntax_fault, too_deep_at

CHUNK_BYTES = 1 << 20
RATIO_COUNTS_FROM_BYTES = 10_000_000  # below this a high ratio is harmless: small files pack well
GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_KEPT = b'[]{}"'
_DROPPED = bytes(sorted(set(range(256)) - set(_KEPT)))
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_STRING = re.compile(rb'"[^"]*"')
_STEP = np.zeros(256, dtype=np.int8)
_STEP[[ord("["), ord("{")]] = 1
_STEP[[ord("]"), ord("}")]] = -1


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost at most.

    `unpacked_bytes` of the whole file; `ratio` of unpacked to packed bytes; `depth` of nesting;
    `vertices` of one JSON document (a whole CityJSON file, or one line of a CityJSONSeq);
    `parts` and `generations` of one object with its children; `placed_corners` of the rings of all placed
    templates together, for a template is written once and drawn, outlined and checked at every place.
    """

    unpacked_bytes: int = 500_000_000
    ratio: int = 100
    depth: int = 32
    vertices: int = 2_000_000
    parts: int = 10_000
    generations: int = 16
    placed_corners: int = 1_000_000


DEFAULT_LIMITS = Limits()


def open_chunks(path: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[bytes]:
    """Read a file, gzipped or not, in pieces of at most 1 MiB.

    Raises InputRejected when it cannot be read or is truncated, LimitExceeded beyond the limits.
    """
    try:
        if not path.is_file():
            reason = "this is a folder, not a file" if path.is_dir() else "there is no such file"
            raise InputRejected(reason, where=path.name)
        with path.open("rb") as file:
            yield from _chunks(file, path.stat().st_size, path.name, limits)
    except OSError as exc:
        raise InputRejected(f"the file cannot be read ({exc.strerror or exc})", where=path.name) from exc


def bytes_chunks(data: bytes, where: str, limits: Limits = DEFAULT_LIMITS) -> Iterator[bytes]:
    """The same as `open_chunks` for a file that is already in memory."""
    yield from _chunks(io.BytesIO(data), len(data), where, limits)


def _chunks(file: BinaryIO, packed_bytes: int, where: str, limits: Limits) -> Iterator[bytes]:
    packed = file.read(2) == GZIP_MAGIC
    file.seek(0)
    total = 0
    for chunk in _unpacked(file, where) if packed else _plain(file):
        total += len(chunk)
        if total > limits.unpacked_bytes:
            raise LimitExceeded(f"larger than {limits.unpacked_bytes / 1e6:g} MB unpacked", where=where)
        if packed and total > RATIO_COUNTS_FROM_BYTES and total > limits.ratio * packed_bytes:
            raise LimitExceeded(f"unpacks to more than {limits.ratio} times its size", where=where)
        yield chunk


def _plain(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def _unpacked(file: BinaryIO, where: str) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=file) as unpacked:
            while chunk := unpacked.read(CHUNK_BYTES):
                yield chunk
    except EOFError as exc:
        raise InputRejected("the gzip file is truncated", where=where) from exc
    except (gzip.BadGzipFile, zlib.error) as exc:
        raise InputRejected("the gzip file is damaged", where=where) from exc


def split_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Join pieces and cut them at line ends; the last line may lack one. Blank lines are kept."""
    parts: list[bytes] = []
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        parts.append(first)
        for other in others:
            yield b"".join(parts)
            parts = [other]
    yield b"".join(parts)


def parse_json(data: bytes, where: str, limits: Limits = DEFAULT_LIMITS) -> object:
    """Parse one JSON document of str, int, float, bool, None, list and dict.

    Raises InputRejected for text that is not JSON, holds NaN, Infinity or the NUL character or gives a
    key twice, and LimitExceeded when it is too deep (code TOO_DEEP) or holds too many lists. The sentence
    says at which character. The code is TRUNCATED when the text stops halfway.
    """
    text = data.removeprefix(BYTE_ORDER_MARK)
    brackets = check_depth(text, where, limits.depth)
    if brackets.count(b"[") > 4 * limits.vertices + 1000:
        raise LimitExceeded(f"more than {4 * limits.vertices} lists in one document", where=where)
    if b"\\u0000" in text:
        at = place(text, text.index(b"\\u0000"))
        raise InputRejected(f"holds the NUL character, {at}", where=where)
    try:
        document: object = orjson.loads(text)
    except orjson.JSONDecodeError as exc:
        reason, code = syntax_fault(text, exc)
        raise InputRejected(reason, where=where, code=code) from exc
    if _may_repeat_keys(text, document) and (found := repeated_key(text)):
        key, at_byte = found
        reason = f"the key '{key[:80]}' is given twice in one object, {place(text, at_byte)}"
        raise InputRejected(reason, where=where)
    return document


def check_depth(text: bytes, where: str, depth: int) -> bytes:
    """Return the brackets of `text` outside strings; raises LimitExceeded when they nest too deep."""
    brackets = _brackets(text)
    depths = _STEP[np.frombuffer(brackets, dtype=np.uint8)].cumsum(dtype=np.int64)
    if depths.size and int(depths.max()) > depth:
        at = too_deep_at(text, depth)
        there = "" if at is None else f", {place(text, at)}"
        raise LimitExceeded(f"nested deeper than {depth} levels{there}", where=where, code=TOO_DEEP)
    return brackets


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python from searching a document for cycles, which JSON cannot have; it saves a third of the time.

    Worth it only when the document is let go before the end.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _brackets(text: bytes) -> bytes:
    """Only the brackets that stand outside strings."""
    if b"\\" in text:
        text = _ESCAPE.sub(b"", text)
    # A string without brackets is now two quotes; taking those out changes no other character's side.
    rest = text.translate(None, _DROPPED).replace(b'""', b"")
    return _STRING.sub(b"", rest) if b'"' in rest else rest


def _may_repeat_keys(text: bytes, document: object) -> bool:
    """Compare the colons of the text and of the document written out: a key lost takes its colon along."""
    if b"\\u003a" in text or b"\\u003A" in text:
        return True
    return text.count(b":") != orjson.dumps(document).count(b":")
