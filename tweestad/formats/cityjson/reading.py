"""CityJSON 1.0, 1.1 and 2.0 and CityJSONSeq: read with every check, and write as CityJSONSeq 2.0.

The older 0.8 and 0.9 are read too: city models of those years are still the only ones of their place.

A fault of the file (not JSON, truncated, another CRS, too large) raises InputRejected or LimitExceeded.
A fault of one object (a wrong vertex number, an empty geometry) gives a Rejected with its key, one of a
line of a Seq (NaN, a key given twice) a Rejected with the line's number, and the rest is kept.
Coordinates come out as EPSG:7415 (x and y in RD, z in NAP, metres), rounded to mm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np

from tweestad.errors import InputRejected
from tweestad.formats.cityjson.batch import Batch
from tweestad.formats.cityjson.choice import EVERYTHING, Choice, Passed
from tweestad.formats.cityjson.document import Content, Header, read_document, read_feature, rejected_line
from tweestad.formats.cityjson.pieces import SeqPiece, piece_lines
from tweestad.formats.cityjson.tree import Piece
from tweestad.formats.cityjson.writing import write_seq
from tweestad.formats.json_faults import TRUNCATED
from tweestad.formats.safe_json import (
    DEFAULT_LIMITS,
    Limits,
    bytes_chunks,
    open_chunks,
    parse_json,
    split_lines,
)
from tweestad.model.city_object import CityObject
from tweestad.model.layer import Rejected

__all__ = [
    "DEFAULT_LIMITS",
    "Choice",
    "Limits",
    "Passed",
    "Rejected",
    "read_chosen",
    "read_city",
    "read_city_bytes",
    "read_piece",
    "write_seq",
]

BATCH_VERTICES = 200_000


def read_city(
    path: Path, *, crs: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[CityObject | Rejected]:
    """Read the root objects of a CityJSON or CityJSONSeq file, plain or gzipped, with their parts joined.

    `crs` (28992 or 7415) is for files that do not name theirs; one that names another is refused. A Seq is
    read line by line, and a bad line is a Rejected, unless it is the last and cut off. Faults of the file
    are raised when they are met, so objects given before must be dropped when it raises.
    Raises InputRejected, LimitExceeded, and GridsMissing when coordinates need the grids.
    """
    for found in _read(open_chunks(path, limits), path.name, crs, EVERYTHING, limits):
        if not isinstance(found, Passed):  # of everything, nothing is passed over
            yield found


def read_chosen(
    path: Path, choice: Choice, *, crs: int | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[CityObject | Rejected | Passed]:
    """The same as `read_city` for the objects of a choice; each other object is a Passed with its type."""
    yield from _read(open_chunks(path, limits), path.name, crs, choice, limits)


def read_city_bytes(
    data: bytes,
    name: str,
    *,
    crs: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
    choice: Choice = EVERYTHING,
) -> Iterator[CityObject | Rejected]:
    """The same as `read_city` from memory, less what is not chosen; `name` stands for the file."""
    for found in _read(bytes_chunks(data, name, limits), name, crs, choice, limits):
        if not isinstance(found, Passed):
            yield found


def _read(
    chunks: Iterator[bytes], name: str, crs: int | None, choice: Choice, limits: Limits
) -> Iterator[CityObject | Rejected | Passed]:
    lines = ((n, line) for n, line in enumerate(split_lines(chunks), 1) if line.strip())
    head = list(islice(lines, 2))
    if not head:
        raise InputRejected("the file is empty", where=name)
    text = head[0][1]
    _refuse_others(text, name)
    features: Iterable[tuple[int, bytes]] = chain(head[1:], lines)
    if len(head) > 1 and not name.removesuffix(".gz").endswith(".jsonl") and not _is_json(text, limits):
        text = b"\n".join(line for _, line in chain(head, lines))
        features = ()
    header, content = read_document(text, name, crs, choice, limits)
    yield from _finished(content, header, name)
    contents = _contents(features, name, header, choice, limits)
    yield from _read_features(contents, header, set(content.keys), name)


def read_piece(
    piece: SeqPiece,
    choice: Choice,
    seen: set[str],
    *,
    crs: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[CityObject | Rejected | Passed]:
    """The same as `read_chosen` for one piece of a CityJSONSeq; `seen` gets all keys that are in it.

    Pieces one after another give what the whole file gives, but for keys that two pieces share.
    """
    text, lines = piece_lines(piece)
    _refuse_others(text, piece.name)
    header, content = read_document(text, piece.name, crs, choice, limits)
    if piece.first:
        yield from _finished(content, header, piece.name)
    seen |= content.keys
    contents = _contents(lines, piece.name, header, choice, limits, ends_here=piece.last)
    yield from _read_features(contents, header, seen, piece.name)


def _refuse_others(start: bytes, name: str) -> None:
    """Name the two kinds of file that are given instead of JSON most often, before their bytes are shown."""
    head = start[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"PK\x03\x04"):
        raise InputRejected("this is a zip: unpack it and give the file that is in it", where=name)
    if head.startswith(b"<"):
        raise InputRejected("this is XML: a CityGML must be converted to CityJSON first", where=name)


def _is_json(line: bytes, limits: Limits) -> bool:
    try:
        parse_json(line, "", limits)
    except InputRejected:
        return False
    return True


def _finished(content: Content, header: Header, name: str) -> Iterator[CityObject | Rejected | Passed]:
    vertices = header.transform.metres(content.numbers)
    batch = Batch(name)
    for entry in content.entries:
        batch.add(entry, 0)
        if batch.is_full():
            yield from batch.finish(vertices)
            batch = Batch(name)
    yield from batch.finish(vertices)


def _read_features(
    contents: Iterable[Content], header: Header, seen: set[str], name: str
) -> Iterator[CityObject | Rejected | Passed]:
    batch, blocks, offset = Batch(name), [np.zeros((0, 3))], 0
    for content in contents:
        for entry in content.entries:
            key = entry.key if isinstance(entry, Piece) else entry.object_id
            batch.add(Rejected(name, key, "this key was given before") if key in seen else entry, offset)
        seen |= content.keys
        blocks.append(content.numbers)
        offset += len(content.numbers)
        if batch.is_full() or offset > BATCH_VERTICES:
            yield from batch.finish(header.transform.metres(np.concatenate(blocks)))
            batch, blocks, offset = Batch(name), [np.zeros((0, 3))], 0
    yield from batch.finish(header.transform.metres(np.concatenate(blocks)))


def _contents(
    lines: Iterable[tuple[int, bytes]],
    name: str,
    header: Header,
    choice: Choice,
    limits: Limits,
    *,
    ends_here: bool = True,
) -> Iterator[Content]:
    """Read the lines; one that stops halfway costs itself, or the file when nothing comes after it."""
    cut: tuple[int, InputRejected] | None = None
    for number, line in lines:
        if cut is not None:
            yield rejected_line(name, cut[0], cut[1].reason)
            cut = None
        try:
            yield read_feature(line, (name, number), header, choice, limits)
        except InputRejected as exc:
            if exc.code != TRUNCATED:
                raise
            cut = number, exc
    if cut is not None and not ends_here:
        yield rejected_line(name, cut[0], cut[1].reason)
    elif cut is not None:
        raise cut[1]
