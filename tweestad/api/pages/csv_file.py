"""The whole table of a layer as CSV (RFC 4180: commas, decimal points, UTF-8), written while it is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from tweestad.access.reader import Reader
from tweestad.model.feature import Value
from tweestad.model.layer import StoredLayer
from tweestad.store.protocol import Where

# A spreadsheet runs a text that starts with one of these as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PAGE = 1_000
# With this mark spreadsheets read the file as UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def csv_pieces(reader: Reader, stored: StoredLayer) -> Iterator[bytes]:
    """The file in pieces of a thousand rows, all as of the same change number."""
    columns = [column.name for column in stored.layer.columns]
    where = Where(layer=stored.layer.id, at=reader.version)
    yield (BYTE_ORDER_MARK + _lines([["id", "ref", "title", *columns]])).encode()
    after: str | None = None
    while rows := reader.features(where, limit=PAGE, after=after):
        yield _lines(
            [
                safe(value)
                for value in (
                    row.feature.id,
                    row.feature.ref,
                    row.feature.title,
                    *(row.feature.attributes.get(name) for name in columns),
                )
            ]
            for row in rows
        ).encode()
        after = rows[-1].feature.id


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


def _lines(rows: Iterator[list[str]] | list[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
