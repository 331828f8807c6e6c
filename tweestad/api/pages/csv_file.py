"""The whole table of a layer as CSV (RFC 4180: commas, decimal points, UTF-8), written while it is read."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from tweestad.access.reader import Reader
from tweestad.api.nearest import Origin, in_order
from tweestad.api.pages.table import where_of
from tweestad.api.pages.table_query import TableQuery
from tweestad.model.feature import StoredFeature, Value
from tweestad.model.layer import StoredLayer
from tweestad.store.protocol import Where

# A spreadsheet runs a text that starts with one of these as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PAGE = 1_000
# With this mark spreadsheets read the file as UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def csv_pieces(reader: Reader, stored: StoredLayer, query: TableQuery) -> Iterator[bytes]:
    """The file in pieces of a thousand rows, all as of the same change number.

    In order of id; with an origin in order of distance, which is then the last column, in metres.
    """
    columns = [column.name for column in stored.layer.columns]
    where, _ = where_of(reader, stored, query)
    where = replace(where, at=reader.version)
    measured = [] if query.origin is None else ["afstand_m"]
    yield (BYTE_ORDER_MARK + csv_lines([["id", "ref", "title", *columns, *measured]])).encode()
    rows: Iterator[tuple[StoredFeature, list[Value]]] = (
        _by_id(reader, where) if query.origin is None else _by_distance(reader, where, query.origin)
    )
    while page := list(islice(rows, PAGE)):
        yield csv_lines(
            [
                safe(value)
                for value in (
                    row.feature.id,
                    row.feature.ref,
                    row.feature.title,
                    *(row.feature.attributes.get(name) for name in columns),
                    *beside,
                )
            ]
            for row, beside in page
        ).encode()


def _by_id(reader: Reader, where: Where) -> Iterator[tuple[StoredFeature, list[Value]]]:
    after: str | None = None
    while where.ids != () and (rows := reader.features(where, limit=PAGE, after=after)):
        yield from ((row, []) for row in rows)
        after = rows[-1].feature.id


def _by_distance(reader: Reader, where: Where, origin: Origin) -> Iterator[tuple[StoredFeature, list[Value]]]:
    """Measured first and read again in that order: all rows at once would not fit in memory."""
    near = iter(in_order(reader, where, origin) if where.ids != () else [])
    while page := list(islice(near, PAGE)):
        ids = tuple(each.id for each in page)
        found = {row.feature.id: row for row in reader.features(replace(where, ids=ids), limit=PAGE)}
        for each in page:
            if each.id in found:
                yield found[each.id], [None if math.isinf(each.metres) else each.metres]


def safe(value: Value) -> str:
    """The value as the text of a cell; a text that looks like a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = value if isinstance(value, str) else "; ".join(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(rows: Iterator[list[str]] | list[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
