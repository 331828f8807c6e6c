"""Reads a reply as plain bytes: gzip is unpacked while it is read, and never to more than the limit.

Whether it is packed is told by its first bytes: servers that pack a `.gz` once more, or unpack it, exist.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from tweestad.errors import SourceChanged, SourceUnavailable

_MAGIC = b"\x1f\x8b"
_LAYERS = 2
_STEP = 1 << 17
# A small file may be very dense; one that grows beyond this has to look like real data.
_FREE_BYTES = 20_000_000


@contextmanager
def unpacked(path: Path, *, most_bytes: int, most_ratio: int = 250) -> Iterator[BinaryIO]:
    """The reply in a file as a stream; one that is not packed can be sought in.

    Reading raises SourceChanged beyond `most_bytes`, or beyond `most_ratio` times its size, and
    SourceUnavailable when it was cut off.
    """
    with path.open("rb") as file:
        size = path.stat().st_size
        most = min(most_bytes, max(_FREE_BYTES, size * most_ratio))
        stream: BinaryIO = file
        for _ in range(_LAYERS):
            with _faults_told():
                head = stream.read(2)
            stream.seek(0)
            if head != _MAGIC:
                break
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=_Whole(stream, most)))
        if stream is file:
            if size > most_bytes:
                raise SourceChanged(_too_large(most_bytes), code="large")
            yield file
        else:
            yield cast(BinaryIO, io.BufferedReader(_Whole(stream, most), buffer_size=_STEP))


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except EOFError as exc:
        raise SourceUnavailable("the reply was cut off") from exc
    except (gzip.BadGzipFile, zlib.error) as exc:
        raise SourceChanged("the reply is not sound gzip") from exc


class _Whole(io.RawIOBase):
    """A stream that may be read to `most` bytes, and of which each fault of gzip is told in our words."""

    def __init__(self, inner: BinaryIO, most: int) -> None:
        self._inner = inner
        self._most = most
        self._count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, into: object) -> int:
        view = memoryview(into)  # type: ignore[arg-type]
        with _faults_told():
            # A little at a time: who asks for all of a bomb must not get it before it is counted.
            data = self._inner.read(min(len(view), _STEP))
        self._count += len(data)
        if self._count > self._most:
            raise SourceChanged(_too_large(self._most), code="large")
        view[: len(data)] = data
        return len(data)


def _too_large(most: int) -> str:
    return f"unpacked it is larger than {most // 1_000_000} MB"
