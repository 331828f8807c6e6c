"""Plays the samples of a source through the one door, in the order in which a runner would ask for them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tweestad.feeds.reading import channels_of, read_payload
from tweestad.feeds.sources import Source, get_source
from tweestad.model.received import Facts, Follow, Parsed
from tweestad.model.thing import Datastream, Thing

RECEIVED = datetime(2026, 4, 16, 9, 5, tzinfo=UTC)


@cache
def source_named(source_id: str) -> Source:
    """The source of that id; its manifest is read once for all tests."""
    return get_source(source_id)


def samples(source: Source) -> dict[str, Path]:
    """The samples of a source by the part that they answer: `sample.<part>.<ext>`."""
    return {path.name.split(".")[1]: path for path in sorted(source.folder.glob("sample.*"))}


def play(source: Source, changed: dict[str, bytes] | None = None) -> Iterator[tuple[str, Parsed]]:
    """Everything in all samples, with its part; each part is asked once. `changed` replaces samples."""
    there = samples(source)
    waiting = [(request.part, request.url) for request in source.manifest.requests]
    streams: dict[str, Datastream] = {}
    things: list[Thing] = []
    while waiting:
        part, url = waiting.pop(0)
        path = there.pop(part, None)
        if path is None:
            continue
        data = (changed or {}).get(part, path.read_bytes())
        facts = facts_for(source, part, url.replace("{thing}", things[0].key if things else ""), streams)
        followed = []
        for item in read_payload(source, io.BytesIO(data), facts):
            yield part, item
            if isinstance(item, Datastream):
                streams[item.id] = item
            elif isinstance(item, Thing):
                things.append(item)
            elif isinstance(item, Follow) and item.part in there:
                followed.append((item.part, item.url))
        waiting = followed + waiting
    assert not there or changed, f"no request leads to {sorted(there)}"


def facts_for(
    source: Source, part: str, url: str = "", streams: dict[str, Datastream] | None = None
) -> Facts:
    """What `parse` is told in these tests."""
    return Facts(
        source=source.id,
        received=RECEIVED,
        part=part,
        url=url,
        municipality="GM9999",
        channels=channels_of((streams or {}).values()),
        settings=source.manifest.settings,
    )
