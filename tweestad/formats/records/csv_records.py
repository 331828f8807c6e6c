"""A CSV feed, read line by line: any line end (also CR alone), any separator, a header that is checked."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

from tweestad.errors import SourceChanged
from tweestad.formats.records.record import Record

MAX_COLUMNS = 500
MAX_CELL = 100_000


def read_csv(
    payload: BinaryIO, columns: Sequence[str], separator: str = ",", encoding: str = "utf-8-sig"
) -> Iterator[Record]:
    """The rows below the header, by column. Blank lines are not rows.

    Without `columns` there is no header, and cells stand under their number from `0`. Raises SourceChanged
    when a column of `columns` is not in the header. A row that is too short comes as a record without the
    last columns: asking for what is missing rejects it; what is too long has `#rest`.
    """
    rows = _rows(payload, separator, encoding)
    header = [cell.strip() for cell in next(rows, [])] if columns else [str(n) for n in range(MAX_COLUMNS)]
    if absent := [column for column in columns if column not in header]:
        raise SourceChanged(f"the column ‘{absent[0]}’ is not in its header" if header else "it is empty")
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        values: dict[str, object] = dict(zip(header, cells, strict=False))
        if len(cells) > len(header):
            values["#rest"] = cells[len(header) :]
        yield Record(values)


def _rows(payload: BinaryIO, separator: str, encoding: str) -> Iterator[list[str]]:
    text = io.TextIOWrapper(cast(BinaryIO, _Lent(payload)), encoding)
    try:
        for cells in csv.reader(text, delimiter=separator):
            if len(cells) > MAX_COLUMNS:
                raise SourceChanged(f"a line has more than {MAX_COLUMNS} columns")
            # The limit of the csv module is one for the whole process, and others set it.
            if any(len(cell) > MAX_CELL for cell in cells):
                raise SourceChanged(f"a cell is longer than {MAX_CELL} characters")
            yield cells
    except UnicodeDecodeError as exc:
        raise SourceChanged(f"the text is not {encoding.removesuffix('-sig').upper()}") from exc
    except csv.Error as exc:
        raise SourceChanged(f"this is not CSV ({exc})") from exc


class _Lent(io.RawIOBase):
    """The payload as the standard library wants to read it; whoever lent it closes it."""

    def __init__(self, payload: BinaryIO) -> None:
        self._payload = payload

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._payload.read(size)

    def read1(self, size: int = -1) -> bytes:
        return self._payload.read(size)
