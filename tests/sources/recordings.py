"""Reads the recordings of the open-data folder through the one door."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from tweestad.feeds.reading import read_payload
from tweestad.feeds.sources import get_source
from tweestad.model.observation import Observation
from tweestad.model.received import Facts, Parsed, Rejected, Skipped
from tweestad.model.thing import Thing

LIVE = Path(os.environ.get("OPEN_DATA") or Path(__file__).resolve().parents[3] / "shared/data") / "live"
LATER = datetime(2026, 11, 1, tzinfo=UTC)


def recording(name: str) -> BinaryIO:
    """A recording, unpacked; the test is skipped when the open-data folder is not there."""
    path = LIVE / name
    if not path.exists():
        pytest.skip("needs the open-data folder (OPEN_DATA)")
    return cast(BinaryIO, gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


def read(
    source_id: str,
    data: BinaryIO | bytes,
    part: str,
    *,
    url: str = "",
    channels: Mapping[str, tuple[str, ...]] | None = None,
    settings: Mapping[str, object] | None = None,
) -> list[Parsed]:
    """What comes out of one payload of a source."""
    source = get_source(source_id)
    told = settings if settings is not None else source.manifest.settings
    facts = Facts(source_id, LATER, part, url, channels=channels or {}, settings=told)
    payload = io.BytesIO(data) if isinstance(data, bytes) else data
    with payload:
        return list(read_payload(source, payload, facts))


def values(found: list[Parsed]) -> list[Observation]:
    return [each for each in found if isinstance(each, Observation)]


def things(found: list[Parsed]) -> list[Thing]:
    return [each for each in found if isinstance(each, Thing)]


def reasons(found: list[Parsed]) -> Counter[str]:
    return Counter(each.reason for each in found if isinstance(each, Rejected))


def skipped(found: list[Parsed]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for each in found:
        if isinstance(each, Skipped):
            counts[each.reason] += each.count
    return counts


def rows(name: str) -> Iterator[dict[str, str]]:
    with recording(name) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8"))
