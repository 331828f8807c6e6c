"""Which sources, and which of their requests, a twin has when recordings stand for the real services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from tweestad.feeds.manifest import Request
from tweestad.feeds.replay.plan import RecordedSource, Recording, read_recordings
from tweestad.feeds.sources import Source
from tweestad.synthetic.feeds.answers import PARTS


def replayed(
    sources: Iterable[Source], twin: Path, open_data: Path | None, *, invented: bool
) -> tuple[Source, ...]:
    """The sources that are replayed for a twin, asking only for what there is an answer to.

    No key is needed for any. A source that is left out is off, with the words of `plan.NO_RECORDING`.
    """
    if invented:
        return tuple(_with(source, PARTS[source.id], {}, None) for source in sources if source.id in PARTS)
    recorded = {each.id: each for each in read_recordings(twin, open_data)}
    return tuple(_recorded(source, recorded[source.id]) for source in sources if source.id in recorded)


def _recorded(source: Source, recorded: RecordedSource) -> Source:
    addresses = {each.part: each for each in recorded.recordings}
    return _with(source, tuple(addresses), addresses, recorded.margin_m)


def _with(
    source: Source, parts: tuple[str, ...], recordings: Mapping[str, Recording], margin_m: int | None
) -> Source:
    kept = tuple(
        _request(request, parts, recordings.get(request.part))
        for request in source.manifest.requests
        if request.part in parts
    )
    margin = source.manifest.margin_m if margin_m is None else margin_m
    return replace(source, manifest=replace(source.manifest, requests=kept, margin_m=margin, generic=False))


def _request(request: Request, parts: tuple[str, ...], recording: Recording | None) -> Request:
    url = recording.url if recording is not None and recording.url else request.url
    needs = tuple(each for each in request.needs if each in parts)
    return replace(request, url=url, needs=needs, secret=None)
