"""Reads CSV: strictly decoded, with one clear separator, and a place in two columns or as WKT, or none.

A row with another number of cells than the header, or with a place that is no place, is a fault of that row.
Wrong encoding, quotes that do not close and a line beyond the caps are faults of the file: after these nobody
knows where a row begins.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tweestad.errors import InputRejected, LimitExceeded
from tweestad.formats.safe_json import open_chunks
from tweestad.formats.vector.query import CsvLayout, VectorQuery, agreed_crs, check_columns
from tweestad.formats.vector.rows import BATCH_ROWS, RawRows
from tweestad.model.feature import Value

ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "utf-16")
SEPARATORS = (",", ";", "\t", "|")
MAX_LINE = 4_000_000
MAX_COLUMNS = 2_000
_LOOKED_AT = 20
_BOM = "\ufeff"
# No number in a delivery is longer, and what is longer costs time to read.
_MAX_NUMBER = 40
# Each character fits in one way only: a pattern that can part a run of digits or spaces takes n² steps.
_COMMA_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)?,\d+\Z")
# No zero in front: that is a code. The number, written as text again, is what stood there, for joins.
_COMMA_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)\Z")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z")
# Only plain kinds: GEOS reads collections by recursion, without end.
_WKT = re.compile(
    r"\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:(?:ZM|Z|M)\s*)?(?:EMPTY|\([\d\s.,()eE+-]*\))\s*\Z",
    re.IGNORECASE,
)
_SRID = re.compile(r"\s*SRID=(\d{1,6});", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: the line on which it ends, its values by column, and what is wrong with it."""

    line: int
    values: dict[str, Value]
    fault: str = ""


def read_csv_rows(path: Path, name: str, query: VectorQuery, layout: CsvLayout) -> Iterator[RawRows]:
    """The rows of a CSV, plain or gzipped, in batches; `name` stands for the file.

    Raises InputRejected, or LimitExceeded beyond the caps; also when a column that is asked for is not there,
    when a place is asked for and no CRS is declared, and when none is while rows need one.
    """
    wanted = tuple(dict.fromkeys([*query.needs, *layout.place]))
    crs = agreed_crs("", query.crs, name, 28992 if not layout.place else None)
    if not layout.place and not query.placeless:
        raise InputRejected("its rows have no place: name x and y, or wkt", where=name)
    rows = csv_table(path, name, layout, wanted)
    while batch := list(itertools.islice(rows, BATCH_ROWS)):
        yield _raw(batch, query.needs, layout, crs)


def csv_table(path: Path, name: str, layout: CsvLayout, wanted: Sequence[str]) -> Iterator[CsvRow]:
    """Every row with its wanted columns. Cells are text without spaces around it; empty is None.

    Raises InputRejected as `read_csv_rows` does.
    """
    lines = _lines(path, name, layout.encoding)
    first = list(itertools.islice(lines, _LOOKED_AT))
    separator = layout.separator or _separator(first, name)
    # A number for the whole process; every reader of CSV here wants the same.
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(itertools.chain(first, lines), delimiter=separator, strict=True)
    header = list(layout.header) or [cell.strip() for cell in _next(reader, name) or []]
    _check_header(header, wanted, name)
    places = {column: header.index(column) for column in wanted}
    comma = layout.decimal == ","
    while (cells := _next(reader, name)) is not None:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            fault = f"it has {len(cells)} cells, but there are {len(header)} columns"
            yield CsvRow(reader.line_num, dict.fromkeys(wanted), fault)
            continue
        yield CsvRow(reader.line_num, {column: _value(cells[n], comma) for column, n in places.items()})


def _value(cell: str, comma: bool) -> Value:
    text = cell.strip()
    if comma and len(text) <= _MAX_NUMBER:
        if _COMMA_NUMBER.match(text):
            return float(text.replace(".", "").replace(",", "."))
        if _COMMA_WHOLE.match(text):
            return int(text.replace(".", ""))
    return text or None


def _next(reader: Iterator[list[str]], name: str) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as exc:
        line = getattr(reader, "line_num", 0)
        raise InputRejected(f"line {line} is not good CSV ({exc})", where=name) from exc


def _check_header(header: Sequence[str], wanted: Sequence[str], name: str) -> None:
    if len(header) > MAX_COLUMNS:
        raise LimitExceeded(f"it has more than {MAX_COLUMNS:,} columns", where=name)
    check_columns(wanted, header, name)
    for column in wanted:
        if list(header).count(column) > 1:
            raise InputRejected(f"there are two columns called ‘{column}’", where=name)


def _separator(lines: Sequence[str], name: str) -> str:
    """The one separator that gives every line the same number of cells, more than one.

    Cells with a line end in quotes make the last line incomplete, which then says nothing.
    """
    counts = {each: _cell_counts(lines, each) for each in SEPARATORS}
    fitting = [each for each, found in counts.items() if len(set(found)) == 1 and found[0] > 1]
    if not fitting and lines:
        # A row may be wrong, but the header is not.
        fitting = [each for each, found in counts.items() if found and found[0] > 1]
    if len(fitting) != 1:
        how = "none" if not fitting else "more than one"
        raise InputRejected(
            f"{how} of , ; tab | separates its columns clearly: name it with separator", where=name
        )
    return fitting[0]


def _cell_counts(lines: Sequence[str], separator: str) -> list[int]:
    counts: list[int] = []
    try:
        for cells in csv.reader(lines, delimiter=separator, strict=True):
            counts += [len(cells)] if cells else []
    except csv.Error:
        pass  # such as quotes that close further on
    return counts


def _lines(path: Path, name: str, encoding: str) -> Iterator[str]:
    """The lines with their ends, decoded; a line end is \\n, \\r\\n or \\r."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    held, first = "", True
    for text in _decoded(path, name, decoder, encoding):
        if "\0" in text:
            raise InputRejected("it holds the NUL character: this is not text in that encoding", where=name)
        # Not str.splitlines: that also cuts at U+2028, U+0085 and form feeds, which stand inside cells.
        whole = held + (text.removeprefix(_BOM) if first else text)
        pieces = list(io.StringIO(whole, newline=""))
        first = False
        held = pieces.pop() if pieces else ""
        for piece in pieces:
            _check_line(piece, name)
            yield piece
        _check_line(held, name)
    if held:
        yield held


def _check_line(line: str, name: str) -> None:
    if len(line) > MAX_LINE:
        raise LimitExceeded(f"a line is longer than {MAX_LINE:,} characters", where=name)


def _decoded(path: Path, name: str, decoder: codecs.IncrementalDecoder, encoding: str) -> Iterator[str]:
    done = 0
    try:
        for chunk in open_chunks(path):
            yield decoder.decode(chunk)
            done += len(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as exc:
        said = f"the text is not {encoding.upper()} (near byte {done + exc.start + 1})"
        raise InputRejected(f"{said}: name its own with encoding", where=name) from exc
    except InputRejected as exc:
        raise type(exc)(exc.reason, where=name) from exc


def _raw(batch: Sequence[CsvRow], columns: Sequence[str], layout: CsvLayout, crs: int) -> RawRows:
    faults = {n: row.fault for n, row in enumerate(batch) if row.fault}
    if layout.wkt:
        geometries, empty, wrong = _from_wkt([row.values[layout.wkt] for row in batch], crs)
    elif layout.x:
        geometries, empty, wrong = _from_pairs(batch, layout)
    else:
        geometries, empty, wrong = np.full(len(batch), None), np.ones(len(batch), dtype=bool), {}
    return RawRows(
        names=tuple(f"line {row.line}" for row in batch),
        geometries=geometries,
        empty=empty,
        values={column: [row.values[column] for row in batch] for column in columns},
        crs=crs,
        faults={**wrong, **faults},
    )


_Places = tuple[NDArray[np.object_], NDArray[np.bool_], dict[int, str]]


def _from_pairs(batch: Sequence[CsvRow], layout: CsvLayout) -> _Places:
    geometries = np.full(len(batch), None)
    wrong: dict[int, str] = {}
    for n, row in enumerate(batch):
        told = row.values[layout.x], row.values[layout.y]
        if told == (None, None):
            continue
        x, y = _number(told[0]), _number(told[1])
        if None in told:
            wrong[n] = "it has half a place"
        elif x is None or y is None:
            wrong[n] = f"‘{str(told[0] if x is None else told[1])[:40]}’ is not a coordinate"
        else:
            geometries[n] = shapely.Point(x, y)
    return geometries, np.array([each is None for each in geometries], dtype=bool), wrong


def _number(value: Value) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str) or len(value) > _MAX_NUMBER:
        return None
    return float(value) if _NUMBER.match(value) else None


def _from_wkt(texts: Sequence[Value], crs: int) -> _Places:
    wrong: dict[int, str] = {}
    plain: list[str | None] = []
    for n, value in enumerate(texts):
        text = None if value is None else str(value)
        if text is not None and (srid := _SRID.match(text)):
            text = text[srid.end() :]
            if int(srid[1]) != crs:
                wrong[n] = f"it says EPSG:{srid[1]}, but EPSG:{crs} is declared"
        if text is not None and not _WKT.match(text):
            wrong.setdefault(n, "its WKT is not a point, line or polygon")
            text = None
        plain.append(text)
    with np.errstate(all="ignore"):  # a number too large becomes infinite, which the row check says
        geometries = np.asarray(shapely.force_2d(shapely.from_wkt(plain, on_invalid="ignore")), dtype=object)
    return geometries, np.array([value is None for value in texts], dtype=bool), wrong
