"""A CityJSONSeq in pieces of some megabytes, cut at line ends, that can be read side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tweestad.errors import InputRejected
from tweestad.formats.safe_json import GZIP_MAGIC, Limits, open_chunks

PIECE_BYTES: Final = 4_000_000
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class SeqPiece:
    """Bytes `start` to `end` of the plain file `path`, whose first line has the number `line`.

    `name` is what the file was called when it was given; `header`: where its first line lies. The `last`
    piece ends with the file.
    """

    path: str
    name: str
    header: tuple[int, int]
    start: int
    end: int
    line: int
    first: bool
    last: bool


def is_seq(path: Path) -> bool:
    """Whether a file is called as a CityJSONSeq is."""
    return path.name.removesuffix(".gz").endswith(".jsonl")


def cut_seq(path: Path, unpacked: Path, limits: Limits) -> list[SeqPiece]:
    """The pieces of a CityJSONSeq; a gzipped one is first unpacked to the file `unpacked`.

    Where it is cut depends on its bytes alone. Raises InputRejected when it cannot be read or is empty,
    LimitExceeded beyond the limits.
    """
    plain = path
    chunks = open_chunks(path, limits)
    if _is_packed(path):
        plain = unpacked
        with unpacked.open("wb") as file:
            file.writelines(chunks)
        chunks = open_chunks(unpacked, limits)
    cuts: list[tuple[int, int]] = []
    header = (0, 0)
    for start, number, size, blank in _lines_of(chunks):
        if header == (0, 0):
            if not blank:
                header = (start, start + size)
                cuts.append((start + size, number + 1))
        elif start - cuts[-1][0] >= PIECE_BYTES:
            cuts.append((start, number))
    if header == (0, 0):
        raise InputRejected("the file is empty", where=path.name)
    ends = [*(start for start, _ in cuts[1:]), plain.stat().st_size]
    last = len(cuts) - 1
    return [
        SeqPiece(str(plain), path.name, header, start, end, number, n == 0, n == last)
        for n, ((start, number), end) in enumerate(zip(cuts, ends, strict=True))
    ]


def piece_lines(piece: SeqPiece) -> tuple[bytes, Iterator[tuple[int, bytes]]]:
    """The header of the file, and the lines of the piece that are not blank, with their numbers."""
    with Path(piece.path).open("rb") as file:
        file.seek(piece.header[0])
        header = file.read(piece.header[1] - piece.header[0]).removesuffix(b"\n")
        file.seek(piece.start)
        data = file.read(piece.end - piece.start)
    lines = enumerate(data.split(b"\n"), piece.line)
    return header, ((number, line) for number, line in lines if line.strip())


def _is_packed(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == GZIP_MAGIC
    except OSError:
        return False  # whoever reads it says what is wrong


def _lines_of(chunks: Iterator[bytes]) -> Iterator[tuple[int, int, int, bool]]:
    """Where each line starts, its number, its size with its end, and whether it is blank."""
    start = number = size = 0
    blank = True
    for chunk in chunks:
        at = 0
        while (end := chunk.find(b"\n", at)) >= 0:
            size += end + 1 - at
            number += 1
            yield start, number, size, blank and not chunk[at:end].strip()
            start, size, blank, at = start + size, 0, True, end + 1
        size += len(chunk) - at
        blank = blank and not chunk[at:].strip()
    if size:
        yield start, number + 1, size, blank
