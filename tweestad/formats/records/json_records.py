"""A JSON feed: read whole under a cap, as deep and as clean as `formats/safe_json` allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from tweestad.errors import InputRejected, SourceChanged
from tweestad.formats.records.record import Record
from tweestad.formats.safe_json import Limits, parse_json

MAX_BYTES = 100_000_000


def read_json(payload: BinaryIO) -> Record:
    """The document as a record; a list at the top stands under the name `items`.

    Raises SourceChanged when it is not JSON, deeper than 32, larger than 100 MB, or neither object nor list.
    """
    data = payload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SourceChanged(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        document = parse_json(data, "", Limits(unpacked_bytes=MAX_BYTES))
    except InputRejected as exc:
        raise SourceChanged(exc.reason) from exc
    if isinstance(document, list):
        return Record({"items": document})
    if isinstance(document, Mapping):
        return Record(document)
    raise SourceChanged("this is not a JSON object or list")
